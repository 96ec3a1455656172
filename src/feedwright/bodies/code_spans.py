"""Code within a line of Markdown, found in one pass: no run of backticks is looked for twice."""

from __future__ import annotations

from collections.abc import Iterator

from feedwright.patterns import lazy_pattern

_TICKS = lazy_pattern("`++")


def code_spans(body: str) -> Iterator[tuple[int, int]]:
    """Yield where code spans begin and end (CommonMark §6.1)."""
    runs = [match.span() for match in _TICKS.finditer(body)]
    following: dict[int, int] = {}
    ends = [0] * len(runs)
    for number in range(len(runs) - 1, -1, -1):
        length = runs[number][1] - runs[number][0]
        ends[number] = following.get(length, 0)
        following[length] = number
    position = 0
    for number, (start, _) in enumerate(runs):
        if start >= position and ends[number]:
            position = runs[ends[number]][1]
            yield start, position
