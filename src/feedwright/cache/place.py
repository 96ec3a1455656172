"""Whether the place of a cache is one where nobody else puts files: a repository's are somebody's."""

from __future__ import annotations

import os

from feedwright import disk


def distrust(folder: os.PathLike[str], *, content: os.PathLike[str]) -> str:
    """Return why a cache is not used, "" if it is: it may have come with the content."""
    cache = os.path.realpath(folder)
    if cache.startswith(os.path.join(os.path.realpath(content), "")):
        return "it lies in the content folder"
    return "git tracks it" if is_tracked(cache) else ""


def is_tracked(folder: str) -> bool:
    """Tell whether git tracks anything in a folder, by the index of the repository that holds it."""
    top, below = folder, b""
    while not os.path.lexists(os.path.join(top, ".git")):
        top, name = os.path.split(top)
        if not name:
            return False
        below = os.fsencode(name) + b"/" + below
    try:
        index = disk.read_bytes(os.path.join(_git_folder(os.path.join(top, ".git")), "index"))
    except OSError:
        return False
    return _names(index, below)


def _names(index: bytes, folder: bytes) -> bool:
    """Tell whether an index (gitformat-index) has a path in a folder.

    Before each path stands its length, in 12 bits. Version 4 cuts off what a path has in common with the one
    before it; a cache's folder has a name of its own, which is then all that is looked for.
    """
    if index[4:8] == b"\0\0\0\4":
        return folder[folder.rfind(b"/", 0, -1) + 1 :] in index
    at = index.find(folder)
    while at >= 0:
        length = int.from_bytes(index[at - 2 : at], "big") & 0xFFF
        if length == min(index.find(b"\0", at) - at, 0xFFF):
            return True
        at = index.find(folder, at + 1)
    return False


def _git_folder(git: str) -> str:
    """Return the folder of a repository; in a worktree or a submodule `.git` is a file that names it."""
    if os.path.isdir(git):
        return git
    named = disk.read_bytes(git).partition(b"gitdir:")[2].strip()
    return os.path.join(os.path.dirname(git), os.fsdecode(named))
