"""Many glob patterns at once: which of them a path matches, without asking each of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from fnmatch import translate
from functools import cached_property

MOST = 1000
"""The most patterns with wildcards inside: each may be compared with every path."""

_WILDCARD = re.compile(r"[*?[]")


class _Glob:
    """A pattern and its number, compiled when a path first begins as it does."""

    def __init__(self, number: int, pattern: str) -> None:
        self.number = number
        self.pattern = pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(translate(self.pattern))


class Globs:
    """Patterns by what stands before their first wildcard; as in `fnmatch`, `*` goes over slashes."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._by_beginning: defaultdict[str, list[_Glob]] = defaultdict(list)
        for number, pattern in enumerate(patterns):
            self._by_beginning[_beginning(pattern)].append(_Glob(number, pattern))
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})

    def matches(self, path: str) -> list[int]:
        """Return the numbers of the patterns that a path matches, in their order."""
        return sorted(
            glob.number
            for length in self._lengths
            if length <= len(path)
            for glob in self._by_beginning.get(path[:length], ())
            if glob.compiled.match(path)
        )


def is_plain(pattern: str) -> bool:
    """Tell whether a pattern has no wildcard but `*` at its end: no number of these takes long."""
    return _beginning(pattern) == pattern.rstrip("*")


def _beginning(pattern: str) -> str:
    match = _WILDCARD.search(pattern)
    return pattern[: match.start()] if match else pattern
