"""The positions of keys in TOML documents, which the standard library's parser does not tell.

This is not a second parser: it scans what `tomllib` accepts, only to place a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from feedwright.articles.front_matter.fields import MAX_DEPTH, position_of

Key = tuple[str, ...]
"""The names that lead to a value, from the outermost table."""

TEXT = (
    r'(?s:"{3}(?>(?:[^"\\]++|\\.|"(?!""))*)(?:"{3,5}|\\?\Z)'
    r"|'{3}.*?(?:'{3,5}|\Z)"
    r"""|"(?>(?:[^"\\\n]++|\\.)*)"?|'[^'\n]*+'?|#[^\n]*+)"""
)
"""The pattern of a string or a comment; also of a string that is not closed."""

_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
# one with more parts is refused
_NAME = rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{0,{MAX_DEPTH}}}+"
_TOKEN = (
    rf"(?m)(?<![\w.-])(?P<name>{_NAME})(?P<key>[ \t]*+=[ \t]*+)(?:[\w.+:-]++|{TEXT})?+"
    rf"|^[ \t]*+\[(?P<array>\[)?[ \t]*+(?P<table>{_NAME})[ \t]*+\](?(array)\])"
    rf"|(?P<open>[\[{{])|(?P<close>[\]}}])|{TEXT}"
)


class Position(Struct, frozen=True):
    """A key or the header of a table; its line and columns count from 1, in characters."""

    path: Key
    line: int
    column: int
    value_column: int

    @property
    def place(self) -> tuple[int, int]:
        """The line and the column."""
        return self.line, self.column


def keys(source: str) -> Iterator[Position]:
    """Yield the positions of all keys and table headers in order; an error may end the source anywhere."""
    table: Key = ()
    path: Key = ()
    opened: list[Key] = []  # brackets around the value, each with the path of the key it belongs to
    line, counted = 1, 0
    for token in re.finditer(_TOKEN, source):
        kind = token.lastgroup
        if kind == "open":
            opened.append(path)
        elif kind == "close" and opened:
            path = opened.pop()
        elif kind == "key" or (kind == "table" and not opened):
            group = "name" if kind == "key" else kind
            start, path = token.start(group), _names(token[group])
            line, counted = line + source.count("\n", counted, start), start
            column = value_column = start - source.rfind("\n", 0, start)
            if kind == "table":
                table = path
            else:
                path = (opened[-1] if opened else table) + path
                value_column += token.end(kind) - start
            yield Position(path, line, column, value_column)


def positions(source: str) -> dict[Key, Position]:
    """Return the first position of every key and table of an accepted document, by its full path."""
    first: dict[Key, Position] = {}
    for position in keys(source):
        path = position.path
        while path and path not in first:
            first[path] = position
            path = path[:-1]
    return first


def _names(dotted: str) -> Key:
    if dotted.isidentifier():
        return (dotted,)
    import tomllib

    parts = re.findall(_PART, dotted)
    return tuple(tomllib.loads(f"_ = {part}")["_"] if part[0] in "\"'" else part for part in parts)


def explained(error: Exception, source: str) -> tuple[str, int, int]:
    """Return what `tomllib` says is wrong, with line and column; these are 0 where it does not tell."""
    message, at, place = str(error).rpartition(" (at ")
    if not at:
        return place, 0, 0
    numbers = [int(number) for number in re.findall("[0-9]+", place)]  # none at the end of the document
    line, column = numbers or position_of(source, len(source), 1)
    return message, line, column
