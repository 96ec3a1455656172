"""The state of a folder on disk: a signature of every file in it, and one digest over all of them.

A signature is size, modification time and the time of the last change of any kind, which no program sets; the
file's number in its place on Windows, which has none. Every write changes it, unless the clock has not ticked
since the write before: a file touched less than two seconds before the snapshot is not trusted.
"""

from __future__ import annotations

import os
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from feedwright import disk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST = 4_000_000
"""How many files of any kind a snapshot may hold."""

_RESOLUTION = 2_000_000_000
_FACTS = attrgetter("st_size", "st_mtime_ns", "st_ino" if os.name == "nt" else "st_ctime_ns")
_AT_ONCE = 10_000
"""Rows that are hashed together."""


class Snapshot:
    """The files below `root`, except hidden ones and those in linked folders, each with its signature.

    `newest` is the latest modification, in ns since the epoch; `linked` says that there are links, so that
    some files may not have been seen. Not a dataclass: defining one would take a hundredth of a build without
    a change.
    """

    def __init__(self, root: str, *, skip: Sequence[str] = ()) -> None:
        """Take the snapshot of `root` without the files and folders `skip`.

        Raises OSError if it cannot be read, or holds so many files that it is no content folder.
        """
        self.root = root
        self.newest = 0
        self.linked = False
        self._rows: list[str] = []
        folders = [(root, "")]  # a list, not the stack of calls, however deep they are nested
        while folders:
            folders += self._visit(*folders.pop(), skip)
            if len(self._rows) > MOST:
                raise OSError("too many files")

    @cached_property
    def signatures(self) -> dict[str, str]:
        """The signatures of all files by path, with `/`; the rows they come from are not kept beside them."""
        _ = self.digest
        rows, self._rows = self._rows, []
        return dict(row.split("\0") for row in rows)

    @cached_property
    def digest(self) -> str:
        """A hash over all paths and signatures."""
        self._rows.sort()
        return _hash(self._rows)

    def is_settled(self, now_ns: int) -> bool:
        """Tell whether every later write will change a signature; `now_ns` is when the snapshot began."""
        return not self.linked and self.newest < now_ns - _RESOLUTION

    def trusted(self, now_ns: int) -> dict[str, str]:
        """Return the signatures that any later write will change; `now_ns` is when the snapshot began."""
        if self.newest < now_ns - _RESOLUTION:
            return self.signatures
        return {path: seal for path, seal in self.signatures.items() if is_final(seal, now_ns)}

    def _visit(self, folder: str, prefix: str, skip: Sequence[str]) -> list[tuple[str, str]]:
        """Add the files of a folder; return the folders in it, each with the beginning of its paths."""
        add = self._rows.append
        folders: list[tuple[str, str]] = []
        newest = 0
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name[0] == "." or entry.path in skip:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, f"{prefix}{name}/"))
                    continue
                size, modified, changed = _FACTS(entry.stat(follow_symlinks=False))
                if modified > newest:
                    newest = modified
                add(f"{prefix}{name}\0{size}:{modified}:{changed}")
                if entry.is_symlink():
                    self.linked = True
        self.newest = max(self.newest, newest)
        return folders


def signature(path: str) -> str:
    """Return the signature of one file, "" if there is none."""
    try:
        size, modified, changed = _FACTS(os.lstat(path))
    except OSError:
        return ""
    return f"{size}:{modified}:{changed}"


def is_final(signature: str, now_ns: int) -> bool:
    """Tell whether every later write to a file will change its signature, which was taken at `now_ns`."""
    return signature != "" and int(signature.split(":")[1]) < now_ns - _RESOLUTION


def content_digest(root: str, paths: Iterable[str], known: Mapping[str, str] | None = None) -> str:
    """Return a hash over the paths and bytes of files; `known` holds hashes that need not be computed."""
    known = known or {}
    return _hash(
        f"{path}\0{known.get(path) or disk.file_sha256(os.path.join(root, path))}" for path in sorted(paths)
    )


def _hash(rows: Iterable[str]) -> str:
    """The hash of rows in order, joined by line ends, which would take much memory all at once."""
    return disk.sha256_of(_joined(iter(rows)))


def _joined(rows: Iterator[str]) -> Iterator[bytes]:
    end = ""
    while some := list(islice(rows, _AT_ONCE)):
        yield (end + "\n".join(some)).encode("utf-8", "surrogateescape")
        end = "\n"
