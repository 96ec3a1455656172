"""TOML front matter becomes fields with positions, through the standard library's parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time

from feedwright.articles.front_matter.fields import MAX_DEPTH, Field, RawFields, Value, as_value

_TABLE = re.compile(r"\s*+\[++(?P<name>[^\]\n]*+)\]")
_KEY = re.compile(r"""\s*+(?P<key>"[^"\n]*+"|'[^'\n]*+'|[A-Za-z0-9_.\- ]++)\s*+=\s*+""")
_TEXT = (
    r'(?s)"{3}(?>(?:[^"\\]++|\\.|"(?!""))*)(?:"{3}|\\?\Z)'
    r"|'{3}.*?(?:'{3}|\Z)"
    r"""|"(?>(?:[^"\\\n]++|\\.)*)"?|'[^'\n]*+'?|#[^\n]*+"""
)
_DOTTED = rf"(?<![^\s.=,{{}}\[\]])(?:[^\s.=,{{}}\[\]]++[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}"
_ERROR_POSITION = r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$"
_LONG_NUMBER = r"(?m)^([^=\n]*=\s*)([-+]?[\w.]{4000,})[ \t]*$"


def read_toml(source: str, raw: RawFields) -> None:
    """Fill in the fields of the document that the source is; its faults too."""
    import tomllib

    source = re.sub(_LONG_NUMBER, r'\1"\2"', raw.scrub(source))
    if re.search(_DOTTED, re.sub(_TEXT, "_", source)):  # tomllib takes quadratic time for these
        raw.too_deep((raw.line, 1))
        return
    lines = list(_lines(source, raw.line))
    try:
        table = as_value(tomllib.loads(source, parse_float=str), _as_text)
    except tomllib.TOMLDecodeError as error:
        _explain(str(error), source, lines, raw)
    except RecursionError:
        raw.too_deep((raw.line, 1))
    except ValueError as error:  # a number with more digits than Python reads
        raw.error("FM008", f"TOML: {error}", (raw.line, 1))
    else:
        _fill(table, {line.key: line for line in reversed(lines)}, raw)


def _fill(table: Value, lines: dict[str, Field], raw: RawFields) -> None:
    for key, value in table.items() if isinstance(table, dict) else ():
        at = lines.get(key, Field("", None, raw.line, 1, raw.line, 1))
        raw.fields[key] = at._replace(key=key, value=value)
        for name, inner in value.items() if isinstance(value, dict) else ():
            path = f"{key}.{name}"
            raw.nested[path] = lines.get(path, at)._replace(key=path, value=inner)


def _as_text(value: object) -> str:
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lines(source: str, first: int) -> Iterator[Field]:
    """Yield the lines that set a key: the key with its table's before it, and positions, but no value."""
    table = ""
    for number, text in enumerate(source.split("\n"), first):
        if pair := _KEY.match(text):
            key, column = table + pair["key"].strip("'\" "), pair.start("key") + 1
            yield Field(key, None, number, column, number, pair.end() + 1)
        elif (header := _TABLE.match(text)) and "=" not in header["name"]:
            name, column = header["name"].strip("'\" \t"), header.start("name") + 1
            table = name + "."
            yield Field(name, None, number, column, number, column)


def _explain(error: str, source: str, lines: list[Field], raw: RawFields) -> None:
    stated = re.search(_ERROR_POSITION, error)
    message = error[: stated.start()] if stated else error
    number, column = raw.position(source, len(source))
    if stated and stated[1]:
        number, column = raw.line - 1 + int(stated[1]), int(stated[2])
    again = next((line for line in lines if line.line == number), None)
    first = next((line for line in lines if again and line.key == again.key), None)
    if again and first and first is not again and message.startswith("Cannot "):
        raw.duplicate(again.key, (first.line, first.column), (again.line, again.column))
    else:
        raw.error("FM008", f"TOML: {message}", (number, column))
