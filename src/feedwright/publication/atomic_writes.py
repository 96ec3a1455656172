"""Atomic writes of several files as one transaction: at any moment every file is wholly old or wholly new.

All temporary files are written and synced before the first rename. The first file reaches the disk before any
other is renamed, so that it can name what the next build has to finish.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import takewhile
from pathlib import Path

from msgspec import Struct

from feedwright.disk import reporting
from feedwright.model import Document
from feedwright.patterns import lazy_pattern

_TEMPORARY = lazy_pattern(r"\.fw-[0-9a-f]{12}\.tmp")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_MANY, _AT_ONCE = 100, 8
"""How many files are synced by threads, and how many threads there are."""

_SYNCED = os.O_RDWR if os.name == "nt" else os.O_RDONLY  # the mode may forbid writing already


class Change(Struct, frozen=True, kw_only=True):
    """A file to be replaced by `document`; `mode` is that of the old file, None if there is none.

    The bytes are asked for only when they are written: those of a large site would fill the memory.
    """

    file: Path
    document: Document
    mode: int | None


def replace_all(changes: Collection[Change], output: Path) -> None:
    """Write, sync and rename, in this order; an error before the first rename leaves everything as it was.

    Raises `MachineError` FS020, FS021 or FS022, which says how many files were replaced.
    """
    pending: dict[Path, Change] = {}
    folders: list[Path] = []
    try:
        for change in changes:
            with reporting(change.file):
                missing = takewhile(lambda folder: not folder.exists(), change.file.parents)
                for folder in reversed([*missing]):
                    folder.mkdir()
                    folders.append(folder)
                with suppress(FileNotFoundError):
                    change.file.lstat()  # a name that is too long shows only in a folder that is there
                temporary = change.file.parent / f".fw-{os.urandom(6).hex()}.tmp"
                pending[temporary] = change
                with open(os.open(temporary, _NEW, 0o666), "wb") as file:
                    if change.mode is not None and hasattr(os, "fchmod"):
                        os.fchmod(file.fileno(), change.mode)
                    file.write(change.document.data)
        _sync_all(pending)
        _rename_all(pending, len(changes))
    finally:
        for temporary in pending:
            with suppress(OSError):
                temporary.unlink()
        for folder in reversed(folders):
            with suppress(OSError):  # it holds a file now, unless something failed
                folder.rmdir()
    touched = {change.file.parent for change in changes} | {folder.parent for folder in folders}
    with reporting(output, "All files were replaced, but a power failure may undo that."):
        for folder in sorted(touched):
            _sync_folder(folder)


def sweep(folders: Iterable[Path]) -> None:
    """Remove the temporary files of killed builds; hold the lock, so that no living build owns one."""
    for folder in sorted(folders):
        with suppress(OSError):
            for name in os.listdir(folder):
                if _TEMPORARY.fullmatch(name):
                    (folder / name).unlink()


def _sync_all(pending: Mapping[Path, Change]) -> None:
    """Sync the temporary files; many of them several at a time, which the disk writes in one go."""
    sync = partial(_sync, flags=_SYNCED)
    if len(pending) < _MANY:
        _wait_for(map(sync, pending), pending)
        return
    from concurrent.futures import ThreadPoolExecutor  # few builds need it

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        _wait_for(threads.map(sync, pending), pending)


def _wait_for(synced: Iterator[None], pending: Mapping[Path, Change]) -> None:
    for change in pending.values():
        with reporting(change.file):
            next(synced)


def _rename_all(pending: dict[Path, Change], count: int) -> None:
    """Rename what is pending, in its order; an error says what was done before it."""
    note = "Nothing was changed."
    for done, (temporary, change) in enumerate(list(pending.items()), start=1):
        with reporting(change.file, note):
            _rename(temporary, change.file)
        del pending[temporary]
        note = f"{done} of {count} files were replaced, each of them is whole; the next build does the rest."
        if done == 1:
            with reporting(change.file, note):
                _sync_folder(change.file.parent)


def _rename(temporary: Path, file: Path) -> None:
    for pause in (0.05, 0.1, 0.2, 0.4):
        try:
            temporary.replace(file)
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(pause)  # Windows refuses while a reader has the file open
        else:
            return
    temporary.replace(file)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    try:
        _sync(folder, os.O_RDONLY)
    except OSError as error:
        # Windows cannot open a folder, and some file systems cannot sync one.
        if os.name != "nt" and error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
