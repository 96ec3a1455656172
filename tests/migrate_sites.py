"""Move sites of real generators to feedwright under their subscribers' eyes: `python tests/migrate_sites.py`.

Each generator on this machine publishes a feed of a small site of our own writing while the site grows from
10 to 30 articles; newsboat and lemon24's reader read everything, or come late and see only its last state.
Then what `feedwright init` advises is done, so that feedwright's documents stand at the same addresses, and
one article more is written. Generators are looked for as `compare_sites` does; `hexo-generator-feed` and
`@11ty/eleventy-plugin-rss` are among Node's.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import feedparser

from compare_sites import GENERATORS, NODE, URL, Generator
from readers import LemonReader, Newsboat, StatefulReader, mark

ARTICLES = 30
_STAGES = (10, 20, ARTICLES)
_CATEGORIES = ("Tea", "山路")
_OURS = b">feedwright"
_MARK = re.compile(r"mark-(\d+)")


@dataclass(frozen=True, kw_only=True)
class Feed:
    """How a generator publishes feeds: files with it and without it, and where the site's own feed is.

    `init` are arguments that the owner adds.
    """

    path: str
    on: Mapping[str, str]
    off: Mapping[str, str] = field(default_factory=dict)
    init: Sequence[str] = ()


def _appended(generator: str, file: str, text: str) -> dict[str, str]:
    return {file: GENERATORS[generator].files[file] + text}


_HUGO = f"baseURL = '{URL}'\ntitle = 'Rain'\n"
FEEDS = {
    "hugo": Feed(
        path="index.xml",
        on={
            "hugo.toml": _HUGO,
            "layouts/taxonomy.html": "<p>categories",
            "layouts/term.html": "<p>category",
        },
        off={"hugo.toml": f'disableKinds = ["rss"]\n{_HUGO}'},
    ),
    "hexo": Feed(
        path="atom.xml",
        on={
            "package.json": '{"name": "rain", "hexo": {}, "dependencies": {"hexo-renderer-marked": "*",'
            ' "hexo-renderer-ejs": "*", "hexo-generator-feed": "*"}}'
        },
        off={"package.json": GENERATORS["hexo"].files["package.json"]},
    ),
    "jekyll": Feed(
        path="feed.xml",
        on=_appended("jekyll", "_config.yml", "plugins: [jekyll-feed]\n"),
        off={"_config.yml": GENERATORS["jekyll"].files["_config.yml"]},
    ),
    "pelican": Feed(
        path="feeds/all.atom.xml",
        on=_appended(
            "pelican",
            "pelicanconf.py",
            "FEED_ALL_ATOM = 'feeds/all.atom.xml'\nCATEGORY_FEED_ATOM = 'feeds/{slug}.atom.xml'\n",
        ),
        off={"pelicanconf.py": GENERATORS["pelican"].files["pelicanconf.py"]},
    ),
    "eleventy": Feed(
        path="feed.xml",
        on={
            "eleventy.config.mjs": 'import {feedPlugin} from "@11ty/eleventy-plugin-rss";\n'
            "export default c => {\n"
            '  c.addCollection("posts", all => all.getFilteredByGlob("posts/*.md"));\n'
            '  c.addPlugin(feedPlugin, {type: "atom", outputPath: "/feed.xml",\n'
            '    collection: {name: "posts", limit: 10},\n'
            f'    metadata: {{language: "en", title: "Rain", base: "{URL}", author: {{name: "Ann"}}}}}});\n'
            '  return {dir: {includes: "_includes", output: "_site"}, markdownTemplateEngine: "njk"};\n'
            "};\n"
        },
        off={
            "eleventy.config.mjs": "export default () =>"
            ' ({dir: {includes: "_includes", output: "_site"}, markdownTemplateEngine: "njk"});\n'
        },
        init=("--url", URL),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Move:
    """What became of the subscribers of a site: entries that they saw, and how many are shown now.

    `left` are feeds that are not feedwright's afterwards. `unread` is what readers say is unread again; `new`
    are the articles that each of them got afterwards. `changed` are ids that are others now, each with what
    it was. `told` is what the commands printed.
    """

    name: str
    feeds: int
    left: tuple[str, ...]
    seen: int
    shown: int
    changed: tuple[str, ...]
    unread: tuple[str, ...]
    new: tuple[int, ...]
    told: str


class MoveError(Exception):
    """A command failed, or a reader saw an entry twice before anything was moved."""


class NotHereError(Exception):
    """The generator, or what publishes its feed, does not run here."""


@dataclass(kw_only=True)
class Site:
    """A site of a generator in a folder, and its subscribers' readers; `ids` are those seen, by feed."""

    name: str
    root: Path
    readers: Sequence[StatefulReader]
    feeds: tuple[str, ...] = ()
    ids: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def generator(self) -> Generator:
        """The generator."""
        return GENERATORS[self.name]

    @property
    def built(self) -> Path:
        """The folder that the generator makes."""
        return self.root / self.generator.built

    def write(self, files: Mapping[str, str]) -> None:
        """Write files of the site."""
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, "utf-8")

    def generate(self) -> None:
        """Let the generator build the site. Raises `NotHereError` if it fails."""
        try:
            run(self.generator.command, self.root, pelican=self.name == "pelican")
        except MoveError as error:
            raise NotHereError(str(error)) from error

    def poll(self) -> list[str]:
        """Let everybody read all feeds; return what is unread again."""
        for feed in self.feeds:
            self.ids.setdefault(feed, {}).update(ids_in((self.built / feed).read_bytes()))
        return [harm for reader in self.readers for harm in reader.poll(self.built, self.feeds)]


def run(command: Sequence[str], root: Path, *, codes: Sequence[int] = (0,), pelican: bool = False) -> str:
    """Run a command in a folder; return its messages. Raises `MoveError` for another exit code."""
    added = [os.environ["PELICAN"]] if pelican and "PELICAN" in os.environ else []
    path = os.pathsep.join([*added, *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=env)
    if done.returncode not in codes:
        raise MoveError(f"{shlex.join(command)}: {done.stderr or done.stdout}")
    return done.stdout + done.stderr


def feedwright(root: Path, *arguments: str, codes: Sequence[int] = (0,)) -> str:
    """Run feedwright in a folder; return what it prints."""
    return run([sys.executable, "-m", "feedwright", *arguments], root, codes=codes)


def ids_in(document: bytes) -> dict[str, str]:
    """The ids of a feed's entries by the number of the article."""
    entries = feedparser.parse(document).entries
    return {_MARK.findall(str(entry))[0]: entry.id for entry in entries}


def article(generator: Generator, number: int) -> tuple[str, str]:
    """The name and the text of an article; every third has a Chinese name."""
    title = f"第{number}日の雨 & more" if number % 3 == 0 else f"Rain of day {number}"
    head = generator.head.format(title=f'"{title}"', day=number)
    category = _CATEGORIES[number % 2]
    if head.startswith("Title:"):
        head = head.replace('"', "").replace("\n\n", f"\nCategory: {category}\n\n")
    else:
        head = head.removesuffix("---\n") + f"categories: [{category}]\n---\n"
    name = f"雨の日-{number}" if number % 3 == 0 else f"rain-{number}"
    dated = f"2026-01-{number:02}-" if generator.dated else ""
    body = f"It rains, {mark(str(number))}, and *nobody* minds. 傘を持って。\n\nThe second part.\n"
    return f"{generator.articles}/{dated}{name}.md", head + body


def move(name: str, root: Path, readers: Sequence[StatefulReader], *, late: bool) -> Move:
    """Let a site grow, move it to feedwright as `init` says, and write one article more.

    Where the old feed is shorter than feedwright's, articles that it no longer shows get ids like the others,
    or, for subscribers who come late and never saw them, the new feed is as short.
    """
    feed = FEEDS[name]
    site = Site(name=name, root=root, readers=readers)
    files = {path: text for path, text in site.generator.files.items() if path != ".eleventy.js"}
    site.write({**files, **feed.on})
    if site.generator.command[0].startswith(NODE):
        (root / "node_modules").symlink_to(Path(NODE).resolve())
    grown = 0
    for stage in _STAGES[-1:] if late else _STAGES:
        site.write(dict(article(site.generator, number) for number in range(grown + 1, stage + 1)))
        grown = stage
        site.generate()
        if not (site.built / feed.path).is_file():
            raise NotHereError(f"what publishes the feed of {name} is not here")
        site.feeds = (feed.path, *_category_feeds(site))
        if again := site.poll():
            raise MoveError(f"the readers are wrong: {again[0]}")
    told = _switch(site, feed, late=late)
    before = {path: dict(ids) for path, ids in site.ids.items()}
    unread = site.poll()
    known = [set(reader.known) for reader in readers]
    site.write(dict([article(site.generator, ARTICLES + 1)]))
    site.generate()
    feedwright(root, "build")
    unread += site.poll()
    return Move(
        name=name,
        feeds=len(site.feeds),
        left=tuple(path for path in site.feeds if _OURS not in (site.built / path).read_bytes()),
        seen=len(before[feed.path]),
        shown=len(ids_in((site.built / feed.path).read_bytes())) - 1,
        changed=tuple(_changed(before, site.ids)),
        unread=tuple(unread),
        new=tuple(len(reader.known - was) for reader, was in zip(readers, known, strict=True)),
        told=told,
    )


def _category_feeds(site: Site) -> Iterator[str]:
    """The feeds of the categories, as Hugo and Pelican publish them."""
    of_hugo = sorted(site.built.glob("categories/*/index.xml"))
    of_pelican = sorted(path for path in site.built.glob("feeds/*.atom.xml") if path.name != "all.atom.xml")
    yield from (path.relative_to(site.built).as_posix() for path in (*of_hugo, *of_pelican))


def _switch(site: Site, feed: Feed, *, late: bool) -> str:
    """Do what `init` and `adopt` say; return what the commands printed."""
    told = feedwright(site.root, "init", "--yes", *feed.init)
    steps = re.findall("^  (feedwright .*?)(?:  +#.*)?$", told, re.MULTILINE)
    for step in steps:
        name, *arguments = shlex.split(step)[1:]
        if name == "build":
            site.write(feed.off)
            site.generate()
        printed = feedwright(site.root, name, *arguments, codes=(0, 1) if name == "adopt" else (0,))
        told += f"$ {step}\n{printed}"
        if limit := re.search(r"limit = \d+\n", printed):
            if late:
                settings = (site.root / "feedwright.toml").read_text("utf-8")
                site.write({"feedwright.toml": limit[0] + settings})
            told += feedwright(site.root, name, *arguments, *(() if late else ("--older-ids",)))
    return told


def _changed(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for path, ids in before.items():
        for number, entry_id in ids.items():
            if now[path][number] != entry_id:
                yield f"{path}: {number} was {entry_id}, now {now[path][number]}"


def migrated(name: str, *, late: bool) -> Move:
    """Move the site of a generator, in a folder that is deleted, with the readers that are here."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder).resolve()
        root = home / "site"
        root.mkdir()
        readers: list[StatefulReader] = []
        if shutil.which("newsboat"):
            readers.append(stack.enter_context(closing(Newsboat(home / "newsboat"))))
        if find_spec("reader"):
            readers.append(stack.enter_context(closing(LemonReader(root / GENERATORS[name].built))))
        return move(name, root, readers, late=late)


def main() -> None:
    """Print the table."""
    print("| Site | Feeds | Left | Entries seen | of these shown | Ids changed | Unread again | New |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, late in product(sys.argv[1:] or FEEDS, (False, True)):
        if shutil.which(GENERATORS[name].command[0]) is None:
            print(f"{name} is not here", file=sys.stderr)
            continue
        row = migrated(name, late=late)
        new = ", ".join(map(str, row.new))
        counts = (row.feeds, len(row.left), row.seen, row.shown, len(row.changed), len(row.unread), new)
        print(f"| {row.name}{', late' if late else ''} | {' | '.join(map(str, counts))} |")
        print(row.told, *row.changed, *row.unread, sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
