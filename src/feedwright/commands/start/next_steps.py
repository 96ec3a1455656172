"""What `init` tells: the feeds that it found, the addresses of articles, and the commands to go on with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from feedwright.articles.built_site import BuiltSite
from feedwright.commands.start.likely_folders import Likely
from feedwright.commands.start.starter import EXAMPLE, SCHEMA_FILE, Start
from feedwright.generators.generator import Generator
from feedwright.settings import file as configuration
from feedwright.site import Site
from feedwright.text import count, some

_KINDS = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}


def found(start: Start, likely: Sequence[Likely], beside: int) -> Iterator[str]:
    """Yield a line for the folder with the articles, if it was looked for, and for the feeds of the site.

    `beside` is the number of articles in the site's folder itself.
    """
    if beside:
        yield f"found    {count(beside, 'article')} here: the feeds need them in a folder of their own"
    for folder in likely[:1]:
        yield f"found    {folder.path}/ with {count(folder.articles, 'article')}"
    for feed in start.old_feeds:
        if not feed.name:
            yield f"found    {feed.path} in {start.site_root}/ ({_KINDS[feed.format]})"
    if of_categories := [*start.of_categories]:
        feeds = some(of_categories, most=3)
        yield f"found    {count(len(of_categories), 'feed')} of categories: {feeds}"
    named = [feed.path for feed in start.old_feeds if feed.name]
    if others := [path for path in named if path not in start.of_categories]:
        feeds = some(others, most=3)
        yield f"found    {feeds}: to go on with these, see `aliases` in `feedwright help settings`"


def addresses(links: Sequence[str], pages: BuiltSite | None) -> Iterator[str]:
    """Yield the addresses of articles, each with whether the built site has its page."""
    if links:
        yield from ("", "Articles have these addresses:")
    is_built = pages is not None and pages.folder.is_dir()
    for link in links:
        yield f"  {link}{_page(link, pages) if pages and is_built else ''}"
    if links and pages and not is_built:
        yield f"  {pages.folder.name}/ is not built yet, so nobody knows whether they have a page"


def _page(link: str, pages: BuiltSite) -> str:
    if pages.has(link):
        return "  (has its page)"
    nearest = pages.nearest(link)
    return f"  (no page; the nearest is {nearest})" if nearest else "  (no page)"


def next_steps(
    start: Start, generator: Generator | None, site: Site, folder: str, *, is_beside: bool = False
) -> Iterator[str]:
    """Yield the commands to go on with, each with its reason if that is not plain.

    `is_beside` tells that the articles lie in the site's folder itself.
    """
    rows = [*_steps(start, generator, site, folder, is_beside=is_beside)]
    width = max((len(command) for command, reason in rows if reason), default=0)
    yield from ("", "Next:")
    for command, reason in rows:
        yield f"  {command:{width}}  # {reason}" if reason else f"  {command}"


def _steps(
    start: Start, generator: Generator | None, site: Site, folder: str, *, is_beside: bool
) -> Iterator[tuple[str, str]]:
    if folder != ".":
        yield f"cd {shlex.quote(folder)}", ""
    if is_beside:
        yield f"move the articles, and the pictures that they show, into {site.content.name}/", ""
    if start.settings.get("url") == EXAMPLE:
        yield f"put the address of your site into {configuration.OWN}", "first: ids keep its host"
    if generator and start.aliases:
        if feeds := [f"{start.site_root}/{path}" for path in _to_adopt(start)]:
            yield f"feedwright adopt {shlex.join(feeds)}", "so that no entry is unread again"
        yield f"switch off the feed of {start.generator}: {generator.without_feed}", ""
    elif generator:
        yield f"feedwright adopt {site.url}", "if the site has feeds already"
    if generator and generator.exclude:
        files = ", ".join((configuration.OWN, SCHEMA_FILE, *filter(None, [start.record])))
        yield generator.exclude.format(files), ""
    if generator:
        yield generator.command, ""
    replaced = [feed.path for feed in start.old_feeds if not feed.name or feed.path in start.of_categories]
    replaces = f"replaces {some(replaced, most=1)}" if replaced else ""
    yield f"feedwright build{' --accept foreign' if replaces else ''}", replaces


def _to_adopt(start: Start) -> Iterator[str]:
    """The paths of the site's old feeds, then those of categories, with a pattern for those in folders."""
    feeds = [feed for feed in start.old_feeds if feed.format != "json"]
    yield from (feed.path for feed in feeds if not feed.name)
    paths = (feed.path for feed in feeds if feed.path in start.of_categories)
    yield from dict.fromkeys(re.sub("^(categor[^/]+)/[^/]+/", r"\1/*/", path) for path in paths)
