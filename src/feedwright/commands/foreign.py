"""Feeds of other programs: what is in them, and what readers have of it where a plan has other feeds."""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from feedwright.model import PublishedEntry, PublishedFeed, replace
from feedwright.publication import adoption, foreign_feeds
from feedwright.publication.foreign_feeds import ForeignEntry

WEB = ("http://", "https://")


def named(feed: str, start: str) -> Sequence[str]:
    """Return the files that a pattern such as `feeds/**/atom.xml` names; what is none stands for itself."""
    if feed.startswith(WEB) or not glob.has_magic(feed) or os.path.lexists(os.path.join(start, feed)):
        return [feed]
    return sorted(glob.glob(feed, root_dir=start, recursive=True)) or [feed]


def entries_of(feed: str, start: str) -> Sequence[ForeignEntry]:
    """Return the entries of a feed, named by file or address, or of all feeds that the page there names.

    Raises as `foreign_feeds` and `fetch` do.
    """
    if not feed.startswith(WEB):
        return foreign_feeds.read(Path(start) / feed, name=feed)
    from feedwright.publication import fetch

    page = fetch.fetch(feed)
    entries = entries_in(page, name=feed)
    return foreign_feeds.read(page, name=feed) if entries is None else entries


def entries_in(data: bytes, *, name: str) -> Sequence[ForeignEntry] | None:
    """Return the entries of a feed, or of all feeds that a page with that address names; None for neither.

    Raises as `foreign_feeds` and `fetch` do.
    """
    entries = foreign_feeds.read_bytes(data, name=name)
    if entries is not None or not name.startswith(WEB):
        return entries
    from feedwright.publication import fetch, site_feeds

    download = fetch.Download()
    found = [(address, download.find(address)) for address in site_feeds.find_feeds(data, name)]
    feeds = [foreign_feeds.read(data, name=address) for address, data in found if data is not None]
    return [entry for entries in feeds for entry in entries] if feeds else None


def as_published(
    entries: Sequence[ForeignEntry], articles: Mapping[str, PublishedEntry], feed: PublishedFeed
) -> PublishedFeed:
    """Return the feed that has these entries where `feed` is planned, in what can be compared.

    `articles` are planned entries by the id of the foreign one that is the same article: only id and address
    may differ.
    """
    return replace(feed, entries=tuple(_published(entry, articles.get(entry.id), feed) for entry in entries))


def _published(entry: ForeignEntry, planned: PublishedEntry | None, feed: PublishedFeed) -> PublishedEntry:
    if planned is not None:
        is_same = adoption.is_same_address(entry.link, planned.link)
        return replace(planned, id=entry.id, link=planned.link if is_same else entry.link)
    return PublishedEntry(
        id=entry.id,
        title=entry.title,
        link=entry.link,
        published=entry.published or entry.updated or feed.updated,
        updated=entry.updated,
        authors=(),
        categories=(),
        summary="",
        content=None,
    )
