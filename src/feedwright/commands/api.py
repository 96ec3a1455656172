"""What programs import: the commands as functions, whose arguments are what options are on a terminal.

Files in problems are named from the current folder, if they lie in it, else in full: they can be opened.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feedwright.commands.build import build_site
from feedwright.commands.context import Context, Options, silent
from feedwright.problems import FeedwrightError
from feedwright.settings import load

if TYPE_CHECKING:
    from feedwright.commands.outcome import Outcome
    from feedwright.commands.progress import Progress
    from feedwright.commands.result import Result
    from feedwright.site import Site


def load_settings(
    *,
    config: Path | None = None,
    start: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Site:
    """Return the settings that hold in the folder `start`, by default the current one.

    `config` is the configuration file, else the nearest upward counts; `environ` is the environment, by
    default that of the process; `overrides` are settings by name that come before all others. Raises
    `UsageError` for the first fault, with the others in `also`, and `GuardError` where the output folder
    holds the articles.

    >>> load_settings(overrides={"url": "https://example.org/"}).feeds_url
    'https://example.org/feeds/'
    """
    with _in_python():
        return load.load_settings(
            config=config,
            start=start or Path.cwd(),
            environ=os.environ if environ is None else environ,
            overrides=overrides or {},
        )


def build(
    site: Site | None = None,
    *,
    now: datetime | None = None,
    drafts: bool = False,
    future: bool = False,
    strict: bool = False,
    jobs: int | None = None,
    accept: Collection[str] = (),
    notify: Callable[[str], None] = lambda message: None,
    progress: Progress = silent,
    cached: bool = True,
) -> Outcome:
    """Publish the feeds of a site, by default that of the current folder, and return what was done.

    `now` is an aware datetime, by default the clock's; `jobs` is a number of processes, by default as many as
    pay; `accept` names guards to pass; `notify` is called with what the build waits for, `progress` with what
    it does, how many of that are done, and of how many; `cached` is whether to use the site's cache. Problems
    of articles are in the outcome. Raises `UsageError`, `MachineError` or `GuardError`: nothing is published
    then.

    >>> site = load_settings(overrides={"url": "https://example.org/"})
    >>> outcome = build(site)
    >>> outcome.exit_code, outcome.published
    (0, 1)
    """
    accepted = frozenset(accept)
    options = Options(drafts=drafts, future=future, strict=strict, jobs=jobs, accept=accepted, cached=cached)
    with _in_python():
        return build_site(_context(site, options, now)._replace(notify=notify, progress=progress))


def check(
    site: Site | None = None,
    *,
    pages: str | os.PathLike[str] | None = None,
    now: datetime | None = None,
    drafts: bool = False,
    future: bool = False,
    jobs: int | None = None,
) -> Result:
    """Compare the output folder with what a build would write, and write nothing.

    `pages` is the folder of the built site, where every link must have its page. The result's `exit_code` is
    4 if a build would be stopped (`error` says why), 5 if something differs, 1 if an article is held, else 0.
    Raises as `build` does.

    >>> check(load_settings(overrides={"url": "https://example.org/"})).exit_code
    5
    """
    from feedwright.commands import check as command

    options = Options(drafts=drafts, future=future, jobs=jobs)
    with _in_python():
        return command.check(_context(site, options, now), pages=os.fspath(pages) if pages else None)


def diff(
    site: Site | None = None,
    *,
    against: str | None = None,
    now: datetime | None = None,
    drafts: bool = False,
    future: bool = False,
    jobs: int | None = None,
) -> Result:
    """Return what subscribers would see if the site were published now, in `changes`, and write nothing.

    `against` is a folder, a feed or an address to compare with, by default the output folder. Raises as
    `build` does.

    >>> result = diff(load_settings(overrides={"url": "https://example.org/"}))
    >>> [(feed.path, feed.fate) for feed in result.changes]
    [('', 'appeared')]
    """
    from feedwright.commands import diff as command

    options = Options(drafts=drafts, future=future, jobs=jobs)
    with _in_python():
        return command.diff(_context(site, options, now), against=against)


def documents(
    site: Site | None = None,
    *,
    now: datetime | None = None,
    drafts: bool = False,
    future: bool = False,
    jobs: int | None = None,
) -> dict[str, bytes]:
    """Return the bytes of every document that a build would publish, by path, and write nothing.

    No guard stops it. Raises `UsageError`, `MachineError`, or `GuardError` if the record cannot be used.

    >>> sorted(documents(load_settings(overrides={"url": "https://example.org/", "formats": ["atom"]})))
    ['atom.xml']
    """
    from feedwright.commands.inspection import inspect

    options = Options(drafts=drafts, future=future, jobs=jobs)
    with _in_python():
        rendered = inspect(_context(site, options, now)).plan.rendered
    return {document.path: document.data for document in rendered.documents}


def _context(site: Site | None, options: Options, now: datetime | None) -> Context:
    return Context(
        options,
        os.environ,
        str(Path.cwd()),
        now=now or datetime.now(UTC),
        began=time.time_ns(),
        notify=lambda message: None,
        site=site or load_settings(),
    )


@contextmanager
def _in_python() -> Iterator[None]:
    """Speak of arguments where an error speaks of the command's options."""
    try:
        yield
    except FeedwrightError as error:
        error.message, error.hint = map(_arguments, (error.message, error.hint))
        error.args = (error.message,)
        raise


def _arguments(text: str) -> str:
    text = re.sub(r"--accept ([\w-]+)", r'accept={"\1"}', text)
    text = re.sub(r"--url (https?:[^\s,]+)", r'url="\1"', text)
    return re.sub(r"(?<!\S)--([a-z]+)\b", r"`\1`", text)
