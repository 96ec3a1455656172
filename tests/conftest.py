"""What all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

settings.register_profile("feedwright", deadline=None, print_blob=True)
settings.load_profile("feedwright")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-cases` writes what the cases make as what they expect: look at the difference then."""
    parser.addoption(
        "--write-cases", action="store_true", help="write the expected files of tests/cases anew"
    )
