"""Templates and translations that come with the package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def text(path: str) -> str:
    """The text of a file in this package; `path` is relative to it, with `/`."""
    return files(__package__).joinpath(path).read_text("utf-8")
