"""What programs import: two functions, imported only when they are asked for; and nothing on the network."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import feedwright
from sites import URL, Folder, environment, text

if TYPE_CHECKING:
    from pathlib import Path


def _python(script: str, *arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_costs_nothing() -> None:
    ours = "[m for m in sys.modules if m.startswith('feedwright.')]"
    heavy = "sorted({'lxml', 'bleach', 'nh3', 'feedgen', 'yaml', 'click', 'frontmatter'} & set(sys.modules))"
    assert _python(f"import sys, feedwright; print({ours}, {heavy})") == "[] []"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["build", "--help"]])
def test_help_needs_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from feedwright.cli import cli\n"
        "cli.main(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({'lxml', 'bleach', 'nh3', 'feedgen', 'yaml', 'frontmatter'} & set(sys.modules)))"
    )
    assert _python(script, *arguments).endswith("[]")


def test_the_names_of_the_api() -> None:
    from feedwright import Outcome, Site, build, load_settings
    from feedwright.building import build as same_build

    assert build is same_build
    assert {Outcome.__name__, Site.__name__, load_settings.__name__} == {"Outcome", "Site", "load_settings"}
    assert all(getattr(feedwright, name) for name in feedwright.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'biuld'"):
        feedwright.biuld  # noqa: B018


def test_the_api_as_documented(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A"))
    site = feedwright.load_settings(
        start=tmp_path, environ={}, overrides={"url": URL, "formats": ("rss", "atom")}
    )
    outcome = feedwright.build(site)
    assert (outcome.exit_code, outcome.published) == (0, 1)
    assert outcome.written == ("atom.xml", "rss.xml")
