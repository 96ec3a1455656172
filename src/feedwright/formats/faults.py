"""Documents are judged before they are published; what keeps one from being valid is found."""

from __future__ import annotations

from typing import Any

from feedwright.formats.layout import Target
from feedwright.formats.table import FORMATS
from feedwright.model import Feed, replace
from feedwright.patterns import lazy_pattern

_ENTRY = lazy_pattern(r"\A(?:entry|item) \d+: ")
NOT_THE_FEEDS = (MemoryError, ImportError, OSError)
"""What no entry or feed is to blame for."""


def judged(target: Target) -> tuple[bytes, Any]:
    """Return the document of a target, and what was read back; raises ValueError where it is refused."""
    format_ = FORMATS[target.format]
    data = format_.render(target.feed, target.index)
    return data, format_.read(data)


def plain(feed: Feed) -> Feed:
    """Return a feed without all that is its own: what all feeds of the site share is left, and no entry."""
    return replace(feed, title="-", description="-", path="", url=feed.link, entries=())


def of_entries(target: Target) -> dict[str, str]:
    """Return why no plain feed can hold an entry of the target's, by the entry's id; "" where one can."""
    own = (plain(target.feed),) if target.index.feeds else ()
    alone = ((entry.id, replace(plain(target.feed), entries=(entry,))) for entry in target.feed.entries)
    return {entry_id: _fault(target, feed, own) for entry_id, feed in alone}


def of_feeds(target: Target, error: Exception) -> dict[str, str]:
    """Return why there can be no document of the target's feed, or of those it lists, by the feed's id.

    No entry is to blame. Raises RuntimeError where no listed feed is either.
    """
    feed, index = target.feed, target.index
    if not index.feeds:
        return {feed.id: reason(error)}
    first = replace(plain(feed), entries=feed.entries[:1])
    faults = {f.id: _fault(target, first, (plain(feed), f)) for f in index.feeds[1:]}
    if not any(faults.values()):
        message = f"{target.path} is not a valid {target.format} document: {error}"
        raise RuntimeError(message) from error
    return faults


def _fault(target: Target, feed: Feed, listed: tuple[Feed, ...]) -> str:
    """Why the document would be faulty with that feed and those listed, "" where it would not."""
    try:
        judged(replace(target, feed=feed, index=replace(target.index, feeds=listed)))
    except NOT_THE_FEEDS:
        raise
    except Exception as error:
        return reason(error)
    return ""


def reason(error: Exception) -> str:
    """Return what was wrong, for a message about the entry or the feed."""
    if isinstance(error, ValueError) and str(error):
        return _ENTRY.sub("", str(error), count=1)
    return f"feedwright failed at it ({type(error).__name__})"
