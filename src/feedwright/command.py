"""What the command `build` does: the quick way where nothing changed, else the whole road."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from feedwright import __version__, tree, unchanged
from feedwright.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from feedwright.outcome import Outcome
    from feedwright.problems import Problem
    from feedwright.settings import Site


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
    seen = unchanged.Glance(key="")
    if request.cached:
        seen = unchanged.glance(
            arguments=request.decisive,
            environ=environ,
            start=start,
            config=request.config,
            now=now,
            began=began,
        )
        if seen.outcome is not None:
            return seen.outcome
    return _built(request, seen, environ=environ, start=start, now=now, began=began, tell=tell)


def _built(
    request: Request,
    seen: unchanged.Glance,
    *,
    environ: Mapping[str, str],
    start: str,
    now: datetime,
    began: int,
    tell: Callable[[str], None],
) -> Outcome:
    site = site_of(request, environ, start)
    cache = Cache(str(site.cache), __version__) if request.cached else None
    try:
        return _with_cache(request, seen, site, cache, start=start, now=now, began=began, tell=tell)
    finally:
        if cache:
            cache.close()


def _with_cache(
    request: Request,
    seen: unchanged.Glance,
    site: Site,
    cache: Cache | None,
    *,
    start: str,
    now: datetime,
    began: int,
    tell: Callable[[str], None],
) -> Outcome:
    from feedwright import building
    from feedwright.recall import Recall

    found = _tree(site, seen) if cache else None
    outcome = building.build(
        site,
        now=now,
        drafts=request.drafts,
        future=request.future,
        strict=request.strict,
        jobs=request.jobs,
        accept=request.accept,
        tell=tell,
        recall=Recall(cache, found.trusted(began) if found else {}),
    )
    outcome = replace(outcome, problems=placed(outcome.problems, site, start), warnings=site.warnings)
    if cache and found:
        unchanged.keep(
            seen,
            cache,
            outcome,
            found,
            skip=os.path.realpath(site.output),
            record=str(site.record),
            began=began,
        )
        if cache.broken or seen.broken:
            tell(f"the cache in {cache.folder} was damaged and is made anew")
    return outcome


def site_of(request: Request, environ: Mapping[str, str], start: str) -> Site:
    """Return the settings that a request, the environment and the configuration come to."""
    from pathlib import Path

    from feedwright import settings

    given = {"content": request.content, "output": request.output, "url": request.url, "limit": request.limit}
    return settings.load_settings(
        config=Path(request.config) if request.config else None,
        start=Path(start),
        environ=environ,
        overrides={name: value for name, value in given.items() if value is not None},
    )


def _tree(site: Site, seen: unchanged.Glance) -> tree.Tree | None:
    """The tree below the content folder before anything is read."""
    root, skip = os.path.realpath(site.content), os.path.realpath(site.output)
    if seen.tree is not None and seen.content == root:
        return seen.tree
    try:
        return tree.look(root, skip=skip)
    except OSError:
        return None


def placed(problems: tuple[Problem, ...], site: Site, start: str) -> tuple[Problem, ...]:
    """Return problems with their files named from the folder `start`, so that a terminal can open them."""
    from pathlib import Path

    folder = Path(os.path.abspath(site.content))
    prefix = folder.relative_to(start) if folder.is_relative_to(start) else folder
    return tuple(replace(p, file=str(prefix / p.file)) if p.file else p for p in problems)
