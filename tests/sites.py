"""A small site in a temporary folder: articles, a build, and its feeds."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser

from feedwright import build, load_settings
from feedwright.articles.field_reader import FieldReader, ReadOptions
from feedwright.articles.front_matter import parse
from feedwright.model import replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from feedwright import Outcome, Problem, Site

URL = "https://example.org/"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def text(
    title: str = "A title", date: str | None = "2026-01-03", body: str = "<p>Text</p>", **more: str
) -> str:
    """Return an article file: YAML front matter, with further keys taken as written, and a body."""
    rows = [f"title: {title}", *([f"date: {date}"] if date else []), *(f"{k}: {v}" for k, v in more.items())]
    return "---\n" + "\n".join(rows) + f"\n---\n{body}\n"


def reading(**settings: Any) -> ReadOptions:
    """Return options for reading articles, with defaults for tests."""
    return ReadOptions(**{"url": URL, "permalink": "hexo", "zone": UTC, **settings})


def field_reader(matter: str, *, path: str = "a.md", **settings: Any) -> FieldReader:
    """The fields of an article with this YAML front matter, to be read."""
    options = reading(**settings)
    parsed = parse.read(f"---\n{matter}\n---\nbody\n", file=path, dialect=options.dialect)
    assert parsed is not None
    return FieldReader(path=path, parsed=parsed, options=options)


@dataclass(frozen=True)
class Folder:
    """A site's folder: articles below `content`, feeds below `feeds`."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def output(self) -> Path:
        return self.root / "feeds"

    def write(self, path: str, data: str | bytes) -> Path:
        """Write a file below the content folder."""
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return file

    def settings(self, config: str = "", **flags: object) -> Site:
        """Load settings from this configuration and flags; formats are RSS and Atom unless one sets them."""
        if config:
            (self.root / "feedwright.toml").write_text(config, "utf-8")
        if "formats" not in config:
            flags = {"formats": ("rss", "atom"), **flags}
        return load_settings(start=self.root, environ={}, overrides={"url": URL, "timezone": "UTC", **flags})

    def build(
        self, config: str = "", *, flags: Mapping[str, object] | None = None, **options: Any
    ) -> Outcome:
        """Build the site in this process, at a fixed moment; files are named from the content folder."""
        options = {"now": NOW, "jobs": 1, **options}
        outcome = build(self.settings(config, **(flags or {})), **options)
        return replace(outcome, problems=below(self.content, outcome.problems))

    def entries(self, path: str = "atom.xml") -> list[Any]:
        """The entries of a published feed, as feedparser sees them."""
        feed = feedparser.parse((self.output / path).read_bytes())
        assert not feed.bozo, feed.get("bozo_exception")
        return list(feed.entries)

    def titles(self, path: str = "atom.xml") -> list[str]:
        """The titles of a published feed's entries."""
        return [entry.title for entry in self.entries(path)]

    def published(self) -> dict[str, bytes]:
        """Every file of the output folder."""
        return files_of(self.output)


def below(folder: Path, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems, with files named from the folder that they lie in."""
    return tuple(
        replace(problem, file=Path(os.path.relpath(problem.file, folder)).as_posix())
        if Path(problem.file).absolute().is_relative_to(folder.absolute())
        else problem
        for problem in problems
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder, by relative path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def codes(outcome: Outcome) -> list[str]:
    """The codes of a build's problems."""
    return [p.code for p in outcome.problems]


def run(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None, **more: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own; `env` is added to its environment."""
    return subprocess.run(
        command(*arguments), cwd=cwd, env=environment(env), check=False, **{"capture_output": True, **more}
    )


def command(*arguments: str | Path) -> Sequence[str]:
    """The command line of `feedwright`."""
    return [sys.executable, "-m", "feedwright", *map(str, arguments)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without variables that would change the result."""
    dropped = ("FEEDWRIGHT_", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TERM")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, **(more or {})}
