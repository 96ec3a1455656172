"""Conflicts of a merge in published files, as git has them in its index.

Both sides are asked for by name, and nothing is read from the working tree, where files may hold marks of the
conflict.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from feedwright.model import replace
from feedwright.problems import UsageError
from feedwright.publication import git
from feedwright.publication.record import Record

_SECONDS = 60
_HINT = (
    "take one side of the feeds and of the record, and build: git checkout --ours feeds && feedwright build"
)


class Conflict(Struct, frozen=True, kw_only=True):
    """A file that two branches changed; `path` is relative to the work tree.

    `ours` and `theirs` are git's names for what each has, None where it has no such file.
    """

    path: str
    ours: str | None
    theirs: str | None


def work_tree(folder: Path) -> Path:
    """Return the top folder of the work tree that holds a folder; raises `UsageError` GIT001 without one."""
    while not folder.is_dir():
        folder = folder.parent
    hint = "run it in the git repository that holds the feeds, during a merge"
    return Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel", hint=hint)).rstrip("\n"))


def find_conflicts(tree: Path) -> list[Conflict]:
    """Return all conflicts that git has in a work tree, by path."""
    sides: dict[str, dict[str, str]] = {}
    for row in _git(tree, "ls-files", "--unmerged", "-z").split(b"\0")[:-1]:
        facts, _, path = row.partition(b"\t")
        _, blob, stage = facts.decode().split(" ")
        sides.setdefault(os.fsdecode(path), {})[stage] = blob
    return [
        Conflict(path=path, ours=blobs.get("2"), theirs=blobs.get("3"))
        for path, blobs in sorted(sides.items())
    ]


def read_side(tree: Path, blob: str) -> bytes:
    """Return a file as one side has it."""
    return _git(tree, "cat-file", "blob", blob)


def mark_resolved(tree: Path, paths: Iterable[str]) -> None:
    """Put files into git's index as they are now, but for those that git is to ignore."""
    rows = _git(tree, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split(b"\0")
    wanted = sorted({*rows} & set(map(os.fsencode, paths)))
    _git(tree, "add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul", given=b"\0".join(wanted))


def merged(ours: Record, theirs: Record) -> Record:
    """Return a record with all that either side has published; where they differ, with what ours says.

    No entry of theirs stays whose id ours has for another file.
    """
    known = {entry.id for entry in ours.entries.values()}
    entries = {path: entry for path, entry in theirs.entries.items() if entry.id not in known}
    tables: dict[str, Any] = {
        name: {**getattr(theirs, name), **getattr(ours, name)}
        for name in Record.__struct_fields__
        if isinstance(getattr(ours, name), dict)
    }
    return replace(ours, **{**tables, "entries": {**entries, **ours.entries}})


def _git(folder: Path, *arguments: str, given: bytes = b"", hint: str = _HINT) -> bytes:
    """The output of a command of git, which is `given` its input; raises `UsageError` GIT001 if it fails."""
    try:
        return git.run(folder, "--literal-pathspecs", *arguments, seconds=_SECONDS, given=given)
    except subprocess.CalledProcessError as error:
        reason = os.fsdecode(error.stderr).strip().splitlines()
        message = f"git refuses: {reason[0] if reason else arguments[0]}"
        raise UsageError(message, code="GIT001", hint=hint) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageError(f"git cannot be run: {error}", code="GIT001", hint=_HINT) from error
