"""What readers get of one article: body, summary, thumbnail; and what is wrong with them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from feedwright.bodies import content as contents
from feedwright.bodies import thumbnail
from feedwright.bodies.options import BodyOptions
from feedwright.commands.rows import make_content
from feedwright.model import Content
from sites import URL, Folder, codes, reading, text

if TYPE_CHECKING:
    from pathlib import Path

LINK = "https://example.org/2026/01/03/a/"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


class _Whole(NamedTuple):
    """What readers get of an article: `content` is None where it is held."""

    made: Content
    content: str | None

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.made.problems]


def _make(folder: Folder, body: str, *, path: str = "a.html", head: str = "") -> _Whole:
    folder.write(path, f"---\ntitle: A\ndate: 2026-01-03\n{head}---\n{body}")
    return _made(folder, path)


def _made(folder: Folder, path: str = "a.html") -> _Whole:
    options = BodyOptions(content=folder.content, site_url=URL)
    made, html = make_content(path, reading(), options)
    return _Whole(thumbnail.resolve(made, options), html)


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
    found = _make(folder, body, path="a.txt").made.problems
    assert [(p.code, p.severity, p.line) for p in found] == [("HTML008", "warning", 5)]


@pytest.mark.parametrize("body", ["plain text", "<p># no heading</p>", "5 * 4 * 3"])
def test_other_text_is_not(folder: Folder, body: str) -> None:
    assert _make(folder, body, path="a.txt").made.problems == ()


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
    head = f"description: {own!r}\n" if own else ""
    assert _make(folder, body, head=head).made.summary == summary


def test_the_thumbnail_is_the_front_matters_else_the_bodys(folder: Folder) -> None:
    body = (
        '<img src="https://e.org/pixel.gif" width="1" height="1"><img src="https://e.org/b.png" width="640">'
    )
    made = _make(folder, body)
    assert made.made.thumbnail
    assert made.made.thumbnail.url == "https://e.org/b.png"
    made = _make(folder, body, head="cover: https://e.org/own.webp\n")
    assert made.made.thumbnail
    assert (made.made.thumbnail.url, made.made.thumbnail.type) == ("https://e.org/own.webp", "image/webp")
    assert _make(folder, "<p>none</p>").made.thumbnail is None


def test_a_picture_that_cannot_be_shown_is_left_out_at_its_place(folder: Folder) -> None:
    made = _make(folder, "<p>x</p>", head="cover: data:image/png;base64,xx\n")
    assert made.made.thumbnail is None
    assert [(p.code, p.severity, p.field, p.line, p.column) for p in made.made.problems] == [
        ("IMG002", "warning", "cover", 4, 8)
    ]


def test_a_file_that_has_become_something_else_by_now_is_held(folder: Folder) -> None:
    for now in ("no front matter any more", "---\ntitle: A\n---\n"):
        folder.write("a.md", now)
        made = _made(folder, "a.md")
        assert (made.content, made.made.article, made.codes) == (None, None, ["FS006"])


def test_the_body_as_it_is_written_is_told_from_others(folder: Folder) -> None:
    first = _make(folder, "<p>x <a href='b'>y</a></p>\n").made
    moved = _make(folder, "<p>x <a href='b'>y</a></p>\r\n\r\n", path="elsewhere/b.html").made
    other = _make(folder, "<p>x <a href='c'>y</a></p>").made
    assert first.fingerprint == moved.fingerprint != other.fingerprint
    assert first.content_hash != moved.content_hash  # its links are others


def test_a_file_that_is_gone_by_now_is_held(folder: Folder) -> None:
    made = _made(folder, "gone.md")
    assert made.content is None
    assert [p.code for p in made.made.problems] == ["FS005"]


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
    assert [(p.code, p.severity) for p in made.made.problems] == [(code, "error")]


def test_a_summary_that_would_take_too_much_holds_too(folder: Folder) -> None:
    made = _make(folder, "<p>x</p>", head=f"description: {'<div>' * 600!r}\n")
    assert made.content is None
    assert [p.severity for p in made.made.problems] == ["error"]


def test_no_more_than_a_body_may_have_is_read(folder: Folder) -> None:
    file = folder.write("a.html", text())
    os.truncate(file, contents.LARGEST + 1)
    made = _made(folder)
    assert made.content is None
    assert [(p.code, p.severity) for p in made.made.problems] == [("HTML004", "error")]


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
    assert "the last word" in (quoted.content or "") or [p.code for p in quoted.made.problems] == ["HTML002"]
    held = _make(folder, "> " * 5000 + "the last word", path="c.md")
    assert held.content is None
    assert [p.code for p in held.made.problems] == ["HTML002"]


@pytest.mark.parametrize(
    ("text", "light"),
    [
        ("<" * contents.LIGHT, True),
        ("<" * (contents.LIGHT + 1), False),
        ("字" * 80_000, True),
        ("<p>" + "字" * 60_000 + "</p>\n" * 100, True),
        ("<p>" + "字" * 60_000 + "</p>\n" * 1000, False),
        ("字" * 88_000, False),
    ],
    ids=["small", "marks only", "letters only", "a long article", "many elements", "too large"],
)
def test_what_may_take_long_is_told_by_size_and_marks(tmp_path: Path, text: str, light: bool) -> None:
    (tmp_path / "a.html").write_text(text, "utf-8")
    assert contents.is_light("a.html", content=tmp_path) is light


def test_what_cannot_be_read_does_not_take_long(tmp_path: Path) -> None:
    assert contents.is_light("none.html", content=tmp_path)
    (tmp_path / "folder.html").mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(contents, "LIGHT", 1000)  # less than a folder has
        assert contents.is_light("folder.html", content=tmp_path)


def test_a_body_that_readers_could_not_parse_is_held(tmp_path: Path) -> None:
    """libxml2, which many of them use, takes no text of 10,000,000 bytes."""
    folder = Folder(tmp_path)
    folder.write("a.html", text("A", body="字" * 3_333_333))
    folder.write("b.html", text("B", body="字" * 3_333_332))
    done = folder.build("time_limit = 100\n")
    assert (codes(done), folder.titles()) == (["HTML004"], ["B"])
    assert "10,000,000 bytes" in done.problems[0].message
