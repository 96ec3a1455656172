"""Limits that are checked before any parser sees a body: what is refused, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwright.bodies import limits, sanitize
from feedwright.bodies.html_tree import Tree
from feedwright.bodies.policy import names
from feedwright.bodies.well_nested import is_well_nested
from feedwright.problems import HeldError

MANY = 20_000
SPARE = "<i></i>" * 600  # tags enough for a closer look

TOO_DEEP = {
    "blocks": "<div>" * MANY,
    "upper case": "<DIV\n>" * MANY,
    "formatting": "<b>" * MANY,
    "unknown elements": "<x-y>" * MANY,
    "lists": "<ul><li>" * MANY,
    "tables": "<table><tr><td>" * MANY,
    "end tags of what is not open": "<div></b>" * MANY,
    "svg": "<svg>" * MANY,
    "math": "<math><mi>" * MANY,
    "templates": "<template>" * MANY,
    "behind an attribute with a bracket": '<p title=">">' + "<div>" * MANY,
    "a quote that begins no value": '<p "><div>' + '<div "><div>' * MANY,
    "a quote inside an unquoted value": '<p a=b"><div>' + "<div>" * MANY,
    "an equals sign that begins a name": '<p ="><div>' + '<div ="><div>' * MANY,
    "behind an empty comment": "<!-->" + "<div>" * MANY,
    "behind a comment": "<!-- --!>" + "<div>" * MANY,
    "behind a script": "<script>//</script >" + "<div>" * MANY,
    "a style in svg": "<svg><style>" + "<b>" * MANY,
    "a style in a select": "<select><style></select>" + "<b>" * MANY,
    "a style in a template": "<template><col><style></template>" + "<b>" * MANY,
}
TOO_FULL = {
    "names": "<p " + "a " * MANY + ">",
    "slashes": "<p/" + "a/" * MANY + ">",
    "values": "<p " + "".join(f"a{n}=1 " for n in range(MANY)) + ">",
    "quoted values": "<p " + 'a=">"' * MANY + ">",
    "single quotes": "<p " + "a='>'" * MANY + ">",
    "never closed": "<p " + "a " * MANY,
    "in an end tag": "</p " + "a " * MANY + ">",
}
TOO_MUCH = {
    "in every paragraph": "<p>" + "".join(f"<b class={n}>" for n in range(400)) + "</p>" + "<p>x</p>" * 500,
    "in every block": "<div>" + "".join(f"<i {n}>" for n in range(400)) + "</div>" + "<div>x</div>" * 2_000,
    "in every item": "<ul><li>" + "".join(f"<u {n}>" for n in range(400)) + "</li>" + "<li>x</li>" * 2_000,
    "behind comments that close them": "<p>"
    + "".join(f"<b {n}><!--</b>-->" for n in range(400))
    + "<p>x" * 2_000,
    "copies in blocks": "".join(f"<b {'a' * 900}{n}>" for n in range(90)) + "<div>" * 300 + "</b>" * 9_000,
}
SANE = {
    "the same element in every paragraph": "<p><font color=red>text</p>" * MANY,
    "elements nobody closed in cells": "<table>" + "<tr><td><b>a<td><i>b" * MANY,
    "a link around paragraphs": "<a href='" + "a" * 900 + "'>" + "<p>text</p>" * 600 + "</a>",
    "paragraphs": "<p>text" * MANY,
    "list items": "<ul>" + "<li>text" * MANY,
    "cells": "<table>" + "<tr><td>text<td>more" * MANY,
    "definitions": "<dl>" + "<dt>a<dd>b" * MANY,
    "options and rubies": "<ruby>" + "a<rp>(<rt>b<rp>)" * MANY,
    "line breaks and pictures": "text<br><img src=a.png>" * MANY,
    "anchors nobody closed": "<a name=x>text " * MANY,
    "headings nobody closed": "<h2>text" * MANY,
    "what is closed": "<div><p><b>text</b> <i>more</i></p></div>\n" * MANY,
    "spans that go with their block": "<div><span>text</div>" * MANY,
    "text of code": SPARE + "<pre>" + "&lt;div&gt;" * MANY + "</pre>",
    "text of a comment": SPARE + "<!-- " + "<div>" * MANY + " -->",
    "text of a script": SPARE + "<script>x = '" + "<div>" * MANY + "'</script>",
    "text of a style": SPARE + "<style>" + "<div>" * MANY + "</STYLE>",
    "words of a comment": "<!-- <p " + "word " * MANY + " -->",
    "words of a script": "<script>if (a <b " + "word " * MANY + ") </script>",
    "words of a declaration": "<?php " + "word " * MANY + "?>",
    "words of an attribute": '<img alt="' + "word " * MANY + '">',
    "no tags": "a < b & c " * MANY,
    "500 levels": "<div>" * 500 + "</div>" * 500,
    "250 attributes": SPARE + "<p " + " ".join(f"a{n}=''" for n in range(250)) + ">",
}


def code(html: str) -> str | None:
    """The problem's code where HTML is over a limit."""
    try:
        limits.check(html)
    except limits.RefusedError as error:
        return str(error.args[0])
    return None


@pytest.mark.parametrize("html", TOO_DEEP.values(), ids=TOO_DEEP)
def test_what_is_nested_too_deep_is_refused(html: str) -> None:
    assert code(html) == "HTML002"


@pytest.mark.parametrize("html", TOO_FULL.values(), ids=TOO_FULL)
def test_a_tag_with_too_many_attributes_is_refused(html: str) -> None:
    assert code(html) == "HTML003"


@pytest.mark.parametrize("html", SANE.values(), ids=SANE)
def test_what_is_sane_passes(html: str) -> None:
    assert code(html) is None


@pytest.mark.parametrize("html", [TOO_DEEP["blocks"], TOO_FULL["names"]], ids=["deep", "full"])
def test_what_is_refused_is_a_problem_of_the_article(html: str) -> None:
    with pytest.raises(HeldError) as caught:
        sanitize.clean(html, base="https://example.org/", file="a.html", line=6)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.hint) == ("a.html", 6, "simplify the markup")


ELEMENTS = st.sampled_from(
    [
        "div",
        "p",
        "b",
        "i",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "span",
        "a",
        "h2",
        "br",
        "svg",
        "template",
        "select",
        "script",
        "x-y",
    ]
)
NAMES = st.sampled_from(["a", "title", "=", '"', "a=b", "a='>'", 'a=">"', "/"])
TAGS = st.builds(
    lambda end, name, names: f"<{end}{name} {' '.join(names)}>",
    st.sampled_from(["", "/"]),
    ELEMENTS,
    st.lists(NAMES, max_size=4),
)
PARTS = st.one_of(
    TAGS, st.text(max_size=5), st.sampled_from(["<!--", "-->", "<!", "<", ">", "</", "<![CDATA["])
)


@given(st.lists(PARTS, max_size=200).map("".join))
def test_what_is_small_beside_the_limits_passes_however_odd(html: str) -> None:
    assert code(SPARE + html) is None


@pytest.mark.parametrize("html", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_a_parser_would_multiply_is_refused(html: str) -> None:
    with pytest.raises(limits.RefusedError) as refused:
        limits.check(html)
    assert refused.value.args[0] == "HTML004"


_FORMATTING = sorted(names("a b big code em font i nobr s small strike strong tt u"))
_OTHERS = sorted(
    names(
        "p div li td tr table th ul span h1 blockquote br img object marquee caption section button form"
        " center pre option select svg math ruby rt dl dd dt tbody template applet label details"
    )
)
_TAGS = st.one_of(
    st.builds("<{} {}>".format, st.sampled_from(_FORMATTING), st.text("abcdef", min_size=1, max_size=30)),
    st.sampled_from([f"<{name}>" for name in _FORMATTING + _OTHERS]),
    st.sampled_from([f"</{name}>" for name in _FORMATTING + _OTHERS]),
    st.just("x"),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_TAGS, min_size=1, max_size=40), st.lists(_TAGS, min_size=1, max_size=8), st.integers(1, 30))
def test_what_is_not_refused_grows_little(before: list[str], unit: list[str], times: int) -> None:
    html = ("".join(before) * times + "".join(unit) * 1_500)[:60_000]
    try:
        limits.check(html)
    except limits.RefusedError:
        return
    limits.check_growth(len(html), len(Tree(html).html) - len(html))


_NESTED = st.recursive(
    st.sampled_from(
        ["x", "<br>", "<img src=a>", "<!-- </b> -->", "<script>'</b>'</script>", "<svg><path d='a'/></svg>"]
    ),
    lambda inside: st.builds(
        "<{0} {1}>{2}</{0}>".format,
        st.sampled_from([name for name in _FORMATTING + _OTHERS if name not in ("br", "img")]),
        st.text("abcdef", min_size=1, max_size=30),
        st.lists(inside, max_size=4).map("".join),
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_NESTED, min_size=1, max_size=4).map("".join), st.integers(1, 60))
def test_what_is_well_nested_grows_little(unit: str, times: int) -> None:
    html = f"<div>{unit * times}</div>"[:60_000]
    if is_well_nested(html, deepest=limits.DEPTH, most_added=len(html)):
        tree = Tree(html)
        limits.check_growth(len(html), len(tree.html))
        assert tree.depth() <= limits.DEPTH


TRICKS = {
    "in a script that does not end there": "<b {}><script><!--<script></script></b>",
    "in a comment": "<b {}><!-- --!><!-- </b> -->",
    "in a select": "<b {}><select><p></b></select>",
    "in an attribute": "<b {}><i title='</b>'>",
    "in a cell": "<b {}><table><tr><td></b></td></tr></table>",
    "in a drawing": "<b {}><svg><title></b></title></svg>",
    "in a style of a drawing": "<svg><style><b {}></style></svg>",
    "in a foreign object": "<b {}><svg><desc></b></desc></svg>",
    "in an element with a name that goes on": "<b {}><script-x></b></script-x>",
    "behind an odd quote": '<b {}><i "></b><i ">',
    "behind an end tag with more": "<script></script x><b {}><script></script>",
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_an_end_tag_that_ends_nothing_is_not_taken_for_one(trick: str) -> None:
    html = "".join(trick.format(number) for number in range(300))
    assert not is_well_nested(html, deepest=limits.DEPTH, most_added=len(html))


def test_an_element_that_is_reopened_too_often_is_not_plain() -> None:
    link = "<p><a href='" + "a" * 900 + "'>" + "<div>x</div>" * 600 + "</a></p>"
    assert not is_well_nested(link, deepest=limits.DEPTH, most_added=len(link))
    plain = "<p><a href='a'>" + "<div>x</div>" * 600 + "</a></p>"
    assert is_well_nested(plain, deepest=limits.DEPTH, most_added=3 * len(plain))


def test_lists_and_paragraphs_need_no_end_tags() -> None:
    html = "<ul><li>a<li>b<p>c</ul><dl><dt>d<dd>e</dl><select><option>f<option>g</select>"
    assert is_well_nested(html, deepest=limits.DEPTH, most_added=0)


@pytest.mark.parametrize("name", ["srcset", "data-srcset"])
def test_addresses_that_become_long_are_refused(name: str) -> None:
    base = "https://example.org/" + "a" * 1_900 + "/"
    html = "<p>text</p>" + f'<img {name}="{" x," * limits.DEPTH}">' * 20
    with pytest.raises(HeldError) as held:
        sanitize.clean(html, base=base, file="a.html")
    assert [problem.code for problem in held.value.problems] == ["HTML004"]
