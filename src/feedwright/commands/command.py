"""What the command `build` does: the quick way where nothing changed, else the whole road."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from feedwright.cache import unchanged
from feedwright.cache.store import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from feedwright.commands.outcome import Outcome
    from feedwright.commands.recall import BuildCache
    from feedwright.problems import Problem
    from feedwright.settings.load import Site


class Request(NamedTuple):
    """What the command line asks for; None where it says nothing.

    A tuple, since to define a dataclass takes a hundredth of a build in which nothing changed.
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
    def decisive(self) -> tuple[object, ...]:
        """All that changes what comes out."""
        flags = (self.drafts, self.future, self.strict, sorted(self.accept))
        return (self.content, self.output, self.config, self.url, self.limit, *flags)


def build(
    request: Request,
    *,
    environ: Mapping[str, str],
    start: str,
    now: datetime,
    began: int,
    tell: Callable[[str], None],
) -> Outcome:
    """Return what a build comes to, its problems with files named from the folder `start`.

    `now` decides what is due; `began` is the clock in ns, for the trust in stamps. Raises what
    `building.build` and `load_settings` raise.
    """
    if not request.cached:
        return _road(request, environ=environ, start=start, now=now, tell=tell)[1](
            recall=_no_recall(request.jobs)
        )
    files = unchanged.configurations(start, request.config)
    key = unchanged.key_of(request.decisive, environ=environ, start=start, files=files)
    folders = dict.fromkeys([*(os.path.dirname(path) for path, _ in files), start])
    seen = unchanged.glance(key, [os.path.join(folder, FOLDER) for folder in folders], now=now, began=began)
    if seen.outcome is not None:
        return seen.outcome
    site, publish_all = _road(request, environ=environ, start=start, now=now, tell=tell)
    from feedwright.commands import build

    return build.with_cache(site, seen, publish_all, jobs=request.jobs, began=began, tell=tell)


def _no_recall(jobs: int | None) -> BuildCache:
    from feedwright.commands.recall import BuildCache

    return BuildCache(None, {}, jobs=jobs)


def _road(
    request: Request, *, environ: Mapping[str, str], start: str, now: datetime, tell: Callable[[str], None]
) -> tuple[Site, Callable[..., Outcome]]:
    """The settings, and the whole road, which wants `recall`."""
    from feedwright.articles.selection import SelectionOptions
    from feedwright.commands import build

    site = site_of(request, environ, start)
    choice = SelectionOptions(now=now, drafts=request.drafts, future=request.future)

    def publish_all(recall: BuildCache) -> Outcome:
        outcome = build.published(
            site,
            choice=choice,
            strict=request.strict,
            jobs=request.jobs,
            accept=request.accept,
            tell=tell,
            recall=recall,
        )
        return replace(outcome, problems=placed(outcome.problems, site, start), warnings=site.warnings)

    return site, publish_all


def site_of(request: Request, environ: Mapping[str, str], start: str) -> Site:
    """Return the settings that a request, the environment and the configuration come to."""
    from pathlib import Path

    from feedwright.settings import load

    given = {"content": request.content, "output": request.output, "url": request.url, "limit": request.limit}
    return load.load_settings(
        config=Path(request.config) if request.config else None,
        start=Path(start),
        environ=environ,
        overrides={name: value for name, value in given.items() if value is not None},
    )


def placed(problems: tuple[Problem, ...], site: Site, start: str) -> tuple[Problem, ...]:
    """Return problems with their files named from the folder `start`, so that a terminal can open them."""
    from pathlib import Path

    folder = Path(os.path.abspath(site.content))
    prefix = folder.relative_to(start) if folder.is_relative_to(start) else folder
    return tuple(replace(p, file=str(prefix / p.file)) if p.file else p for p in problems)
