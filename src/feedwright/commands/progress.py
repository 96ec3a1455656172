"""The progress of the stages of a build, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from feedwright.workers import Map, Together

T = TypeVar("T")
R = TypeVar("R")

Progress = Callable[[str, int, int], None]
"""Called with what is done, such as "reading articles", how many are done, and of how many."""

_STEP = 8
"""Items between two calls: ten thousand articles must not pay for what nobody reads."""


def counted(items: Iterable[T], stage: str, total: int, progress: Progress) -> Iterator[T]:
    """Yield the items, and tell how many have come."""
    for done, item in enumerate(items):
        if not done % _STEP:
            progress(stage, done, total)
        yield item


def counting(spread: Map, stage: str, progress: Progress) -> Map:
    """Return the map that tells how many of its results have come."""

    def counting_map(
        function: Callable[[T], R], items: Sequence[T], /, *, together: Together[T, R] | None = None
    ) -> Iterable[R]:
        return counted(spread(function, items, together=together), stage, len(items), progress)

    return counting_map
