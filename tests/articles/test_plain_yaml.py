"""Front matter that is read without libyaml: as libyaml reads it, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedwright.articles.front_matter import yaml_fields
from feedwright.articles.front_matter.fields import RawFields
from feedwright.articles.front_matter.plain_yaml import read_plain

PLAIN = (
    "title: a",
    "title: 'it''s'\ndate:  2026-01-03 12:00:00 +0800  ",
    'a: "b: # c"\nb: \'\'\nc: "x"',
    "tags:\n- a\n- http://b/#c\nlang: en",
    "tags: \n  - 'a: b'\n  - null\n\n  - c\nempty:\n\nlast: ~",
    "a: x, [y] {z} & * ! | > % @ `\n",
    "a: []\nb: [x]\nc: [ x, 'y' ,\"z\" , ~]\nd:\n- [x, y]\n- [ ]",
    "名字: 雨,“雪”\nheader-img: /a b.png",
)

OTHER = (
    "a:b",
    "a: b: c",
    "a: b #c",
    "a: b:",
    "a: 'b' 'c'",
    "a: 'b",
    "a: '",
    'a: "\\n"',
    "a: [b, ]",
    "a: [b,, c]",
    "a: ['b, c']",
    "a: [b: c]",
    "a: [http://b]",
    "a: [[b]]",
    "a: [b] c",
    "a: [b]]",
    "a: [-]",
    "a: -b",
    "a: x\n b",
    "a: x\n- b",
    "a:\n - b\n  - c",
    "a:\n - b: c",
    "a:\n -",
    "a:\n -b",
    "- a",
    "a: b\na: c",
    "null: a",
    "'a': b",
    "-a: b",
    " a: b",
    "a: \u3000b",
    "a: b\tc",
    "# a",
    f"{'a' * 101}: b",
    "a:" + "\n- b" * 2500,
)

PIECES = st.sampled_from(
    (
        *"ab~:-'\"\\#[]{},&*!|>%@`?<=.1é中\t\ufeff\u3000",
        *(" ", " ", "\n", "\n", "null", ": ", "a: ", "\nb:", "\n- ", "\n  - ", "\nc: 'd'", '\ne: "f"'),
        *("''", "[a, b]", ", ", " #", "12:00", "---", "\n\n", "http://a"),
    )
)


def by_libyaml(source: str) -> RawFields:
    raw = RawFields(file="a.md", line=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_fields, "read_plain", lambda source, raw: False)
        yaml_fields.read_yaml(source, raw)
    return raw


def in_order(raw: RawFields) -> tuple[RawFields, list[str]]:
    return raw, list(raw.fields)


@pytest.mark.parametrize("source", PLAIN)
def test_plain_front_matter_needs_no_parser(source: str) -> None:
    raw = RawFields(file="a.md", line=3)
    assert read_plain(source, raw)
    assert in_order(raw) == in_order(by_libyaml(source))


@pytest.mark.parametrize("source", OTHER)
def test_all_else_is_left_to_libyaml(source: str) -> None:
    raw = RawFields(file="a.md", line=3)
    assert not read_plain(source, raw)
    assert raw == RawFields(file="a.md", line=3)


@settings(max_examples=3000, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=14).map("".join))
@example("a:\n\n- b")
@example("a: b\n\n \nc: d")
def test_whatever_is_read_so_libyaml_reads_it_so(source: str) -> None:
    raw = RawFields(file="a.md", line=3)
    if read_plain(source, raw):
        assert in_order(raw) == in_order(by_libyaml(source))
