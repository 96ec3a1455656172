"""The commands, as click functions."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from feedwright._version import __version__
from feedwright.cli import options
from feedwright.cli.output import print_stderr, print_stdout

if TYPE_CHECKING:
    from feedwright.commands.context import Context
    from feedwright.commands.result import Result
    from feedwright.problems import Problem

T = TypeVar("T")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Publish RSS, Atom and JSON feeds, and pages, from a folder of articles.

    \b
    Your first feed:
      feedwright build articles -o feeds --url https://example.org/
    """


_BUILD_EPILOG = """
\b
Exit codes: 0 everything published; 1 something held back; 2 usage or configuration
error, nothing touched; 3 system failure, published files intact; 4 stopped by a
guard; 5 differences found (check, diff); 70 bug in feedwright; 130, 143
interrupted, terminated.

\b
Every setting with a single value can be set in the environment, in capitals, as in
FEEDWRIGHT_URL. Flags override the environment, which overrides the configuration file.
"""


@cli.command(epilog=_BUILD_EPILOG)
@options.plan
@click.option("--strict", is_flag=True, help="Publish nothing if anything must be repaired or held back")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 instead of 1 if anything is held back")
@click.option(
    "--no-cache", "cached", flag_value=False, default=True, help="Ignore the cache, and do not write it"
)
@options.accept("empty", "foreign", "id-change", "many-feeds", "new-article", "no-pages", "record", "shrink")
@options.reporting
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="List every document and what was done with it, and every file that is left out",
)
def build(report_format: str, quiet: bool, verbose: bool, exit_zero: bool, **arguments: Any) -> None:
    """Publish the feeds of the articles in CONTENT (default: content)."""
    from feedwright.commands.build import build_here

    started = time.perf_counter()
    outcome = _call(build_here, report_format, **arguments)
    code, problems = 0 if exit_zero else outcome.exit_code, (*outcome.warnings, *outcome.problems)
    if report_format == "json":
        from feedwright.cli import report

        print_stdout(report.as_json(code, problems, report.build_facts(outcome)))
    else:
        _print_problems(problems, report_format, quiet=quiet)
    if not quiet:
        from feedwright.cli import report

        print_stderr(report.build_summary(outcome, time.perf_counter() - started, verbose=verbose))
    sys.exit(code)


@cli.command()
@options.plan
@click.option("--site", "pages", type=click.Path(), metavar="DIR", help="Pages that links must lead to")
@options.reporting
def check(pages: str | None, **arguments: Any) -> None:
    """Check whether the published feeds are up to date. Writes nothing.

    Exits with 5 if they are not, 4 if a guard would stop the build, 1 if an article is held back.
    """
    from feedwright.commands.check import check as command

    _run(partial(command, pages=pages), **arguments)


@cli.command()
@options.plan
@click.option("--against", metavar="DIR|FILE|URL", help="Feeds to compare with  [default: the output folder]")
@options.reporting
def diff(against: str | None, **arguments: Any) -> None:
    """Show what subscribers would see after a build. Exits with 5 if anything would change."""
    import shutil

    from feedwright.commands.diff import diff as command

    width = shutil.get_terminal_size((sys.maxsize, 24)).columns  # cut no line of a file or a pipe
    _run(partial(command, against=against), width=width, **arguments)


@cli.command()
@click.argument("address", metavar="[URL]", required=False)
@options.site
@options.accept("foreign", "record")
@options.reporting
def restore(address: str | None, **arguments: Any) -> None:
    """Download the published feeds and the record.

    For sites that do not keep their output folder under version control: run it before build.
    """
    from feedwright.commands.restore import restore as command

    _run(partial(command, url=address), **arguments)


@cli.command()
@click.argument("feeds", metavar="FEED...", nargs=-1, required=True)
@click.option("--content", type=click.Path(), help="Folder with the articles  [default: content]")
@options.site
@click.option("--older-ids", is_flag=True, help="Give articles older than the feed ids like those in it")
@options.accept("id-change")
@options.reporting
def adopt(feeds: Sequence[str], older_ids: bool, **arguments: Any) -> None:
    """Take over the entry ids of RSS or Atom feeds. A FEED is a file, a pattern, an address, or a site.

    Keeps entries from coming back as unread when a site moves to feedwright. Run it before the first build.
    """
    from feedwright.commands.adopt import adopt as command

    _run(partial(command, feeds=feeds, older_ids=older_ids), **arguments)


@cli.command()
@click.option("--built", metavar="FILE", help="JSON report of the build: ping for what it wrote")
@options.site
@options.reporting
def ping(built: str | None, **arguments: Any) -> None:
    """Tell the WebSub hub which feeds have changed since the last ping. Run it after the deployment."""
    from feedwright.commands.ping import ping as command

    _run(partial(command, built=built), **arguments)


@cli.command()
@options.plan
@options.accept("empty", "foreign", "id-change", "shrink")
@options.reporting
def resolve(**arguments: Any) -> None:
    """End a git merge in which both sides have published: join their records, and build."""
    from feedwright.commands.resolve import resolve as command

    _run(command, **arguments)


@cli.command()
@options.plan
@options.reporting
def clean(**arguments: Any) -> None:
    """Delete feeds that are no longer generated."""
    from feedwright.commands.clean import clean as command

    _run(command, **arguments)


def run() -> int:
    """Run the command with the arguments of the process; return its exit code.

    Raises KeyboardInterrupt if a person interrupts it, and every error that the command line did not cause.
    """
    try:
        return int(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        text = io.StringIO()
        error.show(text)
        print_stderr(text.getvalue().rstrip("\n"))
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None


def _run(
    command: Callable[[Context], Result], *, report_format: str, quiet: bool, width: int = 0, **arguments: Any
) -> NoReturn:
    """Run a command other than `build`, print its result, and exit; `width` is for the table of changes."""
    from feedwright.cli import diff_table, report

    result = _call(command, report_format, **arguments)
    if report_format == "json":
        facts = dict(result.facts)
        if result.changes is not None:
            facts["changes"] = diff_table.as_json(result.changes)
        print_stdout(report.as_json(result.exit_code, result.problems, facts, result.error))
        sys.exit(result.exit_code)
    _print_problems(result.problems, report_format, quiet=quiet)
    table = diff_table.as_table(result.changes or (), width) if width else ""
    for line in (*result.lines, *table.splitlines()):
        print_stdout(line)
    if result.error:
        print_stderr(report.stopped(result.error))
    for note in () if quiet else filter(None, (*result.notes, result.summary)):
        print_stderr(note)
    sys.exit(result.exit_code)


def _call(
    command: Callable[[Context], T],
    report_format: str,
    *,
    now: datetime | None = None,
    accept: Sequence[str] = (),
    **arguments: Any,
) -> T:
    """Return the result of a command; report an error that stops it, and exit with its code."""
    from feedwright.commands.context import Context, Options
    from feedwright.problems import FeedwrightError

    context = Context(
        Options(**arguments, accept=frozenset(accept)),
        os.environ,
        os.getcwd(),
        now=now or datetime.now(UTC),
        began=time.time_ns(),
        notify=print_stderr,
    )
    try:
        return command(context)
    except FeedwrightError as error:
        from feedwright.cli import report

        others: Sequence[FeedwrightError] = getattr(error, "also", ())
        if report_format == "json":
            problems = [report.as_problem(other) for other in others]
            print_stdout(report.as_json(error.exit_code, problems, {}, error))
        for each in (error, *others):
            print_stderr(report.stopped(each))
        sys.exit(error.exit_code)


def _print_problems(problems: Sequence[Problem], report_format: str, *, quiet: bool) -> None:
    for problem in (p for p in problems if p.severity == "error" or not quiet):
        from feedwright.articles.files import line_of  # few builds need it
        from feedwright.cli import report

        concise = report_format == "concise"
        print_stderr(report.concise(problem) if concise else report.full(problem, line_of))
