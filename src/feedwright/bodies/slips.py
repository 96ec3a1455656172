"""Slips in a Markdown body that nobody sees in the source, and everybody on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem

_CONFLICT = lazy_pattern(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)
_FENCE = lazy_pattern(r"^ {0,3}+(`{3,}+|~{3,}+)(.*+)", re.MULTILINE)


def find(body: str, file: str, line: int) -> Iterator[Problem]:
    """Yield a warning for marks of a conflict, and for a fence that is never closed (CommonMark §4.5)."""
    marks = list(_CONFLICT.finditer(body)) if "<<<<<<< " in body else []
    if {mark[0][0] for mark in marks} == {"<", "=", ">"}:
        row = line + body.count("\n", 0, marks[0].start())
        hint = "keep one of the two versions and delete the three marks"
        yield Problem.warning("HTML016", "marks of a merge conflict are published", file, row, 1, hint=hint)
    opened: re.Match[str] | None = None
    has_fences = "```" in body or "~~~" in body  # to search for the lines takes many times as long
    for fence in _FENCE.finditer(body) if has_fences else ():
        mark, info = fence.groups()
        if opened is None:
            opened = None if "`" in info and mark[0] == "`" else fence
        elif mark[0] == opened[1][0] and len(mark) >= len(opened[1]) and not info.strip():
            opened = None
    if opened is not None:
        row = line + body.count("\n", 0, opened.start())
        message = "a code fence that is never closed makes code of the rest"
        yield Problem.warning("HTML017", message, file, row, 1, hint=f"close it with {opened[1]}")
