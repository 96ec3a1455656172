"""The paths of documents: every feed in each format, and once more at each of its old addresses.

A format that is retired is still written, for those who subscribe to it; nothing but its own documents says
so, and these name the one that takes its place.

A document at an old address says the same as the one at today's, so that no subscriber loses anything; only
what it points to beside itself is seen from another folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from feedwright.disk import is_plain_path
from feedwright.formats.table import FORMATS
from feedwright.formats.wire import folder
from feedwright.model import Feed, SiteIndex, replace
from feedwright.problems import Problem
from feedwright.site import CategorySettings, Site
from feedwright.text import caseless, fold_space, is_legal


class Target(Struct, frozen=True, kw_only=True):
    """A document to render: its path, its format, its feed, whose `path` is the document's folder."""

    path: str
    format: str
    feed: Feed
    index: SiteIndex


def layout(
    feeds: Sequence[Feed], settings: Mapping[str, CategorySettings], site: Site, *, authority: str
) -> tuple[list[Target], list[Problem]]:
    """All targets, those of one feed and folder in a row, and warnings for old addresses that are taken.

    `settings` are those of feeds of categories, by path, and hold their old addresses. One that another feed
    has now stays with that one (CAT010).
    """
    targets: list[Target] = []
    old: list[Target] = []
    successors = {
        name: (FORMATS[heir].file, FORMATS[heir].media_type) for name, heir in sorted(site.retired.items())
    }
    around = _Surroundings(feeds, site.feeds_url)
    for feed in feeds:
        index = SiteIndex(
            formats=site.formats,
            authority=authority,
            home=site.home,
            successors=successors,
            title=site.title,
            feeds=() if feed.path else tuple(around.feeds.values()),
            above=around.above(feed),
            below=around.below(feed),
            folders=around.folders(feed),
            accent=site.accent or "",
            stylesheet="" if site.styles else site.stylesheet or "",
            styles=site.styles,
            readers=site.readers,
        )
        row = settings.get(feed.path, CategorySettings())
        targets += _targets(feed, index, site)
        for path, name in sorted((row.aliases if feed.path else site.aliases).items()):
            moved = replace(feed, path=folder(path))
            old.append(Target(path=path, format=name, feed=moved, index=index))
        for old_path in row.was:
            old += _targets(replace(feed, path=f"{old_path}/"), index, site)
    taken = {caseless(target.path) for target in targets}
    problems = []
    for target in old:
        if caseless(target.path) not in taken:
            taken.add(caseless(target.path))
            targets.append(target)
        else:
            message = f"the former address {target.path} is that of another feed now; it stays with that one"
            hint = "remove it from `was` or `aliases`, or give the other feed another slug"
            problems.append(Problem.warning("CAT010", message, hint=hint))
    return targets, problems


class _Surroundings:
    """The feeds that people may subscribe to, as each sees the others; none has its entries."""

    def __init__(self, feeds: Sequence[Feed], feeds_url: str) -> None:
        self.feeds = {feed.path: replace(feed, entries=()) for feed in feeds if not feed.is_archive}
        addresses = ((f"{feeds_url}{path[:-1]}", path) for path in self.feeds if path)
        self._addresses = {address: (address, path) for address, path in addresses}
        self._below: dict[str, list[Feed]] = {}
        for feed in self.feeds.values():
            for folder_path in _folders_around(feed.path):
                self._below.setdefault(folder_path, []).append(feed)

    def above(self, feed: Feed) -> tuple[Feed, ...]:
        """The feeds whose folders hold that of a feed, but the site's own; the outermost first."""
        return tuple(self.feeds[path] for path in _folders_around(feed.path) if path in self.feeds)

    def below(self, feed: Feed) -> tuple[Feed, ...]:
        """The feeds in the folder of a feed."""
        return tuple(self._below.get(feed.path, ()))

    def folders(self, feed: Feed) -> dict[str, str]:
        """The paths of the feeds of the entries' categories, by scheme and term: the same texts each time."""
        terms = {term.scheme + term.term for entry in feed.entries for term in entry.categories}
        return dict(self._addresses[address] for address in sorted(terms & self._addresses.keys()))


def _folders_around(path: str) -> list[str]:
    """The folders below the output folder that hold a folder, the outermost first."""
    parts = path.split("/")[:-2]
    return ["/".join(parts[: number + 1]) + "/" for number in range(len(parts))]


def path_fault(path: str) -> str:
    """Return why no document can have a path, "" if one can.

    It is one on every platform, below the output folder, ends in a file name with a suffix and has no hidden
    part.
    """
    # a percent sign is one of an address
    if not is_plain_path(path) or fold_space(path) != path or not is_legal(path) or "%" in path:
        return "is not a plain path below the output folder"
    if any(part.startswith(".") for part in path.split("/")):
        return "has a part that begins with a dot: servers do not show such files"
    return "" if PurePosixPath(path).suffix else "does not end in a file name with a suffix"


def _targets(feed: Feed, index: SiteIndex, site: Site) -> Iterator[Target]:
    """The targets of a feed in its folder; the site's own feed is the one whose index lists feeds."""
    for name in (*site.formats, *site.retired):
        for format_ in FORMATS.values():
            if feed.is_archive and not format_.fidelity:
                continue
            if name in (format_.name, format_.comes_with) and (index.feeds or not format_.once):
                yield Target(path=feed.path + format_.file, format=format_.name, feed=feed, index=index)
