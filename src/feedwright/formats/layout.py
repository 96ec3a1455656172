"""Where documents stand: every feed in each format, and once more wherever it stood before.

A document at a former address says the same as the one at today's, so that no subscriber loses anything;
only what it points to beside itself is seen from another folder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feedwright.formats.table import FORMATS
from feedwright.model import SiteIndex
from feedwright.problems import Problem
from feedwright.text import caseless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from feedwright.model import Feed
    from feedwright.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One document to be: where, in which format, of what; the feed's `path` is the document's folder."""

    path: str
    format: str
    feed: Feed
    directory: SiteIndex


def places(
    feeds: Sequence[Feed], former: Mapping[str, Sequence[str]], site: Site
) -> tuple[list[Target], list[Problem]]:
    """Return all places, those of one feed and folder in a row, and former ones that another feed has now.

    `former` are the slug paths that feeds had before, by the feed's path. A former address that is taken
    stays with who has it (CAT010).
    """
    found = [place for feed in feeds for place in _own(feed, feeds, site)]
    taken = {caseless(place.path) for place in found}
    problems = []
    for place in _former(feeds, former, site):
        if caseless(place.path) not in taken:
            taken.add(caseless(place.path))
            found.append(place)
        elif place.path != FORMATS[place.format].file:
            problems.append(_taken(place.path))
    return found, problems


def _own(feed: Feed, feeds: Sequence[Feed], site: Site, folder: str | None = None) -> Iterator[Target]:
    directory = _directory(feed, feeds, site)
    moved = feed if folder is None else replace(feed, path=folder)
    for name in site.formats:
        for one in (name, "style") if name == "page" else (name,):
            if not (FORMATS[one].once and feed.path):
                yield Target(path=moved.path + FORMATS[one].file, format=one, feed=moved, directory=directory)


def _directory(feed: Feed, feeds: Sequence[Feed], site: Site) -> SiteIndex:
    listed = () if feed.path else tuple(replace(one, entries=()) for one in feeds)
    return SiteIndex(formats=site.formats, title=site.title, feeds=listed)


def _former(feeds: Sequence[Feed], former: Mapping[str, Sequence[str]], site: Site) -> Iterator[Target]:
    for feed in feeds:
        for path, name in sorted(site.aliases.items()) if not feed.path else ():
            folder = path[: path.rfind("/") + 1]
            directory = _directory(feed, feeds, site)
            yield Target(path=path, format=name, feed=replace(feed, path=folder), directory=directory)
        for old in former.get(feed.path, ()):
            yield from _own(feed, feeds, site, f"{old}/")


def _taken(path: str) -> Problem:
    return Problem(
        severity="warning",
        code="CAT010",
        message=f"the former address {path} is that of another feed now; it stays with that one",
        file="",
        hint="remove it from `was` or `aliases`, or give the other feed another slug",
    )
