"""Changes that subscribers would see: the feeds that are published compared with those that would be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

from feedwright.model import PublishedEntry, PublishedFeed
from feedwright.publication.matching import Stage, pairs

ENTRY_FIELDS = tuple(item.name for item in fields(PublishedEntry) if item.name != "id")
"""The fields that an updated entry may differ in, in this order."""

FEED_FIELDS = tuple(item.name for item in fields(PublishedFeed) if item.name not in ("updated", "entries"))
"""The same of a feed; its `updated` only follows its entries."""

EntryFate = Literal["new", "updated", "unread", "withdrawn", "fallen"]
FeedFate = Literal["changed", "appeared", "vanished", "moved"]
Clue = Literal["source", "link", "title and date"]

_Sources: TypeAlias = "tuple[Mapping[str, str], Mapping[str, str]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """What happens to one entry of one feed.

    `fate`: "new"; "updated", in its `fields`; "unread", the article that was there under the id `was`, told
    `by` a clue, and its `fields` that differ too; "withdrawn", gone; "fallen", pushed out of a full feed by
    newer entries. `position` counts from 1, in the new feed; of what is gone, in the old one.
    """

    fate: EntryFate
    id: str
    title: str
    link: str
    position: int
    fields: tuple[str, ...] = ()
    was: str | None = None
    by: Clue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChange:
    """What happens to one feed; `path` is where it is in the end, "" for the site's own.

    `fate`: "changed"; "appeared"; "vanished"; "moved", from the path `was`. `fields` are the feed's own that
    differ. `entries` are those of the new feed in its order, then those that are gone in theirs; `kept`
    counts the others, in which nothing changed. `reordered` is how many of the entries that stay left their
    place among them.
    """

    path: str
    fate: FeedFate
    title: str
    was: str | None = None
    fields: tuple[str, ...] = ()
    entries: tuple[EntryChange, ...] = ()
    kept: int = 0
    reordered: int = 0


def compare(
    before: Mapping[str, PublishedFeed],
    after: Mapping[str, PublishedFeed],
    *,
    sources_before: Mapping[str, str],
    sources_after: Mapping[str, str],
    limits: Mapping[str, int | None],
) -> tuple[FeedChange, ...]:
    """Return what subscribers would see if the feeds `after` took the place of those `before`, by feed path.

    Both must be read from documents of the same format; what that does not carry cannot differ. `sources_*`
    are the articles' paths by entry id, as far as they are known. `limits` are the numbers of entries that
    the feeds `after` may have, by path; without one nothing falls off. A move is told by the feed's id: where
    the format has none, one from the record can be put in its place.
    """
    moved = _moved(before, after)
    sources = (sources_before, sources_after)
    changes = []
    for path in sorted((before.keys() | after.keys()) - set(moved.values())):
        was = moved.get(path)
        old = before.get(path if was is None else was)
        changes.append(_feed(path, was, old, after.get(path), sources=sources, limit=limits.get(path)))
    return tuple(change for change in changes if change is not None)


def _moved(before: Mapping[str, PublishedFeed], after: Mapping[str, PublishedFeed]) -> dict[str, str]:
    """The paths before of the feeds whose id is now where no feed was, by their paths after."""
    gone, come = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    by_id = ("id", lambda path: before[path].id, lambda path: after[path].id)
    return {new: old for _, old, new in pairs(gone, come, [by_id])}


def _feed(
    path: str,
    was: str | None,
    before: PublishedFeed | None,
    after: PublishedFeed | None,
    *,
    sources: _Sources,
    limit: int | None,
) -> FeedChange | None:
    """What happens to a feed, None if nothing does; at least one of `before` and `after` is there."""
    old, new = (before.entries if before else ()), (after.entries if after else ())
    entries = tuple(_entries(old, new, sources=sources, limit=limit))
    fate: FeedFate = "changed" if was is None else "moved"
    if not (before and after):
        fate = "appeared" if after else "vanished"
    shown = after or before
    change = FeedChange(
        path=path,
        fate=fate,
        title=shown.title if shown else "",
        was=was,
        fields=_differing(FEED_FIELDS, before, after) if before and after else (),
        entries=entries,
        kept=len(new) - sum(entry.fate in ("new", "updated", "unread") for entry in entries),
        reordered=_out_of_order([entry.id for entry in old], [entry.id for entry in new]),
    )
    changed = fate != "changed" or change.fields or entries or change.reordered
    return change if changed else None


def _entries(
    old: Sequence[PublishedEntry], new: Sequence[PublishedEntry], *, sources: _Sources, limit: int | None
) -> Iterator[EntryChange]:
    before, after = sources
    known = {entry.id: entry for entry in old}
    shown = {entry.id for entry in new}
    again = _again(
        [entry for entry in old if entry.id not in shown and entry.id not in after],
        [entry for entry in new if entry.id not in known and entry.id not in before],
        sources,
    )
    for position, entry in enumerate(new, start=1):
        was, clue = (known[entry.id], None) if entry.id in known else again.get(entry.id, (None, None))
        differing = _differing(ENTRY_FIELDS, was, entry) if was else ()
        if was is None:
            yield _change("new", entry, position)
        elif clue is not None:
            yield _change("unread", entry, position, fields=differing, was=was.id, by=clue)
        elif differing:
            yield _change("updated", entry, position, fields=differing)
    returned = {entry.id for entry, _ in again.values()}
    last = max((_rank(entry) for entry in new), default=None) if limit and len(new) >= limit else None
    for position, entry in enumerate(old, start=1):
        if entry.id not in shown and entry.id not in returned:
            fallen = last is not None and _rank(entry) > last
            yield _change("fallen" if fallen else "withdrawn", entry, position)


def _change(fate: EntryFate, entry: PublishedEntry, position: int, **more: Any) -> EntryChange:
    return EntryChange(fate=fate, id=entry.id, title=entry.title, link=entry.link, position=position, **more)


def _again(
    gone: Sequence[PublishedEntry], come: Sequence[PublishedEntry], sources: _Sources
) -> dict[str, tuple[PublishedEntry, Clue]]:
    """The entries that came back under another id, by that: what they were, and the first clue that tells.

    An id that another feed showed before, or shows now, stayed what it was. Where a clue tells of several,
    they are paired in their order.
    """
    before, after = sources
    clues: tuple[Stage[Clue, PublishedEntry, PublishedEntry], ...] = (
        ("source", lambda e: before.get(e.id), lambda e: after.get(e.id)),
        ("link", lambda e: e.link, lambda e: e.link),
        ("title and date", lambda e: (e.title, e.published), lambda e: (e.title, e.published)),
    )
    return {entry.id: (was, clue) for clue, was, entry in pairs(gone, come, clues)}


def _differing(names: Sequence[str], before: object, after: object) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _rank(entry: PublishedEntry) -> tuple[float, str]:
    """The sort key of entries in a feed, newest first."""
    return -entry.published.timestamp(), entry.id


def _out_of_order(before: Sequence[str], after: Sequence[str]) -> int:
    """How many of the common ids have to move: all but a longest run that keeps its order."""
    places = {name: place for place, name in enumerate(after)}
    common = [places[name] for name in before if name in places]
    ends: list[int] = []  # of the runs of each length, the least last place
    for place in common:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(common) - len(ends)
