"""Which files are articles that may be published now, and what becomes of the others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sites import NOW, Folder, text

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright import Outcome


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def _places(done: Outcome) -> list[tuple[str, str]]:
    return [(p.code, p.file) for p in done.problems]


def test_every_kind_of_file_is_counted(folder: Folder) -> None:
    folder.write("due.md", text("Due"))
    folder.write("draft.md", text("Draft", draft="true"))
    folder.write("_drafts/too.md", text("Draft", date=None))
    folder.write("future.md", text("Future", date="2999-01-01"))
    folder.write("soon.md", text("Soon", publishDate="2026-12-24"))
    folder.write("gone.md", text("Gone", expiryDate="2026-11-22"))
    folder.write("plain.md", "no front matter")
    folder.write("bad.md", text("Bad", date="tomorrow"))
    found = folder.build()
    assert folder.titles() == ["Due"]
    assert (found.files, found.published) == (8, 1)
    assert found.left_out == {
        "drafts": ("_drafts/too.md", "draft.md"),
        "scheduled": ("future.md", "soon.md"),
        "expired": ("gone.md",),
        "skipped": ("plain.md",),
    }
    assert found.held == {"bad.md"}
    assert found.next_due
    assert found.next_due.isoformat() == "2026-12-24T00:00:00+00:00"
    assert _places(found) == [("DATE001", "bad.md"), ("FM001", "plain.md")]


def test_flags_take_in_what_stays_out(folder: Folder) -> None:
    folder.write("draft.md", text("Draft", draft="true"))
    folder.write("_drafts/too.md", text("Too"))
    folder.write("future.md", text("Future", date="2999-01-01", updated="2999-02-01"))
    folder.build(drafts=True)
    assert sorted(folder.titles()) == ["Draft", "Too"]
    found = folder.build(future=True, accept=frozenset({"shrink"}))
    assert folder.titles() == ["Future"]
    assert folder.entries()[0].updated == "2999-02-01T00:00:00+00:00"
    assert found.problems == ()


@pytest.mark.parametrize(
    ("seconds", "due"), [(-1, False), (0, True), (1, True)], ids=["before", "on the moment", "after"]
)
def test_the_moment_an_article_is_due(folder: Folder, seconds: int, due: bool) -> None:
    folder.write("a.md", text(date="2026-01-03T12:00:00+08:00"))
    moment = NOW.replace(month=1, day=3, hour=4) + timedelta(seconds=seconds)
    found = folder.build(now=moment)
    assert found.published == due
    assert found.left_out == ({} if due else {"scheduled": ("a.md",)})


def test_an_incomplete_draft_is_silent_until_it_is_asked_for(folder: Folder) -> None:
    folder.write("a.md", "---\ndraft: true\ncover: 5\n---\n")
    folder.write("_drafts/b.md", "---\n---\n")
    folder.write("_drafts/c.md", "just a thought")
    folder.write("_drafts/d.md", b"---\ntitle: \xff\n---\n")
    folder.write("_drafts/e.md", "---\ntitle: a: b\n---\n")
    folder.write("_drafts/f.md", b"")
    found = folder.build()
    assert (found.problems, found.held) == ((), frozenset())
    assert {reason: len(paths) for reason, paths in found.left_out.items()} == {"drafts": 6}
    asked = folder.build(drafts=True)
    assert asked.held == {"a.md", "_drafts/b.md", "_drafts/d.md", "_drafts/e.md"}
    assert asked.left_out == {"skipped": ("_drafts/c.md", "_drafts/f.md")}
    assert {code for code, _ in _places(asked)} >= {
        "TTL005",
        "DATE007",
        "IMG001",
        "FM003",
        "FM001",
        "FM007",
        "ENC001",
    }


def test_an_update_in_the_future_has_not_happened_yet(folder: Folder) -> None:
    folder.write("a.md", text(updated="2030-01-01"))
    assert _places(folder.build()) == [("DATE009", "a.md")]
    assert folder.entries()[0].updated == folder.entries()[0].published
