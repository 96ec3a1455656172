"""Files that only may be an article that readers know: nothing is published before it is settled."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from desk import Desk
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

OLD = "tag:example.org,2026-01-02:b.md"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A published site of three articles."""
    desk = Desk(tmp_path)
    desk.configure()
    for n, name in enumerate("abc", 1):
        desk.write(f"{name}.md", text(name.upper(), f"2026-01-0{n} 10:20:30", f"Text {name}", categories="x"))
    assert desk.run("build").code == 0
    return desk


def _rename_and_rewrite(desk: Desk) -> None:
    (desk.content / "b.md").unlink()
    desk.write("new.md", text("B", "2026-05-05", "Another text", categories="x"))


def test_a_doubtful_rename_is_held_and_readers_keep_the_old_entry(desk: Desk) -> None:
    _rename_and_rewrite(desk)
    before = desk.published()
    for _ in range(2):
        output = desk.run("build")
        assert (output.code, output.codes) == (1, ["ID002"])
        assert f"= help: guid: {OLD}\n" in output.err
        assert "readers keep the version of 2026-01-02" in output.err
        assert desk.published() == before
    assert desk.run("check").code == 1
    assert desk.run("diff").code == 0


def test_who_follows_the_advice_is_not_stopped(desk: Desk) -> None:
    _rename_and_rewrite(desk)
    assert desk.run("build").code == 1
    desk.write("new.md", text("B", "2026-05-05", "Another text", categories="x", guid=OLD))
    assert desk.run("check").code == 5
    output = desk.run("build")
    assert (output.code, output.codes) == (0, [])
    assert desk.ids() == {
        "A": "tag:example.org,2026-01-01:a.md",
        "B": OLD,
        "C": "tag:example.org,2026-01-03:c.md",
    }


@pytest.mark.parametrize("way", ["accepted", "a guid of its own"])
def test_another_article_is_new(desk: Desk, way: str) -> None:
    _rename_and_rewrite(desk)
    if way == "accepted":
        output = desk.run("build", "--accept", "new-article")
        assert output.codes == ["ID002"]
    else:
        desk.write("new.md", text("B", "2026-05-05", "Another text", guid="urn:x:b"))
        output = desk.run("build")
        assert output.codes == []
    assert output.code == 0
    new = {"accepted": "tag:example.org,2026-05-05:new.md"}.get(way, "urn:x:b")
    assert desk.ids()["B"] == new
    assert desk.record()["withdrawn"][OLD]["source"] == "b.md"
    output = desk.run("build")
    assert (output.code, output.codes) == (0, [])


def test_where_several_files_fit_equally_none_inherits(desk: Desk) -> None:
    data = (desk.content / "b.md").read_bytes()
    (desk.content / "b.md").unlink()
    desk.write("x.md", data)
    desk.write("y.md", data)
    before = desk.published()
    output = desk.run("build")
    assert (output.code, output.codes) == (1, ["ID002", "ID002"])
    assert "2 new files have its text and title and date" in output.err
    assert desk.published() == before
    (desk.content / "y.md").unlink()
    assert desk.run("build").code == 0
    assert desk.ids()["B"] == OLD


def test_a_doubtful_draft_is_told(desk: Desk) -> None:
    (desk.content / "b.md").unlink()
    desk.write("new.md", text("B", "2026-05-05", "Another text", draft="true"))
    output = desk.run("build")
    assert (output.code, output.codes) == (0, ["ID002"])


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_settles_a_doubt_once_and_for_all(desk: Desk) -> None:
    who = {f"GIT_{role}_{what}": "a" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environ = {**who, "GIT_CONFIG_GLOBAL": os.devnull, "PATH": os.environ["PATH"]}

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=desk.root, env=environ, check=True, capture_output=True)

    lines = "".join(f"<p>Line {n}</p>\n" for n in range(20))
    desk.write("b.md", text("B", "2026-01-02 10:20:30", lines))
    assert desk.run("build").code == 0
    git("init", "-q")
    git("add", "content")
    git("commit", "-qm", "One")
    (desk.content / "b.md").unlink()
    desk.write("new.md", text("B", "2026-05-05", f"{lines}<p>More</p>"))
    git("add", "content")
    assert desk.run("build").code == 0
    assert desk.ids()["B"] == OLD
    shutil.rmtree(desk.root / ".git")
    assert desk.run("build").code == 0
    assert desk.ids()["B"] == OLD


def test_a_copy_of_a_published_article_waits_for_the_original_to_go(desk: Desk) -> None:
    before = desk.published()
    desk.write("copy.md", (desk.content / "b.md").read_bytes())
    output = desk.run("build")
    assert (output.code, output.codes) == (1, ["ID003"])
    assert "b.md, which is published" in output.err
    assert desk.published() == before
    (desk.content / "b.md").unlink()
    assert desk.run("build").code == 0
    assert desk.ids()["B"] == OLD


def test_a_copy_is_published_if_that_is_accepted(desk: Desk) -> None:
    desk.write("copy.md", (desk.content / "b.md").read_bytes())
    output = desk.run("build", "--accept", "new-article")
    assert (output.code, output.codes) == (0, ["ID003"])
    assert len(desk.entries()) == 4
    assert desk.run("build").codes == []


def test_two_new_files_that_are_alike_are_told(desk: Desk) -> None:
    for name in ("one.md", "two.md"):
        desk.write(name, text("Twin", "2026-02-02", "Same"))
    desk.write("bare.md", text("Bare", "2026-02-03", ""))
    desk.write("bare-too.md", text("Bare", "2026-02-03", ""))
    output = desk.run("build")
    assert [code for code in output.codes if code.startswith("ID")] == ["ID003"]
    assert "content/two.md" in output.err
    assert len([entry for entry in desk.entries() if entry.title == "Twin"]) == 2


def test_a_file_overwritten_by_another_article_is_told_once(desk: Desk) -> None:
    desk.write("b.md", text("Other", "2026-05-05 11:11:11", "Nothing in common", categories="x"))
    output = desk.run("build")
    assert (output.code, output.codes) == (0, ["ID004"])
    assert desk.ids()["Other"] == OLD
    assert desk.run("build").codes == []


def test_one_thing_in_common_with_what_was_withdrawn_long_ago_is_no_doubt(desk: Desk) -> None:
    (desk.content / "b.md").unlink()
    assert desk.run("build").code == 0
    desk.write("weekly.md", text("B", "2026-06-06", "Another text"))
    output = desk.run("build")
    assert (output.code, output.codes) == (0, [])
