"""Fences of code as kramdown reads them (kramdown-parser-gfm): one word, and a line that closes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.rules_block import fence as any_fence

from feedwright.bodies.markdown.lines import begins_with, line_of

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_FENCES = ("```", "~~~")
_OPENING = re.compile(r"(`{3,}+|~{3,}+)[ \t]*+\S*+[ \t]*+")


def fence(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Read a block of code; what has more words after its fence, or is never closed, is text."""
    if not begins_with(state, startLine, _FENCES):
        return False
    opening = _OPENING.fullmatch(line_of(state, startLine))
    if opening is None or not _is_closed(state, opening[1], startLine, endLine):
        return False
    return any_fence(state, startLine, endLine, silent)


def _is_closed(state: StateBlock, signs: str, start: int, end: int) -> bool:
    """Tell whether a line of its block closes a fence; that none does is remembered for those after."""
    unclosed = state.env.setdefault("unclosed fences", {})
    kind = (signs[0], end, state.blkIndent)
    length, until = unclosed.get(kind, (0, 0))
    if start < until and len(signs) >= length:
        return False
    number = start + 1
    while number < end and (state.isEmpty(number) or state.sCount[number] >= state.blkIndent):
        line = line_of(state, number)
        is_code = state.sCount[number] - state.blkIndent >= 4
        if line.startswith(signs) and not is_code and not line.strip(signs[0]).strip():
            return True
        number += 1
    unclosed[kind] = len(signs), number
    return False
