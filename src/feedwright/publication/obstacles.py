"""What keeps the documents of a new feed from being written: names that are too long, files, links."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

_USUAL = 255
"""Bytes of a file's name that nearly every file system allows."""

_TEMPORARY = ".fw-0123456789ab.tmp"
"""A name as long as those of temporary files."""


def find(folder: str, files: Iterable[str], output: Path, *, foreign: bool) -> str:
    """Return why documents cannot be written to a folder below the output folder, "" if they can.

    `folder` ends in "/"; `foreign` says whether `files` that are there already may not be replaced.
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
    there = [name for name in files if foreign and os.path.lexists(path / name)]
    return f"there is another {there[0]} already" if there else ""


def _longest_name(folder: Path) -> int:
    """Bytes that a name in a folder may have, or that are usual where the system does not say."""
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, ValueError, AttributeError):  # it is not there yet; Windows has no such call
        return _USUAL
