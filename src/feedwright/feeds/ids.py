"""Who an entry and a feed are, for good: ids that no edit, rename or move of the site changes.

Rule 1: the `guid` that the front matter gives; Rule 2: the id it was published with; Rule 3: a tag URI
(RFC 4151) of the site's pinned authority, the UTC date of publication and the path. One article has one id
in every feed; of two articles with one id or one permalink the later, by path, is held.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC
from urllib.parse import quote, urlsplit

from feedwright.model import ArticleSummary, EntryRecord
from feedwright.problems import Problem

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
        path = quote(_nfc(path), safe="/!$'()*+,;:@")
    return f"tag:{authority},{day}:{path}"


def _nfc(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def feed_id(authority: str, path: str) -> str:
    """Return the id of the feed in the folder `path`: a name-based UUID (RFC 4122 §4.3)."""
    from uuid import NAMESPACE_URL, uuid5

    return uuid5(NAMESPACE_URL, f"tag:{authority}:feeds/{path}").urn


def identify(
    articles: Iterable[ArticleSummary], *, authority: str, recorded: Mapping[str, EntryRecord]
) -> tuple[dict[str, str], list[Problem]]:
    """Return the id of every article by its path, and a problem for each that must be held.

    `articles` come in path order; `recorded` holds, by path, what was published before. A path is
    the same in NFC and NFD, since a checkout may turn one into the other. Who was published with an id or an
    address keeps it; then who was published at all comes before who is new, then the earlier path.
    """
    known = {_nfc(path): entry for path, entry in recorded.items()}
    named = [(article, _own_id(article, known, authority)) for article in articles]
    if known:
        named.sort(key=lambda pair: _claim(pair[0], pair[1], known))
    ids: dict[str, str] = {}
    owners: dict[str, str] = {}
    pages: dict[str, str] = {}
    problems: list[Problem] = []
    for article, own in named:
        path = article.path
        twin = owners.setdefault(own, path)
        if twin != path:
            problems.append(_duplicate(article, twin, "PUB002", f"the same id as {twin}: {own}", "guid"))
            continue
        neighbour = pages.setdefault(article.link, path)
        if neighbour != path:
            message = f"the same address as {neighbour}: {article.link}"
            problems.append(_duplicate(article, neighbour, "PUB003", message, "permalink"))
            continue
        ids[path] = own
    return ids, problems


def _own_id(article: ArticleSummary, known: Mapping[str, EntryRecord], authority: str) -> str:
    if article.guid:
        return article.guid
    entry = known.get(_nfc(article.path))
    return entry.id if entry else derived_id(article, authority)


def _claim(article: ArticleSummary, own: str, known: Mapping[str, EntryRecord]) -> int:
    """How much an article has to say for having its id and address: 0 is the most."""
    entry = known.get(_nfc(article.path))
    if entry is None:
        return 3
    return (entry.id != own) + (entry.link != article.link)


def _duplicate(article: ArticleSummary, other: str, code: str, message: str, field: str) -> Problem:
    hint = f"remove one of the two files, or give this one a {field} of its own"
    return Problem.error(code, message, article.path, field=field, hint=hint)
