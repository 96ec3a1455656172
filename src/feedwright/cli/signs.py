"""Signs of life on standard error: a line that goes away on a terminal, one every ten seconds elsewhere."""

from __future__ import annotations

import time

from feedwright.cli.output import clear_status, print_status, print_stderr, status_width

_FIRST, _TERMINAL, _PIPE = 0.5, 0.1, 10.0
"""Seconds before the first sign at a terminal, and between two there and elsewhere."""


class Signs:
    """What a command does and how far it is; to be called as `commands.progress.Progress` is."""

    def __init__(self) -> None:
        self._width = status_width()
        self._next = time.monotonic() + (_FIRST if self._width else _PIPE)
        self._is_shown = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how much of a stage is done, if it is time for that."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (_TERMINAL if self._width else _PIPE)
        verb, _, what = stage.partition(" ")
        line = f"{verb} {done:,} of {total:,} {what}"
        if self._width:
            print_status(line[: self._width - 1])
            self._is_shown = True
        else:
            print_stderr(line)

    def clear(self) -> None:
        """Take the line away, for what is printed next."""
        if self._is_shown:
            clear_status()
            self._is_shown = False
