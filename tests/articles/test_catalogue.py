"""Which files are articles that may be published now, and what becomes of the others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from feedwright.articles import catalogue, files
from feedwright.problems import Problem
from sites import NOW, Folder, codes, reading, text

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
    assert (found.files, found.drafts, found.scheduled, found.expired, found.skipped) == (8, 2, 2, 1, 1)
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
    assert found.scheduled == (not due)


def test_an_incomplete_draft_is_silent_until_it_is_asked_for(folder: Folder) -> None:
    folder.write("a.md", "---\ndraft: true\ncover: 5\n---\n")
    folder.write("_drafts/b.md", "---\n---\n")
    folder.write("_drafts/c.md", "just a thought")
    folder.write("_drafts/d.md", b"---\ntitle: \xff\n---\n")
    folder.write("_drafts/e.md", "---\ntitle: a: b\n---\n")
    folder.write("_drafts/f.md", b"")
    found = folder.build()
    assert (found.problems, found.held, found.drafts, found.skipped) == ((), frozenset(), 6, 0)
    asked = folder.build(drafts=True)
    assert asked.held == {"a.md", "_drafts/b.md", "_drafts/d.md", "_drafts/e.md"}
    assert asked.skipped == 2
    assert {code for code, _ in _places(asked)} >= {
        "TTL001",
        "DATE007",
        "IMG001",
        "FM003",
        "FM001",
        "FM007",
        "ENC001",
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FM007"),
        (b" \n\r\n\t", "FM007"),
        (b"\xef\xbb\xbf", "FM007"),
        (b"text", "FM001"),
        (b"# a\n---\nb\n", "FM001"),
    ],
)
def test_files_without_front_matter_are_skipped(folder: Folder, data: bytes, code: str) -> None:
    folder.write("a.md", data)
    found = folder.build()
    assert [(p.severity, p.code, p.line, p.column) for p in found.problems] == [("warning", code, 1, 1)]
    assert (found.skipped, found.held) == (1, frozenset())


def test_an_update_in_the_future_has_not_happened_yet(folder: Folder) -> None:
    folder.write("a.md", text(updated="2030-01-01"))
    assert _places(folder.build()) == [("DATE009", "a.md")]
    assert folder.entries()[0].updated == folder.entries()[0].published


def test_the_head_alone_is_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.md", text(body="é" * files.HEAD_SIZE))
    asked: list[int] = []
    real = files.read

    def counting(content: Path, path: str, *, limit: int = -1) -> tuple[bytes, bool]:
        asked.append(limit)
        return real(content, path, limit=limit)

    monkeypatch.setattr(files, "read", counting)
    assert catalogue.read_head("a.md", content=folder.content, reading=reading()).article
    assert asked == [files.HEAD_SIZE]


@pytest.mark.parametrize("padding", range(4))
def test_the_head_may_end_within_a_character(folder: Folder, padding: int) -> None:
    folder.write("a.md", text(body="x" * padding + "€" * files.HEAD_SIZE))
    done = folder.build()
    assert (done.exit_code, codes(done)) == (0, [])
    assert folder.entries()[0].content[0].value.count("€") == files.HEAD_SIZE


def test_front_matter_that_goes_on_past_the_head(folder: Folder) -> None:
    folder.write("a.md", "---\ntitle: A\ndate: 2026-01-03\nnote: |\n" + "  long\n" * 10_000 + "---\nbody")
    assert _places(folder.build()) == [("FM016", "a.md")]


def test_what_is_removed_from_a_head_is_told_once(folder: Folder) -> None:
    folder.write("a.md", text(body="<p>a\x0bb</p>"))
    done = folder.build()
    assert codes(done) == ["XML001"]
    assert done.problems[0].line == 5


def test_what_is_removed_behind_the_head_is_told_too(folder: Folder) -> None:
    folder.write("a.html", text(body="<p>" + "x" * files.HEAD_SIZE + "\n\x0b</p>"))
    done = folder.build()
    assert [(p.code, p.line, p.column) for p in done.problems] == [("XML001", 6, 1)]


def test_what_is_found_out_late_is_placed_at_its_field(folder: Folder) -> None:
    folder.write("a.md", text("A", guid="urn:x:1"))
    folder.write("b.md", text("B", guid="urn:x:1"))
    assert [(p.code, p.file, p.line, p.column) for p in folder.build().problems] == [("PUB002", "b.md", 4, 7)]


@pytest.mark.parametrize("path", ["gone.md", "plain.md", "a.md"])
def test_what_has_no_place_keeps_none(folder: Folder, path: str) -> None:
    folder.write("plain.md", "no front matter")
    folder.write("a.md", text("A"))
    problem = Problem(severity="error", code="PUB002", message="x", file=path, field="guid")
    assert catalogue.located([problem], content=folder.content, reading=reading()) == [problem]


def test_the_encoding_of_the_settings(folder: Folder) -> None:
    folder.write("a.md", text("新媒体", body="<p>趣头条</p>").encode("gb18030"))
    folder.write("b.md", "\ufeff" + text("UTF-8 by its mark"))
    assert folder.build('encoding = "gb18030"').exit_code == 0
    assert sorted(folder.titles()) == ["UTF-8 by its mark", "新媒体"]
    assert "趣头条" in next(e for e in folder.entries() if e.title == "新媒体").content[0].value
