"""Categories and tags: every shape they have, and what is wrong with them, at its place."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from feedwright.articles.categories import find_tags
from matter import DAY, good, head, told
from sites import field_reader


@pytest.mark.parametrize(
    ("row", "expected", "settings"),
    [
        ("alpha", [["alpha"]], {}),
        ("a b", [["a b"]], {}),
        ("a b", [["a"], ["b"]], {"dialect": "jekyll"}),
        ("[a, b]", [["a"], ["b"]], {}),
        ("[a, b]", [["a", "b"]], {"hierarchy": "list"}),
        ("[[a, b], c]", [["a", "b"], ["c"]], {}),
        ("[[a, b], c]", [["a", "b"], ["c"]], {"hierarchy": "list"}),
        ("a/b", [["a/b"]], {}),
        ("a/b", [["a", "b"]], {"hierarchy": "/"}),
        ("[a / b, c, [d/e, f]]", [["a", "b"], ["c"], ["d/e", "f"]], {"hierarchy": "/"}),
        ("'Tech > Web'", [["Tech", "Web"]], {"hierarchy": ">"}),
        ("[1.0, true, 010, no]", [["1.0"], ["true"], ["010"], ["no"]], {}),
        ("'  A  b '", [["A b"]], {}),
        ("[Alpha, Beta, ALPHA, beta]", [["Alpha"], ["Beta"]], {}),
        ("[cafe\u0301, caf\u00e9]", [["caf\u00e9"]], {}),
        ("[]", [], {}),
        ("~", [], {}),
        ("''", [["notes"]], {"default_category": "notes"}),
        ("x", [["x"]], {"default_category": "notes"}),
    ],
)
def test_categories(row: str, expected: list[list[str]], settings: dict[str, Any]) -> None:
    own = good(f"title: a\n{DAY}\ncategories: {row}", **settings)
    assert [list(path) for path in own.categories] == expected


@pytest.mark.parametrize(
    ("row", "code", "expected"),
    [
        ("alpha, beta", "warning CAT001", ["alpha, beta"]),
        ("[a, ~, '']", "warning CAT009", ["a"]),
        ("['\u200b', a]", "warning CAT009", ["a"]),
        ('"a\\x0bb"', "warning XML001", ["ab"]),
        ('"a\\u202eb"', "warning UNI001", ["ab"]),
        ("['a\u200bb', ab]", "warning UNI001", ["ab"]),
    ],
)
def test_categories_that_are_repaired(row: str, code: str, expected: list[str]) -> None:
    found = head(f"title: a\n{DAY}\ncategories: {row}")
    assert set(told(found)) == {f"{code} 4:13"}
    assert found.article
    assert [path[0] for path in found.article.categories] == expected


def test_the_hint_for_a_text_with_commas_can_be_pasted() -> None:
    assert head(f"title: a\n{DAY}\ncategories: 'a, b,,c'").problems[0].hint == "categories: [a, b, c]"


@pytest.mark.parametrize("row", ["{a: b}", "[{a: b}]", "[[[a]]]", "[[a, [b]]]"])
def test_categories_of_another_shape_hold_the_article(row: str) -> None:
    found = head(f"title: a\n{DAY}\ncategories: {row}")
    assert told(found) == ["error CAT002 4:13"]
    assert found.article is None


def test_the_number_of_categories_is_bounded() -> None:
    many = ", ".join(f"c{n}" for n in range(65))
    assert told(head(f"title: a\n{DAY}\ncategories: [{many}]")) == ["error CAT008 4:13"]
    assert len(good(f"title: a\n{DAY}\ncategories: [{many.rpartition(',')[0]}]").categories) == 64


def test_every_level_of_a_category_counts() -> None:
    rows = ", ".join(f"[top, middle, c{n}]" for n in range(62))
    assert len(good(f"title: a\n{DAY}\ncategories: [{rows}]").categories) == 62
    found = head(f"title: a\n{DAY}\ncategories: [{rows}, [another]]")
    assert told(found) == ["error CAT008 4:13"]
    assert found.problems[0].message.startswith("65 categories with their levels")


@pytest.mark.parametrize(
    ("row", "settings"),
    [
        ("[[a, b, c, d, e, f, g, h, i]]", {}),
        ("a/b/c/d/e/f/g/h/i", {"hierarchy": "/"}),
        ("[a, b, c, d, e, f, g, h, i]", {"hierarchy": "list"}),
    ],
)
def test_the_levels_of_a_category_are_bounded(row: str, settings: dict[str, Any]) -> None:
    found = head(f"title: a\n{DAY}\ncategories: {row}", **settings)
    assert told(found) == ["warning CAT011 4:13"]
    assert found.article
    assert found.article.categories == (tuple("abcdefgh"),)


@pytest.mark.parametrize("name", ["x" * 501, "x" * 499 + " y", "a" + "\u0344" * 4000 + "\u0316" * 4000])
@pytest.mark.parametrize("key", ["categories", "tags"])
def test_a_long_label_is_cut_before_it_is_normalized(key: str, name: str) -> None:
    found = head(f"title: a\n{DAY}\n{key}: [{name}, {name}]")
    assert set(told(found)) == {f"warning LIM003 4:{len(key) + 3}"}
    assert found.article
    (label,) = [*found.article.tags, *(label for (label,) in found.article.categories)]
    assert label == unicodedata.normalize("NFC", name[:500].rstrip())


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("x", ("x",)),
        ("[x, Y, X, 'y ', ~, {a: b}, [z]]", ("x", "Y")),
        ("['\u200b', '', 1]", ("1",)),
        ("{a: b}", ()),
        ('["a\\x0bb"]', ("ab",)),
        ("~", ()),
    ],
)
def test_tags(row: str, expected: tuple[str, ...]) -> None:
    assert find_tags(field_reader(f"title: a\ntags: {row}")) == expected


def test_the_number_of_tags_is_bounded() -> None:
    found = head(f"title: a\n{DAY}\ntags: [{', '.join(f't{n}' for n in range(65))}]")
    assert told(found) == ["warning LIM004 4:7"]
    assert found.article
    assert found.article.tags == tuple(f"t{n}" for n in range(64))


def test_without_tags() -> None:
    assert find_tags(field_reader("title: a")) == ()


@pytest.mark.parametrize(
    ("path", "matter", "categories"),
    [
        ("pets/Big Fish/b.md", "", (("Big Fish",),)),
        ("pets/b.md", "categories: Birds", (("Birds",),)),
        ("b.md", "", (("misc",),)),
    ],
)
def test_the_folder_may_be_the_category(path: str, matter: str, categories: object) -> None:
    options = {"folder_categories": True, "default_category": "misc"}
    assert good(f"title: A\n{DAY}\n{matter}", path=path, **options).categories == categories
