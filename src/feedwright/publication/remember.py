"""What a publication leaves to the next one: the record of what its feeds show.

An entry stays in the record while a feed shows it; and, while its file exists, when its file is held back
or when its id is another than would be derived for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwright.feeds import ids as identity
from feedwright.publication.record import EntryRecord, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from feedwright.bodies.content import Content
    from feedwright.model import ArticleSummary, Entry, Feed


def remember(
    feeds: Sequence[Feed],
    *,
    ids: Mapping[str, str],
    made: Mapping[str, Content],
    articles: Iterable[ArticleSummary],
    files: Iterable[str],
    slugs: Mapping[str, str],
    authority: str,
    previous: Record | None,
) -> Record:
    """Return the new record, but for its documents.

    `ids` and `made` are by path; `articles` are all that are due, `files` all paths; `slugs` is what to
    remember of addresses.
    """
    sources = {own: path for path, own in ids.items()}
    shown = {sources[e.id]: e for feed in feeds for e in feed.entries}
    entries = {path: _entry(path, e, made[path]) for path, e in shown.items()}
    if previous:
        old = previous.entries
        plain = {a.path for a in articles if a.path in old and _is_plain(a, ids, made, authority)}
        there = set(files) - plain
        entries = {**{path: e for path, e in old.items() if path in there}, **entries}
    feed_ids = {**(previous.feeds if previous else {}), **{feed.path: feed.id for feed in feeds}}
    return Record(authority=authority, feeds=feed_ids, slugs=slugs, entries=entries)


def _entry(path: str, entry: Entry, made: Content) -> EntryRecord:
    return EntryRecord(
        id=entry.id,
        source=path,
        published=entry.published.isoformat(),
        updated=entry.updated.isoformat(),
        title=entry.title,
        link=entry.link,
        fingerprint=made.fingerprint,
    )


def _is_plain(
    article: ArticleSummary, ids: Mapping[str, str], made: Mapping[str, Content], authority: str
) -> bool:
    """Tell whether an article has no need of the record: it isn't held, and its file alone tells its id."""
    own = ids.get(article.path)
    if own is None or (article.path in made and made[article.path].article is None):
        return False
    return own in (article.guid, identity.derived_id(article, authority))
