"""How a function is called that may hang, die or eat the memory: in processes that are watched and replaced.

Door to pebble. What is lost with a process is told as a value; the other items go on in the next one.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")

MEMORY = 3 * 2**30
"""Bytes of address space that a watched process may have, where the system can limit it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """An item without a result: its call took too long, too much memory, or its process died."""

    by: Literal["time", "memory", "death"]


@contextmanager
def each(
    function: Callable[[T], R],
    items: Sequence[T],
    *,
    jobs: int,
    seconds: float,
    preload: Sequence[str] = (),
) -> Iterator[Iterator[tuple[T, R | Lost]]]:
    """Call `function` on every item in up to `jobs` processes, from now on; give items and results in order.

    `seconds` is what one call may take; `preload` names modules that are imported once for all processes.
    What the function raises is raised when its turn comes. On leaving, what is not done yet is given up.
    """
    if not items:
        yield iter(())
        return
    from multiprocessing import get_context

    from pebble import ProcessPool

    from feedwright.workers import method, warm

    warm(preload)
    number = min(jobs, len(items))
    with ProcessPool(number, initializer=_limit, context=get_context(method())) as pool:
        calls: Sequence[Future[R]] = [
            pool.schedule(function, args=(item,), timeout=seconds) for item in items
        ]
        try:
            rows = _results(items, calls)
            yield rows
        finally:
            for call in calls:
                call.cancel()  # ends the process if it is at it


def _results(items: Sequence[T], calls: Sequence[Future[R]]) -> Iterator[tuple[T, R | Lost]]:
    for item, call in zip(items, calls, strict=True):
        result = _result(call)
        yield item, result


def _result(call: Future[R]) -> R | Lost:
    from concurrent.futures import TimeoutError as Late

    from pebble import ProcessExpired

    try:
        return call.result()
    except Late:
        return Lost(by="time")
    except MemoryError:
        return Lost(by="memory")
    except ProcessExpired:
        return Lost(by="death")


def _limit() -> None:
    """Leave interrupts to the parent, and let a bomb end in a MemoryError, not in an empty machine."""
    from feedwright.workers import ignore_interrupt

    ignore_interrupt()
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
