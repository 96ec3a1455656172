"""Regular expressions that are compiled when they are first used: one run needs few of all that there are."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class LazyPattern:
    """A source and flags; every other attribute is that of the compiled pattern, and stays."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, value)
        return value


def lazy_pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern as `re.compile` does, which is compiled, and checked, when it is first used."""
    return cast("re.Pattern[AnyStr]", LazyPattern(source, flags))
