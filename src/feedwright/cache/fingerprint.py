"""What decides the bytes, in one hash: the sources and templates of this package, Python, all distributions.

It is part of every key of the cache: whoever upgrades a sanitizer, or changes a step on the way of a body,
gets what the new one makes.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_CHUNK = 1 << 22


@cache
def fingerprint() -> str:
    """Return the fingerprint of this process, 64 hex digits. Raises OSError where a source cannot be read."""
    return of(_PACKAGE, sys.path)


def of(package: str, path: Iterable[str]) -> str:
    """Return the fingerprint of the package in a folder, beside the distributions on a `sys.path`.

    A distribution is told by its metadata folder, whose name has its version (PyPA, recording installed
    projects); `importlib.metadata` would read the same, but takes 25 ms to import. All count, whether they
    take part or not: which ones do cannot be told without asking each.
    """
    seal = hashlib.sha256(f"{sys.version}\0{sys.platform}\0".encode())
    for name in sorted(_distributions(path)):
        seal.update(f"{name}\0".encode("utf-8", "surrogateescape"))
    for file in _files(package):
        data = _bytes(file)
        seal.update(f"{os.path.relpath(file, package)}\0{len(data)}\0".encode())
        seal.update(data)
    return seal.hexdigest()


def _distributions(path: Iterable[str]) -> Iterator[str]:
    for folder in dict.fromkeys(path):
        try:
            names = os.listdir(folder or ".")
        except OSError:  # a zip file, or nothing
            continue
        yield from (name for name in names if name.endswith((".dist-info", ".egg-info")))


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        elif not entry.name.endswith((".pyc", "~", ".swp")):
            yield entry.path


def _bytes(file: str) -> bytes:
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        parts = []
        while part := os.read(handle, _CHUNK):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(handle)
