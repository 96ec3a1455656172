"""Steps: hidden elements and those that the policy does not list go, and newlines that begin a `pre`."""

from __future__ import annotations

from feedwright.bodies.html_tree import Node, Tree, unwrap
from feedwright.bodies.policy import BREAKING, DROPPED, ELEMENTS, HIDING_STYLE, SHOWN_LATER

_WAITING = frozenset({"img", "picture", "source", "video", "audio", "iframe"})
"""Elements that are often hidden until a script has loaded them."""


def remove_hidden(tree: Tree) -> None:
    """Remove elements that no browser shows; of pictures and players that wait for a script, none."""
    if not tree.may_hide:
        return
    for node, tag in tree.nodes:
        if node.parent is not None and tag not in _WAITING and tag != "-comment" and _is_hidden(node):
            node.decompose()
    tree.nodes = [(node, tag) for node, tag in tree.nodes if node.parent is not None]


def _is_hidden(node: Node) -> bool:
    attributes = node.attributes
    if attributes.get("role") in SHOWN_LATER:
        return False
    is_hidden = "hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found"
    return is_hidden or HIDING_STYLE.search(attributes.get("style") or "") is not None


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
            node.decompose()
        else:
            if tag in BREAKING:
                node.insert_before("\n")
                node.insert_after("\n")
            unwrap(node)
    tree.nodes = [(node, tag) for node, tag in tree.nodes if tag in ELEMENTS and node.parent is not None]


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
