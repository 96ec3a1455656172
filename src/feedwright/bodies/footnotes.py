"""Step: footnotes and the links to them and back jump within the entry."""

from __future__ import annotations

import re

from feedwright import disk
from feedwright.bodies.html_tree import Node, Tree
from feedwright.patterns import lazy_pattern

_NOTE = lazy_pattern(
    r"(?:user-content-)?(?:(?:fn|footnote|cite|note|ref|easy-footnote)[\w:.-]{0,80}[0-9][\w:.-]{0,80}"
    r"|(?:fn|fnref|fr|footnote)[:-][\w:.-]{1,80})",
    re.IGNORECASE,
)
"""The ids that generators give to notes and to the places that refer to them."""


def link(tree: Tree) -> None:
    """Give notes and references ids that no other entry on a reader's page has, and link to these."""
    if "#" not in tree.source:
        return
    links = [(node, note) for node, _ in tree.select({"a"}) if (note := _note(node, tree.base))]
    if not links:
        return
    targets: dict[str, Node] = {}
    for node, _ in tree.nodes:
        if name := node.attributes.get("id"):
            targets.setdefault(name, node)
    ids: dict[str, str] = {}
    prefix = f"fn-{disk.sha256(tree.base.encode())[:8]}-"
    for node, note in links:
        if note in targets:
            node.attrs["href"] = "#" + ids.setdefault(note, f"{prefix}{len(ids) + 1}")
    for note, new in ids.items():
        targets[note].attrs["id"] = new


def _note(link: Node, base: str) -> str | None:
    """The id of the note on this page that a link leads to."""
    page, _, fragment = (link.attributes.get("href") or "").partition("#")
    return fragment if page in {"", base} and _NOTE.fullmatch(fragment) else None
