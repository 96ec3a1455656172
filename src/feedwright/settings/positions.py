"""The positions of the keys in a TOML document, which the standard library's parser does not tell.

This is not a second parser: it scans documents that `tomllib` has accepted, only to place a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

Key = tuple[str, ...]

_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r]|\#[^\n]*)+)
    | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*')
    | (?P<mark>[\[\]{}=,.\n])
    | (?P<bare>[^\s\#"'\[\]{}=,.]+)""",
    re.DOTALL | re.VERBOSE,
)


class Position(NamedTuple):
    """A line and a column in characters; both count from 1."""

    line: int
    column: int


def positions(text: str) -> dict[Key, Position]:
    """Return the position of every key and every table header of an accepted document, by its full path.

    Where a path is written more than once, as in arrays of tables, the first position counts.
    """
    found: dict[Key, Position] = {}
    table: Key = ()
    path: Key = ()
    start: Position | None = None  # of the key that is being read
    opened: list[tuple[str, Key]] = []  # brackets around the value, each with the key it belongs to
    in_key, in_header = True, False
    for part, at in _tokens(text):
        if part == "\n" and not opened:
            table = path if in_header else table
            path, start, in_key, in_header = table, None, True, False
        elif in_key and part == "[":
            path, in_header = (), True
        elif in_key and part == "=":
            in_key = False
        elif part in ("}", "]"):
            if opened:
                (_, path), in_key = opened.pop(), False
        elif in_key and part not in (".", "\n"):
            start, path = start or at, (*path, _name(part))
            found.setdefault(path, start)
        elif part in ("{", "["):
            opened.append((part, path))
            start, in_key = None, part == "{"
        elif part == "," and opened[-1][0] == "{":
            path, start, in_key = opened[-1][1], None, True
    return found


def _tokens(text: str) -> Iterator[tuple[str, Position]]:
    """The tokens that are not space or comment; a line break is one of its own."""
    line, start = 1, 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield match[0], Position(line, match.start() - start + 1)
        if "\n" in match[0]:
            line += match[0].count("\n")
            start = match.start() + match[0].rindex("\n") + 1


def _name(token: str) -> str:
    if token[0] not in "\"'":
        return token
    import tomllib

    return str(tomllib.loads(f"name = {token}")["name"])
