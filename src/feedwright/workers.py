"""How one function is called on many inputs: in this process, in several, or in ones that are watched.

An executor is a function that yields a `Map`, or items with their results, in the order of the items.
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from types import ModuleType

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


def default_jobs() -> int:
    """Return how many processes this one may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processes() -> ModuleType:
    """The module that starts processes, loaded when there are any: few builds need it."""
    from feedwright import processes

    return processes


class Map(Protocol):
    """Calls `function` on every item and yields the results in the items' order.

    `here` is called in its place on the items that this process does itself; it gives the same results.
    """

    def __call__(
        self, function: Callable[[T], R], items: Sequence[T], /, *, here: Callable[[T], R] | None = None
    ) -> Iterable[R]: ...


def serial(
    function: Callable[[T], R], items: Sequence[T], /, *, here: Callable[[T], R] | None = None
) -> Iterable[R]:
    """The `Map` of one process: this one."""
    return map(here or function, items)


@contextmanager
def processes(jobs: int | None, *, preload: Sequence[str] = ()) -> Iterator[Map]:
    """Give a `Map` over `jobs` processes, which start when it is first used; `serial` for one.

    None means as many as this process may run on, and only where there are items enough to repay their
    start. `preload` names modules that are imported once for all of them. Raises `MachineError` LIM002 from
    the map when a process dies.
    """
    number = jobs or default_jobs()
    started: list[ProcessPool] = []
    warming = False

    def spread(
        function: Callable[[T], R], items: Sequence[T], /, *, here: Callable[[T], R] | None = None
    ) -> Iterable[R]:
        nonlocal warming
        if number == 1 or not items or (jobs is None and not warming and len(items) < PARALLEL_FROM):
            return serial(function, items, here=here)
        first, size = 0, len(items)
        if not warming:
            warming = True
            first = min(AHEAD, size if jobs is None else size // 3) if _processes().warm(preload) else 0
        own = list(serial(function, items[:first], here=here))
        if first == size:
            return own
        step = _chunk(size - first, number)
        chunks = (items[at : at + step] for at in range(first, size, step))
        if not started:
            started.append(_processes().start_pool(number))
        calls: Iterator[Future[list[R]]] = (
            started[0].schedule(_all_of, args=(function, chunk)) for chunk in chunks
        )
        with _processes().uninterrupted(), _telling(started):
            waiting = deque(islice(calls, _WAITING * number))
        return chain(own, _guarded(_results(waiting, calls, _WAITING * number), started))

    try:
        yield spread
    except BaseException:
        for one in started:  # whoever interrupts a build does not wait for what they are at
            _processes().end(one, at_once=True)
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
        if not _processes().died(error) and (not started or started[0].active):
            raise
        while started:  # whoever goes on gets new ones
            _processes().end(started.pop())
        hint = "build with --jobs 1 to see at which file; look whether the machine ran out of memory"
        raise MachineError("a worker process died", code=DIED, hint=hint) from None


def _end_meanwhile(ended: ProcessPool) -> None:
    """End a pool that has nothing to do any more while this thread goes on: it takes a tenth of a second."""
    from threading import Thread

    Thread(target=_processes().end, args=(ended,)).start()


# Functions that may hang, die or take too much memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """An item without a result: its call took too long, too much memory, or its process died."""

    by: Literal["time", "memory", "death"]


@contextmanager
def isolated(
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
    _processes().warm(preload)
    watching = _processes().start_pool(min(jobs, len(items)), limited=True)
    try:
        with _processes().uninterrupted():
            calls = [watching.schedule(function, args=(item,), timeout=seconds) for item in items]
        rows = _settled(items, calls)
        yield rows
    finally:
        _processes().end(watching)


def _settled(items: Sequence[T], calls: Iterable[Future[R]]) -> Iterator[tuple[T, R | Lost]]:
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
        if not _processes().died(error):
            raise
        return Lost(by="death")


def surviving(
    spread: Map,
    function: Callable[[T], R],
    items: Sequence[T],
    *,
    jobs: int,
    seconds: float,
    preload: Sequence[str] = (),
    here: Callable[[T], R] | None = None,
) -> Iterator[tuple[T, R | Lost]]:
    """Call `function` on every item through `spread`; yield items and results in order.

    Where an item kills its process, it and those after it are called again, each in isolation.
    """
    done = 0
    try:
        for result in spread(function, items, here=here):
            done += 1
            yield items[done - 1], result
        return
    except MachineError as error:
        if error.code != DIED:
            raise
    with isolated(function, items[done:], jobs=jobs, seconds=seconds, preload=preload) as results:
        yield from results
