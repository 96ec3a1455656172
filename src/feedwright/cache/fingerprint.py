"""One hash over all code that decides the bytes: this package's files, Python, every installed distribution.

It is part of every cache key: after an upgrade of a sanitizer, or a change to a processing step, nothing that
the old one made is used.
"""

from __future__ import annotations

import os
import sys
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
    count: finding out which take part would mean reading each one's metadata.
    """
    return disk.sha256_of(_parts(package, path))


def _parts(package: str, path: Iterable[str]) -> Iterator[bytes]:
    names = "\0".join((sys.version, sys.platform, *sorted(_distributions(path)), ""))
    yield names.encode("utf-8", "surrogateescape")
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


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        children = sorted(entries, key=lambda entry: entry.name)
    for entry in children:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        elif not entry.name.endswith((".pyc", "~", ".swp")):
            yield entry.path
