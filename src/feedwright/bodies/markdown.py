"""Markdown to HTML: CommonMark with tables, strikethrough and footnotes; door to markdown_it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token

_ALIGN = "text-align:"
_DEEPEST = 600
"""Deeper text would vanish in silence: what nests so deep has more elements than `sanitize` accepts."""


def is_markdown(body: str) -> bool:
    """Tell whether the body of a `.md` file is Markdown.

    It is not where it is one closed HTML element with nothing but space and comments around it.
    """
    from feedwright.bodies import limits
    from feedwright.bodies.html_tree import Tree

    if not body.lstrip().startswith("<"):
        return True
    try:
        limits.check(body)
    except limits.RefusedError:  # what is made of it will be judged
        return True
    nodes = Tree(body + "<feedwright-end></feedwright-end>").body.iter(include_text=True, skip_empty=True)
    roots = [node for node in nodes if not node.is_comment_node]
    if len(roots) != 2 or roots[1].tag != "feedwright-end":
        return True
    name = roots[0].tag or ""
    return not (roots[0].is_element_node and name.replace("-", "").isalnum())


def render(body: str) -> str:
    """Return the HTML of a Markdown body (CommonMark 0.31); HTML in it passes as it is.

    Footnotes are marked by number without links, since what they would link to has no id in a feed.
    """
    return _renderer()(body)


@cache
def _renderer() -> Callable[[str], str]:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    options = {"html": True, "maxNesting": _DEEPEST}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).use(footnote_plugin)
    parser.add_render_rule("footnote_ref", _footnote_mark)
    parser.add_render_rule("footnote_anchor", lambda *_: "")
    parser.add_render_rule("th_open", _aligned_cell)
    parser.add_render_rule("td_open", _aligned_cell)
    return parser.render


def _footnote_mark(_self: RendererProtocol, tokens: Sequence[Token], index: int, *_: object) -> str:
    return f"<sup>[{int(tokens[index].meta['id']) + 1}]</sup>"


def _aligned_cell(_self: RendererProtocol, tokens: Sequence[Token], index: int, *_: object) -> str:
    """A cell whose alignment is an attribute, since no style passes the sanitizer."""
    token = tokens[index]
    style = str(token.attrs.pop("style", ""))
    if style.startswith(_ALIGN):
        token.attrs["align"] = style.removeprefix(_ALIGN)
    attributes = "".join(f' {name}="{value}"' for name, value in token.attrs.items())
    return f"<{token.tag}{attributes}>"
