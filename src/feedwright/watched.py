"""How a function is called that may hang, die or eat the memory: in processes that are watched and replaced.

What is lost with a process is told as a value; the other items go on in the next one.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from feedwright import pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")


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
    pool.warm(preload)
    watching = pool.begun(min(jobs, len(items)), limited=True)
    try:
        with pool.uninterrupted():
            calls = [watching.schedule(function, args=(item,), timeout=seconds) for item in items]
        rows = _results(items, calls)
        yield rows
    finally:
        pool.end(watching)


def _results(items: Sequence[T], calls: Iterable[Future[R]]) -> Iterator[tuple[T, R | Lost]]:
    for item, call in zip(items, calls, strict=True):
        result = _result(call)
        yield item, result


def _result(call: Future[R]) -> R | Lost:
    from concurrent.futures import TimeoutError as Late

    try:
        return call.result()
    except Late:
        return Lost(by="time")
    except MemoryError:
        return Lost(by="memory")
    except Exception as error:
        if not pool.died(error):
            raise
        return Lost(by="death")
