"""Where and when a command runs, what it was asked for, and what it found."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from feedwright.problems import GuardError, Problem
    from feedwright.publication.changes import FeedChange
    from feedwright.site import Site


class Options(NamedTuple):
    """What the command line or the caller asks for; None where it says nothing.

    A tuple, since defining a dataclass takes a hundredth of a build in which nothing changed.
    """

    content: str | None = None
    output: str | None = None
    config: str | None = None
    url: str | None = None
    limit: int | str | None = None
    drafts: bool = False
    future: bool = False
    strict: bool = False
    jobs: int | None = None
    accept: frozenset[str] = frozenset()
    cached: bool = True

    @property
    def cache_key(self) -> tuple[object, ...]:
        """Everything in the options that changes the result."""
        flags = (self.drafts, self.future, self.strict, sorted(self.accept))
        return (self.content, self.output, self.config, self.url, self.limit, *flags)


class Context(NamedTuple):
    """What a command needs of the world: `start` is the current folder, `began` the clock in ns.

    `now` decides what is due; `notify` is called with a line about what the command waits for.
    """

    options: Options
    environ: Mapping[str, str]
    start: str
    now: datetime
    began: int
    notify: Callable[[str], None]

    def load_site(self) -> Site:
        """Return the settings. Raises what `load_settings` raises."""
        from feedwright.settings import load

        options = self.options
        flags = {
            "content": options.content,
            "output": options.output,
            "url": options.url,
            "limit": options.limit,
        }
        return load.load_settings(
            config=Path(options.config) if options.config else None,
            start=Path(self.start),
            environ=self.environ,
            overrides={name: value for name, value in flags.items() if value is not None},
        )

    def locate(self, problems: tuple[Problem, ...], site: Site) -> tuple[Problem, ...]:
        """Return problems of articles with files named from the current folder: a terminal can open them."""
        folder = Path(self.relative(os.path.abspath(site.content)))
        return tuple(replace(p, file=str(folder / p.file)) if p.file else p for p in problems)

    def relative(self, file: str) -> str:
        """Return the name of a file as seen from the current folder."""
        path = Path(file)
        return str(path.relative_to(self.start)) if path.is_relative_to(self.start) else file


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command other than `build` found.

    `lines` are the output that was asked for; `notes` and the summary are printed beside it. `facts` are for
    programs; `changes` are those that subscribers would see; `error` is the guard that a build would stop at.
    """

    exit_code: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    changes: tuple[FeedChange, ...] | None = None
    summary: str = ""
    error: GuardError | None = None
