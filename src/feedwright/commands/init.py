"""The command `init`: settings for a site, and what becomes of it then; nothing is overwritten."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field

from feedwright import disk, workers
from feedwright.articles.built_site import BuiltSite
from feedwright.cache.memo import BuildCache
from feedwright.commands.context import Context
from feedwright.commands.result import Result
from feedwright.commands.stages import Stages
from feedwright.commands.start import next_steps, starter
from feedwright.commands.start.first_look import Ask, FirstLook, first_look, recipe, start_of, with_categories
from feedwright.commands.start.recipe import CI_FILES, ci_recipe, git_attributes
from feedwright.commands.start.sample import sample
from feedwright.commands.start.starter import Start
from feedwright.generators.generator import Generator
from feedwright.model import ArticleSummary
from feedwright.problems import UsageError
from feedwright.settings import file as configuration
from feedwright.settings.file import Source
from feedwright.settings.schema import settings_schema
from feedwright.site import Site
from feedwright.text import visible

_ADDRESSES = 3
_ATTRIBUTES = ".gitattributes"


def init(
    context: Context, *, folder: str, title: str | None, ci: str | None, ask: Ask | None = None
) -> Result:
    """Write settings for the site in a folder, and what belongs to them; the folder is created if needed.

    What the site's generator tells is not written. `ci` is the name of a recipe, "none" for none; what
    nothing tells is asked if `ask` is given. In a folder without articles the first one is written too.
    Raises `UsageError`: USE005 if the folder is a file, what is wrong with an address, and what keeps the
    generator's configuration from being read; `MachineError` if a file cannot be written.
    """
    root, url = (Path(context.start) / folder).absolute(), context.options.url or ""
    if root.exists() and not root.is_dir():
        raise UsageError(f"{folder} is a file", code="USE005", hint="name a folder: feedwright init blog")
    look = first_look(root, url)
    start = start_of(look, root, url=url, title=title, ask=ask)
    if any(feed.name for feed in start.old_feeds):
        start = with_categories(start, _labels(context, root, start), look.generator)
    files = _Files(root)
    differences = _write(files, look, start, ci or recipe(root, ask))
    site = context._replace(start=str(root)).load_site()
    links = [article.link for article in _articles(files, look, site, context.now)[:_ADDRESSES]]
    pages = BuiltSite(root / start.site_root, site.url) if start.site_root else None
    lines = [
        *([f"found    {start.note}"] if start.note else []),
        *next_steps.found(start, look.likely, look.beside),
        *files.lines,
        *(f"         {line}" for line in differences),
        *next_steps.addresses(links, pages),
        *next_steps.next_steps(start, look.generator, site, folder, is_beside=look.beside > 0),
    ]
    facts = {"written": files.written, "existing": [*files.existing], "addresses": links}
    return Result(lines=tuple(map(visible, lines)), facts=facts)


class _Files(Struct, frozen=True):
    """The files of a site as they are written; `existing` are others, each with what is to be said of it."""

    root: Path
    written: list[str] = field(default_factory=list)
    existing: dict[str, str] = field(default_factory=dict)

    def create(self, name: str, text: str, renewal: str = "") -> bool:
        """Create a file, unless there is one; `renewal` tells how one with another text is renewed."""
        if disk.create(self.root / name, text.encode()):
            self.written.append(os.path.normpath(name).replace(os.sep, "/"))
            return True
        self.existing[name] = "up to date" if self._has(name, text) else renewal or "it stays as it is"
        return False

    def append(self, name: str, lines: Sequence[str]) -> None:
        """Add the lines that a file does not have, at its end; nothing is written through a link."""
        file = self.root / name
        if self.create(name, starter.without_known("", lines)) or file.is_symlink():
            return
        with disk.reporting(file):
            more = starter.without_known(disk.read_bytes(file).decode("utf-8", "replace"), lines)
            if not more:
                self.existing[name] = "up to date"
                return
            with open(file, "ab") as opened:
                opened.write(more.encode())
        del self.existing[name]
        self.written.append(name)

    def _has(self, name: str, text: str) -> bool:
        try:
            return disk.read_bytes(self.root / name) == text.encode()
        except OSError:
            return False

    @property
    def lines(self) -> Iterator[str]:
        """What became of each file."""
        yield from (f"wrote    {name}" for name in self.written)
        yield from (f"exists   {name}: {note}" for name, note in self.existing.items())


def _write(files: _Files, look: FirstLook, start: Start, ci: str) -> list[str]:
    """Write the files; return lines about what settings that are there do not say."""
    differences = _settings(files, start, look.source)
    schema = json.dumps(settings_schema(), ensure_ascii=False, indent=2) + "\n"
    renewal = f"`feedwright schema settings > {starter.SCHEMA_FILE}` renews it"
    files.create(starter.SCHEMA_FILE, schema, renewal)
    files.append(_ATTRIBUTES, git_attributes(start.output, start.record))
    if ci in CI_FILES:
        renewal = "it stays as it is; `feedwright help ci` shows ours"
        files.create(CI_FILES[ci], _ci(ci, start, look.generator), renewal)
    return differences


def _labels(context: Context, root: Path, start: Start) -> list[str]:
    """The categories in use, before there are settings; those of a level below another are left out."""
    above = configuration.find(None, root)
    if above and above.folder != root:
        return []  # those would count instead
    url = start.settings.get("url", context.options.url)
    site = context._replace(start=str(root), options=context.options._replace(url=url)).load_site()
    articles = sample(site, Stages(site, BuildCache(), workers.serial, jobs=1))
    return sorted({labels[0] for article in articles for labels in article.categories if len(labels) == 1})


def _articles(files: _Files, look: FirstLook, site: Site, now: datetime) -> list[ArticleSummary]:
    """Articles of the site; if it can have none yet, the first one is written."""
    stages = Stages(site, BuildCache(), workers.serial, jobs=1)
    articles = sample(site, stages)
    if articles or look.own.site or look.likely or look.beside:
        return articles
    moment = now.astimezone(stages.read_options.zone).replace(microsecond=0)
    folder = os.path.relpath(site.content, files.root)
    files.create(f"{folder}/{starter.FIRST_ARTICLE}", starter.first_article(moment))
    return sample(site, stages)


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
    files.existing[Path(source.file).name] = "it stays as it is"
    wanted: Mapping[str, object] = tomllib.loads(text)
    top = text.partition("\n[")[0].splitlines()
    lines = dict(line.split(" = ", 1) for line in top if " = " in line and line[0] != "#")
    return [f"without  {name} = {lines.get(name, '{ … }')}" for name in wanted if name not in source.table]
