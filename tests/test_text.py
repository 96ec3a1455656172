"""Text that feeds may carry and terminals may show."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher, get_close_matches
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedwright.text import (
    FORBIDDEN,
    IGNORED,
    count,
    fold_space,
    is_blank,
    is_legal,
    nearest,
    scrub,
    visible,
    without_ignored,
    without_overrides,
)

ANY_TEXT = st.text(st.characters())


@given(ANY_TEXT)
def test_scrubbed_text_survives_xml_and_loses_nothing_else(text: str) -> None:
    clean = scrub(text)
    element = etree.Element("x")
    element.text = clean
    assert (etree.fromstring(etree.tostring(element, encoding="unicode")).text or "") == clean
    assert len(clean) == sum(not FORBIDDEN.match(c) for c in text)
    assert scrub(clean) == clean


def test_forbidden_is_the_complement_of_char_in_xml_1_0() -> None:
    def is_char(c: int) -> bool:
        return c in (9, 10, 13) or 0x20 <= c <= 0xD7FF or 0xE000 <= c <= 0xFFFD or c >= 0x10000

    assert not [hex(c) for c in range(0x110000) if bool(FORBIDDEN.match(chr(c))) == is_char(c)]


def test_a_quick_look_finds_what_the_patterns_find() -> None:
    for text in (chr(code) for code in range(0x110000)):
        assert is_legal(text) is (FORBIDDEN.search(text) is None)
        assert without_ignored(text) == without_ignored(f"字{text}")[1:] == IGNORED.sub("", text)
        assert is_blank(text) is is_blank(f" {text}")  # which begins with no letter


def test_removed_characters_are_never_printable() -> None:
    removed = [c for c in map(chr, range(0x110000)) if FORBIDDEN.match(c) or without_overrides(c) != c]
    assert len(removed) == 29 + 2048 + 2 + 9
    assert not any(c.isprintable() for c in removed)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("  a \t\n b\u3000c\x85d\u2028e ", "a b c d e"),
        ("\u00a0a\u00a0", "a"),
        ("a\u200bb", "a\u200bb"),
    ],
)
def test_fold_space(text: str, folded: str) -> None:
    assert fold_space(text) == folded


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n\r\x0b\x85\u3000\u00a0",
        "\u200b\u200c\u200d\u2060\ufeff\u00ad",
        "\x00\x1b\x7f\x80\x9f",
        "\u202e\u2066\u061c",
        "\u3164\u115f\u1160\uffa0",
        "\ufe0f\u034f\u180e",
    ],
)
def test_invisible_text_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "0", "。", "😀", "\u0301", "\u200b.", "é"])
def test_visible_text_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain", "plain"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u202dforced\u202c", "forced"),
        ("\u2067אב\u2069 c", "\u2067אב\u2069 c"),
        ("\u202bאב\u202c c", "\u202bאב\u202c c"),
        ("open \u2067 only", "open  only"),
        ("close \u2069 only \u202c", "close  only "),
        ("\u2067mixed\u202c", "mixed"),
        ("\u2066\u2067in\u2069\u2069", "\u2066\u2067in\u2069\u2069"),
        ("\u200f\u200ekept", "\u200f\u200ekept"),
    ],
)
def test_direction_controls(text: str, safe: str) -> None:
    assert without_overrides(text) == safe


@given(st.text("ab\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_remaining_direction_controls_are_paired(text: str) -> None:
    safe = without_overrides(text)
    assert without_overrides(safe) == safe
    assert not {"\u202d", "\u202e"} & set(safe)
    assert sum(safe.count(c) for c in "\u2066\u2067\u2068") == safe.count("\u2069")
    assert sum(safe.count(c) for c in "\u202a\u202b") == safe.count("\u202c")
    assert "".join(c for c in safe if c in "ab") == "".join(c for c in text if c in "ab")


@given(ANY_TEXT)
def test_visible_text_cannot_steer_a_terminal(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 中文 é", "plain 中文 é"),
        ("\x1b[31m\n", "\\x1b[31m\\n"),
        ("a\udcff", "a\\udcff"),
        ("\u202e", "\\u202e"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("number", "noun", "plural", "text"),
    [(1, "draft", "", "1 draft"), (0, "draft", "", "0 drafts"), (2, "entry", "entries", "2 entries")],
)
def test_count(number: int, noun: str, plural: str, text: str) -> None:
    assert count(number, noun, plural) == text


def test_the_nearest_name() -> None:
    assert nearest("dialct", ["dialect", "dial", "title"]) == "dialect"
    assert nearest("dialct", ["title"]) == nearest("x", []) == ""
    assert nearest("dialct", ["dial"], cutoff=0.9) == ""


@given(st.text("ab", max_size=12), st.lists(st.text("ab", max_size=12), max_size=5))
def test_few_names_are_all_compared(word: str, names: list[str]) -> None:
    assert [nearest(word, names)] == (get_close_matches(word, names, n=1, cutoff=0.6) or [""])


def test_of_many_long_names_few_are_compared_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    ratio = SequenceMatcher.ratio

    def counted(matcher: Any) -> float:
        compared.append(len(matcher.a) * len(matcher.b))
        return ratio(matcher)

    monkeypatch.setattr(SequenceMatcher, "ratio", counted)
    names = [f"{number:012b}".replace("0", "a").replace("1", "b") * 20 for number in range(4000)]
    assert nearest(names[7][1:], names) in names
    assert 0 < len(compared) <= 5
    assert max(compared) <= 60 * 60
