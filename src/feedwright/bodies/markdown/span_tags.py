"""HTML tags within a text as kramdown reads them: what opens or closes nothing there is text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.token import Token

from feedwright.bodies.markdown.elements import HAS_BLOCKS
from feedwright.bodies.policy import names

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_BLOCKS = names(
    "address article aside applet body blockquote caption col colgroup dd details div dl dt fieldset"
    " figcaption footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe legend menu li main map nav"
    " ol optgroup p pre section summary table tbody td th thead tfoot tr ul"
)
_VOID = names("area base br col command embed hr img input keygen link meta param source track wbr")
_TAG = re.compile(r"<(/?)([A-Za-z_][\w:.-]*)")


def span_tags_plugin(md: MarkdownIt) -> None:
    """Show end tags that end nothing and tags of blocks within text; close what is open at its end."""
    md.core.ruler.after("inline", "span_tags", _settle_tags)


def _settle_tags(state: StateCore) -> None:
    for block in state.tokens:
        if block.info == HAS_BLOCKS or not block.children:
            continue
        if any(token.type == "html_inline" for token in block.children):
            _settle(block.children)


def _settle(tokens: list[Token]) -> None:
    opened: list[str] = []
    for token in tokens:
        found = _TAG.match(token.content) if token.type == "html_inline" else None
        if found is None:
            continue
        name = found[2].lower()
        if found[1] and opened and opened[-1] == name:
            opened.pop()
        elif found[1] or name in _BLOCKS:
            token.type = "text"
        elif name not in _VOID and not token.content.endswith("/>"):
            opened.append(name)
    tokens += [Token("html_inline", "", 0, content=f"</{name}>") for name in reversed(opened)]
