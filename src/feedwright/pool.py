"""The processes that work for this one: how they begin, what ends them, how it is told that one died.

Door to pebble, which replaces a process that dies, and can end one in the midst of what it says. They are
never made by forking this one: bleach's cleaner and feedgen do not bear threads, and a fork would take locks
along. None of them imports what lies in the folder where it is started, which may be anybody's.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pebble import ProcessPool

MEMORY = 3 * 2**30
"""Bytes of address space that a limited process may have, where the system can limit it."""


def default_jobs() -> int:
    """Return how many processes this one may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def warm(preload: Sequence[str]) -> bool:
    """Let the server of new processes start and import, if there is one; this one has time meanwhile."""
    os.environ["PYTHONSAFEPATH"] = "1"
    from multiprocessing import forkserver

    from feedwright.processes import METHOD

    if METHOD != "forkserver":
        return False
    forkserver.set_forkserver_preload(["pebble.pool.process", *preload])
    with uninterrupted(), _mute():
        forkserver.ensure_running()
    return True


def begun(number: int, *, limited: bool = False) -> ProcessPool:
    """Return a pool of so many processes, `limited` in their memory; they start with its first task.

    That is to be given `uninterrupted`, so that they show no interrupt which is meant for this process.
    """
    from pebble import ProcessPool

    from feedwright.processes import WorkerContext

    return ProcessPool(number, initializer=_limit if limited else _begin, context=WorkerContext())


def died(error: BaseException) -> bool:
    """Tell whether an error of a task, or of giving one, means that a process died."""
    from concurrent.futures.process import BrokenProcessPool

    from pebble import ProcessExpired

    return isinstance(error, (BrokenProcessPool, ProcessExpired))


def end(pool: ProcessPool, *, at_once: bool = False) -> None:
    """End a pool with all that it does; `at_once` without a word to its processes, and all others too."""
    with uninterrupted():
        pool.stop()  # type: ignore[no-untyped-call]
        if at_once:
            kill_all()
        pool.join()


def kill_all() -> None:
    """Kill every process that works for this one; else the end of this one would wait for them."""
    from multiprocessing import active_children

    for process in active_children():
        process.kill()


@contextmanager
def uninterrupted() -> Iterator[None]:
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


@contextmanager
def _mute() -> Iterator[None]:
    """Let processes that start now have no standard error: what one says as it dies is not for people."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # there is none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _begin() -> None:
    """Begin the life of a process: it ends with its parent, however that ends, even in the midst of work."""
    from threading import Thread

    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import connection, parent_process

    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)


def _limit() -> None:
    """Begin so that a bomb ends in a MemoryError, not in an empty machine."""
    _begin()
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
