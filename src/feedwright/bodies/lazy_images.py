"""Step: pictures and players that a script was meant to load get their source."""

from __future__ import annotations

import re

from feedwright import urls
from feedwright.bodies.decorations import is_tracker
from feedwright.bodies.html_tree import Node, Tree
from feedwright.bodies.limits import add_address
from feedwright.patterns import lazy_pattern

_SOURCES = [
    f"data-{name}" for name in ("src", "original", "lazy-src", "actualsrc", "original-src", "lazyload")
]
_SETS = ["data-srcset", "data-lazy-srcset", "data-original-set"]
_LAZY = frozenset({*_SOURCES, *_SETS})
_PLACEHOLDER = lazy_pattern(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|loading|lazy|lazyload|transparent|gr[ae]y|pixel|1x1|empty|default)"
    r"[^/]*\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|$)",
    re.IGNORECASE,
)


def load(tree: Tree) -> None:
    """Give lazy elements their source, from their own attributes or from the `noscript` beside them."""
    for node, tag in tree.select({"img", "source", "video", "audio"}):
        attributes = node.attributes
        if not _LAZY.isdisjoint(attributes):
            sources = _sources(tag, attributes, tree.base)
            for name, value in sources.items():
                add_address(tree, value)
                node.attrs[name] = value
            tree.promoted += bool(sources)
    for node, _ in tree.select({"noscript"}):
        tree.promoted += _use_fallback(node, tree.base)


def _sources(tag: str, attributes: dict[str, str | None], base: str) -> dict[str, str]:
    """The `src` and `srcset` that a lazy element is to get; empty where it shows something of its own."""
    sources = {}
    has_src = not _is_missing(attributes.get("src"))
    if not has_src and (tag != "source" or "srcset" not in attributes):
        usable = (urls.web(attributes[name] or "", base) for name in _SOURCES if attributes.get(name))
        if source := next(filter(None, usable), None):
            sources["src"] = source
    if tag in {"img", "source"} and _is_missing(attributes.get("srcset")):
        sets = (urls.candidates(attributes.get(name) or "", base) for name in _SETS)
        if srcset := next(filter(None, sets), None):
            sources["srcset"] = srcset
            if tag == "img" and "src" not in sources and not has_src:
                sources["src"] = srcset.split()[0].rstrip(",")
    return sources


def _is_missing(source: str | None) -> bool:
    """Whether a `src` shows nothing of its own: none, `data:`, `about:` or the name of a placeholder."""
    value = (source or "").strip()
    return not value or value.lower().startswith(("data:", "about:")) or bool(_PLACEHOLDER.search(value))


def _use_fallback(noscript: Node, base: str) -> bool:
    """Use the picture that a `noscript` holds for readers without scripts, unless it is there already."""
    fallback = noscript.css_first("img")
    reference = fallback.attributes.get("src") if fallback is not None else None
    source = urls.web(reference, base) if reference else None
    if fallback is None or source is None or is_tracker(fallback.attributes):
        return False
    shown = _neighbour(noscript)
    if shown is None:
        noscript.insert_before(fallback, move=True)
    elif _is_missing(shown.attributes.get("src")):
        shown.attrs["src"] = source
    else:
        return False
    return True


def _neighbour(noscript: Node) -> Node | None:
    """The picture just before or just after a `noscript`, perhaps inside one other element."""
    for sibling, direction in ((noscript.prev, "prev"), (noscript.next, "next")):
        node: Node | None = sibling
        while node is not None and node.is_empty_text_node:
            node = getattr(node, direction)
        if node is not None and node.is_element_node and node.tag != "noscript":
            picture = node if node.tag == "img" else node.css_first("img")
            if picture is not None:
                return picture
    return None
