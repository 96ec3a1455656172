"""What readers get of one article: body, summary, thumbnail; and what is wrong with them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from feedwright import entry
from feedwright.entry import Made, Making
from feedwright.model import Article, Picture
from sites import Folder, codes, text

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 3, 12, tzinfo=UTC)
LINK = "https://example.org/2026/01/03/a/"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def _make(folder: Folder, body: str, *, path: str = "a.html", head: str = "", **more: Any) -> Made:
    folder.write(path, f"---\ntitle: A\ndate: 2026-01-03\n{head}---\n{body}")
    return _made(folder, path, **more)


def _made(folder: Folder, path: str = "a.html", **more: Any) -> Made:
    article = Article(path=path, title="A", link=LINK, published=NOON, updated=NOON, due=NOON, **more)
    return entry.make(article, making=Making(content=folder.content, url="https://example.org/"))


@pytest.mark.parametrize("path", ["a.md", "a.MARKDOWN"])
def test_markdown_is_rendered_by_suffix(folder: Folder, path: str) -> None:
    made = _make(folder, "*so* <b>too</b>\n", path=path)
    assert (made.content or "").strip() == "<p><em>so</em> <b>too</b></p>"


def test_html_is_not_taken_for_markdown(folder: Folder) -> None:
    seed_like = "<div>\n    <p>indented *not*\n\n    blank</p>\n</div>"
    assert "<code>" not in (_make(folder, seed_like, path="a.md").content or "")
    assert "*not*" in (_make(folder, seed_like, path="a.md").content or "")


@pytest.mark.parametrize("body", ["# Heading\n\ntext", "see [it](https://e.org/)", "```\ncode\n```"])
def test_markdown_in_other_files_is_pointed_out(folder: Folder, body: str) -> None:
    found = _make(folder, body, path="a.txt").problems
    assert [(p.code, p.severity, p.line) for p in found] == [("HTML008", "warning", 5)]


@pytest.mark.parametrize("body", ["plain text", "<p># no heading</p>", "5 * 4 * 3"])
def test_other_text_is_not(folder: Folder, body: str) -> None:
    assert _make(folder, body, path="a.txt").problems == ()


def test_links_are_absolute(folder: Folder) -> None:
    made = _make(folder, '<a href="b">b</a> <a href="#f">f</a> <img src="/i.png" alt="">')
    assert f'href="{LINK}b"' in (made.content or "")
    assert f'href="{LINK}#f"' in (made.content or "")
    assert 'src="https://example.org/i.png"' in (made.content or "")


@pytest.mark.parametrize(
    ("own", "body", "summary"),
    [
        ("Mine", "<p>Body</p>", "Mine"),
        ("Mine &amp; <b>yours</b><script>x</script>", "<p>Body</p>", "Mine & yours"),
        (None, "<p>First</p><!-- more --><p>Rest</p>", "First"),
        (None, "<p>Body &lt;b&gt;</p>", "Body <b>"),
        ("<script>x</script>", "<p>Body</p>", "Body"),
        (None, "", ""),
    ],
)
def test_summaries(folder: Folder, own: str | None, body: str, summary: str) -> None:
    assert _make(folder, body, summary=own).summary == summary


def test_the_thumbnail_is_the_front_matters_else_the_bodys(folder: Folder) -> None:
    body = (
        '<img src="https://e.org/pixel.gif" width="1" height="1"><img src="https://e.org/b.png" width="640">'
    )
    made = _make(folder, body)
    assert made.thumbnail
    assert made.thumbnail.url == "https://e.org/b.png"
    made = _made(folder, picture=Picture(src="https://e.org/own.webp"))
    assert made.thumbnail
    assert (made.thumbnail.url, made.thumbnail.type) == ("https://e.org/own.webp", "image/webp")
    assert _make(folder, "<p>none</p>").thumbnail is None


def test_a_picture_that_cannot_be_shown_is_left_out_at_its_place(folder: Folder) -> None:
    picture = Picture(src="data:image/png;base64,xx", field="cover", line=4, column=8)
    made = _make(folder, "<p>x</p>", picture=picture)
    assert made.thumbnail is None
    assert [(p.code, p.severity, p.field, p.line, p.column) for p in made.problems] == [
        ("IMG002", "warning", "cover", 4, 8)
    ]


def test_a_file_that_is_gone_by_now_is_held(folder: Folder) -> None:
    made = _made(folder, "gone.md")
    assert made.content is None
    assert [p.code for p in made.problems] == ["FS005"]


def test_bytes_behind_the_head_that_are_not_utf8_hold_the_article(folder: Folder) -> None:
    folder.write("bad.md", text("Bad", body="x" * 70_000).encode() + b"\xff")
    folder.write("good.md", text("Good"))
    done = folder.build()
    assert (done.exit_code, codes(done), folder.titles()) == (1, ["ENC001"], ["Good"])


@pytest.mark.parametrize(
    ("body", "code"),
    [("<div>" * 600, "HTML002"), ("<p " + " ".join(f"a{n}=x" for n in range(300)) + ">", "HTML003")],
)
def test_a_body_that_would_take_too_much_is_held(folder: Folder, body: str, code: str) -> None:
    made = _make(folder, body)
    assert made.content is None
    assert [(p.code, p.severity) for p in made.problems] == [(code, "error")]


def test_a_summary_that_would_take_too_much_holds_too(folder: Folder) -> None:
    made = _make(folder, "<p>x</p>", summary="<div>" * 600)
    assert made.content is None
    assert [p.severity for p in made.problems] == ["error"]


def test_no_more_than_a_body_may_have_is_read(folder: Folder) -> None:
    file = folder.write("a.html", text())
    os.truncate(file, entry.LARGEST + 1)
    made = _made(folder)
    assert made.content is None
    assert [(p.code, p.severity) for p in made.problems] == [("HTML004", "error")]


def test_warnings_of_a_body_do_not_hold_it(folder: Folder) -> None:
    folder.write(
        "a.html", text(body="<p>x<img src='x.png' onerror=alert(1)><script>alert(1)</script>&#11;</p>")
    )
    done = folder.build()
    assert done.exit_code == 0
    assert folder.entries()[0].content[0].value.startswith("<p>x<img")
    assert "alert" not in folder.published()["atom.xml"].decode()


def test_deeply_nested_markdown_is_whole_or_held(folder: Folder) -> None:
    deep = "".join(f"{'  ' * n}- item{n}\n" for n in range(60))
    content = _make(folder, deep, path="a.md").content or ""
    assert all(f"item{n}" in content for n in range(60))
    quoted = _make(folder, "> " * 400 + "the last word", path="b.md")
    assert "the last word" in (quoted.content or "") or [p.code for p in quoted.problems] == ["HTML002"]
    held = _make(folder, "> " * 5000 + "the last word", path="c.md")
    assert held.content is None
    assert [p.code for p in held.problems] == ["HTML002"]
