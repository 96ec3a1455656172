"""Renames as git knows them: read only, in the repository that the content is in, and nothing is run."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from feedwright.publication import version_control
from feedwright.publication.version_control import find_renames
from sites import files_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
TEXT = "\n".join(f"Line {n} of an article." for n in range(30)) + "\n"
WRITER = {"GIT_CONFIG_GLOBAL": os.devnull, "PATH": os.environ["PATH"]}


def _git(folder: Path, *words: str) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        WRITER.update({f"GIT_{name}_NAME": "A", f"GIT_{name}_EMAIL": "a@example.org"})
    subprocess.run(["git", *words], cwd=folder, env=WRITER, check=True, capture_output=True)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The content folder of a repository, with one article in it."""
    content = tmp_path / "site" / "content"
    content.mkdir(parents=True)
    _git(content.parent, "init", "-q")
    (content / "old name.md").write_text("title: Old\n" + TEXT, "utf-8")
    _git(content, "add", ".")
    _git(content, "commit", "-qm", "First")
    return content


def _rename(content: Path) -> None:
    (content / "deep").mkdir()
    _git(content, "mv", "old name.md", "deep/新.md")
    (content / "deep" / "新.md").write_text("title: New\n" + TEXT, "utf-8")
    _git(content, "add", ".")


RENAMED = {"deep/新.md": "old name.md"}


def test_in_the_index(content: Path) -> None:
    assert find_renames(content, ["old name.md"]) == {}
    _rename(content)
    assert find_renames(content, ["old name.md"]) == RENAMED


def test_in_an_earlier_commit(content: Path) -> None:
    _rename(content)
    for message in ("Rename", "Edit"):
        (content / "deep" / "新.md").write_text(f"title: {message}\n{TEXT}", "utf-8")
        _git(content, "add", ".")
        _git(content, "commit", "-qm", message)
    assert find_renames(content, ["old name.md", "never there.md"]) == RENAMED


def test_what_is_unlike_is_no_rename(content: Path) -> None:
    _git(content, "rm", "-q", "old name.md")
    (content / "new.md").write_text("title: Old\nAnother text altogether.\n", "utf-8")
    _git(content, "add", ".")
    assert find_renames(content, ["old name.md"]) == {}


def test_no_help_without_git_or_without_a_repository(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _rename(content)
    outside = tmp_path / "outside"
    outside.mkdir()
    assert find_renames(outside, ["old name.md"]) == {}
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert find_renames(content, ["old name.md"]) == {}


@pytest.mark.parametrize("damage", ["no commit", "time"])
def test_no_help_where_git_fails(content: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    _rename(content)
    if damage == "time":
        monkeypatch.setattr(version_control, "_SECONDS", 0)
    else:
        (content.parent / ".git" / "HEAD").write_text("nothing\n", "utf-8")
    assert find_renames(content, ["old name.md"]) == {}


@pytest.mark.skipif(os.name == "nt", reason="POSIX only")
def test_nothing_is_run_and_nothing_is_written(content: Path, tmp_path: Path) -> None:
    _rename(content)
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n", "utf-8")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "diff.x.textconv", "filter.x.clean"):
        _git(content, "config", name, str(trap))
    _git(content, "config", "core.hooksPath", str(tmp_path))
    (content / ".gitattributes").write_text("*.md diff=x filter=x\n", "utf-8")
    shutil.copy(trap, tmp_path / "post-index-change")
    before = files_of(content.parent)
    assert find_renames(content, ["old name.md"]) == RENAMED
    assert files_of(content.parent) == before
    assert not (tmp_path / "sprung").exists()
