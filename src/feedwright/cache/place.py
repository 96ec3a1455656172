"""Whether the place of a cache is one where nobody else puts files: a repository's are somebody's."""

from __future__ import annotations

import os

from feedwright import disk


def distrust(cache: str, content: str, *, is_own_root: bool) -> str:
    """Return why the cache in a folder may have come with the content, "" if it may be used.

    Who ships a content folder ships what lies in it. A cache directly in it is used only where nobody but
    the site's own configuration, which lies there too, made the site's root the content folder
    (`is_own_root`), and where git, which tracks what was shipped, does not track it. The paths are real ones.
    """
    tracked = _is_tracked(cache)
    if cache.startswith(os.path.join(content, "")):
        if not is_own_root or os.path.dirname(cache) != content:
            return "it lies in the content folder"
        if tracked is None:
            return "it lies in the content folder, and no git repository tells that it did not come with it"
    return "git tracks it" if tracked else ""


def _is_tracked(folder: str) -> bool | None:
    """Tell whether git tracks anything in a folder, by the index of the repository that holds it.

    None where there is no repository, or one without an index.
    """
    top, below = folder, b""
    while not os.path.lexists(os.path.join(top, ".git")):
        top, name = os.path.split(top)
        if not name:
            return None
        below = os.fsencode(name) + b"/" + below
    try:
        index = disk.read_bytes(os.path.join(_git_folder(os.path.join(top, ".git")), "index"))
    except OSError:
        return None
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
