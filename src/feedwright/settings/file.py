"""The configuration file: which one counts, what it says, and where."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from msgspec import Struct

from feedwright import disk
from feedwright.problems import UsageError
from feedwright.settings.checks import Key, suggestion
from feedwright.settings.neighbours import neighbour

if TYPE_CHECKING:
    from feedwright.articles.front_matter.toml_positions import Position

Place = tuple[str, int, int]
"""A file, a line and a column."""

OWN = "feedwright.toml"
SHARED = "pyproject.toml"


class Source(Struct, frozen=True, kw_only=True):
    """One configuration file, accepted by the TOML parser.

    `file` is its name in messages, `folder` the base of its relative paths, `table` holds the settings, which
    are below `prefix` in `text`.
    """

    file: str
    folder: Path
    text: str
    table: Mapping[str, object]
    prefix: Key = ()

    def position(self, path: Key, word: str | None = None) -> tuple[int, int]:
        """Return line and column of the setting with that path, or else of the table around it; or zeros.

        With a `word`, the position is that of the word in the setting's value, if it is found there; with "",
        that of the value.
        """
        from feedwright.articles.front_matter.toml_positions import positions

        known, full = positions(self.text), self.prefix + path
        while full and full not in known:
            full = full[:-1]
        if not full:
            return 0, 0
        key = known[full]
        if word == "" and key.path == full:
            return key.line, key.value_column
        return (self._place_of(word, key) if word else None) or key.place

    def places(self, name: str, start: Path) -> dict[str, Place]:
        """Return where every key of a table of settings stands; the file is named in full."""
        from feedwright.articles.front_matter.toml_positions import positions

        table, above, file = self.table.get(name), (*self.prefix, name), os.path.join(start, self.file)
        known = positions(self.text) if isinstance(table, dict) else {}
        return {path[-1]: (file, *known[path].place) for path in known if path[:-1] == above}

    def _place_of(self, word: str, key: Position) -> tuple[int, int] | None:
        """The position of a word in the value of a key; None where it is not found."""
        from feedwright.articles.front_matter.fields import position_of
        from feedwright.articles.front_matter.toml_positions import keys

        ends = (_offset(self.text, p.line, p.column) for p in keys(self.text) if p.place > key.place)
        begin = _offset(self.text, key.line, key.value_column)
        written = rf"""["'](?:[^"'\n]*[^\w"'\n-])?({re.escape(word)})(?![\w-])"""
        found = re.search(written, self.text[begin : next(ends, None)])
        return position_of(self.text, begin + found.start(1)) if found else None


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(row) + 1 for row in text.split("\n")[: line - 1]) + column - 1


def find(config: Path | None, start: Path) -> Source | None:
    """Return the configuration that counts in the absolute folder `start`: `config`, else the nearest upward.

    None where there is none. Raises `UsageError`: CFG002 where it cannot be read, CFG003 where one folder
    has two, CFG005 where it is not TOML.
    """
    if config is not None:
        if source := _source(start / config, start):
            return source
        file = shown(start / config, start)
        hint = 'begin the settings with the line [tool.feedwright], then url = "https://example.org/"'
        _refuse("CFG002", f"there is no [tool.feedwright] in {file}", hint, file)
    for folder in (start, *start.parents):
        paths = [*filter(_is_there, (folder / OWN, folder / SHARED))]
        sources = [source for path in paths if (source := _source(path, start))]
        if len(sources) == 2:
            own, shared = sources
            message = f"both {own.file} and [tool.feedwright] in {shared.file} hold settings"
            hint = f"keep one of the two: move what [tool.feedwright] says to {OWN}, or remove {OWN}"
            _refuse("CFG003", message, hint, shared.file, *shared.position(()))
        if sources:
            return sources[0]
    return None


def _is_there(path: Path) -> bool:
    """Tell whether there is a file: where the disk does not say, whoever reads it is told why."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False  # a folder above may be one that may not be searched
    except OSError:
        return True


def _refuse(code: str, message: str, hint: str, file: str, line: int = 0, column: int = 0) -> NoReturn:
    raise UsageError(message, code=code, hint=hint, file=file, line=line, column=column) from None


def _source(path: Path, start: Path) -> Source | None:
    """The source in a file; None where a `pyproject.toml` is only about other tools."""
    file = shown(path, start)
    text = _read(path, file)
    if path.name != SHARED:
        return Source(file=file, folder=path.parent, text=text, table=_parsed(text, file))
    # a fault in a file without the word is not our business
    tools = _parsed(text, file).get("tool") if "feedwright" in text else None
    table = tools.get("feedwright") if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        _refuse("CFG007", "tool.feedwright is not a table", "write the line [tool.feedwright]", file)
    return Source(file=file, folder=path.parent, text=text, table=table, prefix=("tool", "feedwright"))


def _read(path: Path, file: str) -> str:
    try:
        return disk.read_bytes(path).decode("utf-8-sig")
    except OSError as error:
        message = f"the configuration {file} cannot be read: {error.strerror or error}"
        hint = suggestion(neighbour(path, suffix=".toml"), "give the file with -c FILE")
        _refuse("CFG002", message, hint, file)
    except UnicodeDecodeError as error:
        from feedwright.articles.front_matter.fields import position_of

        before = error.object[: error.start].decode(errors="replace")
        line, column = position_of(before, len(before), 1)
        _refuse("CFG002", f"the configuration {file} is not UTF-8", "save it as UTF-8", file, line, column)


def _parsed(text: str, file: str) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        from feedwright.articles.front_matter.toml_hints import slip
        from feedwright.articles.front_matter.toml_positions import explained

        message, *at = explained(error, text.rstrip("\n"))
        if found := slip(text, at[0], message):
            _refuse("CFG005", f"not TOML: {found.message}", found.hint, file, found.line, found.column)
        hint = 'name = "text", name = 20, name = ["one", "two"]: see toml.io'
        _refuse("CFG005", f"not TOML: {message}", hint, file, *at)


def shown(path: Path, start: Path) -> str:
    """Return the name of a file in messages: below the folder `start` from there, else in full."""
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)
