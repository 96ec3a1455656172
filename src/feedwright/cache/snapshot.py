"""How a folder lies on the disk: a stamp for every file in it, and one seal over all of them.

A stamp is size, modification time and inode; whoever changes a file changes it, but for a write within the
clock's grain of the last one: what was touched within two seconds before the look is not trusted.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from feedwright import disk

if TYPE_CHECKING:
    from collections.abc import Iterable

_GRAIN = 2_000_000_000


@dataclass(slots=True, kw_only=True)
class Tree:
    """The files below `root` by path, with `/`, each with its stamp; hidden ones and links' folders are out.

    `newest` is the last modification, in ns since the epoch; `linked` tells that some folder is a link, so
    that what lies behind it is not told.
    """

    root: str
    stamps: dict[str, str] = field(default_factory=dict)
    newest: int = 0
    linked: bool = False
    _seal: str = ""

    def seal(self) -> str:
        """Return a hash over all paths and stamps, which no longer change."""
        self._seal = self._seal or self._sealed()
        return self._seal

    def _sealed(self) -> str:
        rows = "\n".join(f"{path}\0{stamp}" for path, stamp in sorted(self.stamps.items()))
        return hashlib.sha256(rows.encode("utf-8", "surrogateescape")).hexdigest()

    def is_settled(self, now_ns: int) -> bool:
        """Tell whether every later write must show in a stamp; `now_ns` is when the look began."""
        return not self.linked and self.newest < now_ns - _GRAIN

    def trusted(self, now_ns: int) -> dict[str, str]:
        """Return the stamps that every later write must change, as seen from when the look began."""
        if self.newest < now_ns - _GRAIN:
            return self.stamps
        return {path: mark for path, mark in self.stamps.items() if int(mark.split(":")[1]) < now_ns - _GRAIN}


def look(root: str, *, skip: str = "") -> Tree:
    """Return the tree below `root`; the folder `skip` is left out. Raises OSError where it cannot be read."""
    tree = Tree(root=root)
    _look(tree, root, "", skip)
    return tree


def _look(tree: Tree, folder: str, prefix: str, skip: str) -> None:
    stamps, newest = tree.stamps, tree.newest
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name[0] == "." or entry.path == skip:
                continue
            if entry.is_dir(follow_symlinks=False):
                tree.newest = newest
                _look(tree, entry.path, f"{prefix}{name}/", skip)
                newest = tree.newest
                continue
            status = entry.stat(follow_symlinks=False)
            modified = status.st_mtime_ns
            if modified > newest:
                newest = modified
            stamps[prefix + name] = f"{status.st_size}:{modified}:{status.st_ino}"
            if entry.is_symlink():
                tree.linked = True
    tree.newest = newest


def stamp(path: str) -> str:
    """Return the stamp of one file, "" where there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ino}"


def content_seal(root: str, paths: Iterable[str], known: dict[str, str] | None = None) -> str:
    """Return a hash over the paths and bytes of files; `known` spares reading those whose hash is known."""
    known = known or {}
    rows = (
        f"{path}\0{known.get(path) or disk.file_sha256(os.path.join(root, path))}" for path in sorted(paths)
    )
    return hashlib.sha256("\n".join(rows).encode("utf-8", "surrogateescape")).hexdigest()
