"""What one front matter says, with positions, before anything is known about its meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from feedwright.problems import Problem, Severity

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
"""A value as text: scalars as they were written, None for null and for nothing."""

MAX_DEPTH = 32
_MAX_PROBLEMS = 100

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Field(NamedTuple):
    """One key of the front matter; lines and columns count from 1 in the file.

    A tuple, since one is made for every key of every article: a frozen dataclass takes four times as long.
    """

    key: str
    value: Value
    line: int
    column: int
    value_line: int
    value_column: int


@dataclass(slots=True, kw_only=True)
class Transcript:
    """What a notation's reader fills: top-level fields by key, `table.key` fields of tables, and faults.

    `line` is the file line on which the source begins.
    """

    file: str
    line: int = 1
    fields: dict[str, Field] = field(default_factory=dict)
    nested: dict[str, Field] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def note(
        self,
        severity: Severity,
        code: str,
        message: str,
        line: int,
        column: int,
        *,
        hint: str = "",
        name: str = "",
    ) -> None:
        """Note a fault at a place in the file, the first hundred of them; `name` is the field it is in."""
        if len(self.problems) >= _MAX_PROBLEMS:
            return
        self.problems.append(
            Problem(
                severity=severity,
                code=code,
                message=message,
                file=self.file,
                line=line,
                column=column,
                field=name,
                hint=hint,
            )
        )

    def error(
        self, code: str, message: str, line: int, column: int, *, hint: str = "", name: str = ""
    ) -> None:
        """Note a fault that holds the article."""
        self.note("error", code, message, line, column, hint=hint, name=name)

    def forget(self) -> None:
        """Drop every field, since the rest of the front matter cannot be read."""
        self.fields.clear()
        self.nested.clear()

    def duplicate(self, key: str, first: tuple[int, int], second: tuple[int, int]) -> None:
        """Note a key that stands twice in one table."""
        key = key[:80]
        message = f"`{key}` stands twice: first at {first[0]}:{first[1]}, again here"
        self.error("FM012", message, *second, name=key, hint="keep one of the two")

    def second_document(self, line: int, column: int) -> None:
        """Note a second YAML document, of which nothing would be read."""
        hint = "keep one document between the fences"
        self.error("FM020", "a second YAML document in the front matter", line, column, hint=hint)

    def too_deep(self, line: int, column: int) -> None:
        """Note lists or tables nested deeper than `MAX_DEPTH`."""
        message = f"lists or tables are nested more than {MAX_DEPTH} deep"
        self.error("FM015", message, line, column)

    def lone_surrogate(self, line: int, column: int) -> None:
        """Note half of a surrogate pair, which no encoding of XML can carry."""
        hint = "write the character itself, or in YAML \\U and eight hex digits"
        self.error("FM006", "half of a surrogate pair is not a character", line, column, hint=hint)


def place(source: str, offset: int, first_line: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset into a source that begins on `first_line`, column 1."""
    return first_line + source.count("\n", 0, offset), offset - source.rfind("\n", 0, offset)


def scrub(source: str, transcript: Transcript) -> str:
    """The source without characters that XML 1.0 or YAML 1.2 (§5.1) forbid; says so, once, as a warning."""
    lone = _SURROGATE.search(source)
    if lone is not None:
        transcript.lone_surrogate(*place(source, lone.start(), transcript.line))
        source = _SURROGATE.sub("\ufffd", source)
    first = _FORBIDDEN.search(source)
    if first is None:
        return source
    scrubbed, count = _FORBIDDEN.subn("", source)
    message = f"control characters removed from the front matter: {count}, first U+{ord(first[0]):04X}"
    transcript.note("warning", "XML001", message, *place(source, first.start(), transcript.line))
    return scrubbed
