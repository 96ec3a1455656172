"""The record of a publication: what must outlive every build, in one small file, committed like a lock file.

It holds the pinned authority and feed ids, the slugs with their labels, the documents with their hashes and
the entries that readers have seen. Ids rest on it: what cannot be read is refused, never taken for an empty
record. An entry stays in it for good: among the entries while its article is published, however far it fell
off the end of the feeds, else among those withdrawn.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from feedwright import disk
from feedwright.model import ArticleSummary, Content, Entry, EntryRecord, Feed, replace
from feedwright.problems import GuardError, MachineError
from feedwright.publication.record_checks import check_values
from feedwright.text import nfc

VERSION = 1

LARGEST = 64 * 1024 * 1024
"""Most bytes of the record: it has some 400 for each entry."""

MOST_MARKS = 3_000_000
"""Most marks between the values of a record that a server has: an entry has 24, and what stands between two
may take 160 bytes of memory. That is enough for 125,000 entries."""

_Kind = TypeVar("_Kind", "Record", EntryRecord)
_YEAR = timedelta(days=365)
_UNMERGED = "Both sides of the merge have published: feedwright resolve joins their records, and builds."
_RESTORE = "Restore the file from version control or a backup; without it published ids would be lost."


class Record(Struct, frozen=True, kw_only=True):
    """The record of what was published.

    `feeds`: feed path to feed id; `slugs`: slug path to labels, joined by `slugs.SEPARATOR`; `documents`:
    path from the output folder, which may lead up into the site's root, to "sha256:" and 64 hex digits,
    `stale` the same for those that are no longer generated; `entries`: article's path to its entry;
    `withdrawn`: id to the entry of an article that is not published now.
    """

    authority: str
    feeds: Mapping[str, str] = field(default_factory=dict)
    slugs: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, EntryRecord] = field(default_factory=dict)
    withdrawn: Mapping[str, EntryRecord] = field(default_factory=dict)
    version: int = VERSION

    @property
    def files(self) -> dict[str, str]:
        """All documents in the output folder that are feedwright's, path to hash."""
        return {**self.stale, **self.documents}

    @property
    def sources(self) -> dict[str, str]:
        """The articles' paths by the ids of all entries, the withdrawn too."""
        entries = (*self.withdrawn.values(), *self.entries.values())
        return {entry.id: entry.source for entry in entries}


KnownRecords = dict[str, tuple[Entry, str, EntryRecord]]
"""An entry, the fingerprint of its body, and what is recorded of both, by the article's path."""

_NAMES = {kind: kind.__struct_fields__ for kind in (Record, EntryRecord)}
"""The names in the file, in its order."""

_EARLY: dict[str, dict[str, Any]] = {"it": {"stale": {}, "withdrawn": {}}, "entry": {"link": "", "gone": ""}}
"""What early records do not have, and later ones leave out where it is empty."""


def load(path: Path) -> Record | None:
    """Return the record in a file, None if there is no such file.

    Raises `GuardError` PUB006 for what is not a record of this version, `MachineError` FS021 or FS022 if the
    file cannot be read or is too large.
    """
    try:
        data = disk.read_bytes(path, largest=LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        code = "FS021" if isinstance(error, PermissionError) else "FS022"
        message = f"The record {path} cannot be read: {_reason(error, path)}."
        hint = "Put right what is at that path, or name another file with `record`."
        raise MachineError(message, code=code, hint=hint, file=str(path)) from error
    return read(data, name=str(path))


def _reason(error: OSError, path: Path) -> str:
    """Why a record cannot be read; where a file stands for a folder on the way, which one that is."""
    if isinstance(error, NotADirectoryError):
        return next((f"{folder} is a file" for folder in path.parents if folder.is_file()), "")
    return str(error.strerror)


def read(data: bytes, *, name: str) -> Record:
    """Return the record in these bytes; raises `GuardError` PUB006, with the name, where there is none."""
    try:
        return _parse(data)
    except (ValueError, RecursionError) as error:
        message = f"The record of what was published cannot be used: {_describe(error)}."
        line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
        hint = _UNMERGED if _is_unmerged(error) else getattr(error, "hint", _RESTORE)
        raise GuardError(message, code="PUB006", hint=hint, file=name, line=line, column=column) from error


def read_elsewhere(data: bytes, *, name: str) -> Record:
    """Return the record that a server has, as `read` does, and never for more than some 500 MB of memory."""
    if sum(map(data.count, b",:{[")) > MOST_MARKS:
        message = "The record of what was published cannot be used: it holds too much to come from a server."
        hint = "Bring it back as a file, from version control or a backup."
        raise GuardError(message, code="PUB006", hint=hint, file=name)
    return read(data, name=name)


def dump(record: Record) -> bytes:
    """Return the record as UTF-8 JSON, sorted, one item a line; `load` gives it back."""
    parts = [f'"version": {record.version}', f'"authority": {_json(record.authority)}']
    parts += [_table(name, getattr(record, name)) for name in ("feeds", "slugs", "documents", "stale")]
    parts += [_table("entries", _rows(record.entries, "source"))]
    if record.withdrawn:
        parts += [_table("withdrawn", _rows(record.withdrawn, "id"))]
    # A lone surrogate cannot be encoded; its backslash form is just the escape that JSON has for it.
    return ("{\n  " + ",\n  ".join(parts) + "\n}\n").encode("utf-8", "backslashreplace")


def entry_record(
    entry: Entry | ArticleSummary, *, entry_id: str, source: str, fingerprint: str
) -> EntryRecord:
    """Return what is recorded of an entry, or of an article that is to have that id."""
    return EntryRecord(
        id=entry_id,
        source=source,
        published=entry.published.isoformat(),
        updated=entry.updated.isoformat(),
        title=entry.title,
        link=entry.link,
        fingerprint=fingerprint,
    )


def next_record(
    feeds: Sequence[Feed],
    *,
    sources: Mapping[str, str],
    contents: Mapping[str, Content],
    articles: Iterable[ArticleSummary],
    held: Container[str],
    slugs: Mapping[str, str],
    authority: str,
    previous: Record,
    known: KnownRecords | None = None,
) -> Record:
    """Return the record that follows the previous one, but for its documents.

    `sources` are the articles' paths by id, `contents` are by path; `articles` are all that are due, `held`
    the paths of what broke; `slugs` is what to remember of addresses. Without feeds, nothing is published.
    `known` has what was recorded of entries before, and is kept up.
    """
    known = {} if known is None else known
    shown = {sources[entry.id]: entry for feed in feeds for entry in feed.entries}
    entries = {
        path: _recorded(entry, path, contents[path].fingerprint, known) for path, entry in shown.items()
    }
    others = previous.entries.keys() - shown.keys() if feeds else ()
    due = {article.path: article for article in articles if article.path in others} if others else {}
    for path in others:
        entry = previous.entries[path]
        if path in held:
            entries[path] = entry
        elif sources.get(entry.id) == path:
            entries[path] = _refreshed(entry, due[path]) if path in due else entry
    standing = {entry.id for entry in entries.values()}
    before = {**previous.withdrawn, **{entry.id: entry for entry in previous.entries.values()}}
    feed_ids = {**previous.feeds, **{feed.path: feed.id for feed in feeds if not feed.is_archive}}
    return Record(
        authority=authority,
        feeds=feed_ids,
        slugs=slugs,
        entries=entries,
        withdrawn={entry_id: entry for entry_id, entry in before.items() if entry_id not in standing},
    )


def _recorded(entry: Entry, path: str, fingerprint: str, known: KnownRecords) -> EntryRecord:
    """What is recorded of an entry of the article at a path; the same if it is the same value as before."""
    before, its_fingerprint, recorded = known.get(path, (None, "", None))
    if recorded is None or before is not entry or its_fingerprint != fingerprint:
        recorded = entry_record(entry, entry_id=entry.id, source=path, fingerprint=fingerprint)
        known[path] = entry, fingerprint, recorded
    return recorded


def _refreshed(entry: EntryRecord, article: ArticleSummary) -> EntryRecord:
    """The entry of an article that no feed shows, as its front matter is now."""
    published, updated = article.published.isoformat(), article.updated.isoformat()
    facts = (entry.title, entry.link, entry.published, entry.updated)
    if facts == (article.title, article.link, published, updated):
        return entry
    return entry_record(article, entry_id=entry.id, source=entry.source, fingerprint=entry.fingerprint)


def without_old(record: Record, files: Container[str], today: date) -> tuple[Record, tuple[EntryRecord, ...]]:
    """Return the record without what was withdrawn and has been gone for a year, and those entries.

    An entry is gone from the day on which that was first looked for; `files` are all paths, in NFC.
    """
    kept: dict[str, EntryRecord] = {}
    old = []
    for entry_id, entry in record.withdrawn.items():
        if nfc(entry.source) in files:
            kept[entry_id] = replace(entry, gone="")
        elif entry.gone and today - date.fromisoformat(entry.gone) > _YEAR:
            old.append(entry)
        else:
            kept[entry_id] = replace(entry, gone=entry.gone or today.isoformat())
    return replace(record, withdrawn=kept), tuple(old)


class _NewerError(ValueError):
    """The record was written by a feedwright that is newer than this one."""

    hint = "Upgrade feedwright; nothing else can read this record."


def _describe(error: Exception) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    if _is_unmerged(error):
        return "it holds the marks of an unfinished merge"
    return f"it is not JSON ({error.msg})" if error.doc.strip() else "it is empty"


def _is_unmerged(error: Exception) -> bool:
    """Whether it is a mark of git's where JSON ends."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    line = error.doc.splitlines()[error.lineno - 1 : error.lineno]
    return bool(line) and line[0].startswith(("<<<<<<<", "|||||||", "=======", ">>>>>>>"))


@lru_cache(2)
def _parse(data: bytes) -> Record:
    value = json.loads(data, object_pairs_hook=_unique)
    version = value.get("version") if isinstance(value, dict) else None
    if type(version) is not int:
        raise ValueError("it has no version")
    if version > VERSION:
        raise _NewerError(f"it has version {version}, this feedwright knows up to {VERSION}")
    if version < 1:
        raise ValueError(f"there is no version {version}")
    tables = {name: value.get(name, {}) for name in ("entries", "withdrawn")}
    if "entries" not in value or not all(isinstance(table, dict) for table in tables.values()):
        raise ValueError("it has no table 'entries'")
    record = _typed("it", {**_EARLY["it"], **value, "entries": {}, "withdrawn": {}}, Record)
    entries, withdrawn = _entries(tables["entries"], "source"), _entries(tables["withdrawn"], "id")
    check_values(
        authority=record.authority,
        feeds=record.feeds,
        slugs=record.slugs,
        documents=(*record.documents.items(), *record.stale.items()),
        entries=(*entries.values(), *withdrawn.values()),
    )
    return replace(record, entries=entries, withdrawn=withdrawn)


def _entries(table: Mapping[str, object], key: str) -> dict[str, EntryRecord]:
    """The entries of a table; a row does not have the field that is its key."""
    entries = {}
    for name, row in table.items():
        if not isinstance(row, dict):
            raise ValueError(f"entry {name!r} is not a table")
        if key in row:
            raise ValueError(f"entry {name!r} has an unknown {key!r}")
        entries[name] = entry = _typed(f"entry {name!r}", {**_EARLY["entry"], **row, key: name}, EntryRecord)
        if entry.gone:
            date.fromisoformat(entry.gone)
    return entries


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"{twice!r} is in it twice")
    return table


def _typed(where: str, row: dict[str, Any], kind: type[_Kind]) -> _Kind:
    """The table as a value; raises ValueError unless it has exactly its fields, of their types."""
    for name in sorted(row.keys() ^ _NAMES[kind]):
        raise ValueError(f"{where} has {'an unknown' if name in row else 'no'} {name!r}")
    try:
        return msgspec.convert(row, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"{where}: {error}") from error


def _rows(entries: Mapping[str, EntryRecord], key: str) -> dict[str, dict[str, str]]:
    """The entries of a table as they are written."""
    names = [name for name in _NAMES[EntryRecord] if name != key]
    rows = {}
    for name, entry in entries.items():
        if getattr(entry, key) != name:
            raise ValueError(f"the entry of {getattr(entry, key)!r} is recorded under {name!r}")
        rows[name] = {name: getattr(entry, name) for name in names if name != "gone" or entry.gone}
    return rows


def _table(name: str, rows: Mapping[str, object]) -> str:
    lines = [f"    {_json(key)}: {_json(value)}" for key, value in sorted(rows.items())]
    return f'"{name}": {{' + ("\n" + ",\n".join(lines) + "\n  " if lines else "") + "}"


_json = json.JSONEncoder(ensure_ascii=False).encode
