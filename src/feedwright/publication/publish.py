"""Publishing documents: only files that the record lists are replaced, and only those that differ.

Rule: nothing is followed or written outside the output folder. The record is replaced first and names the
hash of every document, so that the next build finishes what a killed one left.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Self

from msgspec import Struct

from feedwright.disk import document_hash, is_plain_path, probe, reporting
from feedwright.model import Document, EntryRecord, replace
from feedwright.problems import GuardError, MachineError
from feedwright.publication import lost_record
from feedwright.publication.atomic_writes import Change, replace_all, sweep
from feedwright.publication.lock import locked
from feedwright.publication.record import Record, dump, load, without_old
from feedwright.site import Site
from feedwright.text import caseless, some

_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, a folder that is a link on Windows


class Destination(Struct, frozen=True, kw_only=True):
    """An output folder, the file of its record, and the lock that whoever changes them holds.

    `above` is the way from the output folder up to the site's root, such as "../", if documents may lie
    there.
    """

    output: Path
    record_path: Path
    lock: Path
    above: str = ""

    @classmethod
    def of(cls, site: Site) -> Self:
        """Return where a site is published."""
        above = "../" * site.home.count("/")
        return cls(output=site.output, record_path=site.record, lock=site.cache / "lock", above=above)

    def holds(self, path: str) -> bool:
        """Tell whether a document with that path lies in the output folder, or in the site's root."""
        return is_plain_path(path.removeprefix(self.above))

    def file(self, path: str) -> Path:
        """Return the file of a document."""
        return Path(os.path.normpath(self.output / path))

    @property
    def record_name(self) -> str:
        """The record's path below a published output folder; its name alone where it lies outside here."""
        path, output = self.record_path.absolute(), self.output.absolute()
        return path.relative_to(output).as_posix() if path.is_relative_to(output) else path.name


class Published(Struct, frozen=True, kw_only=True):
    """The result of a publication: paths of documents, sorted; `stale` are those no longer generated.

    `hashes` are those of all documents that were generated, by path.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    stale: tuple[str, ...]
    hashes: Mapping[str, str] = {}


def publish(
    documents: Sequence[Document],
    destination: Destination,
    record: Record,
    *,
    previous: Record | None,
    unchanged: Mapping[str, str] = MappingProxyType({}),
    accept: frozenset[str] = frozenset(),
    notify: Callable[[str], None] = lambda message: None,
    patience: float = 10.0,
) -> Published:
    """Replace what differs in the output folder, and the record, together; touch nothing else.

    `record` is the new record, its documents are filled in here, those that it calls stale as such;
    `previous` is what `load` gave. `unchanged` are documents known to be on disk as they should be, path to
    hash. If all is on disk already, nothing is written and no lock taken. Else another build may hold the
    lock for `patience` seconds; `notify` gets a message about that. Raises `GuardError` FS010 (a foreign
    file; `accept` "foreign" replaces it), FS012 (a link); `MachineError` LOCK001, LOCK002, FS020 (disk full),
    FS021 (permission), FS022 (other).
    """
    output, record_path = destination.output, destination.record_path
    _check_paths(documents, destination)
    hashes = {**unchanged, **_hashes(documents)}
    new = _with_documents(record, hashes, previous, output)
    data = dump(new)
    changes = _changes(documents, destination, data)
    if changes:
        probe(output)
        with locked(destination.lock, notify, patience):
            if load(record_path) not in (previous, new):
                message = "Another build has published since this one began; nothing was changed."
                raise MachineError(message, code="LOCK002", hint="Build again.", file=str(record_path))
            changes = _changes(documents, destination, data)
            _refuse_foreign(changes, output, previous, accept)
            paths = filter(destination.holds, {*hashes, *(previous.files if previous else ())})
            sweep({output, record_path.parent, *(destination.file(path).parent for path in paths)})
            replace_all(changes.values(), output)
            lost_record.note(destination.lock.parent, record_path)
    return Published(
        written=tuple(path for path in changes if path),
        unchanged=tuple(sorted(hashes.keys() - changes.keys())),
        stale=tuple(sorted(new.files.keys() - hashes)),
        hashes=hashes,
    )


def would_write_record(
    documents: Sequence[Document], destination: Destination, record: Record, *, previous: Record | None
) -> bool:
    """Tell whether `publish` would write the record; raises the `GuardError` that it would. Writes nothing.

    `documents` are all that are generated.
    """
    new = _with_documents(record, _hashes(documents), previous, destination.output)
    changes = _changes(documents, destination, dump(new))
    _refuse_foreign(changes, destination.output, previous, frozenset())
    return "" in changes


def remove(
    paths: Sequence[str], destination: Destination, *, notify: Callable[[str], None] = lambda message: None
) -> tuple[str, ...]:
    """Delete documents that the record lists, and the folders that this empties; return their paths, sorted.

    A document that was edited since is deleted too; nothing that the record does not list is, nor what lies
    neither in the output folder nor in the site's root. Raises as `publish` does.
    """
    output, record_path = destination.output, destination.record_path
    with locked(destination.lock, notify):
        record = load(record_path)
        listed = record.files.keys() & paths if record else ()
        removed = tuple(sorted(filter(destination.holds, listed)))
        if record is None or not removed:
            return ()
        for path in removed:
            _refuse_links(output, [path])
            with reporting(destination.file(path)):
                destination.file(path).unlink(missing_ok=True)
            with suppress(OSError):  # a folder that is not empty stays, and those above it
                for folder in Path(path).parents[:-1]:
                    (output / folder).rmdir()
        documents, stale = (
            {path: digest for path, digest in rows.items() if path not in removed}
            for rows in (record.documents, record.stale)
        )
        data = dump(replace(record, documents=documents, stale=stale))
        change = _change(record_path, Document(path="", data=data))
        replace_all([change] if change else [], output)
    return removed


def forget(
    files: Container[str],
    destination: Destination,
    today: date,
    *,
    notify: Callable[[str], None] = lambda message: None,
) -> tuple[EntryRecord, ...]:
    """Drop from the record what `record.without_old` calls old, and return it. Raises as `publish` does."""
    with locked(destination.lock, notify):
        record = load(destination.record_path)
        if record is None or not record.withdrawn:
            return ()
        new, old = without_old(record, files, today)
        change = _change(destination.record_path, Document(path="", data=dump(new)))
        replace_all([change] if change else [], destination.output)
    return old


def _check_paths(documents: Sequence[Document], destination: Destination) -> None:
    """Raise ValueError for paths that leave the output folder or meet on some file system."""
    output, name = destination.output, destination.record_name
    is_inside = (output / name).absolute() == destination.record_path.absolute()
    taken = {caseless(name)} if is_inside else set()
    for document in documents:
        if not destination.holds(document.path):
            raise ValueError(f"not a path below the output folder: {document.path!r}")
        if caseless(document.path) in taken:
            raise ValueError(f"two documents have one path: {document.path!r}")
        taken.add(caseless(document.path))


def _hashes(documents: Sequence[Document]) -> dict[str, str]:
    return {document.path: document_hash(document.data) for document in documents}


def _with_documents(
    record: Record, hashes: Mapping[str, str], previous: Record | None, output: Path
) -> Record:
    """The record with all documents in the output folder: those generated, and old ones that still exist."""
    old = previous.files if previous else {}
    stale = {path: old[path] for path in old if path not in hashes and os.path.lexists(output / path)}
    stale |= {path: digest for path, digest in hashes.items() if path in record.stale}
    live = {path: digest for path, digest in hashes.items() if path not in record.stale}
    return replace(record, documents=live, stale=stale)


def _changes(documents: Sequence[Document], destination: Destination, record: bytes) -> dict[str, Change]:
    """The changes that files need: first the record, as "", then the documents, by path.

    Raises `GuardError` FS012 for a link, FS010 for what is not a file.
    """
    _refuse_links(destination.output, [destination.record_name, *(document.path for document in documents)])
    changes = {"": _change(destination.record_path, Document(path="", data=record))}
    for document in sorted(documents, key=lambda document: document.path):
        changes[document.path] = _change(destination.file(document.path), document)
    return {path: change for path, change in changes.items() if change}


def _change(file: Path, document: Document) -> Change | None:
    """Return the change that makes the file hold the document, None if it does."""
    with reporting(file):
        status = _status(file)
        if status is None:
            return Change(file=file, document=document, mode=None)
        if not stat.S_ISREG(status.st_mode):
            message = f"{file} is not a file, so it cannot be replaced by one."
            hint = "Move it away, or give another output folder or slug."
            raise GuardError(message, code="FS010", hint=hint, file=str(file))
        data = document.data
        if status.st_size == len(data) and file.read_bytes() == data:
            return None
        return Change(file=file, document=document, mode=stat.S_IMODE(status.st_mode))


def _refuse_links(output: Path, paths: Iterable[str]) -> None:
    """Raise `GuardError` FS012 if a folder between the output folder and a file is a link."""
    for folder in sorted({folder for path in paths for folder in Path(path).parents[:-1]}):
        place = Path(os.path.normpath(output / folder))  # the output folder itself may not be there yet
        with reporting(place):
            _status(place)


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
    changes: Mapping[str, Change], output: Path, previous: Record | None, accept: frozenset[str]
) -> None:
    """Raise `GuardError` FS010 for files that would be replaced though the record does not list them."""
    listed = {"", *(previous.files if previous else ())}
    foreign = [path for path in changes if changes[path].mode is not None and path not in listed]
    if not foreign or "foreign" in accept:
        return
    hint = "Move them away, leave their format out of `formats`, or replace them: --accept foreign"
    message = f"The output folder holds other files where feeds belong: {some(foreign)}."
    raise GuardError(message, code="FS010", hint=hint, file=os.path.normpath(output / foreign[0]))
