"""The articles that are to blame where the work on all of them together fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def find_culprits(work: Callable[[Sequence[T]], object], items: Sequence[T]) -> list[tuple[T, Exception]]:
    """Return the items at which `work` fails, each with what it raised; none where it does not fail.

    Those with which it fails alone; where there are none, the one that the items before it do not bear. Each
    costs about twice the work on all.
    """
    fault = _fault(work, items)
    if fault is None:
        return []
    if len(items) == 1:
        return [(items[0], fault)]
    half = len(items) // 2
    culprits = [*find_culprits(work, items[:half]), *find_culprits(work, items[half:])]
    if culprits:
        return culprits
    good, bad = half, len(items)  # the work succeeds on so many of the first, and fails on so many
    while bad - good > 1:
        middle = (good + bad) // 2
        found = _fault(work, items[:middle])
        good, bad, fault = (good, middle, found) if found else (middle, bad, fault)
    return [(items[bad - 1], fault)]


def _fault(work: Callable[[Sequence[T]], object], items: Sequence[T]) -> Exception | None:
    try:
        work(items)
    except (MemoryError, ImportError):
        raise  # no fault of an item
    except Exception as error:
        return error
    return None
