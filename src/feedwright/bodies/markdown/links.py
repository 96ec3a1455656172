"""Bare addresses in Markdown become links, as marked and goldmark find them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_GOLDMARK_PATH = r"""[-a-zA-Z0-9@:%_\+.~#$!?&/=\(\);,'">\^{}\[\]`]*"""
_ADDRESSES = {
    # marked, `rules.inline.url`
    "hexo": re.compile(r"(?:(?:https?|ftp)://|www\.)(?:[a-zA-Z0-9-]++\.?)++[^\s<]*+", re.IGNORECASE),
    # goldmark, extension Linkify
    "goldmark": re.compile(
        rf"(?:(?:https?|ftp)://|www\.)[-a-zA-Z0-9@:%._\+~#=]{{1,256}}\.[a-z]+(?::\d+)?(?:[/#?]{_GOLDMARK_PATH})?"
    ),
}
_TRAILING = re.compile(r"(?:[?!.,:;*_'\"~()]|&(?:[a-zA-Z0-9]+;)?)$")
_SCHEME = re.compile(r"(?:^|(?<=[^A-Za-z0-9]))(?:https?|ftp)$", re.IGNORECASE)
_BEFORE = {"goldmark": re.compile(r"(?:^|[\s*_~(])$")}


def addresses_plugin(md: MarkdownIt, dialect: str, *, www: bool) -> None:
    """Make links of bare addresses; `www` tells whether to look for those without a scheme."""
    pattern, may_stand_before = _ADDRESSES.get(dialect, _ADDRESSES["hexo"]), _BEFORE.get(dialect)

    def address(state: StateInline, silent: bool) -> bool:
        sign = state.src[state.pos]
        if silent or sign not in ":wW" or state.linkLevel:
            return False  # silent is the search for the end of a link's text, in which no link begins
        head = ""
        if sign == ":":
            scheme = _SCHEME.search(state.src[max(0, state.pos - 6) : state.pos])
            if scheme is None or not state.pending.endswith(scheme[0]):
                return False
            head = scheme[0]
        start = state.pos - len(head)
        before = state.src[start - 1] if start else ""
        if may_stand_before and not may_stand_before.search(before):
            return False
        if not head and (before.isalnum() or state.src[start : start + 4].lower() != "www."):
            return False
        match = pattern.match(state.src, start, state.posMax)
        if match is None:
            return False
        url = _trimmed(match[0])
        state.pending = state.pending[: len(state.pending) - len(head)]
        _push(state, url, url if head else f"http://{url}")
        state.pos = start + len(url)
        return True

    if www:
        for letter in "wW":
            md.inline.add_terminator_char(letter)
    md.inline.ruler.before("newline", "address", address)


def _trimmed(url: str) -> str:
    """Leave out what ends the sentence (GFM §6.9), such as a stop, or a bracket that was opened before."""
    end, surplus = len(url), url.count(")") - url.count("(")
    while (found := _TRAILING.search(url, max(0, end - 40), end)) is not None:
        if found[0] == ")" and surplus <= 0:
            break
        surplus += (found[0] == "(") - (found[0] == ")")
        end = found.start()
    return url[:end]


def _push(state: StateInline, text: str, url: str) -> None:
    link = state.push("link_open", "a", 1)
    link.attrs = {"href": state.md.normalizeLink(url)}
    link.markup, link.info = "linkify", "auto"
    state.push("text", "", 0).content = text
    link = state.push("link_close", "a", -1)
    link.markup, link.info = "linkify", "auto"
