"""Publishing documents: only files that the record lists are replaced, and only those that differ.

Rule: nothing is followed or written outside the output folder. The record is replaced first and names the
hash of every document, so that the next build finishes what a killed one left.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from feedwright.disk import document_hash, is_plain_path, probe, reporting
from feedwright.model import Document
from feedwright.problems import GuardError, MachineError
from feedwright.publication.lock import locked
from feedwright.publication.record import Record, dump, load, name_below
from feedwright.publication.transaction import Change, replace_all, sweep
from feedwright.text import caseless, some

_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, a folder that is a link on Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did: paths of documents, sorted; `stale` ones are kept, though not made any more.

    `hashes` are those of all documents that were made, by path.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    stale: tuple[str, ...]
    hashes: Mapping[str, str] = field(default_factory=dict, compare=False)


def publish(
    documents: Sequence[Document],
    *,
    kept: Mapping[str, str] = MappingProxyType({}),
    output: Path,
    record: Record,
    record_path: Path,
    previous: Record | None,
    lock: Path,
    accept: frozenset[str] = frozenset(),
    tell: Callable[[str], None] = lambda message: None,
    patience: float = 10.0,
) -> Published:
    """Replace what differs in the output folder, and the record, together; touch nothing else.

    `kept` are documents that are known to be on disk as they should be: path to hash. `record` is the new
    record, its documents are filled in here, those that it calls stale as such; `previous` is what
    `load(record_path)` gave.
    If all is on disk already, nothing is written and no lock taken. Else another build may hold the lock for
    `patience` seconds; `tell` gets a message about that. Raises `GuardError` FS010 (a foreign file; `accept`
    "foreign" replaces it), FS012 (a link); `MachineError` LOCK001, LOCK002, FS020 (disk full), FS021
    (permission), FS022 (other).
    """
    _check_paths(documents, output, record_path)
    known = previous.files if previous else {}
    hashes = {**kept, **_hashes(documents)}
    new = _listing(record, hashes, known, output)
    look = partial(_survey, documents, output, dump(new), record_path)
    survey = look()
    if any(survey.values()):
        probe(output)
        with locked(lock, tell, patience):
            _check_base(record_path, previous, new)
            survey = look()
            _refuse_foreign(survey, output, previous, accept)
            sweep({output, record_path.parent, *((output / path).parent for path in (*hashes, *known))})
            replace_all([change for change in survey.values() if change], output)
    return Published(
        written=tuple(path for path, change in survey.items() if path and change),
        unchanged=tuple(sorted((*kept, *(path for path, change in survey.items() if path and not change)))),
        stale=tuple(sorted(new.files.keys() - hashes)),
        hashes=hashes,
    )


def look_at(
    documents: Sequence[Document], *, output: Path, record: Record, record_path: Path, previous: Record | None
) -> bool:
    """Tell whether `publish` would write the record; raises the `GuardError` that it would. Writes nothing.

    `documents` are all that are made.
    """
    new = _listing(record, _hashes(documents), previous.files if previous else {}, output)
    survey = _survey(documents, output, dump(new), record_path)
    _refuse_foreign(survey, output, previous, frozenset())
    return survey[""] is not None


def remove(
    paths: Sequence[str],
    *,
    output: Path,
    record_path: Path,
    lock: Path,
    tell: Callable[[str], None] = lambda message: None,
) -> tuple[str, ...]:
    """Delete documents that the record lists, and the folders that this empties; return what was deleted.

    A document that was edited since is deleted too; nothing that the record does not list is. Raises as
    `publish` does.
    """
    with locked(lock, tell):
        record = load(record_path)
        gone = tuple(sorted(path for path in paths if record and path in record.files))
        if record is None or not gone:
            return ()
        checked: set[Path] = set()
        for path in gone:
            _refuse_links(output, path, checked)
            with reporting(output / path):
                (output / path).unlink(missing_ok=True)
            _prune((output / path).parent, output)
        documents, stale = (
            {path: digest for path, digest in rows.items() if path not in gone}
            for rows in (record.documents, record.stale)
        )
        change = _compare(record_path, dump(replace(record, documents=documents, stale=stale)))
        replace_all([change] if change else [], output)
    return gone


def _prune(folder: Path, output: Path) -> None:
    """Remove a folder below the output folder, and those above it, as long as they are empty."""
    with suppress(OSError):
        while folder != output and output in folder.parents:
            folder.rmdir()
            folder = folder.parent


def _check_paths(documents: Sequence[Document], output: Path, record_path: Path) -> None:
    """Raise ValueError for paths that leave the output folder or meet on some file system."""
    name = name_below(record_path, output)
    taken = {caseless(name)} if (output / name).absolute() == record_path.absolute() else set()
    for document in documents:
        if not is_plain_path(document.path):
            raise ValueError(f"not a path below the output folder: {document.path!r}")
        if caseless(document.path) in taken:
            raise ValueError(f"two documents have one path: {document.path!r}")
        taken.add(caseless(document.path))


def _hashes(documents: Sequence[Document]) -> dict[str, str]:
    return {document.path: document_hash(document.data) for document in documents}


def _listing(record: Record, hashes: Mapping[str, str], known: Mapping[str, str], output: Path) -> Record:
    """The record with all that is in the output folder: what is made, and what was and still lies there."""
    stale = {path: known[path] for path in known if path not in hashes and os.path.lexists(output / path)}
    stale |= {path: digest for path, digest in hashes.items() if path in record.stale}
    live = {path: digest for path, digest in hashes.items() if path not in record.stale}
    return replace(record, documents=live, stale=stale)


def _survey(
    documents: Sequence[Document], output: Path, record: bytes, record_path: Path
) -> dict[str, Change | None]:
    """The change that each file needs, None where it needs none: first the record, as "", then the documents.

    Raises `GuardError` FS012 for a link, FS010 for what is not a file.
    """
    checked: set[Path] = set()
    _refuse_links(output, name_below(record_path, output), checked)
    survey = {"": _compare(record_path, record)}
    for document in sorted(documents, key=lambda document: document.path):
        _refuse_links(output, document.path, checked)
        survey[document.path] = _compare(output / document.path, document.data)
    return survey


def _compare(file: Path, data: bytes) -> Change | None:
    """Return the change that makes the file hold these bytes, None if it does."""
    with reporting(file):
        status = _status(file)
        if status is None:
            return Change(file=file, data=data, mode=None)
        if not stat.S_ISREG(status.st_mode):
            message = f"{file} is not a file, so it cannot be replaced by one."
            hint = "Move it away, or give another output folder or slug."
            raise GuardError(message, code="FS010", hint=hint, file=str(file))
        if status.st_size == len(data) and file.read_bytes() == data:
            return None
        return Change(file=file, data=data, mode=stat.S_IMODE(status.st_mode))


def _refuse_links(output: Path, path: str, checked: set[Path]) -> None:
    """Raise `GuardError` FS012 if a folder between the output folder and the file is a link."""
    folder = output
    for part in path.split("/")[:-1]:
        folder = folder / part
        if folder not in checked:
            checked.add(folder)
            with reporting(folder):
                _status(folder)


def _status(path: Path) -> os.stat_result | None:
    """The status of a file or folder, None if there is none; raises `GuardError` FS012 for a link."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION:
        message = f"{path} is a link; what it points to is not replaced."
        hint = "Remove the link. The output folder itself may be one, nothing below it."
        raise GuardError(message, code="FS012", hint=hint, file=str(path))
    return status


def _refuse_foreign(
    survey: Mapping[str, Change | None], output: Path, previous: Record | None, accept: frozenset[str]
) -> None:
    """Raise `GuardError` FS010 for files that would be replaced though the record does not list them."""
    known = previous.files if previous else {}
    replaced = [path for path, change in survey.items() if path and change and change.mode is not None]
    foreign = [path for path in replaced if path not in known]
    if not foreign or "foreign" in accept:
        return
    hint = "Move them away, leave their format out of `formats`, or replace them: --accept foreign"
    if previous is None:
        hint = (
            "If feedwright made them, bring back feedwright.lock.json, since ids rest on it: from version\n"
            "control, or from where the feeds are served: feedwright restore\n"
            f"Else: {hint[0].lower()}{hint[1:]}"
        )
    message = f"The output folder holds other files where feeds belong: {some(foreign)}."
    raise GuardError(message, code="FS010", hint=hint, file=str(output / foreign[0]))


def _check_base(record_path: Path, previous: Record | None, new: Record) -> None:
    """Raise `MachineError` LOCK002 if the record is no longer the one that this build began with."""
    if load(record_path) not in (previous, new):
        message = "Another build has published since this one began; nothing was changed."
        raise MachineError(message, code="LOCK002", hint="Build again.", file=str(record_path))
