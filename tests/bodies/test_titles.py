"""The titles of articles without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import Desk
from feedwright import text
from feedwright.articles.article import TITLE_LIMIT
from feedwright.bodies.sanitize import clean
from feedwright.bodies.titles import titled
from feedwright.problems import HeldError
from matter import DAY, head

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright.model import Article


def _untitled(html: str) -> Article:
    body = clean(html, base="https://example.org/a/", file="a.html")
    article = head(DAY, path="a.html").article
    assert article
    assert (article.title, article.is_untitled) == ("a", True)
    return titled(article, body)


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<h2>Tea &amp; <i>rain</i></h2><p>It rains.</p>", "Tea & rain"),
        ("<p>It rains.</p><h2>Later</h2>", "It rains."),
        ("<h2> </h2><p>It rains.</p>", "It rains."),
        ("<pre>let a = 1</pre>", "let a = 1"),
        ("<!-- <h1>No</h1> --><p hidden>No</p><p>Yes</p>", "Yes"),
        (f"<p>It {'rains and ' * 20}rains.</p>", f"It {'rains and ' * 7}rains…"),
        (f"<p>{'雨' * 90}</p>", "雨" * 80 + "…"),
    ],
)
def test_the_heading_or_the_words_that_a_body_begins_with_are_its_title(html: str, title: str) -> None:
    assert _untitled(html).title == title


@pytest.mark.parametrize("html", ["", "<p> </p>", '<img src="/a.png" alt="">'])
def test_without_words_an_article_is_held(html: str) -> None:
    with pytest.raises(HeldError) as held:
        _untitled(html)
    assert [problem.code for problem in held.value.problems] == ["TTL001"]


@given(st.text())
def test_every_such_title_is_one_line_that_people_see(words: str) -> None:
    try:
        title = _untitled(f"<h1>{words}</h1><p>{words}</p>").title
    except HeldError:
        return
    assert text.is_line(title)
    assert len(title) <= TITLE_LIMIT


def test_notes_without_a_title_are_published_and_told_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure()
    bodies = {"one": "# Rain\n\nIt rains.", "two": "It still rains.", "three": "![](https://e.net/a.png)"}
    for name, body in bodies.items():
        desk.write(f"{name}.md", f"---\n{DAY}\n---\n{body}\n")
    desk.write("four.md", f"---\ntitel: Four\n{DAY}\n---\nIt is dry.\n")
    run = desk.run("build")
    assert sorted(run.codes) == ["FM018", "TTL001", "TTL001", "TTL005"]
    assert "begins with, and in 2 more articles" in run.err
    feed = (desk.root / "feeds" / "atom.xml").read_text("utf-8")
    assert ">Rain</title>" in feed
    assert ">It still rains.</title>" in feed
    assert feed.count("<entry>") == 2
