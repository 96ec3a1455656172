"""Step: boxes, gauges, areas, drawings and the labels of tabs become the text that a person reads of them."""

from __future__ import annotations

import re

from feedwright import text
from feedwright.bodies.attributes import is_hidden
from feedwright.bodies.frames import insert_link
from feedwright.bodies.html_tree import Node, Tree
from feedwright.patterns import lazy_pattern

_ELEMENTS = frozenset({"button", "input", "meter", "progress", "svg"})
_TAB = lazy_pattern(r"(?<!\S)tab(?:s|[_-]*(?:btn|button|item|label|link|title))?(?!\S)", re.IGNORECASE)
"""What themes call the button that shows a tab, and names what is in it."""


def write(tree: Tree) -> None:
    """Put a text in the place of each; what says nothing goes later."""
    for area, _ in tree.select({"area"}):
        _insert_area(tree, area, area.attributes)
    for node, tag in reversed(tree.select(_ELEMENTS)):  # what is inside first
        attributes = node.attributes
        if not is_hidden(attributes) and (words := _words(node, tag, attributes)):
            node.replace_with(words)
            tree.changed()


def _insert_area(tree: Tree, area: Node, attributes: dict[str, str | None]) -> None:
    """Put a link before the map of an area that says where it leads."""
    label = text.fold_space(attributes.get("alt") or attributes.get("title") or "")
    place = area
    while place.parent is not None and place.tag != "map":
        place = place.parent
    if label and place.tag == "map" and (address := attributes.get("href")):
        insert_link(tree, place, address, label)


def _words(node: Node, tag: str, attributes: dict[str, str | None]) -> str:
    if tag == "input":
        is_box = (attributes.get("type") or "").lower() == "checkbox"
        return ("☑" if "checked" in attributes else "☐") if is_box else ""
    if tag == "button":
        is_tab = attributes.get("role") == "tab" or _TAB.search(attributes.get("class") or "")
        return f"{text.fold_space(node.text() or '')} ".lstrip() if is_tab else ""
    if tag == "svg":
        title = node.css_first("title")
        return text.fold_space(attributes.get("aria-label") or (title.text() if title is not None else ""))
    if words := text.fold_space(node.text() or ""):
        return words
    value = attributes.get("value") or ""
    return f"{value}/{attributes.get('max') or 1}" if value else ""
