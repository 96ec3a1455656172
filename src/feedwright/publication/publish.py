"""Documents become files as one transaction: at any moment every file is wholly old or wholly new.

All temporary files are written and synced before the first rename; the record is replaced first and names the
hash of every document, so that the next build finishes what a killed one left. What is on disk already is not
touched. Only files that the record lists are replaced, and nothing is followed or written outside the output
folder.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from feedwright.disk import document_hash, is_plain_path, probe, reporting
from feedwright.model import Document
from feedwright.problems import GuardError, MachineError
from feedwright.publication.lock import locked
from feedwright.publication.record import dump, load, name_below
from feedwright.text import caseless

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from feedwright.publication.record import Record

_TEMPORARY = re.compile(r"\.fw-[0-9a-f]{12}\.tmp")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_SYNCED = os.O_RDWR if os.name == "nt" else os.O_RDONLY  # the mode may forbid writing already
_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, a folder that is a link on Windows
_SHOWN = 5  # how many paths a message lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did: paths of documents, sorted; `stale` ones are kept, though not made any more.

    `hashes` are those of all documents that were made, by path.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    stale: tuple[str, ...]
    hashes: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A file to be replaced: `mode` is that of the old one, None if there is none."""

    document: Document
    file: Path
    mode: int | None

    @property
    def path(self) -> str:
        return self.document.path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survey:
    changes: tuple[_Change, ...]
    unchanged: tuple[str, ...]
    foreign: tuple[str, ...]
    record: _Change | None

    @property
    def all_changes(self) -> tuple[_Change, ...]:
        """The changes in the order in which they take effect, the record first."""
        return (self.record, *self.changes) if self.record else self.changes


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
    `patience` seconds; `tell` is told so. Raises `GuardError` FS010 (a foreign file; `accept` "foreign"
    replaces it), FS012 (a link); `MachineError` LOCK001, LOCK002, FS020 (disk full), FS021 (permission),
    FS022 (other).
    """
    _check_paths(documents, _inside(record_path, output))
    known = previous.files if previous else {}
    hashes = {**kept, **{document.path: document_hash(document.data) for document in documents}}
    stale = _find_stale(known, hashes, output)
    new = _listing(record, hashes, {path: known[path] for path in stale})

    recorded = dump(new)

    def look() -> _Survey:
        return _survey(documents, output, recorded, record_path, known)

    survey = look()
    if survey.all_changes:
        probe(output)
        with locked(lock, tell, patience):
            _check_base(record_path, previous, new)
            survey = look()
            _refuse_foreign(survey.foreign, output, previous, accept)
            _sweep({output, record_path.parent, *((output / path).parent for path in (*hashes, *known))})
            _replace_all(survey.all_changes, output)
    written = tuple(change.path for change in survey.changes)
    unchanged = tuple(sorted((*kept, *survey.unchanged)))
    return Published(written=written, unchanged=unchanged, stale=stale, hashes=hashes)


def look_at(
    documents: Sequence[Document],
    *,
    output: Path,
    record: Record,
    record_path: Path,
    previous: Record | None,
) -> bool:
    """Tell whether `publish` would write the record; raises the `GuardError` that it would. Writes nothing.

    `documents` are all that are made.
    """
    known = previous.files if previous else {}
    hashes = {document.path: document_hash(document.data) for document in documents}
    stale = _find_stale(known, hashes, output)
    new = _listing(record, hashes, {path: known[path] for path in stale})
    survey = _survey(documents, output, dump(new), record_path, known)
    _refuse_foreign(survey.foreign, output, previous, frozenset())
    return survey.record is not None


def remove(
    paths: Sequence[str],
    *,
    output: Path,
    record_path: Path,
    lock: Path,
    tell: Callable[[str], None] = lambda message: None,
    patience: float = 10.0,
) -> tuple[str, ...]:
    """Delete documents that the record lists, and the folders that this empties; return what was deleted.

    A document that was edited since is deleted too; nothing that the record does not list is. Raises as
    `publish` does.
    """
    with locked(lock, tell, patience):
        record = load(record_path)
        gone = tuple(sorted(path for path in paths if record and path in record.files))
        if record is None or not gone:
            return ()
        seen = set[Path]()
        for path in gone:
            _refuse_links(output, path, seen)
            with reporting(output / path):
                (output / path).unlink(missing_ok=True)
            _prune((output / path).parent, output)
        documents, stale = (
            {path: digest for path, digest in rows.items() if path not in gone}
            for rows in (record.documents, record.stale)
        )
        left = dump(replace(record, documents=documents, stale=stale))
        change = _compare(record_path, Document(path=str(record_path), data=left))
        _replace_all([change] if change else [], output)
    return gone


def _prune(folder: Path, output: Path) -> None:
    """Remove a folder below the output folder, and those above it, as long as they are empty."""
    while folder != output and output in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


# Before: what is there, and may it be replaced?


def _check_paths(documents: Sequence[Document], record: str | None) -> None:
    """Raise ValueError for paths that leave the output folder or meet on some file system."""
    met: set[str] = {caseless(record)} if record else set()
    for document in documents:
        if not is_plain_path(document.path):
            raise ValueError(f"not a path below the output folder: {document.path!r}")
        if caseless(document.path) in met:
            raise ValueError(f"two documents have one path: {document.path!r}")
        met.add(caseless(document.path))


def _listing(record: Record, hashes: Mapping[str, str], stale: Mapping[str, str]) -> Record:
    """The record with what is in the output folder."""
    live = {path: digest for path, digest in hashes.items() if path not in record.stale}
    frozen = {path: digest for path, digest in hashes.items() if path in record.stale}
    return replace(record, documents=live, stale={**stale, **frozen})


def _find_stale(known: Iterable[str], made: Container[str], output: Path) -> tuple[str, ...]:
    return tuple(sorted(path for path in known if path not in made and os.path.lexists(output / path)))


def _survey(
    documents: Sequence[Document], output: Path, record: bytes, record_path: Path, known: Iterable[str]
) -> _Survey:
    """Compare everything with the disk; raises `GuardError` FS012 for a link, FS010 for what is no file."""
    listed, folders = set(known), set[Path]()
    changes: list[_Change] = []
    unchanged: list[str] = []
    for document in sorted(documents, key=lambda document: document.path):
        _refuse_links(output, document.path, folders)
        change = _compare(output / document.path, document)
        if change:
            changes.append(change)
        else:
            unchanged.append(document.path)
    if inside := _inside(record_path, output):
        _refuse_links(output, inside, folders)
    foreign = tuple(
        change.path for change in changes if change.mode is not None and change.path not in listed
    )
    kept = _compare(record_path, Document(path=str(record_path), data=record))
    return _Survey(changes=tuple(changes), unchanged=tuple(unchanged), foreign=foreign, record=kept)


def _compare(file: Path, document: Document) -> _Change | None:
    """Return the change that makes the file hold the document, None if it does."""
    with reporting(file):
        found = _look(file)
        if found is None:
            return _Change(document=document, file=file, mode=None)
        if _is_link(found):
            _refuse_link(file)
        if not stat.S_ISREG(found.st_mode):
            raise GuardError(
                f"{file} is not a file, so it cannot be replaced by one.",
                code="FS010",
                hint="Move it away, or give another output folder or slug.",
                file=str(file),
            )
        data = document.data
        if found.st_size == len(data) and file.read_bytes() == data:
            return None
        return _Change(document=document, file=file, mode=stat.S_IMODE(found.st_mode))


def _refuse_links(output: Path, path: str, seen: set[Path]) -> None:
    """Raise `GuardError` FS012 if a folder between the output folder and the file is a link."""
    folder = output
    for part in path.split("/")[:-1]:
        folder = folder / part
        if folder not in seen:
            seen.add(folder)
            with reporting(folder):
                found = _look(folder)
            if found is not None and _is_link(found):
                _refuse_link(folder)


def _refuse_link(path: Path) -> None:
    raise GuardError(
        f"{path} is a link; what it points to is not replaced.",
        code="FS012",
        hint="Remove the link. The output folder itself may be one, nothing below it.",
        file=str(path),
    )


def _refuse_foreign(
    paths: Sequence[str], output: Path, previous: Record | None, accept: frozenset[str]
) -> None:
    hint = "Move them away, leave their format out of `formats`, or replace them: --accept foreign"
    if previous is None:
        hint = (
            "If feedwright made them, bring back feedwright.lock.json, since ids rest on it: from version\n"
            "control, or from where the feeds are served: feedwright restore\n"
            f"Else: {hint[0].lower()}{hint[1:]}"
        )
    if paths and "foreign" not in accept:
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        raise GuardError(
            f"The output folder holds other files where feeds belong: {', '.join(paths[:_SHOWN])}{more}.",
            code="FS010",
            hint=hint,
            file=str(output / paths[0]),
        )


def _check_base(record_path: Path, previous: Record | None, new: Record) -> None:
    """Raise `MachineError` LOCK002 if the record is no longer the one that this build began with."""
    if load(record_path) not in (previous, new):
        raise MachineError(
            "Another build has published since this one began; nothing was changed.",
            code="LOCK002",
            hint="Build again.",
            file=str(record_path),
        )


# The transaction


def _replace_all(changes: Sequence[_Change], output: Path) -> None:
    """Write, sync and rename; an error before the first rename leaves everything as it was."""
    pending: dict[Path, _Change] = {}
    folders: list[Path] = []
    try:
        for change in changes:
            with reporting(change.file):
                _make_folders(change.file.parent, folders)
                _look(change.file)  # a name that is too long shows only in a folder that is there
                temporary = change.file.parent / f".fw-{os.urandom(6).hex()}.tmp"
                pending[temporary] = change
                _write(temporary, change)
        for temporary, change in pending.items():
            with reporting(change.file):
                _sync(temporary, _SYNCED)
        _rename_all(pending, len(changes))
    finally:
        for temporary in pending:
            with suppress(OSError):
                temporary.unlink()
        for folder in reversed(folders):
            with suppress(OSError):  # it holds a file now, unless something failed
                folder.rmdir()
    touched = {change.file.parent for change in changes} | {folder.parent for folder in folders}
    with reporting(output, "All files were replaced, but a power failure may undo that."):
        for folder in sorted(touched):
            _sync_folder(folder)


def _rename_all(pending: dict[Path, _Change], count: int) -> None:
    """Rename what is pending, in its order; tell the truth about what was done if that fails."""
    for done, (temporary, change) in enumerate(list(pending.items())):
        with reporting(change.file, _progress(done, count)):
            _rename(temporary, change.file)
        del pending[temporary]
        if not done:  # the record must reach the disk before any document that only it lists
            with reporting(change.file, _progress(1, count)):
                _sync_folder(change.file.parent)


def _progress(done: int, count: int) -> str:
    if not done:
        return "Nothing was changed."
    return f"{done} of {count} files were replaced, each of them is whole; the next build does the rest."


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it; note the new ones, outermost first."""
    missing = [folder]
    while not missing[-1].exists() and missing[-1] != missing[-1].parent:
        missing.append(missing[-1].parent)
    for new in missing[-2::-1]:
        new.mkdir()
        made.append(new)


def _write(temporary: Path, change: _Change) -> None:
    with open(os.open(temporary, _NEW, 0o666), "wb") as file:
        if change.mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), change.mode)
        file.write(change.document.data)


def _rename(temporary: Path, file: Path, *, attempts: int = 5) -> None:
    for turn in range(attempts):
        try:
            temporary.replace(file)
        except PermissionError:
            # Windows refuses while a reader has the file open; elsewhere the answer is final.
            if os.name != "nt" or turn == attempts - 1:
                raise
            time.sleep(0.05 * 2**turn)
        else:
            return


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    try:
        _sync(folder, os.O_RDONLY)
    except OSError as error:
        # Windows cannot open a folder, and some file systems cannot sync one.
        if os.name != "nt" and error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def _sweep(folders: Iterable[Path]) -> None:
    """Remove the temporary files that killed builds left; the lock is held, so no living build owns one."""
    for folder in sorted(folders):
        with suppress(OSError):
            for name in os.listdir(folder):
                if _TEMPORARY.fullmatch(name):
                    (folder / name).unlink()


# Small things


def _look(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _is_link(found: os.stat_result) -> bool:
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == _JUNCTION


def _inside(record_path: Path, output: Path) -> str | None:
    """Return the record's path below the output folder, with "/"; None if it lies elsewhere."""
    inside = record_path.absolute().is_relative_to(output.absolute())
    return name_below(record_path, output) if inside else None
