"""Whether the place of a cache is one where nobody else puts files: a repository's are somebody's."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from feedwright import disk

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATUS = 40
"""Bytes of an entry of an index before its hash."""

_HASH_SIZES = (20, 32)
"""Bytes of SHA-1 and of SHA-256."""

_IS_EXTENDED = 0x4000
_LENGTH = 0xFFF
"""Bits of an entry's flags: whether there are more of them; the length of its path, if it fits."""


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
            until = "until the site is in a git repository (git init)"
            return f"it lies in the content folder and may have come with it; builds are only slower, {until}"
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
        indexes = [*_indexes(_git_folder(os.path.join(top, ".git")))]
    except OSError:
        return None
    name_of_its_own = below[below.rfind(b"/", 0, -1) + 1 :].lower()
    return any(_names(index, name_of_its_own) for index in indexes)


def _indexes(git: str) -> Iterator[bytes]:
    """Yield the index of a repository, and one that has entries for it, whose hash it holds then."""
    index = disk.read_bytes(os.path.join(git, "index"))
    yield index
    for name in os.listdir(git):
        kind, _, hashed = name.partition(".")
        is_shared = kind == "sharedindex" and re.fullmatch("(?:[0-9a-f]{2})+", hashed)
        if is_shared and bytes.fromhex(hashed) in index:
            yield disk.read_bytes(os.path.join(git, name))


def _names(index: bytes, folder: bytes) -> bool:
    """Tell whether an index (gitformat-index) has a path in a folder of that name, in lower case.

    It may be anywhere in the repository, and in capitals: some systems open it under one name as under the
    other, also the folders around it.
    """
    if index[4:8] != b"\0\0\0\4":
        return folder in index.lower()
    for hash_size in _HASH_SIZES:
        with suppress(ValueError, IndexError):
            return any(folder in path.lower() for path in _paths(index, hash_size))
    return True


def _paths(index: bytes, hash_size: int) -> Iterator[bytes]:
    """Yield the paths of an index of version 4, each of which has only what the one before it has not.

    Raises ValueError or IndexError where that is not how it is written.
    """
    at, path = 12, b""
    for _ in range(int.from_bytes(index[8:12], "big")):
        at += _STATUS + hash_size
        flags = int.from_bytes(index[at : at + 2], "big")
        at += 4 if flags & _IS_EXTENDED else 2
        cut, at = _number(index, at)
        end = index.index(b"\0", at)
        path = path[: len(path) - cut] + index[at:end]
        if min(len(path), _LENGTH) != flags & _LENGTH:
            raise ValueError("not its length")
        at = end + 1
        yield path


def _number(index: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable width (gitformat-pack, offset encoding), and where it ends."""
    number = index[at] & 0x7F
    while index[at] & 0x80:
        at += 1
        number = (number + 1 << 7) + (index[at] & 0x7F)
    return number, at + 1


def _git_folder(git: str) -> str:
    """Return the folder of a repository; in a worktree or a submodule `.git` is a file that names it."""
    if os.path.isdir(git):
        return git
    named = disk.read_bytes(git).partition(b"gitdir:")[2].strip()
    return os.path.join(os.path.dirname(git), os.fsdecode(named))
