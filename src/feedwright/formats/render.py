"""Feeds become documents; only what can be read back is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from msgspec import Struct, field

from feedwright.formats.layout import Target
from feedwright.formats.table import FORMATS
from feedwright.model import Document, Feed, replace
from feedwright.patterns import lazy_pattern
from feedwright.workers import Map, serial

_ENTRY = lazy_pattern(r"\A(?:entry|item) \d+: ")
_NOT_THE_FEEDS = (MemoryError, ImportError, OSError)
"""What no entry or feed is to blame for."""


class Rendered(Struct, frozen=True, kw_only=True):
    """The documents of all feeds.

    `current` are the hashes, by path, of published documents that would come out the same. `refused` says,
    by id, why no document can carry an entry, `refused_feeds` why there can be no document of a feed, or none
    that lists it.
    """

    documents: list[Document] = field(default_factory=list)
    current: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    refused_feeds: dict[str, str] = field(default_factory=dict)


def render(
    targets: Iterable[Target],
    *,
    is_current: Callable[[Target], str | None] = lambda target: None,
    with_content: Callable[[Feed], Feed] = lambda feed: feed,
    spread: Map = serial,
    spool: Callable[[Document], Document] = lambda document: document,
) -> Rendered:
    """Render the document of every target, and judge it.

    `is_current` returns the hash of a published document that would come out the same; `with_content` gives
    a feed's entries their content; `spool` puts a document where it takes no memory. Raises RuntimeError
    where a document of the site's own feed is faulty, though of no entry or listed feed alone.
    """
    rendered = Rendered()
    missing = []
    for target in targets:
        if document_hash := is_current(target):
            rendered.current[target.path] = document_hash
        else:
            missing.append(target)
    by_feed = groupby(missing, key=lambda target: (target.feed.id, target.feed.path))
    groups = [list(group) for _, group in by_feed]
    for part in spread(_render_group, _LazyGroups(groups, with_content)):
        rendered.documents.extend(map(spool, part.documents))
        rendered.refused.update(part.refused)
        rendered.refused_feeds.update(part.refused_feeds)
    return rendered


@dataclass(frozen=True, slots=True)
class _LazyGroups(Sequence["list[Target]"]):
    """The targets of each feed, whose content is looked up on access: all of it would fill the memory."""

    groups: Sequence[list[Target]]
    with_content: Callable[[Feed], Feed]

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[index] for index in range(len(self))[at]]
        group = self.groups[at]
        if not any(FORMATS[target.format].shows_content for target in group):
            return group
        feed = self.with_content(group[0].feed)
        return [replace(target, feed=feed) for target in group]


def _render_group(targets: Sequence[Target]) -> Rendered:
    """The documents of one feed, and what they cannot carry."""
    rendered = Rendered()
    for target in targets:
        try:
            rendered.documents.append(_document(target))
        except _NOT_THE_FEEDS:
            raise
        except Exception as error:  # one entry or one category never takes the other feeds with it
            _blame(target, error, rendered)
    return rendered


def _document(target: Target) -> Document:
    """The document of a target; raises ValueError where its format's `read` refuses it."""
    format_ = FORMATS[target.format]
    data = format_.render(target.feed, target.index)
    format_.read(data)
    return Document(path=target.path, data=data)


def _blame(target: Target, error: Exception, rendered: Rendered) -> None:
    """Add what is to blame: the entries that no plain feed can hold, else the feed, or those it lists."""
    feed, index = target.feed, target.index
    plain = replace(feed, title="-", description="-", path="", url=feed.link, entries=())
    own = (plain,) if index.feeds else ()
    faults = {e.id: _fault(target, replace(plain, entries=(e,)), own) for e in feed.entries}
    if any(faults.values()):
        rendered.refused.update((entry_id, fault) for entry_id, fault in faults.items() if fault)
        return
    first = replace(plain, entries=feed.entries[:1])
    faults = {f.id: _fault(target, first, (plain, f)) for f in index.feeds[1:]}
    if not index.feeds:
        faults = {feed.id: _reason(error)}
    elif not any(faults.values()):
        message = f"{target.path} is not a valid {target.format} document: {error}"
        raise RuntimeError(message) from error
    rendered.refused_feeds.update((feed_id, fault) for feed_id, fault in faults.items() if fault)


def _fault(target: Target, feed: Feed, listed: tuple[Feed, ...]) -> str:
    """Why the document would be faulty with that feed and those listed, "" where it would not."""
    try:
        _document(replace(target, feed=feed, index=replace(target.index, feeds=listed)))
    except _NOT_THE_FEEDS:
        raise
    except Exception as error:
        return _reason(error)
    return ""


def _reason(error: Exception) -> str:
    if isinstance(error, ValueError) and str(error):
        return _ENTRY.sub("", str(error), count=1)
    return f"feedwright failed at it ({type(error).__name__})"
