"""How problems and results look to a person, to a line-based tool and to a program.

Everything that comes from a file is shown with its control characters escaped.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from feedwright.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from feedwright.commands.outcome import Outcome
    from feedwright.problems import FeedwrightError, Problem

SCHEMA_VERSION = 1
_EXCERPT_WIDTH = 100


def concise(problem: Problem) -> str:
    """Return a problem as one line: `file:line:column: severity CODE message`; where no file is to blame,
    `feedwright: severity CODE message`, as the GNU coding standards have it (§4.4).
    """
    place = f"{visible(problem.file)}:{max(problem.line, 1)}:{max(problem.column, 1)}"
    if place.lstrip().startswith("::"):
        place = f"./{place}"  # else a command to what runs CI
    place = place if problem.file else "feedwright"
    kept = f" (readers keep the version of {visible(problem.kept)})" if problem.kept else ""
    return f"{place}: {problem.severity} {problem.code} {visible(problem.message)}{kept}"


def full(
    problem: Problem, line_of: Callable[[str, int], str | None], style: Callable[[str, str], str]
) -> str:
    """Return a problem with the line it is in, a mark below the place, and what to do.

    `line_of(file, line)` reads a line of a file, None where it cannot; `style(text, name)` colours text.
    """
    head = style(f"{problem.severity}[{problem.code}]", problem.severity) + f": {visible(problem.message)}"
    rows = [head, f"  {style('-->', 'frame')} {_place(problem)}"] if problem.file else [head]
    rows += _excerpt(problem, line_of, style)
    if problem.kept:
        rows.append(f"   {style('=', 'frame')} note: readers keep the version of {visible(problem.kept)}")
    elif problem.severity == "error":
        rows.append(f"   {style('=', 'frame')} note: not published")
    rows += _help(problem.hint, style)
    return "\n".join(rows)


def _help(hint: str, style: Callable[[str, str], str]) -> list[str]:
    if not hint:
        return []
    first, *others = hint.split("\n")
    return [
        f"   {style('=', 'frame')} help: {visible(first)}",
        *(f"           {visible(row)}" for row in others),
    ]


def _place(problem: Problem) -> str:
    numbers = [str(n) for n in (problem.line, problem.column) if n]
    return ":".join((visible(problem.file), *numbers))


def _excerpt(
    problem: Problem, line_of: Callable[[str, int], str | None], style: Callable[[str, str], str]
) -> list[str]:
    line = line_of(problem.file, problem.line) if problem.line else None
    if line is None or line.isspace() or not line:
        return []
    start = max(0, problem.column - 1 - _EXCERPT_WIDTH // 2) if len(line) > _EXCERPT_WIDTH else 0
    shown = visible(line[start : start + _EXCERPT_WIDTH].replace("\t", " "))
    before = visible(line[start : max(problem.column - 1, 0)].replace("\t", " "))
    number = str(problem.line)
    bar = style("|", "frame")
    rows = [f" {' ' * len(number)} {bar}", f" {style(number, 'frame')} {bar} {shown}"]
    if problem.column:
        rows.append(f" {' ' * len(number)} {bar} {' ' * columns(before)}{style('^', problem.severity)}")
    return rows


def columns(text: str) -> int:
    """Return how many columns a terminal needs for a text: two for wide characters (UAX #11)."""
    from unicodedata import category, east_asian_width

    return sum(0 if category(c) in ("Mn", "Me") else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def as_problem(error: FeedwrightError) -> Problem:
    """Return what ended a build as a problem among others."""
    from feedwright.problems import Problem

    return Problem(
        severity="error",
        code=error.code,
        message=error.message,
        file=error.file,
        line=error.line,
        column=error.column,
        hint=error.hint,
    )


def stopped(error: FeedwrightError, style: Callable[[str, str], str]) -> str:
    """Return why a build ended before it published anything."""
    rows = [style(f"error[{error.code}]", "error") + f": {visible(error.message)}"]
    if error.file:
        numbers = [str(n) for n in (error.line, error.column) if n]
        rows.append(f"  {style('-->', 'frame')} {':'.join((visible(error.file), *numbers))}")
    rows += _help(error.hint, style)
    return "\n".join(rows)


def summary(outcome: Outcome, seconds: float) -> str:
    """Return the last line of a build: what was read, what was published, how long it took."""
    parts = [_count(outcome.files, "article"), f"{outcome.published} published"]
    if outcome.held:
        parts.append(f"{len(outcome.held)} held back")
    if outcome.drafts:
        parts.append(_count(outcome.drafts, "draft"))
    if outcome.hidden:
        parts.append(f"{outcome.hidden} hidden")
    if outcome.locked:
        parts.append(f"{outcome.locked} locked")
    if outcome.scheduled:
        due = f" (next due {outcome.next_due.isoformat()})" if outcome.next_due else ""
        parts.append(f"{outcome.scheduled} scheduled{due}")
    if outcome.expired:
        parts.append(f"{outcome.expired} expired")
    if outcome.skipped:
        parts.append(f"{outcome.skipped} skipped")
    feeds = [f"{_count(len(outcome.written), 'document')} written", f"{len(outcome.unchanged)} unchanged"]
    if outcome.stale:
        feeds.append(f"{len(outcome.stale)} stale")
    return f"{', '.join(parts)} · {', '.join(feeds)} · {seconds:.2f} s"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def as_json(
    *,
    exit_code: int,
    problems: Sequence[Problem],
    outcome: Outcome | None,
    error: FeedwrightError | None,
    facts: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """Return the report for programs: one JSON object, its shape named by `schema_version`.

    `facts` are what a command beside `build` found.
    """
    report: dict[str, object] = {"schema_version": SCHEMA_VERSION, "exit_code": exit_code}
    if error:
        report["error"] = {
            "code": error.code,
            "message": error.message,
            "file": error.file,
            "line": error.line,
            "column": error.column,
            "hint": error.hint,
        }
    if outcome:
        report["articles"] = {
            "files": outcome.files,
            "published": outcome.published,
            "held": sorted(outcome.held),
            "drafts": outcome.drafts,
            "hidden": outcome.hidden,
            "locked": outcome.locked,
            "scheduled": outcome.scheduled,
            "next_due": outcome.next_due.isoformat() if outcome.next_due else None,
            "expired": outcome.expired,
            "skipped": outcome.skipped,
        }
        report["documents"] = {
            "written": list(outcome.written),
            "unchanged": list(outcome.unchanged),
            "stale": list(outcome.stale),
            "removed": list(outcome.removed),
        }
    report.update(facts)
    report["problems"] = [
        {
            "severity": p.severity,
            "code": p.code,
            "message": p.message,
            "file": p.file,
            "line": p.line,
            "column": p.column,
            "field": p.field,
            "hint": p.hint,
            "kept": p.kept,
        }
        for p in problems
    ]
    written = json.dumps(report, ensure_ascii=False, indent=2)
    written = written.replace("##", "#\\u0023")  # no command to what runs CI, see `visible`
    return written.encode("utf-8", "backslashreplace").decode()
