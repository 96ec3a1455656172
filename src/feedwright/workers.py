"""How one function is spread over many inputs: a `map` that keeps their order.

Processes only, and never by forking this one: bleach's cleaner and feedgen do not bear threads, and a fork
would take locks along. Each worker imports what it needs once.
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future, ProcessPoolExecutor

PARALLEL_FROM = 200
"""Items below which starting processes costs more than they save."""

AHEAD = 1000
"""Items that the process which starts others does itself meanwhile, a second's work at most."""

_WAITING = 6
"""Chunks for each process that are there before they can be begun; more would fill the memory."""

DIED = "LIM002"
"""The code of the error that a map raises when a process of its died."""

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
def processes(jobs: int | None, *, preload: Sequence[str] = ()) -> Iterator[Map]:
    """Give a `Map` over `jobs` processes, which start when it is first used; `serial` for one.

    None means as many as this process may run on, and only where there are items enough to repay their
    start. `preload` names modules that are imported once for all of them. Raises `MachineError` LIM002 from
    the map when a process dies.
    """
    number = jobs or default_jobs()
    started: list[ProcessPoolExecutor] = []
    warming = False

    def spread(function: Callable[[T], R], items: Sequence[T], /) -> Iterable[R]:
        nonlocal warming
        if number == 1 or not items or (jobs is None and not warming and len(items) < PARALLEL_FROM):
            return serial(function, items)
        first, size = 0, len(items)
        if not warming:
            warming = True
            first = min(AHEAD, size if jobs is None else size // 3) if warm(preload) else 0
        here = [function(item) for item in items[:first]]
        if first == size:
            return here
        step = _chunk(size - first, number)
        chunks = (items[at : at + step] for at in range(first, size, step))
        with _uninterrupted():  # a new process must not show an interrupt that is meant for this one
            if not started:
                started.append(_started(number))
            calls = (started[0].submit(_all_of, function, chunk) for chunk in chunks)
            with _telling(started):
                waiting = deque(islice(calls, _WAITING * number))
        return chain(here, _guarded(_results(waiting, calls, _WAITING * number), started))

    try:
        yield spread
    except BaseException:
        if started:
            _stop(started[0])
        raise
    for pool in started:
        pool.shutdown()


def method() -> str:
    """Return how new processes are started: never by forking this one."""
    from multiprocessing import get_all_start_methods

    return "forkserver" if "forkserver" in get_all_start_methods() else "spawn"


def warm(preload: Sequence[str]) -> bool:
    """Let the server of new processes start and import, if there is one; this one has time meanwhile.

    None of them imports what lies in the folder where it is started, which may be anybody's.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    if method() != "forkserver":
        return False
    from multiprocessing import forkserver

    with _uninterrupted():
        forkserver.set_forkserver_preload(list(preload))
        forkserver.ensure_running()
    return True


def _started(number: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(number, mp_context=get_context(method()), initializer=ignore_interrupt)


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


def _all_of(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    return [function(item) for item in items]


def _results(waiting: deque[Future[list[R]]], more: Iterator[Future[list[R]]], most: int) -> Iterator[R]:
    """The results of calls in their order; `most` are made and not done, however long the first one takes."""
    from concurrent.futures import FIRST_COMPLETED, wait

    try:
        while waiting:
            waiting.extend(islice(more, most - sum(not call.done() for call in waiting)))
            if waiting[0].done():
                yield from waiting.popleft().result()
            else:
                wait([call for call in waiting if not call.done()], return_when=FIRST_COMPLETED)
    finally:
        for call in waiting:
            call.cancel()


def _chunk(items: int, number: int) -> int:
    return max(1, min(200, items // (number * 32)))


def _guarded(results: Iterator[R], started: list[ProcessPoolExecutor]) -> Iterator[R]:
    with _telling(started):
        yield from results


@contextmanager
def _telling(started: list[ProcessPoolExecutor]) -> Iterator[None]:
    """Say in our words that a process died."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        yield
    except BrokenProcessPool:
        started.clear()  # whoever goes on gets new ones
        hint = "build with --jobs 1 to see at which file; look whether the machine ran out of memory"
        raise MachineError("a worker process died", code=DIED, hint=hint) from None


def ignore_interrupt() -> None:
    """Leave an interrupt to the parent, which stops its workers in order."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
