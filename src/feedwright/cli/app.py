"""The commands, as click functions."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from feedwright._version import __version__
from feedwright.cli import options
from feedwright.cli.output import print_commands, print_stderr, print_stdout, status_width

if TYPE_CHECKING:
    from feedwright.cli.signs import Signs
    from feedwright.commands.context import Context
    from feedwright.commands.progress import Progress
    from feedwright.commands.result import Result
    from feedwright.problems import FeedwrightError, Problem
    from feedwright.publication.changes import FeedChange

T = TypeVar("T")

_WIDEST = 100
"""The columns that texts take at most."""

_FOR_PROGRAMS = ("json", "gitlab", "sarif")
"""The reports that are the whole of standard output."""

_COMPLETE = "_FEEDWRIGHT_COMPLETE"
"""The variable in which a shell asks for completions."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST})
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
    outcome = _call(build_here, report_format, quiet=quiet, **arguments)
    code, problems = 0 if exit_zero else outcome.exit_code, (*outcome.warnings, *outcome.problems)
    if report_format in _FOR_PROGRAMS:
        from feedwright.cli import report

        _print_for_programs(report_format, code, problems, report.build_facts(outcome))
    else:
        _print_problems(problems, report_format, quiet=quiet, every=verbose)
    if report_format == "github":
        from feedwright.cli import report

        _summarize(problems, report.build_summary(outcome, time.perf_counter() - started).splitlines())
    if not quiet:
        from feedwright.cli import report
        from feedwright.text import visible

        print_stderr(report.build_summary(outcome, time.perf_counter() - started, verbose=verbose))
        if status_width() and outcome.home:
            print_stderr(f"→ {visible(outcome.home)}")
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
@options.preview
def serve(host: str, port: int | None, open_page: bool, drafts: bool, **arguments: Any) -> None:
    """Show the feeds in a browser as they would be, and again whenever a file is saved.

    Publishes nothing. Ends with Ctrl-C.
    """
    import webbrowser

    from feedwright.cli.build_notes import notes
    from feedwright.commands.serve import serve as command

    show = webbrowser.open if open_page else None
    serving = partial(command, host=host, port=port, describe=notes, open_page=show)
    _run(serving, report_format="full", quiet=False, future=drafts, drafts=drafts, **arguments)


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
@click.option("--if-published", is_flag=True, help="Exit with 0 if nothing is published there yet")
@options.site
@options.accept("foreign", "record")
@options.reporting
def restore(address: str | None, if_published: bool, **arguments: Any) -> None:
    """Download the published feeds and the record.

    For sites that do not keep their output folder under version control: run it before build.
    """
    from feedwright.commands.restore import restore as command

    _run(partial(command, url=address, if_published=if_published), **arguments)


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


@cli.command()
@click.argument("code", shell_complete=options.codes)
def explain(code: str) -> None:
    """Explain a problem code such as FM011, or list those that begin with FM."""
    from feedwright.commands.explain import explain as command

    _run(lambda context: command(code), report_format="full", quiet=False)


@cli.command("help")
@click.argument("topic", required=False, shell_complete=options.topics)
@click.pass_context
def help_(context: click.Context, topic: str | None) -> None:
    """Show a topic of the manual, the help of a command, or a list of both."""
    import shutil

    from feedwright.cli.manual_text import as_text
    from feedwright.commands import manual

    if command := cli.get_command(context, topic or ""):
        print_stdout(command.get_help(click.Context(command, context.parent, topic)))
        if topic not in manual.names():
            return
        print_stdout("")
    if not topic:
        print_stdout(f"{cli.get_help(click.Context(cli, info_name='feedwright'))}\n")
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    shown = _call(lambda _: manual.topic(topic) if topic else manual.contents(), "full")
    print_stdout(as_text(shown, width))


@cli.command()
@click.argument("what", type=click.Choice(["settings", "front-matter"]))
@click.option("--dialect", default="hexo", show_default=True, help="Generator whose front matter it is")
def schema(what: str, dialect: str) -> None:
    """Print the JSON Schema of the settings or of front matter, for editors and validators."""
    from feedwright.commands.schema import schema as command

    _run(lambda _: command(what, dialect), report_format="full", quiet=False)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands and options in a SHELL.

    \b
    bash, zsh:  eval "$(feedwright completion bash)"
    fish:       feedwright completion fish | source
    """
    from click.shell_completion import get_completion_class

    completer = get_completion_class(shell)
    assert completer, shell
    print_stdout(completer(cli, {}, "feedwright", _COMPLETE).source())


def run() -> int:
    """Run the command with the arguments of the process; return its exit code.

    Raises KeyboardInterrupt if a person interrupts it, and every error that the command line did not cause.
    """
    try:
        return int(cli.main(standalone_mode=False, complete_var=_COMPLETE) or 0)
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

    result = _call(command, report_format, quiet=quiet, **arguments)
    if report_format in _FOR_PROGRAMS:
        facts = dict(result.facts)
        if result.changes is not None:
            facts["changes"] = diff_table.as_json(result.changes)
        _print_for_programs(report_format, result.exit_code, result.problems, facts, result.error)
        sys.exit(result.exit_code)
    if report_format == "github":
        error = (report.as_problem(result.error),) if result.error else ()
        _summarize((*result.problems, *error), (*result.lines, *result.notes), result.changes)
        _print_problems(error, report_format, quiet=quiet)
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
    quiet: bool = False,
    now: datetime | None = None,
    accept: Sequence[str] = (),
    **arguments: Any,
) -> T:
    """Return the result of a command; report an error that stops it, and exit with its code."""
    from feedwright.commands.context import Context, Options
    from feedwright.problems import FeedwrightError

    try:
        with _signs_of_life(quiet=quiet) as (progress, notify):
            context = Context(
                Options(**arguments, accept=frozenset(accept)),
                os.environ,
                os.getcwd(),
                now=now or datetime.now(UTC),
                began=time.time_ns(),
                notify=notify,
                progress=progress,
            )
            return command(context)
    except FeedwrightError as error:
        from feedwright.cli import report

        problems = tuple(report.as_problem(other) for other in error.also)
        if report_format in _FOR_PROGRAMS:
            _print_for_programs(report_format, error.exit_code, problems, {}, error)
        if report_format == "github":
            problems = (report.as_problem(error), *problems)
            _print_problems(problems, report_format, quiet=False)
            _summarize(problems, ())
        for each in (error, *error.also):
            print_stderr(report.stopped(each))
        sys.exit(error.exit_code)


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


def _print_problems(
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


def _print_for_programs(
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


def _summarize(
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
