"""The short way past bleach: what it spares is what bleach would have returned, to the byte.

`FEEDWRIGHT_TEST_BODIES=50000` tries more random bodies.
"""

from __future__ import annotations

import os
from random import Random

import pytest

import payloads
from feedwright import text
from feedwright.bodies import policy, sanitize
from feedwright.bodies.tag_forms import TagForms
from feedwright.problems import HeldError

BODIES = int(os.environ.get("FEEDWRIGHT_TEST_BODIES", "10000"))
PARTS = 10
BASE = "https://example.org/a/"

TAGS = sorted(policy.ELEMENTS | policy.BREAKING | {"font", "math", "option", "rb", "script", "select", "svg"})
ATTRIBUTES = (
    ' href="/x"',
    ' href="mailto:a@example.org"',
    ' href="https://[::1]/"',
    ' href="https://exa\u2100mple.org/"',
    ' href="https://e.org:99999/?%41&amp;lt;"',
    ' cite="//e.org/?a=1&b=2&copy;"',
    ' src="a b.png"',
    ' srcset="a 1x, b 2x"',
    ' title="a&amp;quot;b"',
    " title='\"x\"'",
    ' title="&nbsp;&lt;a=b>"',
    ' alt=""',
    " open controls reversed",
    " dir=rtl lang=en",
    ' class="language-c++"',
    " width=30 colspan=2 start=3",
    " type=a datetime=2020",
)
WORDS = (
    *("x", " ", "\n", "\t", "é", "\u00a0", "\u2028", "\x85", "\ufeff", "]]>", "& ", "&ampx"),
    *("&amp;", "&amp;lt;", "&amp;amp;", "&copy;", "&#10;", "&#13;", "&nbsp;", "&lt;b&gt;", "<!-- more -->"),
)


def random_body(random: Random, depth: int = 0) -> str:
    parts = []
    for _ in range(random.randint(1, 4)):
        if depth > 5 or random.random() < 0.35:
            parts.append(random.choice(WORDS))
        else:
            tag = random.choice(TAGS)
            attributes = "".join(random.choices(ATTRIBUTES, k=random.choice((0, 0, 0, 1, 2))))
            end = f"</{tag}>" if random.random() < 0.8 else ""
            parts.append(f"<{tag}{attributes}>{random_body(random, depth + 1)}{end}")
    return "".join(parts)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_random_body_that_bleach_need_not_read_is_what_bleach_returns(part: int) -> None:
    bleach, forms = sanitize.bleach_pass(), sanitize.tag_forms()
    spared = 0
    for number in range(part, BODIES, PARTS):
        html = sanitize.repair(text.scrub(random_body(Random(number))), BASE)[0]
        if sanitize.nh3_pass()(html) == html and forms.keeps(html):
            spared += 1
            assert bleach(html) == html
    assert spared > BODIES / PARTS / 20


@pytest.mark.parametrize("family", sorted(payloads.families()))
def test_a_hostile_body_comes_out_the_same_by_either_way(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = payloads.families()[family]
    short = [outcome(html) for html in bodies]
    monkeypatch.setattr(TagForms, "keeps", lambda forms, html: False)
    assert short == [outcome(html) for html in bodies]


def outcome(html: str) -> object:
    try:
        return sanitize.clean(html, base=BASE, file="a.html")
    except HeldError as held:
        return held.problems


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>a &amp; b</p>", True),
        ('<table><tbody><tr><td align="left">a</td></tr></tbody></table>', True),
        ('<p title="1 &gt; 2">a</p><br>', True),
        ('<a href="https://example.com/?a=1&amp;b=2" rel="noopener noreferrer">a</a>', True),
        ("<details><summary>a</summary></details>", True),
        ("<dl><dt><main><dd>a</dd></main></dt></dl>", False),
        ("<ul><li><figure><figcaption>a</figcaption></figure></li></ul>", True),
        ("<details open>a</details>", False),
        ("<p onclick=a()>a</p>", False),
        ('<p onclick="a()">a</p>', False),
        ('<a href="javascript:a()">a</a>', False),
        ("<script>a()</script>", False),
        ("<!-- a -->", False),
        ("a & b", False),
        ("1 > 2", False),
        ("a\rb", False),
    ],
)
def test_only_plain_tags_that_bleach_keeps_are_kept(html: str, kept: bool) -> None:
    assert TagForms(sanitize.bleach_pass()).keeps(html) is kept


def test_each_form_is_asked_once() -> None:
    asked: list[str] = []

    def clean(html: str) -> str:
        asked.append(html)
        return html

    forms = TagForms(clean)
    for number in range(3):
        assert forms.keeps(f'<p><img alt="{number}a" src="https://example.org/{number}.png"></p><p>a</p>')
    assert sorted(asked) == ['<img alt="t" src="https://example.org/">', "<p>x</p>"]


def test_a_body_of_too_many_forms_is_left_to_bleach() -> None:
    forms = TagForms(lambda html: html)
    assert not forms.keeps("".join(f'<p lang="a-{number:x}a">a</p>' for number in range(100)))


def test_forms_are_forgotten_before_they_fill_the_memory() -> None:
    forms = TagForms(lambda html: html)
    bodies = [f'<p lang="a-{number:x}a">a</p>' for number in range(10_000)]
    refused = sum(not forms.keeps(html) for html in bodies)
    assert 0 < refused < 10
