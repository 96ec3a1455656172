"""Articles that would lose nearly all of their text or their pictures: they are held, with the reason."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from feedwright.bodies import loss
from feedwright.bodies.sanitize import Body
from feedwright.model import SafeHtml
from sites import Folder, codes, text

if TYPE_CHECKING:
    from pathlib import Path

LONG = "Many words that a person would read. " * 10


@pytest.mark.parametrize(
    ("body", "code", "line", "reason"),
    [
        (f"<p>Short</p>\n<!-- note\n<p>{LONG}</p>", "HTML011", 6, "a comment that is never closed"),
        (f"<p>x</p>\n\n<script>f()\n<p>{LONG}</p>", "HTML011", 7, "a <script> that is never closed"),
        (f"<STYLE>\n<p>{LONG}</p>", "HTML011", 5, "a <style> that is never closed"),
        (f"<svg><text>{LONG}</text></svg>", "HTML011", 5, "<svg>, <text>"),
        (f"<p>{'x' * 30}</p><textarea>{LONG}</textarea>", "HTML011", 5, "<textarea>"),
        (f"<p>{LONG[:150]}</p><xmp>{LONG}</xmp>", "HTML012", 5, "<xmp>"),
        ("<svg><circle r=1></svg>", "HTML011", 5, "0 of 0 letters are left"),
        ('<img src="data:image/png;base64,xx">', "HTML011", 5, "feeds cannot carry <img>"),
    ],
)
def test_what_is_lost_is_reported(tmp_path: Path, body: str, code: str, line: int, reason: str) -> None:
    folder = Folder(tmp_path)
    folder.write("a.html", text(body=body))
    folder.write("b.html", text("B"))
    done = folder.build()
    (problem,) = (p for p in done.problems if p.code in ("HTML011", "HTML012"))
    assert (problem.code, problem.line) == (code, line)
    assert reason in problem.message
    assert ("a.html" in done.held) == (code == "HTML011")
    assert len(folder.titles()) == (1 if code == "HTML011" else 2)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{LONG}</p>",
        "<script>f()</script><style>p {}</style><!-- note -->",
        "",
        "<p>x</p><iframe src='https://e.org/'>your browser shows no frames, which is a pity indeed</iframe>",
        f"<div class='{'x' * 900}'><p>x</p></div>",
        "<p>a &lt; b</p><noscript>" + LONG + "</noscript>",
        "<p>one</p><button>Copy</button>",
        f"<p>{'&nbsp;' * 300}x</p>",
    ],
)
def test_what_nobody_sees_may_go(tmp_path: Path, body: str) -> None:
    folder = Folder(tmp_path)
    folder.write("a.html", text(body=body))
    assert {"HTML011", "HTML012"}.isdisjoint(codes(folder.build()))
    assert folder.titles() == ["A title"]


def test_markdown_that_is_swallowed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text(body=f"Hello\n\n<!-- more\n\n{LONG}"))
    folder.write("b.md", text("B"))
    assert codes(folder.build()) == ["HTML011"]


EMPTY = Body(content=SafeHtml(""), text="", prose="", excerpt=None, unseen=0, pictures=(), problems=())


@pytest.mark.parametrize(
    "piece", ["![", "![a", "](", "<script", "<!--", "<a ", "<script>", "&#", "<x", "</script"]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        loss.check(piece * count, EMPTY, file="a.html")
        return time.process_time() - began

    seconds(1000)
    assert min(seconds(80_000) for _ in range(2)) < 40 * max(seconds(10_000), 0.005)
