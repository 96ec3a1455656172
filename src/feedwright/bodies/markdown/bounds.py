"""Limits of Markdown: what takes its parsers time by the square of a paragraph's length is refused before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedwright.bodies.limits import RefusedError
from feedwright.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_SMALL = 4096
"""Characters of a paragraph in which nothing takes long."""

_STEPS = 2_000_000
"""The most marks that may be gone over to look for the ends of brackets, in all paragraphs together."""

_LINES = 200_000_000
_MARKS = 5_000_000_000
"""The same for Python-Markdown: characters of a block for each of its lines, and for each of its marks."""

_TAGS = 50_000_000
_OPEN_TAG = lazy_pattern(r"<[A-Za-z!?/](?=[^<>]*+(?:<|\Z))")
_MARK = lazy_pattern(r"\\.|[^\w\s]")


def brackets_plugin(md: MarkdownIt) -> None:
    """Refuse paragraphs in which a parser looks for the ends of brackets again and again."""
    md.core.ruler.before("inline", "brackets", _check_brackets)


def _check_brackets(state: StateCore) -> None:
    _refuse_brackets(token.content for token in state.tokens if token.type == "inline")


def _refuse_brackets(paragraphs: Iterable[str]) -> None:
    steps = 0
    for paragraph in paragraphs:
        if len(paragraph) > _SMALL and "[" in paragraph:
            steps += bracket_steps(paragraph)
            if steps > _STEPS:
                hint = "put a backslash before `[` where it begins no link, or make code of the text"
                raise RefusedError("MD001", "a paragraph has too many brackets that are never closed", hint)


def bracket_steps(text: str) -> int:
    """Return how many marks there are between opening brackets and their closing ones, else the end."""
    steps = marks = 0
    opened: list[int] = []
    for mark in _MARK.findall(text):
        marks += 1
        if mark == "[":
            opened.append(marks)
        elif mark == "]" and opened:
            steps += marks - opened.pop()
    return steps + sum(marks - start for start in opened)


def check_blocks(lines: Iterable[str]) -> None:
    """Raise `RefusedError` for blocks, with blank lines between, that are too long for Python-Markdown."""
    by_lines = by_marks = 0
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    _refuse_brackets(blocks)
    for block in blocks:
        if len(block) > _SMALL:
            by_lines += len(block) * block.count("\n")
            by_marks += len(block) * len(_MARK.findall(block))
    if by_lines > _LINES or by_marks > _MARKS:
        raise RefusedError("MD001", "a paragraph is too long for Python-Markdown", "put blank lines into it")


def check_tags(lines: Iterable[str]) -> None:
    """Raise `RefusedError` for more HTML tags without an end than html.parser reads in some seconds."""
    text = "\n".join(lines)
    if "<" in text and len(_OPEN_TAG.findall(text)) * len(text) > _TAGS:
        raise RefusedError(
            "MD001", "too many HTML tags have no `>`", "write `&lt;` for `<` where it opens no tag"
        )
