"""Attributes at the end of a heading in Markdown: `# Title {#id .class}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_ATTRIBUTE = r"""(?:[#.][\w:.-]+|[\w-]+=(?:"[^"{}]*"|'[^'{}]*'|[^\s{}"']+))"""
_ATTRIBUTES = re.compile(rf"[ \t]*\{{:?[ \t]*+(?:{_ATTRIBUTE}[ \t]*+)+\}}[ \t]*$")
_ID = re.compile(r"#([\w:.-]+)")


def attributes_plugin(md: MarkdownIt) -> None:
    """Take the attributes away from headings; an id stays."""
    md.core.ruler.after("block", "heading_attributes", _take)


def _take(state: StateCore) -> None:
    for heading, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if heading.type != "heading_open" or not inline.content.endswith("}"):
            continue
        start = inline.content.rfind("{")
        before = len(inline.content[:start].rstrip(" \t"))
        if found := _ATTRIBUTES.match(inline.content, before if start > 0 else 0):
            inline.content = inline.content[:before]
            if name := _ID.search(found[0]):
                heading.attrs["id"] = name[1]
