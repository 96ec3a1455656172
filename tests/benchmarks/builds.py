"""A site that feedwright builds, what happens to it between builds, and the yardsticks in Python."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
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

_ALONE = """\
import json, pathlib, sys
import frontmatter
record = json.loads(pathlib.Path("feeds/feedwright.lock.json").read_text("utf-8"))
if sys.argv[1] == "bleach":
    from bleach.sanitizer import Cleaner
    wash = Cleaner(tags=set(sys.argv[2:]), strip=True).clean
else:
    import nh3
    wash = nh3.Cleaner(tags=set(sys.argv[2:])).clean
for path in pathlib.Path("content").iterdir():
    post = frontmatter.loads(path.read_text("utf-8"))
    if path.name in record["entries"]:
        wash(post.content)
"""
"""Loads the front matter of all articles and sanitizes the bodies that the last build shows; no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site of `count` articles in `folder`, which have so many `categories`."""

    folder: Path
    count: int
    categories: int

    def clean(self, *options: str) -> Run:
        """Build with nothing there from before."""
        for name in (_OUTPUT, _CACHE):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self._settle()
        done = run([*_BUILD, *options], self.folder)
        feeds = len(list((self.folder / _OUTPUT).glob("**/*.xml")))
        if feeds != 2 * (self.categories + 1):
            raise RuntimeError(f"feedwright wrote {feeds} feeds")
        return done

    def _settle(self) -> None:
        """Wait until the last edit is so old that stamps are trusted, as after any pause."""
        time.sleep(max(0.0, self._newest.stat().st_mtime + _GRAIN - time.time()))

    def again(self) -> Run:
        """Build what is there."""
        return run(_BUILD, self.folder)

    def alone(self, engine: str) -> Run:
        """Do with the libraries alone what no build can do without, after a build, in one process."""
        return run([sys.executable, "-c", _ALONE, engine, *sorted(policy.ELEMENTS)], self.folder)

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
        text = corpus.written(corpus.article(corpus.newest(self.count)), "hexo")
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


def site(folder: Path, count: int, *, engine: str, limit: str = "20") -> Site:
    """Make a site of `count` articles; `limit` is TOML."""
    categories = corpus.write(folder / "content", count, "hexo")
    settings = (
        'url = "https://example.org/"',
        'title = "benchmark"',
        'language = "zh-CN"',
        'permalink = "/{path}.html"',
        f'sanitizer = "{engine}"',
        f"limit = {limit}",
        'formats = ["rss", "atom"]',  # what the peers write
    )
    (folder / "feedwright.toml").write_text("\n".join(settings) + "\n", "utf-8")
    return Site(folder=folder, count=count, categories=categories)


def bare(folder: Path, option: str) -> Run:
    """Run feedwright with one option, such as `--version`."""
    return run([*_FEEDWRIGHT, option], folder)


def click(folder: Path) -> Run:
    """Start Python and import click."""
    return run([sys.executable, "-c", "import click"], folder)
