"""What all tests share."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("feedwright", deadline=None, print_blob=True)
settings.load_profile("feedwright")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-cases` writes what the cases make as what they expect: look at the difference then."""
    parser.addoption(
        "--write-cases", action="store_true", help="write the expected files of tests/cases anew"
    )


@pytest.fixture(scope="session", autouse=True)
def interrupts_are_heard() -> Iterator[None]:
    """A shell starts what runs in the background with SIGINT ignored, and our children would inherit that."""
    before = signal.getsignal(signal.SIGINT)
    if before == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
