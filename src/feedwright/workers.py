"""How one function is spread over many inputs: a `map` that keeps their order.

Processes only, and never by forking this one: bleach's cleaner and feedgen do not bear threads, and a fork
would take locks along. Each worker imports what it needs once.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")


class Map(Protocol):
    """Calls `function` on every item and yields the results in the items' order."""

    def __call__(self, function: Callable[[T], R], items: Sequence[T], /) -> Iterable[R]: ...


def serial(function: Callable[[T], R], items: Sequence[T], /) -> Iterable[R]:
    """The `Map` of one process: this one."""
    return map(function, items)


def default_jobs() -> int:
    """Return how many processes this one may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def processes(jobs: int) -> Iterator[Map]:
    """Give a `Map` over `jobs` processes, started when it is first used; `serial` for one."""
    if jobs <= 1:
        yield serial
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_all_start_methods, get_context

    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    with ProcessPoolExecutor(jobs, mp_context=get_context(method), initializer=_ignore_interrupt) as pool:

        def spread(function: Callable[[T], R], items: Sequence[T], /) -> Iterable[R]:
            return pool.map(function, items, chunksize=max(1, min(200, len(items) // (jobs * 4))))

        yield spread


def _ignore_interrupt() -> None:
    """An interrupt is for the parent, which stops its workers in order."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
