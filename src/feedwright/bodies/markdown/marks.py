"""`==marked==` and `++inserted++` in Markdown, as markdown-it-mark and markdown-it-ins read them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.rules_inline.state_inline import Delimiter
    from markdown_it.token import Token


def marks_plugin(parser: MarkdownIt, sign: str, tag: str) -> None:
    """Make an element of what stands between two doubled signs."""
    # its place among the rules: before emphasis, as strikethrough has it
    parser.inline.ruler.before("emphasis", tag, partial(_tokenize, sign=sign))
    parser.inline.ruler2.before("emphasis", tag, partial(_pair, sign=sign, tag=tag))
    parser.inline.add_terminator_char(sign)


def _tokenize(state: StateInline, silent: bool, *, sign: str) -> bool:
    """Push every two signs as a delimiter; of an odd number the first is text."""
    from markdown_it.rules_inline.state_inline import Delimiter

    if silent or state.src[state.pos] != sign:
        return False
    scanned = state.scanDelims(state.pos, True)
    if scanned.length < 2:
        return False
    if scanned.length % 2:
        state.push("text", "", 0).content = sign
    for _ in range(scanned.length // 2):
        state.push("text", "", 0).content = sign * 2
        state.delimiters.append(
            Delimiter(
                marker=ord(sign),
                length=0,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open,
                close=scanned.can_close,
            )
        )
    state.pos += scanned.length
    return True


def _pair(state: StateInline, *, sign: str, tag: str) -> None:
    """Make tags of the delimiters that belong together."""
    inner = (meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta)
    for delimiters in (state.delimiters, *inner):
        singles = [*_close(state.tokens, delimiters, sign, tag)]
        for position in reversed(singles):
            _move_behind(state.tokens, position, f"{tag}_close")


def _close(tokens: list[Token], delimiters: list[Delimiter], sign: str, tag: str) -> Iterable[int]:
    """Turn the text of each pair into tags; yield the positions of single signs before a closing tag."""
    for opening in delimiters:
        if opening.marker != ord(sign) or opening.end < 0:
            continue
        closing = delimiters[opening.end].token
        first, last = tokens[opening.token], tokens[closing]
        first.type, first.nesting = f"{tag}_open", 1
        last.type, last.nesting = f"{tag}_close", -1
        for token in (first, last):
            token.tag, token.markup, token.content = tag, sign * 2, ""
        before = tokens[closing - 1]
        if before.type == "text" and before.content == sign:
            yield closing - 1


def _move_behind(tokens: list[Token], position: int, closing: str) -> None:
    """Move a single sign behind the closing tags that follow it: `==a===` has it after the element."""
    last = position
    while last + 1 < len(tokens) and tokens[last + 1].type == closing:
        last += 1
    tokens[position], tokens[last] = tokens[last], tokens[position]
