"""Reading one file: its head, its body, and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from feedwright import disk
from feedwright.articles import files, reader
from feedwright.problems import Problem
from sites import Folder, codes, reading, text

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright import Outcome
    from feedwright.model import ArticleSource


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def _places(done: Outcome) -> list[tuple[str, str]]:
    return [(p.code, p.file) for p in done.problems]


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
    assert (found.left_out, found.held) == ({"skipped": ("a.md",)}, frozenset())


def test_the_head_alone_is_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.md", text(body="é" * files.HEAD_SIZE))
    asked: list[int] = []
    real = files.read

    def counting(content: Path, path: str, *, limit: int = -1, **more: Any) -> tuple[bytes, bool]:
        asked.append(limit)
        return real(content, path, limit=limit, **more)

    monkeypatch.setattr(files, "read", counting)
    assert reader.read_head("a.md", content=folder.content, options=reading()).article
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
    assert reader.located([problem], content=folder.content, options=reading()) == [problem]


def test_the_encoding_of_the_settings(folder: Folder) -> None:
    folder.write("a.md", text("新媒体", body="<p>趣头条</p>").encode("gb18030"))
    folder.write("b.md", "\ufeff" + text("UTF-8 by its mark"))
    assert folder.build('encoding = "gb18030"').exit_code == 0
    assert sorted(folder.titles()) == ["UTF-8 by its mark", "新媒体"]
    assert "趣头条" in next(e for e in folder.entries() if e.title == "新媒体").content[0].value


# The body


def _body(folder: Folder, data: str | bytes, *, limit: int = 2**25, encoding: str = "utf-8") -> ArticleSource:
    folder.write("a.md", data)
    return reader.read_article(
        "a.md", content=folder.content, options=reading(encoding=encoding), limit=limit
    )


def test_a_file_is_read_for_its_body(folder: Folder) -> None:
    data = "\n---\ntitle: A\ndate: 2026-01-03\nauthor: Bob <bob@e.org>\n---\r\n<p>é</p>\r\n".encode()
    file = _body(folder, data)
    assert file.article
    assert (file.article.title, file.article.authors[0].email) == ("A", "bob@e.org")
    assert (file.body, file.line) == ("<p>é</p>\n", 7)
    assert (file.digest, file.problems) == (disk.sha256(data), ())


def test_a_body_is_read_to_its_end_and_what_was_removed_is_told(folder: Folder) -> None:
    file = _body(folder, text(body="x" * files.HEAD_SIZE + "\n\x0bend"))
    assert file.body.endswith("x\nend\n")
    assert [(p.code, p.line, p.column) for p in file.problems] == [("XML001", 6, 1)]


@pytest.mark.parametrize(
    ("data", "limit", "code"),
    [
        (text(), len(text()) - 1, "HTML004"),
        ("no front matter", 100, "FS006"),
        ("---\ntitle: A\n---\n", 100, "FS006"),
        (b"---\ntitle: \xff\n---\n", 100, "ENC001"),
    ],
)
def test_what_is_no_article_any_more_is_held(
    folder: Folder, data: str | bytes, limit: int, code: str
) -> None:
    with pytest.raises(files.FileError) as caught:
        _body(folder, data, limit=limit)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_file_of_just_the_limit_is_read(folder: Folder) -> None:
    assert _body(folder, text(), limit=len(text())).body == "<p>Text</p>\n"


def test_the_body_of_a_broken_article_is_read_too(folder: Folder) -> None:
    options: Any = {"content": folder.content, "options": reading(), "limit": 100}
    folder.write("a.md", "---\ntitle: A\n---\n<p>x</p>\n")
    assert reader.read_body("a.md", **options) == "<p>x</p>\n"
    folder.write("b.md", "no front matter")
    assert reader.read_body("b.md", **options) is None
    assert reader.read_body("none.md", **options) is None
