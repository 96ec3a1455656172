"""The content folder: which files in it are articles, and a file's text, or what is wrong with it.

Nothing outside the folder is read unless the settings allow it, nothing but regular files is opened, and
no file is read past what was asked for. Order is that of the paths in NFC, never the file system's.
"""

from __future__ import annotations

import codecs
import os
import stat
import unicodedata
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from feedwright import text
from feedwright.generators.table import FOLDERS
from feedwright.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES = (".md", ".markdown", ".html", ".htm", ".txt")
MARKDOWN = (".md", ".markdown")
HEAD_SIZE = 65_536
"""Bytes read to find the front matter: nearly every article fits whole."""

_SHOWN = 8 * 2**20  # bytes of a file of which lines are shown

_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


class FileError(Exception):
    """A file cannot be read as an article; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One walk through a content folder."""

    root: str
    ignore: tuple[str, ...]
    skip: str | None
    allowed: tuple[str, ...]
    paths: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)
    links: list[tuple[str, str]] = field(default_factory=list)

    def report(self, path: str, severity: Severity, code: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(severity=severity, code=code, message=message, file=path, hint=hint))


def walk(
    content: Path, *, ignore: tuple[str, ...] = (), output: Path | None = None, follow: tuple[Path, ...] = ()
) -> tuple[list[str], list[Problem]]:
    """Return the paths of all article files below `content`, sorted, relative, with `/`; and problems.

    `ignore` holds glob patterns over such paths; `output` is left out where it lies inside; links may lead
    out of `content` only into the folders `follow`. Raises OSError where `content` itself cannot be read.
    """
    root = os.path.realpath(content)
    todo = _Walk(
        root=root,
        ignore=ignore,
        skip=os.path.realpath(output) if output else None,
        allowed=(root, *(os.path.realpath(f) for f in follow)),
    )
    status = os.stat(root)
    todo.seen.add((status.st_dev, status.st_ino))
    with os.scandir(root) as entries:
        found = list(entries)
    _visit(todo, "", found)
    while todo.links:
        _visit_links(todo)
    todo.paths.sort(key=lambda p: (unicodedata.normalize("NFC", p), p))
    todo.problems.sort(key=lambda p: p.place)
    return todo.paths, todo.problems


def _visit(todo: _Walk, prefix: str, entries: list[os.DirEntry[str]]) -> None:
    """Take in a folder's files and folders; links wait, so that no file is named by a way round."""
    for entry in entries:
        name = entry.name
        if _is_private(name):
            continue
        path = prefix + name
        if todo.ignore and _is_ignored(path, todo.ignore):
            continue
        if not name.isascii() and not _is_unicode(name):
            if name.lower().endswith(SUFFIXES) or os.path.isdir(entry.path):
                todo.report(path, "error", "FS007", "the name is not UTF-8", "rename it")
            continue
        if entry.is_symlink():
            todo.links.append((path, entry.path))
        elif entry.is_dir(follow_symlinks=False):
            _enter(todo, entry.path, path)
        elif name.lower().endswith(SUFFIXES):
            _add(todo, path, regular=entry.is_file(follow_symlinks=False))


def _is_private(name: str) -> bool:
    if name[0] in "._":
        return name not in FOLDERS
    return name[-1] == "~" or (name[0] == "#" and name[-1] == "#")


def _is_ignored(path: str, patterns: tuple[str, ...]) -> bool:
    parts = path.split("/")
    return any(
        fnmatchcase(path, pattern) or ("/" not in pattern and fnmatchcase(parts[-1], pattern))
        for pattern in (p.rstrip("/") for p in patterns)
    )


def _is_unicode(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _visit_links(todo: _Walk) -> None:
    links, todo.links = sorted(todo.links), []
    for path, place in links:
        _visit_link(todo, place, path)


def _visit_link(todo: _Walk, place: str, path: str) -> None:
    target = os.path.realpath(place)
    is_folder = os.path.isdir(target)
    if not is_folder and not path.lower().endswith(SUFFIXES):
        return
    if not os.path.exists(target):
        todo.report(path, "warning", "FS003", "the link leads nowhere and was skipped")
    elif not any(target == root or target.startswith(root.rstrip(os.sep) + os.sep) for root in todo.allowed):
        hint = f'allow its folder: follow_symlinks = ["{os.path.dirname(target)}"]'
        todo.report(path, "error", "FS002", "the link leads out of the content folder", hint)
    elif is_folder:
        _enter(todo, target, path)
    else:
        _add(todo, path, regular=os.path.isfile(target))


def _enter(todo: _Walk, folder: str, path: str) -> None:
    if todo.skip and os.path.realpath(folder) == todo.skip:
        todo.report(
            path, "warning", "FS008", "the output folder lies inside the content folder; it is not read"
        )
        return
    try:
        status = os.stat(folder)
        if (status.st_dev, status.st_ino) in todo.seen:
            todo.report(path, "warning", "FS001", "this folder was read already by another path; skipped")
            return
        todo.seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        todo.report(path, "error", "FS005", f"the folder cannot be read: {error.strerror}")
        return
    _visit(todo, path + "/", found)


def _add(todo: _Walk, path: str, *, regular: bool) -> None:
    if regular:
        todo.paths.append(path)
    else:
        todo.report(path, "warning", "FS004", "not a regular file; skipped")


def read(content: Path, path: str, *, limit: int = -1) -> tuple[bytes, bool]:
    """Return a file's first `limit` bytes (-1: all) and whether that is the whole file.

    Raises `FileError` with FS004 (no regular file), FS005 (unreadable) or FS006 (changed while it was read).
    """
    for _ in range(2):
        try:
            found = _read_once(f"{content}/{path}", limit)
        except OSError as error:
            raise _error(path, "FS005", f"the file cannot be read: {error.strerror}") from None
        if found is None:
            raise _error(path, "FS004", "not a regular file")
        if found[2]:
            return found[0], found[1]
    raise _error(path, "FS006", "the file changed twice while it was read", "build again")


def _read_once(path: str, limit: int) -> tuple[bytes, bool, bool] | None:
    """The bytes, whether they are the whole file, and whether it stayed the same; None if it is no file."""
    handle = os.open(path, _READ_FLAGS)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            return None
        data = _first_bytes(handle, before.st_size if limit < 0 else min(limit, before.st_size))
        after = os.fstat(handle)
    finally:
        os.close(handle)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return data, len(data) == before.st_size, same


def _first_bytes(handle: int, size: int) -> bytes:
    data = os.read(handle, size)
    return data if len(data) == size else b"".join((data, *_chunks(handle, size - len(data))))


def _chunks(handle: int, size: int) -> Iterator[bytes]:
    while size > 0 and (data := os.read(handle, size)):
        size -= len(data)
        yield data


def decode(
    data: bytes, *, path: str, encoding: str = "utf-8", whole: bool = True
) -> tuple[str, list[Problem]]:
    """Return a file's text with `\\n` line ends and without what XML forbids, and what was removed.

    A UTF-8 byte order mark is dropped. `whole` is false when the bytes end somewhere in the file.
    Raises `FileError` with ENC001 (not in that encoding) or ENC002 (UTF-16 or UTF-32 that was not declared).
    """
    utf8 = encoding.replace("_", "-").lower() in ("utf-8", "utf8")
    if data.startswith(codecs.BOM_UTF8):
        utf8 = True
    elif utf8:
        _refuse_wide(data, path)
    found = _decoded(data, "utf-8" if utf8 else encoding, whole=whole, path=path).removeprefix("\ufeff")
    if "\r" in found:
        found = found.replace("\r\n", "\n").replace("\r", "\n")
    # what `text.FORBIDDEN` finds, many times faster; UTF-8 holds no surrogates
    if (
        utf8
        and len(data.translate(None, _CONTROLS)) == len(data)
        and "\ufffe" not in found
        and "\uffff" not in found
    ):
        return found, []
    return _scrubbed(found, path)


def _refuse_wide(data: bytes, path: str) -> None:
    for mark, name in _BOMS:
        if data.startswith(mark):
            hint = f'convert it to UTF-8, or set encoding = "{name.lower()}"'
            raise _error(path, "ENC002", f"the file is {name}, not UTF-8", hint)


def _decoded(data: bytes, encoding: str, *, whole: bool, path: str) -> str:
    try:
        if whole:
            return data.decode(encoding)
        return codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not {encoding.upper()}"
        hint = _encoding_hint(data) if encoding == "utf-8" else "convert the file, or correct `encoding`"
        problem = Problem(
            severity="error", code="ENC001", message=message, file=path, line=line, column=1, hint=hint
        )
        raise FileError(problem) from None


def _encoding_hint(data: bytes) -> str:
    """What to do, with a guess where most of what is not ASCII would be Chinese."""
    if data.startswith(codecs.BOM_UTF8):
        return "convert the file to UTF-8"
    try:
        guess = codecs.getincrementaldecoder("gb18030")().decode(data)
    except UnicodeDecodeError:
        return "convert the file to UTF-8"
    common = sum(
        "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in guess
    )
    if not common or common * 2 < sum(not c.isascii() for c in guess):
        return "convert the file to UTF-8"
    return 'it looks like GB18030: convert it to UTF-8, or set encoding = "gb18030"'


def _scrubbed(found: str, path: str) -> tuple[str, list[Problem]]:
    first = text.FORBIDDEN.search(found)
    if first is None:
        return found, []
    clean = text.scrub(found)
    before = found[: first.start()]
    problem = Problem(
        severity="warning",
        code="XML001",
        message=f"{len(found) - len(clean)} characters that XML forbids removed, first U+{ord(first[0]):04X}",
        file=path,
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
    )
    return clean, [problem]


def _error(path: str, code: str, message: str, hint: str = "") -> FileError:
    return FileError(Problem(severity="error", code=code, message=message, file=path, hint=hint))


def line_of(file: str, line: int) -> str | None:
    """Return a line of a file, counted from 1, for a message; None where it is not in what is read of it."""
    try:
        handle = os.open(file, _READ_FLAGS)
        with open(handle, "rb") as found:
            text = found.read(_SHOWN) if stat.S_ISREG(os.fstat(handle).st_mode) else b""
    except OSError:
        return None
    whole = text.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = whole.removesuffix("\n").split("\n") if whole else []
    return lines[line - 1] if 0 < line <= len(lines) else None
