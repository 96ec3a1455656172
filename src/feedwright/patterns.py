"""Regular expressions that are compiled when they are first used: one run needs few of all that there are."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, cast


def _of_compiled(name: str) -> cached_property[Any]:
    return cached_property(lambda self: getattr(self.compiled, name))


class LazyPattern:
    """A source and flags, with the methods of the compiled pattern: each is looked up there once."""

    search = _of_compiled("search")
    match = _of_compiled("match")
    fullmatch = _of_compiled("fullmatch")
    finditer = _of_compiled("finditer")
    findall = _of_compiled("findall")
    split = _of_compiled("split")
    sub = _of_compiled("sub")
    subn = _of_compiled("subn")

    def __init__(self, source: str | bytes, flags: int) -> None:
        """Compile nothing."""
        self.pattern = source
        self.flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[Any]:
        """The pattern; raises `re.error` if there is a mistake in it."""
        return re.compile(self.pattern, self.flags)


def lazy_pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern as `re.compile` does, which is compiled, and checked, when it is first used."""
    return cast("re.Pattern[AnyStr]", LazyPattern(source, flags))
