"""The folder of what may be deleted at any time: git and backups are told to leave it out."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CACHEDIR = b"Signature: 8a477f597d28d172789f06886806bc55\n# This folder can be deleted at any time.\n"


def make_private(folder: Path) -> None:
    """Make such a folder, with `.gitignore` and `CACHEDIR.TAG` (bford.info/cachedir), unless it was there.

    Raises OSError where it is a link: nothing is written elsewhere.
    """
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "it is a link, and nothing is written where it leads", str(folder))
    if folder.is_dir() and any(folder.iterdir()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_bytes(b"*\n")
    (folder / "CACHEDIR.TAG").write_bytes(_CACHEDIR)
