"""TOML front matter becomes fields with positions, through the standard library's parser."""

from __future__ import annotations

import re
from datetime import date, time

from feedwright.articles.front_matter.fields import MAX_DEPTH, Field, RawFields, Value, as_value
from feedwright.articles.front_matter.toml_hints import slip
from feedwright.articles.front_matter.toml_positions import TEXT, Key, Position, explained, keys, positions

_DOTTED = rf"(?<![^\s.=,{{}}\[\]])(?:[^\s.=,{{}}\[\]]++[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}"
_LONG_NUMBER = r"(?m)^([^=\n]*=\s*)([-+]?[\w.]{4000,})[ \t]*$"


def read_toml(source: str, raw: RawFields) -> None:
    """Fill in the fields of the document that the source is; its faults too."""
    import tomllib

    source = re.sub(_LONG_NUMBER, r'\1"\2"', raw.scrub(source))
    # `tomllib` takes quadratic time for long dotted keys
    if source.count(".") >= MAX_DEPTH and re.search(_DOTTED, re.sub(TEXT, "_", source)):
        raw.too_deep((raw.line, 1))
        return
    try:
        table = as_value(tomllib.loads(source, parse_float=str), _as_text)
    except tomllib.TOMLDecodeError as error:
        _explain(error, source, raw)
    except RecursionError:
        raw.too_deep((raw.line, 1))
    except ValueError as error:  # a number with more digits than Python reads
        raw.error("FM008", f"TOML: {error}", (raw.line, 1))
    else:
        _fill(table, source, raw)


def _fill(table: Value, source: str, raw: RawFields) -> None:
    known, above = positions(source), raw.line - 1

    def field(key: str, value: Value, path: Key) -> Field:
        at = known[path]
        line = above + at.line
        return Field(key, value, line, at.column, line, at.value_column)

    for key, value in table.items() if isinstance(table, dict) else ():
        raw.fields[key] = field(key, value, (key,))
        for name, inner in value.items() if isinstance(value, dict) else ():
            raw.nested[f"{key}.{name}"] = field(f"{key}.{name}", inner, (key, name))


def _as_text(value: object) -> str:
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _explain(error: ValueError, source: str, raw: RawFields) -> None:
    message, line, column = explained(error, source)
    above = raw.line - 1
    earlier: dict[Key, Position] = {}
    for key in keys(source) if message.startswith("Cannot ") else ():
        first = earlier.setdefault(key.path, key)
        if key.line == line and first is not key:
            raw.duplicate(".".join(key.path), (above + first.line, first.column), (above + line, key.column))
            return
        if key.line >= line:
            break
    if found := slip(source, line, message):
        raw.error("FM008", found.message, (above + found.line, found.column), found.hint)
    else:
        raw.error("FM008", f"TOML: {message}", (above + line, column))
