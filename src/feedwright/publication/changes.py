"""Changes that subscribers would see: the feeds that are published compared with those that would be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from feedwright.model import PublishedEntry, PublishedFeed
from feedwright.publication.matching import Stage, pairs

ENTRY_FIELDS = tuple(name for name in PublishedEntry.__struct_fields__ if name != "id")
"""The fields that an updated entry may differ in, in this order."""

FEED_FIELDS = tuple(name for name in PublishedFeed.__struct_fields__ if name not in ("updated", "entries"))
"""The same of a feed; its `updated` only follows its entries."""

EntryFate = Literal["new", "updated", "unread", "withdrawn", "fallen"]
FeedFate = Literal["changed", "appeared", "vanished", "moved"]
Clue = Literal["source", "link", "title and date"]


class EntryChange(Struct, frozen=True, kw_only=True):
    """A change of one entry in one feed.

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


class FeedChange(Struct, frozen=True, kw_only=True):
    """The changes of one feed; `path` is its new path, "" for the site's own.

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
    feeds = {**before, **after}
    gone, come = sorted(feeds.keys() - after.keys()), sorted(feeds.keys() - before.keys())
    moved = {new: old for _, old, new in pairs(gone, come, [("id", lambda path: feeds[path].id)])}
    changes = []
    for path in sorted(feeds.keys() - set(moved.values())):
        old, new = before.get(moved.get(path, path)), after.get(path)
        old_entries, new_entries = (old.entries if old else ()), (new.entries if new else ())
        entries = tuple(
            _entry_changes(old_entries, new_entries, sources_before, sources_after, limits.get(path))
        )
        fate: FeedFate = "moved" if path in moved else "changed"
        if not (old and new):
            fate = "appeared" if new else "vanished"
        change = FeedChange(
            path=path,
            fate=fate,
            title=feeds[path].title,
            was=moved.get(path),
            fields=_differing(FEED_FIELDS, old, new) if old and new else (),
            entries=entries,
            kept=len(new_entries) - sum(entry.fate in ("new", "updated", "unread") for entry in entries),
            reordered=_out_of_order([entry.id for entry in old_entries], [entry.id for entry in new_entries]),
        )
        if fate != "changed" or change.fields or entries or change.reordered:
            changes.append(change)
    return tuple(changes)


def _entry_changes(
    before: Sequence[PublishedEntry],
    after: Sequence[PublishedEntry],
    sources_before: Mapping[str, str],
    sources_after: Mapping[str, str],
    limit: int | None,
) -> Iterator[EntryChange]:
    old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in after}
    # An id that another feed showed before, or shows now, stayed what it was.
    gone = [entry for entry in before if entry.id not in new and entry.id not in sources_after]
    come = [entry for entry in after if entry.id not in old and entry.id not in sources_before]
    clues: tuple[Stage[Clue, PublishedEntry, PublishedEntry], ...] = (
        ("source", lambda entry: sources_before.get(entry.id) or sources_after.get(entry.id)),
        ("link", lambda entry: entry.link),
        ("title and date", lambda entry: (entry.title, entry.published)),
    )
    again = {entry.id: (was, clue) for clue, was, entry in pairs(gone, come, clues)}
    for position, entry in enumerate(after, start=1):
        was, clue = again.get(entry.id, (old.get(entry.id), None))
        differing = _differing(ENTRY_FIELDS, was, entry) if was else ()
        if was is None:
            yield _change("new", entry, position)
        elif clue is not None:
            yield _change("unread", entry, position, fields=differing, was=was.id, by=clue)
        elif differing:
            yield _change("updated", entry, position, fields=differing)
    staying = {*new, *(was.id for was, _ in again.values())}
    last = max(map(_rank, after), default=None) if limit and len(after) >= limit else None
    for position, entry in enumerate(before, start=1):
        if entry.id not in staying:
            fallen = last is not None and _rank(entry) > last
            yield _change("fallen" if fallen else "withdrawn", entry, position)


def _change(fate: EntryFate, entry: PublishedEntry, position: int, **more: Any) -> EntryChange:
    return EntryChange(fate=fate, id=entry.id, title=entry.title, link=entry.link, position=position, **more)


def _differing(names: Sequence[str], before: object, after: object) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _rank(entry: PublishedEntry) -> tuple[float, str]:
    """The sort key of entries in a feed, newest first."""
    return -entry.published.timestamp(), entry.id


def _out_of_order(before: Sequence[str], after: Sequence[str]) -> int:
    """The number of common ids that have to move: all but a longest run that keeps its order."""
    places = {name: place for place, name in enumerate(after)}
    common = [places[name] for name in before if name in places]
    ends: list[int] = []  # of the runs of each length, the least last place
    for place in common:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(common) - len(ends)
