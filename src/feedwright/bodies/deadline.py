"""A limit on the time that one call takes in this process: an alarm ends it between two steps of Python.

It does not interrupt what a library does outside of Python; what may take long there is bounded by size.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_AGAIN = 0.2
"""Seconds after which the alarm rings again, in case a library caught the exception."""


class DeadlineError(BaseException):
    """Time is up. Not an `Exception`, since libraries catch those."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `DeadlineError` in the block when time is up: in the main thread, and where there are alarms."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    late = False

    def ring(*_: object) -> NoReturn:
        nonlocal late
        late = True
        raise DeadlineError

    report = sys.unraisablehook
    handler = signal.signal(signal.SIGALRM, ring)
    sys.unraisablehook = lambda lost: None if isinstance(lost.exc_value, DeadlineError) else report(lost)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        yield
        if late:
            raise DeadlineError
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        sys.unraisablehook = report
