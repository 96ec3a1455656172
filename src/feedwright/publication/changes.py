"""What subscribers would see: the feeds that are published held against those that would be."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from feedwright.model import PublishedEntry, PublishedFeed

ENTRY_FIELDS = (
    "title",
    "link",
    "published",
    "updated",
    "authors",
    "categories",
    "summary",
    "content",
    "thumbnail",
    "enclosure",
)
"""What an update of an entry is told of, in this order."""

FEED_FIELDS = (
    "id",
    "url",
    "link",
    "title",
    "description",
    "language",
    "author",
    "copyright",
    "icon",
    "logo",
    "ttl",
    "hub",
)
"""The same of a feed; its `updated` only follows its entries."""

EntryFate = Literal["new", "updated", "unread", "withdrawn", "fallen"]
FeedFate = Literal["changed", "appeared", "vanished", "moved"]
Clue = Literal["source", "link", "title and date"]

_Sources: TypeAlias = "tuple[Mapping[str, str], Mapping[str, str]]"
_Found: TypeAlias = "tuple[PublishedEntry, Clue]"
_Key: TypeAlias = "Callable[[PublishedEntry], Hashable]"


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

    def count(self, fate: EntryFate) -> int:
        """Return how many entries have this fate."""
        return sum(entry.fate == fate for entry in self.entries)


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
    paths = sorted((before.keys() | after.keys()) - set(moved.values()))
    found = []
    for path in paths:
        was = moved.get(path)
        old = before.get(path if was is None else was)
        found.append(_feed(path, was, old, after.get(path), sources=sources, limit=limits.get(path)))
    return tuple(change for change in found if change is not None)


def _moved(before: Mapping[str, PublishedFeed], after: Mapping[str, PublishedFeed]) -> dict[str, str]:
    """The paths before of the feeds whose id is now where no feed was, by their paths after."""
    left = defaultdict(list)
    for path in sorted(before.keys() - after.keys(), reverse=True):
        left[before[path].id].append(path)
    arrived = [path for path in sorted(after.keys() - before.keys()) if after[path].id is not None]
    return {path: left[after[path].id].pop() for path in arrived if left[after[path].id]}


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
    entries = (*_entries(old, new, sources=sources, limit=limit),)
    fields = _differing(FEED_FIELDS, before, after) if before and after else ()
    shown = after or before
    change = FeedChange(
        path=path,
        fate=_fate(was, before, after),
        title=shown.title if shown else "",
        was=was,
        fields=fields,
        entries=entries,
        kept=len(new) - sum(entry.fate in ("new", "updated", "unread") for entry in entries),
        reordered=_out_of_order([entry.id for entry in old], [entry.id for entry in new]),
    )
    nothing = change.fate == "changed" and not (fields or entries or change.reordered)
    return None if nothing else change


def _fate(was: str | None, before: PublishedFeed | None, after: PublishedFeed | None) -> FeedFate:
    if before is None:
        return "appeared"
    if after is None:
        return "vanished"
    return "changed" if was is None else "moved"


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
        change = _shown(entry, known.get(entry.id), again.get(entry.id), position)
        if change is not None:
            yield change
    found = {entry.id for entry, _ in again.values()}
    last = max((_rank(entry) for entry in new), default=None) if limit and len(new) >= limit else None
    for position, entry in enumerate(old, start=1):
        if entry.id not in shown and entry.id not in found:
            fallen = last is not None and _rank(entry) > last
            yield _change("fallen" if fallen else "withdrawn", entry, position)


def _shown(
    entry: PublishedEntry, known: PublishedEntry | None, again: _Found | None, position: int
) -> EntryChange | None:
    if known is not None:
        fields = _differing(ENTRY_FIELDS, known, entry)
        return _change("updated", entry, position, fields=fields) if fields else None
    if again is None:
        return _change("new", entry, position)
    was, clue = again
    fields = _differing(ENTRY_FIELDS, was, entry)
    return _change("unread", entry, position, fields=fields, was=was.id, by=clue)


def _change(
    fate: EntryFate,
    entry: PublishedEntry,
    position: int,
    *,
    fields: tuple[str, ...] = (),
    was: str | None = None,
    by: Clue | None = None,
) -> EntryChange:
    return EntryChange(
        fate=fate,
        id=entry.id,
        title=entry.title,
        link=entry.link,
        position=position,
        fields=fields,
        was=was,
        by=by,
    )


def _again(
    gone: Sequence[PublishedEntry], come: Sequence[PublishedEntry], sources: _Sources
) -> dict[str, _Found]:
    """The entries that came back under another id, by that: what they were, and the first clue that tells.

    An id that another feed showed before, or shows now, stayed what it was.

    Where a clue tells of several, they are paired in their order.
    """
    sources_before, sources_after = sources
    clues: tuple[tuple[Clue, _Key, _Key], ...] = (
        ("source", lambda e: sources_before.get(e.id), lambda e: sources_after.get(e.id)),
        ("link", lambda e: e.link, lambda e: e.link),
        ("title and date", lambda e: (e.title, e.published), lambda e: (e.title, e.published)),
    )
    found: dict[str, _Found] = {}
    for clue, key_before, key_after in clues:
        taken = {entry.id for entry, _ in found.values()}
        waiting: defaultdict[Hashable, deque[PublishedEntry]] = defaultdict(deque)
        for entry in gone:
            if entry.id not in taken:
                waiting[key_before(entry)].append(entry)
        for entry in come:
            key = key_after(entry)
            if entry.id not in found and key is not None and waiting[key]:
                found[entry.id] = (waiting[key].popleft(), clue)
    return found


def _differing(names: Sequence[str], before: object, after: object) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _rank(entry: PublishedEntry) -> tuple[float, str]:
    """Where an entry stands in a feed, the newest first: as `shelves` sorts."""
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
