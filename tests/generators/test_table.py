"""The table of site generators: made of the modules, and what it promises of each."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from feedwright.articles.front_matter.keys import keys_of
from feedwright.generators.table import COMMON_HIDING, FOLDERS, GENERATORS, HIDING, KEYS, PRESETS

if TYPE_CHECKING:
    from pathlib import Path

NEW = """
from feedwright.generators.generator import HIDES, Generator

GENERATOR = Generator(
    keys={"title": "headline"},
    permalink="{stem}.htm",
    hiding={"attic": HIDES},
    folders=frozenset(["_stories"]),
)
"""
SITE = """
import sys
from pathlib import Path
from feedwright import generators
generators.__path__.append(sys.argv[1])
from feedwright import build, load_settings
root = Path(sys.argv[1])
settings = load_settings(start=root, environ={}, overrides={"dialect": "crow", "permalink": "crow"})
outcome = build(settings, jobs=1)
assert (outcome.published, outcome.left_out) == (1, {"hidden": ("_stories/shut.md",)}), outcome
"""


def test_the_generators_are_the_modules() -> None:
    assert set(GENERATORS) == {"eleventy", "hexo", "hugo", "jekyll", "pelican", "zola"}
    assert GENERATORS.keys() == PRESETS.keys()
    assert {"_posts", "_drafts"} == FOLDERS


def test_a_new_generator_needs_one_module(tmp_path: Path) -> None:
    (tmp_path / "crow.py").write_text(NEW, encoding="utf-8")
    (tmp_path / "feedwright.toml").write_text('url = "https://example.org/"\nformats = ["json"]\n', "utf-8")
    articles = tmp_path / "content" / "_stories"
    articles.mkdir(parents=True)
    (articles / "shown.md").write_text("---\nheadline: A\ndate: 2026-01-03\n---\nx\n", encoding="utf-8")
    (articles / "shut.md").write_text("---\nheadline: B\nattic: true\n---\nx\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SITE, str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "https://example.org/shown.htm" in (tmp_path / "feeds" / "feed.json").read_text("utf-8")


@pytest.mark.parametrize("name", GENERATORS)
def test_keys_are_of_known_fields_in_lower_case_and_once(name: str) -> None:
    generator = GENERATORS[name]
    assert generator.keys.keys() <= KEYS.keys()
    for keys in keys_of(name).values():
        assert len(set(keys)) == len(keys)
        assert all(key == key.lower() for key in keys)
    assert all(key == key.lower() for key in (*generator.splits, *generator.hiding))


def test_no_generator_weakens_a_common_rule() -> None:
    assert dict(COMMON_HIDING).items() <= dict(HIDING).items()
