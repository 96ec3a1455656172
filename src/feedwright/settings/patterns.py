"""How many glob patterns settings may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from feedwright.settings.checks import Fault, SettingError

_FEW = 100
"""Patterns that need not be looked at."""


def excess(values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the path of every setting with too many patterns, and the error."""
    for name in ("defaults", "ignore"):
        patterns = values[name] or ()
        if len(patterns) <= _FEW:
            continue
        from feedwright.articles import globs  # few settings have so many

        number = sum(not globs.is_plain(pattern) for pattern in patterns)
        if number > globs.MOST:
            message = f"has {number:,} patterns with wildcards inside; the limit is {globs.MOST:,}"
            yield (name,), SettingError("CFG018", message, 'name the folders that hold them, as in "notes/*"')
