"""Step: what is written for readers without scripts is shown to them."""

from __future__ import annotations

import re

from feedwright import urls
from feedwright.bodies.frames import insert_link
from feedwright.bodies.html_tree import Node, Tree, unwrap
from feedwright.patterns import lazy_pattern

_ASKS_FOR_SCRIPTS = lazy_pattern(r"java ?script|\bscripts?\b|脚本|腳本", re.IGNORECASE)
_WIDGETS = {
    "gist.github.com": (
        lazy_pattern(r"(https://gist\.github\.com/[\w-]+(?:/[0-9a-f]+)?)\.js(?:[?#].*)?"),
        r"\1",
    ),
    "asciinema.org": (lazy_pattern(r"(https://asciinema\.org/a/\w+)\.js(?:[?#].*)?"), r"\1"),
    "jsfiddle.net": (lazy_pattern(r"https?://(jsfiddle\.net/(?:[\w-]+/){1,2})embed/.*"), r"https://\1"),
}
"""Host → the address of a script that writes what a page shows, and that of the page itself."""


def show(tree: Tree) -> None:
    """Put the content of a `noscript` in its place; a script of a widget without one becomes a link."""
    for node, tag in tree.select({"script", "noscript"}):
        if tag == "script":
            source = urls.web(node.attributes.get("src") or "", tree.base)
            if source and (page := _page(source)) and not _has_fallback(node):
                insert_link(tree, node, page, page)
        elif _is_fallback(node):
            unwrap(node)
            tree.changed()


def _page(source: str) -> str | None:
    """The page of a widget's script, None where it is not known."""
    host = source.split("/", 3)[2]
    if host not in _WIDGETS:
        return None
    address, page = _WIDGETS[host]
    match = address.fullmatch(source)
    return match.expand(page) if match else None


def _has_fallback(script: Node) -> bool:
    node = script.next
    while node is not None and node.is_empty_text_node:
        node = node.next
    return node is not None and node.tag == "noscript" and _is_fallback(node)


def _is_fallback(noscript: Node) -> bool:
    """Whether a `noscript` says more than a picture, which is used elsewhere, or a request for scripts."""
    words = noscript.text() or ""
    return bool(words.strip()) and noscript.css_first("img") is None and not _ASKS_FOR_SCRIPTS.search(words)
