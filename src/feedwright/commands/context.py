"""The context of a command: its options, and the folder, environment and time in which it runs.

Imported even if nothing changed, so slow imports happen in functions.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from feedwright.commands.progress import Progress
    from feedwright.problems import Problem
    from feedwright.site import Site


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody how far a command is."""


class Options(NamedTuple):
    """The options of the command line or of the caller; None where they say nothing.

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
        """The options that can change the result, in a fixed order."""
        return (*self._replace(jobs=None, accept=frozenset(), cached=True), sorted(self.accept))


class Context(NamedTuple):
    """The world as a command sees it: `start` is the current folder, `began` the clock in ns.

    `now` decides what is due; `notify` is called with a line about what the command waits for,
    `progress` with how far it is. `site` is given by programs that have loaded it.
    """

    options: Options
    environ: Mapping[str, str]
    start: str
    now: datetime
    began: int
    notify: Callable[[str], None]
    site: Site | None = None
    progress: Progress = silent

    def load_site(self) -> Site:
        """Return the settings. Raises what `load_settings` raises."""
        if self.site:
            return self.site
        from pathlib import Path

        from feedwright.settings import load

        return load.load_settings(
            config=Path(self.options.config) if self.options.config else None,
            start=Path(self.start),
            environ=self.environ,
            overrides={name: getattr(self.options, name) for name in ("content", "output", "url", "limit")},
        )

    def locate(self, problems: tuple[Problem, ...], site: Site) -> tuple[Problem, ...]:
        """Return problems of articles and settings, with files named from the current folder.

        A terminal can open them. Those of settings have absolute paths.
        """
        from feedwright.model import replace  # where nothing changed, it is not needed

        folder = self.relative(os.path.abspath(site.content))
        folder = "" if folder == "." else folder
        named = ((p, self.relative(os.path.join(folder, p.file))) for p in problems)
        return tuple(replace(problem, file=file) if problem.file else problem for problem, file in named)

    def relative(self, file: str) -> str:
        """Return the name of a file as seen from the current folder."""
        inside = file == self.start or file.startswith(self.start.rstrip(os.sep) + os.sep)
        return os.path.relpath(file, self.start) if inside else file
