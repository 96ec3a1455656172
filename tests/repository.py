"""A site's folder as a git repository, with no configuration but its own."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desk import Desk

_WHO = {
    f"GIT_{role}_{what}": "t@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


def environment() -> dict[str, str]:
    """The environment in which git knows an author, and asks for no message."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}
    return {**os.environ, **_WHO, **own}


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git in a folder."""
    return subprocess.run(
        ["git", *arguments], cwd=root, env=environment(), capture_output=True, text=True, check=False
    )


def commit(desk: Desk, *, build: bool = True) -> None:
    """Publish, and commit everything."""
    assert not build or desk.run("build").code == 0
    assert git(desk.root, "add", "-A").returncode == 0
    assert git(desk.root, "commit", "-qm", "x").returncode == 0
