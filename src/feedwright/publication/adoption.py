"""Which entry of a feed that something else published is which article, so that its id can be kept.

By link first, then by title and moment, then by title and day. One entry goes to one article; where more
than one could be meant, none is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from feedwright import text, urls

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from feedwright.model import ArticleSummary
    from feedwright.publication.foreign_feeds import ForeignEntry

_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+')
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_DASHES = re.compile("[-\u2010-\u2015]+")
# What jekyll-feed (smartify) and WordPress (wptexturize) make of what the file says.
_TYPESET = str.maketrans({"‘": "'", "’": "'", "′": "'", "“": '"', "”": '"', "″": '"', "…": "..."})
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What belongs together: article's path and entry, sorted by path; entries left over, each with a reason.

    `alone` counts the articles that no entry could be.
    """

    matched: tuple[tuple[str, ForeignEntry], ...]
    unmatched: tuple[tuple[ForeignEntry, str], ...]
    alone: int


@dataclass(slots=True, kw_only=True)
class _Work:
    """What is still open, in the order it came, and what is settled; reasons are by the entry's place."""

    entries: dict[int, ForeignEntry]
    articles: dict[str, ArticleSummary]
    matched: list[tuple[str, ForeignEntry]] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)


def match(entries: Iterable[ForeignEntry], articles: Iterable[ArticleSummary]) -> Adoption:
    """Return which entry is which article.

    `entries` may come from several feeds: one that is in many of them counts once. Links are compared
    without scheme (http, https), case of the host, percent-encoding, fragment, and a slash or index.html at
    the end. Titles are compared in NFC, with spaces folded, without markup, quotes and dashes plain; days
    are those of UTC, an entry's is that of its update where it names no other.
    """
    given = list(entries)
    work = _Work(entries=dict(enumerate(given)), articles={article.path: article for article in articles})
    _sift(work)
    for what, entry_key, article_key in _WAYS:
        _pair(work, what, entry_key, article_key)
    for place in work.entries:
        work.reasons[place] = "no article has its link, nor its title on the same day"
    return Adoption(
        matched=tuple(sorted(work.matched, key=lambda pair: pair[0])),
        unmatched=tuple((given[place], reason) for place, reason in sorted(work.reasons.items())),
        alone=len(work.articles),
    )


def _sift(work: _Work) -> None:
    """Leave each id once, and only those that Atom can carry (RFC 4287 §4.2.6)."""
    first: dict[str, ForeignEntry] = {}
    for place, entry in list(work.entries.items()):
        twin = first.setdefault(entry.id, entry)
        if not entry.id:
            work.reasons[place] = "it has neither id nor link"
        elif twin is not entry:
            if not _is_same(twin, entry):
                work.reasons[place] = f"another entry has its id: {text.visible(twin.title)}"
        elif not _is_iri(entry.id):
            work.reasons[place] = f"its id is not an absolute IRI: {text.visible(entry.id)}"
        else:
            continue
        del work.entries[place]


def _is_iri(own: str) -> bool:
    if not _IRI.fullmatch(own) or not own.isprintable():
        return False
    try:
        parts = urlsplit(own)
    except ValueError:
        return False
    return bool(parts.netloc) or parts.scheme not in ("http", "https")


def _is_same(one: ForeignEntry, other: ForeignEntry) -> bool:
    link = _address(one.link)
    return (link is not None and link == _address(other.link)) or _title(one.title) == _title(other.title)


def _pair(
    work: _Work,
    what: str,
    entry_key: Callable[[ForeignEntry], Hashable],
    article_key: Callable[[ArticleSummary], Hashable],
) -> None:
    """Settle what shares a key: one entry and one article belong together, more cannot be told apart."""
    there: dict[Hashable, list[ArticleSummary]] = defaultdict(list)
    for article in work.articles.values():
        there[article_key(article)].append(article)
    meeting: dict[Hashable, list[int]] = defaultdict(list)
    for place, entry in work.entries.items():
        key = entry_key(entry)
        if key is not None and key in there:
            meeting[key].append(place)
    for key, places in meeting.items():
        if len(places) == len(there[key]) == 1:
            _settle(work, places[0], there[key][0])
        else:
            _leave(work, what, places, there[key])


def _settle(work: _Work, place: int, article: ArticleSummary) -> None:
    entry = work.entries.pop(place)
    del work.articles[article.path]
    if article.guid and article.guid != entry.id:
        work.reasons[place] = f"{text.visible(article.path)} has a guid of its own: {article.guid}"
    else:
        work.matched.append((article.path, entry))


def _leave(work: _Work, what: str, places: Sequence[int], articles: Sequence[ArticleSummary]) -> None:
    ids = [work.entries[place].id for place in places]
    for place in places:
        others = [own for own in ids if own != work.entries[place].id]
        del work.entries[place]
        if len(articles) > 1:
            paths = [article.path for article in articles]
            work.reasons[place] = f"{len(paths)} articles have its {what}: {_some(paths)}"
        else:
            work.reasons[place] = f"another entry has its {what}, too: {_some(others)}"
    for article in articles:
        del work.articles[article.path]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(text.visible(name) for name in names[:_SHOWN]) + more


# What is compared


def _entry_link(entry: ForeignEntry) -> Hashable:
    return _address(entry.link)


def _article_link(article: ArticleSummary) -> Hashable:
    return _address(article.link)


def _address(link: str) -> tuple[str, str, str] | None:
    url = urls.web(link, link)
    if url is None:
        return None
    parts = urlsplit(url)
    path = unicodedata.normalize("NFC", _decoded(parts.path))
    path = path.removesuffix("index.html") if path.endswith("/index.html") else path
    return parts.netloc, path.rstrip("/"), _decoded(parts.query)


def _decoded(part: str) -> str:
    return unquote(part, errors="surrogateescape")  # what is no UTF-8 stays what it is


def _entry_moment(entry: ForeignEntry) -> Hashable:
    return _titled(entry.title, entry.published or entry.updated)


def _article_moment(article: ArticleSummary) -> Hashable:
    return _titled(article.title, article.published)


def _entry_day(entry: ForeignEntry) -> Hashable:
    moment = entry.published or entry.updated
    return _titled(entry.title, moment and moment.astimezone(UTC).date())


def _article_day(article: ArticleSummary) -> Hashable:
    return _titled(article.title, article.published.astimezone(UTC).date())


def _titled(title: str, when: Hashable) -> tuple[str, Hashable] | None:
    title = _title(title)
    return (title, when) if title and when else None


def _title(title: str) -> str:
    """The title without what generators add or take: markup, typesetting, spaces."""
    plain = unescape(_TAG.sub("", title)).translate(_TYPESET)
    return text.fold_space(unicodedata.normalize("NFC", _DASHES.sub("-", plain)))


_WAYS = (
    ("link", _entry_link, _article_link),
    ("title and date", _entry_moment, _article_moment),
    ("title and day", _entry_day, _article_day),
)
