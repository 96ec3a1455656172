"""Fixtures and options of all tests."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from loopback import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopback import Server

settings.register_profile("feedwright", deadline=None, print_blob=True)
settings.load_profile("feedwright")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--write-cases`, which makes the results of the cases their expectations: review the diff."""
    parser.addoption("--write-cases", action="store_true", help="rewrite the expected files of tests/cases")


@pytest.fixture(scope="session", autouse=True)
def interrupts_are_heard() -> Iterator[None]:
    """Hear SIGINT in background jobs: shells start them with SIGINT ignored, and children inherit that."""
    before = signal.getsignal(signal.SIGINT)
    if before == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on this machine that runs, and no proxy before it."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with running() as server:
        yield server
