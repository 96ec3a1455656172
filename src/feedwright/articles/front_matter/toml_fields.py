"""TOML front matter → fields with positions, through the standard library's parser."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from feedwright.articles.front_matter.fields import MAX_DEPTH, Field, Transcript, Value, scrub

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE = re.compile(r"\s*+\[++(?P<name>[^\]\n]*+)\]")
_KEY = re.compile(r"""\s*+(?P<key>"[^"\n]*+"|'[^'\n]*+'|[A-Za-z0-9_.\- ]++)\s*+=\s*+""")
_TEXT = re.compile(
    r""""{3}(?>(?:[^"\\]++|\\.|"(?!""))*)(?:"{3}|\\?\Z)|'{3}.*?(?:'{3}|\Z)|"(?>(?:[^"\\\n]++|\\.)*)"?|'[^'\n]*+'?|#[^\n]*+""",
    re.DOTALL,
)
_DOTTED = re.compile(rf"(?<![^\s.=,{{}}\[\]])(?:[^\s.=,{{}}\[\]]++[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}")
_ERROR_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONG_NUMBER = re.compile(r"(?m)^([^=\n]*=\s*)([-+]?[\w.]{4000,})[ \t]*$")


class _Line(NamedTuple):
    """A line that sets a key: the key's name, with its table's before it, and places from 1 in the file."""

    name: str
    line: int
    column: int
    value_column: int


class _TooDeep(Exception):  # noqa: N818
    """Lists or tables nested deeper than `MAX_DEPTH`."""


def read_toml(source: str, transcript: Transcript) -> None:
    """Fill the transcript with the document that the source is; its faults too."""
    import tomllib

    source = _LONG_NUMBER.sub(r'\1"\2"', scrub(source, transcript))
    if _DOTTED.search(_TEXT.sub("_", source)):  # tomllib takes quadratic time for these
        transcript.too_deep(transcript.line, 1)
        return
    lines = list(_lines(source, transcript.line))
    try:
        table = _as_text(tomllib.loads(source, parse_float=str), 0)
    except tomllib.TOMLDecodeError as error:
        _explain(str(error), source, lines, transcript)
        return
    except (_TooDeep, RecursionError):
        transcript.too_deep(transcript.line, 1)
        return
    except ValueError as error:  # a number with more digits than Python reads
        transcript.error("FM008", f"TOML: {error}", transcript.line, 1)
        return
    places: dict[str, _Line] = {}
    for line in lines:
        places.setdefault(line.name, line)
    _fill(table, places, transcript)


def _fill(table: Value, places: dict[str, _Line], transcript: Transcript) -> None:
    nowhere = _Line("", transcript.line, 1, 1)
    for key, value in table.items() if isinstance(table, dict) else ():
        at = places.get(key, nowhere)
        transcript.fields[key] = _field(key, value, at)
        for name, inner in value.items() if isinstance(value, dict) else ():
            path = f"{key}.{name}"
            transcript.nested[path] = _field(path, inner, places.get(path, at))


def _field(key: str, value: Value, at: _Line) -> Field:
    return Field(
        key=key,
        value=value,
        line=at.line,
        column=at.column,
        value_line=at.line,
        value_column=at.value_column,
    )


def _as_text(value: object, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise _TooDeep
    if isinstance(value, dict):
        return {key: _as_text(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item, depth + 1) for item in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lines(source: str, first: int) -> Iterator[_Line]:
    table = ""
    for number, text in enumerate(source.split("\n"), first):
        header = _TABLE.match(text)
        pair = _KEY.match(text)
        if pair is not None:
            name = pair["key"].strip("'\" ")
            yield _Line(table + name, number, pair.start("key") + 1, pair.end() + 1)
        elif header is not None and "=" not in header["name"]:
            table = header["name"].strip("'\" \t") + "."
            yield _Line(table[:-1], number, header.start("name") + 1, header.start("name") + 1)


def _explain(error: str, source: str, lines: list[_Line], transcript: Transcript) -> None:
    said = _ERROR_PLACE.search(error)
    message = error[: said.start()] if said else error
    number, column = 1 + source.count("\n"), len(source) - source.rfind("\n")
    if said and said[1]:
        number, column = int(said[1]), int(said[2])
    number += transcript.line - 1
    again = next((line for line in lines if line.line == number), None)
    first = next((line for line in lines if again and line.name == again.name), None)
    if again and first and first is not again and message.startswith("Cannot "):
        places = (first.line, first.column), (again.line, again.column)
        transcript.duplicate(again.name, *places)
    else:
        transcript.error("FM008", f"TOML: {message}", number, column)
