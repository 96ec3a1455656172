"""Lines of Markdown while its blocks are parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_BEGINNINGS = frozenset({"blockquote_open", "contents_list", "dd_open", "list_item_open"})


def line_of(state: StateBlock, line: int) -> str:
    """Return a line without the indentation and the marks before it."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def begins_with(state: StateBlock, line: int, signs: str | tuple[str, ...]) -> bool:
    """Tell whether a line begins with some signs: for rules that are asked about every line."""
    return state.src.startswith(signs, state.bMarks[line] + state.tShift[line], state.eMarks[line])


def marks_length(state: StateBlock, line: int) -> int:
    """Return how long the marks of quotations are before a line."""
    return state.bMarks[line] - state.src.rfind("\n", 0, state.bMarks[line])


def is_after_boundary(state: StateBlock, line: int) -> bool:
    """Tell whether a line is the first of its container, or comes after a blank one."""
    previous = state.tokens[-1].type if state.tokens else "blockquote_open"
    return previous in _BEGINNINGS or not line or state.isEmpty(line - 1)
