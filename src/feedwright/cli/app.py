"""The commands, as click functions."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from feedwright._version import __version__
from feedwright.cli import options
from feedwright.cli.call import (
    FOR_PROGRAMS,
    call,
    print_for_programs,
    print_problems,
    run_command,
    summarize,
)
from feedwright.cli.output import print_stderr, print_stdout, status_width

if TYPE_CHECKING:
    from datetime import datetime

_WIDEST = 100
"""The columns that texts take at most."""

_COMPLETE = "_FEEDWRIGHT_COMPLETE"
"""The variable in which a shell asks for completions."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Publish RSS, Atom and JSON feeds, and pages, from a folder of articles.

    \b
    Your first feed, in an empty folder or in that of your site:
      feedwright init
      feedwright build
    """


_BUILD_EPILOG = """
Exit codes: 0 everything published; 1 something held back; 2 usage or configuration
error, nothing touched; 3 system failure, published files intact; 4 stopped by a
guard; 5 differences found (check, diff); 70 bug in feedwright; 130, 143
interrupted, terminated.

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
    outcome = call(build_here, report_format, quiet=quiet, **arguments)
    code, problems = 0 if exit_zero else outcome.exit_code, (*outcome.warnings, *outcome.problems)
    if report_format in FOR_PROGRAMS:
        from feedwright.cli import report

        print_for_programs(report_format, code, problems, report.build_facts(outcome))
    else:
        print_problems(problems, report_format, quiet=quiet, every=verbose)
    if report_format == "github":
        from feedwright.cli import report

        summarize(problems, report.build_summary(outcome, time.perf_counter() - started).splitlines())
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

    run_command(partial(command, pages=pages), **arguments)


@cli.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path())
@click.option("--url", help="Address of the site")
@click.option("--title", help="Name of the site")
@click.option("--ci", type=options.Choice(["github", "gitlab", "none"]), help="Recipe to write for CI")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing")
@options.reporting
def init(folder: str, title: str | None, ci: str | None, yes: bool, **arguments: Any) -> None:
    """Write settings for the site in DIR (default: here), and a first article if it has none.

    Recognizes sites of Hexo, Jekyll, Hugo, Zola, Pelican and Eleventy. Overwrites nothing.
    """
    from feedwright.cli import questions
    from feedwright.commands.init import init as command

    ask = questions.answer if questions.is_possible() and not (yes or arguments["quiet"]) else None
    run_command(partial(command, folder=folder, title=title, ci=ci, ask=ask), **arguments)


@cli.command()
@click.argument("title", nargs=-1, required=True, metavar="TITLE")
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="LABEL",
    shell_complete=options.labels,
    help="A category; may be repeated",
)
@click.option("--date", type=options.date, metavar="ISO", help="Its date  [default: now]")
@click.option("--content", type=click.Path(), help="Folder with the articles  [default: content]")
@options.site
@options.reporting
def new(title: Sequence[str], categories: Sequence[str], date: datetime | None, **arguments: Any) -> None:
    """Create the file of an article with this TITLE, as the site's others are, and print its path."""
    from feedwright.cli import questions
    from feedwright.commands.new import new as command

    ask = questions.categories if questions.is_possible() and not arguments["quiet"] else None
    words = " ".join(title)
    run_command(partial(command, title=words, categories=categories, date=date, ask=ask), **arguments)


@cli.command("list")
@click.argument(
    "what",
    type=options.Choice(["articles", "feeds", "categories", "problems", "settings"]),
    default="articles",
)
@options.plan
@click.option("--due", is_flag=True, help="Show articles dated in the future, the next first")
@click.option("--head", is_flag=True, help="Show the links to the feeds, for the head of your pages")
@options.reporting
def list_(**arguments: Any) -> None:
    """Show what a build would publish, and why it leaves out the rest. Writes nothing."""
    from feedwright.commands.list import list_ as command

    asked = {name: arguments.pop(name) for name in ("what", "due", "head")}
    run_command(partial(command, **asked), width=_width(), **arguments)


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
    run_command(serving, report_format="full", quiet=False, future=drafts, drafts=drafts, **arguments)


@cli.command()
@options.plan
@click.option("--against", metavar="DIR|FILE|URL", help="Feeds to compare with  [default: the output folder]")
@options.reporting
def diff(against: str | None, **arguments: Any) -> None:
    """Show what subscribers would see after a build. Exits with 5 if anything would change."""
    from feedwright.commands.diff import diff as command

    run_command(partial(command, against=against), width=_width(), **arguments)


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

    run_command(partial(command, url=address, if_published=if_published), **arguments)


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

    run_command(partial(command, feeds=feeds, older_ids=older_ids), **arguments)


@cli.command()
@click.option("--built", metavar="FILE", help="JSON report of the build: ping for what it wrote")
@options.site
@options.reporting
def ping(built: str | None, **arguments: Any) -> None:
    """Tell the WebSub hub which feeds have changed since the last ping. Run it after the deployment."""
    from feedwright.commands.ping import ping as command

    run_command(partial(command, built=built), **arguments)


@cli.command()
@options.plan
@options.accept("empty", "foreign", "id-change", "shrink")
@options.reporting
def resolve(**arguments: Any) -> None:
    """End a git merge in which both sides have published: join their records, and build."""
    from feedwright.commands.resolve import resolve as command

    run_command(command, **arguments)


@cli.command()
@options.plan
@options.reporting
def clean(**arguments: Any) -> None:
    """Delete feeds that are no longer generated."""
    from feedwright.commands.clean import clean as command

    run_command(command, **arguments)


@cli.command()
@click.argument("code", shell_complete=options.codes)
def explain(code: str) -> None:
    """Explain a problem code such as FM011, or list those that begin with FM."""
    from feedwright.commands.explain import explain as command

    run_command(lambda context: command(code), report_format="full", quiet=False)


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
    shown = call(lambda _: manual.topic(topic) if topic else manual.contents(), "full")
    print_stdout(as_text(shown, width))


@cli.command()
@click.argument("what", type=options.Choice(["settings", "front-matter"]))
@click.option("--dialect", default="hexo", show_default=True, help="Generator whose front matter it is")
def schema(what: str, dialect: str) -> None:
    """Print the JSON Schema of the settings or of front matter, for editors and validators."""
    from feedwright.commands.schema import schema as command

    run_command(lambda _: command(what, dialect), report_format="full", quiet=False)


@cli.command()
@click.argument("shell", type=options.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands and options in a SHELL.

    \b
    bash, zsh:  eval "$(feedwright completion bash)"
    fish:       feedwright completion fish | source
    """
    from feedwright.cli.completion import script

    print_stdout(script(cli, shell, _COMPLETE))


def _width() -> int:
    """The columns of the terminal; lines of a file or a pipe are never cut."""
    import shutil

    return shutil.get_terminal_size((sys.maxsize, 24)).columns


def run() -> int:
    """Run the command with the arguments of the process; return its exit code.

    Raises KeyboardInterrupt if a person interrupts it, and every error that the command line did not cause.
    """
    try:
        return int(cli.main(standalone_mode=False, complete_var=_COMPLETE) or 0)
    except click.ClickException as error:
        if isinstance(error, click.NoSuchOption) and error.possibilities:
            del error.possibilities[1:]  # the first is the one that is most like it
        text = io.StringIO()
        error.show(text)
        print_stderr(text.getvalue().rstrip("\n"))
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
