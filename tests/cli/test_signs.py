"""Signs of life: on a terminal after half a second, gone at the end; elsewhere every ten seconds."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from desk import Desk
from feedwright.cli import signs
from feedwright.commands.progress import counted, counting
from feedwright.workers import serial
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

ERASE = "\x1b[K"


class Screen(io.StringIO):
    """Standard error that is a terminal, or not."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the signs."""
    clock = Clock()
    monkeypatch.setattr(signs, "time", clock)
    return clock


def _screen(monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool) -> Screen:
    screen = Screen(is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    return screen


def test_a_terminal_shows_one_line_from_half_a_second_on(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    screen = _screen(monkeypatch, is_terminal=True)
    shown = signs.Signs()
    for seconds, done in ((0.4, 1), (0.6, 4210), (0.65, 4300), (0.8, 9000)):
        clock.now = 100 + seconds
        shown("reading articles", done, 10_000)
    assert screen.getvalue() == "".join(
        f"\rreading {done} of 10,000 articles{ERASE}" for done in ("4,210", "9,000")
    )
    shown.clear()
    shown.clear()
    assert screen.getvalue().endswith(f"articles{ERASE}\r{ERASE}")


def test_a_short_command_leaves_a_terminal_alone(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    screen = _screen(monkeypatch, is_terminal=True)
    shown = signs.Signs()
    shown("reading articles", 1, 2)
    shown.clear()
    assert screen.getvalue() == ""


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_a_log_gets_a_line_every_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, term: str
) -> None:
    screen = _screen(monkeypatch, is_terminal=term == "dumb")
    monkeypatch.setenv("TERM", term)
    shown = signs.Signs()
    for seconds in range(30):
        clock.now = 100 + seconds
        shown("rendering feeds", seconds, 150)
    shown.clear()
    assert screen.getvalue() == "rendering 10 of 150 feeds\nrendering 20 of 150 feeds\n"


def test_a_narrow_terminal_gets_no_second_line(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    screen = _screen(monkeypatch, is_terminal=True)
    monkeypatch.setattr(screen, "fileno", lambda: 2)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((20, 5)))
    shown = signs.Signs()
    clock.now += 1
    shown("reading articles", 1, 10_000)
    assert screen.getvalue() == f"\rreading 1 of 10,000{ERASE}"


def test_items_are_counted_and_come_unchanged() -> None:
    told: list[tuple[str, int, int]] = []
    items = list(counted(range(20), "reading articles", 20, lambda *facts: told.append(facts)))
    assert items == list(range(20))
    assert told == [("reading articles", done, 20) for done in (0, 8, 16)]
    spread = counting(serial, "rendering feeds", lambda *facts: told.append(facts))
    assert list(spread(str, [1, 2])) == ["1", "2"]
    assert told[-1] == ("rendering feeds", 0, 2)


def test_a_build_tells_its_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(signs.Signs, "__call__", lambda self, stage, done, total: told.append(stage))
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("a.md", text("A"))
    assert desk.run("build").code == 0
    rendering = ["rendering groups of entries", "rendering feeds"]
    assert told == ["reading articles", "sanitizing bodies", *rendering]
    told.clear()
    desk.run("build", "--no-cache", "-q")
    assert told == []
