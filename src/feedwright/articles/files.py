"""The bytes of an article's file, or what is wrong with it.

Only regular files are opened, and never beyond the requested size.
"""

from __future__ import annotations

import errno
import os
import stat
from functools import lru_cache
from typing import TYPE_CHECKING

from feedwright.problems import HeldError, Problem

if TYPE_CHECKING:
    from pathlib import Path

HEAD_SIZE = 65_536
"""Bytes of a file within which its front matter must end, as UTF-8: nearly every article fits whole."""

_QUOTABLE = 8 * 2**20  # bytes of a file of which messages show lines
_FLAGS = ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
_READ_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in _FLAGS)


class FileError(HeldError):
    """A file cannot be read as an article; carries the problem."""

    def __init__(self, code: str, message: str, path: str, *position: int, hint: str = "") -> None:
        super().__init__((Problem.error(code, message, path, *position, hint=hint),))


def read(content: Path, path: str, *, limit: int = -1, follow: tuple[Path, ...] = ()) -> tuple[bytes, bool]:
    """Return a file's first `limit` bytes (-1: all) and whether that is the whole file.

    What is read lies in the folder `content`, or in one of `follow`, even if there is a link now where there
    was none when the folder was walked. Raises `FileError` with FS004 (not a regular file), FS005
    (unreadable, or elsewhere) or FS006 (changed meanwhile).
    """
    roots = _roots(content, *follow)
    for _ in range(2):
        try:
            result = _read_once(f"{content}/{path}", limit, roots)
        except OSError as error:
            hint = "make the file readable" if isinstance(error, PermissionError) else ""
            message = f"the file cannot be read: {error.strerror}"
            raise FileError("FS005", message, path, hint=hint) from None
        if result is None:
            raise FileError("FS004", "not a regular file", path)
        if result[2]:
            return result[0], result[1]
    raise FileError("FS006", "the file changed twice while it was read", path, hint="build again")


@lru_cache(8)
def _roots(*folders: Path) -> tuple[str, ...]:
    return tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)


def _read_once(path: str, limit: int, roots: tuple[str, ...] = ("",)) -> tuple[bytes, bool, bool] | None:
    """Return the bytes, whether they are the whole file, and whether it stayed the same; None for no file."""
    handle = os.open(path, _READ_FLAGS)
    try:
        if roots[0] and not place_of(handle, path).startswith(roots):
            raise OSError(errno.ELOOP, "it is now a link out of the content folder")
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            return None
        size = before.st_size if limit < 0 else min(limit, before.st_size)
        data = b""
        while len(data) < size and (chunk := os.read(handle, size - len(data))):
            data += chunk
        after = os.fstat(handle)
    finally:
        os.close(handle)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return data, len(data) == before.st_size, same


def place_of(handle: int, path: str) -> str:
    """Return the real path of a file that was opened by a path, "" if that leads to another one by now."""
    try:
        return os.readlink(f"/proc/self/fd/{handle}")
    except OSError:  # not Linux
        place = os.path.realpath(path)
        return place if os.path.samestat(os.lstat(place), os.fstat(handle)) else ""


def line_of(file: str, line: int) -> str | None:
    """Return a line of a file, counted from 1, for a message; None where it is not in what is read of it."""
    try:
        result = _read_once(file, _QUOTABLE)
    except OSError:
        return None
    text = result[0].decode("utf-8-sig", "replace") if result else ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n") if text else []
    return lines[line - 1] if 0 < line <= len(lines) else None
