"""The fields of one front matter, with positions, before anything is known about their meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct, field

from feedwright.model import replace
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
"""A value as text: scalars as they were written, None for null and for nothing."""

Position: TypeAlias = tuple[int, int]
"""Line and column, from 1, in the file."""

MAX_DEPTH = 32
_MAX_PROBLEMS = 100

SURROGATE = lazy_pattern("[\ud800-\udfff]")
_FORBIDDEN = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


class Field(Struct, frozen=True):
    """One key of the front matter; lines and columns count from 1 in the file."""

    key: str
    value: Value
    line: int
    column: int
    value_line: int
    value_column: int


class RawFields(Struct, kw_only=True):
    """The fields of one front matter, filled in by a notation's reader, and its faults.

    `fields` are those at the top, by key; `nested` those of tables, by `table.key`; the values
    of `quoted` are in quotes. `line` is the line of the
    file on which the source begins.
    """

    file: str
    line: int = 1
    fields: dict[str, Field] = field(default_factory=dict)
    nested: dict[str, Field] = field(default_factory=dict)
    quoted: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def error(self, code: str, message: str, position: Position, hint: str = "", key: str = "") -> None:
        """Add a fault that holds the article, in the field `key`."""
        self._add(Problem.error(code, message, self.file, *position, hint=hint, field=key))

    def warn(self, code: str, message: str, position: Position, hint: str = "", key: str = "") -> None:
        """Add a fault that was repaired, in the field `key`."""
        self._add(Problem.warning(code, message, self.file, *position, hint=hint, field=key))

    def _add(self, problem: Problem) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(problem)

    def explain(self, *slips: Problem, line: int = 0, column: int = 1) -> None:
        """Report slips in a text that begins at a position in the file, by default the source."""
        for slip in slips:
            line_in_file = (line or self.line) + slip.line
            self._add(replace(slip, file=self.file, line=line_in_file, column=column + slip.column))

    def duplicate(self, key: str, first: Position, second: Position) -> None:
        """Report a key that stands twice in one table."""
        key = key[:80]
        message = f"`{key}` stands twice: first at {first[0]}:{first[1]}, again here"
        self.error("FM012", message, second, "keep one of the two", key)

    def second_document(self, position: Position) -> None:
        """Report a second YAML document, of which nothing would be read."""
        hint = "keep one document between the fences"
        self.error("FM020", "a second YAML document in the front matter", position, hint)

    def too_deep(self, position: Position) -> None:
        """Report lists or tables nested deeper than `MAX_DEPTH`."""
        self.error("FM015", f"lists or tables are nested more than {MAX_DEPTH} deep", position)

    def lone_surrogate(self, position: Position) -> None:
        """Report half of a surrogate pair, which no encoding of XML can carry."""
        hint = "write the character itself, or in YAML \\U and eight hex digits"
        self.error("FM006", "half of a surrogate pair is not a character", position, hint)

    def position(self, source: str, offset: int) -> Position:
        """Return the position in the file of an offset into the source."""
        return position_of(source, offset, self.line)

    def scrub(self, source: str) -> str:
        """Return the source without characters that XML 1.0 or YAML 1.2 (§5.1) forbid; report them once."""
        if lone := SURROGATE.search(source):
            self.lone_surrogate(self.position(source, lone.start()))
            source = SURROGATE.sub("\ufffd", source)
        first = _FORBIDDEN.search(source)
        if first is None:
            return source
        scrubbed, count = _FORBIDDEN.subn("", source)
        message = f"control characters removed from the front matter: {count}, first U+{ord(first[0]):04X}"
        self.warn("XML001", message, self.position(source, first.start()))
        return scrubbed


def position_of(source: str, offset: int, first_line: int = 1) -> Position:
    """Return the position of an offset into a source that begins on `first_line`, column 1."""
    return first_line + source.count("\n", 0, offset), offset - source.rfind("\n", 0, offset)


def as_value(value: object, as_text: Callable[[object], str | None], depth: int = 0) -> Value:
    """Return a parser's value with its scalars as text. Raises RecursionError beyond `MAX_DEPTH`."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        return {key: as_value(inner, as_text, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_value(inner, as_text, depth + 1) for inner in value]
    return as_text(value)
