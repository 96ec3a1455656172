"""The configuration file: which one counts, and what stands where in it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwright import disk
from feedwright.problems import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from feedwright.settings.positions import Key, Position

OWN = "feedwright.toml"
SHARED = "pyproject.toml"
TABLE: Key = ("tool", "feedwright")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One configuration file, accepted by the TOML parser.

    `file` is its name in messages, `folder` what its relative paths start from, `table` holds the settings,
    which stand below `prefix` in `text`.
    """

    file: str
    folder: Path
    text: str
    table: Mapping[str, object]
    prefix: Key = ()

    def place(self, path: Key) -> Position:
        """Return where the setting with that path stands, or else the table around it."""
        from feedwright.settings.positions import Position, positions

        found = positions(self.text)
        whole = self.prefix + path
        return next(
            (found[whole[:n]] for n in range(len(whole), 0, -1) if whole[:n] in found), Position(0, 0)
        )


def find(config: Path | None, start: Path) -> Source | None:
    """Return the configuration that counts in the absolute folder `start`: `config`, else the nearest upward.

    None where there is none. Raises `UsageError`: CFG002 where it cannot be read, CFG003 where one folder
    has two, CFG005 where it is not TOML.
    """
    if config is not None:
        return _given(start / config, start)
    for folder in (start, *start.parents):
        own, shared = folder / OWN, _from_shared(folder / SHARED, start)
        if _is_file(own):
            if shared is not None:
                at = shared.place(())
                message = (
                    f"both {_shown(own, start)} and [tool.feedwright] in {shared.file} have the settings"
                )
                hint = f"keep one of the two: move what [tool.feedwright] says to {OWN}, or remove {OWN}"
                raise UsageError(
                    message, code="CFG003", hint=hint, file=shared.file, line=at.line, column=at.column
                )
            return _from_own(own, start)
        if shared is not None:
            return shared
    return None


def _given(path: Path, start: Path) -> Source:
    if path.name != SHARED:
        return _from_own(path, start)
    file, _ = _shown(path, start), _read(path, start)
    source = _from_shared(path, start)
    if source is None:
        message = f"there is no [tool.feedwright] in {file}"
        hint = 'begin the settings with the line [tool.feedwright], then url = "https://example.org/"'
        raise UsageError(message, code="CFG002", hint=hint, file=file)
    return source


def _from_own(path: Path, start: Path) -> Source:
    text = _read(path, start)
    file = _shown(path, start)
    return Source(file=file, folder=path.parent, text=text, table=_parsed(text, file))


def _from_shared(path: Path, start: Path) -> Source | None:
    """The source in a `pyproject.toml`; None where the file is missing or is about other tools only."""
    if not _is_file(path):
        return None
    text = _read(path, start)
    if "feedwright" not in text:  # whatever is wrong with it is none of our business
        return None
    file = _shown(path, start)
    tools = _parsed(text, file).get(TABLE[0])
    table = tools.get(TABLE[1]) if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        message = "tool.feedwright is not a table"
        raise UsageError(message, code="CFG007", hint="write the line [tool.feedwright]", file=file)
    return Source(file=file, folder=path.parent, text=text, table=table, prefix=TABLE)


def _read(path: Path, start: Path) -> str:
    file = _shown(path, start)
    try:
        return disk.read_bytes(path).decode("utf-8-sig")
    except OSError as error:
        message = f"the configuration {file} cannot be read: {error.strerror or error}"
        raise UsageError(message, code="CFG002", hint="give the file with -c FILE", file=file) from None
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode(errors="replace")) + 1
        message = f"the configuration {file} is not UTF-8"
        hint = "save the file as UTF-8"
        raise UsageError(message, code="CFG002", hint=hint, file=file, line=line, column=column) from None


def _parsed(text: str, file: str) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        words = str(error)
        found = _PLACE.search(words)
        line, column = (int(found[1]), int(found[2])) if found and found[1] else (0, 0)
        if found and not found[1]:
            line, column = _end(text)
        message = f"not TOML: {_PLACE.sub('', words)}"
        hint = 'name = "text", name = 20, name = ["one", "two"]: see toml.io'
        raise UsageError(message, code="CFG005", hint=hint, file=file, line=line, column=column) from None


def _end(text: str) -> tuple[int, int]:
    lines = text.rstrip("\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # pathlib's raises where a folder may not be searched


def _shown(path: Path, start: Path) -> str:
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)
