"""What a failure of the file system means to the person who builds."""

from __future__ import annotations

import errno
import os
import stat
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
    with reporting(place):
        number = _refusal(place)
        if number:
            raise OSError(number, os.strerror(number))


def _refusal(place: Path) -> int:
    """Why nothing can be made in a folder, as an error number; 0 if it can."""
    if not stat.S_ISDIR(place.stat().st_mode):
        return errno.ENOTDIR
    if os.access(place, os.W_OK | os.X_OK):
        return 0
    read_only = hasattr(os, "statvfs") and os.statvfs(place).f_flag & os.ST_RDONLY
    return errno.EROFS if read_only else errno.EACCES
