"""Template tags are recognized as each generator does, and comments and locked parts never come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import Desk
from feedwright.bodies.templates.scanner import tags, without_comments
from feedwright.generators.table import GENERATORS

if TYPE_CHECKING:
    from pathlib import Path

REMOVED = [
    ("hexo", "a {% comment %}no{% endcomment %} b", "a  b"),
    ("hexo", "a {# no #} b {#id}", "a  b {#id}"),
    ("hexo", "```\n{# code #}\n```\n{# no #}", "```\n{# code #}\n```\n"),
    ("hexo", "> ~~~~\n> ```\n> {# code #}\n> ~~~~\n{# no #}", "> ~~~~\n> ```\n> {# code #}\n> ~~~~\n"),
    ("hexo", "~~~\n{# code #}", "~~~\n{# code #}"),
    ("hexo", "{% raw %}{# raw #}{% endraw %}{# no #}", "{% raw %}{# raw #}{% endraw %}"),
    ("hexo", "{% raw %}{# no #}", "{% raw %}"),
    ("jekyll", "a {%- comment -%}no{%- endcomment -%} {% # no %}b {# yes #}", "a  b {# yes #}"),
    ("jekyll", "```\n{% comment %}no{% endcomment %}\n```", "```\n\n```"),
    ("jekyll", "{% comment %}{% comment %}no{% endcomment %}b", "b"),
    ("jekyll", "{% comment %} is never closed", "{% comment %} is never closed"),
    ("jekyll", "{% if a %}b{% endif %} {{ c", "{% if a %}b{% endif %} {{ c"),
    ("eleventy", "{% comment %}no{% endcomment %}{# no #}{%- # no %}b", "b"),
    ("hugo", "{{% comment %}}no{{% /comment %}}{{< comment >}}no{{</ comment >}}{{/* no */}}b", "b"),
    ("hugo", "{{</* comment */>}}{{%/* comment */%}}", "{{</* comment */>}}{{%/* comment */%}}"),
    ("hugo", '{{< figure src="a.png" />}}', '{{< figure src="a.png" />}}'),
    ("pelican", "{# yes #}{% comment %}yes{% endcomment %}", "{# yes #}{% comment %}yes{% endcomment %}"),
]


@pytest.mark.parametrize(("dialect", "body", "left"), REMOVED)
def test_comments_go_as_each_generator_has_them(dialect: str, body: str, left: str) -> None:
    assert without_comments(body, GENERATORS[dialect]) == (left, [])


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ('a {{% hugo-encryptor "x" %}}no{{% /hugo-encryptor %}} b', "a  b"),
        ("a {{< encrypt >}}no{{< /encrypt >}} b {{< encrypt >}}no", "a  b "),
        ("a {{< password />}} b", "a {{< password />}} b"),
    ],
)
def test_what_only_some_may_read_goes_even_where_it_is_not_closed(body: str, left: str) -> None:
    found, locks = without_comments(body, GENERATORS["hugo"])
    assert found == left
    assert [body[lock.start : lock.start + 2] for lock in locks] == ["{{"] * body.count("no")


def test_a_tag_has_a_name_and_arguments() -> None:
    (tag,) = tags("{%- youtube abc 10 -%}", GENERATORS["jekyll"].templates)
    assert (tag.mark, tag.name, tag.arguments, tag.closing) == ("{%", "youtube", "abc 10", False)
    (tag,) = tags("{{</ tabs >}}", GENERATORS["hugo"].templates)
    assert (tag.mark, tag.name, tag.arguments, tag.closing) == ("{{<", "tabs", "", True)
    (tag,) = tags("{{}}", GENERATORS["hexo"].templates)
    assert (tag.name, tag.arguments, tag.closing) == ("", "", False)


PIECES = st.sampled_from(
    [
        *("{%", "%}", "{{", "}}", "{#", "#}", "{{<", ">}}", "{{/*", "*/}}", "{{</*", "*/>}}", "{% raw %}"),
        *("raw", "endraw", "comment", "/comment", "endcomment", "encrypt", "/", "a", " ", "\n"),
        *("```", "~~~", "> "),
    ]
)


@given(st.lists(PIECES).map("".join), st.sampled_from(sorted(GENERATORS)))
def test_any_text_loses_whole_parts_only(body: str, dialect: str) -> None:
    syntax = GENERATORS[dialect].templates
    found = [*tags(body, syntax)]
    assert all(tag.start < tag.end <= len(body) for tag in found)
    assert [tag.start for tag in found] == sorted({tag.start for tag in found})
    left, locks = without_comments(body, GENERATORS[dialect])
    assert len(left) <= len(body)
    if not any(tag.mark in syntax.comment_marks or tag.name in syntax.comments for tag in found):
        assert (left == body) or locks


def test_neither_comments_nor_locked_parts_reach_a_feed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure('dialect = "hugo"', 'formats = ["rss", "atom", "json", "page"]')
    matter = (
        "---\ntitle: A\ndate: 2026-01-03\nsummary: Short {{/* secret */}} and good <!-- secret -->\n---\n"
    )
    desk.write(
        "a.md",
        f"{matter}Seen.\n\n{{{{% comment %}}}}secret{{{{% /comment %}}}} <!-- secret -->\n\n"
        '{{< hugo-encrypt "x" >}}\nsecret\n{{< /hugo-encrypt >}}\n\nThe end.\n',
    )
    told = desk.run("build", "--report", "concise")
    assert told.code == 0
    assert "a.md:10:1: warning TPL001" in told.err
    assert desk.entries()[0].summary == "Short and good"
    assert not any(b"secret" in data for data in desk.published().values())
