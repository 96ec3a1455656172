"""The files of the content folder that are articles.

Nothing outside the folder is looked at unless the settings allow it. Order is that of the paths in NFC, never
the file system's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct, field

from feedwright.articles.globs import Globs
from feedwright.generators.table import FOLDERS
from feedwright.media_types import ARTICLES
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem, Severity, UsageError
from feedwright.text import nfc

DEPTH = 64
"""How deep folders may be nested: an address names every one of them."""

MOST = 2_000_000
"""How many articles and folders a content folder may hold: more than any site, fewer than a whole disk."""

_NOT_UNICODE = lazy_pattern("[\ud800-\udfff]")


class _Walk(Struct, kw_only=True):
    """One walk through a content folder; `folders` are those still to be entered, each with its path."""

    ignored: _Ignored | None
    skip: str | None
    allowed: tuple[str, ...]
    suffixes: tuple[str, ...]
    paths: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)
    folders: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)

    def report(self, path: str, severity: Severity, code: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(severity=severity, code=code, message=message, file=path, hint=hint))


def walk(
    content: Path,
    *,
    ignore: tuple[str, ...] = (),
    output: Path | None = None,
    follow: tuple[Path, ...] = (),
    suffixes: tuple[str, ...] = ARTICLES,
) -> tuple[list[str], list[Problem]]:
    """Return the paths of all article files below `content`, sorted, relative, with `/`; and problems.

    Articles are files with one of the `suffixes`. `ignore` holds glob patterns over such paths; `output` is
    left out where it lies inside; links may lead out of `content` only into the folders `follow`. Raises
    OSError where `content` itself cannot be read, `UsageError` FS017 where it is far too large.
    """
    root = os.path.realpath(content)
    state = _Walk(
        ignored=_Ignored(pattern.rstrip("/") for pattern in ignore) if ignore else None,
        skip=os.path.realpath(output) if output else None,
        allowed=(root, *map(os.path.realpath, follow)),
        suffixes=suffixes,
    )
    _visit(state, "", _entries(state, root) or [])
    _enter_all(state)
    while state.links:
        links, state.links = sorted(state.links), []
        for path, link in links:
            _follow(state, link, path)
            _enter_all(state)
    state.paths.sort()
    if not all(map(str.isascii, state.paths)):
        state.paths.sort(key=nfc)
    state.problems.sort(key=lambda problem: problem.place)
    return state.paths, state.problems


def _entries(state: _Walk, folder: str) -> list[os.DirEntry[str]] | None:
    """List a folder, None where that was done before."""
    status = os.stat(folder)
    if (status.st_dev, status.st_ino) in state.seen:
        return None
    state.seen.add((status.st_dev, status.st_ino))
    with os.scandir(folder) as entries:
        return list(entries)


def _visit(state: _Walk, prefix: str, entries: list[os.DirEntry[str]]) -> None:
    """Take in a folder's files and folders; links wait, so that no file is named by a way round."""
    for entry in entries:
        name, path = entry.name, prefix + entry.name
        if _is_private(name) or (state.ignored and state.ignored.has(path, name)):
            continue
        if not name.isascii() and _NOT_UNICODE.search(name):
            if name.lower().endswith(state.suffixes) or os.path.isdir(entry.path):
                state.report(path, "error", "FS007", "the name is not UTF-8", "rename it")
        elif entry.is_symlink():
            state.links.append((path, entry.path))
        elif entry.is_dir(follow_symlinks=False):
            state.folders.append((entry.path, path))
        elif name.lower().endswith(state.suffixes):
            _add(state, path, regular=entry.is_file(follow_symlinks=False))


def _is_private(name: str) -> bool:
    if name[0] in "._":
        return name not in FOLDERS
    return name[-1] == "~" or (name[0] == "#" and name[-1] == "#")


class _Ignored:
    """Patterns over paths; those without a slash are over names, too."""

    def __init__(self, patterns: Iterable[str]) -> None:
        every = tuple(patterns)
        self._of_paths = Globs(every)
        self._of_names = Globs(pattern for pattern in every if "/" not in pattern)

    def has(self, path: str, name: str) -> bool:
        return bool(self._of_paths.matches(path) or (name != path and self._of_names.matches(name)))


def _follow(state: _Walk, link: str, path: str) -> None:
    target = os.path.realpath(link)
    is_folder = os.path.isdir(target)
    if not is_folder and not path.lower().endswith(state.suffixes):
        return
    if not os.path.exists(target):
        state.report(path, "warning", "FS003", "the link leads nowhere and was skipped")
    elif not any(target == root or target.startswith(root.rstrip(os.sep) + os.sep) for root in state.allowed):
        hint = f'allow its folder: follow_symlinks = ["{os.path.dirname(target)}"]'
        state.report(path, "error", "FS002", "the link leads out of the content folder", hint)
    elif is_folder:
        state.folders.append((target, path))
    else:
        _add(state, path, regular=os.path.isfile(target))


def _enter_all(state: _Walk) -> None:
    """Enter what folders were found, and those found there: not by recursion, however deep they are."""
    while state.folders:
        _enter(state, *state.folders.pop())
        if len(state.paths) + len(state.seen) > MOST:
            message = f"the content folder holds more than {MOST:,} articles and folders"
            hint = "name the folder of the articles (content), and leave out others (ignore)"
            raise UsageError(message, code="FS017", hint=hint)


def _enter(state: _Walk, folder: str, path: str) -> None:
    if state.skip and os.path.realpath(folder) == state.skip:
        message = "the output folder lies inside the content folder; it is not read"
        state.report(path, "warning", "FS008", message)
        return
    if path.count("/") >= DEPTH:
        hint = "move it further up; nothing in it is read"
        state.report(path, "error", "FS009", f"folders are nested more than {DEPTH} deep", hint)
        return
    try:
        entries = _entries(state, folder)
        if entries is None:
            message = "this folder was already read under another path; skipped"
            state.report(path, "warning", "FS001", message)
        else:
            _visit(state, path + "/", entries)
    except OSError as error:
        state.report(path, "error", "FS005", f"the folder cannot be read: {error.strerror}")


def _add(state: _Walk, path: str, *, regular: bool) -> None:
    if regular:
        state.paths.append(path)
    else:
        state.report(path, "warning", "FS004", "not a regular file; skipped")
