"""An SQLite file that anybody may have written, opened so that it does no harm; door to sqlite3.

What SQLite recommends for files that are not trusted (sqlite.org/security.html), and what it leaves out: no
link is followed, no file beside it is opened that feedwright does not write, and the schema is compared word
for word, so that there is no view, trigger or index whose code would run.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import suppress
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Sequence

PATIENCE = 5.0
"""Seconds that a build waits for another one that writes."""

LONGEST = 2**27
"""Most bytes of one value."""

_SETTINGS = (
    "trusted_schema = off",
    "cell_size_check = on",
    "mmap_size = 0",
    "synchronous = normal",
    "temp_store = memory",  # not in a folder of the system's
    "cache_size = -256",  # in KiB; what is read is read once
)

_MOST_STEPS = 50_000_000
"""Instructions of SQLite's that one statement may take: 20 for each of a million articles, and reserve."""

_MAGIC = b"SQLite format 3\0"
_JOURNAL_ONLY = b"\1\1"
_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")
"""The end of a journal that names another file: SQLite would delete that one (fileformat2.html §3)."""

_PASSING = {3, 5, 6, 7, 8, 10, 13, 14}
"""Codes of errors that say nothing about the file: rights, locks, memory, the disk."""


class DamagedError(Exception):
    """The cache is not what feedwright wrote: nothing of it may be used."""


def is_passing(error: Exception) -> bool:
    """Tell whether an error of reading or writing says nothing about what the file holds."""
    if isinstance(error, sqlite3.DataError):  # a value that is too large
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, OSError) or (code is not None and code & 0xFF in _PASSING)


def seal(data: bytes, *texts: str) -> int:
    """Return a checksum over a row: what changes by accident is noticed."""
    return crc32(data, crc32("\0".join(texts).encode("utf-8", "surrogateescape")))


def form_of(file: str) -> int:
    """Return the form (`user_version`) of a database, after a look at the file and at those beside it.

    Raises DamagedError for what feedwright never writes: a link, a second name, a write-ahead log, another
    kind of file. Raises OSError if it cannot be read.
    """
    if not _is_plain(file) or os.path.lexists(f"{file}-wal") or os.path.lexists(f"{file}-shm"):
        raise DamagedError
    journal = f"{file}-journal"
    if os.path.lexists(journal) and (
        not _is_plain(journal) or _bytes(journal, -8, 8, os.SEEK_END) == _SUPER_JOURNAL
    ):
        raise DamagedError
    header = _bytes(file, 0, 100)
    if not header.startswith(_MAGIC) or header[18:20] != _JOURNAL_ONLY:
        raise DamagedError
    return int.from_bytes(header[60:64], "big")


def _is_plain(file: str) -> bool:
    status = os.lstat(file)
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _bytes(file: str, offset: int, size: int, whence: int = os.SEEK_SET) -> bytes:
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    try:
        with suppress(OSError):  # before the beginning
            os.lseek(handle, offset, whence)
        return os.read(handle, size)
    finally:
        os.close(handle)


def open_existing(file: str, tables: Sequence[str], *, read_only: bool = False) -> sqlite3.Connection:
    """Return a connection to a file that `form_of` accepts and whose schema is `tables`.

    Raises DamagedError if it has another one, sqlite3.Error if it cannot be read. With `read_only` not even
    what a build left half done is undone: that is such an error.
    """
    base = _connect(file, read_only=read_only)
    try:
        rows = base.execute("select type, sql from sqlite_schema limit 100").fetchall()
        made = [row for row in rows if row != ("index", None)]  # of a primary key
        if sorted(made) != sorted(("table", sql) for sql in tables):
            raise DamagedError
    except BaseException:
        base.close()
        raise
    return base


def create(file: str, tables: Sequence[str], form: int) -> sqlite3.Connection:
    """Return a connection to a new database with these tables, in its first transaction.

    Raises OSError if anything has that name, even a link.
    """
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o644))
    base = _connect(file)
    base.execute("begin immediate")
    base.execute(f"pragma user_version = {form:d}")
    for statement in tables:
        base.execute(statement)
    return base


def _read_only(file: str) -> str:
    """The address at which SQLite opens a file without writing to it (sqlite.org/uri.html)."""
    from pathlib import Path  # where nothing changed, it is not needed

    return f"{Path(os.path.abspath(file)).as_uri()}?mode=ro"


def _connect(file: str, *, read_only: bool = False) -> sqlite3.Connection:
    name = _read_only(file) if read_only else file
    base = sqlite3.connect(name, timeout=PATIENCE, isolation_level=None, uri=read_only)
    base.set_progress_handler(lambda: 1, _MOST_STEPS)
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for setting in _SETTINGS:
        base.execute(f"pragma {setting}")
    return base
