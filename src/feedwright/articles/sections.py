"""Front matter that articles have without writing it: by the settings, or by the section that they lie in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeAlias

from feedwright.articles import files
from feedwright.articles.decode import decode
from feedwright.articles.front_matter import parse
from feedwright.articles.front_matter.fields import Value
from feedwright.generators.table import GENERATORS
from feedwright.problems import HeldError, blaming

Defaults: TypeAlias = Mapping[str, Mapping[str, Value]]
"""Values by key, by a glob pattern over the paths of articles; those of later patterns count."""

_FILES = ("_index.md", "_index.markdown", "_index.html")


def defaults_for(path: str, defaults: Defaults) -> dict[str, Value]:
    """Return the values that an article has for keys that it does not write itself."""
    values: dict[str, Value] = {}
    for pattern, row in defaults.items():
        if fnmatchcase(path, pattern):
            values |= row
    return values


def cascades(content: Path, dialect: str) -> Defaults:
    """Return what the files of sections, such as Hugo's `_index.md`, say of the articles below them.

    One that cannot be read says nothing.
    """
    cascade = GENERATORS[dialect].cascade
    if cascade is None:
        return {}
    rows: dict[str, dict[str, Value]] = {}
    for path in _section_files(content):
        folder = path.rpartition("/")[0]
        with suppress(HeldError), blaming(path):
            value = _cascade_of(path, content, dialect)
            for pattern, values in cascade(value):
                rows.setdefault(pattern or f"{folder}/*".lstrip("/"), {}).update(values)
    return rows


def _cascade_of(path: str, content: Path, dialect: str) -> Value:
    text, _ = decode(files.read(content, path, limit=files.HEAD_SIZE)[0], path=path)
    parsed = parse.read(text, file=path, dialect=dialect)
    at = next((at for at in parsed.raw.values() if at.key.lower() == "cascade"), None) if parsed else None
    return at.value if at else None


def _section_files(content: Path) -> Iterator[str]:
    """Yield the paths of the files of sections, those of a folder before those below it."""
    for folder, folders, names in os.walk(content):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        for name in _FILES:
            if name in names:
                yield os.path.relpath(os.path.join(folder, name), content).replace(os.sep, "/")
