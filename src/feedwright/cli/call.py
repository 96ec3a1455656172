"""Running a command: its context, its result on both streams, its errors, and the exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from feedwright.cli.output import print_commands, print_stderr, print_stdout

if TYPE_CHECKING:
    from feedwright.cli.signs import Signs
    from feedwright.commands.context import Context
    from feedwright.commands.progress import Progress
    from feedwright.commands.result import Result, Table
    from feedwright.problems import FeedwrightError, Problem
    from feedwright.publication.changes import FeedChange

T = TypeVar("T")

FOR_PROGRAMS = ("json", "gitlab", "sarif")
"""The reports that are the whole of standard output."""


def run_command(
    command: Callable[[Context], Result], *, report_format: str, quiet: bool, width: int = 0, **arguments: Any
) -> NoReturn:
    """Run a command other than `build`, print its result, and exit; `width` is for what has columns.

    With a width of 0, changes are not printed.
    """
    from feedwright.cli import diff_table, report

    result = call(command, report_format, quiet=quiet, **arguments)
    if report_format in FOR_PROGRAMS:
        facts = dict(result.facts)
        if result.changes is not None:
            facts["changes"] = diff_table.as_json(result.changes)
        print_for_programs(report_format, result.exit_code, result.problems, facts, result.error)
        sys.exit(result.exit_code)
    if report_format == "github":
        error = (report.as_problem(result.error),) if result.error else ()
        summarize((*result.problems, *error), (*result.lines, *result.notes), result.changes)
        print_problems(error, report_format, quiet=quiet)
    print_problems(result.problems, report_format, quiet=quiet)
    changes = diff_table.as_table(result.changes or (), width) if width else ""
    for line in (*result.lines, *_rows(result.table, width), *changes.splitlines()):
        print_stdout(line)
    if result.error:
        print_stopped((result.error,))
    for note in () if quiet else filter(None, (*result.notes, result.summary)):
        print_stderr(note)
    sys.exit(result.exit_code)


def _rows(shown: Table | None, width: int) -> Iterator[str]:
    """The lines of a table; nothing in it can steer a terminal."""
    if shown is None or not shown.rows:
        return
    from feedwright.cli.table import table
    from feedwright.text import visible

    yield from table(shown.header, [tuple(map(visible, row)) for row in shown.rows], width)


def call(
    command: Callable[[Context], T],
    report_format: str,
    *,
    quiet: bool = False,
    now: datetime | None = None,
    accept: Sequence[str] = (),
    **arguments: Any,
) -> T:
    """Return the result of a command; report an error that stops it, and exit with its code."""
    from feedwright.problems import FeedwrightError

    try:
        with _signs_of_life(quiet=quiet) as (progress, notify):
            context = context_of(now, accept=frozenset(accept), **arguments)
            return command(context._replace(notify=notify, progress=progress))
    except FeedwrightError as error:
        from feedwright.cli import report

        others: Sequence[FeedwrightError] = getattr(error, "also", ())
        problems = tuple(report.as_problem(other) for other in others)
        if report_format in FOR_PROGRAMS:
            print_for_programs(report_format, error.exit_code, problems, {}, error)
        if report_format == "github":
            problems = (report.as_problem(error), *problems)
            print_problems(problems, report_format, quiet=False)
            summarize(problems, ())
        print_stopped((error, *others))
        sys.exit(error.exit_code)


def context_of(now: datetime | None = None, **arguments: Any) -> Context:
    """Return the context of a command with these options, which says nothing of how far it is."""
    from feedwright.commands.context import Context, Options

    return Context(
        Options(**arguments),
        os.environ,
        os.getcwd(),
        now=now or datetime.now(UTC),
        began=time.time_ns(),
        notify=lambda line: None,
    )


@contextmanager
def _signs_of_life(*, quiet: bool) -> Iterator[tuple[Progress, Callable[[str], None]]]:
    """Give functions that show how far a command is, and what it waits for; nothing of the former stays."""
    from feedwright.commands.context import silent

    signs: list[Signs] = []

    def progress(stage: str, done: int, total: int) -> None:
        if not signs:  # where nothing changed, there are none
            from feedwright.cli.signs import Signs

            signs.append(Signs())
        signs[0](stage, done, total)

    def notify(message: str) -> None:
        clear()
        print_stderr(message)

    def clear() -> None:
        for shown in signs:
            shown.clear()

    try:
        yield (silent if quiet else progress), notify
    finally:
        clear()


def print_problems(
    problems: Sequence[Problem], report_format: str, *, quiet: bool, every: bool = False
) -> None:
    """Print problems for people, or as annotations for GitHub; `every` folds none."""
    shown = tuple(p for p in problems if p.severity == "error" or not quiet)
    if shown and report_format == "github":
        from feedwright.cli.reports import github

        print_commands(github.workflow_commands(shown, _repository()))
        return
    if shown and report_format == "concise":
        from feedwright.cli import report

        print_stderr("\n".join(map(report.concise, shown)))
    elif shown:
        from feedwright.articles.files import line_of  # few builds need it
        from feedwright.cli import problem_list

        print_stderr("\n\n".join(problem_list.blocks(shown, line_of, every=every)))


def print_stopped(errors: Sequence[FeedwrightError]) -> None:
    """Print what stopped a command, each error with its line."""
    from feedwright.articles.files import line_of
    from feedwright.cli import report

    print_stderr("\n\n".join(report.stopped(error, line_of) for error in errors))


def print_for_programs(
    report_format: str,
    exit_code: int,
    problems: Sequence[Problem],
    facts: Mapping[str, object],
    error: FeedwrightError | None = None,
) -> None:
    """Print the report that is the whole of standard output."""
    from feedwright.cli import report

    if report_format == "json":
        print_stdout(report.as_json(exit_code, problems, facts, error))
        return
    from feedwright.cli.reports import gitlab, sarif

    write = gitlab.code_quality if report_format == "gitlab" else sarif.log
    stopped = [report.as_problem(error)] if error else []
    print_stdout(write((*problems, *stopped), _repository()))


def summarize(
    problems: tuple[Problem, ...], lines: Sequence[str], changes: Sequence[FeedChange] | None = None
) -> None:
    """Add to the summary of GitHub's job, if this is one."""
    if file := os.environ.get("GITHUB_STEP_SUMMARY"):
        from feedwright.cli.reports import github

        title = f"feedwright {click.get_current_context().info_name}"
        with open(file, "a", encoding="utf-8", errors="backslashreplace") as summary:
            summary.write(github.summary(title, lines, changes, problems))


def _repository() -> str:
    """The root of the repository, if the CI tells it; else "", which stands for the current folder."""
    return os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR") or ""
