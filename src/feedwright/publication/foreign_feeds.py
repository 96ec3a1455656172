"""Feeds that something else published, as far as their subscribers know them; door to feedparser.

RSS 0.9x, 1.0 and 2.0 and Atom, well-formed or not: readers have shown what is in them, and go by its ids.
What feedwright published is one of them too: an id that its Atom documents hold in an IRI is that id again.
feedparser takes minutes and gigabytes for some small files, so it runs where it can be stopped.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from feedwright import disk, text, workers
from feedwright.formats.wire import read_atom_id
from feedwright.model import replace
from feedwright.problems import MachineError, UsageError

if TYPE_CHECKING:
    from time import struct_time

_LARGEST = 64 * 1024 * 1024
_SECONDS, _SECONDS_PER_MIB = 7.0, 1.5  # many times what feeds take
_MEMORY = 400 * 1024 * 1024
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class ForeignEntry(Struct, frozen=True, kw_only=True):
    """One entry: its id, "" where it has none that readers could go by; dates are aware, in UTC.

    `feed` is the name of the feed that it comes from.
    """

    id: str
    link: str
    title: str
    published: datetime | None = None
    updated: datetime | None = None
    feed: str = ""


def read(source: Path | bytes, *, name: str = "the feed") -> tuple[ForeignEntry, ...]:
    """Return the entries of a feed, in its order, from its file or its bytes; `name` is for messages.

    An item without guid goes by its link, as in readers; a guid that is a permalink is the link where there
    is none (RSS 2.0, guid). Raises `UsageError` FEED001 for what is not a feed or takes more time or memory
    than a feed of that size, `MachineError` FS021 or FS022 if the file cannot be read.
    """
    try:
        data = disk.read_bytes(source, largest=_LARGEST) if isinstance(source, Path) else source
    except OSError as error:
        code = "FS021" if isinstance(error, PermissionError) else "FS022"
        message = f"The feed {source!s} cannot be read: {error.strerror}."
        raise MachineError(message, code=code, hint="Check its name and rights.", file=str(source)) from error
    entries = read_bytes(data, name=name)
    if entries is None:
        message = f"{text.visible(name)} is neither RSS nor Atom."
        raise UsageError(message, code="FEED001", hint="Give the feed itself, or the address of the site.")
    return entries


def read_bytes(data: bytes, *, name: str) -> tuple[ForeignEntry, ...] | None:
    """Return what `read` does, None for what is no feed."""
    seconds = _SECONDS + _SECONDS_PER_MIB * len(data) / 2**20
    found = workers.watched(parse, data, seconds=seconds, memory=_MEMORY, preload=["feedparser"])
    if isinstance(found, workers.Lost):
        message = f"{text.visible(name)} takes {found.excess} to read."
        hint = "Look at what is in it; a feed of its newest entries may do."
        raise UsageError(message, code="FEED001", hint=hint)
    return None if found is None else tuple(replace(entry, feed=name) for entry in found)


def parse(data: bytes) -> tuple[ForeignEntry, ...] | None:
    """Return what `read` does, None for what is no feed, in this process, however much it takes."""
    import feedparser

    try:
        # As a stream, since text that looks like an address or a path would be opened. Bodies are not read,
        # so their HTML and addresses are left alone; and cleaning would take from titles what they are
        # compared by.
        feed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
        if not feed.get("version") and not feed.entries:
            return None
        return tuple(_entry(entry) for entry in feed.entries)
    except MemoryError:
        raise
    except Exception:  # it has many for what is malformed
        return None


def without_markup(html: str) -> str:
    """Return the text of a title that is HTML."""
    return unescape(_TAG.sub("", html))


def _entry(entry: dict[str, Any]) -> ForeignEntry:
    link, title = entry.get("link", ""), entry.get("title", "")
    if entry.get("title_detail", {}).get("type", "text/plain") != "text/plain":
        title = without_markup(title)
    return ForeignEntry(
        id=read_atom_id(entry.get("id", "") or link),
        link=link,
        title=text.fold_space(title),
        published=_moment(entry, "published_parsed"),
        updated=_moment(entry, "updated_parsed"),
    )


def _moment(entry: dict[str, Any], name: str) -> datetime | None:
    # By the class's own `get`, feedparser gives `published` for `updated`.
    moment: struct_time | None = dict.get(entry, name)
    try:
        return datetime(*moment[:6], tzinfo=UTC) if moment else None
    except ValueError:  # the year 10000, after a leap second at the end of the last one
        return None
