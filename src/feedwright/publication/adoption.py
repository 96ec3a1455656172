"""Entries of a feed that something else published and the articles that they are, so that their ids stay.

By link first, then by title and moment, then by title and day. One entry goes to one article; where more
than one could be meant, none is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import unquote, urlsplit

from feedwright import text, urls
from feedwright.model import ArticleSummary
from feedwright.publication.foreign_feeds import ForeignEntry, without_markup
from feedwright.publication.matching import groups

_DASHES = re.compile("[-\u2010-\u2015]+")
# What jekyll-feed (smartify) and WordPress (wptexturize) make of what the file says.
_TYPESET = str.maketrans({"‘": "'", "’": "'", "′": "'", "“": '"', "”": '"', "″": '"', "…": "..."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Article's path and its entry, sorted by path; entries left over, each with a reason.

    `alone` counts the articles that no entry could be.
    """

    matched: tuple[tuple[str, ForeignEntry], ...]
    unmatched: tuple[tuple[ForeignEntry, str], ...]
    alone: int


def match(entries: Iterable[ForeignEntry], articles: Iterable[ArticleSummary]) -> Adoption:
    """Return which entry is which article.

    `entries` may come from several feeds: one that is in many of them counts once. Links are compared
    without scheme (http, https), case of the host, percent-encoding, fragment, and a slash or index.html at
    the end. Titles are compared in NFC, with spaces folded, without markup, quotes and dashes plain; days
    are those of UTC, an entry's is that of its update where it names no other.
    """
    given, articles = list(entries), list(articles)
    usable, reasons = _sift(given)
    matched: dict[str, ForeignEntry] = {}
    alone = len(articles)
    for name, candidates, targets in groups((given[n] for n in usable.values()), articles, _STAGES):
        alone -= len(targets)
        for entry in candidates:
            reasons[usable[entry.id]] = reason = _reason(name, entry, candidates, targets)
            if not reason:
                matched[targets[0].path] = entry
    for number in usable.values():
        reasons.setdefault(number, "no article has its link, nor its title on the same day")
    return Adoption(
        matched=tuple(sorted(matched.items())),
        unmatched=tuple((given[number], reason) for number, reason in sorted(reasons.items()) if reason),
        alone=alone,
    )


def _sift(entries: Sequence[ForeignEntry]) -> tuple[dict[str, int], dict[int, str]]:
    """Numbers of the entries with ids that Atom can carry (RFC 4287 §4.2.6), and why others are left out."""
    usable: dict[str, int] = {}
    reasons: dict[int, str] = {}
    first: dict[str, ForeignEntry] = {}
    for number, entry in enumerate(entries):
        same = first.setdefault(entry.id, entry)
        if not entry.id:
            reasons[number] = "it has neither id nor link"
        elif same is not entry:
            if not _is_same(same, entry):
                reasons[number] = f"another entry has its id: {text.visible(same.title)}"
        elif not urls.is_absolute_iri(entry.id):
            reasons[number] = f"its id is not an absolute IRI: {text.visible(entry.id)}"
        else:
            usable[entry.id] = number
    return usable, reasons


def _is_same(one: ForeignEntry, other: ForeignEntry) -> bool:
    link = _address(one.link)
    return (link is not None and link == _address(other.link)) or _title(one.title) == _title(other.title)


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
    path = unicodedata.normalize("NFC", _decoded(parts.path))
    path = path.removesuffix("index.html") if path.endswith("/index.html") else path
    return parts.netloc, path.rstrip("/"), _decoded(parts.query)


def _decoded(part: str) -> str:
    return unquote(part, errors="surrogateescape")  # what is not UTF-8 stays what it is


def _titled(title: str, when: Hashable) -> tuple[str, Hashable] | None:
    title = _title(title)
    return (title, when) if title and when else None


def _title(title: str) -> str:
    """The title without what generators add or take: markup, typesetting, spaces."""
    plain = without_markup(title).translate(_TYPESET)
    return text.fold_space(unicodedata.normalize("NFC", _DASHES.sub("-", plain)))


def _by_link(item: ForeignEntry | ArticleSummary) -> Hashable:
    return _address(item.link)


def _by_moment(item: ForeignEntry | ArticleSummary) -> Hashable:
    return _titled(item.title, item.published or item.updated)


def _by_day(item: ForeignEntry | ArticleSummary) -> Hashable:
    moment = item.published or item.updated
    return _titled(item.title, moment and moment.astimezone(UTC).date())


_STAGES = (
    ("link", _by_link, _by_link),
    ("title and date", _by_moment, _by_moment),
    ("title and day", _by_day, _by_day),
)
