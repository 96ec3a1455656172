"""Step: the line numbers that syntax highlighters put beside code go."""

from __future__ import annotations

from feedwright.bodies.html_tree import Node, Tree
from feedwright.bodies.policy import names
from feedwright.patterns import lazy_pattern

_CLASSES = names(
    "gutter hljs-ln-numbers line-number line-numbers-rows lineno linenodiv linenos linenumber ln lnt lntd"
    " rouge-gutter"
)
_NAMED = ("gutter", "linen", "line-n", "lnt", "ln-n", "user-select")
_LN = lazy_pattern(r"[\"' ]ln[\"' ]")
_NOT_SELECTED = lazy_pattern(r"user-select\s*:\s*none")


def may_be_in(html: str) -> bool:
    """Tell whether HTML has names that line numbers have."""
    return any(name in html for name in _NAMED) or ("ln" in html and _LN.search(html) is not None)


def remove(tree: Tree) -> None:
    """Remove line numbers; a table that has nothing left but one block of code becomes that block."""
    if tree.tags.isdisjoint({"pre", "code"}) or not may_be_in(tree.source):
        return
    candidates = tree.select({"td", "span", "div", "a", "pre", "code"})
    for node in [node for node, tag in candidates if _is_numbers(node, tag)]:
        tree.remove(node)
    for table, _ in tree.select({"table"}):
        if table.parent is not None:
            _unwrap_code(table)


def _is_numbers(node: Node, tag: str) -> bool:
    attributes = node.attributes
    classes = (attributes.get("class") or "").split()
    named = not _CLASSES.isdisjoint(classes) or _NOT_SELECTED.search(attributes.get("style") or "")
    if not named or (tag == "td" and _is_after_a_cell(node)):
        return False
    return all(word.isdecimal() for word in (node.text(separator=" ") or "").split())


def _is_after_a_cell(cell: Node) -> bool:
    node = cell.prev
    while node is not None and not node.is_element_node:
        node = node.prev
    return node is not None


def _unwrap_code(table: Node) -> None:
    """Put a block of code in the place of its table, if the other cells, if any, are empty."""
    full = [cell for cell in table.css("td, th") if (cell.text() or "").strip()]
    blocks = [block for cell in full for block in cell.css("pre")]
    if len(full) == len(blocks) == 1 and (full[0].text() or "").strip() == (blocks[0].text() or "").strip():
        table.insert_before(blocks[0], move=True)
        table.decompose()
