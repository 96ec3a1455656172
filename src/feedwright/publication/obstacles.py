"""What keeps the documents of a new feed from being written: names that are too long, files, links."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from feedwright import disk

_USUAL = 255
"""Bytes of a file's name that nearly every file system allows."""

_TEMPORARY = ".fw-0123456789ab.tmp"
"""A name as long as those of temporary files."""


def find(folder: str, marks: Mapping[str, bytes], output: Path) -> str:
    """Return why documents cannot be written to a folder below the output folder, "" if they can.

    `folder` ends in "/"; `marks` are what feedwright's own documents hold, by the names of files that may not
    be replaced if they are there and do not.
    """
    try:
        os.lstat(output / folder / _TEMPORARY)  # fails for a path that is too long, even where nothing is
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return f"{folder} is too long for the file system"
    path = output
    for part in folder.rstrip("/").split("/"):
        path = path / part
        if len(os.fsencode(part)) > _longest_name(path.parent):
            return f"{part} is too long a name for the file system"
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            return ""
        except OSError as error:
            return f"{path.name} cannot be used: {error.strerror}"
        if not stat.S_ISDIR(mode):
            return f"{path.name} is there already, and is no folder"
    there = [name for name, mark in marks.items() if _is_foreign(path / name, mark)]
    return f"there is another {there[0]} already" if there else ""


def _is_foreign(file: Path, mark: bytes) -> bool:
    if not os.path.lexists(file):
        return False
    try:
        return file.is_symlink() or mark not in disk.read_bytes(file)
    except OSError:
        return True


def _longest_name(folder: Path) -> int:
    """Bytes that a name in a folder may have, or that are usual where the system does not say."""
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, ValueError, AttributeError):  # it is not there yet; Windows has no such call
        return _USUAL
