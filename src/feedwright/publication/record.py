"""The record of a publication: what must outlive every build, in one small file, committed like a lock file.

It holds the pinned authority and feed ids, the slugs with their labels, the documents with their hashes and
the entries that some feed shows. Ids rest on it: what cannot be read is refused, never taken for an empty
record.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from feedwright import disk
from feedwright.problems import GuardError, MachineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

VERSION = 1

_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_RESTORE = "Restore the file from version control or a backup; without it published ids would be lost."


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """One entry that some feed shows: `source` is the article's path, its dates are ISO 8601.

    `fingerprint` tells the article's body from others.
    """

    id: str
    source: str
    published: str
    updated: str
    title: str
    fingerprint: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was published.

    `feeds`: feed path to feed id; `slugs`: slug path to labels, joined by `slugs.SEPARATOR`; `documents`:
    path below the output folder to "sha256:" and 64 hex digits, `stale` the same for those that are not made
    any more; `entries`: article's path to its entry.
    """

    authority: str
    feeds: Mapping[str, str] = field(default_factory=dict)
    slugs: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, EntryRecord] = field(default_factory=dict)
    version: int = VERSION

    @property
    def files(self) -> dict[str, str]:
        """All documents in the output folder that are feedwright's, path to hash."""
        return {**self.stale, **self.documents}


def load(path: Path) -> Record | None:
    """Return the record in a file, None if there is no such file.

    Raises `GuardError` PUB006 for a file that is no record of this version, `MachineError` if it cannot be
    read.
    """
    try:
        data = disk.read_bytes(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        code = "FS021" if isinstance(error, PermissionError) else "FS022"
        message = f"The record {path} cannot be read: {error.strerror}."
        hint = "Put right what is at that path, or name another file with `record`."
        raise MachineError(message, code=code, hint=hint, file=str(path)) from error
    return read(data, name=str(path))


def read(data: bytes, *, name: str) -> Record:
    """Return the record in these bytes; raises `GuardError` PUB006, with the name, where there is none."""
    try:
        return _parsed(data)
    except json.JSONDecodeError as error:
        _refuse(name, _describe(error), line=error.lineno, column=error.colno)
    except _NewerError as error:
        _refuse(name, str(error), hint="Upgrade feedwright; nothing else can read this record.")
    except (ValueError, RecursionError) as error:
        _refuse(name, str(error))


@lru_cache(2)
def _parsed(data: bytes) -> Record:
    return _read(json.loads(data, object_pairs_hook=_object))


def name_below(path: Path, output: Path) -> str:
    """Return the record's path below a published output folder; its name alone where it lies outside here."""
    path, output = path.absolute(), output.absolute()
    return path.relative_to(output).as_posix() if path.is_relative_to(output) else path.name


def dump(record: Record) -> bytes:
    """Return the record as UTF-8 JSON, sorted, one item a line; `load` gives it back."""
    entries = {source: _entry(source, entry) for source, entry in record.entries.items()}
    parts = [f'"version": {record.version}', f'"authority": {_json(record.authority)}']
    parts += [_table("feeds", record.feeds), _table("slugs", record.slugs)]
    parts += [_table("documents", record.documents), _table("stale", record.stale)]
    parts += [_table("entries", entries)]
    # A lone surrogate cannot be encoded; its backslash form is just the escape that JSON has for it.
    return ("{\n  " + ",\n  ".join(parts) + "\n}\n").encode("utf-8", "backslashreplace")


class _NewerError(ValueError):
    """The record was written by a feedwright that is newer than this one."""


def _refuse(name: str, message: str, *, hint: str = _RESTORE, line: int = 0, column: int = 0) -> NoReturn:
    message = f"The record of what was published cannot be used: {message}."
    raise GuardError(message, code="PUB006", hint=hint, file=name, line=line, column=column)


def _describe(error: json.JSONDecodeError) -> str:
    line = error.doc.splitlines()[error.lineno - 1 : error.lineno]
    if line and line[0].startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return "it holds the marks of an unfinished merge"
    return f"it is no JSON ({error.msg})" if error.doc.strip() else "it is empty"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is in it twice")
    return found


def _read(value: object) -> Record:
    if not isinstance(value, dict) or type(value.get("version")) is not int:
        raise ValueError("it has no version")
    if value["version"] > VERSION:
        raise _NewerError(f"it has version {value['version']}, this feedwright knows up to {VERSION}")
    if value["version"] < 1:
        raise ValueError(f"there is no version {value['version']}")
    value = {"stale": {}, **value}  # early records have none
    _expect("it", value, [item.name for item in fields(Record)])
    record = Record(
        version=value["version"],
        authority=_text("authority", value["authority"]),
        feeds=_texts("feeds", value["feeds"]),
        slugs=_texts("slugs", value["slugs"]),
        documents=_texts("documents", value["documents"]),
        stale=_texts("stale", value["stale"]),
        entries={
            source: _read_entry(source, entry) for source, entry in _dict("entries", value["entries"]).items()
        },
    )
    _check(record)
    return record


def _read_entry(source: str, value: object) -> EntryRecord:
    where = f"entry {source!r}"
    entry = {"link": "", **_dict(where, value)}  # early records have no links
    _expect(where, entry, [item.name for item in fields(EntryRecord) if item.name != "source"])
    return EntryRecord(source=source, **_texts(where, entry))


def _check(record: Record) -> None:
    """Raise ValueError for paths that leave the output folder or hashes that are none."""
    for path, digest in record.files.items():
        if not disk.is_plain_path(path):
            raise ValueError(f"{path!r} is no path of a document")
        if not _HASH.fullmatch(digest):
            raise ValueError(f"{digest!r} is no hash")
    for path in record.slugs:
        if not disk.is_plain_path(path):
            raise ValueError(f"{path!r} is no path of slugs")


def _expect(where: str, found: Mapping[str, object], names: Iterable[str]) -> None:
    for name in sorted(set(names) ^ set(found)):
        raise ValueError(f"{where} has {'no' if name not in found else 'an unknown'} {name!r}")


def _dict(where: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where!r} is no table")
    return value


def _texts(where: str, value: object) -> dict[str, str]:
    return {name: _text(f"{where}: {name}", text) for name, text in _dict(where, value).items()}


def _text(where: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{where!r} is no text")
    return value


def _entry(source: str, entry: EntryRecord) -> dict[str, str]:
    if source != entry.source:
        raise ValueError(f"the entry of {entry.source!r} is recorded under {source!r}")
    return {item.name: getattr(entry, item.name) for item in fields(EntryRecord) if item.name != "source"}


def _table(name: str, rows: Mapping[str, object]) -> str:
    lines = [f"    {_json(key)}: {_json(value)}" for key, value in sorted(rows.items())]
    return f'"{name}": {{' + ("\n" + ",\n".join(lines) + "\n  " if lines else "") + "}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
