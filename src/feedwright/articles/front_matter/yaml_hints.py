"""What a person probably did who wrote YAML that does not parse; text in, explanation out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_HINT = 300
_PAIR = re.compile(r"\s*(?P<head>(?:-\s+)?)(?P<key>[^\s:#][^:\n]*+):\s+(?P<value>\S.*)")
_WIDE = re.compile(
    r"(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(?P<slip>：|:(?=[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]))"
    r"\s*(?P<value>.*)"
)
_TIGHT = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_.-]*):(?P<value>[^\s:/].*)")


class Slip(NamedTuple):
    """A fault at a place counted from 0 in the source."""

    code: str
    message: str
    line: int
    column: int
    hint: str


def quoted(line: str) -> str:
    """The line `key: value` with its value in double quotes; "" when it is none or too long to show."""
    pair = _PAIR.match(line)
    if pair is None or len(line) > _LONGEST_HINT:
        return ""
    value = pair["value"].strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    elif value[0] in "'\"" and value.count(value[0]) == 1:  # never closed
        value = value[1:]
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{pair["head"]}{pair["key"].rstrip()}: "{escaped}"'


def wide_slips(source: str) -> Iterator[Slip]:
    """Every top-level key with a full-width colon, or with a full-width space after its colon."""
    for number, line in enumerate(source.split("\n")):
        wide = _WIDE.match(line)
        if wide is not None:
            yield wide_slip(wide, number)


def wide_slip(wide: re.Match[str], line: int) -> Slip:
    """The fault of a match of a key and a full-width colon or space."""
    colon = wide["slip"] == "："
    message = f"a full-width {'colon' if colon else 'space'} after `{wide['key']}`: YAML wants `: `"
    value = wide["value"].strip()[:_LONGEST_HINT]
    return Slip("FM019", message, line, wide.start("slip") + (not colon), f"{wide['key']}: {value}".rstrip())


def wide_key(key: str) -> re.Match[str] | None:
    """The match when a key, as parsed, swallowed a full-width colon or space."""
    return _WIDE.match(key)


def tight_slip(line: str, number: int) -> Slip | None:
    """The fault of a line `key:value`, which YAML reads as plain text."""
    tight = _TIGHT.match(line)
    if tight is None:
        return None
    hint = f"{tight['key']}: {tight['value'].strip()[:_LONGEST_HINT]}"
    return Slip("FM008", f"no space after `{tight['key']}:`", number, tight.start("value"), hint)


def syntax_slip(source: str, problem: str, context: str, line: int, column: int) -> Slip:
    """The likely slip behind a syntax error: `problem` and `context` in libyaml's words, place from 0."""
    lines = source.split("\n")
    text = lines[line] if line < len(lines) else ""
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" in indent or text[column : column + 1] == "\t":
        tab = indent.find("\t") if "\t" in indent else column
        return Slip("FM010", "a tab; YAML allows only spaces here", line, tab, "use spaces")
    if problem.startswith("mapping values are not allowed"):
        return _stray_colon(lines, text, line, column)
    tight = tight_slip(text, line)
    if tight is not None:
        return tight
    message = f"{problem} ({context})" if context else problem
    return Slip("FM008", message, line, column, _hint(problem, text, column))


def _stray_colon(lines: list[str], text: str, line: int, column: int) -> Slip:
    pair = _PAIR.match(text)
    if pair is not None and pair.start("value") <= column:
        return Slip("FM011", "a value with `: ` inside must be quoted", line, column, quoted(text))
    above = next((number for number in range(line - 1, -1, -1) if lines[number].strip()), None)
    tight = None if above is None else tight_slip(lines[above], above)
    if tight is not None:
        return tight
    hint = "indent the keys alike, and quote a text that runs over several lines"
    return Slip("FM008", "mapping values are not allowed in this context", line, column, hint)


def _hint(problem: str, text: str, column: int) -> str:
    if "expected ':'" in problem:
        return "a key is followed by `: `; the further lines of a text are indented"
    pair = _PAIR.match(text)
    if pair is not None and pair.start("value") <= column:
        return quoted(text)
    return ""
