"""Slugs are a part of the URL contract: the golden table never changes, and two labels never share one."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedwright.feeds.slugs import SEPARATOR, assign, is_slug_path, repaired, slug
from feedwright.text import caseless, fold_label, tidy_label
from paths import DATA

if TYPE_CHECKING:
    import random

GOLDEN: dict[str, str] = json.loads((DATA / "slugs.json").read_text(encoding="utf-8"))
RESERVED = [
    "all",
    "index",
    "feed",
    "feeds",
    "tags",
    "authors",
    "rss",
    "atom",
    "opml",
    "page",
    "con",
    "prn",
    "aux",
    "nul",
    "com1",
    "com9",
    "lpt1",
    "lpt9",
]
_NAMES = st.sampled_from(
    ["C", "C++", "C#", "c c", "foo bar", "foo-bar", "!!!", "???", "tags", "Python", "技术", "I", "ı"]
)
_LABELS = _NAMES | st.text(max_size=12)
_PATHS = st.lists(
    st.lists(_LABELS, min_size=1, max_size=3).map(tuple),
    max_size=8,
    unique_by=lambda p: tuple(map(fold_label, p)),
)


def test_golden_table_is_large_enough() -> None:
    assert len(GOLDEN) >= 60


@pytest.mark.parametrize(("label", "expected"), GOLDEN.items())
def test_slug_is_frozen(label: str, expected: str) -> None:
    assert slug(label) == expected


@given(st.text(max_size=200) | st.text(alphabet="e\u0301 汉A-", max_size=200))
@example("\ud800")
def test_slug_is_total_and_safe(label: str) -> None:
    made = slug(label)
    assert made
    assert made not in RESERVED
    assert len(made.encode()) <= 89
    assert not made.startswith("-")
    assert not made.endswith("-")
    assert "--" not in made
    assert all(c == "-" or unicodedata.category(c)[0] in "LNM" for c in made)
    assert unicodedata.category(made[0])[0] != "M"
    assert made == caseless(made) == unicodedata.normalize("NFKC", made)
    assert slug(fold_label(label)) == slug(tidy_label(label)) == made


@given(st.text(max_size=40))
def test_slug_of_a_slug_is_itself(label: str) -> None:
    made = slug(label)
    if len(made.encode()) <= 80:
        assert slug(made) == made


def test_reserved_names_are_never_slugs() -> None:
    assert [slug(name.upper()) for name in RESERVED] == [f"{name}-cat" for name in RESERVED]


@pytest.mark.parametrize(
    "path",
    ["", "Tea", "a/", "/a", "a b", "a.b", "tags", "tags/", "a/tags/b", "-a", "a\0", "\ufdd0", "a" * 99],
)
def test_what_is_no_slug_path(path: str) -> None:
    assert not is_slug_path(path)


def test_a_path_that_is_endless_is_refused_at_once() -> None:
    assert not is_slug_path("\u0344" * 1_000_000)  # normalized, it would take minutes


@pytest.mark.parametrize("label", ["e\u0323\u0301" * 40, "नि" * 40, "汉" * 40, "x" + "ก\u0e31" * 20])
def test_cut_leaves_no_base_without_its_marks(label: str) -> None:
    kept = slug(label)[:-9]
    whole = unicodedata.normalize("NFKC", label)
    assert whole.startswith(kept)
    assert unicodedata.category(whole[len(kept)])[0] != "M"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Alpha", "ALPHA", True),
        ("cafe\u0301", "CAFÉ", True),
        ("  Foo \t\n Bar ", "foo bar", True),
        ("foo bar", "foo-bar", False),
        ("Straße", "STRASSE", True),
        ("I", "ı", False),
        ("zero\u200bwidth", "zerowidth", True),
        ("می\u200cخواهم", "میخواهم", True),
        ("❤\ufe0f", "❤", True),
        ("\u202eevil", "evil", True),
        ("C", "C++", False),
        ("Ｃ", "C", False),
        ("a\u0000b", "ab", True),
    ],
)
def test_fold(one: str, other: str, same: bool) -> None:
    assert (fold_label(one) == fold_label(other)) is same


@given(st.text(max_size=40))
def test_fold_and_tidy_are_idempotent_and_agree(label: str) -> None:
    assert fold_label(fold_label(label)) == fold_label(label)
    assert tidy_label(tidy_label(label)) == tidy_label(label)
    assert fold_label(tidy_label(label)) == fold_label(label)
    assert SEPARATOR not in tidy_label(label)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("  Foo \t\n Bar ", "Foo Bar"),
        ("cafe\u0301", "café"),
        ("\u202eevil\u202c", "evil"),
        ("\ufeffbom\u200b", "bom"),
        ("a\u0000b\u0085c\ufffe", "ab c"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("\u200d\u200c", ""),
        ("\u3164", ""),
    ],
)
def test_tidy(label: str, shown: str) -> None:
    assert tidy_label(label) == shown


@pytest.mark.parametrize(
    ("label", "leaf", "code"),
    [
        ("Tech", "tech", ""),
        ("x" * 300, slug("x" * 300), "CAT004"),
        ("🎉", slug("🎉"), "CAT005"),
        ("Tags", "tags-cat", "CAT006"),
        ("C++", "c-1a2b3c4d", "CAT007"),
    ],
)
def test_repairs_have_codes(label: str, leaf: str, code: str) -> None:
    assert repaired(label, leaf) == code


def _assign(
    *paths: tuple[str, ...], taken: dict[str, str] | None = None, fixed: dict[str, str] | None = None
) -> dict[tuple[str, ...], str]:
    return dict(assign(paths, taken=taken or {}, fixed=fixed or {}))


def test_first_by_code_point_has_the_plain_slug() -> None:
    found = _assign(("C++",), ("C#",), ("C",))
    assert found[("C",)] == "c"
    assert found[("C#",)].startswith("c-")
    assert found[("C++",)].startswith("c-")
    assert len(set(found.values())) == 3


def test_remembered_owner_keeps_the_slug() -> None:
    assert _assign(("C",), ("C++",), taken={"c": "C++"})[("C++",)] == "c"
    assert (
        _assign(("C",), taken={"c": "C++"})[("C",)] != "c"
    )  # though its owner is gone, its subscribers are not
    assert _assign(("ALPHA",), taken={"a-b-c": "alpha"}) == {("ALPHA",): "a-b-c"}


def test_hashed_slug_is_kept_when_the_rival_has_gone() -> None:
    both = _assign(("C",), ("C++",))
    memory = {path: SEPARATOR.join(labels) for labels, path in both.items()}
    assert _assign(("C++",), taken=memory)[("C++",)] == both[("C++",)]


@pytest.mark.parametrize(
    ("paths", "taken", "expected"),
    [
        ([("C++",)], {}, {("C++",): "cpp"}),
        ([("C++",)], {"c": "C++"}, {("C++",): "cpp"}),
        ([("c++",), ("CPP",)], {"cpp": "CPP"}, {("CPP",): "cpp"}),  # the other is still there
        ([("C++",)], {"cpp": "CPP"}, {("C++",): "cpp"}),  # a renamed category may inherit
        ([("Lang", "C++")], {}, {("Lang",): "lang", ("Lang", "C++"): "lang/c"}),  # a key is a whole path
        ([("Lang", "Go")], {}, {("Lang", "Go"): "lang/golang"}),
        ([("C++",), ("CPP",)], {}, {("C++",): "cpp"}),
    ],
)
def test_settings_give_slugs(
    paths: list[tuple[str, ...]], taken: dict[str, str], expected: dict[tuple[str, ...], str]
) -> None:
    found = _assign(*paths, taken=taken, fixed={"C++": "CPP", "lang/go": "golang"})
    assert expected.items() <= found.items()
    assert len(set(found.values())) == len(found)


def test_children_nest_below_their_parent() -> None:
    found = _assign(("Tech", "Python"), ("Tech", "C"), ("tech", "c#"), ("C",))
    assert found[("Tech",)] == found[("tech",)] == "tech"
    assert found[("Tech", "Python")] == "tech/python"
    assert found[("Tech", "C")] == "tech/c"
    assert found[("C",)] == "c"
    assert found[("tech", "c#")].startswith("tech/c-")


def test_children_move_with_their_parent_and_keep_their_own_name() -> None:
    taken = {"tech": "Tech", "tech/py": f"Tech{SEPARATOR}Python"}
    found = _assign(("Tech", "Python"), taken=taken, fixed={"Tech": "technology"})
    assert found[("Tech", "Python")] == "technology/py"


def test_label_written_like_a_rivals_hashed_slug() -> None:
    rival = _assign(("C",), ("C++",))[("C++",)]
    found = _assign(("C",), ("C++",), (rival,), (rival.replace("-", " "),))
    assert len(set(found.values())) == 4


def test_hashed_slug_that_the_record_gave_to_another() -> None:
    hashed = _assign(("C",), ("C++",))[("C++",)]
    found = _assign(("C",), ("C++",), taken={hashed: "somebody else"})
    assert found[("C++",)].startswith("c-")
    assert found[("C++",)] != hashed


@settings(max_examples=60)
@given(_PATHS, st.dictionaries(_LABELS, _LABELS, max_size=3), st.randoms(use_true_random=False))
def test_assign_is_injective_nested_and_independent_of_order(
    paths: list[tuple[str, ...]], fixed: dict[str, str], chance: random.Random
) -> None:
    found = _assign(*paths, fixed=fixed)
    shuffled = paths[:]
    chance.shuffle(shuffled)
    assert _assign(*shuffled, fixed=fixed) == found
    assert set(paths) <= set(found)
    by_key = {tuple(map(fold_label, path)): made for path, made in found.items()}
    assert len({caseless(made) for made in by_key.values()}) == len(by_key)
    for path, made in found.items():
        assert len(path) == 1 or made.rpartition("/")[0] == found[path[:-1]]
        assert made.count("/") == len(path) - 1
        assert len(made.rpartition("/")[2].encode()) <= 100
        assert is_slug_path(made)
        assert is_slug_path(f"tags/{made}")


@settings(max_examples=60)
@given(_PATHS, _PATHS)
def test_what_was_assigned_once_is_kept_for_good(
    before: list[tuple[str, ...]], more: list[tuple[str, ...]]
) -> None:
    first = _assign(*before)
    memory = {made: SEPARATOR.join(map(tidy_label, path)) for path, made in first.items()}
    second = _assign(*before, *more, taken=memory)
    assert first.items() <= second.items()
