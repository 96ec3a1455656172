"""Options and parameter types that several commands share."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_Decorator: TypeAlias = "Callable[[Callable[..., None]], Callable[..., None]]"


def date(text: str) -> datetime:
    """Parse an ISO 8601 date and time, which may name no zone."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date and time such as 2026-01-03T12:00:00Z") from None


def _moment(text: str) -> datetime:
    """Parse an ISO 8601 date and time, in UTC if it names no zone."""
    moment = date(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _limit(text: str) -> int | str:
    """Parse a number of entries, at least 1, or "all"."""
    if text.lower() == "all":
        return "all"
    if not re.fullmatch("0*[1-9][0-9]{0,8}", text):
        raise click.BadParameter(f"{text[:40]!r} is neither a number of 1 or more nor 'all'")
    return int(text)


class Choice(click.Choice[str]):
    """One of some words; for another, the one that was probably meant is named."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """Return what is wrong with the value."""
        from feedwright.settings.checks import nearest, quoted

        message = super().get_invalid_choice_message(value, ctx)
        meant = nearest(str(value), self.choices)
        return f"{message} Did you mean {quoted(meant)}?" if meant else message


def codes(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the problem codes that begin so, for a shell that completes them."""
    from feedwright.commands.explain import explanations

    return [code for code in explanations() if code.startswith(begun.upper())]


def topics(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the topics of the manual and the commands that begin so, as `codes` does."""
    from feedwright.commands.manual import names

    group = context.parent and context.parent.command
    commands = group.list_commands(context) if isinstance(group, click.Group) else []
    return [name for name in (*names(), *commands) if name.startswith(begun)]


def labels(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the categories in use that begin so, as `codes` does; none where the site cannot be read."""
    from feedwright.cli.call import context_of
    from feedwright.commands.new import categories_in_use
    from feedwright.problems import FeedwrightError

    names = ("config", "content", "output", "url")
    try:
        in_use = categories_in_use(context_of(**{name: context.params.get(name) for name in names}))
    except FeedwrightError:
        return []
    return [label for label in in_use if label.casefold().startswith(begun.casefold())]


def _combined(*decorators: _Decorator) -> _Decorator:
    """Return one decorator in place of several; `--help` lists their options in this order."""
    return lambda function: reduce(lambda inner, decorate: decorate(inner), reversed(decorators), function)


def accept(*guards: str) -> _Decorator:
    """Return the option `--accept` for these guards."""
    text = "Proceed despite this guard; may be repeated"
    return click.option("--accept", multiple=True, type=Choice(guards), metavar="NAME", help=text)


site = _combined(
    click.option("-o", "--output", type=click.Path(), help="Folder for the feeds  [default: feeds]"),
    click.option("-c", "--config", type=click.Path(dir_okay=False), help="Path of the configuration file"),
    click.option("--url", help="Address of the site; with it, no configuration file is needed"),
)
"""The settings that every command accepts."""

_jobs = click.option(
    "--jobs", type=click.IntRange(1), help="Number of processes  [default: by cores and work]"
)
_content = _combined(
    click.argument("content", required=False, type=click.Path()),
    site,
    click.option("--limit", type=_limit, metavar="N|all", help="Entries per feed, at most  [default: 20]"),
)

plan = _combined(
    _content,
    click.option("--drafts", is_flag=True, help="Publish drafts too"),
    click.option("--future", is_flag=True, help="Publish articles that are not due yet"),
    click.option(
        "--now", type=_moment, metavar="ISO", help="Publish what is due at this time  [default: now]"
    ),
    _jobs,
)
"""The arguments and options that decide what is published."""

preview = _combined(
    _content,
    click.option("--drafts", is_flag=True, help="Show drafts, and articles that are not due yet"),
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve at"),
    click.option(
        "--port", type=click.IntRange(0, 65535), help="Port  [default: the first free from 8400 on]"
    ),
    click.option("--open", "open_page", is_flag=True, help="Open the browser"),
    _jobs,
)
"""The arguments and options of a preview."""

reporting = _combined(
    click.option(
        "--report",
        "report_format",
        type=Choice(["full", "concise", "json", "github", "gitlab", "sarif"]),
        default="full",
        show_default=True,
        help="How to print problems; all but the first two go to standard output",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only"),
)
"""The options that decide what is printed."""
