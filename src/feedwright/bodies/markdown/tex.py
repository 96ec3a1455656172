"""TeX in Markdown reaches readers letter by letter."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from feedwright.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_CLOSING = {"$$": "$$", "\\[": "\\]", "\\(": "\\)", "$": "$"}
_LONGEST = {"$$": 10_000, "\\[": 10_000, "\\(": 2_000, "$": 2_000}
"""The most characters of a formula within a paragraph, so that looking for its end costs little."""

_DISPLAYED = lazy_pattern(r"\$\$([^$]++)\$\$|\\\[([^\\]*+(?:\\(?![\[\]])[^\\]*+)*+)\\\]")
_COMMAND = lazy_pattern(r"\\[a-zA-Z]{2}|[_^]\{")
_SCRIPT = lazy_pattern(r"(?i)<(?:script|link)\b[^>]{0,500}(?:mathjax|katex)")


def has_tex(body: str) -> bool:
    """Tell whether a body has a formula between `$$` or `\\[ \\]`, or loads what shows formulas."""
    if "$$" not in body and "\\[" not in body and "<" not in body:
        return False
    displayed = _DISPLAYED.finditer(body) if "$$" in body or "\\[" in body else ()
    formulas = (match[1] or match[2] or "" for match in displayed)
    return any(map(_COMMAND.search, formulas)) or _SCRIPT.search(body) is not None


def math_plugin(md: MarkdownIt, *, only_double: bool = False, converts: bool = False) -> None:
    """Keep what stands between `$`, `$$`, `\\( \\)` and `\\[ \\]`, with the marks.

    With `only_double` there is only `$$`; with `converts` that becomes `\\( \\)` and `\\[ \\]`, as kramdown
    writes it.
    """
    marks = ("$$",) if only_double else ("$$", "\\[", "\\(", "$")

    def formula(state: StateInline, silent: bool) -> bool:
        source, start = state.src, state.pos
        mark = next((mark for mark in marks if source.startswith(mark, start)), "")
        end = _end(source, start, mark, state.posMax) if mark else -1
        if end < 0:
            return False
        if not silent:
            state.push("math_inline", "", 0).content = _written(source[start:end], mark, "\\(", converts)
        state.pos = end
        return True

    def block(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
        start = state.bMarks[startLine] + state.tShift[startLine]
        mark = state.src[start : start + 2]
        if mark not in ("$$", "\\[") or mark not in marks or state.is_code_block(startLine):
            return False
        last = _last_line(state, startLine, endLine, start + 2, _CLOSING[mark])
        if last is None:
            return False
        if not silent:
            lines = state.getLines(startLine, last + 1, state.blkIndent, False).strip()
            state.push("math_block", "", 0).content = _written(lines, mark, "\\[", converts)
            state.line = last + 1
        return True

    md.inline.ruler.before("escape", "math_inline", formula)
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", "math_block", block, {"alt": interrupted})
    md.add_render_rule("math_inline", _render)
    md.add_render_rule("math_block", _render_block)


def _end(source: str, start: int, mark: str, limit: int) -> int:
    """Where a formula within a paragraph ends, -1 where it is none."""
    closing, inside = _CLOSING[mark], start + len(mark)
    at = source.find(closing, inside, min(limit, inside + _LONGEST[mark]))
    while mark == "$" and at > 0 and source[at - 1] == "\\":
        at = source.find(closing, at + 1, min(limit, inside + _LONGEST[mark]))
    if at <= inside or not source[inside:at].strip():
        return -1
    end = at + len(closing)
    if mark == "$" and (
        source[inside].isspace() or source[at - 1].isspace() or source[end : end + 1].isdigit()
    ):
        return -1
    return end


def _last_line(state: StateBlock, first: int, end: int, start: int, closing: str) -> int | None:
    """The line that ends with the closing mark, before a blank one."""
    missing = state.env.setdefault("unclosed_math", {})
    if first < missing.get(closing, 0):
        return None
    for line in range(first, end):
        if state.isEmpty(line) or (line > first and state.sCount[line] < state.blkIndent):
            missing[closing] = line
            return None
        text = state.src[start if line == first else state.bMarks[line] : state.eMarks[line]].rstrip()
        if text.endswith(closing) and (line > first or len(text) > len(closing)):
            return line if text.count(closing) == 1 else None
        if closing in text:
            return None
    missing[closing] = end
    return None


def _written(source: str, mark: str, meant: str, converts: bool) -> str:
    if mark != "$$" or not converts:
        return source
    return f"{meant}{source[2:-2]}{_CLOSING[meant]}"


def _render(self: Any, tokens: Sequence[Token], idx: int, options: object, env: object) -> str:
    return escape(tokens[idx].content, quote=False)


def _render_block(self: Any, tokens: Sequence[Token], idx: int, options: object, env: object) -> str:
    return f"<p>{escape(tokens[idx].content, quote=False)}</p>\n"
