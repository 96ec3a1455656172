"""The command: arguments in, a report and an exit code out; nothing is decided here."""

from __future__ import annotations

import io
import os
import re
import sys
import time
from typing import TYPE_CHECKING, Any, NoReturn

import click

from feedwright._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from typing import TextIO

    from feedwright.commands.context import Context, Options, Result
    from feedwright.commands.outcome import Outcome
    from feedwright.problems import FeedwrightError, Problem

_STYLES: Mapping[str, dict[str, str | bool]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "frame": {"fg": "blue", "bold": True},
}


class _Moment(click.ParamType[object]):
    """An aware ISO 8601 moment; without a zone it is in UTC."""

    name = "iso"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        from datetime import UTC, datetime

        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a moment such as 2026-01-03T12:00:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Limit(click.ParamType[object]):
    """A number of entries, at least 1, or "all" (None)."""

    name = "n|all"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        if value is None or str(value).lower() == "all":
            return value and "all"
        if not re.fullmatch("0*[1-9][0-9]{0,8}", str(value)):
            self.fail(f"{str(value)[:40]!r} is neither a number from 1 on nor all", param, ctx)
        return int(str(value))


class _Commands(click.Group):
    """Defines what is not `build` only when it is asked for: it takes a tenth of a build without a change."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands:
            _define_others()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        _define_others()
        return super().list_commands(ctx)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Static feed publisher: article files in, RSS and Atom feeds for every category out.

    \b
    From nothing to a first feed:
      feedwright build articles -o feeds --url https://example.org/
    """


_EXIT_CODES = """
\b
Exit codes: 0 all published; 1 something was held back; 2 usage or configuration,
nothing touched; 3 the machine failed, old files are whole; 4 a guard stopped it;
5 something differs (check, diff); 70 a bug of feedwright's; 130, 143 interrupted,
terminated.

\b
Every setting with one value can come from the environment, as in FEEDWRIGHT_URL,
FEEDWRIGHT_TITLE, FEEDWRIGHT_LANGUAGE, FEEDWRIGHT_TIMEZONE, FEEDWRIGHT_LIMIT:
FEEDWRIGHT_ and the setting's name in capitals. Flags come before the environment,
the environment before the configuration file.
"""


_REPORT = click.option(
    "--report",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="How problems are told; json goes to standard output.",
)
_QUIET = click.option("-q", "--quiet", is_flag=True, help="Tell errors only.")
_OUTPUT = click.option("-o", "--output", type=click.Path(), help="Folder for the feeds.  [default: feeds]")
_CONFIG = click.option("-c", "--config", type=click.Path(dir_okay=False), help="Configuration file.")
_URL = click.option("--url", help="Address of the site; with it no configuration is needed.")


def _planned(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that decide what would be published."""
    options = (
        click.argument("content", required=False, type=click.Path()),
        _OUTPUT,
        _CONFIG,
        _URL,
        click.option("--limit", type=_Limit(), help="Entries in a feed.  [default: 20]"),
        click.option("--drafts", is_flag=True, help="Publish drafts too."),
        click.option("--future", is_flag=True, help="Publish articles that are not due yet."),
        click.option(
            "--now", type=_Moment(), help="The moment that decides what is due.  [default: the clock]"
        ),
        click.option("--jobs", type=click.IntRange(min=1), help="Processes.  [default: by cores and work]"),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _accept(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "--accept",
        multiple=True,
        type=click.Choice(names),
        metavar="NAME",
        help="Pass the guard of that name.",
    )


@cli.command(epilog=_EXIT_CODES)
@_planned
@click.option("--strict", is_flag=True, help="Publish nothing when anything is repaired or held.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where 1 would say that something was held.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep what earlier builds found out.")
@_accept("empty", "foreign", "id-change", "shrink")
@_REPORT
@_QUIET
@click.option("-v", "--verbose", is_flag=True, help="Tell what became of every document.")
def build(
    now: datetime | None,
    report: str,
    accept: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    exit_zero: bool,
    no_cache: bool,
    **asked: Any,
) -> None:
    """Publish the feeds of the articles in CONTENT (default: content)."""

    from feedwright.commands.build import build_here
    from feedwright.commands.context import Options
    from feedwright.problems import FeedwrightError

    started = time.perf_counter()
    options = Options(accept=frozenset(accept), cached=not no_cache, **asked)
    try:
        outcome = build_here(_context(options, now))
    except FeedwrightError as error:
        _tell_stop(error, report)
        sys.exit(error.exit_code)
    code = 0 if exit_zero else outcome.exit_code
    _tell(outcome, code, report=report, quiet=quiet)
    if not quiet:
        from feedwright.cli import report as reports

        if outcome.strict and outcome.problems:
            _say("nothing was published, as --strict asks for when anything is repaired or held")
        _tell_documents(outcome, verbose=verbose)
        _say(reports.summary(outcome, time.perf_counter() - started))
    sys.exit(code)


def check(report: str, quiet: bool, now: datetime | None, **asked: Any) -> None:
    """Do all that build does but writing, and tell whether the feeds are what the articles say.

    Exits with 5 where they are not, 4 where publishing would hurt, 1 where an article is held.
    """
    _run("check", now, report=report, quiet=quiet, asked=asked)


def diff(report: str, quiet: bool, now: datetime | None, against: str | None, **asked: Any) -> None:
    """Tell what subscribers would see if the site were published now; exits with 5 where that is anything."""
    import shutil

    width = shutil.get_terminal_size((sys.maxsize, 24)).columns  # what goes elsewhere is told whole
    _run("diff", now, report=report, quiet=quiet, asked=asked, width=width, against=against)


def restore(report: str, quiet: bool, address: str | None, **asked: Any) -> None:
    """Fetch what was published, and the record, from where it is served into the output folder.

    For sites that do not keep the output folder under version control: run it before build.
    """
    _run("restore", None, report=report, quiet=quiet, asked=asked, url=address)


def adopt(report: str, quiet: bool, feeds: tuple[str, ...], **asked: Any) -> None:
    """Take over the ids of feeds that something else published: RSS or Atom, files or addresses.

    So that a change to feedwright brings no entry back as unread. Run it once, before the first build.
    """
    _run("adopt", None, report=report, quiet=quiet, asked=asked, feeds=feeds)


def clean(report: str, quiet: bool, now: datetime | None, **asked: Any) -> None:
    """Delete the feeds that are not made any more, such as those of categories that vanished."""
    _run("clean", now, report=report, quiet=quiet, asked=asked)


def _define_others() -> None:
    """Make commands of the functions above."""
    against = click.option(
        "--against", metavar="DIR|URL", help="Feeds to compare with.  [default: the output folder]"
    )
    address = click.argument("address", metavar="[URL]", required=False)
    feeds = click.argument("feeds", metavar="FEED...", nargs=-1, required=True)
    content = click.option(
        "--content", type=click.Path(), help="Folder with the articles.  [default: content]"
    )
    site = (_OUTPUT, _CONFIG, _URL)
    _add(check, _planned)
    _add(diff, _planned, against)
    _add(restore, address, *site, _accept("foreign", "record"))
    _add(adopt, feeds, content, *site, _accept("id-change"))
    _add(clean, _planned)


def _add(function: Callable[..., None], *options: Callable[..., Any]) -> None:
    for option in reversed((*options, _REPORT, _QUIET)):
        function = option(function)
    cli.command()(function)


def _run(
    name: str,
    now: datetime | None,
    *,
    report: str,
    quiet: bool,
    asked: dict[str, Any],
    width: int = 0,
    **more: Any,
) -> NoReturn:
    """Run a command, and print its result."""
    from importlib import import_module

    from feedwright.commands.context import Options
    from feedwright.problems import FeedwrightError

    options = Options(**{**asked, "accept": frozenset(asked.get("accept", ()))})
    command = getattr(import_module(f"feedwright.commands.{name}"), name)
    try:
        answer: Result = command(_context(options, now), **more)
    except FeedwrightError as error:
        _tell_stop(error, report)
        sys.exit(error.exit_code)
    _tell_answer(answer, report=report, quiet=quiet, width=width)
    sys.exit(answer.exit_code)


def _context(options: Options, now: datetime | None) -> Context:
    from datetime import UTC, datetime

    from feedwright.commands.context import Context

    moment = now or datetime.now(UTC)
    return Context(options, os.environ, os.getcwd(), now=moment, began=time.time_ns(), notify=_say)


def _tell_answer(answer: Result, *, report: str, quiet: bool, width: int = 0) -> None:
    from feedwright.cli import diff_table
    from feedwright.cli import report as reports

    if report == "json":
        told = reports.as_json(
            exit_code=answer.exit_code,
            problems=answer.problems,
            outcome=None,
            error=answer.error,
            facts=answer.facts
            if answer.changes is None
            else {**answer.facts, "changes": diff_table.as_json(answer.changes)},
        )
        _answer(told)
        return
    _tell_problems(answer.problems, report=report, quiet=quiet)
    lines = diff_table.as_table(answer.changes or (), width).splitlines() if width else answer.lines
    for line in lines:
        _answer(line)
    if answer.error:
        _say(reports.stopped(answer.error, _style))
    if not quiet:
        for line in (*answer.notes, *filter(None, [answer.summary])):
            _say(line)


def _tell(outcome: Outcome, code: int, *, report: str, quiet: bool) -> None:
    problems = [*outcome.warnings, *outcome.problems]
    if report == "json":
        from feedwright.cli import report as reports

        _answer(reports.as_json(exit_code=code, problems=problems, outcome=outcome, error=None))
    elif problems:
        _tell_problems(problems, report=report, quiet=quiet)


def _tell_problems(problems: Sequence[Problem], *, report: str, quiet: bool) -> None:
    from feedwright.articles.files import line_of
    from feedwright.cli import report as reports

    for problem in problems:
        if quiet and problem.severity != "error":
            continue
        _say(reports.concise(problem) if report == "concise" else reports.full(problem, line_of, _style))


def _tell_documents(outcome: Outcome, *, verbose: bool) -> None:
    if not outcome.stale and not outcome.removed and not verbose:
        return
    from feedwright.text import visible

    for path in outcome.stale:
        _say(f"stale: {visible(path)} is not made any more; it stays as it is, until `feedwright clean`")
    for path in outcome.removed:
        _say(f"removed: {visible(path)} is not made any more")
    if verbose:
        for word, paths in (("written", outcome.written), ("unchanged", outcome.unchanged)):
            for path in paths:
                _say(f"{word}: {visible(path)}")


def _tell_stop(error: FeedwrightError, report: str) -> None:
    from feedwright.cli import report as reports

    others: tuple[FeedwrightError, ...] = getattr(error, "also", ())
    if report == "json":
        problems = [reports.as_problem(other) for other in others]
        _answer(reports.as_json(exit_code=error.exit_code, problems=problems, outcome=None, error=error))
    for one in (error, *others):
        _say(reports.stopped(one, _style))


def _answer(text: str) -> None:
    """Give the result that was asked for, in UTF-8 whatever the locale's encoding is."""
    _write(text.encode(), sys.stdout, color=None)


def _say(text: str) -> None:
    _write(text, sys.stderr, color=_color(os.environ))


def _write(text: str | bytes, stream: TextIO | None, *, color: bool | None) -> None:
    """Write a line. Nobody reading it (a broken pipe) is no failure; any other is, after which nothing is."""
    if stream is None:  # closed by the caller
        return
    try:
        click.echo(text, file=stream, color=color)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def _color(environ: Mapping[str, str]) -> bool | None:
    """Whether to colour: as the environment asks (no-color.org), None for what the stream can bear."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return True if environ.get("FORCE_COLOR") or environ.get("CLICOLOR_FORCE") else None


def _style(text: str, name: str) -> str:
    return click.style(text, **_STYLES[name])  # type: ignore[arg-type]


def run() -> int:
    """Run the command with the arguments of the process; return its exit code.

    Raises KeyboardInterrupt where a person interrupts it, and what is no fault of the command line.
    """
    try:
        return int(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        if sys.stderr is not None:
            _say(_told(error))
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None


def _told(error: click.ClickException) -> str:
    text = io.StringIO()
    error.show(text)
    return text.getvalue().rstrip("\n")
