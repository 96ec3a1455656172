"""Tables as kramdown has them: lines with `|`, after a blank one; no separator line is needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedwright.bodies.code_spans import code_spans
from feedwright.bodies.markdown.lines import is_after_boundary, line_of

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_SEPARATOR = re.compile(r"(?=[+|: \t]*+-)[+|: \t-]++$")
_PIPE = re.compile(r"(?<!\\)\|")


def table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Read a table."""
    if state.src.find("|", state.bMarks[startLine], state.eMarks[startLine]) < 0:
        return False
    if state.is_code_block(startLine) or not is_after_boundary(state, startLine):
        return False
    lines: list[str] = []
    for line in range(startLine, endLine):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            break
        text = line_of(state, line)
        if not _PIPE.search(_without_code(text)) and not _SEPARATOR.match(text):
            if text.startswith("{:"):
                break
            return False
        lines.append(text)
    if all(_SEPARATOR.match(text) for text in lines):
        return False
    if not silent:
        _push_table(state, lines, startLine)
        state.line = startLine + len(lines)
    return True


def _without_code(text: str) -> str:
    """The text with blanks in the place of code."""
    parts: list[str] = []
    position = 0
    for start, end in code_spans(text):
        parts += [text[position:start], " " * (end - start)]
        position = end
    return "".join([*parts, text[position:]])


def _cells(text: str) -> list[str]:
    """The cells of a row; pipes in code and after a backslash separate nothing."""
    bare = _without_code(text)
    ends = [*(found.start() for found in _PIPE.finditer(bare)), len(text)]
    starts = [0, *(end + 1 for end in ends)]
    cells = [text[start:end].strip().replace("\\|", "|") for start, end in zip(starts, ends, strict=False)]
    if text.startswith("|"):
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return cells


def _push_table(state: StateBlock, lines: list[str], first: int) -> None:
    head = next((number for number, text in enumerate(lines) if number and _SEPARATOR.match(text)), 0)
    if _SEPARATOR.match(lines[0]):
        head = 0
    state.push("table_open", "table", 1)
    for number, text in enumerate(lines):
        if number in (0, head):
            if number:
                state.push("thead_close", "thead", -1)
            group = "thead" if head and not number else "tbody"
            state.push(f"{group}_open", group, 1)
        if not _SEPARATOR.match(text):
            _push_row(state, _cells(text), "th" if number < head else "td", first + number)
    state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)


def _push_row(state: StateBlock, cells: list[str], cell: str, line: int) -> None:
    state.push("tr_open", "tr", 1)
    for content in cells:
        state.push(f"{cell}_open", cell, 1)
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = content, [line, line + 1], []
        state.push(f"{cell}_close", cell, -1)
    state.push("tr_close", "tr", -1)
