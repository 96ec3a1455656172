"""Permanent ids of entries and feeds: no edit, rename or move of the site changes them.

Rule 1: the `guid` that the front matter gives; Rule 2: the id it was published with; Rule 3: a tag URI
(RFC 4151) of the site's pinned authority, the UTC date of publication and the path. One article has one id
in every feed; of two articles with one id or one permalink the later, by path, is held.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from urllib.parse import quote, urlsplit

from feedwright.model import ArticleSummary, EntryRecord
from feedwright.problems import Problem
from feedwright.text import nfc

_PLAIN = re.compile(r"[A-Za-z0-9_./-]*")


def authority_of(url: str) -> str:
    """Return the host of the site's URL, as a tag URI names it (RFC 4151 §2.1: lower case, ASCII)."""
    host = urlsplit(url).hostname or ""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def derived_id(article: ArticleSummary, authority: str) -> str:
    """Return the tag URI of an article that no rule before gave an id."""
    day = article.published.astimezone(UTC).date().isoformat()
    path = article.path
    if not _PLAIN.fullmatch(path):
        path = quote(nfc(path), safe="/!$'()*+,;:@")
    return f"tag:{authority},{day}:{path}"


def feed_id(authority: str, path: str) -> str:
    """Return the id of the feed in the folder `path`: a name-based UUID (RFC 4122 §4.3)."""
    from uuid import NAMESPACE_URL, uuid5

    return uuid5(NAMESPACE_URL, f"tag:{authority}:feeds/{path}").urn


def identify(
    articles: Iterable[ArticleSummary], *, authority: str, recorded: Mapping[str, EntryRecord]
) -> tuple[dict[str, str], list[Problem]]:
    """Return the id of every article by its path, and a problem for each that must be held.

    `articles` come in path order; `recorded` holds, by path, what was published before. A path is
    the same in NFC and NFD, since a checkout may turn one into the other. An article that was published with
    an id or an address keeps it; then one that was published at all comes before a new one, then the earlier
    path.
    """
    known = {nfc(path): entry for path, entry in recorded.items()}
    named = [(article, _own_id(article, known, authority)) for article in articles]
    if known:
        named.sort(key=lambda pair: _claim(pair[0], pair[1], known))
    ids: dict[str, str] = {}
    by_id: dict[str, str] = {}
    by_link: dict[str, str] = {}
    problems = []
    for article, entry_id in named:
        path = article.path
        if (twin := by_id.setdefault(entry_id, path)) != path:
            problems.append(_duplicate(article, twin, "PUB002", "id", entry_id, "guid"))
        elif (twin := by_link.setdefault(article.link, path)) != path:
            problems.append(_duplicate(article, twin, "PUB003", "address", article.link, "permalink"))
        else:
            ids[path] = entry_id
    return ids, problems


def _own_id(article: ArticleSummary, known: Mapping[str, EntryRecord], authority: str) -> str:
    if article.guid:
        return article.guid
    entry = known.get(nfc(article.path))
    return entry.id if entry else derived_id(article, authority)


def _claim(article: ArticleSummary, own: str, known: Mapping[str, EntryRecord]) -> int:
    """The rank of an article's claim to its id and address: 0 is the strongest."""
    entry = known.get(nfc(article.path))
    return (entry.id != own) + (entry.link != article.link) if entry else 3


def _duplicate(article: ArticleSummary, twin: str, code: str, noun: str, value: str, field: str) -> Problem:
    message = f"the same {noun} as {twin}: {value}"
    hint = f"remove one of the two files, or give this one a {field} of its own"
    return Problem.error(code, message, article.path, field=field, hint=hint)
