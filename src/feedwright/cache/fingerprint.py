"""One hash over all code that decides the bytes: this package's files, Python, every installed distribution.

It is part of every cache key: after an upgrade of a sanitizer, or a change to a processing step, nothing that
the old one made is used.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from feedwright import disk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@cache
def fingerprint() -> str:
    """Return the fingerprint of this process, 64 hex digits. Raises OSError if a source cannot be read."""
    return of(_PACKAGE, sys.path)


def of(package: str, path: Iterable[str]) -> str:
    """Return the fingerprint of the package in a folder together with the distributions on a `sys.path`.

    A distribution is recognized by its metadata folder, whose name contains its version (PyPA, recording
    installed projects); `importlib.metadata` would read the same, but takes 25 ms to import. All of them
    count: finding out which take part would mean reading each one's metadata. Of the package every file
    counts; where an installer has left a list with their hashes, that is enough.
    """
    return disk.sha256_of(_parts(package, path))


def _parts(package: str, path: Iterable[str]) -> Iterator[bytes]:
    names = "\0".join((sys.version, sys.platform, *sorted(_distributions(path)), ""))
    yield names.encode("utf-8", "surrogateescape")
    if listed := _installed(package):
        yield b"\n".join(listed)
        return
    for file in _files(package):
        data = disk.read_bytes(file)
        yield f"{file[len(package) :]}\0{len(data)}\0".encode()
        yield data


def _distributions(path: Iterable[str]) -> Iterator[str]:
    for folder in dict.fromkeys(path):
        try:
            names = os.listdir(folder or ".")
        except OSError:  # a zip file, or nothing
            continue
        yield from (name for name in names if name.endswith((".dist-info", ".egg-info")))


def _installed(package: str) -> list[bytes]:
    """The package's files with their hashes, as they were installed (PyPA, recording installed projects).

    There are none where it runs from a checkout: then the files may change at any time.
    """
    folder, name = os.path.split(package)
    lists = (f"{folder}/{found}/RECORD" for found in _distributions([folder]) if found.startswith(f"{name}-"))
    rows: set[bytes] = set()
    for file in lists:
        with suppress(OSError):
            rows.update(disk.read_bytes(file).splitlines())
    return sorted(row for row in rows if row.startswith(f"{name}/".encode()) and b",sha256=" in row)


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        children = sorted(entries, key=lambda entry: entry.name)
    for entry in children:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        elif not entry.name.endswith((".pyc", "~", ".swp")):
            yield entry.path
