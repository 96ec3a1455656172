"""Step: pictures and players without a source make way for what stands for them; the pictures of a body."""

from __future__ import annotations

from collections.abc import Set

from feedwright.bodies.decorations import pixels
from feedwright.bodies.html_tree import Tree, unwrap
from feedwright.bodies.policy import PLAYERS
from feedwright.model import Picture

_MEDIA = PLAYERS | {"img", "source", "picture"}
_NEEDED = {"picture": "srcset", "video": "src", "audio": "src"}
"""The attribute without which a `source` in such an element names nothing."""


def settle(tree: Tree) -> None:
    """Drop sources that name nothing; a picture without one becomes its text, a player its fallback."""
    for node, tag in reversed(tree.select(_MEDIA)):
        attributes = node.attributes
        if tag == "img":
            if "src" in attributes:
                continue
            if alt := (attributes.get("alt") or "").strip():
                node.replace_with(alt)
            else:
                node.decompose()
        elif tag == "source":
            holder = (node.parent.tag if node.parent is not None else "") or ""
            if _NEEDED.get(holder) not in attributes:
                node.decompose()
        elif tag == "picture":
            if node.css_first("img") is None:
                node.strip_tags(["source"])
                unwrap(node)
        elif "src" not in attributes and node.css_first("source") is None:
            unwrap(node)
        elif "controls" not in attributes:
            node.attrs["controls"] = ""


def pictures(tree: Tree, decorations: Set[str]) -> tuple[Picture, ...]:
    """Return the pictures of a clean tree in document order, without decorations, which are addresses."""
    images = (node.attributes for node, _ in tree.select({"img"}))
    return tuple(
        Picture(src=src, width=pixels(image.get("width")), height=pixels(image.get("height")))
        for image in images
        if (src := image.get("src")) and src not in decorations
    )
