"""What kramdown has beside other dialects of Markdown (kramdown.gettalong.org/syntax)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from feedwright.bodies.policy import names

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]


def kramdown_plugin(md: MarkdownIt) -> None:
    """Give a parser of CommonMark what kramdown has, except what is a feature of its own."""
    from markdown_it.rules_block import hr

    md.inline.ruler.at("emphasis", _emphasis)
    md.inline.ruler.before("escape", "kramdown_escape", _escape)
    md.inline.ruler.before("link", "kramdown_link", _link)
    md.block.ruler.at("table", _table)
    md.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block.ruler.at("hr", hr, {"alt": ["reference", "blockquote", "list"]})
    md.block.ruler.at("lheading", _underlined_heading)
    md.block.ruler.at("html_block", _html_block, {"alt": _INTERRUPTED})


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
    from markdown_it.common.utils import normalizeReference

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


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Marks open before and close after anything but space; `_` not within a word."""
    from markdown_it.rules_inline.state_inline import Delimiter

    source, start = state.src, state.pos
    marker = source[start]
    if silent or marker not in "*_":
        return False
    end = start
    while end < state.posMax and source[end] == marker:
        end += 1
    before, after = source[start - 1 : start] if start else "", source[end : end + 1]
    is_word = marker == "_"
    opens = bool(after) and not after.isspace() and not (is_word and before.isalpha())
    closes = bool(before) and not before.isspace() and not (is_word and after.isalnum())
    for _ in range(end - start):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=end - start,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    state.pos = end
    return True


_BRACKET_NUMBER = re.compile(r"\d+\)")


def _list(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Numbers of a list have a stop, no bracket."""
    from markdown_it.rules_block import list_block

    if _BRACKET_NUMBER.match(_line_of(state, startLine)):
        return False
    return list_block(state, startLine, endLine, silent)


def _underlined_heading(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """One line, after a blank one or a beginning, and its underline."""
    from markdown_it.rules_block import lheading

    if startLine + 1 >= endLine or not _UNDERLINE.match(_line_of(state, startLine + 1)):
        return False
    return _is_after_boundary(state, startLine) and lheading(state, startLine, endLine, silent)


_UNDERLINE = re.compile(r"(?:=+|-+)\s*$")


def _is_after_boundary(state: StateBlock, line: int) -> bool:
    previous = state.tokens[-1].type if state.tokens else "blockquote_open"
    return previous in _BEGINNINGS or not line or state.isEmpty(line - 1)


# Lists of attributes, and extensions

_LIST = re.compile(r"\{:(?![:/])((?:\\\}|[^}\n])+)\}")
_LINE = re.compile(r"\{:(?P<list>(?:\\\}|[^}\n])+)\}[ \t]*$")
_STOP = "{:/"
_PAIR = re.compile(r"([\w-]+)=([\"'])((?:\\.|(?!\2).)*)\2")
_SIZES = frozenset({"alt", "height", "title", "width"})


def _line_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _attribute_list(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    text = _line_of(state, startLine)
    if not text.startswith("{:") or state.is_code_block(startLine) or not (found := _LINE.match(text)):
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
        stop = next(
            (line for line in range(startLine + 1, endLine) if _line_of(state, line).startswith(_STOP)), None
        )
        if stop is not None:
            if name == "nomarkdown":
                content = state.getLines(startLine + 1, stop, state.blkIndent, True)
                state.push("html_block", "", 0).content = content
            state.line = stop + 1
    return True


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
        end = source.find(_STOP, start)
        close = source.find("}", end) if end > 0 else -1
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
        last.attrs |= {key: value for key, _, value in _PAIR.findall(found[1]) if key in _SIZES}
    state.pos = found.end()
    return True


# Abbreviations

_ABBREVIATION = re.compile(r"\*\[(.+?)\]:(.*)")
_WORD = re.compile(r"\w[\w.&/+#-]*\w|\w")


def _abbreviation(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    text = _line_of(state, startLine)
    if not text.startswith("*[") or state.is_code_block(startLine):
        return False
    found = _ABBREVIATION.match(text)
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
    from markdown_it.token import Token

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


# Tables: a separator line is not needed

_SEPARATOR = re.compile(r"[+|: \t-]*-[+|: \t-]*$")
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|\\\|")
_PIPE = re.compile(r"(?<!\\)\|")
_BEGINNINGS = frozenset({"blockquote_open", "contents_list", "dd_open", "list_item_open"})


def _table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    if state.is_code_block(startLine) or "|" not in _line_of(state, startLine):
        return False
    if not _is_after_boundary(state, startLine):
        return False
    lines: list[str] = []
    for line in range(startLine, endLine):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            break
        text = _line_of(state, line)
        if not _PIPE.search(_CODE.sub(_blank, text)) and not _SEPARATOR.match(text):
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


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _cells(text: str) -> list[str]:
    """The cells of a row; pipes in code and after a backslash separate nothing."""
    bare = _CODE.sub(_blank, text)
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


# Blocks of HTML, which end where their element does

_SPAN_ELEMENTS = names(
    "a abbr acronym b big bdo br button cite code del dfn em i img input ins kbd label mark option q rb rbc"
    " rp rt rtc ruby samp select small span strong sub sup tt u var"
)
_VOID = names("area base br col command embed hr img input keygen link meta param source track wbr")
_ATTRIBUTE = r"""\s+[\w:@.-]+(?:\s*=\s*(?:\w+|"[^"]*"|'[^']*'))?"""
_OPEN = re.compile(rf"<([A-Za-z][\w:-]*)((?:{_ATTRIBUTE})*)\s*(/)?>")
_MARKDOWN = re.compile(r"""\s+markdown\s*=\s*["']?(1|block|span)["']?""")


def _html_block(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    from markdown_it.rules_block import html_block

    start = state.bMarks[startLine] + state.tShift[startLine]
    if state.is_code_block(startLine) or state.src[start : start + 1] != "<":
        return False
    found = _OPEN.match(state.src, start, start + 10_000)
    name = found[1].lower() if found else ""
    if not found or name in _SPAN_ELEMENTS:
        return _is_comment_or_block(state, start) and html_block(state, startLine, endLine, silent)
    if silent:
        return True
    is_closed = found[3] is not None or name in _VOID
    last = startLine
    stop = state.eMarks[endLine - 1]
    closing = None if is_closed else _closing(state.src, name, found.end(), stop)
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


def _closing(source: str, name: str, start: int, stop: int) -> re.Match[str] | None:
    """The end tag of the element that is open at `start`."""
    depth = 1
    tags = re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])[^>]*>|<!--(?s:.*?)-->", re.IGNORECASE)
    for tag in tags.finditer(source, start, stop):
        if tag[1] is not None and not tag[0].endswith("/>"):
            depth += -1 if tag[1] else 1
        if not depth:
            return tag
    return None


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
        state.md.block.tokenize(state, first + 1, last)
    elif inside.strip():
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = inside.strip(), [first, last + 1], []
    state.push("html_block", "", 0).content = closing[0] + "\n"
