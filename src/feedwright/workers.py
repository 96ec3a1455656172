"""Calls of one function on many inputs: in this process, in several, or in isolated ones that can be stopped.

An executor is a function that yields a `Map`, or items with their results, in the order of the items.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar, overload

from msgspec import Struct

from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from types import ModuleType

    from pebble import ProcessPool

PARALLEL_FROM = 200
"""The number of items from which starting processes pays off."""

AHEAD = 1000
"""The most items that this process handles itself while others start: a second's work."""

_CHUNK = 200
"""The most items that a process gets at once."""

_TOGETHER = 100
"""The most items that take their steps together in this process."""

_WAITING = 6
"""Chunks per process that are scheduled and not done; more would fill the memory."""

_PATIENCE = 4
"""How many seconds may pass for each that a processor may work."""

DIED = "LIM002"
"""The code of the error that a map raises when one of its processes dies."""

T = TypeVar("T")
R = TypeVar("R")
Together: TypeAlias = "Callable[[Sequence[T]], list[R]]"
"""A function that is called on some items at once, and returns their results in order."""


def default_jobs() -> int:
    """Return how many processes this one may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pools() -> ModuleType:
    """The module that starts processes, loaded on first use: few builds need it."""
    from feedwright import process_pool

    return process_pool


class Lazy(Sequence[R]):
    """Items that are made of others whenever they are asked for: all of them would fill the memory."""

    def __init__(self, make: Callable[[T], R], others: Sequence[T]) -> None:
        self._make: Callable[[Any], R] = make
        self._others = others

    def __len__(self) -> int:
        return len(self._others)

    @overload
    def __getitem__(self, at: int) -> R: ...
    @overload
    def __getitem__(self, at: slice) -> list[R]: ...
    def __getitem__(self, at: int | slice) -> R | list[R]:
        if isinstance(at, slice):
            return [self._make(other) for other in self._others[at]]
        return self._make(self._others[at])


class Map(Protocol):
    """Calls `function` on every item and yields the results in the items' order.

    `together` is called in its place on some items at once; it returns the same results, in less time.
    """

    def __call__(
        self, function: Callable[[T], R], items: Sequence[T], /, *, together: Together[T, R] | None = None
    ) -> Iterable[R]: ...


def serial(
    function: Callable[[T], R], items: Sequence[T], /, *, together: Together[T, R] | None = None
) -> Iterable[R]:
    """The `Map` of one process: this one."""
    if together is None:
        return map(function, items)
    return chain.from_iterable(together(items[at : at + _TOGETHER]) for at in range(0, len(items), _TOGETHER))


@contextmanager
def processes(jobs: int | None, *, preload: Sequence[str] = ()) -> Iterator[Map]:
    """Give a `Map` over `jobs` processes, which start when it is first used; `serial` for one.

    None means as many as this process may run on, and only if there are enough items to repay their start.
    `preload` names modules that are imported once for all of them. The map raises `MachineError` LIM002 when
    a process dies.
    """
    number = jobs or default_jobs()
    most = _WAITING * number
    started: list[ProcessPool] = []
    warming = False

    def spread(
        function: Callable[[T], R], items: Sequence[T], /, *, together: Together[T, R] | None = None
    ) -> Iterable[R]:
        nonlocal warming
        if number == 1 or not items or (jobs is None and not warming and len(items) < PARALLEL_FROM):
            return serial(function, items, together=together)
        first, size = 0, len(items)
        if not warming:
            warming = True
            first = min(AHEAD, size if jobs is None else size // 3) if _pools().warm(preload) else 0
        own = list(serial(function, items[:first], together=together))
        if first == size:
            return own
        least = _TOGETHER // 4 if together else 1
        step = max(least, min(_CHUNK, (size - first) // (number * 32)))
        chunks = (items[at : at + step] for at in range(first, size, step))
        if not started:
            started.append(_pools().start_pool(number))
        call_all = together or partial(_call_all, function)
        calls: Iterator[Future[list[R]]] = (started[0].schedule(call_all, args=(chunk,)) for chunk in chunks)
        with _pools().uninterrupted(), _reporting_death(started):
            waiting = deque(islice(calls, most))
        return chain(own, _results(waiting, calls, most, started))

    try:
        yield spread
    except BaseException:
        for pool in started:  # an interrupted build does not wait for running calls
            _pools().end(pool, at_once=True)
        raise
    for pool in started:  # it takes a tenth of a second, and nothing depends on it
        Thread(target=_pools().end, args=(pool,)).start()


def _call_all(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    return [function(item) for item in items]


def _results(
    waiting: deque[Future[list[R]]],
    more: Iterator[Future[list[R]]],
    most: int,
    started: list[ProcessPool],
) -> Iterator[R]:
    """The results of calls in order; `most` are scheduled and not done, however long the first takes."""
    from concurrent.futures import FIRST_COMPLETED, wait

    with _reporting_death(started):
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


@contextmanager
def _reporting_death(started: list[ProcessPool]) -> Iterator[None]:
    """Raise `MachineError` if a process died, and end its pool: the next call starts a new one."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, _pools().DEATHS) and (not started or started[0].active):
            raise
        while started:
            _pools().end(started.pop())
        hint = "build with --jobs 1 to see at which file; check whether the machine ran out of memory"
        raise MachineError("a worker process died", code=DIED, hint=hint) from None


# Functions that may hang, die or take too much memory


class Lost(Struct, frozen=True, kw_only=True):
    """The result of a call that took too long or too much memory, or whose process died.

    It is `postponed` if nothing was wrong with it, but others had used up the time of all.
    """

    by: Literal["time", "memory", "death"]
    postponed: bool = False

    @property
    def excess(self) -> str:
        """What was too much, for a message."""
        return {"time": "too long", "memory": "too much memory"}.get(self.by, "too much time or memory")


class Budget(Struct, kw_only=True):
    """Seconds of wall time that isolated calls may take together; those that are left then are postponed."""

    seconds: float


@contextmanager
def isolated(
    function: Callable[[T], R],
    items: Sequence[T],
    *,
    jobs: int,
    seconds: float,
    preload: Sequence[str] = (),
    memory: Callable[[T], int] | None = None,
    work: float | None = None,
    budget: Budget | None = None,
) -> Iterator[Iterator[tuple[T, R | Lost]]]:
    """Call `function` on every item in up to `jobs` processes, from now on; give items and results in order.

    One call may take `seconds`, of which it may `work` so many: the system ends it even where Python never
    gets to look at a signal. It may take as many bytes of data as `memory` says; all together take what they
    wait for from `budget`. `preload` names modules that are imported once for all processes. What the
    function raises is raised when its item's turn comes. On leaving, calls that are not done are abandoned.
    """
    if not items:
        yield iter(())
        return
    _pools().warm_server(preload)
    pool = _pools().start_pool(min(jobs, len(items)), limited=True)
    try:
        with _pools().uninterrupted():
            calls = [
                pool.schedule(
                    _pools().call, args=(function, item, memory and memory(item), work), timeout=seconds
                )
                for item in items
            ]
        results = (_result(call, budget) for call in calls)
        yield zip(items, results, strict=True)
    finally:
        _pools().end(pool)


def _result(call: Future[R], budget: Budget | None) -> R | Lost:
    began = time.monotonic()
    try:
        return call.result(None if budget is None else max(budget.seconds, 0))
    except TimeoutError:
        return Lost(by="time", postponed=not call.done())
    except MemoryError:
        return Lost(by="memory")
    except _pools().DEATHS as error:
        return Lost(by="time" if _pools().has_worked_too_long(error) else "death")
    finally:
        if budget is not None:
            budget.seconds -= time.monotonic() - began


def watched(
    function: Callable[[T], R], item: T, *, seconds: float, memory: int, preload: Sequence[str] = ()
) -> R | Lost:
    """Call `function` on one item in a process of its own, which may take bytes of `memory` and `seconds`.

    The seconds are those of a processor, where the system can limit them: a busy machine has more time.
    """
    with isolated(
        function,
        [item],
        jobs=1,
        seconds=seconds * _PATIENCE,
        preload=preload,
        memory=lambda _: memory,
        work=seconds,
    ) as results:
        return next(results)[1]


def surviving(
    spread: Map,
    function: Callable[[T], R],
    items: Sequence[T],
    *,
    jobs: int,
    seconds: float,
    preload: Sequence[str] = (),
    together: Together[T, R] | None = None,
) -> Iterator[tuple[T, R | Lost]]:
    """Call `function` on every item through `spread`; yield items and results in order.

    If an item kills its process, it and those after it are called again, each in isolation.
    """
    done = 0
    try:
        for result in spread(function, items, together=together):
            done += 1
            yield items[done - 1], result
        return
    except MachineError as error:
        if error.code != DIED:
            raise
    with isolated(function, items[done:], jobs=jobs, seconds=seconds, preload=preload) as results:
        yield from results
