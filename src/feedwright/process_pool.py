"""Worker processes: how they start, what ends them, how a death is noticed.

Door to pebble, which replaces a process that dies, and can stop one in the middle of a call. Processes are
forked only where this one has a single thread: a fork would copy the locks that others hold. Those that a
server starts import no modules from the current folder, which may be anybody's, and do not run the main
module: a script without `if __name__ == "__main__"` would start its build again in each of them.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import connection
from threading import Lock, Thread
from types import ModuleType
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool
from pebble.pool.process import PoolManager

MEMORY = 3 * 2**30
"""Bytes of address space that a limited process may have, where the system can limit it."""

DEATHS = (BrokenProcessPool, ProcessExpired)
"""Errors of a task, or of scheduling one, that mean that a process died."""

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_ONE_AT_A_TIME = Lock()
T = TypeVar("T")
R = TypeVar("R")
_context: Any = multiprocessing.get_context(METHOD)


class WorkerProcess(_context.Process):  # type: ignore[misc]  # which class it is depends on the system
    """A process that does not know this one's main module."""

    @staticmethod
    def _Popen(process: Any) -> Any:  # noqa: N802 - multiprocessing's name
        with _ONE_AT_A_TIME:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                return _context.Process._Popen(process)
            finally:
                sys.modules["__main__"] = main


class WorkerContext(type(_context)):  # type: ignore[misc]
    """The context that makes such processes."""

    Process = WorkerProcess


class _Manager(PoolManager):
    """Pebble's manager, which reads all that a process sent before it says at which task the process died.

    Pebble looks for dead processes in one thread and reads messages in another: on a busy machine it blames
    the task before, whose result is not read yet, and misses the one that killed the process.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._reading = Lock()

    def process_next_message(self, timeout: float) -> None:
        """Read a message, if one comes in time."""
        with suppress(OSError):  # a closed channel: reading from it says so in pebble's words
            if not self.worker_manager.pool_channel.poll(timeout):  # type: ignore[union-attr]
                return
        with self._reading:
            super().process_next_message(0)

    def handle_worker_expiration(self, expiration: tuple[int, int]) -> None:
        """Give up the task of a dead process."""
        with self._reading:
            while self.worker_manager.pool_channel.poll(0):  # type: ignore[union-attr]
                super().process_next_message(0)
            super().handle_worker_expiration(expiration)


class _ForkedManager(_Manager):
    """A manager whose pool is broken when a process dies: by then, there are threads, and none is forked."""

    def update_workers(self) -> None:
        """Look for dead processes. Raises BrokenProcessPool, which gives up all tasks."""
        expirations = self.worker_manager.inspect_workers()
        for expiration in expirations:
            self.handle_worker_expiration(expiration)
        if expirations:
            raise BrokenProcessPool("a process died")


class _Pool(ProcessPool):
    def __init__(self, number: int, limited: bool) -> None:
        context = WorkerContext()
        super().__init__(number, initializer=_begin, initargs=(limited, gc.get_threshold()), context=context)
        self._pool_manager = _Manager(self._context, context)


class _ForkedPool(ProcessPool):
    def __init__(self, number: int) -> None:
        context: Any = multiprocessing.get_context("fork")
        super().__init__(number, initializer=_begin_forked, context=context)
        self._pool_manager = _ForkedManager(self._context, context)


def _has_one_thread() -> bool:
    """Tell whether there is no other thread, not even one of a library; only Linux knows."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def warm(preload: Sequence[str]) -> bool:
    """Import `preload`, or have it imported by the server that will start processes; tell whether one starts.

    There is none where processes are forked, or where the system has none.
    """
    if _has_one_thread():
        for name in preload:
            import_module(name)
        return False
    return warm_server(preload)


def warm_server(preload: Sequence[str]) -> bool:
    """Start the server that will start processes, which imports `preload`; False on a system without it."""
    os.environ["PYTHONSAFEPATH"] = "1"
    if METHOD != "forkserver":
        return False
    from multiprocessing import forkserver  # Windows has none

    forkserver.set_forkserver_preload(["pebble.pool.process", *preload])
    with uninterrupted(), _mute():
        forkserver.ensure_running()
    return True


def start_pool(number: int, *, limited: bool = False) -> ProcessPool:
    """Return a pool of `number` processes, with limited memory if `limited`; they start with its first task.

    Give it that task `uninterrupted`, so that they do not react to an interrupt meant for this process.
    """
    return _ForkedPool(number) if not limited and _has_one_thread() else _Pool(number, limited)


def call(function: Callable[[T], R], item: T, memory: int | None, work: float | None) -> R:
    """Call a function in a worker process that may have so many bytes of data and seconds of a processor.

    None is no limit, and so is any on a system that cannot limit it.
    """
    with suppress(ImportError):  # Windows has none
        import resource

        until = None if work is None else math.ceil(sum(os.times()[:2]) + work)
        for kind, size in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, until)):
            if size is not None:
                _, hard = resource.getrlimit(kind)
                most = size if hard == resource.RLIM_INFINITY else min(size, hard)
                resource.setrlimit(kind, (most, hard))
    return function(item)


def has_worked_too_long(error: BaseException) -> bool:
    """Tell whether the death of a process came of the limit on its work."""
    return getattr(error, "exitcode", 0) == -getattr(signal, "SIGXCPU", 0) != 0


def end(pool: ProcessPool, *, at_once: bool = False) -> None:
    """End a pool and all its tasks; `at_once` kills its processes, and those of all other pools."""
    with uninterrupted():
        pool.stop()  # type: ignore[no-untyped-call]
        if at_once:
            kill_all()
        pool.join()


def kill_all() -> None:
    """Kill every worker process; otherwise this process would wait for them at its end."""
    for process in multiprocessing.active_children():
        process.kill()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Postpone SIGINT; a process that starts meanwhile inherits that, and never receives one."""
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
    """Start processes without standard error: what one prints as it dies is of no use to people."""
    try:
        original = os.dup(2)
    except OSError:  # there is none
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)
    try:
        yield
    finally:
        os.dup2(original, 2)
        os.close(original)


def _begin_forked() -> None:
    """Make this process end with its parent, and say nothing: what it prints as it dies is of no use."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)
    Thread(target=_end_with_parent, daemon=True).start()


def _begin(limited: bool, threshold: tuple[int, int, int]) -> None:
    """Make this process end with its parent; a bomb ends in a MemoryError where memory is `limited`.

    `threshold` is when garbage is collected, as in the parent. Where its work is limited, the system would
    leave all its memory in the current folder when it ends it: no core is kept.
    """
    gc.set_threshold(*threshold)
    Thread(target=_end_with_parent, daemon=True).start()
    if limited:
        with suppress(ImportError):  # Windows has none
            import resource

            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _end_with_parent() -> None:
    """End when the parent does, however it ends, even in the middle of a call."""
    if parent := multiprocessing.parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)
