"""Attributes in braces in Markdown, as markdown-it-attrs reads them: `*text*{.class}`, `text {#id}`.

They go: no feed carries them, except the id of a heading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedwright.bodies.markdown.headings import ATTRIBUTE

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_BRACES = re.compile(rf"\{{[ \t]*+(?:{ATTRIBUTE}[ \t]*+)++\}}")


def braces_plugin(md: MarkdownIt) -> None:
    """Take attributes away behind spans, at the ends of blocks, and in lines of their own."""
    md.core.ruler.after("inline", "braces", _remove)


def _remove(state: StateCore) -> None:
    for block in state.tokens:
        if block.children and "{" in block.content:
            _remove_from(block.children)


def _remove_from(tokens: list[Token]) -> None:
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type != "text" or "{" not in token.content:
            continue
        if before and (before.nesting < 0 or before.type in ("code_inline", "image")):
            found = _BRACES.match(token.content)
            token.content = token.content[found.end() :] if found else token.content
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "text" and token.content.endswith("}") and (not after or after.type == "softbreak"):
            start = token.content.rfind("{")
            if start >= 0 and _BRACES.fullmatch(token.content, start):
                token.content = token.content[:start].rstrip(" \t")
