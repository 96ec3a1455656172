"""Markdown to HTML: CommonMark with tables, strikethrough and footnotes; door to markdown_it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """Return the HTML of a Markdown body (CommonMark 0.31); HTML in it passes as it is."""
    return _renderer()(body)


@cache
def _renderer() -> Callable[[str], str]:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    options = {"html": True, "maxNesting": _DEEPEST}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).use(footnote_plugin)
    return parser.render
