"""How changes of feeds look to a person and to a program.

Everything that comes from a document is shown with its control characters escaped.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from feedwright.cli.report import columns
from feedwright.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedwright.publication.changes import EntryChange, FeedChange

_MARKS = {
    "new": "+ new",
    "updated": "~ updated",
    "unread": "! unread again",
    "withdrawn": "- withdrawn",
    "fallen": "< fallen off",
}
_WIDEST = 32
"""What stands before the titles is lined up, but for what is longer."""


def as_json(changes: Sequence[FeedChange]) -> list[dict[str, object]]:
    """Return the changes as values that JSON has, one object a feed; nothing is left out of it.

    `change` is the fate of the feed or entry; `was` and `by` are null where they say nothing.
    """
    return [
        {
            "path": change.path,
            "change": change.fate,
            "title": change.title,
            "was": change.was,
            "fields": list(change.fields),
            "kept": change.kept,
            "reordered": change.reordered,
            "entries": [_entry(entry) for entry in change.entries],
        }
        for change in changes
    ]


def _entry(entry: EntryChange) -> dict[str, object]:
    return {
        "change": entry.fate,
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "position": entry.position,
        "fields": list(entry.fields),
        "was": entry.was,
        "by": entry.by,
    }


def as_table(changes: Sequence[FeedChange], width: int) -> str:
    """Return the changes for people: each feed's path and title, below it a line for each change.

    No line takes more than `width` columns of a terminal; a feed that appears or vanishes has a single one.
    """
    return "\n".join(_cut(line, width) for change in changes for line in _lines(change))


def _lines(change: FeedChange) -> Iterator[str]:
    yield f"{visible(change.path) or '/'}  {visible(change.title)}"
    if change.fate in ("appeared", "vanished"):
        mark = "+ appears" if change.fate == "appeared" else "- vanishes"
        yield f"  {mark} ({_count(len(change.entries))})"
        return
    if change.was is not None:
        yield f"  > moved from {visible(change.was) or '/'}"
    if change.fields:
        yield f"  ~ the feed's own {', '.join(change.fields)}"
    marks = [_mark(entry) for entry in change.entries]
    column = max((len(mark) for mark in marks if len(mark) <= _WIDEST), default=0)
    for mark, entry in zip(marks, change.entries, strict=True):
        was = "" if entry.was is None else f" (was {visible(entry.was)})"
        yield f"  {mark:{column}}  {visible(entry.title)}{was}"
    if change.reordered:
        yield f"  = reordered ({_count(change.reordered)})"


def _mark(entry: EntryChange) -> str:
    told = f" ({', '.join(entry.fields)})" if entry.fate == "updated" else ""
    return f"{_MARKS[entry.fate]}{told}"


def _count(number: int) -> str:
    return f"{number} entry" if number == 1 else f"{number} entries"


def _cut(line: str, width: int) -> str:
    """The line, or as much of it as fits before an ellipsis."""
    ends = [*accumulate(map(columns, line))]
    return line if not ends or ends[-1] <= width else line[: bisect_right(ends, width - 1)] + "…"
