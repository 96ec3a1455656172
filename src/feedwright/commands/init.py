"""The command `init`: settings for a site, and what becomes of it then; nothing is overwritten."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from feedwright import disk, workers
from feedwright.articles.built_site import BuiltSite
from feedwright.cache.memo import BuildCache
from feedwright.commands import starter
from feedwright.commands.context import Context
from feedwright.commands.likely_folders import likely_folders
from feedwright.commands.old_feeds import old_feeds
from feedwright.commands.recipe import CI_FILES, ci_recipe, git_attributes
from feedwright.commands.result import Result
from feedwright.commands.sample import sample
from feedwright.commands.stages import Stages
from feedwright.commands.starter import Start
from feedwright.generators.generator import Generator
from feedwright.generators.table import GENERATORS
from feedwright.problems import UsageError
from feedwright.settings import derived
from feedwright.settings import file as configuration
from feedwright.settings.checks import SettingError
from feedwright.settings.derived import Derived
from feedwright.settings.file import Source
from feedwright.settings.reference import SETTINGS
from feedwright.settings.schema import settings_schema
from feedwright.site import Site
from feedwright.text import some, visible

Check: TypeAlias = Callable[[str], str]
Ask: TypeAlias = Callable[[str, str, Check], str]
"""A function that asks a question until the check raises no ValueError; there is a default."""

_EXAMPLE = "https://example.org/"
_ADDRESSES = 3
_ATTRIBUTES = ".gitattributes"
_KINDS = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}


def init(
    context: Context, *, folder: str, title: str | None, ci: str | None, ask: Ask | None = None
) -> Result:
    """Write settings for the site in a folder, and what belongs to them; the folder is created if needed.

    What the site's generator tells is not written. `ci` is the name of a recipe, "none" for none; what
    neither tells is asked if `ask` is given. In a folder without articles the first one is written too.
    Raises `UsageError`: USE005 if the folder is a file, what is wrong with an address, and what keeps the
    generator's configuration from being read; `MachineError` if a file cannot be written.
    """
    root = (Path(context.start) / folder).absolute()
    if root.exists() and not root.is_dir():
        raise UsageError(f"{folder} is a file", code="USE005", hint="name a folder: feedwright init blog")
    files = _Files(root)
    url = _checked_url(context.options.url) if context.options.url else ""
    source = configuration.find(None, root)
    present = source.table if source and source.folder == root else None
    own = derived.derive([present or {}, {"url": url} if url else {}], root, root)
    generator = GENERATORS[own.site.name] if own.site else None
    likely = [] if own.site else likely_folders(root)
    known = {**own.values, **(present or {})}
    content = likely[0].path if likely else ""
    start = _start(own, known, root, content, url=url, title=title, ask=None if present else ask)
    recipe = _recipe(root, ci, ask)
    differences = _settings(files, start, source if present is not None else None)
    files.create(starter.SCHEMA_FILE, json.dumps(settings_schema(), ensure_ascii=False, indent=2) + "\n")
    files.append(_ATTRIBUTES, git_attributes(start.output, start.record))
    if recipe in CI_FILES:
        files.create(CI_FILES[recipe], _ci(recipe, start, generator))
    site = _moved(context, root).load_site()
    stages = Stages(site, BuildCache(), workers.serial, jobs=1)
    articles = sample(site, stages)
    is_first = not articles and not own.site and not likely
    if is_first:
        moment = context.now.astimezone(stages.read_options.zone).replace(microsecond=0)
        files.create(
            f"{os.path.relpath(site.content, root)}/{starter.FIRST_ARTICLE}", starter.first_article(moment)
        )
        articles = sample(site, stages)
    links = [article.link for article in articles[:_ADDRESSES]]
    pages = BuiltSite(root / start.site_root, site.url) if start.site_root else None
    lines = [
        *([f"found    {own.note}"] if own.note else []),
        *_found(start),
        *files.lines,
        *(f"         {line}" for line in differences),
        *_addresses(links, pages),
        *_next(start, generator, site, folder),
    ]
    facts = {"written": files.written, "existing": files.existing, "addresses": links}
    return Result(lines=tuple(map(visible, lines)), facts=facts)


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a site as they are written; a line for each tells what became of it."""

    root: Path
    written: list[str] = field(default_factory=list)
    existing: list[str] = field(default_factory=list)

    def create(self, name: str, text: str) -> bool:
        """Create a file, unless there is one."""
        is_new = disk.create(self.root / name, text.encode())
        (self.written if is_new else self.existing).append(os.path.normpath(name).replace(os.sep, "/"))
        return is_new

    def append(self, name: str, lines: Sequence[str]) -> None:
        """Add the lines that a file does not have, at its end."""
        if self.create(name, starter.without_known("", lines)):
            return
        file = self.root / name
        with disk.reporting(file):
            more = starter.without_known(disk.read_bytes(file).decode("utf-8", "replace"), lines)
            if more:
                with open(file, "ab") as opened:
                    opened.write(more.encode())
                self.existing.remove(name)
                self.written.append(name)

    @property
    def lines(self) -> Iterator[str]:
        """What became of each file."""
        yield from (f"wrote    {name}" for name in self.written)
        yield from (f"exists   {name}; it stays as it is" for name in self.existing)


def _moved(context: Context, root: Path) -> Context:
    """The context as if it had begun in the folder."""
    return context._replace(start=str(root))


def _checked_url(url: str) -> str:
    try:
        return str(SETTINGS["url"].check(url))
    except SettingError as error:
        hint = visible(error.hint.replace("{name} = ", "--url "))
        raise UsageError(visible(f"--url {error.message}"), code=error.code, hint=hint) from None


def _start(
    own: Derived,
    known: Mapping[str, object],
    root: Path,
    content: str,
    *,
    url: str,
    title: str | None,
    ask: Ask | None,
) -> Start:
    """What is known of the site, after the questions about the rest; `known` are settings that it has."""
    settings: dict[str, str] = {}
    if "url" not in known:
        settings["url"] = url or (ask("Address of the site", _EXAMPLE, _as_url) if ask else _EXAMPLE)
    if title is None and "title" not in known:
        name = root.name or "Feeds"
        title = ask("Name of the site", name, _as_title) if ask else name
    if title is not None:
        settings["title"] = _as_title(title)
    if own.site is None:
        settings |= {"timezone": zone} if (zone := _local_zone()) else {}
        settings |= {"content": content} if content not in ("", "content") else {}
    site_root = own.given("site_output").text.strip("/")
    found = old_feeds(root / site_root) if site_root else []
    return Start(
        settings=settings,
        generator=own.site.title if own.site else "",
        note=own.note,
        site_root=site_root,
        feed=GENERATORS[own.site.name].feed if own.site else "",
        old_feeds=[feed for feed in found if feed.is_of_site],
        other_feeds=[feed.path for feed in found if not feed.is_of_site],
    )


def _as_url(text: str) -> str:
    return _checked("url", text)


def _as_title(text: str) -> str:
    return _checked("title", text)


def _checked(name: str, text: str) -> str:
    """The value of a setting. Raises ValueError with what is wrong with it."""
    try:
        return str(SETTINGS[name].check(text))
    except SettingError as error:
        raise ValueError(error.message) from None


def _local_zone() -> str:
    """The machine's time zone, "" if it does not tell its name."""
    name = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2].replace("Etc/UTC", "UTC")
    try:
        return _checked("timezone", name) if name else ""
    except ValueError:
        return ""


def _recipe(root: Path, ci: str | None, ask: Ask | None) -> str:
    """The name of the CI recipe, "none" for none."""
    if ci is not None or ask is None:
        return ci or "none"
    likely = next(
        (
            name
            for name, sign in (("github", ".github"), ("gitlab", ".gitlab-ci.yml"))
            if (root / sign).exists()
        ),
        "none",
    )

    def check(answer: str) -> str:
        if answer not in (*CI_FILES, "none"):
            raise ValueError(f"is none of {', '.join(CI_FILES)} and none")
        return answer

    return ask(f"CI recipe ({', '.join(CI_FILES)}, none)", likely, check)


def _ci(recipe: str, start: Start, generator: Generator | None) -> str:
    if generator is None or not start.site_root:
        return ci_recipe(recipe)
    return ci_recipe(recipe, command=generator.command, site_root=start.site_root, commit=start.record)


def _settings(files: _Files, start: Start, source: Source | None) -> list[str]:
    """Write the settings; if there are some, return lines about what they do not say."""
    import tomllib

    text = starter.settings_text(start)
    if source is None:
        files.create(configuration.OWN, text)
        return []
    files.existing.append(Path(source.file).name)
    wanted: Mapping[str, object] = tomllib.loads(text)
    lines = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line and line[0] != "#")
    return [f"without  {name} = {lines[name]}" for name in wanted if name not in source.table]


def _found(start: Start) -> Iterator[str]:
    """The feeds in the folder of the built site."""
    for feed in start.old_feeds:
        yield f"found    {feed.path} in {start.site_root}/ ({_KINDS[feed.format]})"
    if start.other_feeds:
        paths = some(start.other_feeds, most=3)
        yield f"found    {paths}: to go on with these, see `aliases` in `feedwright help settings`"


def _addresses(links: Sequence[str], pages: BuiltSite | None) -> Iterator[str]:
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


def _next(start: Start, generator: Generator | None, site: Site, folder: str) -> Iterator[str]:
    """The commands to go on with, each with its reason if that is not plain."""
    rows = [*_steps(start, generator, site, folder)]
    width = max((len(command) for command, reason in rows if reason), default=0)
    yield from ("", "Next:")
    for command, reason in rows:
        yield f"  {command:{width}}  # {reason}" if reason else f"  {command}"


def _steps(start: Start, generator: Generator | None, site: Site, folder: str) -> Iterator[tuple[str, str]]:
    if folder != ".":
        yield f"cd {shlex.quote(folder)}", ""
    if start.settings.get("url") == _EXAMPLE:
        yield f"put the address of your site into {configuration.OWN}", ""
    if generator and start.old_feeds:
        feeds = [f"{start.site_root}/{feed.path}" for feed in start.old_feeds if feed.format != "json"]
        if feeds:
            yield f"feedwright adopt {shlex.join(feeds)}", "so that no entry is unread again"
        yield f"switch off the feed of {start.generator}: {generator.without_feed}", ""
    elif generator:
        yield f"feedwright adopt {site.url}", "if the site has feeds already"
    if generator:
        yield generator.command, ""
    replaces = f"replaces {start.old_feeds[0].path}" if start.old_feeds else ""
    yield f"feedwright build{' --accept foreign' if replaces else ''}", replaces
