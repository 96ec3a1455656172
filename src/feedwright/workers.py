"""How one function is spread over many inputs: a `map` that keeps their order, in this process or in many."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from feedwright import pool
from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from pebble import ProcessPool

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


@contextmanager
def processes(jobs: int | None, *, preload: Sequence[str] = ()) -> Iterator[Map]:
    """Give a `Map` over `jobs` processes, which start when it is first used; `serial` for one.

    None means as many as this process may run on, and only where there are items enough to repay their
    start. `preload` names modules that are imported once for all of them. Raises `MachineError` LIM002 from
    the map when a process dies.
    """
    number = jobs or pool.default_jobs()
    started: list[ProcessPool] = []
    warming = False

    def spread(function: Callable[[T], R], items: Sequence[T], /) -> Iterable[R]:
        nonlocal warming
        if number == 1 or not items or (jobs is None and not warming and len(items) < PARALLEL_FROM):
            return serial(function, items)
        first, size = 0, len(items)
        if not warming:
            warming = True
            first = min(AHEAD, size if jobs is None else size // 3) if pool.warm(preload) else 0
        here = [function(item) for item in items[:first]]
        if first == size:
            return here
        step = _chunk(size - first, number)
        chunks = (items[at : at + step] for at in range(first, size, step))
        if not started:
            started.append(pool.begun(number))
        calls: Iterator[Future[list[R]]] = (
            started[0].schedule(_all_of, args=(function, chunk)) for chunk in chunks
        )
        with pool.uninterrupted(), _telling(started):
            waiting = deque(islice(calls, _WAITING * number))
        return chain(here, _guarded(_results(waiting, calls, _WAITING * number), started))

    try:
        yield spread
    except BaseException:
        for one in started:  # whoever interrupts a build does not wait for what they are at
            pool.end(one, at_once=True)
        raise
    for one in started:
        _end_meanwhile(one)


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


def _guarded(results: Iterator[R], started: list[ProcessPool]) -> Iterator[R]:
    with _telling(started):
        yield from results


@contextmanager
def _telling(started: list[ProcessPool]) -> Iterator[None]:
    """Say in our words that a process died."""
    try:
        yield
    except Exception as error:
        if not pool.died(error) and (not started or started[0].active):
            raise
        while started:  # whoever goes on gets new ones
            pool.end(started.pop())
        hint = "build with --jobs 1 to see at which file; look whether the machine ran out of memory"
        raise MachineError("a worker process died", code=DIED, hint=hint) from None


def _end_meanwhile(ended: ProcessPool) -> None:
    """End a pool that has nothing to do any more while this thread goes on: it takes a tenth of a second."""
    from threading import Thread

    Thread(target=pool.end, args=(ended,)).start()
