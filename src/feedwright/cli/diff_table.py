"""Changes of feeds as a table for people and as JSON for programs.

Control characters in anything that comes from a document are escaped.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from feedwright.cli.report import columns, values
from feedwright.publication.changes import FeedChange
from feedwright.text import count, visible

_MARKS = {
    "new": "+ new",
    "updated": "~ updated",
    "unread": "! unread again",
    "withdrawn": "- withdrawn",
    "fallen": "< fallen off",
}
_WIDEST_MARK = 32
"""Titles are lined up behind the marks, except behind longer ones."""
_FEED_KEYS = ("title", "was", "fields", "kept", "reordered")
_ENTRY_KEYS = ("id", "title", "link", "position", "fields", "was", "by")


def as_json(changes: Sequence[FeedChange]) -> list[dict[str, object]]:
    """Return one object a feed, of values that JSON has; nothing is left out.

    `change` is the fate of the feed or entry; `was` and `by` are null if they do not apply.
    """
    return [
        {
            "path": change.path,
            "change": change.fate,
            **values(change, _FEED_KEYS),
            "entries": [{"change": entry.fate, **values(entry, _ENTRY_KEYS)} for entry in change.entries],
        }
        for change in changes
    ]


def as_table(changes: Sequence[FeedChange], width: int) -> str:
    """Return each feed's path and title, and below it a line for each change.

    No line takes more than `width` columns of a terminal. The entries of a feed that appears or vanishes are
    only counted.
    """
    return "\n".join(_cut(line, width) for change in changes for line in _lines(change))


def _lines(change: FeedChange) -> Iterator[str]:
    yield f"{visible(change.path) or '/'}  {visible(change.title)}"
    if change.fate in ("appeared", "vanished"):
        mark = "+ appears" if change.fate == "appeared" else "- vanishes"
        yield f"  {mark} ({count(len(change.entries), 'entry', 'entries')})"
        return
    if change.was is not None:
        yield f"  > moved from {visible(change.was) or '/'}"
    if change.fields:
        yield f"  ~ the feed's own {', '.join(change.fields)}"
    updates = [f" ({', '.join(e.fields)})" if e.fate == "updated" else "" for e in change.entries]
    marks = [_MARKS[entry.fate] + update for entry, update in zip(change.entries, updates, strict=True)]
    column = max((len(mark) for mark in marks if len(mark) <= _WIDEST_MARK), default=0)
    for mark, entry in zip(marks, change.entries, strict=True):
        was = "" if entry.was is None else f" (was {visible(entry.was)})"
        yield f"  {mark:{column}}  {visible(entry.title)}{was}"
    if change.reordered:
        yield f"  = reordered ({count(change.reordered, 'entry', 'entries')})"


def _cut(line: str, width: int) -> str:
    """Return the line, or as much of it as fits before an ellipsis."""
    ends = [*accumulate(map(columns, line))]
    return line if not ends or ends[-1] <= width else line[: bisect_right(ends, width - 1)] + "…"
