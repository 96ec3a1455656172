"""Where the keys of a TOML document stand; the standard library's parser does not tell.

This is no second parser: it scans documents that `tomllib` has accepted, and only to place a message.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class _Token(NamedTuple):
    text: str
    at: Position


def positions(text: str) -> dict[Key, Position]:
    """Return the place of every key and every table header of an accepted document, by its whole path.

    Where a path is written more than once, as in arrays of tables, the first place counts.
    """
    found: dict[Key, Position] = {}
    tokens = deque(_tokens(text))
    table: Key = ()
    while tokens:
        if tokens[0].text == "\n":
            tokens.popleft()
        elif tokens[0].text == "[":
            table = _header(tokens, found)
        else:
            _pair(tokens, table, found)
    return found


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens that are not space or comment; a line break is one of its own."""
    line, start = 1, 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield _Token(match[0], Position(line, match.start() - start + 1))
        if "\n" in match[0]:
            line += match[0].count("\n")
            start = match.start() + match[0].rindex("\n") + 1


def _header(tokens: deque[_Token], found: dict[Key, Position]) -> Key:
    """Take `[table]` or `[[table]]`; return its path."""
    while tokens[0].text == "[":
        tokens.popleft()
    table = _key(tokens, (), found)
    while tokens and tokens[0].text == "]":
        tokens.popleft()
    return table


def _pair(tokens: deque[_Token], table: Key, found: dict[Key, Position]) -> None:
    """Take `key = value`; the pairs inside an inline table too."""
    path = _key(tokens, table, found)
    tokens.popleft()  # the equals sign
    opened = [""]
    while tokens:
        mark = tokens[0].text
        if mark == "\n" and opened == [""]:
            return
        if mark in ("}", "]"):
            if opened.pop() == "":
                return
        elif mark in ("{", "["):
            opened.append(mark)
        elif mark == "," and opened == [""]:
            return
        tokens.popleft()
        if mark == "{" or (mark == "," and opened[-1] == "{"):
            _inline(tokens, path, found)


def _inline(tokens: deque[_Token], path: Key, found: dict[Key, Position]) -> None:
    """Take the next pair of the inline table at `path`, if there is one."""
    while tokens and tokens[0].text == "\n":
        tokens.popleft()
    if tokens and tokens[0].text != "}":
        _pair(tokens, path, found)


def _key(tokens: deque[_Token], table: Key, found: dict[Key, Position]) -> Key:
    """Take a key, dotted or not, and note where it and each table above it are first named."""
    at, path = tokens[0].at, table
    while tokens and tokens[0].text not in ("=", "]", "\n"):
        part = tokens.popleft().text
        if part != ".":
            path += (_name(part),)
            found.setdefault(path, at)
    return path


def _name(token: str) -> str:
    if token[0] not in "\"'":
        return token
    import tomllib

    return str(tomllib.loads(f"name = {token}")["name"])
