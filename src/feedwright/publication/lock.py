"""One build at a time: a lock that other builds wait for, and that tells who holds it."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from feedwright import disk
from feedwright.disk import make_private, reporting
from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def locked(lock: Path, tell: Callable[[str], None], patience: float) -> Iterator[None]:
    """Hold the lock; raises `MachineError` LOCK001, naming the holder, if another build keeps it."""
    from filelock import FileLock, Timeout  # takes 50 ms to import

    holder = lock.with_name(f"{lock.name}.holder")
    guard = FileLock(lock)
    with reporting(lock):
        make_private(lock.parent)
        try:
            guard.acquire(timeout=0)
        except Timeout:
            tell(f"Another build is publishing ({_describe(holder)}); waiting up to {patience:g} seconds.")
            try:
                guard.acquire(timeout=patience)
            except Timeout as error:
                raise _held(lock, holder) from error
    try:
        with reporting(holder):
            _sign(holder)
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        with suppress(OSError):
            guard.release()  # else the end of the process does


def _sign(holder: Path) -> None:
    """Say who holds the lock, in a file that nobody else has made."""
    with suppress(FileNotFoundError):
        holder.unlink()
    with open(holder, "x", encoding="utf-8") as file:
        json.dump({"pid": os.getpid(), "host": _host()}, file)


def _held(lock: Path, holder: Path) -> MachineError:
    message = f"Another build is still publishing: {_describe(holder)}. Nothing was changed."
    return MachineError(
        message, code="LOCK001", hint="Wait for it, or end it, and build again.", file=str(lock)
    )


def _describe(holder: Path) -> str:
    try:
        found = json.loads(disk.read_bytes(holder, follow=False))
        return f"process {int(found['pid'])} on {found['host']}"
    except (OSError, ValueError, TypeError, KeyError):
        return "its process is not known"


def _host() -> str:
    import socket

    return socket.gethostname()
