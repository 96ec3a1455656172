"""JSON front matter becomes fields with positions, through the standard library's parser."""

from __future__ import annotations

import json
import re

from feedwright.articles.front_matter.fields import MAX_DEPTH, SURROGATE, Field, RawFields, Value, as_value
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

_TOKEN = lazy_pattern(r'"(?>(?:[^"\\]++|\\.)*)(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
_COLON = lazy_pattern(r"\s*+:\s*+")


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
        message, hint = _in_words(source, error)
        raw.error("FM008", message, raw.position(source, error.pos), hint)
        return
    for path, at in positions.items():
        value = table
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        fields = raw.fields if len(path) == 1 else raw.nested
        fields[at.key] = replace(at, value=_as_texts(value, at, raw))


def _in_words(source: str, error: json.JSONDecodeError) -> tuple[str, str]:
    """What is wrong, and what to do (RFC 8259 §2 to §7)."""
    found = source[error.pos : error.pos + 1]
    is_after_comma = source[: error.pos].rstrip().endswith(",")
    if found in ("}", "]") and is_after_comma:
        return f"JSON: a comma before `{found}`", f"delete the comma before `{found}`"
    if found == "'":
        return "JSON: text in single quotes", 'use double quotes: "title"'
    if found in ("\u201c", "\u201d", "\u2018", "\u2019"):
        return "JSON: typographic quotes are no quotes in JSON", 'use straight quotes: "title"'
    if error.msg.startswith("Expecting ',' delimiter"):
        return "JSON: a comma or a closing bracket is missing", "write a comma after each value but the last"
    if error.msg.startswith("Expecting ':' delimiter"):
        return "JSON: a colon is missing after the key", '"title": "A title"'
    if error.msg.startswith("Expecting value"):
        return "JSON: a value is missing, or a text without quotes", '"title": "A title"'
    if error.msg.startswith("Expecting property name"):
        return "JSON: a key without quotes", 'write keys in double quotes: "title"'
    return f"JSON: {error.msg[:1].lower()}{error.msg[1:]}", "see json.org"


def _as_texts(value: object, at: Field, raw: RawFields) -> Value:
    def as_text(scalar: object) -> str | None:
        if not isinstance(scalar, str):
            return None if scalar is None else str(scalar).lower()
        if SURROGATE.search(scalar):
            raw.lone_surrogate((at.value_line, at.value_column))
        return SURROGATE.sub("\ufffd", scalar)

    return as_value(value, as_text)


def _find_keys(source: str, raw: RawFields) -> dict[tuple[str, ...], Field] | None:
    """Return the keys of an object and of the tables in it, by path, with their positions but no value.

    Reports keys that stand twice at any level; None where it is nested too deep to be read on.
    """
    positions: dict[tuple[str, ...], Field] = {}
    tables: list[dict[str, int] | None] = []  # the open ones, None for a list
    path: list[str] = []
    for token in _TOKEN.finditer(source):
        at = token.start()
        if token[0] in "{[":
            if len(tables) >= MAX_DEPTH:
                raw.too_deep(raw.position(source, at))
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
                raw.lone_surrogate(raw.position(source, at))
            elif table.setdefault(key, at) != at:
                raw.duplicate(key, raw.position(source, table[key]), raw.position(source, at))
            elif len(tables) <= 2 and None not in tables:
                position = raw.position(source, at)
                value_position = raw.position(source, colon.end())
                positions[tuple(path)] = Field(".".join(path), None, *position, *value_position)
    return positions


def _unescape(token: str) -> str:
    if "\\" in token:
        try:
            return str(json.loads(token, strict=False))
        except json.JSONDecodeError:
            return token
    return token[1:-1]
