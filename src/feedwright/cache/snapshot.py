"""The state of a folder on disk: a signature of every file in it, and one digest over all of them.

A signature is size, modification time and inode. Every write changes it, except one within the clock's
resolution of the write before: a file touched less than two seconds before the snapshot is not trusted.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from feedwright import disk

if TYPE_CHECKING:
    from collections.abc import Iterable

_RESOLUTION = 2_000_000_000


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """The signatures of the files below `root`, by path with `/`, without hidden files and linked folders.

    `newest` is the latest modification, in ns since the epoch; `linked` says that there are links, so that
    not everything they lead to was seen.
    """

    root: str
    signatures: dict[str, str] = field(default_factory=dict)
    newest: int = 0
    linked: bool = False
    _digest: str = ""

    def digest(self) -> str:
        """Return a hash over all paths and signatures, which must not change any more."""
        self._digest = self._digest or _digest_of(self.signatures.items())
        return self._digest

    def is_settled(self, now_ns: int) -> bool:
        """Tell whether every later write must change a signature; `now_ns` is when the snapshot began."""
        return not self.linked and self.newest < now_ns - _RESOLUTION

    def trusted(self, now_ns: int) -> dict[str, str]:
        """Return the signatures that every later write must change; `now_ns` is when the snapshot began."""
        latest = now_ns - _RESOLUTION
        if self.newest < latest:
            return self.signatures
        return {path: own for path, own in self.signatures.items() if int(own.split(":")[1]) < latest}


def take(root: str, *, skip: str = "") -> Snapshot:
    """Return the snapshot of `root` without the folder `skip`. Raises OSError where it cannot be read."""
    snapshot = Snapshot(root=root)
    _visit(snapshot, root, "", skip)
    return snapshot


def _visit(snapshot: Snapshot, folder: str, prefix: str, skip: str) -> None:
    signatures, newest = snapshot.signatures, snapshot.newest
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name[0] == "." or entry.path == skip:
                continue
            if entry.is_dir(follow_symlinks=False):
                snapshot.newest = newest
                _visit(snapshot, entry.path, f"{prefix}{name}/", skip)
                newest = snapshot.newest
                continue
            status = entry.stat(follow_symlinks=False)
            modified = status.st_mtime_ns
            if modified > newest:
                newest = modified
            signatures[prefix + name] = f"{status.st_size}:{modified}:{status.st_ino}"
            if entry.is_symlink():
                snapshot.linked = True
    snapshot.newest = newest


def signature(path: str) -> str:
    """Return the signature of one file, "" where there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ino}"


def content_digest(root: str, paths: Iterable[str], known: dict[str, str] | None = None) -> str:
    """Return a hash over the paths and bytes of files; `known` holds hashes that need not be computed."""
    known = known or {}
    return _digest_of((path, known.get(path) or disk.file_sha256(os.path.join(root, path))) for path in paths)


def _digest_of(rows: Iterable[tuple[str, str]]) -> str:
    text = "\n".join(f"{path}\0{value}" for path, value in sorted(rows))
    return disk.sha256(text.encode("utf-8", "surrogateescape"))
