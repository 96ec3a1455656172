"""Renames that git knows of: it only reads, and may be absent.

No program that a repository names is run: neither hooks nor filters, external diffs, pagers or monitors.
Trees and the index are compared, never the working tree.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from feedwright.publication import git

_MOST = 20
"""The most files that are asked for: each takes a walk through the history."""

_SECONDS = 5
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "protocol.allow=never")
_RENAMES = (
    "-r",
    "-M",
    "--relative",
    "--name-status",
    "--diff-filter=R",
    "--no-ext-diff",
    "--no-textconv",
    "-z",
)


def find_renames(content: Path, gone: Iterable[str]) -> dict[str, str]:
    """Return, by new path, the files that are gone and that git takes for renamed; none where it is no help.

    Paths are relative to the content folder. A file is renamed from the last commit that had it to the
    current one, or in the index.
    """
    if git.program() is None or not any((folder / ".git").exists() for folder in (content, *content.parents)):
        return {}
    renamed: dict[str, str] = {}
    compared: set[str] = set()
    for path in islice(dict.fromkeys(gone), _MOST):
        commit = _run(content, "log", "-1", "--no-renames", "--diff-filter=D", "--format=%H", "--", path)
        if commit is None:
            return renamed
        if commit not in compared:
            compared.add(commit)
            base = f"{commit.strip()}^"
            trees = ("diff-tree", base, "HEAD") if commit else ("diff-index", "--cached", "HEAD")
            rows = _run(content, trees[0], *_RENAMES, *trees[1:], "--")
            renamed |= {new: old for old, new in _pairs(rows or "")}
    return renamed


def _run(folder: Path, *arguments: str) -> str | None:
    """The output of a command of git, None if it failed or took too long."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    try:
        return os.fsdecode(git.run(folder, *settings, *arguments, seconds=_SECONDS, environ=_ENVIRONMENT))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _pairs(rows: str) -> Iterator[tuple[str, str]]:
    """Old and new path of each rename: a line is a status, the old path and the new one."""
    fields = iter(rows.split("\0"))
    for _, old, new in zip(fields, fields, fields, strict=False):
        yield old, new
