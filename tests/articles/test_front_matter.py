"""Front matter: what is read, where it stands, and what is said about every fault in it."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedwright.articles import files
from feedwright.articles.front_matter import parse
from feedwright.articles.front_matter.fields import Field, RawFields, Value
from feedwright.articles.front_matter.json_fields import read_json
from feedwright.articles.front_matter.yaml_fields import read_yaml
from feedwright.generators.table import GENERATORS

FENCED = "---\n{}\n---\nbody\n"


def read(text: str, dialect: str = "hexo", *, whole: bool = True) -> parse.ParsedFields:
    found = parse.read(text, file="a.md", dialect=dialect, whole=whole)
    assert found is not None
    return found


def faults(found: parse.ParsedFields) -> list[str]:
    """Every problem as `code line:column`, with a leading `~` where it was repaired."""
    return [f"{'~' * (p.severity == 'warning')}{p.code} {p.line}:{p.column}" for p in found.problems]


def values(found: parse.ParsedFields) -> dict[str, Value]:
    return {name: at.value for name, at in found.fields.items()}


SEED = """
---
title: 'A & B: C'
categories:
 - one
 - two
headimg: 'https://example.org/a.png?x=1'
author: 趣头条
comments: false
date: Sat, 09 Apr 2022 13:05:33 GMT
thumbnail: 'https://example.org/b.png'
---

<div>
"""


def test_the_shape_of_the_seed() -> None:
    found = read(SEED)
    assert values(found) == {
        "title": "A & B: C",
        "categories": ["one", "two"],
        "authors": "趣头条",
        "published": "Sat, 09 Apr 2022 13:05:33 GMT",
    }
    assert [at.key for at in found.pictures] == ["thumbnail", "headimg"]
    assert found.problems == ()
    assert found.fields["published"] == Field(
        key="date",
        value="Sat, 09 Apr 2022 13:05:33 GMT",
        line=10,
        column=1,
        value_line=10,
        value_column=7,
    )
    assert (found.fields["categories"].value_line, found.fields["categories"].value_column) == (5, 2)
    assert SEED[found.body_offset :] == "\n<div>\n"
    assert found.body_line == 13


# rows of the table of faults → front matter, faults with their places, fields that remain
YAML_FAULTS: dict[str, tuple[str, list[str], dict[str, Value]]] = {
    "21 empty": ("", [], {}),
    "21 blank": ("\n", [], {}),
    "21 comment only": ("# nothing", [], {}),
    "23 list": ("- a\n- b", ["FM004 2:1"], {}),
    "23 scalar": ("just text", ["FM004 2:1"], {}),
    "27 tab before a key": ("title: a\n\tdate: b", ["FM010 3:1"], {}),
    "27 tab before an item": ("tags:\n\t- a", ["FM010 3:1"], {}),
    "27 tab after spaces": ("tags:\n  \t- a", ["FM010 3:3"], {}),
    "27 tab between": ("title:\ta", [], {"title": "a"}),
    "28 colon in a value": ("title: a: b", ["FM011 2:9"], {}),
    "28 further down": ("date: x\ntitle: Hello: world", ["FM011 3:13"], {}),
    "29 duplicate": ("title: a\ntags: b\ntitle: c", ["FM012 4:1"], {"title": "a", "tags": "b"}),
    "29 duplicate below": ("x:\n  y: 1\n  y: 2", ["FM012 4:3"], {}),
    "29 by case": ("Title: a\ntitle: b", ["FM012 3:1"], {"title": "a"}),
    "30 python tag": ("x: !!python/object/apply:os.system [ls]", ["FM013 2:4"], {}),
    "31 custom tag": ("title: !foo a", ["FM013 2:8"], {"title": "a"}),
    "31 standard tags": (
        "title: !!str 5\ntags: !!seq [!!int 1]\nslug: !!null x",
        [],
        {"title": "5", "tags": ["1"], "slug": None},
    ),
    "33 recursive": ("x: &a [*a]", ["FM014 2:8"], {}),
    "33 undefined alias": ("title: *a", ["FM008 2:8"], {}),
    "32 many aliases": ("x: &a 1\ny: [" + "*a, " * 101 + "]", ["FM014 3:405"], {}),
    "32 few aliases": ("tags: &a [x]\ncategories: *a", [], {"tags": ["x"], "categories": ["x"]}),
    "34 too deep": ("x: " + "[" * 32 + "]" * 32, ["FM015 2:35"], {}),
    "34 deep": ("title: a\nx: " + "[" * 31 + "]" * 31, [], {"title": "a"}),
    "36 long number": ("title: a\nx: " + "9" * 5000, [], {"title": "a"}),
    "36 long number in a known key": ("title: " + "9" * 5000, [], {"title": "9" * 5000}),
    "37 written text": (
        "title: no\ntags: [on, 010, 1_000, 12:30:45, 1e3, 2021, 0x1F, .nan]\ndate: 2021-01-03 10:00:00",
        [],
        {
            "title": "no",
            "tags": ["on", "010", "1_000", "12:30:45", "1e3", "2021", "0x1F", ".nan"],
            "published": "2021-01-03 10:00:00",
        },
    ),
    "37 nulls": (
        "tags: [~, null, Null, NULL, 'null', \"~\", nULL]\ntitle:",
        [],
        {"tags": [None, None, None, None, "null", "~", "nULL"], "title": None},
    ),
    "38 list as a key": ("? [a]\n: b", ["FM017 2:3"], {}),
    "38 null as a key": ("~: x\ntitle: a", ["FM017 2:1"], {"title": "a"}),
    "38 number as a key": ("2021: x\ntitle: a", [], {"title": "a"}),
    "38 braces": ("title: {{ x }}", ["FM017 2:9"], {"title": None}),
    "39 reserved names": ("content: a\nhandler: b\ntitle: c", [], {"title": "c"}),
    "40 unknown key": ("titel: a\ntitle: b", ["~FM018 2:1"], {"title": "b"}),
    "40 common key": ("layout: post\ntoc: true\nsubtitle: x\ntype: y", [], {}),
    "41 fence in a block": ("title: |\n  a\n  ---\n  b", [], {"title": "a\n---\nb"}),
    "43 second document": ("title: a\n--- # b\ntitle: c", ["FM020 3:1"], {}),
    "44 draft as text": ('draft: "yes"\npublished: false', [], {"draft": "yes", "visible": "false"}),
    "11 surrogate": ('title: "\\ud800"', ["FM006 2:11"], {}),
    "6 escaped NUL": ('title: "a\\0b"', [], {"title": "a\0b"}),
    "control character": ("title: a\x7fb\ndate: c", ["~XML001 2:9"], {"title": "ab", "published": "c"}),
    "line separator": ("title: a\u2028b\ndate: c", [], {"title": "a b", "published": "c"}),
    "full-width colon first": ("title：a\ndate: b", ["FM019 2:6"], {}),
    "full-width colon last": ("date: b\ntitle：a", ["FM019 3:6"], {}),
    "full-width colon alone": ("title：a", ["FM019 2:6"], {}),
    "full-width colon twice": ("title：a\ndate：b", ["FM019 2:6", "FM019 3:5"], {}),
    "full-width colon in a key": ("title：a: b\ntags: c", ["FM019 2:6"], {"tags": "c"}),
    "full-width space": ("title:　a\ndate: b", ["FM019 2:7"], {}),
    "no space": ("date: b\ntitle:a", ["FM008 3:7"], {}),
    "no space, first": ("title:a\ndate: b", ["FM008 2:7"], {}),
    "no space, alone": ("title:a", ["FM008 2:7"], {}),
    "indented too far": ("title: a\n  date: b", ["FM008 3:7"], {}),
    "unclosed quote": ("tags: x\ntitle: 'a\ndate: b", ["FM008 3:8"], {}),
    "quote in quotes": ("title: 'It's'", ["FM008 2:12"], {}),
    "brackets": ("title: [a] b\ndate: c", ["FM008 2:12"], {}),
    "at sign": ("title: @a", ["FM008 2:8"], {}),
    "merge key": ("x: &a {title: t, tags: u}\n<<: *a\ntags: own", [], {"title": "t", "tags": "own"}),
    "several at once": (
        "title: !foo a\ntags: [!bar b]\ntitle: c\n~: d",
        ["FM013 2:8", "FM013 3:8", "FM012 4:1", "FM017 5:1"],
        {"title": "a", "tags": ["b"]},
    ),
}


@pytest.mark.parametrize(("source", "expected", "fields"), YAML_FAULTS.values(), ids=YAML_FAULTS.keys())
def test_yaml(source: str, expected: list[str], fields: dict[str, Value]) -> None:
    found = read(FENCED.format(source))
    assert faults(found) == expected
    assert values(found) == fields


HINTS = {
    "title: a: b": 'title: "a: b"',
    "title: 'a': b": "title: \"'a': b\"",
    'title: "a" b': 'title: "\\"a\\" b"',
    "title: 'It's'": 'title: "It\'s"',
    "title: [a] b: c": 'title: "[a] b: c"',
    "title: @a": 'title: "@a"',
    "title: !foo a": 'title: "!foo a"',
    "title: *a* b": 'title: "*a* b"',
    "title: {{ a }}": 'title: "{{ a }}"',
    "title：a": "title: a",
    "title:　a": "title: a",
    "title:a": "title: a",
}


@pytest.mark.parametrize(("source", "hint"), HINTS.items())
def test_a_hint_is_a_line_that_can_be_pasted(source: str, hint: str) -> None:
    assert read(FENCED.format(source)).problems[0].hint == hint
    assert faults(read(FENCED.format(hint))) == []


@pytest.mark.parametrize(
    ("source", "place", "message", "hint"),
    [
        ("tags: [a, b\ndate: c", (2, 7), "the list that `[` begins is not closed", "tags: [a, b]"),
        ("author: {name: b\ndate: c", (2, 9), "the table that `{` begins is not", "author: {name: b}"),
        ("tags: [x: y: z]", (2, 12), "the list that `[` begins is not closed", 'tags: "[x: y: z]"'),
        ("title: 'a\ndate: b", (2, 8), "the quote that begins here is not closed", 'title: "a"'),
        ("title: *a*", (2, 10), "begins with `*` or `&` must be quoted", 'title: "*a*"'),
        ("title: @a", (2, 8), "begins with this character must be quoted", 'title: "@a"'),
        ("title: ]", (2, 8), "begins with this character must be quoted", 'title: "]"'),
        ("title: ? a", (2, 8), "begins with `? ` must be quoted", 'title: "? a"'),
        ("title: !b!c d", (2, 8), "begins with `!` must be quoted", 'title: "!b!c d"'),
        ("title: [b] c", (2, 12), "this cannot stand here", 'title: "[b] c"'),
        ("tags:\n - b\n c", (4, 2), "a line without `: ` behind its key", "a key is followed by"),
        ("title: a\n date: c", (3, 6), "a key is not allowed here: the indentation", "indent the keys alike"),
        ("tags:\n-a\n-b", (3, 1), "no space after the `-` of a list", "- a"),
        ("tags: - b", (2, 7), "a list cannot begin behind a key", 'tags: "- b"'),
        ("title: |x\n b", (2, 9), "behind `|` or `>`, the text begins", 'title: "|x"'),
        ('title: "\\d"', (2, 9), "in double quotes, a backslash is written twice", 'title: "\\\\d"'),
        ("title: a\n<<<<<<< HEAD\ndate: b\n=======", (3, 1), "marks of a merge conflict", "keep one"),
    ],
)
def test_a_syntax_error_is_told_in_our_words(
    source: str, place: tuple[int, int], message: str, hint: str
) -> None:
    problem = read(FENCED.format(source)).problems[0]
    assert (problem.line, problem.column) == place
    assert message in problem.message
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    ("source", "place", "message", "hint"),
    [
        ("title = “a”", (2, 9), "typographic quotes are no quotes in TOML", 'title = "a"'),
        ("date = 2026-01-03\ntitle = a b", (3, 9), "a text needs quotes", 'title = "a b"'),
        ("title: a", (2, 6), "`title` needs `=`, not `:`", 'title = "a"'),
        ("tags = ['a',\n'b'\ntitle = 'c'", (2, 8), "the list that `[` begins is not closed", "tags = ['a']"),
    ],
)
def test_a_slip_in_toml_is_told_in_our_words(
    source: str, place: tuple[int, int], message: str, hint: str
) -> None:
    problem = read(f"+++\n{source}\n+++\nbody\n").problems[0]
    assert (problem.line, problem.column, problem.message, problem.hint) == (*place, message, hint)


@pytest.mark.parametrize(
    ("source", "place", "message", "hint"),
    [
        ('{"title": "A",}', (1, 15), "a comma before `}`", "delete the comma before `}`"),
        ('{"tags": ["A",]}', (1, 15), "a comma before `]`", "delete the comma before `]`"),
        ("{\"title\": 'A'}", (1, 11), "text in single quotes", 'use double quotes: "title"'),
        ('{"title": “A”}', (1, 11), "typographic quotes are no quotes in JSON", "use straight quotes"),
        ('{"title": "A" "b": "c"}', (1, 15), "a comma or a closing bracket is missing", "write a comma"),
        ('{"title" "A"}', (1, 10), "a colon is missing after the key", '"title": "A title"'),
        ('{"title": A}', (1, 11), "a value is missing, or a text without quotes", '"title": "A title"'),
        ('{"title": "A", b: "c"}', (1, 16), "a key without quotes", 'write keys in double quotes: "title"'),
        ('{"title": "\\x"}', (1, 12), "invalid \\escape", "see json.org"),
    ],
)
def test_a_slip_in_json_is_told_in_our_words(
    source: str, place: tuple[int, int], message: str, hint: str
) -> None:
    problem = read(f"{source}\n\nbody\n").problems[0]
    assert (problem.code, problem.line, problem.column) == ("FM008", *place)
    assert problem.message.startswith(f"JSON: {message}")
    assert problem.hint.startswith(hint)


def test_a_duplicate_names_both_places() -> None:
    (problem,) = read(FENCED.format("title: a\ntags: b\ntitle: c")).problems
    assert problem.message == "`title` stands twice: first at 2:1, again here"
    assert (problem.line, problem.column, problem.field) == (4, 1, "title")


BODY = "body\n"

# text → fields, faults, body, its line; None where there is no front matter
SHAPES: dict[str, tuple[str, tuple[dict[str, Value], list[str], str, int] | None]] = {
    "no front matter": ("just text\n", None),
    "empty file": ("", None),
    "thematic breaks": ("---\n\nprose\n\n---\n\nmore\n", None),
    "one thematic break": ("---\n\nprose\n", None),
    "HTML between breaks": ("---\n<p>a</p>\n---\nmore\n", None),
    "fence with text": ("--- a\nb\n---\n", None),
    "template tag": ("{% raw %}a{% endraw %}", None),
    "template value": ("{{ a }}", None),
    "paragraph with a colon": ("Note: a\n\nb", None),
    "blank lines before": ("\n \n\n---\ntitle: a\n---\nbody\n", ({"title": "a"}, [], BODY, 7)),
    "spaces after fences": ("---  \ntitle: a\n--- \t\nbody\n", ({"title": "a"}, [], BODY, 4)),
    "dots at the end": ("---\ntitle: a\n...\nbody\n", ({"title": "a"}, [], BODY, 4)),
    "long fences": ("----\ntitle: a\n-----\nbody\n", ({"title": "a"}, ["~FM021 1:1", "~FM021 3:1"], BODY, 4)),
    "no body": ("---\ntitle: a\n---", ({"title": "a"}, [], "", 3)),
    "empty": ("---\n---\nbody\n", ({}, [], BODY, 3)),
    "break in the body": ("---\ntitle: a\n---\n\n---\nb\n", ({"title": "a"}, [], "\n---\nb\n", 4)),
    "setext in the body": ("---\ntitle: a\n---\nNote: b\n---\n", ({"title": "a"}, [], "Note: b\n---\n", 4)),
    "indented body": ("---\ntitle: a\n---\n    code\n", ({"title": "a"}, [], "    code\n", 4)),
    "second header": (
        "---\ntitle: a\n---\ntitle: b\n---\nc",
        ({"title": "a"}, ["FM020 4:1"], "title: b\n---\nc", 4),
    ),
    "second header after dots": (
        "---\ntitle: a\n...\n---\ntags:\n- b\n---\nc",
        ({"title": "a"}, ["FM020 4:1"], "---\ntags:\n- b\n---\nc", 4),
    ),
    "Hexo without the first fence": (
        "title: a\ntags:\n- b\n---\nbody\n",
        ({"title": "a", "tags": ["b"]}, [], BODY, 5),
    ),
    "TOML": (
        (
            '+++\ntitle = "a"\ndate = 2020-01-02T03:04:05Z\ndraft = true\nslug = 1.0\n'
            '[taxonomies]\ncategories = ["b", "c"]\ntags = ["d"]\n[extra]\nauthor = "e"\n+++\nbody\n'
        ),
        (
            {
                "title": "a",
                "published": "2020-01-02T03:04:05+00:00",
                "draft": "true",
                "slug": "1.0",
                "categories": ["b", "c"],
                "tags": ["d"],
                "authors": "e",
            },
            [],
            BODY,
            12,
        ),
    ),
    "TOML date": ("+++\ndate = 2020-01-02\n+++\n", ({"published": "2020-01-02"}, [], "", 4)),
    "TOML long number": ("+++\ntitle = 'a'\nx = " + "9" * 5000 + "\n+++\n", ({"title": "a"}, [], "", 5)),
    "TOML duplicate": ("+++\ntitle = 'a'\ntitle = 'b'\n+++\n", ({}, ["FM012 3:1"], "", 5)),
    "TOML syntax": ("\n+++\ntitle = 'a'\ntags = \n+++\n", ({}, ["FM008 4:8"], "", 6)),
    "TOML too deep": ("+++\nx = " + "[" * 40 + "]" * 40 + "\n+++\n", ({}, ["FM015 2:1"], "", 4)),
    "TOML deep keys": ("+++\n" + "a." * 30000 + "a = 1\n+++\n", ({}, ["FM015 2:1"], "", 4)),
    "TOML dots in a text": ("+++\ntitle = '" + "a." * 50 + "'\n+++\n", ({"title": "a." * 50}, [], "", 4)),
    "JSON": (
        '{"title": "a", "draft": true, "slug": 1.0, "tags": ["b", null]}\nbody\n',
        ({"title": "a", "draft": "true", "slug": "1.0", "tags": ["b", None]}, [], BODY, 2),
    ),
    "JSON duplicate": (
        '{\n "x": {"y": 1, "y": 2},\n "title": "a",\n "title": "b"\n}\nbody\n',
        ({"title": "b"}, ["FM012 2:16", "FM012 4:2"], BODY, 6),
    ),
    "JSON duplicate, escaped": ('{"title": 1, "\\u0074itle": 2}', ({"title": "2"}, ["FM012 1:14"], "", 1)),
    "JSON without an opening fence": (
        '\n"title": "a",\n"tags": ["b"]\n;;;\nbody\n',
        ({"title": "a", "tags": ["b"]}, [], "body\n", 5),
    ),
    "a quotation with a colon": ('"Quoted": he said\n\n;; no fence\n', None),
    "JSON comma": ('{\n"title": "a"\n"date": 1}\nbody\n', ({}, ["FM008 3:1"], BODY, 4)),
    "JSON surrogate": ('{"title": "\\ud800"}', ({"title": "\ufffd"}, ["FM006 1:11"], "", 1)),
    "JSON surrogate pair": ('{"title": "\\ud83d\\ude00"}', ({"title": "😀"}, [], "", 1)),
    "JSON too deep": ('{"a": ' + "[" * 40 + "]" * 40 + "}", ({}, ["FM015 1:38"], "", 1)),
    "JSON long number": ('{"title": "a", "x": ' + "9" * 5000 + "}", ({"title": "a"}, [], "", 1)),
    "JSON between semicolons": (
        ';;;\n"title": "a",\n"title": "b"\n;;;\nbody\n',
        ({"title": "b"}, ["FM012 3:1"], BODY, 5),
    ),
    "headers": (
        "Title: a: b\nDate: 2020-01-02\nTags: c, d\nAuthors: E, F; G\nSummary: one\n  two\n\nbody\n",
        (
            {
                "title": "a: b",
                "published": "2020-01-02",
                "tags": ["c", "d"],
                "authors": ["E, F", "G"],
                "summary": "one\ntwo",
            },
            [],
            BODY,
            8,
        ),
    ),
    "headers, duplicate": (
        "Title: a\nDate: b\nTitle: c\n\n",
        ({"title": "c", "published": "b"}, ["FM012 3:1"], "", 5),
    ),
    "headers, full-width": ("Title: a\nDate：b\n\n", ({"title": "a"}, ["FM019 2:5"], "Date：b\n\n", 2)),
    "headers, empty": ("Title:\nDate: b\n\nbody\n", ({"title": None, "published": "b"}, [], BODY, 4)),
}


@pytest.mark.parametrize(("text", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(text: str, expected: tuple[dict[str, Value], list[str], str, int] | None) -> None:
    found = parse.read(text, file="a.md")
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert (values(found), faults(found), text[found.body_offset :], found.body_line) == expected


UNCLOSED = {
    "---\ntitle: a\n": ("FM002 1:1", "---"),
    "\n\n---\ntitle: a\n--\n": ("FM002 3:1", "---"),
    "---": ("FM002 1:1", "---"),
    "+++\ntitle = 'a'\n---\n": ("FM002 1:1", "+++"),
    '{"title": "a"': ("FM002 1:1", "}"),
    ";;;\n": ("FM002 1:1", ";;;"),
}


@pytest.mark.parametrize("text", UNCLOSED)
def test_front_matter_without_an_end(text: str) -> None:
    found = read(text)
    expected, fence = UNCLOSED[text]
    assert faults(found) == [expected]
    assert f"`{fence}`" in found.problems[0].hint
    assert found.fields == {}
    assert (found.body_offset, found.body_line) == (0, 1)


@pytest.mark.parametrize("text", [*UNCLOSED, "---\ntitle: a\n---", "Title: a\nDate: b"])
def test_the_first_part_of_a_file_may_not_hold_the_end(text: str) -> None:
    (fault,) = faults(read(text, whole=False))
    assert fault.startswith("FM016")


@pytest.mark.parametrize("filler", ["x", "汉", "😀"])
def test_front_matter_is_limited_to_64_kib(filler: str) -> None:
    size = len(filler.encode())
    fits = (files.HEAD_SIZE - len("---\nt: \n---\n")) // size
    assert faults(read(f"---\nt: {filler * fits}\n---\nbody")) == []
    assert faults(read(f"---\nt: {filler * (fits + 1)}\n---\nbody")) == ["FM016 1:1"]


# dialect, front matter → canonical field, its value, the key it came from
MEANINGS: list[tuple[str, str, str, Value, str]] = [
    ("hexo", "categories: a b", "categories", "a b", "categories"),
    ("jekyll", "categories: a  b", "categories", ["a", "b"], "categories"),
    ("jekyll", "categories: [a b, c]", "categories", ["a b", "c"], "categories"),
    ("jekyll", "category: a b\ncategories: c", "categories", "a b", "category"),
    ("jekyll", "tags: a b", "tags", ["a", "b"], "tags"),
    ("jekyll", "published: false", "visible", "false", "published"),
    ("hexo", "tags: a, b", "tags", "a, b", "tags"),
    ("pelican", "tags: a, b", "tags", ["a", "b"], "tags"),
    ("pelican", "author: A, B", "authors", "A, B", "author"),
    ("eleventy", "tags: [a]", "categories", ["a"], "tags"),
    ("eleventy", "tags: [a]\ncategory: b", "categories", "b", "category"),
    ("hugo", "publishDate: 2020-01-02", "due", "2020-01-02", "publishDate"),
    ("hugo", "publishDate: a\ncreated: b", "published", "a", "publishDate"),
    ("hexo", "publishDate: a\ncreated: b", "published", "b", "created"),
    ("hexo", "date:\npubDate: a", "published", "a", "pubDate"),
    ("hexo", "date: ''\ncreated: []\npubDate: {}", "published", None, "date"),
    ("hugo", "lastmod: a\nupdated: b", "updated", "a", "lastmod"),
    ("hexo", "lastmod: a\nupdated: b", "updated", "b", "updated"),
    ("hexo", "dateModified: a", "updated", "a", "dateModified"),
    ("hexo", "description: a\nexcerpt: b", "summary", "b", "excerpt"),
    ("jekyll", "description: a\nexcerpt: b", "summary", "a", "description"),
    ("hugo", "description: a\nsummary: b", "summary", "b", "summary"),
    ("zola", "taxonomies: {categories: [a]}\ncategories: b", "categories", ["a"], "taxonomies.categories"),
    ("hexo", "taxonomies: {tags: [a]}", "tags", ["a"], "taxonomies.tags"),
    ("hexo", "url: a\npermalink: b", "permalink", "b", "permalink"),
    ("hugo", "url: a\npermalink: b", "permalink", "a", "url"),
    ("hexo", "unpublishDate: a", "expires", "a", "unpublishDate"),
    ("hexo", "EXPIRYDATE: a", "expires", "a", "EXPIRYDATE"),
    ("hexo", "id: 5", "guid", "5", "id"),
]


@pytest.mark.parametrize(("dialect", "source", "name", "value", "key"), MEANINGS)
def test_meanings(dialect: str, source: str, name: str, value: Value, key: str) -> None:
    found = read(FENCED.format(source), dialect)
    assert (found.fields[name].value, found.fields[name].key) == (value, key)
    assert found.problems == ()


def test_pictures_come_in_order_and_only_where_they_say_something() -> None:
    source = "top_img: false\ncover: true\nimage: c\nheadimg:\nextra: {banner: e}\nthumbnail: a\nphotos: [d]"
    assert [at.key for at in read(FENCED.format(source)).pictures] == [
        "thumbnail",
        "cover",
        "image",
        "top_img",
        "photos",
        "extra.banner",
    ]


def test_keys_of_tables_have_places_of_their_own() -> None:
    sources = {
        "---\ntaxonomies:\n  tags: [a]\n---\n": (3, 3, 3, 9),
        "+++\n[taxonomies]\n  tags = ['a']\n+++\n": (3, 3, 3, 10),
        '{\n "taxonomies": {\n  "tags": ["a"]}}\n': (3, 3, 3, 11),
    }
    for source, places in sources.items():
        at = read(source).fields["tags"]
        assert (at.line, at.column, at.value_line, at.value_column) == places


def test_an_alias_bomb_is_refused_at_once() -> None:
    rows = ["a0: &a0 [" + "x, " * 9 + "]"]
    rows += [f"a{n}: &a{n} [" + f"*a{n - 1}, " * 9 + "]" for n in range(1, 10)]
    text = FENCED.format("\n".join(rows))
    (problem,) = read(text).problems
    assert (problem.code, problem.line) == ("FM014", 6)


BOMBS = {
    "[": ("---\n{}\n---\n", "[" * 50_000, "FM015"),
    "{": ("---\n{}\n---\n", "{" * 50_000, "FM015"),
    "- ": ("---\n{}\n---\n", "- " * 25_000, "FM015"),
    "? ": ("---\n{}\n---\n", "? " * 25_000, "FM015"),
    "toml": ("+++\na = {}\n+++\n", "[" * 50_000, "FM015"),
    "json": ('{{"a": {}}}', "[" * 30_000 + "]" * 30_000, "FM015"),
}


@pytest.mark.parametrize(("frame", "bomb", "code"), BOMBS.values(), ids=BOMBS.keys())
def test_nesting_cannot_kill_the_process(frame: str, bomb: str, code: str) -> None:
    script = (
        "import sys; from feedwright.articles.front_matter import parse as front;"
        "found = front.read(sys.stdin.read(), file='a.md');"
        "print(*[p.code for p in found.problems])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=frame.format(bomb),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [code], "")


JUNK = [
    *("a: 1\n", "\n", " ", "a,", "- a\n", "? - ", "!x a: b\n", "&a a: *a\n"),
    *('"', '"\\', "'", "a: b: ", "titl：", "k", "a.", "a=1\n"),
]
FRAMES = [
    "---\n{}\n---\n",
    "---\n[{}]\n---\n",
    "+++\n{}\n+++\n",
    '{{"a":"{}',
    "Title: x\n{}\n\n",
    "---\n\n{}",
]


def _seconds(text: str) -> float:
    begun = time.process_time()
    found = parse.read(text, file="a.md")
    assert found is None or len(found.problems) <= 101
    return time.process_time() - begun


@pytest.mark.parametrize("junk", JUNK)
def test_repetition_takes_no_quadratic_time(junk: str) -> None:
    for frame in FRAMES:
        few, many = (frame.format(junk * (size // len(junk))) for size in (15_000, 60_000))
        assert _seconds(many) < 12 * max(_seconds(few), 0.01)


PIECES = st.sampled_from(
    [
        *("---\n", "+++\n", ";;;\n", "...\n", "\n", " ", "\t", "title", "date", "tags", "a"),
        *(
            "{",
            "}",
            "[",
            "]",
            '"',
            "'",
            ": ",
            ":",
            "：",
            "- ",
            "=",
            ",",
            "# ",
            "| ",
            "&a",
            "*a",
            "!x ",
            "<<",
            "~",
        ),
        *("\\ud800", "\x7f", "\u2028", "\ufeff"),
    ]
)
ANYTHING = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=40).map(lambda pieces: "---\n" + "".join(pieces) + "\n---\n"),
    st.lists(PIECES, max_size=40).map(lambda pieces: "+++\n" + "".join(pieces) + "\n+++\n"),
    st.lists(PIECES, max_size=40).map(lambda pieces: '{"' + "".join(pieces) + "}"),
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=ANYTHING, dialect=st.sampled_from(sorted(GENERATORS)), whole=st.booleans())
@example(text="---\ntitle: \ud800\n---\n", dialect="hexo", whole=True)
def test_no_text_raises_and_every_place_is_in_it(text: str, dialect: str, whole: bool) -> None:
    found = parse.read(text, file="a.md", dialect=dialect, whole=whole)
    if found is None:
        return
    assert 0 <= found.body_offset <= len(text)
    assert found.body_line == 1 + text.count("\n", 0, found.body_offset)
    lines = text.split("\n")
    places = [(p.line, p.column) for p in found.problems]
    for at in (*found.fields.values(), *found.pictures):
        places += [(at.line, at.column), (at.value_line, at.value_column)]
    for number, column in places:
        assert 1 <= number <= len(lines)
        assert 1 <= column <= len(lines[number - 1]) + 2


# line ends of YAML 1.1, which PyYAML writes as they are, become spaces; a BOM is lost when PyYAML writes
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\x85\u2028\u2029"), max_size=30)


@settings(max_examples=200, deadline=None)
@given(table=st.dictionaries(st.from_regex(r"kk[a-z]{2,6}", fullmatch=True), TEXTS, min_size=1, max_size=6))
def test_what_yaml_and_json_write_is_read_as_the_same_texts(table: dict[str, str]) -> None:
    for reader, source in (
        (read_yaml, yaml.safe_dump(table, allow_unicode=True)),
        (read_yaml, yaml.safe_dump(table, default_style='"')),
        (read_json, json.dumps(table)),
    ):
        raw = RawFields(file="a.md")
        reader(source, raw)
        assert [p for p in raw.problems if p.severity == "error"] == []
        assert {key: at.value for key, at in raw.fields.items()} == table


def test_the_position_of_every_key_is_where_the_key_stands() -> None:
    lines = ["title: a", '"date": b', "'tags':", "  - c", "key with space: d"]
    raw = RawFields(file="a.md", line=3)
    read_yaml("\n".join(lines), raw)
    assert len(raw.fields) == 4
    for at in raw.fields.values():
        assert lines[at.line - 3][at.column - 1 :].lstrip("\"'").startswith(at.key)


def test_without_libyaml_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from feedwright.articles.front_matter import yaml_fields

    monkeypatch.setattr(yaml_fields, "Loader", yaml.SafeLoader)
    # PyYAML's own parser takes no tab after a colon, and escapes of surrogates as they are
    for name in YAML_FAULTS.keys() - {"27 tab between", "11 surrogate"}:
        source, expected, fields = YAML_FAULTS[name]
        found = read(FENCED.format(source))
        assert [p.code for p in found.problems] == [fault.strip("~").split()[0] for fault in expected], name
        assert values(found) == fields, name
