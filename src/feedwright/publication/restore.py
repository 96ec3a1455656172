"""Restoring an output folder from where it is served: the documents and the record that lists them.

That is for a folder that is not under version control. Restoring is publishing once more what was published,
so it goes through `publish`: whole or not at all, never over foreign files, never through links.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from feedwright.disk import document_hash, read_bytes
from feedwright.model import Document
from feedwright.problems import GuardError, MachineError, Problem
from feedwright.publication import fetch
from feedwright.publication import record as records
from feedwright.publication.publish import Destination, Published, publish
from feedwright.publication.record import Record
from feedwright.text import caseless

_FIRST = "If nothing was published there yet, leave `restore` out this once and build."
_MISSING = (
    "RES002",
    "is not there, though the record lists it",
    "publish the record and the feeds together; the next build generates it again",
)
_EDITED = (
    "RES003",
    "is not what the record says: edited there, or an old copy",
    "if a cache in between is to blame, restore again later; else the next build generates it again",
)


def restore(
    url: str,
    destination: Destination,
    *,
    find: Callable[[str], bytes | None] = fetch.find,
    accept: frozenset[str] = frozenset(),
    notify: Callable[[str], None] = lambda message: None,
) -> tuple[Published, list[Problem]]:
    """Fetch the record at `url` and the documents it lists, and write them into the output folder.

    `url` is the address of the published output folder. What is on disk already is not fetched. A document
    that is missing there (RES002), or differs from what the record says (RES003), is a problem, and neither
    written nor listed. All is fetched before anything is written. Raises `MachineError` RES001 (nothing was
    published there), those of `fetch`, and all that `publish` raises; `GuardError` PUB006 for what is not a
    record, PUB011 where the output folder has another one (`accept` "record" replaces it).
    """
    folder = url if url.endswith("/") else f"{url}/"
    record = _published_record(folder, destination.record_name, find)
    previous = records.load(destination.record_path)
    if previous and "record" not in accept:
        _check_record(previous, record, destination.record_path, folder)
    documents: list[Document] = []
    unchanged: dict[str, str] = {}
    problems: list[Problem] = []
    for path, digest in sorted(record.files.items()):
        file = destination.output / path
        if _is_on_disk(file, digest):
            unchanged[path] = digest
            continue
        address = folder + quote(path)
        data = find(address)
        if data is not None and document_hash(data) == digest:
            documents.append(Document(path=path, data=data))
        else:
            code, fault, hint = _MISSING if data is None else _EDITED
            problems.append(Problem.warning(code, f"{address} {fault}", str(file), hint=hint))
    published = publish(
        documents, destination, record, previous=previous, unchanged=unchanged, accept=accept, notify=notify
    )
    return published, problems


def _published_record(folder: str, name: str, find: Callable[[str], bytes | None]) -> Record:
    address = folder + quote(name)
    data = find(address)
    if data is None:
        hint = f"{_FIRST}\nElse give the address of the folder that holds the feeds."
        raise MachineError(f"There is no record at {address}.", code="RES001", hint=hint)
    try:
        record = records.read(data, name=address)
    except GuardError as error:
        error.message = f"{error.message} It is the one at {address}."
        raise
    taken = {caseless(name)}
    for path in record.files:
        # No build makes hidden ones, such as `.git/config`, or such that meet others.
        if "/." in f"/{path}" or caseless(path) in taken:
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
