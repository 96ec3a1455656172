"""How one function is spread over many inputs: a `map` that keeps their order.

Processes only, and never by forking this one: bleach's cleaner and feedgen do not bear threads, and a fork
would take locks along. Each worker imports what it needs once.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import ProcessPoolExecutor

PARALLEL_FROM = 200
"""Items below which starting processes costs more than they save."""

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
def processes(jobs: int | None) -> Iterator[Map]:
    """Give a `Map` over `jobs` processes, which start when it is first used; `serial` for one.

    None means as many as this process may run on, and only where there are items enough to repay their
    start. Raises `MachineError` LIM002 from the map when a process dies.
    """
    number = jobs or default_jobs()
    started: list[ProcessPoolExecutor] = []

    def spread(function: Callable[[T], R], items: Sequence[T], /) -> Iterable[R]:
        if number == 1 or (jobs is None and len(items) < PARALLEL_FROM):
            return serial(function, items)
        if not started:
            started.append(_started(number))
        with _uninterrupted():  # a new process must not show an interrupt that is meant for this one
            results = started[0].map(function, items, chunksize=_chunk(len(items), number))
        return _guarded(results)

    try:
        yield spread
    except BaseException:
        if started:
            _stop(started[0])
        raise
    for pool in started:
        pool.shutdown()


def _started(number: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_all_start_methods, get_context

    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(number, mp_context=get_context(method), initializer=_ignore_interrupt)


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the workers at once: whoever interrupts a build does not wait for what they are at."""
    with _uninterrupted():
        end_all()
        pool.shutdown(wait=True, cancel_futures=True)


def end_all() -> None:
    """Kill every worker that still runs; else the end of this process would wait for them."""
    from multiprocessing import active_children

    for process in active_children():
        process.kill()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put SIGINT off for a moment; a process that starts in it inherits that, and never hears one."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _chunk(items: int, number: int) -> int:
    return max(1, min(200, items // (number * 4)))


def _guarded(results: Iterator[R]) -> Iterator[R]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        yield from results
    except BrokenProcessPool:
        hint = "build with --jobs 1 to see at which file; look whether the machine ran out of memory"
        raise MachineError("a worker process died", code="LIM002", hint=hint) from None


def _ignore_interrupt() -> None:
    """An interrupt is for the parent, which stops its workers in order."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
