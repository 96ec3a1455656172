"""Restoring an output folder from where it is served: the documents and the record that lists them.

That is for a folder that is not under version control. Restoring is publishing once more what was published,
so it goes through `publish`: whole or not at all, never over foreign files, never through links.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from urllib.parse import quote, urljoin

from feedwright import workers
from feedwright.disk import document_hash, read_bytes
from feedwright.feeds.slugs import is_slug_path
from feedwright.formats import table as formats
from feedwright.model import Document, replace
from feedwright.problems import GuardError, MachineError, Problem
from feedwright.publication import record as records
from feedwright.publication.exchange import LARGEST
from feedwright.publication.fetch import Download
from feedwright.publication.publish import Destination, Published, publish
from feedwright.publication.record import Record
from feedwright.text import caseless

Find = Callable[[str, int], bytes | None]
"""Returns what is at an address, of at most that many bytes; None if there is nothing."""

_SMALL = 1024 * 1024  # bytes of a document that this process judges itself
_SECONDS, _MEMORY = 8.0, 400 * 1024 * 1024
_SUFFIXES = frozenset(
    (".atom", ".rdf", ".rss", *(PurePosixPath(f.file).suffix for f in formats.FORMATS.values()))
)
_FIRST = "If nothing was published there yet, leave `restore` out this once and build."
_MISSING = (
    "RES002",
    "is not there, though the record lists it",
    "publish the record and the feeds together; the next build generates it again",
)
_TOO_LARGE = ("RES002", "is too large to be fetched", "the next build generates it again")
_EDITED = (
    "RES003",
    "is not what the record says: edited there, or an old copy",
    "if a cache in between is to blame, restore again later; else the next build generates it again",
)
_FOREIGN_HINT = "see who put it there; the next build generates the documents of the site again"


def restore(
    url: str,
    destination: Destination,
    *,
    aliases: Mapping[str, str] = MappingProxyType({}),
    find: Find | None = None,
    spool: Callable[[Document], Document] = lambda document: document,
    accept: frozenset[str] = frozenset(),
    notify: Callable[[str], None] = lambda message: None,
) -> tuple[Published, list[Problem]]:
    """Fetch the record at `url` and the documents it lists, and write them into the output folder.

    `url` is the address of the published output folder; `aliases` are the site's, `spool` keeps documents
    until all are there. What is on disk already is not fetched. A document that is missing there or too
    large (RES002), differs from what the record says (RES003) or is none that a format or an alias makes
    (RES004) is a problem, and neither written nor listed. All is fetched before anything is written, within
    the time and size of a `Download`. Raises `MachineError` RES001 (nothing was published there), those of
    `fetch`, and all that `publish` raises; `GuardError` PUB006 for what is not a record, PUB011 where the
    output folder has another one (`accept` "record" replaces it).
    """
    folder, find = url if url.endswith("/") else f"{url}/", find or Download().find
    record = _published_record(folder, destination, find)
    previous = records.load(destination.record_path)
    if previous and "record" not in accept:
        _check_record(previous, record, destination.record_path, folder)
    documents: list[Document] = []
    unchanged: dict[str, str] = {}
    problems: list[Problem] = []
    for path, digest in sorted(record.files.items()):
        file = destination.file(path)
        if _is_on_disk(file, digest):
            unchanged[path] = digest
            continue
        address = urljoin(folder, quote(path))
        data, problem = _fetched(path, digest, address, aliases, find)
        if problem:
            code, fault, hint = problem
            problems.append(Problem.warning(code, f"{address} {fault}", str(file), hint=hint))
        else:
            documents.append(spool(Document(path=path, data=data)))
    published = publish(
        documents, destination, record, previous=previous, unchanged=unchanged, accept=accept, notify=notify
    )
    return published, problems


def has_feeds(url: str, *, find: Find | None = None) -> bool:
    """Tell whether feeds by feedwright are in the folder at `url`, with a record or without.

    Raises what `fetch` raises.
    """
    folder, find = url if url.endswith("/") else f"{url}/", find or Download().find
    found = ((name, find(urljoin(folder, formats.DOCUMENTS[name]), LARGEST)) for name in formats.FEED_NAMES)
    return any(formats.FORMATS[name].mark in document for name, document in found if document)


def _fetched(
    path: str, digest: str, address: str, aliases: Mapping[str, str], find: Find
) -> tuple[bytes, tuple[str, str, str] | None]:
    """The bytes of a document; or code, fault and hint of why it is not to be had."""
    if not _is_made(path, aliases):
        return b"", ("RES004", "is not where feedwright puts documents", _FOREIGN_HINT)
    try:
        data = find(address, LARGEST)
    except MachineError as error:
        if error.code != "NET007":
            raise
        return b"", _TOO_LARGE
    if data is None:
        return b"", _MISSING
    if document_hash(data) != digest:
        return b"", _EDITED
    if fault := _fault(path, data, aliases):
        return b"", ("RES004", f"is not a document of feedwright's: {fault}", _FOREIGN_HINT)
    return data, None


def _is_made(path: str, aliases: Mapping[str, str]) -> bool:
    """Whether a document may have that path: of a format, of an alias, of a feed at a former alias."""
    folder, _, file = path.rpartition("/")
    is_feeds = file in formats.DOCUMENTS.values() and (not folder or is_slug_path(folder))
    return is_feeds or path in aliases or PurePosixPath(path).suffix.lower() in _SUFFIXES


def _fault(path: str, data: bytes, aliases: Mapping[str, str]) -> str:
    """Why a document is none of its format, "" if it is; large ones are read where they may take too much."""
    format_ = formats.FORMATS[aliases[path]] if path in aliases else formats.of(path, data)
    if format_ is None:
        return "its format is not recognizable"
    if len(data) <= _SMALL:
        return _read((format_.name, data))
    fault = workers.watched(
        _read, (format_.name, data), seconds=_SECONDS, memory=_MEMORY, preload=["feedwright.formats.table"]
    )
    return f"it takes {fault.excess} to read" if isinstance(fault, workers.Lost) else fault


def _read(document: tuple[str, bytes]) -> str:
    name, data = document
    return formats.fault(formats.FORMATS[name], data)


def _published_record(folder: str, destination: Destination, find: Find) -> Record:
    name = destination.record_name
    address = folder + quote(name)
    data = find(address, records.LARGEST)
    if data is None:
        first = "If nothing was published there yet: feedwright restore --if-published"
        hint = f"{first}\nElse give the address of the folder that holds the feeds."
        raise MachineError(f"There is no record at {address}.", code="RES001", hint=hint)
    try:
        record = records.read_elsewhere(data, name=address)
    except GuardError as error:
        error.message = f"{error.message} It is the one at {address}."
        raise
    taken = {caseless(name)}
    for path in record.files:
        # It lies elsewhere, or is one of two that meet on some file system.
        if not destination.holds(path) or caseless(path) in taken:
            message = f"The record at {address} cannot be used: {path!r} is not a path of a document."
            hint = f"See what the server has at that address; upload the record with the feeds.\n{_FIRST}"
            raise GuardError(message, code="PUB006", hint=hint)
        taken.add(caseless(path))
    return record


def _check_record(ours: Record, published: Record, path: Path, folder: str) -> None:
    """Refuse to replace what a record says of ids and addresses; documents can be had again."""
    if replace(ours, documents={}, stale={}) == replace(published, documents={}, stale={}):
        return
    message = f"This folder has a record of its own that differs from the one at {folder}."
    hint = (
        "Its ids are those that the next build publishes; if it came from there once and is only older, or\n"
        "if the published one is to count: --accept record"
    )
    raise GuardError(message, code="PUB011", hint=hint, file=str(path))


def _is_on_disk(file: Path, digest: str) -> bool:
    try:
        return document_hash(read_bytes(file, follow=False)) == digest
    except (OSError, ValueError):
        return False  # `publish` looks again, and says why
