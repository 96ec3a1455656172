"""What a feed cannot carry is replaced by what a person can use, or told; what nobody sees goes."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from feedwright.bodies import sanitize, slips
from feedwright.bodies.sanitize import Body, Engine
from paths import DATA

BASE = "https://example.org/a/"
both = pytest.mark.parametrize("engine", ["bleach", "nh3"])


def clean(html: str, engine: Engine = "bleach") -> Body:
    return sanitize.clean(html, base=BASE, file="a.html", engine=engine)


BODIES = json.loads((DATA / "bodies.json").read_text(encoding="utf-8"))


@both
@pytest.mark.parametrize("case", BODIES, ids=[case["name"] for case in BODIES])
def test_a_person_can_use_what_stands_in_its_place(case: Mapping[str, str], engine: Engine) -> None:
    body = clean(case["html"], engine)
    assert body.content.strip() == case["expected"]
    assert clean(body.content, engine).content == body.content


@pytest.mark.parametrize(
    ("html", "told"),
    [
        (
            "a<svg viewBox='0 0 100 100'><path/></svg><canvas></canvas><canvas></canvas>",
            "<canvas> (2), <svg> (1)",
        ),
        ("a<iframe></iframe>", "<iframe> (1)"),
        ("a<svg viewBox='0 0 24 24'></svg><svg width=16></svg><svg aria-hidden=true></svg>", ""),
        ("a<script>b()</script><style>c{}</style>", ""),
    ],
)
def test_what_is_left_out_is_told(html: str, told: str) -> None:
    messages = [problem.message for problem in clean(html).problems if problem.code == "HTML015"]
    assert messages == ([f"left out, since no feed can carry it: {told}"] if told else [])


def test_what_nobody_sees_is_not_lost() -> None:
    assert clean("<p>a</p><div hidden>1234 56</div>").unseen == 6


@pytest.mark.parametrize(
    ("html", "prose"),
    [
        ("<h1>Title</h1><p>First.</p><pre>code()</pre><table><tr><td>1</table><p>Last.</p>", "First. Last."),
        ("<h1>Title</h1>", "Title"),
        ("<p>中文\n中文\nabc 中 文</p>\n<p>中文</p>", "中文中文 abc 中 文 中文"),
        ('<p>a<a href="#fn1" id="r1">1</a>.</p><p id="fn1">Note</p>', "a. Note"),
    ],
)
def test_a_summary_is_made_of_prose(html: str, prose: str) -> None:
    assert clean(html).prose == prose


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n", ("HTML016", 12)),
        ("a\n<<<<<<< HEAD\nb\n", None),
        ("a\n\n```python\nb\n", ("HTML017", 13)),
        ("~~~\n```\na\n", ("HTML017", 11)),
        ("````\n```\n````\n", None),
        ("```a```\nb", None),
        ("```\na\n```   \n", None),
    ],
)
def test_slips_in_markdown_are_told(body: str, found: tuple[str, int] | None) -> None:
    problems = [(problem.code, problem.line) for problem in slips.find(body, "a.md", 11)]
    assert problems == ([found] if found else [])
