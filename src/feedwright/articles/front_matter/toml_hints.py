"""The likely slip of a person who wrote TOML that does not parse: text in, explanation out."""

from __future__ import annotations

import re

from msgspec import Struct

from feedwright.articles.front_matter.yaml_hints import conflict_hint

_LONGEST = 300
_FAR = 30
_PAIR = r"(?P<head>\s*+[\w.-]++\s*+=\s*+)(?P<value>\S.*+)"
_QUOTES = "“”„‟‘’‚‛«»＂＇"
_COLON = r"\s*+(?P<key>[\w.-]++)\s*+:\s++(?P<value>\S.*+)"


class Slip(Struct, frozen=True):
    """What is wrong, where, and what to do; the line and the column count from 1."""

    message: str
    line: int
    column: int
    hint: str


def slip(source: str, line: int, message: str) -> Slip | None:
    """Return the likely slip behind a syntax error with tomllib's `message`; None if nobody can know it."""
    if conflict := conflict_hint(source):
        return Slip(conflict.message, conflict.line + 1, 1, conflict.hint)
    lines = source.split("\n")
    text = lines[line - 1].rstrip() if 0 < line <= len(lines) else ""
    if len(text) > _LONGEST:
        return None
    if "overwrite" in message or "twice" in message:
        return _repeated(lines, line)
    if "array" in message:
        return _unclosed(lines, line)
    if pair := re.fullmatch(_PAIR, text):
        return _of_value(pair, line)
    if colon := re.fullmatch(_COLON, text):
        hint = f"{colon['key']} = {_as_text(colon['value'])}"
        return Slip(f"`{colon['key']}` needs `=`, not `:`", line, colon.end("key") + 1, hint)
    return None


def _repeated(lines: list[str], line: int) -> Slip | None:
    """A key that its table has already, or a table that stands twice."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    named = re.match(r"\s*+(?P<key>\[?[^=\[\]#]++\]?)", text)
    key = named["key"].strip() if named else ""
    for number in range(line - 1, 0, -1) if key else ():
        other = lines[number - 1].strip()
        if other.startswith(key) and re.match(r"\s*+(?:=|#|\Z)", other[len(key) :]):
            column = len(text) - len(text.lstrip()) + 1
            return Slip(f"`{key}` stands twice, first in line {number}", line, column, "keep one of the two")
        if other.startswith("[") and not key.startswith("["):
            return None
    return None


def _unclosed(lines: list[str], line: int) -> Slip | None:
    """The list that is not closed on a line: it begins there, or a few lines before."""
    for number in range(min(line, len(lines)), max(0, line - _FAR), -1):
        text = lines[number - 1]
        if text.count("[") > text.count("]") and len(text) <= _LONGEST:
            hint = f"{text.strip().rstrip(',')}]"
            return Slip("the list that `[` begins is not closed", number, text.index("[") + 1, hint)
    return None


def _of_value(pair: re.Match[str], line: int) -> Slip | None:
    value, column = pair["value"], pair.start("value") + 1
    if any(quote in value for quote in _QUOTES):
        hint = f"{pair['head'].strip()} {_straight(value)}"
        return Slip("typographic quotes are no quotes in TOML", line, column, hint)
    if re.fullmatch(r"""[^\W\d_][^"'\[\]{}#,]*""", value):
        return Slip("a text needs quotes", line, column, f"{pair['head'].strip()} {_as_text(value)}")
    if value[0] in "\"'" and value.count(value[0]) == 1:
        return Slip("the quote that begins here is not closed", line, column, f"{pair[0].strip()}{value[0]}")
    return None


def _straight(text: str) -> str:
    return "".join('"' if character in _QUOTES else character for character in text)


def _as_text(value: str) -> str:
    escaped = value.strip("\"'").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
