"""Step: the signs beside headings that link to them go."""

from __future__ import annotations

from feedwright import text
from feedwright.bodies.html_tree import Node, Tree
from feedwright.bodies.policy import names

_SIGNS = frozenset("#¶§🔗⚓") | {"", "##", "link", "anchor", "permalink"}
_PHRASES = ("section titled", "permalink to", "direct link to", "link to this", "link to heading")
_CLASSES = names(
    "anchor anchor-link anchorjs-link hash-link header-anchor headerlink heading-anchor heading-link"
    " headline-hash sl-anchor-link zola-anchor"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def remove(tree: Tree) -> None:
    """Remove links to their own heading that say nothing else."""
    if tree.tags.isdisjoint(_HEADINGS) or "#" not in tree.source:
        return
    for node, _ in tree.select({"a"}):
        if node.parent is not None and _is_sign(node):
            tree.remove(node)


def _is_sign(link: Node) -> bool:
    attributes = link.attributes
    if "#" not in (attributes.get("href") or ""):
        return False
    words = text.fold_space(link.text() or "").casefold()
    if words.startswith(_PHRASES):
        return True
    is_sign = words in _SIGNS or text.is_blank(words)
    if not is_sign or link.css_first("img") is not None:
        return False
    return _is_in_heading(link) or not _CLASSES.isdisjoint((attributes.get("class") or "").split())


def _is_in_heading(link: Node) -> bool:
    """Whether the link stands in a heading that says more than the link."""
    node = link.parent
    while node is not None and node.tag not in _HEADINGS:
        node = node.parent
    return node is not None and len((node.text() or "").strip()) > len((link.text() or "").strip())
