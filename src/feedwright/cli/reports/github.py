"""Workflow commands of GitHub Actions, which show problems at their lines, and a summary of the job.

The form is that of `@actions/core` (`command.ts`): `::error file=…,line=…::message`, with everything escaped
that could end a value or begin another command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from feedwright.cli.reports.places import errors_first, path_of, text_of
from feedwright.problems import Problem
from feedwright.publication.changes import FeedChange
from feedwright.text import count, visible

_MOST = 100
"""Rows of a table in the summary, which may have 1 MiB."""


def workflow_commands(problems: tuple[Problem, ...], root: str) -> str:
    """Return a command for each problem, errors first: GitHub shows ten of each severity in a step."""
    return "\n".join(_annotation(problem, root) for problem in errors_first(problems))


def _annotation(problem: Problem, root: str) -> str:
    path = path_of(problem, root)
    place = {"file": path} if path else {}
    if path and problem.line:
        place["line"] = str(problem.line)
        place |= {"col": str(problem.column)} if problem.column else {}
    values = {**place, "title": f"feedwright ({problem.code})"}
    properties = ",".join(f"{name}={_property(value)}" for name, value in values.items())
    return f"::{problem.severity} {properties}::{_data(text_of(problem))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def summary(
    title: str, lines: Sequence[str], changes: Sequence[FeedChange] | None, problems: tuple[Problem, ...]
) -> str:
    """Return the Markdown of a job's summary: what subscribers will see, and every problem.

    `changes` are None where nobody looked for them.
    """
    parts = [f"### {_text(title)}", *map(_text, lines)]
    if changes:
        parts.append(_table(("Feed", "Change", "Entry"), [row for each in changes for row in _seen(each)]))
    elif changes is not None:
        parts.append("Subscribers will see no change.")
    if problems:
        rows = [(_place(p), p.code, p.severity, p.message) for p in errors_first(problems)]
        parts.append(_table(("Place", "Code", "Severity", "Problem"), rows))
    return "\n\n".join(parts) + "\n"


def _seen(change: FeedChange) -> Iterator[tuple[str, str, str]]:
    """The rows of a feed; entries of one that appears or vanishes are only counted."""
    if change.fate in ("appeared", "vanished"):
        yield change.title, change.fate, count(len(change.entries), "entry", "entries")
        return
    if change.was is not None:
        yield change.title, "moved", f"from {change.was or '/'}"
    if change.fields:
        yield change.title, "the feed's own", ", ".join(change.fields)
    for entry in change.entries:
        yield change.title, entry.fate, entry.title


def _place(problem: Problem) -> str:
    return ":".join([problem.file or "feedwright", *(str(n) for n in (problem.line, problem.column) if n)])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    more = [f"and {len(rows) - _MOST} more"] if len(rows) > _MOST else []
    lines = [header, ["---"] * len(header), *([_text(cell) for cell in row] for row in rows[:_MOST])]
    return "\n".join([*(f"| {' | '.join(cells)} |" for cells in lines), *(["", *more] if more else [])])


def _text(text: str) -> str:
    """The text as Markdown shows it as it is: everything that could be markup is a reference."""
    return re.sub(r"[^\w\s.,;'()/\x80-\U0010ffff-]|_", lambda match: f"&#{ord(match[0])};", visible(text))
