"""How a process begins that works for this one: with our modules alone, not with the script that asks for it.

By itself multiprocessing runs the main module again in every new process: a script without
`if __name__ == "__main__"` would begin its build anew, without end, and one from standard input is no file.
"""

from __future__ import annotations

import multiprocessing
import sys
from contextlib import contextmanager
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_ONE_AT_A_TIME = Lock()
_context: Any = multiprocessing.get_context(METHOD)


class WorkerProcess(_context.Process):  # type: ignore[misc]  # which class it is depends on the system
    """A process that is told of no main module."""

    @staticmethod
    def _Popen(process: Any) -> Any:  # noqa: N802 - multiprocessing's name
        with _without_main():
            return _context.Process._Popen(process)


class WorkerContext(type(_context)):  # type: ignore[misc]
    """The context that makes such processes."""

    Process = WorkerProcess


@contextmanager
def _without_main() -> Iterator[None]:
    with _ONE_AT_A_TIME:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
