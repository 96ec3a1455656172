"""A site that feedwright builds, what happens to it between builds, and the yardsticks in Python."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import corpus
from measure import Run, run

from feedwright.bodies import policy

if TYPE_CHECKING:
    from pathlib import Path

_FEEDWRIGHT = (sys.executable, "-m", "feedwright")
_BUILD = (*_FEEDWRIGHT, "build", "-q")
_OUTPUT, _CACHE = "feeds", ".feedwright_cache"
_GRAIN = 2.1
"""Seconds within which a file's stamp is not trusted."""

_WALK = """\
def walk(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                walk(entry.path)
            else:
                entry.stat()
walk("content")
"""

_NAMING = """\
import atexit, runpy, sys
def tell():
    print(*(name for name, module in sys.modules.items() if getattr(module, "__spec__", None)), sep="\\n")
atexit.register(tell)
sys.argv[0] = "feedwright"
runpy.run_module("feedwright", run_name="__main__")
"""
"""Runs feedwright and tells which modules there are at its end."""

_PARTS = """\
import hashlib, json, os, pathlib, re, sys, tempfile, time
import nh3, yaml
from selectolax.lexbor import LexborHTMLParser
record = json.loads(pathlib.Path("feeds/feedwright.lock.json").read_text("utf-8"))
documents = [path.read_bytes() for path in pathlib.Path("feeds").rglob("*.xml")]
wash = nh3.Cleaner(tags=set(sys.argv[1:])).clean
began = time.process_time()
with os.scandir("content") as entries:
    for entry in entries:
        entry.stat()
        with open(entry.path, "rb") as file:
            data = file.read()
        hashlib.sha256(data).hexdigest()
        text = data.decode()
        end = text.index("\\n---\\n")
        for _ in yaml.parse(text[4:end], yaml.CSafeLoader):
            pass
        if entry.name in record["entries"]:
            wash(LexborHTMLParser(text[end + 5 :]).body.html)
with tempfile.TemporaryDirectory() as folder:
    for number, data in enumerate(documents):
        with open(f"{folder}/{number}", "wb") as file:
            file.write(data)
print(time.process_time() - began)
"""
"""Does once what no build can do without, after a build: walk, read, hash, decode and libyaml for all files,
lexbor and nh3 for the bodies shown, write; and prints the CPU seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site of `count` articles in `folder`, with feeds of so many `terms` beside its own."""

    folder: Path
    count: int
    terms: int
    median: int = corpus.NEWS

    def clean(self, *options: str) -> Run:
        """Build with nothing there from before."""
        self._remove()
        self._settle()
        done = run([*_BUILD, *options], self.folder)
        feeds = len(list((self.folder / _OUTPUT).glob("**/*.xml")))
        if feeds != 2 * (self.terms + 1):
            raise RuntimeError(f"feedwright wrote {feeds} feeds")
        return done

    def _remove(self) -> None:
        for name in (_OUTPUT, _CACHE):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _settle(self) -> None:
        """Wait until the last edit is so old that stamps are trusted, as after any pause."""
        time.sleep(max(0.0, self._newest.stat().st_mtime + _GRAIN - time.time()))

    def again(self) -> Run:
        """Build what is there."""
        return run(_BUILD, self.folder)

    def parts(self) -> Run:
        """Do what no build can do without, after a build, in one process that is already there."""
        command = [sys.executable, "-c", _PARTS, *sorted(policy.ELEMENTS)]
        done = run(command, self.folder)
        seconds = float(done.output)
        return replace(done, wall=seconds, cpu=seconds)

    def imports(self) -> Run:
        """Start Python and import what feedwright imports of other projects for a first build."""
        self._remove()
        names = self._modules()
        code = "\n".join(f"import {name}" for name in names)
        return run([sys.executable, "-c", code], self.folder)

    def walk(self, modules: tuple[str, ...] = ()) -> Run:
        """Start Python with click, walk the articles with stat, and import some modules."""
        imports = "".join(f"import {name}\n" for name in modules)
        return run([sys.executable, "-c", f"import os\nimport click\n{imports}{_WALK}"], self.folder)

    @property
    def _newest(self) -> Path:
        return self.folder / "content" / corpus.name(corpus.newest(self.count), "hexo")

    def edit(self, turn: int) -> None:
        """Give the newest article another body, as an editor does: a new file in place of the old."""
        draft = self.folder / "draft"
        newest = corpus.article(corpus.newest(self.count), median=self.median)
        text = corpus.written(newest, "hexo")
        draft.write_text(f"{text}<p>{turn}</p>\n", "utf-8", newline="\n")
        draft.replace(self._newest)

    def check_out(self) -> None:
        """Put a copy in the place of everything: the same bytes, other inodes and modification times."""
        old = self.folder.with_name("old")
        self.folder.rename(old)
        shutil.copytree(old, self.folder, copy_function=shutil.copyfile)
        shutil.rmtree(old)
        self._settle()

    def libraries(self, turn: int) -> tuple[str, ...]:
        """Return the modules of other projects that a build imports after an edit, the outermost first."""
        self.edit(turn)
        return self._modules()

    def _modules(self) -> tuple[str, ...]:
        done = subprocess.run(
            [sys.executable, "-c", _NAMING, *_BUILD[3:]],
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        found = tuple(name for name in done.stdout.splitlines() if _is_library(name))
        if "lxml.etree" not in found:
            raise RuntimeError(f"the modules of a build are not known: {done.stderr}")
        return found


def _is_library(name: str) -> bool:
    top = name.partition(".")[0]
    return top not in sys.stdlib_module_names | {"feedwright", "sitecustomize"} and not top.startswith("_")


def site(
    folder: Path,
    count: int,
    *,
    engine: str,
    limit: str = "20",
    tags: int = 0,
    median: int = corpus.NEWS,
) -> Site:
    """Make a site of `count` articles; `limit` is TOML; if there are `tags`, they and authors have feeds."""
    terms = corpus.write(folder / "content", count, "hexo", median=median, tags=tags)
    settings = (
        'url = "https://example.org/"',
        'title = "benchmark"',
        'language = "zh-CN"',
        'permalink = "/{path}.html"',
        f'sanitizer = "{engine}"',
        f"limit = {limit}",
        f"taxonomies = {['categories', 'tags', 'authors'] if tags else ['categories']}",
        'formats = ["rss", "atom"]',  # what the peers write
    )
    (folder / "feedwright.toml").write_text("\n".join(settings) + "\n", "utf-8")
    return Site(folder=folder, count=count, terms=terms, median=median)


def bare(folder: Path, option: str) -> Run:
    """Run feedwright with one option, such as `--version`."""
    return run([*_FEEDWRIGHT, option], folder)


def click(folder: Path) -> Run:
    """Start Python and import click."""
    return run([sys.executable, "-c", "import click"], folder)
