"""What a failure of the file system means to the person who builds."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC})
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
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
        raise failure(error, path, note) from error


def failure(error: OSError, path: Path, note: str = "Nothing was changed.") -> MachineError:
    """Return the `MachineError` for an error at a path, with a note on what was done."""
    code = "FS020" if error.errno in _FULL else "FS021" if error.errno in _DENIED else "FS022"
    message = f"{path} cannot be written: {error.strerror or error}. {note}"
    return MachineError(message, code=code, hint=_HINTS[code], file=str(path))


def probe(folder: Path) -> None:
    """Raise `MachineError` if a folder, or the folder it would be made in, cannot be written."""
    place = folder.absolute()
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise failure(OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)), place)
    if not os.access(place, os.W_OK | os.X_OK):
        read_only = hasattr(os, "statvfs") and os.statvfs(place).f_flag & os.ST_RDONLY
        number = errno.EROFS if read_only else errno.EACCES
        raise failure(OSError(number, os.strerror(number)), place)
