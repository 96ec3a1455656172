"""JSON front matter becomes fields with positions, through the standard library's parser."""

from __future__ import annotations

import json
import re

from feedwright.articles.front_matter.fields import (
    MAX_DEPTH,
    SURROGATE,
    Field,
    Position,
    RawFields,
    Value,
    as_value,
    position_of,
)

_TOKEN = re.compile(r'"(?>(?:[^"\\]++|\\.)*)(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
_COLON = re.compile(r"\s*+:\s*+")


def object_end(text: str, start: int) -> int | None:
    """Return the offset after the bracket that closes the one at `start`, None when nothing does."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
            if depth == 0:
                return token.end()
    return None


def read_json(source: str, raw: RawFields) -> None:
    """Fill in the fields of the object that the source is; its faults too."""
    source = raw.scrub(source)
    positions = _find_keys(source, raw)
    if positions is None:
        return
    try:
        table = json.loads(source, parse_int=str, parse_float=str, parse_constant=str, strict=False)
    except json.JSONDecodeError as error:
        raw.error("FM008", f"JSON: {error.msg}", position_of(source, error.pos, raw.line))
        return
    for path, (key_position, value_position) in positions.items():
        value = table
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        text, name = _with_positions(value, value_position, raw), ".".join(path)
        fields = raw.fields if len(path) == 1 else raw.nested
        fields[name] = Field(name, text, *key_position, *value_position)


def _with_positions(value: object, position: Position, raw: RawFields) -> Value:
    def as_text(scalar: object) -> str | None:
        if not isinstance(scalar, str):
            return None if scalar is None else str(scalar).lower()
        if SURROGATE.search(scalar):
            raw.lone_surrogate(position)
        return SURROGATE.sub("\ufffd", scalar)

    return as_value(value, as_text)


def _find_keys(source: str, raw: RawFields) -> dict[tuple[str, ...], tuple[Position, Position]] | None:
    """Return where the keys of an object and of the tables in it stand, and their values.

    Reports keys that stand twice at any level; None where it is nested too deep to be read on.
    """
    positions: dict[tuple[str, ...], tuple[Position, Position]] = {}
    tables: list[dict[str, int] | None] = []  # the open ones, None for a list
    path: list[str] = []
    for token in _TOKEN.finditer(source):
        at = token.start()
        if token[0] in "{[":
            if len(tables) >= MAX_DEPTH:
                raw.too_deep(position_of(source, at, raw.line))
                return None
            tables.append({} if token[0] == "{" else None)
            path.append("")
        elif token[0] in "}]":
            if tables:
                tables.pop()
                path.pop()
        elif tables and (table := tables[-1]) is not None and (colon := _COLON.match(source, token.end())):
            path[-1] = key = _unescape(token[0])
            if SURROGATE.search(key):
                raw.lone_surrogate(position_of(source, at, raw.line))
            elif table.setdefault(key, at) != at:
                first = position_of(source, table[key], raw.line)
                raw.duplicate(key, first, position_of(source, at, raw.line))
            elif len(tables) <= 2 and None not in tables:
                positions[tuple(path)] = (
                    position_of(source, at, raw.line),
                    position_of(source, colon.end(), raw.line),
                )
    return positions


def _unescape(token: str) -> str:
    if "\\" in token:
        try:
            return str(json.loads(token, strict=False))
        except json.JSONDecodeError:
            return token
    return token[1:-1]
