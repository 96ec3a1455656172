"""An article's body as a parsed tree, on which the steps work; door to selectolax (lexbor).

Every tree is that of a standards-mode document whose body begins where the article does, so that nothing
lands in a head and a paragraph ends where a table begins, as in every HTML5 parser that comes after.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from feedwright import text
from feedwright.bodies import policy
from feedwright.patterns import lazy_pattern

Node = LexborNode

_START = "<!doctype html><body>"
_HAN = (0x3001, 0x3100, 0x3400, 0x4DC0, 0x4E00, 0xA000, 0xFF00, 0xFF61)
"""The ranges of what Chinese and Japanese are written with, for `text.is_within`."""
_MAY_BE_BETWEEN_HAN = lazy_pattern(r"\n(?<=[^\x00-\u07ff]\n)[ \t]*(?=[^\x00-\u07ff])")

_MARKS = frozenset({"more", "excerpt", "pelican_end_summary"})


class Tree:
    """A parsed body on the page `base`, and what the steps repaired.

    `source` is its HTML, for steps that look for a sign first, `size` the length of that, `added` the length
    of the addresses that became absolute. `promoted` counts the lazy elements that got a source, `references`
    those to characters that XML forbids, `unseen` the letters and digits that are removed because nobody
    would miss them; `refused` are the URLs that are not published, `dropped` the elements that nothing
    stands for, and `decorations` the addresses of pictures that are no preview of the article.
    """

    def __init__(self, html: str, *, base: str = "") -> None:
        try:
            self.parser = LexborHTMLParser(_START + html)
        except SelectolaxError as error:  # there is HTML that no memory is left for, but none that is wrong
            raise MemoryError from error
        body = self.parser.body
        assert body is not None
        self.body = body
        self.base = base
        self.size = len(html)
        self.added = 0
        self.promoted = 0
        self.references = 0
        self.unseen = 0
        self.refused: list[str] = []
        self.dropped: Counter[str] = Counter()
        self.decorations: set[str] = set()
        self.source = html
        self._nodes: list[tuple[Node, str]] | None = None
        self._has_replacement_character = "\ufffd" in html

    @property
    def nodes(self) -> list[tuple[Node, str]]:
        """The elements and comments of the body in document order, each with its name."""
        if self._nodes is None:
            # not by a selector: making the first one of a tree costs more than the walk
            self._nodes = [(node, node.tag or "") for node in self.body.traverse()][1:]
        return self._nodes

    @cached_property
    def tags(self) -> Set[str]:
        """The names of all elements that the body had at first."""
        return {tag for _, tag in self.nodes}

    def changed(self) -> None:
        """Walk again when the nodes are next asked for: memory of removed ones is given to new ones."""
        self._nodes = None

    def remove(self, node: Node) -> None:
        """Remove an element whose text nobody would miss."""
        if node.parent is not None:  # else it went with another
            self.unseen += sum(map(str.isalnum, node.text() or ""))
            node.decompose()
            self.changed()

    @property
    def html(self) -> str:
        """The body, serialized (HTML §13.3)."""
        return self.body.inner_html or ""

    def select(self, tags: Set[str]) -> list[tuple[Node, str]]:
        """Return the elements with one of the names, in document order."""
        return [] if self.tags.isdisjoint(tags) else [pair for pair in self.nodes if pair[1] in tags]

    def depth(self) -> int:
        """Return how deep the elements are nested."""
        levels = {self.body.mem_id: 0}
        for node, _ in self.nodes:
            parent = node.parent
            levels[node.mem_id] = levels.get(parent.mem_id, 0) + 1 if parent is not None else 0
        return max(levels.values())

    def scrub(self, value: str) -> str:
        """Return a value without the characters that XML forbids, and count them.

        The parser makes U+FFFD of some: it is one of them where the source has none.
        """
        clean = text.scrub(value)
        if not self._has_replacement_character:
            clean = clean.replace("\ufffd", "")
        self.references += len(value) - len(clean)
        return clean

    def texts(self) -> tuple[str, str]:
        """Return the visible text on one line, with a space between blocks, and that without asides.

        Asides are headings, code, tables, notes and the links to them. Only blocks are left in the tree.
        """
        asides: list[Node] = []
        has_notes = "#fn-" in self.source
        for node, tag in self.nodes:
            if node.parent is None:
                continue
            if tag in policy.ASIDES or (has_notes and _is_of_note(node, tag)):
                asides.append(node)
            elif tag in policy.PLAYERS:
                node.decompose()
            elif tag not in policy.BLOCKS:
                unwrap(node)
        self.body.merge_text_nodes()
        visible = self.body.text(separator=" ")
        for node in asides:
            if node.parent is not None:
                node.decompose()
        if asides:
            self.body.merge_text_nodes()
        prose = self.body.text(separator=" ") if asides else visible
        return text.fold_space(visible), text.fold_space(join_han(prose))


def join_han(prose: str) -> str:
    """Return a text without the line breaks where no word ends: Chinese and Japanese have no blanks."""
    return prose if prose.isascii() else _MAY_BE_BETWEEN_HAN.sub(_unless_between_han, prose)


def _unless_between_han(line_break: re.Match[str]) -> str:
    around = line_break.string[line_break.start() - 1], line_break.string[line_break.end()]
    return "" if all(text.is_within(character, _HAN) for character in around) else line_break[0]


def _is_of_note(node: Node, tag: str) -> bool:
    """Whether a node is a note, or a link to or from one."""
    return (tag == "li" and "id" in node.attributes) or (
        tag == "a" and (node.attributes.get("href") or "").startswith("#")
    )


def unwrap(node: Node) -> None:
    """Put the content of an element in its place."""
    if node.first_child is None:
        node.decompose()
    else:
        node.unwrap()


def before_mark(html: str, *, base: str) -> Tree | None:
    """Return the tree of what stands before `<!-- more -->` or its like; None without a mark."""
    folded = html.casefold() if "<!--" in html else ""
    if not any(mark in folded for mark in _MARKS):
        return None
    tree = Tree(html, base=base)
    comments = ((node, node.comment_content or "") for node, tag in tree.nodes if tag == "-comment")
    node: Node | None = next((node for node, words in comments if words.strip().casefold() in _MARKS), None)
    if node is None:
        return None
    while node is not None and node.mem_id != tree.body.mem_id:
        while (follower := node.next) is not None:
            follower.decompose()
        node = node.parent
    tree.changed()
    return tree
