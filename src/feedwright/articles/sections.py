"""Front matter that articles have without writing it: by the settings, or by files of the site.

Those are the files of the sections that articles lie in, and files of data beside an article.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

from feedwright.articles import files
from feedwright.articles.decode import decode
from feedwright.articles.front_matter import parse
from feedwright.articles.front_matter.fields import Value
from feedwright.articles.front_matter.keys import fold_key, key_index
from feedwright.articles.globs import MOST, Globs, is_plain
from feedwright.generators.table import GENERATORS
from feedwright.media_types import ARTICLES
from feedwright.patterns import lazy_pattern
from feedwright.problems import HeldError, Problem, blaming

Defaults: TypeAlias = Mapping[str, Mapping[str, Value]]
"""Values by key, by a glob pattern over the paths of articles; those of later patterns count."""

LONGEST = 16_384
"""The most characters of an article's defaults: each article costs what it is given."""

_TOO_MANY = f"the site's sections have more than {MOST:,} targets with wildcards inside"

_OBJECT = lazy_pattern(r"""\{\s*+["}]""")

_UNREAD = ""
"""In place of a key: what is wrong with the file, which may hide the articles that it tells of."""


def defaults_for(path: str, defaults: Defaults) -> dict[str, Value]:
    """Return the values that an article has for keys that it does not write itself.

    Raises `HeldError` for more than `LONGEST` characters, and where nobody knows what a file says of it.
    """
    patterns = tuple(defaults)
    values: dict[str, Value] = {}
    room = LONGEST
    for number in _globs(patterns).matches(path):
        row = defaults[patterns[number]]
        if fault := row.get(_UNREAD):
            message = f"another file may hide it: {fault}"
            raise HeldError((Problem.error("FM029", message, path, hint="mend that file"),))
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
    """Return what the files of sections, such as Hugo's `_index.md`, and data beside articles say of these.

    Where one that may hide articles cannot be read, or has more than `MOST` targets with wildcards inside,
    all articles that it tells of are held.
    """
    if not GENERATORS[dialect].cascading:
        return {}
    rows = _Rows()
    for path, below in _files(content, dialect):
        if fault := _read(content, path, below, dialect, rows):
            rows.by_pattern.setdefault(below, {})[_UNREAD] = fault
    return rows.by_pattern


class _Rows:
    """The values of articles by pattern, of which at most `MOST` have wildcards inside."""

    def __init__(self) -> None:
        self.by_pattern: dict[str, dict[str, Value]] = {}
        self._room = MOST

    def add(self, path: str, pattern: str, values: Mapping[str, Value]) -> None:
        """Keep what a file says of the articles that a pattern fits. Raises `HeldError` for one too many."""
        if not is_plain(pattern):
            self._room -= pattern not in self.by_pattern
            if self._room < 0:
                raise HeldError((Problem.error("FM016", _TOO_MANY, path),))
        self.by_pattern.setdefault(pattern, {}).update(values)


def _read(content: Path, path: str, below: str, dialect: str, rows: _Rows) -> str:
    """Add what a file says of articles; return what is wrong with it where that may hide some, else ""."""
    generator = GENERATORS[dialect]
    text, is_whole = "", False
    try:
        with blaming(path):
            data, is_whole = files.read(content, path, limit=files.HEAD_SIZE)
            text, _ = decode(data, path=path)
            for target, values in generator.cascade(_fields_of(text, path, dialect)):
                rows.add(path, target or below, _with_meaning(values, dialect))
    except HeldError as error:
        may_hide = not (text and is_whole) or any(word in text for word in generator.cascading)
        return _fault(error.problems[0]) if may_hide else ""
    return ""


def _with_meaning(values: Mapping[str, Value], dialect: str) -> dict[str, Value]:
    """The values without lists and tables that mean nothing here: a site may keep all of its data there."""
    known = _known(dialect)
    return {k: v for k, v in values.items() if not isinstance(v, list | dict) or fold_key(k) in known}


@cache
def _known(dialect: str) -> frozenset[str]:
    return frozenset(key.partition(".")[0] for key in key_index(dialect))


def _fields_of(text: str, path: str, dialect: str) -> dict[str, Value]:
    if path.endswith(tuple(GENERATORS[dialect].data_suffixes)):
        text = _data(text, path)
    parsed = parse.read(text, file=path, dialect=dialect)
    if parsed and parsed.problems and not parsed.raw:
        raise HeldError(parsed.problems)
    return {at.key.lower(): at.value for at in parsed.raw.values()} if parsed else {}


def _data(text: str, path: str) -> str:
    """A text that is nothing but a JSON object as front matter; "" for another value."""
    start = text.lstrip()
    if start.startswith("{") and not _OBJECT.match(start):
        raise HeldError((Problem.error("FM029", "this is no JSON object", path),))
    return "\n" * text.count("\n", 0, len(text) - len(start)) + start if start.startswith("{") else ""


def _fault(problem: Problem) -> str:
    place = f":{problem.line}:{problem.column}" if problem.line else ""
    return f"{problem.file}{place}: {problem.message}"


def _files(content: Path, dialect: str) -> Iterator[tuple[str, str]]:
    """Yield the paths of files that tell of articles, each with the pattern of these, the weakest first."""
    from glob import escape  # few sites have such files

    names_in, suffixes = GENERATORS[dialect].section_files, GENERATORS[dialect].data_suffixes
    for path, folders, names in os.walk(content):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        folder = os.path.relpath(path, content).replace(os.sep, "/")
        folder = "" if folder == "." else f"{folder}/"
        for name in names_in(os.path.basename(path)):
            if name in names:
                yield folder + name, f"{escape(folder)}*"
        for name, article in _beside(names, suffixes) if suffixes else ():
            yield folder + name, escape(folder + article)


def _beside(names: Sequence[str], suffixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the files of data in a folder, each with an article that is named like it."""
    present = frozenset(names)
    for suffix in suffixes:
        for name in sorted(name for name in names if name.endswith(suffix)):
            stem = name.removesuffix(suffix)
            yield from ((name, stem + end) for end in ARTICLES if stem + end in present)
