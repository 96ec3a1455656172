"""Problems and results as text for people, as lines for tools and as JSON for programs.

Control characters in anything that comes from a file are escaped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unicodedata import category, east_asian_width

from feedwright.cli.output import status_width, style
from feedwright.commands.outcome import WHY, Outcome
from feedwright.problems import FeedwrightError, Problem
from feedwright.text import count, visible

if TYPE_CHECKING:
    from feedwright.articles.selection import Reason

SCHEMA_VERSION = 1
_EXCERPT_WIDTH, _NARROWEST = 100, 20
"""The most columns of an excerpt, and how many it has on a terminal that is narrower still."""

_ERROR = ("code", "message", "file", "line", "column", "hint")
_COUNTED: Mapping[Reason, str] = {"pageless": "without a page"}
"""What such files are called where they are counted, if not by the reason."""

_DOCUMENTS = ("written", "unchanged", "stale", "removed")


def concise(problem: Problem) -> str:
    """Return a problem as one line, as in the GNU coding standards (§4.4).

    `file:line:column: severity CODE message`; without a file, `feedwright: severity CODE message`.
    """
    place = f"{visible(problem.file)}:{max(problem.line, 1)}:{max(problem.column, 1)}"
    place = place if problem.file else "feedwright"
    kept = f" (readers keep the version of {visible(problem.kept)})" if problem.kept else ""
    return f"{place}: {problem.severity} {visible(problem.code)} {visible(problem.message)}{kept}"


def full(problem: Problem, line_of: Callable[[str, int], str | None]) -> str:
    """Return a problem with an excerpt of its line, a mark below its column, and what to do.

    `line_of(file, line)` reads a line of a file, and returns None if it cannot.
    """
    rows = [*_head(problem), *_excerpt(problem, line_of)]
    if problem.kept:
        rows.append(f"   {style('=', 'frame')} note: readers keep the version of {visible(problem.kept)}")
    elif problem.severity == "error":
        rows.append(f"   {style('=', 'frame')} note: not published")
    return "\n".join([*rows, *_help(problem)])


def stopped(error: FeedwrightError, line_of: Callable[[str, int], str | None]) -> str:
    """Return the error that stopped a command before it published anything, as `full` does."""
    problem = as_problem(error)
    return "\n".join([*_head(problem), *_excerpt(problem, line_of), *_help(problem)])


def as_problem(error: FeedwrightError) -> Problem:
    """Return the error that stopped a command as a problem."""
    return Problem(severity="error", **values(error, _ERROR))


def _head(problem: Problem) -> Iterator[str]:
    yield (
        style(f"{problem.severity}[{visible(problem.code)}]", problem.severity)
        + f": {visible(problem.message)}"
    )
    if problem.file:
        numbers = (str(number) for number in (problem.line, problem.column) if number)
        yield f"  {style('-->', 'frame')} {':'.join((visible(problem.file), *numbers))}"


def _help(problem: Problem) -> Iterator[str]:
    for number, row in enumerate(problem.hint.split("\n") if problem.hint else ()):
        yield f"           {visible(row)}" if number else f"   {style('=', 'frame')} help: {visible(row)}"


def _excerpt(problem: Problem, line_of: Callable[[str, int], str | None]) -> Iterator[str]:
    line = line_of(problem.file, problem.line) if problem.line else None
    if not line or line.isspace():
        return
    number, bar = str(problem.line), style("|", "frame")
    room = status_width()
    width = max(_NARROWEST, min(_EXCERPT_WIDTH, room - len(number) - 4)) if room else _EXCERPT_WIDTH
    before, after = _around(line.replace("\t", " "), max(0, problem.column - 1), width)
    yield f" {' ' * len(number)} {bar}"
    yield f" {style(number, 'frame')} {bar} {before}{after}"
    if problem.column:
        yield f" {' ' * len(number)} {bar} {' ' * columns(before)}{style('^', problem.severity)}"


def _around(line: str, at: int, width: int) -> tuple[str, str]:
    """What a line has before and after an offset: as much as fits into so many columns, half of each."""
    before, after = (list(map(visible, part)) for part in (line[max(0, at - width) : at], line[at:][:width]))
    room = width - min(columns("".join(after)), width - width // 2)
    while columns("".join(before)) > room:
        del before[0]
    room = width - columns("".join(before))
    while columns("".join(after)) > room:
        del after[-1]
    shown = visible("".join(before))  # once more: commands to CI runners are longer than a character
    return shown, visible("".join((*before, *after)))[len(shown) :]


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for each wide character (UAX #11)."""
    return sum(0 if category(c) in ("Mn", "Me") else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def build_summary(outcome: Outcome, seconds: float, *, verbose: bool = False) -> str:
    """Return the fate of documents (of all of them if `verbose`), and a line with all counts."""
    rows = [visible(outcome.note)] if outcome.note else []
    if verbose:
        rows += map(visible, outcome.settings)
    if outcome.stale:
        from feedwright.commands.stale import stale_notes  # few builds need it

        notes = stale_notes(outcome.stale, (*outcome.written, *outcome.unchanged))
        rows += [f"stale: {note}; `feedwright clean` deletes it" for note in notes]
    rows += [f"removed: {visible(path)} is no longer generated" for path in outcome.removed]
    reasons = {path: reason for reason in WHY for path in outcome.left_out.get(reason, ())}
    rows += [
        f"withdrawn: {visible(path)} leaves the feeds: {WHY[reasons[path]]}" for path in outcome.withdrawn
    ]
    if outcome.strict and outcome.problems:
        rows.append("nothing was published: with --strict, nothing may be repaired or held back")
    if verbose:
        rows += [f"left out: {visible(path)}: {WHY[reason]}" for path, reason in sorted(reasons.items())]
        rows += [
            f"body of {visible(path)}: {visible(_origin(pages))}" for path, pages in outcome.bodies.items()
        ]
        rows += [f"written: {visible(path)}" for path in outcome.written]
        rows += [f"unchanged: {visible(path)}" for path in outcome.unchanged]
    return "\n".join([*rows, _counts(outcome, seconds)])


def _origin(pages: Sequence[str]) -> str:
    return f"from the page {pages[0]}" if pages else "from the file"


def _counts(outcome: Outcome, seconds: float) -> str:
    due = f" (next due {outcome.next_due.isoformat()})" if outcome.next_due else ""
    articles = [count(outcome.files, "article"), f"{outcome.published} published"]
    articles += [f"{len(outcome.held)} held back"] if outcome.held else []
    for reason, number in _left_out(outcome).items():
        name = _COUNTED.get(reason) or (reason.removesuffix("s") if number == 1 else reason)
        articles += [f"{number} {name}{due if reason == 'scheduled' else ''}"] if number else []
    documents = [f"{count(len(outcome.written), 'document')} written", f"{len(outcome.unchanged)} unchanged"]
    documents += [f"{len(outcome.stale)} stale"] if outcome.stale else []
    return f"{', '.join(articles)} · {', '.join(documents)} · {seconds:.2f} s"


def _left_out(outcome: Outcome) -> dict[Reason, int]:
    return {reason: len(outcome.left_out.get(reason, ())) for reason in WHY}


def build_facts(outcome: Outcome) -> dict[str, object]:
    """Return the counts, the files left out and the documents of a build for programs, by key."""
    articles = values(outcome, ("files", "published", "held")) | _left_out(outcome)
    articles["next_due"] = outcome.next_due
    articles["left_out"] = [
        {"file": path, "reason": reason} for reason, paths in outcome.left_out.items() for path in paths
    ]
    articles["withdrawn"] = outcome.withdrawn
    if outcome.bodies:
        articles["bodies"] = [
            {"file": path, "page": next(iter(pages), None)} for path, pages in outcome.bodies.items()
        ]
    return {"articles": articles, "documents": values(outcome, _DOCUMENTS)}


def as_json(
    exit_code: int,
    problems: Sequence[Problem],
    facts: Mapping[str, object],
    error: FeedwrightError | None = None,
) -> str:
    """Return the report for programs: one JSON object, its shape named by `schema_version`.

    `facts` are the results of the command, by key; `error` is what stopped it.
    """
    stop = {"error": values(error, _ERROR)} if error else {}
    rows = [values(problem, Problem._fields) for problem in problems]
    report = {"schema_version": SCHEMA_VERSION, "exit_code": exit_code, **stop, **facts, "problems": rows}
    text = json.dumps(report, ensure_ascii=False, indent=2, default=_jsonable)
    text = text.replace("##", "#\\u0023")  # CI would run it as a command, see `visible`
    return text.encode("utf-8", "backslashreplace").decode()


def values(value: object, names: Sequence[str]) -> dict[str, Any]:
    """Return attributes of a value by name, in this order."""
    return {name: getattr(value, name) for name in names}


def _jsonable(value: frozenset[str] | datetime) -> object:
    return sorted(value) if isinstance(value, frozenset) else value.isoformat()
