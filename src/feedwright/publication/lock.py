"""The lock that lets one build at a time publish; others wait, and say who holds it."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from feedwright.disk import make_private, read_bytes, reporting
from feedwright.problems import MachineError


@contextmanager
def locked(lock: Path, notify: Callable[[str], None], patience: float = 10.0) -> Iterator[None]:
    """Hold the lock; raises `MachineError` LOCK001, naming the holder, if another build keeps it.

    `patience` is in seconds; `notify` gets a message when the waiting begins.
    """
    from filelock import FileLock, Timeout  # takes 50 ms to import

    holder = lock.with_name(f"{lock.name}.holder")
    file_lock = FileLock(lock)
    with reporting(lock):
        make_private(lock.parent)
        try:
            file_lock.acquire(timeout=0)
        except Timeout:
            notify(f"Another build is publishing ({_describe(holder)}); waiting up to {patience:g} seconds.")
            try:
                file_lock.acquire(timeout=patience)
            except Timeout as error:
                message = f"Another build is still publishing: {_describe(holder)}. Nothing was changed."
                hint = "Wait for it, or end it, and build again."
                raise MachineError(message, code="LOCK001", hint=hint, file=str(lock)) from error
    try:
        with reporting(holder):
            holder.unlink(missing_ok=True)
            with open(holder, "x", encoding="utf-8") as file:  # one that nobody else has made
                json.dump({"pid": os.getpid(), "host": platform.node()}, file)
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        with suppress(OSError):
            file_lock.release()  # else the end of the process does


def _describe(holder: Path) -> str:
    try:
        process = json.loads(read_bytes(holder, follow=False))
        return f"process {int(process['pid'])} on {process['host']}"
    except (OSError, ValueError, TypeError, KeyError):
        return "its process is not known"
