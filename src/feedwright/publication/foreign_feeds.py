"""Feeds that something else published, as far as their subscribers know them; door to feedparser.

RSS 0.9x, 1.0 and 2.0 and Atom, well-formed or not: readers have shown what is in them, and go by its ids.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedwright import disk, text
from feedwright.problems import MachineError, UsageError

if TYPE_CHECKING:
    from time import struct_time

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignEntry:
    """One entry: its id, "" where it has none that readers could go by; dates are aware, in UTC."""

    id: str
    link: str
    title: str
    published: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFeed:
    """One feed: its own id (Atom only, else ""), its title and page, and its entries in its order."""

    id: str
    title: str
    link: str
    entries: tuple[ForeignEntry, ...]


def read(source: Path | bytes, *, name: str = "") -> ForeignFeed:
    """Return what a feed says, from its file or its bytes; `name` is what messages call it.

    An item without guid goes by its link, as in readers; a guid that is a permalink is the link where there
    is none (RSS 2.0, guid). Raises `UsageError` FEED001 for what is no feed, `MachineError` FS021 or FS022 if
    the file cannot be read.
    """
    name = name or (str(source) if isinstance(source, Path) else "the feed")
    found = _parse(_bytes(source) if isinstance(source, Path) else source)
    if not found.get("version") and not found.entries:
        message = f"{text.visible(name)} is neither RSS nor Atom."
        raise UsageError(message, code="FEED001", hint="Give the feed itself, not the page that links to it.")
    feed = found.feed
    return ForeignFeed(
        id=feed.get("id", ""),
        title=_title(feed),
        link=feed.get("link", ""),
        entries=tuple(_entry(entry) for entry in found.entries),
    )


def _bytes(path: Path) -> bytes:
    try:
        return disk.read_bytes(path)
    except OSError as error:
        code = "FS021" if isinstance(error, PermissionError) else "FS022"
        message = f"The feed {path} cannot be read: {error.strerror}."
        raise MachineError(message, code=code, hint="Check its name and rights.", file=str(path)) from error


def _parse(data: bytes) -> Any:
    """Parse without what costs most and is of no use here: bodies are not read, so neither their HTML is
    cleaned nor their addresses resolved; and cleaning would take from titles what they are compared by.
    """
    from io import BytesIO

    import feedparser

    # As a stream: text that looks like an address or a path would be opened.
    return feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)


def _entry(entry: dict[str, Any]) -> ForeignEntry:
    link = entry.get("link", "")
    return ForeignEntry(
        id=entry.get("id", "") or link,
        link=link,
        title=_title(entry),
        published=_moment(entry, "published_parsed"),
        updated=_moment(entry, "updated_parsed"),
    )


def _title(item: dict[str, Any]) -> str:
    """The title as a person sees it."""
    title: str = item.get("title", "")
    if item.get("title_detail", {}).get("type", "text/plain") != "text/plain":
        title = unescape(_TAG.sub("", title))
    return text.fold_space(title)


def _moment(entry: dict[str, Any], name: str) -> datetime | None:
    # By the class's own `get`, feedparser gives `published` for `updated`.
    found: struct_time | None = dict.get(entry, name)
    if found is None:
        return None
    try:
        return datetime(*found[:6], tzinfo=UTC)
    except ValueError:  # the year 10000, after a leap second at the end of the last one
        return None
