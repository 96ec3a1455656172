"""How much of an article's text another text holds, and how much else, by runs of three words."""

from __future__ import annotations

import re
from functools import cached_property
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from feedwright.bodies.html_tree import Node

_HAN = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
"""A word; where no blanks are written, a character."""

ADDRESS = re.compile(r"https?://[^\s<>)]+")
_SIZE = 3
_FEW = 8
_MARKUP = re.compile(
    r"\[\^[^\[\]\n]+\]:?|\[[ xX]\]|<!--(?s:.*?)(?:-->|\Z)|</?[a-zA-Z][^<>]*>|https?://[^\s<>)]+|!\[[^\[\]\n]*\](?:\([^()\n]*+)?|\]\([^()\n]*+|\]\[[^\[\]\n]*\]"
    r"|^ {0,3}\*?\[(?!\^)[^\[\]\n]+\]:.*$|^ {0,3}(?:`{3,}+|~{3,}+).*$|\{[:#.][^{}\n]*\}",
    re.MULTILINE,
)
"""What no page shows of a body as it is written: tags, addresses, texts of pictures, info strings."""


GAP = "\0"
"""What stands in a body for what a generator makes of a tag."""


class Share(NamedTuple):
    """How many runs of a text are those of an article, and how many are not."""

    common: int
    foreign: int


class Likeness:
    """An article's text to compare others with; `runs` are its runs of words, `words` the words."""

    def __init__(self, source: str) -> None:
        """`source` is the body as it is written, with `GAP` where a page shows what nobody knows here."""
        parts = [_words(part) for part in unescape(_MARKUP.sub(_replaced, source)).split(GAP)]
        self.words = [word for part in parts for word in part]
        self._size = min(_SIZE, max(map(len, parts))) or 1
        self.runs = frozenset(run for part in parts for run in self._runs(part))
        self._known = frozenset(self.words)

    def share(self, node: Node) -> Share:
        """Return how much of the article an element holds, and how much else."""
        runs = frozenset(self._runs(_words(node.text(separator=" ") or "")))
        common = len(runs & self.runs)
        return Share(common, len(runs) - common)

    def is_foreign(self, node: Node) -> bool:
        """Tell whether hardly any of an element's text is the article's, however short it is.

        Addresses count on neither side: what the source says in them is not among its words.
        """
        words = _words(ADDRESS.sub(" ", node.text(separator=" ") or ""))
        if len(words) < self._size:
            return self._known.isdisjoint(words)
        runs = frozenset(self._runs(words))
        return 3 * len(runs & self.runs) < len(runs)

    def has_pairs(self, node: Node) -> bool:
        """Tell whether an element has but few words, and the article at least half of the pairs they make."""
        words = _words(node.text(separator=" ") or "")
        if len(words) < 2:
            return not words or words[0] in self._known
        pairs = list(pairwise(words))
        return len(words) <= _FEW and 2 * sum(pair in self._pairs for pair in pairs) >= len(pairs)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(self.words))

    def _runs(self, words: list[str]) -> zip[tuple[str, ...]]:
        return zip(*(words[start:] for start in range(self._size)), strict=False)


def are_same(text: str, other: str) -> bool:
    """Tell whether two texts have the same words, whatever is between them."""
    return _words(text) == _words(other)


def _replaced(markup: re.Match[str]) -> str:
    return GAP if markup[0].startswith(("http", "[^")) else " "


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
