"""Markdown: which bodies are, and the HTML that they become."""

from __future__ import annotations

import re

import pytest

from feedwright.bodies import sanitize
from feedwright.bodies.markdown import rendering

DEEP = " " * 60
SINGLE = (
    f"<div>   \n<div class='a'>\n{DEEP}\n{DEEP}<p>x</p>\n<pre><code>a\n\n    b</code></pre>\n"
    f"{DEEP}</div>\n</div>\n{DEEP}"
)

BODIES = {
    SINGLE: False,
    "\n" + SINGLE: False,
    "<!-- generated -->\n" + SINGLE + "<!-- end -->\n": False,
    "    <div>x</div>": False,
    "<custom-box>x</custom-box>": False,
    "<img src=a>": False,
    "<style>*{}</style>": False,
    "": True,
    "# Title": True,
    "text <b>x</b>": True,
    "<b>x</b> text": True,
    "<div>a</div>\n\n*b*": True,
    "<p>a</p><p>b</p>": True,
    "<div>\n\n# never closed": True,
    "<p align=center>\n\n# never closed": True,
    "<!-- only a comment -->": True,
    "<!-- never closed <div></div>": True,
    "<https://example.org/>": True,
    "<a@example.org>": True,
}


@pytest.mark.parametrize(("body", "expected"), BODIES.items())
def test_is_markdown(body: str, expected: bool) -> None:
    assert rendering.is_markdown(body) is expected


RENDERED = {
    "# a *b*": "<h1>a <em>b</em></h1>",
    "~~a~~": "<p><s>a</s></p>",
    "a <b>c</b>": "<p>a <b>c</b></p>",
    "<div>\n\n*a*\n\n</div>": "<div>\n<p><em>a</em></p>\n</div>",
    "```python\na < b\n```": '<pre><code class="language-python">a &lt; b\n</code></pre>',
    "<!-- more -->": "<!-- more -->",
    "<https://example.org/>": '<p><a href="https://example.org/">https://example.org/</a></p>',
    "{{ a }} {% b %}": "<p>{{ a }} {% b %}</p>",
}


@pytest.mark.parametrize(("body", "expected"), RENDERED.items())
def test_render(body: str, expected: str) -> None:
    assert rendering.render(body).strip() == expected


def test_the_alignment_of_a_table_survives_sanitizing() -> None:
    html = sanitize.clean(
        rendering.render("|a|b|c|\n|-|:-:|-:|\n|1|2|3|"), base="https://example.org/", file="a"
    ).content
    assert '<th>a</th>\n<th align="center">b</th>\n<th align="right">c</th>' in html
    assert '<td>1</td>\n<td align="center">2</td>\n<td align="right">3</td>' in html
    assert "style" not in html


def test_footnotes_are_numbered_and_linked() -> None:
    html = rendering.render("a[^x] b[^y] c[^x] d^[inline]\n\n[^x]: first\n[^y]: second\n")
    assert re.findall(r'href="#fn(\d)".*?>(\[.*?\])<', html) == [
        ("1", "[1]"),
        ("2", "[2]"),
        ("1", "[1:1]"),
        ("3", "[3]"),
    ]
    assert [html.index(note) for note in ("first", "second", "inline")] == sorted(
        html.index(note) for note in ("first", "second", "inline")
    )


def test_one_body_never_changes_another() -> None:
    alone = rendering.render("a[^1]\n\n[^1]: n")
    rendering.render("[^1]: other\n\nb[^1]\n\n[r]: /x")
    assert rendering.render("a[^1]\n\n[^1]: n") == alone
