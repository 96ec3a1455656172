"""Step: the signs beside headings that link to them go."""

from __future__ import annotations

from urllib.parse import unquote

from feedwright import text
from feedwright.bodies.html_tree import Node, Tree
from feedwright.bodies.policy import names

_SIGNS = frozenset("#¶§🔗⚓") | {"", "##"}
_WORDS = frozenset({"link", "anchor", "permalink"})
"""Signs where they link to the heading that they stand in; anything else may be called so, too."""

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
    is_sign = words in _SIGNS or words in _WORDS or text.is_blank(words)
    if not is_sign or link.css_first("img") is not None:
        return False
    if not _CLASSES.isdisjoint((attributes.get("class") or "").split()):
        return True
    heading = _heading_of(link)
    return heading is not None and (words not in _WORDS or _links_to(heading, attributes.get("href") or ""))


def _heading_of(link: Node) -> Node | None:
    """The heading that a link stands in, if it says more than the link."""
    node = link.parent
    while node is not None and node.tag not in _HEADINGS:
        node = node.parent
    says_more = node is not None and len((node.text() or "").strip()) > len((link.text() or "").strip())
    return node if says_more else None


def _links_to(heading: Node, href: str) -> bool:
    """Whether an address names a heading, or what stands in it."""
    name = unquote(href.partition("#")[2])
    return name != "" and any(name == node.attributes.get("id") for node in heading.css("[id]"))
