"""The passes and what is between them: what comes out, judged by a parser that took no part."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from lxml import html as other_parser

from feedwright.bodies import policy, sanitize
from feedwright.bodies.tag_forms import TagForms
from feedwright.problems import HeldError
from paths import DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedwright.bodies.sanitize import Body, Engine

BASE = "https://example.org/2022/a/"
ENGINES: tuple[Engine, ...] = ("bleach", "nh3")
HOSTILE: list[Mapping[str, str]] = json.loads((DATA / "hostile.json").read_text(encoding="utf-8"))
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
URLS = {"href", "src", "poster", "cite", "longdesc"}
both = pytest.mark.parametrize("engine", ENGINES)


def clean(html: str, engine: Engine = "bleach", line: int = 0) -> Body:
    return sanitize.clean(html, base=BASE, file="a.html", line=line, engine=engine)


def codes(body: Body) -> list[str]:
    return [problem.code for problem in body.problems]


def assert_safe(content: str) -> None:
    """What another parser (libxml2) sees of the content is on the list."""
    assert not FORBIDDEN.search(content)
    for element in other_parser.fragment_fromstring(content, create_parent="div").iter():
        assert isinstance(element.tag, str), "a comment or an instruction"
        assert element.tag in policy.ELEMENTS
        for name, value in element.attrib.items():
            assert name in policy.ATTRIBUTES.get(str(element.tag), set()) | policy.ATTRIBUTES["*"]
            if name in URLS:
                assert urlsplit(value).scheme in (policy.SCHEMES if name == "href" else {"http", "https"})
            if name == "srcset":
                assert all(part.strip().startswith(("http://", "https://")) for part in value.split(", "))


@both
@pytest.mark.parametrize("payload", HOSTILE, ids=[payload["name"] for payload in HOSTILE])
def test_a_hostile_body_comes_out_harmless(payload: Mapping[str, str], engine: Engine) -> None:
    body = clean(payload["html"], engine)
    assert_safe(body.content)
    tags = other_parser.fragment_fromstring(body.content, create_parent="div")
    seen = " ".join([body.text, *(value for element in tags.iter() for value in element.attrib.values())])
    assert "alert" not in seen.replace(payload.get("harmless", "\0"), "")
    assert clean(body.content, engine).content == body.content


def test_there_are_enough_hostile_bodies() -> None:
    assert len({payload["html"] for payload in HOSTILE}) == len(HOSTILE) >= 60


LINK = 'rel="noopener noreferrer"'
TRAPS = {
    "text of scripts and styles": ("a<script>b()</script><style>c{}</style>d", "ad"),
    "scheme and digits": ("<a href=javascript:123>a</a>", f"<a {LINK}>a</a>"),
    "srcset": (
        "<img src=a srcset='b 1x, javascript:c 2x'>",
        f'<img src="{BASE}a" srcset="{BASE}b 1x">',
    ),
    "style attribute": ("<p style='color:red'>a</p>", "<p>a</p>"),
    "invisible characters": ("a\x0bb\x1b\x08c", "abc"),
    "referenced invisible characters": ("a&#11;b&#27;c", "abc"),
    "noncharacters": ("a\ufffeb\uffffc&#xFFFE;d", "abcd"),
    "lone surrogates": ("a\ud800b", "ab"),
    "paragraph in a table": (
        "<table><p>x</p><tr><td>1</table>",
        "<p>x</p><table><tbody><tr><td>1</td></tr></tbody></table>",
    ),
    "table without tbody": (
        "<table><tr><td>1</table>",
        "<table><tbody><tr><td>1</td></tr></tbody></table>",
    ),
    "data picture": ("<img src='data:image/png;base64,A' alt=b>", "b"),
    "lazy picture": ("<img data-src=a.png>", f'<img src="{BASE}a.png">'),
    "relative URL": ("<a href=b>c</a>", f'<a href="{BASE}b" {LINK}>c</a>'),
    "fragment": ("<a href='#b'>c</a>", f'<a href="{BASE}#b" {LINK}>c</a>'),
    "newlines of pre": ("<pre>\n\n\n\na\n\nb</pre>", "<pre>a\n\nb</pre>"),
    "references in attributes": (
        "<i title='&amp;lt;b&amp;#11;&amp;amp;'>a</i>",
        '<i title="&amp;lt;b&amp;#11;&amp;amp;">a</i>',
    ),
    "references in text": (
        "&amp;lt;b&amp;#11; &lt;i&gt; &foo; & <",
        "&amp;lt;b&amp;#11; &lt;i&gt; &amp;foo; &amp; &lt;",
    ),
    "comment": ("<!-->a-->b", "a--&gt;b"),
    "cdata": ("a<![CDATA[b()]]>c", "ac"),
    "cdata with tags": ("a<![CDATA[b<i>c</i>d]]>e", "ae"),
    "cdata without an end": ("a<![CDATA[b<i>c</i>d", "acd"),
    "cdata around it all": ("<![CDATA[<p>a</p><script>b()</script>]]>", "<p>a</p>"),
    "end of cdata": ("a]]>b", "a]]&gt;b"),
    "pseudo tag": ("a <3 b <c@d> e", "a &lt;3 b  e"),
    "unclosed": ("<b><i>a", "<b><i>a</i></b>"),
    "templates are text": ("{{ a }} {% b %} {{< c >}}", "{{ a }} {% b %} {{&lt; c &gt;}}"),
    "emoji": ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    "no-break space": ("a&nbsp;b\u00a0c", "a&nbsp;b&nbsp;c"),
    "line ends": ("a\r\nb\rc", "a\nb\nc"),
}


@both
@pytest.mark.parametrize(("html", "expected"), TRAPS.values(), ids=TRAPS)
def test_traps(html: str, expected: str, engine: Engine) -> None:
    assert clean(html, engine).content == expected


FOUND = {
    "": ["HTML007"],
    " <p>&nbsp;</p><!-- a -->": ["HTML007"],
    "<p>a": [],
    "<img src=a>": [],
    "<video src=a></video>": [],
    "a\0": ["XML001"],
    "a&#0;": ["HTML014"],
    "<img data-src=a>": ["HTML006"],
    "<a href=javascript:1>a</a>": ["HTML010"],
    "<!DOCTYPE html><html><head><title>a</title></head><body>b</body></html>": ["HTML009"],
    "\n<html><p>b": ["HTML009"],
    "<header>a</header>": [],
}


@both
@pytest.mark.parametrize(("html", "expected"), FOUND.items())
def test_what_was_repaired_is_told(html: str, expected: list[str], engine: Engine) -> None:
    body = clean(html, engine, line=9)
    assert codes(body) == expected
    assert all(p.severity == "warning" and p.file == "a.html" and p.line >= 9 for p in body.problems)


def test_the_first_forbidden_character_is_placed() -> None:
    (problem,) = clean("ab\ncd\x0be\0", line=10).problems
    assert (problem.line, problem.column) == (11, 3)
    assert problem.message.endswith(": 2")


HELD = {
    "deep": ("<div>" * 513, "HTML002"),
    "formatting": ("<b>" * 600 + "a", "HTML002"),
    "attributes": (f"<p {' '.join(f'a{n}' for n in range(257))}>", "HTML003"),
    "long": ("a" * (5 * 2**20 + 1), "HTML004"),
    "elements nobody closes": (
        "<p>" + "".join(f"<b title={n}>" for n in range(200)) + "<p>x" * 999,
        "HTML004",
    ),
    "marks nobody closes": (
        "<p>" + "<b><i><u><s><em><strong><small><tt><big>" * 3 + "<p>x" * 7500,
        "HTML004",
    ),
}


@both
@pytest.mark.parametrize(("html", "code"), HELD.values(), ids=HELD)
def test_a_body_beyond_the_limits_is_held(html: str, code: str, engine: Engine) -> None:
    with pytest.raises(HeldError) as held:
        clean(html, engine, line=4)
    (problem,) = held.value.problems
    assert (problem.severity, problem.code, problem.line) == ("error", code, 4)


@both
def test_the_limits_themselves_are_published(engine: Engine) -> None:
    assert clean("<div>" * 512 + "a", engine).text == "a"
    assert clean(f"<p {' '.join(f'a{n}' for n in range(256))}>a", engine).content == "<p>a</p>"


@both
def test_what_a_pass_lets_through_is_caught(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sanitize.PASSES, engine, (lambda: lambda html: html + "<p onclick=a()>b</p>",))
    monkeypatch.setattr(TagForms, "keeps", lambda forms, html: False)
    with pytest.raises(HeldError) as held:
        clean("a", engine)
    assert held.value.problems[0].code == "HTML001"


def test_a_character_that_a_pass_brings_in_is_replaced_and_not_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcomes = iter(["java\x01script", "java\ufffdscript"])
    monkeypatch.setitem(sanitize.PASSES, "nh3", (lambda: lambda _: next(outcomes),))
    assert clean("a", "nh3").content == "java\ufffdscript"


def test_bleach_is_never_the_only_pass() -> None:
    assert {
        "bleach": (sanitize.bleach_pass, sanitize.nh3_pass),
        "nh3": (sanitize.nh3_pass,),
    } == sanitize.PASSES


@pytest.mark.parametrize("make_pass", sanitize.PASSES["bleach"])
def test_each_pass_is_enough_by_itself(make_pass: Callable[[], Callable[[str], str]]) -> None:
    hostile = (
        "<p onclick=a()>b<script>c()</script><a href=javascript:1 class=x>d</a>"
        "<img src=x srcset=javascript:1>"
    )
    out = make_pass()(hostile)
    assert "<p>b" in out
    for harm in ("onclick", "javascript", "class", "<script"):
        assert harm not in out


def test_the_policy_lists_no_element_or_attribute_that_acts() -> None:
    assert not policy.DROPPED & policy.ELEMENTS
    assert {"script", "style", "iframe", "object", "embed", "svg", "math", "base", "link"} <= policy.DROPPED
    assert "form" not in policy.ELEMENTS
    names = set().union(*policy.ATTRIBUTES.values())
    assert not {name for name in names if name.startswith("on")} | names & {"style", "name", "target"}
    assert not any(policy.permits("p", "id", value) for value in ("a", "fn-1", "fn-0123abcd-1x", ""))
    assert policy.ATTRIBUTES.keys() - {"*"} <= policy.ELEMENTS
    assert URLS | {"srcset"} <= policy.VALUES.keys()


MIRRORED = """<div>
<div class="body"><style>.body&#123;color:#333&#125;</style><p style="margin:0">第一段<span> </span>文字。</p>
<h2 data-id="heading-0">标题</h2>
<pre><code class="hljs language-js copyable" lang="js"><span class="hljs-k">const</span> a = &#123;1&#125;;

    indented;
<span class="copy-code-btn">复制代码</span></code></pre>
<p><img alt="图" class="lazyload" data-src="https://img.example.net/a.png~tplv.image"></p>
<p>完。<a href="https://link.example.com/?to=http%3A%2F%2Fexample.org%2Fu" target="_blank">u</a></p></div>
</div>
"""


@both
def test_a_mirrored_article_keeps_its_text_and_picture_and_loses_its_style(engine: Engine) -> None:
    body = clean(MIRRORED, engine)
    assert body.text == "第一段 文字。 标题 const a = {1}; indented; 完。u"
    assert [picture.src for picture in body.pictures] == ["https://img.example.net/a.png~tplv.image"]
    assert '<code class="language-js" lang="js">const a' in body.content
    assert "\n\n    indented;\n" in body.content
    assert codes(body) == ["HTML006"]


@both
def test_excerpt_text_and_pictures(engine: Engine) -> None:
    body = clean(
        "<p>a<b>b</b></p><!-- more --><p>c</p><img src=d width=400 height=5%><img src=e width=1>", engine
    )
    assert (body.excerpt, body.text) == ("ab", "ab c")
    assert [(p.src, p.width, p.height) for p in body.pictures] == [(BASE + "d", 400, None)]


def words(text: str) -> list[str]:
    return text.split()


TAGS = words("""
    a b p div span table tr td th tbody caption col ul li dl dt dd pre code h1 br hr img video source picture
    figure details summary ruby rt form button select option input textarea svg math style script title
    template noscript iframe object frameset body html head xmp plaintext listing nobr font center mi mtext
    mglyph annotation-xml foreignObject desc i u s big dialog q image
""")
ATTRIBUTES = words("""
    href=javascript:1 href='java&#1;script:1' href=x src=/a.png src='data:x' data-src=b.png srcset='a,c:d,e'
    class='language-x' class=copy-btn title='a&quot;<b>&amp;lt;&#11;' onclick=x style=a lang=en width=1
    dir=rtl alt='&amp;amp;' cite='#f' controls id=a href='&#0;a&#xfffe;' title='&lt;/title>&nbsp;'
    encoding=text/html open
""")
TEXTS = words("""
    x < > & &lt; &#11; &#0; &nbsp <!-- --> <!--more--> <![CDATA[ ]]> <?x </ /> " ' &#xfffd; = `
    &amp;#11; &amp;lt;
""")
TEXTS += [" ", "\n", "\r", "\t", "\x0b", "\xa0", "\ufffe", "\ufffd", "\ud800", "<!doctype html>"]
PIECES = st.one_of(
    st.builds(
        lambda tag, attributes: f"<{' '.join([tag, *attributes])}>",
        st.sampled_from(TAGS),
        st.lists(st.sampled_from(ATTRIBUTES), max_size=2),
    ),
    st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
    st.sampled_from(TEXTS),
    st.text(max_size=3),
)


@both
@settings(max_examples=500, deadline=None)
@example(pieces=["<img srcset='a,c:d,e' width=1>"])
@given(pieces=st.lists(PIECES, max_size=14))
def test_any_text_becomes_safe_and_stays_as_it_is(pieces: list[str], engine: Engine) -> None:
    try:
        body = clean("".join(pieces), engine)
    except HeldError:
        reject()  # fails where hardly any is cleaned
    assert_safe(body.content)
    again = clean(body.content, engine)
    assert (again.content, again.text, again.pictures) == (body.content, body.text, body.pictures)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div hidden><p>a <b hidden>b</b></p></div><p HIDDEN>c</p>d", "d"),
        ('<p style="color: red; DISPLAY : none !important">a</p><p>b</p>', "<p>b</p>"),
        ('<p style="visibility:hidden">a</p>b', "b"),
        ("<table><tr hidden><td>a</td></tr></table>b", "<table><tbody></tbody></table>b"),
        ('<div role="tabpanel" hidden>a</div>', "<div>a</div>"),
        ('<p hidden="until-found">a</p>', "<p>a</p>"),
        ('<img src="/a.png" style="display:none">', '<img src="https://example.org/a.png">'),
        ('<p style="display: block">hidden</p>', "<p>hidden</p>"),
    ],
)
def test_what_no_browser_shows_is_removed(html: str, expected: str) -> None:
    assert sanitize.clean(html, base="https://example.org/", file="a.md").content == expected
