"""The command `resolve`: two branches that each publish are merged by git and one command."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from desk import Desk
from repository import commit, git
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")
ATTRIBUTES = "feeds/** -text -merge linguist-generated\nfeeds/feedwright.lock.json merge\n"
ADOPTED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>https://example.org/</link>{}'
)
ITEM = "<item><guid>{}</guid><title>{}</title><link>{}</link><pubDate>{}</pubDate></item></channel></rss>"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site that is committed with its feeds, and published."""
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("a.md", text("A", "2026-01-01"))
    git(desk.root, "init", "-q", "-b", "main")
    commit(desk)
    return desk


def diverge(desk: Desk) -> None:
    """Publish one article on each of two branches; theirs, with an id that it does not show, is `other`."""
    git(desk.root, "switch", "-qc", "other")
    desk.write("theirs.md", text("Theirs", "2026-01-02", categories="Tea"))
    link = "https://example.org/2026/01/02/theirs/"
    feed = ADOPTED.format(ITEM.format("urn:adopted:1", "Theirs", link, "Fri, 02 Jan 2026 00:00:00 +0000"))
    (desk.root / "old.xml").write_text(feed, "utf-8")
    assert desk.run("adopt", "old.xml").code == 0
    commit(desk)
    git(desk.root, "switch", "-q", "main")
    desk.write("ours.md", text("Ours", "2026-01-03", categories="Tea"))
    commit(desk)


def merge(desk: Desk) -> None:
    """Merge the other branch, which must end in conflicts."""
    done = git(desk.root, "merge", "other")
    assert done.returncode == 1, done.stdout
    assert "CONFLICT" in done.stdout


def unmerged(desk: Desk) -> set[str]:
    return set(git(desk.root, "diff", "--name-only", "--diff-filter=U").stdout.split())


@pytest.mark.parametrize("attributes", ["", ATTRIBUTES])
def test_two_branches_that_publish_are_merged_by_one_command(desk: Desk, attributes: str) -> None:
    (desk.root / ".gitattributes").write_text(attributes, "utf-8")
    commit(desk, build=False)
    diverge(desk)
    ours = desk.ids()
    merge(desk)
    assert desk.run("build").codes == ["PUB006"]
    assert not attributes or b"<<<<" not in (desk.output / "rss.xml").read_bytes()
    told = desk.run("resolve")
    assert told.code == 0, told.err
    assert set(told.out.splitlines()) == {
        f"resolved: feeds/{path}"
        for path in ("atom.xml", "rss.xml", "feedwright.lock.json", "tea/atom.xml", "tea/rss.xml")
    }
    assert told.err == "5 files resolved; now: git commit\n"
    assert unmerged(desk) == set()
    assert desk.ids() == {**ours, "Theirs": "urn:adopted:1"}
    assert desk.titles("tea/atom.xml") == ["Ours", "Theirs"]
    assert git(desk.root, "commit", "-qm", "merged").returncode == 0
    assert "0 documents written" in desk.run("build").err
    assert git(desk.root, "status", "--porcelain").stdout == ""
    assert (desk.run("check").code, desk.run("diff").code) == (0, 0)


def test_what_the_conflict_marks_mean_is_told(desk: Desk) -> None:
    diverge(desk)
    merge(desk)
    for command in ("build", "check", "diff"):
        told = desk.run(command)
        assert (told.code, told.codes) == (4, ["PUB006"])
        assert "it holds the marks of an unfinished merge" in told.err
        assert "feedwright resolve" in told.err


def test_a_rebase_is_resolved_too(desk: Desk) -> None:
    diverge(desk)
    assert git(desk.root, "rebase", "other").returncode == 1
    assert desk.run("resolve").code == 0
    assert git(desk.root, "-c", "core.editor=true", "rebase", "--continue").returncode == 0
    assert desk.ids()["Theirs"] == "urn:adopted:1"
    assert "0 documents written" in desk.run("build").err


def test_articles_in_conflict_come_first(desk: Desk) -> None:
    git(desk.root, "switch", "-qc", "other")
    desk.write("a.md", text("A of theirs", "2026-01-01"))
    commit(desk)
    git(desk.root, "switch", "-q", "main")
    desk.write("a.md", text("A of ours", "2026-01-01"))
    commit(desk)
    merge(desk)
    before = desk.everything()
    told = desk.run("resolve")
    assert (told.code, told.codes) == (2, ["GIT002"])
    assert "content/a.md" in told.err
    assert desk.everything() == before
    desk.write("a.md", text("A of both", "2026-01-01"))
    git(desk.root, "add", "content/a.md")
    assert desk.run("resolve").code == 0
    assert desk.titles() == ["A of both"]
    assert unmerged(desk) == set()


def test_a_feed_that_one_side_deleted(desk: Desk) -> None:
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Tea"))
    commit(desk)
    git(desk.root, "switch", "-qc", "other")
    desk.write("tea.md", text("Tea", "2026-01-02"))
    desk.run("build")
    assert desk.run("clean").code == 0
    commit(desk, build=False)
    git(desk.root, "switch", "-q", "main")
    desk.write("more.md", text("More tea", "2026-01-03", categories="Tea"))
    commit(desk)
    merge(desk)
    assert desk.run("resolve").code == 0
    assert unmerged(desk) == set()
    assert desk.titles("tea/atom.xml") == ["More tea"]
    assert git(desk.root, "commit", "-qm", "merged").returncode == 0


def test_where_there_is_nothing_to_resolve(desk: Desk) -> None:
    told = desk.run("resolve")
    assert (told.code, told.err) == (0, "nothing to resolve\n")
    record = desk.output / "feedwright.lock.json"
    record.write_text("<<<<<<< HEAD\n", "utf-8")
    assert desk.run("resolve").codes == ["PUB006"]


def test_what_would_hurt_stops_and_leaves_no_marks(desk: Desk) -> None:
    diverge(desk)
    merge(desk)
    for name in ("a.md", "ours.md", "theirs.md"):
        (desk.content / name).unlink()
    assert desk.run("resolve").codes == ["PUB004"]
    assert b"<<<<" not in b"".join(desk.published().values())


def test_without_a_record_nothing_is_guessed(desk: Desk) -> None:
    diverge(desk)
    merge(desk)
    git(desk.root, "rm", "-qf", "feeds/feedwright.lock.json")
    told = desk.run("resolve")
    assert (told.code, told.codes) == (2, ["GIT002"])
    assert "there is no record to go by" in told.err


def test_what_git_ignores_is_not_added(desk: Desk) -> None:
    """Feeds that are deployed but not committed, beside a record that is."""
    (desk.root / ".gitignore").write_text("feeds/*.xml\n", "utf-8")
    git(desk.root, "rm", "-qf", "--cached", "feeds/atom.xml", "feeds/rss.xml")
    commit(desk, build=False)
    for branch, name in (("other", "theirs"), ("main", "ours")):
        git(desk.root, "switch", "-q", *(["-c"] if branch == "other" else []), branch)
        desk.write(f"{name}.md", text(name, "2026-01-02"))
        commit(desk)
    merge(desk)
    assert unmerged(desk) == {"feeds/feedwright.lock.json"}
    told = desk.run("resolve")
    assert (told.code, told.out) == (0, "resolved: feeds/feedwright.lock.json\n")
    assert unmerged(desk) == set()
    assert "feeds/atom.xml" not in git(desk.root, "ls-files").stdout


def test_a_record_that_git_has_merged_counts(desk: Desk) -> None:
    diverge(desk)
    merge(desk)
    git(desk.root, "checkout", "--theirs", "feeds/feedwright.lock.json")
    git(desk.root, "add", "feeds/feedwright.lock.json")
    assert desk.run("resolve").code == 0
    assert unmerged(desk) == set()
    assert desk.ids()["Theirs"] == "urn:adopted:1"


def test_without_git(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure()
    outside = desk.run("resolve", GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert (outside.code, outside.codes) == (2, ["GIT001"])
    absent = desk.run("resolve", PATH="/nonexistent")
    assert (absent.code, absent.codes) == (2, ["GIT001"])
    assert "git cannot be run" in absent.err
