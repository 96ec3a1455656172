"""The files beside the content folder that the site serves at its root, such as those in Hugo's `static`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


class StaticFiles:
    """The files in folders that the site serves at its root.

    `present` and `absent` are the files looked for so far, as absolute paths.
    """

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self.folders = [Path(os.path.realpath(folder)) for folder in folders]
        self.present: dict[str, None] = {}
        self.absent: dict[str, None] = {}

    def find(self, path: str) -> Path | None:
        """Return the file that is served at a path below the site's root; never one that a link leads to."""
        for folder in self.folders:
            try:
                file = Path(os.path.realpath(folder / path))
                is_there = file.is_file()
            except (OSError, ValueError):  # no file can have that name
                continue
            if not file.is_relative_to(folder):
                continue
            (self.present if is_there else self.absent)[os.fspath(file)] = None
            if is_there:
                return file
        return None

    def has_folder(self, name: str) -> bool:
        """Tell whether one of the folders has a folder of that name."""
        return any(os.path.isdir(folder / name) for folder in self.folders)
