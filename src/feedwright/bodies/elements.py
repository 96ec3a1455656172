"""Steps: elements that the policy does not list go, and so do the newlines that begin preformatted text."""

from __future__ import annotations

from feedwright.bodies.html_tree import Node, Tree, unwrap
from feedwright.bodies.policy import BREAKING, DROPPED, ELEMENTS

_TOLD = frozenset(
    {"applet", "canvas", "embed", "frame", "iframe", "object", "portal", "select", "svg", "textarea"}
)
"""Elements that people see, and of which nothing is left."""


_ICON = 48
"""The width in pixels up to which a drawing only decorates."""


def remove_unknown(tree: Tree) -> None:
    """Remove comments, and elements with their content or without, by kind."""
    if tree.tags <= ELEMENTS:
        return
    for node, tag in tree.nodes:
        if tag in ELEMENTS or node.parent is None:
            continue
        if tag == "-comment":
            _drop_comment(node)
        elif tag in DROPPED:
            tree.dropped[tag] += tag in _TOLD and not _is_icon(node)
            node.decompose()
        else:
            if tag in BREAKING:
                node.insert_before("\n")
                node.insert_after("\n")
            unwrap(node)
    tree.changed()


def _is_icon(node: Node) -> bool:
    attributes = node.attributes
    size = attributes.get("width") or (attributes.get("viewBox") or "").rpartition(" ")[2]
    return attributes.get("aria-hidden") == "true" or (size.isdecimal() and int(size[:6]) <= _ICON)


def trim_preformatted(tree: Tree) -> None:
    """Drop newlines that begin a `pre`, of which every parser drops one (HTML §13.2.6.4.7)."""
    for node, _ in tree.select({"pre"}):
        first = node.first_child
        content = first.text_content if first is not None and first.is_text_node else None
        if first is not None and content and content.startswith(("\n", "\r")):
            first.replace_with(content.lstrip("\r\n"))


def _drop_comment(comment: Node) -> None:
    """Drop a comment; where a CDATA section began it, with its siblings up to the end of the section."""
    content = comment.comment_content or ""
    section = [comment]
    node = comment.next if content.startswith("[CDATA[") and not content.endswith("]]") else None
    while node is not None:
        _, end, after = (node.text_content or "").partition("]]>")
        if end:
            node.replace_with(after)
            break
        section.append(node)
        node = node.next
    for part in section if node is not None else [comment]:
        part.decompose()
