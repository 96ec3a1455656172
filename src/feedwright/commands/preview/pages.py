"""The pages of a preview for its author; door to jinja2.

All text is escaped. The entries' HTML stands in a page of its own, in a sandbox, in which no script runs and
which has no origin; the page around it runs one script, and both load no style but their own (Content
Security Policy 3).
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pkgutil import get_data
from typing import TYPE_CHECKING, Any

from feedwright.articles.files import line_of
from feedwright.commands.preview.addresses import Addresses
from feedwright.commands.preview.build import Build
from feedwright.commands.preview.comparison import Comparison
from feedwright.formats import resources
from feedwright.formats.table import FEED_NAMES, FORMATS, READ_BACK
from feedwright.model import Feed, PublishedFeed
from feedwright.problems import FeedwrightError, Problem
from feedwright.text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

HOME = "/-/"
READER = "/-/read/"
EVENTS = "/-/events"
"""Where the pages and the news of builds are: no site has its own there."""

_MOST = 200
"""Problems that are shown at most, and changes of feeds."""

_EXCERPT = 160
_FATES = {
    "new": "new",
    "updated": "changed",
    "unread": "unread again",
    "withdrawn": "gone",
    "fallen": "past the limit",
}


def policy() -> str:
    """Return the policy of the page around the entries."""
    return (
        f"default-src 'none'; style-src {_digest('page.css')}; script-src {_digest('reload.js')};"
        " img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )


def reader_policy() -> str:
    """Return the policy of the page with the entries: what articles say runs nowhere."""
    return (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https:;"
        f" media-src http: https:; style-src {_digest('reader.css')}; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'self'"
    )


def overview(
    build: Build, comparison: Comparison, addresses: Addresses, path: str, *, number: str, start: str
) -> str:
    """Return the page with all feeds, the one at `path` in a frame, the problems and the changes.

    `number` is the build's; files in problems are named from the folder `start`.
    """
    feeds = [feed for feed in build.plan.feeds if not feed.is_archive]
    shown = next((feed for feed in feeds if feed.path == path), None)
    problems = sorted(build.problems, key=lambda problem: problem.severity)
    return (
        _environment()
        .get_template("page.html")
        .render(
            build=build,
            number=number,
            site=build.site,
            feeds=feeds,
            shown=shown,
            documents=list(_documents(build, shown, addresses)) if shown else [],
            reader=READER,
            home=HOME,
            errors=[_problem(error, start) for error in (build.error, *build.error.also)]
            if build.error
            else [],
            problems=[_shown(problem, start) for problem in problems[:_MOST]],
            comparison=comparison,
            changes=comparison.changes[:_MOST],
            stop=_problem(comparison.stop, start) if comparison.stop else None,
            fates=_FATES,
            more=max(0, len(problems) - _MOST),
        )
    )


def reader(build: Build, path: str) -> str | None:
    """Return the page that shows the entries of a feed as it is read back, None where there is none."""
    feed = _read_back(build, path)
    if feed is None:
        return None
    direction = resources.direction(feed.language)
    return _environment().get_template("reader.html").render(feed=feed, direction=direction)


def with_reload(page: bytes, number: str) -> bytes:
    """Return a published page with the script that loads it again, and a policy that lets that run."""
    digest = _digest("reload.js").replace("'", "&#39;").encode()
    before = b'content="default-src &#39;none&#39;;'
    after = before + b" script-src " + digest + b"; connect-src &#39;self&#39;;"
    script = f'<script data-build="{number}">{_text("reload.js")}</script>\n</head>'.encode()
    return page.replace(before, after, 1).replace(b"</head>", script, 1) if before in page else page


def _documents(build: Build, feed: Feed, addresses: Addresses) -> Iterator[tuple[str, str, str]]:
    """The label, the address on the server and the published address of a feed's documents."""
    for name in build.site.formats:
        path = feed.path + FORMATS[name].file
        if path in build.documents:
            label = FORMATS[name].label or {"page": "Page", "opml": "OPML"}.get(name, name)
            yield label, addresses.of(path), feed.url + FORMATS[name].file


def _read_back(build: Build, path: str) -> PublishedFeed | None:
    for name, read in READ_BACK.items():
        data = build.documents.get(path + FORMATS[name].file)
        if data is not None and name in FEED_NAMES:
            return read(data)
    return None


def _shown(problem: Problem, start: str) -> Mapping[str, Any]:
    """A problem with the place to open and the line that it is about."""
    line = line_of(os.path.join(start, problem.file), problem.line) if problem.line else None
    numbers = [str(number) for number in (problem.line, problem.column) if number]
    at = max(0, problem.column - 1 - _EXCERPT // 2)
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": visible(problem.message),
        "place": ":".join((visible(problem.file), *numbers)) if problem.file else "",
        "hint": visible(problem.hint.replace("\n", " · ")),
        "kept": problem.kept,
        "before": visible((line or "")[at : max(0, problem.column - 1)].replace("\t", " ")),
        "after": visible((line or "")[max(0, problem.column - 1) :][:_EXCERPT].replace("\t", " ")),
    }


def _problem(error: FeedwrightError, start: str) -> Mapping[str, Any]:
    facts = {name: getattr(error, name) for name in ("code", "message", "file", "line", "column", "hint")}
    return _shown(Problem(severity="error", **facts), start)


def _text(name: str) -> str:
    return (get_data(__package__, f"templates/{name}") or b"").decode()


@cache
def _digest(name: str) -> str:
    """The source of a policy that lets a file's text run, or style, a page."""
    return f"'sha256-{b64encode(sha256(_text(name).encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_text),
    )
    environment.globals["text"] = _text
    return environment
