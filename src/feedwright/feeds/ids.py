"""Permanent ids of entries and feeds: no edit, rename or move of the site changes them.

Rule 1: the `guid` that the front matter gives; Rule 2: the id it was published with; Rule 3: a tag URI
(RFC 4151) of the site's pinned authority, the UTC date of publication and the path. One article has one id
in every feed; of two articles with one id or one permalink the one that only claims it is held.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import UTC
from urllib.parse import quote, unquote, urlsplit

from feedwright.model import ArticleSummary, EntryRecord
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem
from feedwright.text import nfc

_PLAIN = lazy_pattern(r"[A-Za-z0-9_./-]*")


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
    articles: Iterable[ArticleSummary],
    *,
    authority: str,
    recorded: Mapping[str, EntryRecord],
    files: Iterable[str] = (),
) -> tuple[dict[str, str], list[Problem]]:
    """Return the id of every article by its path, and a problem for each that must be held.

    `articles` come in path order; `recorded` holds, by path, what was published before, also of files that
    are not published now; `files` are the paths of all. A path is the same in NFC and NFD, since a checkout
    may turn one into the other. An id and an address belong to the article that was published with it; then
    to the one that has it of itself, by its path; then to the first that claims it in its front matter.
    """
    articles = list(articles)
    known = {nfc(path): entry for path, entry in recorded.items()}
    ids = {article.path: _own_id(article, known, authority) for article in articles}
    owners = {entry.id: path for path, entry in known.items()}
    twins = _contested(articles, [*ids.values()], lambda article: _id_rank(article, known))
    claims = [article for article in articles if article.guid and article.path not in twins]
    if claims:
        present = dict.fromkeys(map(nfc, files))
        for article in claims:
            owner = _owner(article, owners, present, authority)
            if owner and owner != nfc(article.path):
                twins[article.path] = owner
    problems = [
        _duplicate(article, twins[article.path], "PUB002", "id", ids.pop(article.path), "guid")
        for article in articles
        if article.path in twins
    ]
    left = [article for article in articles if article.path in ids]
    twins = _contested(left, [article.link for article in left], lambda article: _link_rank(article, known))
    for article in left if twins else ():
        if twin := twins.get(article.path):
            problems.append(_duplicate(article, twin, "PUB003", "address", article.link, "permalink"))
            del ids[article.path]
    return ids, problems


def _own_id(article: ArticleSummary, known: Mapping[str, EntryRecord], authority: str) -> str:
    if article.guid:
        return article.guid
    entry = known.get(nfc(article.path))
    return entry.id if entry else derived_id(article, authority)


def _contested(
    articles: Sequence[ArticleSummary], names: Sequence[str], rank: Callable[[ArticleSummary], int]
) -> dict[str, str]:
    """The articles whose name belongs to another, by path, each with that other's path."""
    if len(set(names)) == len(names):
        return {}
    first: dict[str, ArticleSummary] = {}
    rivals: dict[str, list[ArticleSummary]] = {}
    for article, name in zip(articles, names, strict=True):
        if (other := first.setdefault(name, article)) is not article:
            rivals.setdefault(name, [other]).append(article)
    twins: dict[str, str] = {}
    for group in rivals.values():
        owner = min(group, key=rank)
        twins |= {article.path: owner.path for article in group if article is not owner}
    return twins


def _id_rank(article: ArticleSummary, known: Mapping[str, EntryRecord]) -> int:
    """The rank of an article's right to its id: 0 is the best."""
    entry = known.get(nfc(article.path))
    if entry and article.guid in (None, entry.id):
        return 0
    return 1 if not article.guid else 2 if entry else 3


def _link_rank(article: ArticleSummary, known: Mapping[str, EntryRecord]) -> int:
    """The rank of an article's right to its address: 0 is the best."""
    entry = known.get(nfc(article.path))
    if entry and article.link == entry.link:
        return 0
    return (3 if article.written_link else 1) + (entry is None)


def _owner(article: ArticleSummary, owners: Mapping[str, str], files: Container[str], authority: str) -> str:
    """The path of the file that an article's `guid` belongs to, "" if it is free to take."""
    guid = article.guid or ""
    if guid in owners:
        return owners[guid]
    if not guid.startswith(f"tag:{authority},"):
        return ""
    named = nfc(unquote(guid.split(":", 2)[-1]))
    return named if named in files else ""


def _duplicate(article: ArticleSummary, twin: str, code: str, noun: str, value: str, field: str) -> Problem:
    message = f"the same {noun} as {twin}: {value}"
    hint = f"remove one of the two files, or give this one a {field} of its own"
    return Problem.error(code, message, article.path, field=field, hint=hint)
