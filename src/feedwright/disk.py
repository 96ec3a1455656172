"""Reading files, creating those of the cache, and errors of the file system in words that help.

What subscribers see is written by `publication.atomic_writes`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from feedwright.patterns import lazy_pattern
from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LARGEST = 1 << 29
"""Most bytes of a file that is read as a whole: a record, a configuration, a document, an article."""

CACHE_FOLDER = ".feedwright_cache"
"""The name of the folder that may be deleted at any time, beside the configuration."""

_CHUNK = 1 << 20
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WINDOWS = lazy_pattern(r'[\\:*?"<>|\x00-\x1f]')
_CACHEDIR = b"Signature: 8a477f597d28d172789f06886806bc55\n# This folder can be deleted at any time.\n"
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_HINTS = {
    "FS020": "Free some space, then build again.",
    "FS021": "Give the user that builds the right to write there, then build again.",
    "FS022": "Put right what is at that path, then build again.",
}


@contextmanager
def reporting(path: Path, note: str = "Nothing was changed.") -> Iterator[None]:
    """Turn an `OSError` into a `MachineError` about the path, with a note on what was done."""
    try:
        yield
    except OSError as error:
        code = "FS020" if error.errno in _FULL else "FS021" if error.errno in _DENIED else "FS022"
        message = f"{path} cannot be written: {error.strerror or error}. {note}"
        raise MachineError(message, code=code, hint=_HINTS[code], file=str(path)) from error


def probe(folder: Path) -> None:
    """Raise `MachineError` if a folder, or the folder it would be created in, cannot be written."""
    folder = folder.absolute()
    existing = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
    with reporting(existing):
        if not stat.S_ISDIR(existing.stat().st_mode):
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(existing, os.W_OK | os.X_OK):
            read_only = hasattr(os, "statvfs") and os.statvfs(existing).f_flag & os.ST_RDONLY
            number = errno.EROFS if read_only else errno.EACCES
            raise OSError(number, os.strerror(number))


def read_bytes(path: str | os.PathLike[str], *, follow: bool = True, largest: int = LARGEST) -> bytes:
    """Return the bytes of a regular file: a pipe or a device might never end.

    Raises OSError if there is none or it has more than `largest` bytes, and for a link unless `follow`.
    """
    flags = os.O_RDONLY | _AT_ONCE | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    handle = os.open(path, flags)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "Not a regular file", os.fspath(path))
        if status.st_size > largest:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), os.fspath(path))
        # no file object: a build reads so many files that making one for each would show
        return b"".join(iter(partial(os.read, handle, status.st_size + 1), b""))
    finally:
        os.close(handle)


def create(path: Path, data: bytes) -> bool:
    """Create a file, and the folders it is in; return False if there is anything of that name.

    Raises `MachineError` if it cannot be created; then there is none.
    """
    with reporting(path, "Nothing is there that was not before."):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = open(path, "xb")  # noqa: SIM115 - a file that is there is no error
        except FileExistsError:
            return False
        try:
            with file:
                file.write(data)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return True


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 of bytes that come in parts, in hexadecimal."""
    seal = hashlib.sha256()
    for part in parts:
        seal.update(part)
    return seal.hexdigest()


def document_hash(data: bytes) -> str:
    """Return the hash of a document as it stands in the record: "sha256:" and 64 hex digits."""
    return f"sha256:{sha256(data)}"


def file_sha256(path: str) -> str:
    """Return the SHA-256 of a regular file's bytes, "" if it cannot be read or has more than `LARGEST`."""
    seal = hashlib.sha256()
    try:
        handle = os.open(path, os.O_RDONLY | _AT_ONCE)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
                return ""
            asked = min(status.st_size + 1, _CHUNK)
            while data := os.read(handle, asked):
                seal.update(data)
                if len(data) < asked:  # the end, which need not be asked for
                    break
        finally:
            os.close(handle)
    except OSError:
        return ""
    return seal.hexdigest()


def state_of(path: str) -> str:
    """Return a hash of a file's bytes, "" where there is none.

    Of a path that ends in a separator it tells whether there is a folder; with `*` after it, what its files
    are called.
    """
    if path.endswith(os.sep):
        return "folder" if os.path.isdir(path) else ""
    if path.endswith(f"{os.sep}*"):
        try:
            return sha256("\0".join(sorted(os.listdir(path[:-1]))).encode("utf-8", "surrogateescape"))
        except OSError:
            return ""
    return file_sha256(path)


def is_plain_path(path: str) -> bool:
    """Tell whether a path stays below its folder on every platform: no root, empty part or final dot."""
    parts = path.split("/")
    return not _WINDOWS.search(path) and all(part and part.rstrip(". ") == part for part in parts)


def make_private(folder: Path) -> None:
    """Create a folder with `.gitignore` and `CACHEDIR.TAG` (bford.info/cachedir), unless it has contents.

    Raises OSError if it is a link: nothing is written where it leads.
    """
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "it is a link, and nothing is written where it leads", str(folder))
    if folder.is_dir() and any(folder.iterdir()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_bytes(b"*\n")
    (folder / "CACHEDIR.TAG").write_bytes(_CACHEDIR)
