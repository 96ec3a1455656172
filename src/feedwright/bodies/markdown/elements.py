"""HTML in Markdown as kramdown reads it: a block ends where its element does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.rules_block import html_block

from feedwright.bodies.markdown.lines import begins_with
from feedwright.bodies.policy import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.rules_block import StateBlock

HAS_BLOCKS = "blocks"
"""The info of a text that may have blocks in it."""

_SPAN_ELEMENTS = names(
    "a abbr acronym b big bdo br button cite code del dfn em i img input ins kbd label mark option q rb rbc"
    " rp rt rtc ruby samp select small span strong sub sup tt u var"
)
_VOID = names("area base br col command embed hr img input keygen link meta param source track wbr")
_ATTRIBUTE = r"""\s+[\w:@.-]+(?:\s*=\s*(?:\w+|"[^"]*"|'[^']*'))?"""
_OPEN = re.compile(rf"<([A-Za-z][\w:-]*)((?:{_ATTRIBUTE})*)\s*(/)?>")
_CLOSINGS = "end tags of elements"
_MARKDOWN = re.compile(r"""(?<!\s)\s++markdown\s*+=\s*+["']?(1|block|span)["']?""")


def html_element(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Read an element with all that is in it, also after blank lines; an end tag of no element is text."""
    if (
        not begins_with(state, startLine, "<")
        or begins_with(state, startLine, "</")
        or state.is_code_block(startLine)
    ):
        return False
    start = state.bMarks[startLine] + state.tShift[startLine]
    found = _OPEN.match(state.src, start, start + 10_000)
    name = found[1].lower() if found else ""
    if not found or name in _SPAN_ELEMENTS:
        return _is_comment_or_block(state, start) and html_block(state, startLine, endLine, silent)
    if silent:
        return True
    is_closed = found[3] is not None or name in _VOID
    last = startLine
    stop = state.eMarks[endLine - 1]
    closing = None if is_closed else _closing(state, name, found.end(), stop)
    end = found.end() if is_closed else closing.end() if closing else stop
    while last + 1 < endLine and state.eMarks[last] < end:
        last += 1
    if (markdown := _MARKDOWN.search(found[2])) and closing is not None:
        _push_with_markdown(state, startLine, last, found, closing, markdown)
    else:
        token = state.push("html_block", "", 0)
        token.content = state.getLines(startLine, last + 1, state.blkIndent, True)
    state.line = last + 1
    return True


def _is_comment_or_block(state: StateBlock, start: int) -> bool:
    text = state.src[start : start + 40]
    name = re.match(r"</?([A-Za-z][\w:-]*)", text)
    return name is None or name[1].lower() not in _SPAN_ELEMENTS


def _closing(state: StateBlock, name: str, start: int, stop: int) -> re.Match[str] | None:
    """The end tag of the element that is open at `start`; those of the same name in it become known too."""
    known: dict[tuple[str, int], re.Match[str]] = state.env.setdefault(_CLOSINGS, {})
    if closing := known.get((name, start)):
        return closing if closing.end() <= stop else None
    opened = [start]
    for tag in _tags(state.src, name, start, stop):
        if tag[1] is None or tag[0].endswith("/>"):
            continue  # a comment, or an element of one tag
        if not tag[1]:
            opened.append(tag.end())
        else:
            known[name, opened.pop()] = tag
            if not opened:
                return tag
    return None


def _tags(source: str, name: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    """The tags of elements with a name, and comments; none is looked for where it cannot have an end."""
    tag = rf"<(/?){re.escape(name)}(?=[\s/>])[^>]*>"
    last = max(start, source.rfind("-->", start, stop) + 3)
    yield from re.compile(f"{tag}|<!--(?s:.*?)-->", re.IGNORECASE).finditer(source, start, last)
    yield from re.compile(tag, re.IGNORECASE).finditer(source, last, source.rfind(">", last, stop) + 1)


def _push_with_markdown(
    state: StateBlock,
    first: int,
    last: int,
    opening: re.Match[str],
    closing: re.Match[str],
    markdown: re.Match[str],
) -> None:
    """An element whose inside is Markdown, as `markdown="1"` says."""
    state.push("html_block", "", 0).content = opening[0].replace(markdown[0], "") + "\n"
    inside = state.src[opening.end() : closing.start()]
    is_block = last - first > 1 and not inside.partition("\n")[0].strip() and markdown[1] != "span"
    if is_block:
        before, state.lineMax = state.lineMax, last
        state.md.block.tokenize(state, first + 1, last)
        state.lineMax = before
    elif inside.strip():
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = inside.strip(), [first, last + 1], []
        token.info = HAS_BLOCKS
    state.push("html_block", "", 0).content = closing[0] + "\n"
