"""What kramdown has beside other dialects of Markdown (kramdown.gettalong.org/syntax)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import hr, lheading, list_block
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from feedwright.bodies.markdown.elements import html_element
from feedwright.bodies.markdown.fences import fence
from feedwright.bodies.markdown.lines import begins_with, is_after_boundary, line_of, marks_length
from feedwright.bodies.markdown.span_tags import span_tags_plugin
from feedwright.bodies.markdown.tables import table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

_INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]


def kramdown_plugin(md: MarkdownIt) -> None:
    """Give a parser of CommonMark what kramdown has, except what is a feature of its own."""
    md.inline.ruler.at("emphasis", _emphasis)
    md.inline.ruler.before("escape", "kramdown_escape", _escape)
    md.inline.ruler.before("link", "kramdown_link", _link)
    md.block.ruler.at("table", table)
    md.block.ruler.at("fence", fence, {"alt": _INTERRUPTED})
    md.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block.ruler.at("hr", hr, {"alt": ["reference", "blockquote", "list"]})
    md.block.ruler.at("lheading", _underlined_heading)
    md.block.ruler.at("html_block", html_element, {"alt": _INTERRUPTED})
    span_tags_plugin(md)


def attributes_plugin(md: MarkdownIt) -> None:
    """Read lists of attributes and extensions: `{: .class}`, `{:name: .class}`, `{::comment}`, `{:toc}`."""
    md.block.ruler.before("fence", "attribute_list", _attribute_list, {"alt": _INTERRUPTED})
    md.inline.ruler.before("link", "attribute_list", _span_attributes)
    md.core.ruler.after("block", "contents_list", _remove_contents)


def abbreviations_plugin(md: MarkdownIt) -> None:
    """Read `*[HTML]: Hypertext Markup Language`; abbreviations of one word are marked where they stand."""
    md.block.ruler.before("reference", "abbreviation", _abbreviation, {"alt": ["paragraph", "reference"]})
    md.core.ruler.before("text_join", "abbreviations", _mark_abbreviations)


# Spans

_KEPT_BACKSLASH = frozenset(",/%&;?@^")
"""Punctuation that kramdown does not escape."""


def _escape(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "\\":
        return False
    following = state.src[start + 1 : start + 2]
    if state.src.startswith("\\\\\n", start):
        if not silent:
            state.push("hardbreak", "br", 0)
        state.pos = start + 3
        return True
    if following not in _KEPT_BACKSLASH or not following:
        return False
    if not silent:
        state.append_pending("\\" + following)
    state.pos = start + 2
    return True


_LINK = re.compile(r"""!?\[([^\[\]]*+)\]\(([^()<>"'\n]*+)\)""")


_REFERENCE = re.compile(r"!?\[([^\[\]]+)\](?: |\n)\[([^\[\]]+)\]")


def _link(state: StateInline, silent: bool) -> bool:
    """A link or a picture whose address has blanks, or whose reference stands after one."""
    if state.src[state.pos] not in "![":
        return False
    if found := _LINK.match(state.src, state.pos, state.posMax):
        address = found[2].strip()
        if " " not in address:
            return False
    elif found := _REFERENCE.match(state.src, state.pos, state.posMax):
        reference = state.env.get("references", {}).get(normalizeReference(found[2]))
        if reference is None:
            return False
        address = reference["href"]
    else:
        return False
    if not silent:
        _push_link(state, found[1], address.replace(" ", "%20"), is_picture=found[0][0] == "!")
    state.pos = found.end()
    return True


def _push_link(state: StateInline, label: str, address: str, *, is_picture: bool) -> None:
    if is_picture:
        token = state.push("image", "img", 0)
        token.attrs, token.children = {"src": address, "alt": ""}, []
        state.md.inline.parse(label, state.md, state.env, token.children)
        token.content = label
        return
    state.push("link_open", "a", 1).attrs = {"href": address}
    inside: list[Token] = []
    state.md.inline.parse(label, state.md, state.env, inside)
    for token in inside:
        state.tokens.append(token)
        state.tokens_meta.append(None)
    state.push("link_close", "a", -1)


_BLANK = 4
_ENDS = {
    "_": re.compile(r"(?P<blank>(?<!_)_{4}(?!\w))|(?<![\s_])__(?![^\W_])"),
    "*": re.compile(r"(?P<blank>(?<!\*)\*{4}(?!\*))|(?<![\s*])\*\*"),
}
"""What may end what a blank to fill in begins: the next one, or two signs (kramdown 2.4)."""


def _blank(state: StateInline, start: int, end: int) -> bool:
    """Write a blank to fill in, of which half of the signs is shown: from one to the next all is strong.

    A last one is emphasized. False where the signs are none.
    """
    source, marker = state.src, state.src[start]
    before, after, is_word = source[start - 1 : start] if start else "", source[end : end + 1], marker == "_"
    may_end = not (is_word and after.isalnum())
    if may_end and state.env.get(marker) is state:  # it began another one
        del state.env[marker]
        is_apart = before.isspace()
        _write(state, marker * 2 if is_apart else "")
        _delimit(state, marker, 2, opens=False, closes=True)
        _write(state, "" if is_apart else marker * 2)
        return True
    if is_word and before.isalpha():
        return False
    following = _ENDS[marker].search(source, end, state.posMax)
    if following is None and may_end:
        state.push("em_open", "em", 1)
        _write(state, marker * 2)
        state.push("em_close", "em", -1)
        return True
    if following is None or not following["blank"]:
        return False
    state.env[marker] = state
    _delimit(state, marker, 2, opens=True, closes=False)
    _write(state, marker * 2)
    return True


def _write(state: StateInline, text: str) -> None:
    if text:
        state.push("text", "", 0).content = text


def _delimit(state: StateInline, marker: str, count: int, *, opens: bool, closes: bool) -> None:
    """Write signs that may begin and end what is emphasized."""
    for _ in range(count):
        _write(state, marker)
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=count,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Marks open before and close after anything but space; `_` not within a word."""
    source, start = state.src, state.pos
    marker = source[start]
    if silent or marker not in "*_":
        return False
    end = start
    while end < state.posMax and source[end] == marker:
        end += 1
    if end - start != _BLANK or not _blank(state, start, end):
        before, after = source[start - 1 : start] if start else "", source[end : end + 1]
        is_word = marker == "_"
        opens = bool(after) and not after.isspace() and not (is_word and before.isalpha())
        closes = bool(before) and not before.isspace() and not (is_word and after.isalnum())
        _delimit(state, marker, end - start, opens=opens, closes=closes)
    state.pos = end
    return True


_LIST_SIGNS = ("*", "-", "+", *"0123456789")
_BRACKET_NUMBER = re.compile(r"\d+\)")


def _list(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Numbers of a list have a stop, no bracket."""
    if not begins_with(state, startLine, _LIST_SIGNS) or _BRACKET_NUMBER.match(line_of(state, startLine)):
        return False
    return list_block(state, startLine, endLine, silent)


def _underlined_heading(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """One line, after a blank one or a beginning, and its underline."""
    if startLine + 1 >= endLine or not begins_with(state, startLine + 1, ("=", "-")):
        return False
    if not _UNDERLINE.match(line_of(state, startLine + 1)):
        return False
    return is_after_boundary(state, startLine) and lheading(state, startLine, endLine, silent)


_UNDERLINE = re.compile(r"(?:=+|-+)\s*$")


# Lists of attributes, and extensions

_LIST = re.compile(r"\{:(?![:/])((?:\\\}|[^}\n]){1,500}+)\}")
_LONGEST_COMMENT = 10_000
_LINE = re.compile(r"\{:(?P<list>(?:\\\}|[^}\n])+)\}[ \t]*$")
_STOP = "{:/"
_PAIR = re.compile(r"""(?<![\w-])([\w-]++)=(?:"([^"]*+)"|'([^']*+)')""")
_SIZES = frozenset({"alt", "height", "title", "width"})


def _attribute_list(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    if not begins_with(state, startLine, "{:") or state.is_code_block(startLine):
        return False
    if not (found := _LINE.match(line_of(state, startLine))):
        return False
    if silent:
        return True
    inside = found["list"]
    state.line = startLine + 1
    if not inside.startswith(":"):
        if "toc" in inside.split():
            state.push("contents_list", "", 0).hidden = True
        return True
    name = inside[1:].partition(" ")[0]
    if not inside.endswith("/") and name in ("comment", "nomarkdown"):
        stop = _stop(state, startLine + 1, endLine)
        if stop < endLine:
            if name == "nomarkdown":
                content = state.getLines(startLine + 1, stop, state.blkIndent, True)
                state.push("html_block", "", 0).content = content
            state.line = stop + 1
    return True


def _stop(state: StateBlock, start: int, end: int) -> int:
    """The line that stops what began before `start`, else `end`.

    It is the same for all lines up to there with the same marks before them, such as those of a quotation.
    """
    known: dict[tuple[int, int], tuple[int, int]] = state.env.setdefault(_STOP, {})
    place = end, marks_length(state, start - 1)
    first, stop = known.get(place, (0, -1))
    if not first <= start <= stop:
        stop = next((line for line in range(start, end) if begins_with(state, line, _STOP)), end)
        known[place] = start, stop
    return stop


def _remove_contents(state: StateCore) -> None:
    """Remove the list before or after `{:toc}`: a feed has no table of contents."""
    tokens = state.tokens
    if not any(token.type == "contents_list" for token in tokens):
        return
    kept: list[Token] = []
    skips = 0
    awaiting = False
    for token in tokens:
        if skips or (awaiting and token.type.endswith("list_open")):
            skips += token.nesting
            awaiting = False
            continue
        awaiting = False
        if token.type != "contents_list":
            kept.append(token)
        elif kept and kept[-1].type.endswith("list_close"):
            level = 0
            while level or kept[-1].nesting < 0:
                level += kept.pop().nesting
                if not level:
                    break
        else:
            awaiting = True
    state.tokens = kept


def _span_attributes(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    if not source.startswith("{:", start):
        return False
    if source.startswith("{::comment}", start):
        end = source.find(_STOP, start, start + _LONGEST_COMMENT)
        close = source.find("}", end, end + 100) if end > 0 else -1
        if close > 0:
            state.pos = close + 1
        return close > 0
    found = _LIST.match(source, start, state.posMax)
    if silent or not found or state.pending or not state.tokens:
        return False
    last = state.tokens[-1]
    if last.type == "text" and last.content not in ("*", "_", "~~"):
        return False
    if last.type == "image":
        last.attrs |= {key: one or other for key, one, other in _PAIR.findall(found[1]) if key in _SIZES}
    state.pos = found.end()
    return True


# Abbreviations

_ABBREVIATION = re.compile(r"\*\[([^\]\n]++)\]:([^\n]*+)")
_WORD = re.compile(r"\w[\w.&/+#-]*\w|\w")


def _abbreviation(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    if not begins_with(state, startLine, "*[") or state.is_code_block(startLine):
        return False
    found = _ABBREVIATION.match(line_of(state, startLine))
    if found is None:
        return False
    if not silent:
        state.env.setdefault("abbreviations", {})[found[1]] = found[2].strip()
        state.line = startLine + 1
    return True


def _mark_abbreviations(state: StateCore) -> None:
    meanings: dict[str, str] = state.env.get("abbreviations", {})
    if not meanings:
        return
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = [part for token in block.children for part in _marked(token, meanings)]


def _marked(token: Token, meanings: dict[str, str]) -> Iterator[Token]:
    if token.type != "text":
        yield token
        return
    position = 0
    for found in _WORD.finditer(token.content):
        if found[0] not in meanings:
            continue
        yield Token("text", "", 0, content=token.content[position : found.start()])
        title = escape(meanings[found[0]])
        html = f'<abbr title="{title}">{escape(found[0])}</abbr>' if title else escape(found[0])
        yield Token("html_inline", "", 0, content=html)
        position = found.end()
    yield Token("text", "", 0, content=token.content[position:])
