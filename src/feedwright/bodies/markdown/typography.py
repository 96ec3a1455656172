"""Smart punctuation in Markdown, as marked, goldmark and kramdown have it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Substitution: TypeAlias = Callable[[str, str, str, dict[str, int]], str]
"""Text, what is before it and after it in the source, and the open quotes of the block → text."""

_EDGES = {
    "softbreak": "\n\n",
    "hardbreak": "\n\n",
    "code_inline": "``",
    "html_inline": "<>",
    "image": "!)",
    "footnote_ref": "[]",
    "link_open": "[[",
    "link_close": "])",
}
"""The first and the last character of what is no text, by its type."""

_AHEAD = 4
"""The characters after a text that decide what a quote at its end is."""

_DASHES = (("---", "—"), ("--", "–"), ("...", "…"))


def smart_plugin(md: MarkdownIt, dialect: str) -> None:
    """Give texts the punctuation of a dialect; escaped characters, code and bare addresses stay."""
    substitution = SUBSTITUTIONS[dialect]

    def smart(state: StateCore) -> None:
        for block in state.tokens:
            if block.type == "inline" and block.children and _TRIGGER.search(block.content):
                _write(block.children, substitution)

    md.core.ruler.before("text_join", "smart", smart)
    if dialect != "hexo":
        md.inline.ruler.before("autolink", "guillemets", _guillemets)


def _guillemets(state: StateInline, silent: bool) -> bool:
    """`<<` opens no tag."""
    if not state.src.startswith("<<", state.pos):
        return False
    if not silent:
        state.append_pending("<<")
    state.pos += 2
    return True


_TRIGGER = re.compile(r"""["']|--|\.\.\.|<<|>>""")


def _write(tokens: list[Token], substitution: Substitution) -> None:
    counts: dict[str, int] = {}
    before, in_address = "\n", False
    for index, token in enumerate(tokens):
        if token.type in ("link_open", "link_close"):
            in_address = token.type == "link_open" and token.info == "auto"
        if token.type != "text" or in_address or not token.content:
            before = _edge(token) or before
            continue
        last = token.content[-1]
        if not _TRIGGER.search(token.content):
            before = last
            continue
        after = "".join(map(_beginning, tokens[index + 1 : index + 1 + _AHEAD]))[:_AHEAD] or "\n"
        token.content = substitution(token.content, before, after, counts)
        before = last


def _beginning(token: Token) -> str:
    """The first characters of a token in the source."""
    if token.type in ("text", "text_special", "html_inline"):
        return token.content[:_AHEAD]
    return _EDGES.get(token.type, "")[:1] + token.content[:_AHEAD] or token.markup or "*"


def _edge(token: Token) -> str:
    """The last character of a token in the source, "" for a text without any."""
    if token.type in ("text", "text_special"):
        return token.content[-1:]
    return _EDGES.get(token.type, token.markup or "*")[-1]


def _dashes(text: str) -> str:
    for written, meant in _DASHES:
        text = text.replace(written, meant)
    return text


# marked: smartypants of hexo-renderer-marked, which sees a text from one special character to the next

_PIECES = re.compile(r"(?=[\\<!\[`*~_])")
_OPENING_SINGLE = re.compile(r"""(^|[-—/(\[{"\s])'""")
_OPENING_DOUBLE = re.compile(r"""(^|[-—/(\[{‘\s])\"""")


def _marked(text: str, before: str, after: str, counts: dict[str, int]) -> str:
    return "".join(_marked_piece(piece) for piece in _PIECES.split(text))


def _marked_piece(text: str) -> str:
    text = text.replace("---", "—").replace("--", "–")
    text = _OPENING_SINGLE.sub(r"\1‘", text).replace("'", "’")
    return _OPENING_DOUBLE.sub(r"\1“", text).replace('"', "”").replace("...", "…")


# kramdown: its rules of smart quotes and its typographic symbols

_PUNCTUATION = r"""[!"#$%'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"""
_QUOTE_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (r"""(?P<open>["'])(?=[_*]{1,2}\S)""", ""),
        (rf"""(?P<close>["'])(?={_PUNCTUATION}(?!\.\.)\B)""", ""),
        (r"""(?P<first>\s?)"'(?=\w)""", "“‘"),
        (r"""(?P<first>\s?)'"(?=\w)""", "‘“"),
        (r"""(?P<first>\s?)'(?=\d\ds)""", "’"),
        (r"""(?P<first>\s)(?P<open>["'])(?=\w)""", ""),
        (r"""(?P<first>[^ \\\t\r\n\[{(-])(?P<close>["'])""", ""),
        (r"""(?P<close>["'])(?=\s|s\b|$)""", ""),
        (r"""(?P<first>(?s:.)?)'""", "‘"),
        (r"""(?P<first>(?s:.)?)\"""", "“"),
    )
)
_QUOTE = re.compile(r"""(?s)(?:[^\\"'\[*_`<&.-]|(?<!-)-|(?<!\.\.)\.)?["']""")
"""A quote, and the character before it unless something else of kramdown's begins or ends there."""

_SYMBOLS = (("<< ", "«\u00a0"), (" >>", "\u00a0»"), ("<<", "«"), (">>", "»"))


def _kramdown(text: str, before: str, after: str, counts: dict[str, int]) -> str:
    return "".join(_kramdown_pieces(text, after))


def _kramdown_pieces(text: str, after: str) -> Iterator[str]:
    source, position = text + after, 0
    while (found := _QUOTE.search(text, position)) is not None:
        yield _symbols(text[position : found.start()])
        match, template = next(
            (match, template)
            for rule, template in _QUOTE_RULES
            if (match := rule.match(source, found.start()))
        )
        groups = match.groupdict()
        yield _symbols(groups.get("first") or "")
        if quote := groups.get("open"):
            yield "“" if quote == '"' else "‘"
        elif quote := groups.get("close"):
            yield "”" if quote == '"' else "’"
        yield template
        position = min(match.end(), len(text))
    yield _symbols(text[position:])


def _symbols(text: str) -> str:
    text = _dashes(text)
    for written, meant in _SYMBOLS:
        text = text.replace(written, meant)
    return text


# goldmark: its extension Typographer

_GOLDMARK = re.compile(r"""---|--|\.\.\.|<<|>>|["']""")
_RUN = 100
"""The most quotes one after another that are seen as one."""

_SIGNS = {"---": "—", "--": "–", "...": "…", "<<": "«", ">>": "»"}


def _goldmark(text: str, before: str, after: str, counts: dict[str, int]) -> str:
    source = text + after

    def sign(match: re.Match[str]) -> str:
        if match[0] in _SIGNS:
            return _SIGNS[match[0]]
        at = match.start()
        return _goldmark_quote(source, at, source[at - 1] if at else before, counts) or match[0]

    return _GOLDMARK.sub(sign, text)


def _goldmark_quote(source: str, at: int, before: str, counts: dict[str, int]) -> str:
    quote = source[at]
    line = re.match(r"[^\n]*\n?", source[at : at + 6])[0]  # type: ignore[index]  # it matches anything
    end = at + len(source[at : at + _RUN]) - len(source[at : at + _RUN].lstrip(quote))
    following = source[end : end + 1] or " "
    opens, closes = _flanking(before, following)
    left, right = ("‘", "’") if quote == "'" else ("“", "”")
    if quote == "'" and _is_apostrophe(line, before, opens=opens, closes=closes):
        return "’"
    if opens and not closes:
        if quote == "'" and _SHORT_FORM.match(line):
            return right
        counts[quote] = counts.get(quote, 0) + 1
        return left
    if quote == "'" and len(line) > 2 and not line[1].isdigit():
        return right
    if counts.get(quote):
        maybe = closes and opens and _is_punctuation(line[1:2]) and _ends(line[2:3])
        if closes and (not opens or maybe):
            if quote == '"' and line[1:2] == '"' and before.isdigit():
                return ""
            counts[quote] -= 1
            return right
    return ""


_SHORT_FORM = re.compile(r"""'(?:[smtd]|ve|ll|re)(?![^\s!-/:-@\[-`{-~])""")


def _is_apostrophe(line: str, before: str, *, opens: bool, closes: bool) -> bool:
    if opens and not closes and re.match(r"'[0-9][0-9]s(?!\w)", line):
        return True
    after = line[1:2]
    is_outside = before.isspace() or _is_punctuation(before)
    if is_outside and after and after in "tenl":
        return True
    return bool(after) and (before.isdigit() or before.isalpha()) and after.isalpha()


def _flanking(before: str, after: str) -> tuple[bool, bool]:
    """Whether a run of quotes may open and close (CommonMark §6.2)."""
    marks = _is_punctuation(before), _is_punctuation(after)
    left = not after.isspace() and (not marks[1] or before.isspace() or marks[0])
    right = not before.isspace() and (not marks[0] or after.isspace() or marks[1])
    return left, right


def _is_punctuation(character: str) -> bool:
    return (
        bool(character)
        and (
            unicodedata.category(character)[0] in "PS" if not character.isascii() else not character.isalnum()
        )
        and not character.isspace()
    )


def _ends(character: str) -> bool:
    return not character or character.isspace() or _is_punctuation(character)


SUBSTITUTIONS: Mapping[str, Substitution] = {
    "hexo": _marked,
    "kramdown": _kramdown,
    "goldmark": _goldmark,
}
"""The dialects whose punctuation differs from markdown-it's."""
