"""Attributes at the end of a heading in Markdown: `# Title {#id .class}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

ATTRIBUTE = r"""(?:[#.][\w:.-]++|[\w-]++=(?:"[^"{}]*+"|'[^'{}]*+'|[^\s{}"']++))"""
"""An attribute within braces, as a regular expression."""

_ATTRIBUTES = re.compile(rf"(?<![ \t])[ \t]*+\{{:?[ \t]*+(?:{ATTRIBUTE}[ \t]*+)++\}}[ \t]*+$")
_ONLY_ID = re.compile(r"(?<![ \t])[ \t]++\{#[A-Za-z][\w:-]*+\}[ \t]*+$")
_ID = re.compile(r"#([\w:.-]+)")


def attributes_plugin(md: MarkdownIt, *, only_id: bool = False) -> None:
    """Take the attributes away from headings; an id stays. With `only_id` there is nothing but `{#id}`."""
    pattern = _ONLY_ID if only_id else _ATTRIBUTES

    def take(state: StateCore) -> None:
        for heading, inline in zip(state.tokens, state.tokens[1:], strict=False):
            if heading.type == "heading_open" and inline.content.endswith("}"):
                _take(heading, inline, pattern)

    md.core.ruler.after("block", "heading_attributes", take)


def _take(heading: Token, inline: Token, pattern: re.Pattern[str]) -> None:
    start = inline.content.rfind("{")
    before = len(inline.content[:start].rstrip(" \t"))
    if found := pattern.match(inline.content, before):
        inline.content = inline.content[:before]
        if name := _ID.search(found[0]):
            heading.attrs["id"] = name[1]
