"""Each dialect of Markdown says what its own renderer says, TeX stays TeX, and nothing takes long."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from feedwright.bodies.limits import RefusedError
from feedwright.bodies.markdown import bounds, elements, fences, rendering, tex
from feedwright.bodies.markdown.lines import line_of
from feedwright.generators.markdown_dialect import DIALECTS, markdown_dialect
from paths import DATA
from sites import Folder, text

ROWS = json.loads((DATA / "markdown.json").read_text(encoding="utf-8"))
"""Texts as they come from Hexo 7, kramdown 2.4 with its GFM parser, goldmark in Hugo,
pulldown-cmark with Zola's options, markdown-it 14 and Python-Markdown 3.11; without white space."""

every_dialect = pytest.mark.parametrize("name", DIALECTS)


def render(source: str, dialect: str) -> str:
    return rendering.render(source, markdown_dialect(dialect))


def visible(html: str) -> str:
    """The text of HTML without white space, and without the links back from notes."""
    tree = LexborHTMLParser(f"<body>{html}")
    for node in tree.css("a.footnote-backref, a.reversefootnote, script"):
        node.decompose()
    for box in tree.css("input[type=checkbox]"):
        box.replace_with("☑" if "checked" in box.attributes else "☐")
    assert tree.body is not None
    return "".join(tree.body.text().split()).replace("↩", "").replace("\ufe0e", "")


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['dialect']}-{at}" for at, row in enumerate(ROWS)])
def test_a_dialect_says_what_its_renderer_says(row: Mapping[str, Any]) -> None:
    html = render(row["source"], row["dialect"])
    assert visible(html) == row["text"]
    assert html.count("<br") == row["breaks"]
    links = [link.attributes["href"] or "" for link in LexborHTMLParser(html).css("a[href]")]
    assert len([link for link in links if "#" not in link]) == row["links"]


FORMULAS = r"""$$
\begin{aligned}
a &= b \\
c_1 &= d_1 \, e
\end{aligned}
$$

Inline \(x\), $a_{1}*b*c$ and $$y_1 * y_2$$.

\[ a*b*c \]
"""


@every_dialect
def test_tex_stays_letter_by_letter_where_there_is_math(name: str) -> None:
    expected = "".join(FORMULAS.split())
    if name == "kramdown":  # which writes its own marks
        expected = expected.replace(r"$$\begin", r"\[\begin").replace(r"aligned}$$", r"aligned}\]")
        expected = expected.replace("$$y_1*y_2$$", r"\(y_1*y_2\)")
    assert visible(render(FORMULAS, f"{name} math")) == expected


@every_dialect
@given(tex=st.text(alphabet="ab1_^*+-=<>&#~`\\{}[]()|' ", min_size=1, max_size=30))
def test_any_formula_between_two_dollars_stays(name: str, tex: str) -> None:
    assume(name != "python-markdown" or "`" not in tex)
    tex = f"x{tex}y".replace("\\]", "]")
    assert visible(render(f"$$\n{tex}\n$$", f"{name} math")).strip("$[]\\") == "".join(tex.split())


@pytest.mark.parametrize(
    "body", ["It costs $5 or $6.", "$ a $", r"\$a\$ *b*", "a $ b", "$$ $$", "$x", "\\(x", "$$x\n\ny$$"]
)
def test_what_is_no_formula_is_text(body: str) -> None:
    assert render(body, "commonmark math") == render(body, "commonmark")


def test_kramdown_has_double_dollars_only() -> None:
    assert visible(render("$a*b*c$ and $$d*e*f$$", "kramdown")) == r"$abc$and\(d*e*f\)"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("$$\n\\frac{a}{b}\n$$", True),
        ("\\[ x_{1} \\]", True),
        ('<script src="https://cdn.example/katex.min.js"></script>', True),
        ("echo $$; kill $$", False),
        ("costs $5", False),
        ("", False),
    ],
)
def test_a_body_tells_that_it_has_formulas(body: str, expected: bool) -> None:
    assert tex.has_tex(body) is expected


@every_dialect
@pytest.mark.parametrize("unit", ["[a][", "![* <pre>\n", "[", "^["])
def test_brackets_that_are_never_closed_are_refused(name: str, unit: str) -> None:
    with pytest.raises((RefusedError, RecursionError)):
        render(unit * (200_000 // len(unit)), f"{name} math" if name != "python-markdown" else name)


@pytest.mark.parametrize("unit", ["===\n", "||\n", "<b\n[a]: "])
def test_python_markdown_is_not_given_what_takes_long(unit: str) -> None:
    with pytest.raises(RefusedError) as caught:
        render(unit * 30_000, "python-markdown")
    assert caught.value.args[0] == "MD001"


@given(st.text(alphabet="[]\\a*", max_size=200))
def test_balanced_brackets_cost_no_more_than_their_depth(inside: str) -> None:
    marks = len(inside)
    assert 0 <= bounds.bracket_steps(inside) <= marks * marks
    assert bounds.bracket_steps("[]" * marks) == marks


def _seconds(body: str, dialect: str = "kramdown") -> float:
    begun = time.process_time()
    render(body, dialect)
    return time.process_time() - begun


@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        ("|", "`", "a|"),
        ("|a|\n", "-", "x"),
        ("<section>\n", "<section ", "\n"),
        ("<section>\n", "<!--", "\n"),
        ("![a](b){:", "a", "}"),
        ("", "{::comment}\n", ""),
        ("", "> {::nomarkdown}\n", ""),
    ],
)
def test_openers_cost_kramdown_no_more_than_their_length(before: str, unit: str, after: str) -> None:
    few, many = (before + unit * (size // len(unit)) + after for size in (8_000, 32_000))
    assert _seconds(many) < 12 * max(_seconds(few), 0.01)


def test_ends_of_elements_in_elements_are_looked_for_once() -> None:
    body = '<div markdown="1">\n' * 9 + "*a*\n\n<div>b</div>\n\nc\n" + "</div>\n" * 9
    with mock.patch.object(elements, "_tags", side_effect=elements._tags) as search:
        html = render(body, "kramdown")
    assert search.call_count == 1
    assert (html.count("<div>"), html.count("</div>")) == (10, 10)
    assert "<em>a</em>" in html


@pytest.mark.parametrize("between", ["", "\n", "{::comment}\nunseen\n{:/}\n"])
def test_a_comment_of_kramdown_that_never_ends_in_a_quotation_ends_nothing(between: str) -> None:
    html = render(f"> {{::comment}}\n> a\n{between}\n{{::comment}}\nunseen\n{{:/}}\nb\n", "kramdown")
    assert ("a" in html, "unseen" in html, "<p>b</p>" in html) == (True, False, True)


def test_backslashes_in_attributes_of_kramdown_cost_no_more_than_their_number() -> None:
    few, many = ('![a](b){: a="' + "\\" * number + "x}\n" for number in (14, 28))
    assert _seconds(many * 20) < 12 * max(_seconds(few * 20), 0.01)


def test_code_in_a_table_of_kramdown_may_have_pipes() -> None:
    cells = LexborHTMLParser(render("|`a|b` \\| c|``d`|", "kramdown")).css("td")
    assert [cell.text() for cell in cells] == ["a|b | c", "``d`"]


def test_an_element_of_kramdown_ends_after_a_comment_that_does_not() -> None:
    assert "<em>b</em>" in render("<div>\n<!-- a\n\n</div>\n\n*b*\n", "kramdown")


@every_dialect
def test_code_may_have_any_brackets(name: str) -> None:
    log = "\\e[31m[\n" * 20_000
    assert visible(render(f"```\n{log}\n```", name)) == "".join(log.split())


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("==a== ++b++", "<mark>a</mark> <ins>b</ins>"),
        ("===a===", "=<mark>a</mark>="),
        ("==a *b== c*", "<mark>a *b</mark> c*"),
        ("*==a==*", "<em><mark>a</mark></em>"),
        ("[++a++](/b)", '<a href="/b"><ins>a</ins></a>'),
        ("==a ++b== c++", "<mark>a ++b</mark> c++"),
        ("`==a==` == a == ==a", "<code>==a==</code> == a == ==a"),
        ("==a=====", "<mark>a</mark>==="),
    ],
)
def test_marked_and_inserted_text_is_that_of_markdown_it_mark_and_ins(source: str, html: str) -> None:
    assert render(source, "goldmark mark insert") == f"<p>{html}</p>\n"
    assert "<mark>" not in render(source, "goldmark")
    assert "<ins>" not in render(source, "goldmark")


@given(st.lists(st.sampled_from(["=", "==", "+", "++", "a", " ", "[", "](/b)", "`"])))
def test_marks_change_no_text_but_their_signs(parts: list[str]) -> None:
    source = "x" + "".join(parts)
    signs = str.maketrans("", "", "=+")
    plain, marked = (visible(render(source, f"markdown-it{words}")) for words in ("", " mark insert"))
    assert marked.translate(signs) == plain.translate(signs)


@pytest.mark.parametrize(
    ("source", "is_code"),
    [
        ("```ruby\nx\n```", True),
        ("``` ruby\nx\n`````  \n", True),
        ("```ruby title=a\nx\n```", False),
        ("~~~ js one two\nx\n~~~", False),
        ("```ruby\nx\n\ny", False),
        ("````\nx\n```", False),
        ("```\nx\n    ```", False),
        ("- a\n\n  ```ruby\n  x\n  ```\n\n- b", True),
        ("- a\n\n  ```ruby\n  x\n\nb\n\n~~~\ny\n~~~", True),
    ],
)
def test_a_fence_of_kramdown_has_one_word_and_an_end(source: str, is_code: bool) -> None:
    html = render(source, "kramdown")
    assert ("<pre>" in html) == is_code
    assert "<pre>" in render(source, "commonmark")
    assert visible(html)


@pytest.mark.parametrize(
    "source", ["```a\n" * 4000, "> ```a\n" * 4000, "- a\n\n" + "  ```a\n" * 4000 + "\nend\n"]
)
def test_fences_that_are_never_closed_are_looked_for_once(source: str) -> None:
    with mock.patch.object(fences, "line_of", wraps=line_of) as read:
        render(source, "kramdown")
    assert 4000 < read.call_count < 10 * 4000


ARTICLE = "one\ntwo https://example.com/x\n"


@pytest.mark.parametrize(
    ("path", "config", "expected"),
    [
        ("_posts/a.md", "", (1, 1)),
        ("a.md", "", (0, 0)),
        ("a.md", 'dialect = "hexo"', (1, 1)),
        ("_posts/a.md", 'dialect = "jekyll"', (0, 0)),
        ("a.md", 'dialect = "hugo"', (0, 1)),
        ("_posts/a.md", 'markdown = "commonmark"', (0, 0)),
        ("a.md", 'markdown = "hexo breaks=no"', (0, 1)),
        ("a.md", 'markdown = "goldmark autolinks=no breaks"', (1, 0)),
    ],
)
def test_the_dialect_is_the_settings_else_the_generators(
    tmp_path: Path, path: str, config: str, expected: tuple[int, int]
) -> None:
    folder = Folder(tmp_path)
    folder.write(path, text(body=ARTICLE))
    folder.build(config)
    (entry,) = folder.entries()
    html = entry.content[0].value
    assert (html.count("<br"), html.count("<a ")) == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("breaks", "true", "one<br />two $abc$"),
        ("math", "true", "one two $a*b*c$"),
        ("mathjax", "false", "one two $abc$"),
        ("katex", "{enable: true}", "one two $a*b*c$"),
        ("extra", "{math: yes}", "one two $a*b*c$"),
        ("weight", "1", "one two $abc$"),
    ],
)
def test_front_matter_turns_features_on_and_off(tmp_path: Path, key: str, value: str, expected: str) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text(body="one\ntwo $a*b*c$", **{key: value}))
    folder.build()
    html = folder.entries()[0].content[0].value
    said = html.replace("<em>", "").replace("</em>", "").replace("<br />\n", "<br />").replace("\n", " ")
    assert said.strip() == f"<p>{expected}</p>"


STRAY_TAGS = {
    "a </b> c": "a </b> c",
    "</div>\n\ntext": "</div> text",
    "text\n</div>\nmore": "text </div> more",
    "text <div>b</div>": "text <div>b</div>",
    "<b>x</b></b> y": "x</b> y",
    "<b><i>x</b></i>": "x</b>",
    "`</b>` <br> b": "</b> b",
    "name: ____": "name: __",
    "____ and ____": "__ and __",
    "____, ____ or ____.": "__, __ or __.",
    "The **big** ____ and *the* ____ now": "The big __ and the __ now",
    "____a and____": "__a and__",
    "____ and ____b": "__ and ____b",
    "a____b": "a____b",
    "**** x **** y": "** x ** y",
    "**** x": "** x",
}
"""Texts, and what a person sees of them (kramdown 2.4)."""


@pytest.mark.parametrize("source", STRAY_TAGS)
def test_tags_that_end_nothing_and_blanks_are_text_to_kramdown(source: str) -> None:
    body = LexborHTMLParser(render(source, "kramdown")).body
    assert body is not None
    assert " ".join(body.text(separator="").split()) == STRAY_TAGS[source]


def test_what_a_text_opens_ends_with_it_in_kramdown() -> None:
    assert render("<b>bold\n\nplain", "kramdown") == "<p><b>bold</b></p>\n<p>plain</p>\n"


CONTAINERS = {
    "::: tip\nA *b*\n:::\n\nafter": "<div>\n<p>A <em>b</em></p>\n</div>\n<p>after</p>\n",
    "a\n::: tip Look <out>\n:::": ("<p>a</p>\n<div>\n<p><strong>Look &lt;out&gt;</strong></p>\n</div>\n"),
    "::: details More\nx\n:::": "<details>\n<summary>More</summary>\n<p>x</p>\n</details>\n",
    ":::: a\n::: b\nx\n:::\n::::\nend": "<div>\n<div>\n<p>x</p>\n</div>\n</div>\n<p>end</p>\n",
    "::: {.note #x}\ny\n:::": "<div>\n<p>y</p>\n</div>\n",
    "::: tip\nnever closed": "<div>\n<p>never closed</p>\n</div>\n",
    ":::\nnothing": "<p>:::\nnothing</p>\n",
    "- ::: tip\n  in\n\n::: b\n:::": "<ul>\n<li>\n<div>\n<p>in</p>\n</div>\n</li>\n</ul>\n<div></div>\n",
    "> ::: tip\n> a\n> :::\n\n::: b\nx\n:::\ny": (
        "<blockquote>\n<div>\n<p>a</p>\n</div>\n</blockquote>\n<div>\n<p>x</p>\n</div>\n<p>y</p>\n"
    ),
}


@pytest.mark.parametrize("source", CONTAINERS)
def test_containers_hold_what_is_between_their_lines(source: str) -> None:
    assert render(source, "markdown-it containers") == CONTAINERS[source]


@given(
    st.lists(
        st.sampled_from(["::: a", ":::: a", ":::", "::::", "x", "", "- x", "  ::: a", "> ::: a", "    x"])
    )
)
def test_containers_lose_no_word(lines: list[str]) -> None:
    html = render("\n".join(lines), "markdown-it containers")
    assert visible(html).count("x") == sum("x" in line for line in lines)
    assert html.count("<div>") == html.count("</div>")


@pytest.mark.parametrize("unit", ["- ::: a\n", "> ::: a\n\n", "a\n: ::: a\n", ":::\n", "::: a\n:::\n"])
def test_openers_of_containers_cost_no_more_than_their_length(unit: str) -> None:
    few, many = (unit * (size // len(unit)) for size in (8_000, 32_000))
    words = "markdown-it containers definition-lists"
    assert _seconds(many, words) < 12 * max(_seconds(few, words), 0.01)


BRACES = {
    "*a*{.c} b": "<p><em>a</em> b</p>\n",
    "`x`{.y} [l](u){target=_blank}": '<p><code>x</code> <a href="u">l</a></p>\n',
    "text {#id .c}": "<p>text</p>\n",
    "# T {.c}": "<h1>T</h1>\n",
    "- a\n{.list}\n- b {.x}": "<ul>\n<li>a\n</li>\n<li>b</li>\n</ul>\n",
    "p {not} {.x": "<p>p {not} {.x</p>\n",
    "a } b {": "<p>a } b {</p>\n",
}


@pytest.mark.parametrize("source", BRACES)
def test_attributes_in_braces_are_not_shown(source: str) -> None:
    assert render(source, "markdown-it attributes") == BRACES[source]
