"""The pages that the site's generator made: whether an article has one, and which one is nearest.

A page is looked for as servers do: the file, the file with `.html`, or the folder's `index.html`.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, unquote

from feedwright.text import nearest

_SUFFIXES = (".html", ".htm")


class BuiltSite:
    """A folder of pages, served at `url`; `present` and `absent` are the files looked for so far."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.present: list[str] = []
        self.absent: list[str] = []

    def has(self, link: str) -> bool:
        """Tell whether there is a page at an absolute URL; one outside the site is taken for granted."""
        files = self._files(link)
        if files is None:
            return True
        found = self._first(files)
        if found is None:
            self.absent += files
        else:
            self.present.append(found)
        return found is not None

    def page(self, link: str) -> tuple[str, str] | None:
        """Return the file of the page at an absolute URL, below the folder, and the address it is read at.

        Where an address without a slash leads to a folder, servers add the slash. None where there is no page
        of the site, or where its file is a link that leads out.
        """
        file = self._first(self._files(link) or [])
        root = os.path.join(os.path.realpath(self.folder), "")
        if file is None or not os.path.realpath(os.path.join(root, file)).startswith(root):
            return None
        address = link.partition("#")[0].partition("?")[0]
        is_folder = file.endswith("/index.html") and not address.endswith(("/", "/index.html", "/index"))
        return file, f"{address}/" if is_folder else address

    @property
    def looked_for(self) -> tuple[tuple[str, bool], ...]:
        """Every file that was looked for so far, as an absolute path, and whether it was there."""
        root = os.path.realpath(self.folder)
        files = [(file, True) for file in self.present] + [(file, False) for file in self.absent]
        return tuple((os.path.join(root, file), there) for file, there in files)

    def nearest(self, link: str) -> str:
        """Return the path of the page that an address was probably meant to be, "" where none is near."""
        path = unquote(link.removeprefix(self.url)).strip("/")
        name = _name(path)
        if same := self._by_name.get(name.casefold()):
            return same
        return self._by_name.get(nearest(name.casefold(), self._by_name), "")

    def _first(self, files: list[str]) -> str | None:
        return next((file for file in files if os.path.isfile(os.path.join(self.folder, file))), None)

    def _files(self, link: str) -> list[str] | None:
        """The files that a server may show at an address, None for an address elsewhere."""
        if not link.startswith(self.url):
            return None
        path = unquote(link.removeprefix(self.url).partition("#")[0].partition("?")[0])
        forms = dict.fromkeys([path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path)])
        return [file for form in forms for file in _served(form)] if ".." not in path.split("/") else []

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """The path of every page by its name, in small letters; the shortest where several have one."""
        by_name: dict[str, str] = {}
        for path in sorted(self._pages(), key=len, reverse=True):
            by_name[_name(path).casefold()] = "/" + quote(path)
        return by_name

    def _pages(self) -> Iterator[str]:
        for folder, _, files in os.walk(self.folder):
            below = Path(folder).relative_to(self.folder).as_posix()
            prefix = "" if below == "." else f"{below}/"
            for file in files:
                if file.endswith(_SUFFIXES):
                    yield prefix + ("" if file == "index.html" else file)


def _served(path: str) -> list[str]:
    if not path or path.endswith("/"):
        return [f"{path}index.html"]
    return [path, f"{path}.html", f"{path}/index.html"]


def _name(path: str) -> str:
    """The last part of a path without the suffix of a page."""
    name = path.strip("/").rpartition("/")[2]
    return next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)
