"""Front matter that articles have without writing it: by the settings, or by the section that they lie in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from feedwright.articles import files
from feedwright.articles.decode import decode
from feedwright.articles.front_matter import parse
from feedwright.articles.front_matter.fields import Value
from feedwright.articles.globs import MOST, Globs, is_plain
from feedwright.generators.table import GENERATORS
from feedwright.problems import HeldError, Problem, blaming

Defaults: TypeAlias = Mapping[str, Mapping[str, Value]]
"""Values by key, by a glob pattern over the paths of articles; those of later patterns count."""

LONGEST = 16_384
"""The most characters of an article's defaults: each article costs what it is given."""

_TOO_MANY = f"the site's sections have more than {MOST:,} targets with wildcards inside"

_UNREAD = ""
"""In place of a key: what is wrong with the section's own file, which may hide what lies below it."""


def defaults_for(path: str, defaults: Defaults) -> dict[str, Value]:
    """Return the values that an article has for keys that it does not write itself.

    Raises `HeldError` for more than `LONGEST` characters, and where nobody knows what its section says.
    """
    patterns = tuple(defaults)
    values: dict[str, Value] = {}
    room = LONGEST
    for number in _globs(patterns).matches(path):
        row = defaults[patterns[number]]
        if fault := row.get(_UNREAD):
            message = f"its section may hide it: {fault}"
            raise HeldError((Problem.error("FM029", message, path, hint="mend the file of the section"),))
        room -= len(repr(row))
        if room < 0:
            message = f"its defaults have more than {LONGEST:,} characters"
            hint = "write what few articles have into these"
            raise HeldError((Problem.error("FM016", message, path, hint=hint),))
        values |= row
    return values


@lru_cache(8)
def _globs(patterns: tuple[str, ...]) -> Globs:
    return Globs(patterns)


def cascades(content: Path, dialect: str) -> Defaults:
    """Return what the files of sections, such as Hugo's `_index.md`, say of the articles below them.

    Where one that may hide articles cannot be read, or has more than `MOST` targets with wildcards inside,
    all articles below it are held.
    """
    cascade = GENERATORS[dialect].cascade
    if cascade is None:
        return {}
    rows: dict[str, dict[str, Value]] = {}
    room = MOST
    for path in _section_files(content, GENERATORS[dialect].section_files):
        below = f"{path.rpartition('/')[0]}/*".lstrip("/")
        text = ""
        try:
            with blaming(path):
                text, _ = decode(files.read(content, path, limit=files.HEAD_SIZE)[0], path=path)
                for pattern, values in cascade(_fields_of(text, path, dialect)):
                    room -= not is_plain(pattern) and pattern not in rows
                    if room < 0 and not is_plain(pattern):
                        raise HeldError((Problem.error("FM016", _TOO_MANY, path),))
                    rows.setdefault(pattern or below, {}).update(values)
        except HeldError as error:
            if not text or any(word in text for word in GENERATORS[dialect].cascading):
                rows.setdefault(below, {})[_UNREAD] = _fault(error.problems[0])
    return rows


def _fields_of(text: str, path: str, dialect: str) -> dict[str, Value]:
    parsed = parse.read(text, file=path, dialect=dialect)
    if parsed and parsed.problems and not parsed.raw:
        raise HeldError(parsed.problems)
    return {at.key.lower(): at.value for at in parsed.raw.values()} if parsed else {}


def _fault(problem: Problem) -> str:
    place = f":{problem.line}:{problem.column}" if problem.line else ""
    return f"{problem.file}{place}: {problem.message}"


def _section_files(content: Path, names_in: Callable[[str], Sequence[str]]) -> Iterator[str]:
    """Yield the paths of the files of sections, those of a folder before those below it."""
    for folder, folders, names in os.walk(content):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        for name in names_in(os.path.basename(folder)):
            if name in names:
                yield os.path.relpath(os.path.join(folder, name), content).replace(os.sep, "/")
