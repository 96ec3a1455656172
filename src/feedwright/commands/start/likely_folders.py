"""Folders that probably hold the articles of a site, where nobody says which one does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from feedwright.articles import files
from feedwright.media_types import MARKDOWN
from feedwright.problems import HeldError
from feedwright.text import some

_DEPTH = 3
_MOST_FILES = 2000
_BEGINNING = 64
_FENCES = (b"---", b"+++", b";;;")
_NOT_CONTENT = frozenset(("build", "dist", "node_modules", "public", "output", "themes", "vendor", "venv"))


class Likely(NamedTuple):
    """A folder below the one that was looked at, with `/`, and its files that look like articles."""

    path: str
    articles: int


def likely_folders(root: Path) -> list[Likely]:
    """Return the folders at most three levels below `root` that have articles in Markdown, most first.

    Of folders in each other, it is the outermost that is not `root` itself.
    """
    outermost = _outermost(root)
    outermost.pop(".", None)
    return [Likely(*row) for row in sorted(outermost.items(), key=lambda row: (-row[1], row[0]))]


def articles_beside(root: Path) -> int:
    """Return the number of articles in Markdown that lie in the folder itself."""
    return _outermost(root, depth=0)["."]


def _outermost(root: Path, depth: int = _DEPTH) -> Counter[str]:
    """The number of articles by the outermost folder that has some; "." is `root`."""
    numbers: Counter[str] = Counter()
    for number, file in enumerate(_files(os.fspath(root), depth)):
        if number >= _MOST_FILES:
            break
        folder = os.path.relpath(os.path.dirname(file), root).replace(os.sep, "/")
        if _looks_like_an_article(file):
            numbers[folder] += 1
    outermost: Counter[str] = Counter()
    for folder, number in numbers.items():
        parts = folder.split("/")
        above = ("/".join(parts[:level]) for level in range(1, len(parts)))
        outermost[next((name for name in above if name in numbers), folder)] += number
    return outermost


def in_words(folders: list[Likely]) -> str:
    """Return the folders for a message."""
    return some([f"{folder.path} ({folder.articles})" for folder in folders], most=3)


def _files(folder: str, depth: int) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _NOT_CONTENT:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, depth - 1) if depth else ()
        elif entry.name.lower().endswith(MARKDOWN):
            yield entry.path


def _looks_like_an_article(file: str) -> bool:
    folder, _, name = file.rpartition(os.sep)
    try:
        beginning, _ = files.read(Path(folder), name, limit=_BEGINNING)
    except HeldError:
        return False
    return beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_FENCES)
