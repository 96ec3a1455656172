"""Blocks between `::: name` and `:::` in Markdown, as markdown-it-container and Pandoc read them.

What follows the name is shown before the block. Where each may end is looked up, not looked for: the
plug-in of mdit_py_plugins goes over the rest of the text for every opening line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import escape
from typing import TYPE_CHECKING

from feedwright.bodies.markdown.lines import begins_with, line_of, marks_length

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

_OPENING = re.compile(r"(:{3,}+)[ \t]*+(?:\{[^{}]*+\}|([\w-]++)[ \t]*+([^\n]*?))[ \t:]*")
_LONGEST = 20
"""Colons of which more make no difference."""

_FOLDED = frozenset({"details", "folding", "spoiler"})
_ENDS = "ends of containers"
_OUTDENTS = "lines that end what containers stand in"


def containers_plugin(md: MarkdownIt) -> None:
    """Read containers; what is never closed ends with what it stands in."""
    md.block.ruler.before(
        "fence", "container", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _container(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    if not begins_with(state, startLine, ":::") or state.is_code_block(startLine):
        return False
    opening = _OPENING.fullmatch(line_of(state, startLine))
    if opening is None or silent:
        return opening is not None
    end, is_closed = _end(state, min(len(opening[1]), _LONGEST), startLine, endLine)
    name, title = opening[2] or "", escape(opening[3] or "")
    is_folded = name in _FOLDED
    tag = "details" if is_folded else "div"
    state.push("container_open", tag, 1).map = [startLine, end]
    if title:
        shown = f"<summary>{title}</summary>" if is_folded else f"<p><strong>{title}</strong></p>"
        state.push("html_block", "", 0).content = f"{shown}\n"
    parent, last = state.parentType, state.lineMax
    state.lineMax = end  # no paragraph goes on after it
    state.md.block.tokenize(state, startLine + 1, end)
    state.parentType, state.lineMax = parent, last
    state.push("container_close", tag, -1)
    state.line = end + is_closed
    return True


def _end(state: StateBlock, length: int, start: int, stop: int) -> tuple[int, bool]:
    """The line that ends a container with so many colons, and whether it closes it."""
    found = stop = _outdent(state, start, stop)
    for lines in _ends(state, start)[length:]:
        at = bisect_right(lines, start)
        if at < len(lines) and lines[at] < found:
            found = lines[at]
    return found, found < stop


def _ends(state: StateBlock, start: int) -> list[list[int]]:
    """The lines from `start` that are nothing but colons, by the number of these.

    They are the same for all lines of what has the same marks before each line, such as a quotation.
    """
    known: dict[int, tuple[int, int, list[list[int]]]] = state.env.setdefault(_ENDS, {})
    marks = marks_length(state, start)
    first, last, ends = known.get(marks, (0, 0, []))
    if first <= start < last:
        return ends
    ends = [[] for _ in range(_LONGEST + 1)]
    for line in range(start, state.lineMax):
        if begins_with(state, line, ":::"):
            text = line_of(state, line).rstrip(" \t")
            if not text.strip(":"):
                ends[min(len(text), _LONGEST)].append(line)
    known[marks] = start, state.lineMax, ends
    return ends


def _outdent(state: StateBlock, start: int, stop: int) -> int:
    """The next line that goes on lazily, or after an item; it is the same for all lines up to there."""
    known: dict[tuple[int, int], tuple[int, int]] = state.env.setdefault(_OUTDENTS, {})
    place = state.blkIndent, marks_length(state, start)
    first, last = known.get(place, (0, 0))
    if not first <= start < last:
        last = start + 1
        while last < stop and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent):
            last += 1
        known[place] = start, last
    return min(last, stop)
