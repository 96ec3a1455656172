"""What changes on disk, as it happens; door to watchfiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread

from feedwright.problems import MachineError

_QUIET = 10
"""Milliseconds without a change after which those before it are told: an editor's save is several."""

_LONGEST = 500
"""Milliseconds after which changes are told though there are more of them."""

_TICK = 100
"""Milliseconds between two looks at whether to go on."""

_HINT = "where the system does not tell of changes, look for them: set WATCHFILES_FORCE_POLLING=true"
_OTHERS = ("~", ".swp", ".swx", ".tmp", ".part", f"{os.sep}4913")
"""The ends of files that editors and downloads leave for a moment; the last is vim's."""


class Watch:
    """A watch over folders, in threads of its own, until it is closed."""

    def __init__(self, below: Sequence[str], beside: Sequence[str], concerns: Callable[[str], bool]) -> None:
        """Begin; no change that comes after is missed.

        `below` are watched with all that is in them, `beside` alone; all are real paths.
        `concerns` tells which paths to report.
        """
        self._of = (tuple(below), tuple(beside))
        self._states = _states(*self._of)
        self._concerns = concerns
        self._over = Event()
        self._told: SimpleQueue[set[str] | Exception] = SimpleQueue()
        self._threads: list[Thread] = []
        started = []
        for paths, recursive in zip(self._of, (True, False), strict=True):
            if paths:
                started.append(Event())
                arguments = (paths, recursive, started[-1])
                self._threads.append(Thread(target=self._watch, args=arguments, daemon=True))
                self._threads[-1].start()
        for ready in started:
            ready.wait()

    def close(self) -> None:
        """End the threads."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def is_of(self, below: Sequence[str], beside: Sequence[str]) -> bool:
        """Tell whether these are the folders that are watched, and still the same ones."""
        return self._of == (tuple(below), tuple(beside)) and self._states == _states(below, beside)

    def wait(self, seconds: float | None) -> set[str]:
        """Return the paths that changed since, or changed next; none when the time is over.

        Raises `MachineError` SRV002 if the system does not watch.
        """
        changed: set[str] = set()
        with suppress(Empty):
            while True:
                told = self._told.get(timeout=0 if changed else seconds)
                if isinstance(told, Exception):
                    message = f"the site's folders cannot be watched: {told}"
                    raise MachineError(message, code="SRV002", hint=_HINT) from told
                changed |= told
        return changed

    def _watch(self, paths: Sequence[str], recursive: bool, ready: Event) -> None:
        import watchfiles

        try:
            for changes in watchfiles.watch(
                *paths,
                watch_filter=None,
                step=_QUIET,
                debounce=_LONGEST,
                rust_timeout=_TICK,
                yield_on_timeout=True,
                stop_event=self._over,
                recursive=recursive,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                ready.set()
                if changed := {path for _, path in changes if self._is_reported(path, paths)}:
                    self._told.put(changed)
        except Exception as error:
            self._told.put(error)
            ready.set()

    def _is_reported(self, path: str, folders: Sequence[str]) -> bool:
        folder = next((folder for folder in folders if path.startswith(folder)), "")
        hidden = any(part.startswith(".") for part in path[len(folder) :].split(os.sep))
        return not hidden and not path.endswith(_OTHERS) and self._concerns(path)


def _states(*folders: Sequence[str]) -> list[int]:
    """What tells a folder from one that takes its place."""
    return [os.stat(path).st_ino if os.path.isdir(path) else 0 for paths in folders for path in paths]
