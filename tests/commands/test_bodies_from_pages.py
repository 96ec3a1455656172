"""Bodies taken from the pages that the site's generator made."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from desk import Desk
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

RAIN = "It rains on the hills, and {% raincoat %} keeps nobody dry for long today.\n\nA second paragraph of it.\n"
PAGE = """<!doctype html><html><head><title>{title}</title><base href="/base/"></head><body>
<nav><a href="/">Home</a> <a href="/about/">About us all and more</a></nav>
<article><h1>{title}</h1><p class="post-meta">By Ann · 3 min read</p><div class="post-content">{body}</div>
<div class="share">Share this on some network of yours</div></article><footer>All rights reserved</footer></body>"""
SHOWN = """<p>It rains on the hills, and <b>a coat</b> keeps nobody dry for long today.
<a class="headerlink" href="#x">#</a></p>
<p>A second paragraph of it.</p><p><img src="rain.png" alt="Rain"></p>"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure('site_output = "public"', 'bodies = "pages"', 'dialect = "hexo"', 'permalink = "{slug}/"')
    desk.write("rain.md", text("Rain", "2026-01-02", RAIN))
    page(desk, "rain", PAGE.format(title="Rain", body=SHOWN))
    return desk


def page(desk: Desk, slug: str, html: str) -> Path:
    file = desk.root / "public" / slug / "index.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, "utf-8")
    return file


def content(desk: Desk, title: str = "Rain") -> str:
    return next(entry.content[0].value for entry in desk.entries() if entry.title == title)


def test_the_content_is_the_article_as_it_stands_in_the_page(desk: Desk) -> None:
    done = desk.run("build", "-v")
    assert (done.code, done.codes) == (0, [])
    assert "body of content/rain.md: from the page rain/index.html" in done.err
    assert content(desk) == ""
