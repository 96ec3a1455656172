"""Files of problems as seen from the root of the repository, which CI systems and their users know."""

from __future__ import annotations

import os

from feedwright.problems import Problem
from feedwright.text import visible


def path_of(problem: Problem, root: str) -> str:
    """Return the path of the problem's file relative to `root`, with `/`; "" for one that is not below it.

    Files are named from the current folder; a `root` of "" is that folder.
    """
    if not problem.file:
        return ""
    path = os.path.relpath(os.path.abspath(problem.file), os.path.abspath(root)).replace(os.sep, "/")
    return "" if path.startswith("../") or os.path.isabs(path) else visible(path)


def text_of(problem: Problem) -> str:
    """Return what is wrong, what readers get meanwhile, and what to do, each on a line."""
    kept = f"readers keep the version of {problem.kept}" if problem.kept else ""
    rows = [problem.message, kept, *(f"help: {line}" for line in problem.hint.split("\n") if line)]
    return "\n".join(visible(row) for row in rows if row)


def errors_first(problems: tuple[Problem, ...]) -> list[Problem]:
    """Return the errors before the warnings: what shows problems may show only the first."""
    return sorted(problems, key=lambda problem: problem.severity != "error")
