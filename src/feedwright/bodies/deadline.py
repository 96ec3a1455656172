"""A limit on the CPU time that one call takes in this process: a signal ends it between two steps of Python.

CPU time, since a busy machine must not decide what is published. It does not interrupt what a library does
outside of Python; what may take long there is bounded by size.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_AGAIN = 0.2
"""Seconds after which the signal comes again, in case a library caught the exception."""


class DeadlineError(BaseException):
    """Time is up. Not an `Exception`, since libraries catch those."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `DeadlineError` in the block when time is up: in the main thread, and where there are timers."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    late = False

    def ring(*_: object) -> NoReturn:
        nonlocal late
        late = True
        raise DeadlineError

    report = sys.unraisablehook
    handler = signal.signal(signal.SIGPROF, ring)
    sys.unraisablehook = lambda lost: None if isinstance(lost.exc_value, DeadlineError) else report(lost)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
        yield
        if late:
            raise DeadlineError
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
        sys.unraisablehook = report
