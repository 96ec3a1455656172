"""Deadlines: a call that takes too long ends, whatever swallows the signal, and nothing is left behind."""

from __future__ import annotations

import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import nh3
import pytest

from feedwright.bodies import deadline

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers")


def _use(seconds: float) -> None:
    """Use so much CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(1000))


def _work(done: list[str]) -> None:
    _use(300)
    done.append("work")


def _stubborn(done: list[str]) -> None:
    while not done:
        with suppress(Exception):
            _work(done)


@pytest.mark.parametrize("work", [_work, _stubborn])
def test_what_takes_too_long_is_ended(work: Any) -> None:
    done: list[str] = []
    with pytest.raises(deadline.DeadlineError), deadline.within(0.05):
        work(done)
    assert done == []


def test_a_signal_that_a_library_swallows_is_raised_in_the_end(capfd: pytest.CaptureFixture[str]) -> None:
    def slow(tag: str, name: str, value: str) -> str:
        _use(0.02)
        return value

    cleaner = nh3.Cleaner(attribute_filter=slow)
    with pytest.raises(deadline.DeadlineError), deadline.within(0.05):
        cleaner.clean('<a href="https://example.org/">x</a>' * 30)
    assert capfd.readouterr() == ("", "")


def test_a_call_in_time_leaves_nothing_behind() -> None:
    before = signal.getsignal(signal.SIGPROF), sys.unraisablehook
    with deadline.within(60):
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 0
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    assert (signal.getsignal(signal.SIGPROF), sys.unraisablehook) == before


def test_other_threads_have_no_timer() -> None:
    timers: list[tuple[float, float]] = []

    def run() -> None:
        with deadline.within(0.01):
            _use(0.05)
            timers.append(signal.getitimer(signal.ITIMER_PROF))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert timers == [(0, 0)]


def test_waiting_takes_no_time() -> None:
    with deadline.within(0.05):
        time.sleep(0.2)
