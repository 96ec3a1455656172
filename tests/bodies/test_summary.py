"""Summaries: plain text is cut where a person would stop."""

from __future__ import annotations

import subprocess
import sys

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwright.bodies import summary
from feedwright.text import is_within

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
CASES = [
    ("short", 200, "short"),
    ("  short ", 200, "short"),
    ("一二三四。五六七八。九十", 10, "一二三四。五六七八。"),
    ("一二三四！”五六七八九十", 10, "一二三四！”"),
    ("一二三四五，六七八九十一二三", 10, "一二三四五…"),
    ("一二三四五六七八九十一二三", 10, "一二三四五六七八九十…"),
    ("First one is here. Second goes on", 25, "First one is here."),
    ("He said “stop.” Then left again", 20, "He said “stop.”"),
    ("Version 3.14159 has more", 12, "Version…"),
    ("We saw example.org/a.b.c again", 15, "We saw…"),
    ("one two three four", 9, "one two…"),
    ("one two three four", 7, "one two…"),
    ("a, b, c, d, e, f", 8, "a, b, c…"),
    ("A. " + "x" * 30, 20, "A. " + "x" * 17 + "…"),
    (FAMILY * 4, 12, FAMILY * 2 + "…"),
    ("e\u0301" * 20, 11, "e\u0301" * 5 + "…"),
    (
        "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}" * 5,
        3,
        "\U0001f1e9\U0001f1ea…",
    ),
    ("x" + "\u0301" * 50, 10, "x" + "\u0301" * 50),
    ("x" + "\u0301" * 50 + "yz", 10, "x" + "\u0301" * 50 + "…"),
]


@pytest.mark.parametrize(("text", "limit", "expected"), CASES)
def test_cut(text: str, limit: int, expected: str) -> None:
    assert summary.cut(text, limit) == expected


ALPHABET = st.one_of(
    st.sampled_from("ab 。，.,!?“”…éかナ\u3099\u0301\u200d\U0001f468\U0001f1e9"), st.characters(codec="utf-8")
)


@settings(max_examples=300)
@given(st.text(ALPHABET, max_size=60), st.integers(1, 30))
def test_a_cut_keeps_whole_clusters_of_the_beginning(text: str, limit: int) -> None:
    kept = summary.cut(text, limit)
    assert kept == summary.cut(kept, limit) or kept.endswith("…")
    body = kept.removesuffix("…") if len(text.strip()) > limit else kept
    assert text.strip().startswith(body)
    if len(text.strip()) > limit:
        clusters = regex.findall(r"\X", text.strip())
        assert any(
            len("".join(clusters[:count]).rstrip(" ，,.!?。”")) <= len(body) for count in range(len(clusters))
        )
        assert len(kept) <= max(limit, len(clusters[0])) + 1


def test_between_plain_characters_there_is_always_a_boundary() -> None:
    plain = [chr(code) for code in range(0x110000) if is_within(chr(code), summary._PLAIN)]
    assert len(plain) > 27_000
    for text in ("".join(plain), "".join(reversed(plain))):
        assert regex.findall(r"\X", text) == [*text]


def test_ordinary_text_is_cut_without_loading_the_cluster_library() -> None:
    code = (
        "import sys; from feedwright.bodies import summary;"
        "assert len(summary.cut('没有标点' * 100)) == 201 and len(summary.cut('word ' * 100)) < 202;"
        "assert summary.cut('他说：“好。”“好吧。”' * 100).endswith('。”');"
        "assert len(summary.cut('日本語のテキスト“é' * 100)) == 201;"
        "assert 'regex' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
