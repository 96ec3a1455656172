"""Entries of a feed that something else published and the articles that they are, so that their ids stay.

By link first, then by title and moment, then by title and day. One entry goes to one article; where more
than one could be meant, none is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from feedwright import text, urls
from feedwright.model import ArticleSummary
from feedwright.publication.foreign_feeds import ForeignEntry, without_markup
from feedwright.publication.matching import groups

_Item: TypeAlias = ForeignEntry | ArticleSummary

_NO_TITLES: Mapping[str, str] = {}
_DASHES = re.compile("[-\u2010-\u2015]+")
# What jekyll-feed (smartify) and WordPress (wptexturize) make of what the file says.
_TYPESET = str.maketrans({"‘": "'", "’": "'", "′": "'", "“": '"', "”": '"', "″": '"', "…": "..."})


class Adoption(Struct, frozen=True, kw_only=True):
    """Article's path and its entry, sorted by path; entries left over, each with a reason.

    `alone` counts the articles that no entry could be.
    """

    matched: tuple[tuple[str, ForeignEntry], ...]
    unmatched: tuple[tuple[ForeignEntry, str], ...]
    alone: int


def match_articles(
    entries: Iterable[ForeignEntry],
    articles: Iterable[ArticleSummary],
    held: Mapping[str, str] = _NO_TITLES,
    *,
    why: Mapping[str, str] = _NO_TITLES,
) -> Adoption:
    """Return which entry is which article.

    `entries` may come from several feeds: one that is in many of them counts once, and where they have
    different ids for an article, that of the first feed counts. `held` are the titles, by path, of files that
    are no articles before they are corrected, or that are left out for a reason, which is in `why`. Links are
    compared without scheme (http, https), case of the host, percent-encoding, fragment, and a slash or
    index.html at the end. Titles are compared in NFC, with spaces folded, without markup, quotes and dashes
    plain; days are those of UTC, an entry's is that of its update where it names no other.
    """
    entries, articles = list(entries), list(articles)
    first: dict[str, ForeignEntry] = {}
    faults = [_fault(entry, first.setdefault(entry.id, entry)) for entry in entries]
    feeds: dict[str, list[ForeignEntry]] = {entry.feed: [] for entry in entries}
    for entry, fault in zip(entries, faults, strict=True):
        if fault is None:
            feeds[entry.feed].append(entry)
    titles = {_title(title): path for path, title in held.items() if title}
    reasons: dict[str, str] = {}
    matched: dict[str, ForeignEntry] = {}
    met: set[str] = set()
    for usable in feeds.values():
        reasons |= {entry.id: _no_match(entry, titles, why) for entry in usable}
        for name, candidates, targets in groups(usable, articles, _STAGES):
            met.update(article.path for article in targets)
            for entry in candidates:
                reasons[entry.id] = reason = _reason(name, entry, candidates, targets)
                if not reason and (winner := matched.setdefault(targets[0].path, entry)) is not entry:
                    reasons[entry.id] = f"{text.visible(winner.feed)}, which is named first, has {winner.id}"
    outcomes = [
        (entry, reasons[entry.id] if fault is None else fault)
        for entry, fault in zip(entries, faults, strict=True)
    ]
    return Adoption(
        matched=tuple(sorted(matched.items())),
        unmatched=tuple((entry, reason) for entry, reason in outcomes if reason),
        alone=sum(article.path not in met for article in articles),
    )


def is_same_address(theirs: str, ours: str) -> bool:
    """Tell whether an entry leads to where its article is; True if it leads nowhere on the web."""
    return _address(theirs) in (None, _address(ours))


def _fault(entry: ForeignEntry, first: ForeignEntry) -> str | None:
    """Why an entry cannot be adopted, "" if it is `first` once more."""
    if not entry.id:
        return "it has neither id nor link"
    if first is not entry:
        link = _address(entry.link)
        is_linked = link is not None and link == _address(first.link)
        if is_linked or _title(entry.title) == _title(first.title):
            return ""
        return f"another entry has its id: {text.visible(first.title)}"
    if not urls.is_id(entry.id):
        return f"its id is run or shown, or is no line of plain text: {text.visible(entry.id)}"
    return None


def _no_match(entry: ForeignEntry, held: Mapping[str, str], why: Mapping[str, str]) -> str:
    path = held.get(_title(entry.title))
    if path is not None:
        return f"{text.visible(path)} has its title, and is {why.get(path, 'held')}"
    return "no article has its link, nor its title on the same day"


def _reason(
    name: str, entry: ForeignEntry, entries: Sequence[ForeignEntry], articles: Sequence[ArticleSummary]
) -> str:
    """Why an entry is none of the articles with its key, "" if it is the only one."""
    if len(articles) > 1:
        paths = [text.visible(article.path) for article in articles]
        return f"{len(paths)} articles have its {name}: {text.some(paths, most=3)}"
    if len(entries) > 1:
        others = [text.visible(other.id) for other in entries if other is not entry]
        return f"another entry has its {name}, too: {text.some(others, most=3)}"
    article = articles[0]
    if article.guid and article.guid != entry.id:
        return f"{text.visible(article.path)} has a guid of its own: {article.guid}"
    return ""


def _address(link: str) -> tuple[str, str, str] | None:
    url = urls.web(link, link)
    if url is None:
        return None
    parts = urlsplit(url)
    path = unicodedata.normalize("NFC", _decoded(parts.path)).removesuffix("/index.html")
    return parts.netloc, path.rstrip("/"), _decoded(parts.query)


def _decoded(part: str) -> str:
    return unquote(part, errors="surrogateescape")  # what is not UTF-8 stays what it is


def _title(title: str) -> str:
    """The title without what generators add or take: markup, typesetting, spaces."""
    plain = without_markup(title).translate(_TYPESET)
    return text.fold_space(unicodedata.normalize("NFC", _DASHES.sub("-", plain)))


def _by_link(item: _Item) -> Hashable:
    return _address(item.link)


def _by_moment(item: _Item) -> Hashable:
    title, moment = _title(item.title), item.published or item.updated
    return (title, moment) if title and moment else None


def _by_day(item: _Item) -> Hashable:
    title, moment = _title(item.title), item.published or item.updated
    return (title, moment.astimezone(UTC).date()) if title and moment else None


_STAGES = (("link", _by_link), ("title and date", _by_moment), ("title and day", _by_day))
