"""The article in the page that the site's generator made of it: the element that holds its text.

It is one that themes mark as the article, or is searched for from the outside to the inside; and what
stands around the article in it is taken away. What comes out is HTML as it stands in the page: nobody vouches
for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from feedwright import urls
from feedwright.bodies import limits
from feedwright.bodies.built_page import parts, pruning, surroundings
from feedwright.bodies.built_page.likeness import Likeness, Share, length
from feedwright.bodies.html_tree import Node, Tree

if TYPE_CHECKING:
    from feedwright.model import Page

_PROPERTY = "articleBody"
_CLASSES = (
    *("e-content", "post-content", "entry-content", "article-entry", "post-body", "article-content"),
    *("markdown-body", "prose"),
)
"""What themes call the element that holds nothing but the article."""

_MARKS = frozenset({_PROPERTY, *_CLASSES})
_NAMES = re.compile(rf"""(?<=[\s"'=])(?:{"|".join(sorted(_MARKS))})(?=[\s"'>])""")
_ENDINGS = ("Body", "-body", "-content", "-entry", "prose")
_MARKED = (f"[itemprop~={_PROPERTY}]", *(f".{name}" for name in _CLASSES))

_AROUND = ("article", "main", "[role=main]", "#content", ".content")
"""Elements that hold the article, and may hold what belongs to it."""

_EVERY_SELECTOR = ",".join((*_MARKED, *_AROUND))
_SILENT_NAMES = ("style", "template", "script")
_SILENT = 'style, template, script:not([src]):not([type^="math/tex"])'

_MOST = 24
"""Elements that are compared at once, and steps inward."""

_ENOUGH, _ENOUGH_MARKED = 0.5, 0.25
"""The least part of the source's text in the article's page, and in what is marked there as the article."""

_NEARLY = 0.95
_FEW, _FEW_LETTERS = 4, 20
"""Runs of words, and letters, that do not count: those across the edges of the article."""

_BASE = re.compile(rb"<base\s[^<>]*>", re.IGNORECASE)
_HEXO_MARK = re.compile(r"""<(span|a) id="more"></\1>""")
"""What Hexo makes of `<!-- more -->`."""

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)


class UnlikeError(ValueError):
    """A page that does not show the article; `asks` says that it asks for a password."""

    def __init__(self, message: str, *, asks: bool = False) -> None:
        super().__init__(message)
        self.asks = asks


def article_in(
    page: Page, likeness: Likeness, *, title: str, source: str, selector: str | None
) -> tuple[str, str]:
    """Return the HTML of the article in a page, and the address that those in it are relative to.

    `selector` names its element, else it is found; `source` is the body as it is written. Raises
    `UnlikeError`, and `limits.RefusedError` for what no parser should read.
    """
    base = _base(page)
    start = max(0, page.data.find(b"<body"))
    html = pruning.prune(_decoded(page, start))
    if selector is None and (found := _in_part(html, likeness, title, source)) is not None:
        return found, base
    if start:  # it may have been in a comment
        html = pruning.prune(_decoded(page))
    limits.check(html)
    tree = _tree(html)
    node, is_marked = _named(tree, likeness, selector) if selector else _found(tree, likeness)
    return _article(node, likeness, title, source, is_marked=is_marked), base


def _in_part(html: str, likeness: Likeness, title: str, source: str) -> str | None:
    """The HTML of the article in a part of the page, None where nothing less than the page will do."""
    marked = parts.with_names(_NAMES, _ENDINGS, html)
    if node := _one(marked) if likeness.is_empty else _likely(marked, likeness):
        return _article(node, likeness, title, source, is_marked=True)
    for name in ("main", "article"):
        if part := parts.only(name, html):
            tree = _tree(part)
            if name == "main" or _holds_nearly_all(tree.body, likeness):
                with suppress(UnlikeError):
                    node, is_marked = _found(tree, likeness)
                    return _article(node, likeness, title, source, is_marked=is_marked)
    return None


def _marked(part: str) -> Node | None:
    """The element of a part of the page, if it is marked as the article."""
    node = _tree(part).body.first_child
    return node if node is not None and _is_marked(node) else None


def _one(found: Iterable[tuple[int, str]]) -> Node | None:
    """The marked element, if there is but one."""
    nodes = [node for _, part in found if (node := _marked(part))]
    return nodes[0] if len(nodes) == 1 else None


def _likely(found: Iterable[tuple[int, str]], likeness: Likeness) -> Node | None:
    """The shortest element with nearly all of the article: others quote it, or hold what does."""
    likely: dict[int, Node] = {}
    for start, part in found:
        if any(inner < start + len(part) for inner in likely):
            continue  # they come from the end of the page
        if (node := _marked(part)) and _holds_nearly_all(node, likeness):
            likely[start] = node
    return min(likely.values(), key=lambda node: len(node.text() or ""), default=None)


def _holds_nearly_all(node: Node, likeness: Likeness) -> bool:
    return likeness.span_in(node) is not None or likeness.share(node).common >= _NEARLY * len(likeness.runs)


def _tree(html: str) -> Tree:
    """The tree of a page or a part of it, without what no browser shows."""
    tree = Tree(html)
    for node in tree.body.css(_SILENT) if any(f"<{name}" in html for name in _SILENT_NAMES) else ():
        if node.parent is not None:
            node.decompose()
    return tree


def _article(node: Node, likeness: Likeness, title: str, source: str, *, is_marked: bool) -> str:
    """The HTML of the article in its element."""
    node = surroundings.remove(node, likeness, title=title, source=source, is_marked=is_marked)
    return _HEXO_MARK.sub("<!-- more -->", node.inner_html or "")


def _decoded(page: Page, start: int = 0) -> str:
    """The text of a page from an offset."""
    data = page.data[start:]
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig")
    named = _CHARSET.search(page.data[:2048])
    name = named[1].decode().lower() if named else ""
    if not name.startswith("utf"):  # who can read the name has no other (HTML §13.2.3.2)
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(name)
    return data.decode("utf-8", "replace")


def _base(page: Page) -> str:
    """The address that those in the page are relative to (HTML §2.5.1)."""
    written = _BASE.search(page.data)
    if written is None:
        return page.url
    node = Tree(written[0].decode("utf-8", "replace")).body.css_first("base[href]")
    address = node.attributes.get("href") if node is not None else ""
    return urls.web(address or "", page.url) or page.url


def _named(tree: Tree, likeness: Likeness, selector: str) -> tuple[Node, bool]:
    """The element that the owner's selector names, which is believed."""
    nodes = tree.body.css(selector)
    if len(nodes) != 1:
        found = f"{len(nodes)} elements match" if nodes else "no element matches"
        raise UnlikeError(f"{found} `{selector}` in the page", asks=_asks(tree))
    if not likeness.is_empty and not (nodes[0].text() or "").strip():
        raise UnlikeError(f"the element that matches `{selector}` in the page is empty", asks=_asks(tree))
    return nodes[0], True


def _found(tree: Tree, likeness: Likeness) -> tuple[Node, bool]:
    """The element that holds nearly all of the article's text and little else, and whether it is marked."""
    if likeness.is_empty:
        return _only(tree)
    every = {node.mem_id: node for node in tree.body.css(_EVERY_SELECTOR)}  # a node for each that it matches
    candidates = [*every.values()][:_MOST]
    if found := _at_a_look(candidates, likeness):
        return found
    nodes: list[tuple[Node, Share]] = []
    for node in reversed(candidates):  # what is inside others first
        share = likeness.share(node)
        if share.common >= _NEARLY * len(likeness.runs) and _is_marked(node):
            return node, True
        nodes.insert(0, (node, share))
    best = max((share.common for _, share in nodes), default=0)
    if best < _NEARLY * len(likeness.runs):
        whole = likeness.share(tree.body)
        if whole.common * _NEARLY > best or not nodes:
            nodes, best = [(tree.body, whole)], whole.common
    full = [(node, share) for node, share in nodes if share.common >= _NEARLY * best]
    node, share = min(full, key=lambda pair: pair[1].foreign)
    is_marked = _is_marked(node)
    if best < (_ENOUGH_MARKED if is_marked else _ENOUGH) * len(likeness.runs) or not best:
        raise UnlikeError("nothing in the page reads like the article", asks=_asks(tree))
    if is_marked:
        return node, True
    return _narrowed(node, share, likeness), False


def _is_marked(node: Node) -> bool:
    attributes = node.attributes
    called = f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}"
    return not _MARKS.isdisjoint(called.split())


def _only(tree: Tree) -> tuple[Node, bool]:
    """The one element that is marked as the article, for a source without words, such as a photo."""
    for selector in (*_MARKED, *_AROUND):
        nodes = tree.body.css(selector)
        if len(nodes) == 1:
            return nodes[0], selector in _MARKED
    raise UnlikeError("nothing in the page is marked as the article", asks=_asks(tree))


def _at_a_look(candidates: list[Node], likeness: Likeness) -> tuple[Node, bool] | None:
    """What `_found` says where a look is enough to know the article."""
    for node in sorted(candidates, key=lambda node: (not _is_marked(node), len(node.text() or ""))):
        if span := likeness.span_in(node):
            if _is_marked(node):
                return node, True
            return _outermost([(inner, length(inner)) for inner in _around(node, *span)], _FEW_LETTERS), False
    return None


def _around(node: Node, start: int, end: int) -> Iterator[Node]:
    """An element, and those inside of it that hold all letters from `start` to `end`."""
    inner: Node | None = node
    levels = 0
    while inner is not None and levels < _MOST:
        yield inner
        levels += 1
        children, inner = inner.iter(include_text=True), None
        for child in children:
            size = length(child)
            if size >= end:
                inner = child
            if size > start:
                break
            start, end = start - size, end - size


def _narrowed(node: Node, share: Share, likeness: Likeness) -> Node:
    way = [(node, share)]
    while len(way) < _MOST and (inner := next(_inner(*way[-1], likeness), None)):
        way.append(inner)
    return _outermost([(node, share.foreign) for node, share in way], _FEW)


def _outermost(way: list[tuple[Node, int]], few: int) -> Node:
    """The outermost element on the way to the text that has no more around it than the innermost."""
    least = way[-1][1] + few
    containers = [(node, size) for node, size in way if node.tag in surroundings.CONTAINERS]
    fit = (node for node, size in containers if size <= least)
    return next(fit, containers[-1][0] if containers else way[0][0])


def _inner(node: Node, share: Share, likeness: Likeness) -> Iterator[tuple[Node, Share]]:
    for child in node.iter():
        if len(child.text() or "") > share.common:
            inner = likeness.share(child)
            if inner.common >= _NEARLY * share.common:
                yield child, inner


def _asks(tree: Tree) -> bool:
    return tree.body.css_first("input[type=password]") is not None
