"""The configuration file: which one counts, what it says, and where."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from feedwright import disk
from feedwright.problems import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from feedwright.settings.positions import Key, Position

OWN = "feedwright.toml"
SHARED = "pyproject.toml"
_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One configuration file, accepted by the TOML parser.

    `file` is its name in messages, `folder` the base of its relative paths, `table` holds the settings, which
    are below `prefix` in `text`.
    """

    file: str
    folder: Path
    text: str
    table: Mapping[str, object]
    prefix: Key = ()

    def position(self, path: Key) -> Position:
        """Return the position of the setting with that path, or else of the table around it."""
        from feedwright.settings.positions import Position, positions

        known, full = positions(self.text), self.prefix + path
        above = (full[:depth] for depth in range(len(full), 0, -1))
        return next((known[key] for key in above if key in known), Position(0, 0))


def find(config: Path | None, start: Path) -> Source | None:
    """Return the configuration that counts in the absolute folder `start`: `config`, else the nearest upward.

    None where there is none. Raises `UsageError`: CFG002 where it cannot be read, CFG003 where one folder
    has two, CFG005 where it is not TOML.
    """
    if config is not None:
        if source := _source(start / config, start):
            return source
        file = _shown(start / config, start)
        hint = 'begin the settings with the line [tool.feedwright], then url = "https://example.org/"'
        _refuse("CFG002", f"there is no [tool.feedwright] in {file}", hint, file)
    for folder in (start, *start.parents):
        # `Path.is_file` raises where a folder may not be searched
        paths = [path for path in (folder / OWN, folder / SHARED) if os.path.isfile(path)]
        sources = [source for path in paths if (source := _source(path, start))]
        if len(sources) == 2:
            own, shared = sources
            message = f"both {own.file} and [tool.feedwright] in {shared.file} have the settings"
            hint = f"keep one of the two: move what [tool.feedwright] says to {OWN}, or remove {OWN}"
            _refuse("CFG003", message, hint, shared.file, *shared.position(()))
        if sources:
            return sources[0]
    return None


def _refuse(code: str, message: str, hint: str, file: str, line: int = 0, column: int = 0) -> NoReturn:
    raise UsageError(message, code=code, hint=hint, file=file, line=line, column=column) from None


def _source(path: Path, start: Path) -> Source | None:
    """The source in a file; None where a `pyproject.toml` is only about other tools."""
    text, file = _read(path, start), _shown(path, start)
    if path.name != SHARED:
        return Source(file=file, folder=path.parent, text=text, table=_parsed(text, file))
    if "feedwright" not in text:  # a fault in it is not our business
        return None
    tools = _parsed(text, file).get("tool")
    table = tools.get("feedwright") if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        _refuse("CFG007", "tool.feedwright is not a table", "write the line [tool.feedwright]", file)
    return Source(file=file, folder=path.parent, text=text, table=table, prefix=("tool", "feedwright"))


def _read(path: Path, start: Path) -> str:
    file = _shown(path, start)
    try:
        return disk.read_bytes(path).decode("utf-8-sig")
    except OSError as error:
        message = f"the configuration {file} cannot be read: {error.strerror or error}"
        _refuse("CFG002", message, "give the file with -c FILE", file)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(errors="replace")
        _refuse("CFG002", f"the configuration {file} is not UTF-8", "save it as UTF-8", file, *_end(before))


def _parsed(text: str, file: str) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line, column = 0, 0
        if match := _POSITION.search(str(error)):
            line, column = (int(match[1]), int(match[2])) if match[1] else _end(text.rstrip("\n"))
        hint = 'name = "text", name = 20, name = ["one", "two"]: see toml.io'
        _refuse("CFG005", f"not TOML: {_POSITION.sub('', str(error))}", hint, file, line, column)


def _end(text: str) -> tuple[int, int]:
    """The line and the column after a text."""
    return text.count("\n") + 1, len(text.rpartition("\n")[2]) + 1


def _shown(path: Path, start: Path) -> str:
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)
