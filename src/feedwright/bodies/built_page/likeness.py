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
_LETTERS = re.compile(r"[^\W_]+")
_MARKERS = "#>*+-.0123456789 \t"
"""What may be before the text of a line and not in the page."""

_LINE, _END = 8, 16
"""The least length of a line whose end is looked for, and how many of its letters."""

_LINES, _FEW_LINES, _ONE_IN = 40, 4, 20
"""About how many lines are looked for, how many are too few for that, and which part may lack."""

_MARKUP = re.compile(
    r"\[\^[^\[\]\n]+\]:?|\[[ xX]\]|<!--(?s:.*?)(?:-->|\Z)|</?[a-zA-Z][^<>]*>|https?://[^\s<>)]+|!\[[^\[\]\n]*\](?:\([^()\n]*+)?|\]\([^()\n]*+|\]\[[^\[\]\n]*\]"
    r"|:(?<![\w:]:)[a-zA-Z0-9_+-]{1,60}:(?![\w:])"
    r"|^ {0,3}\*?\[(?!\^)[^\[\]\n]+\]:.*$|^ {0,3}(?:`{3,}+|~{3,}+).*$|\{[:#.][^{}\n]*\}",
    re.MULTILINE,
)
"""What pages do not show of a body as it is written: tags, addresses, texts of pictures, names of emoji, info
strings."""


GAP = "\0"
"""What stands in a body for what a generator makes of a tag."""


class Share(NamedTuple):
    """How many runs of a text are those of an article, and how many are not."""

    common: int
    foreign: int


class Likeness:
    """An article's text to compare others with; `runs` are its runs of words."""

    def __init__(self, source: str) -> None:
        """`source` is the body as it is written, with `GAP` where a page shows what nobody knows here."""
        self._texts = unescape(_MARKUP.sub(_replaced, source)).casefold().split(GAP)
        self.is_empty = not any(map(_WORD.search, self._texts))
        self._measured: tuple[str, Share] | None = None
        self._judged: tuple[str, bool] | None = None

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """All runs of words."""
        return frozenset(run for part in self._parts for run in self._runs(part))

    def span_in(self, node: Node) -> tuple[int, int] | None:
        """Return where among the letters of an element the article is, known by lines from all over it.

        The first line has to be there, and in order the ends of the last and of nearly all others; of few
        lines all letters. None says nothing.
        """
        text = node.text() or ""
        if not self._samples or len(text) < sum(map(len, self._samples)):
            return None
        text = _letters(text)
        last, *between, first = self._samples if len(self._samples) > 1 else (self._samples[0], "")
        start = text.rfind(last)
        end = start + len(last)
        lacking = 0
        for sample in between:
            position = text.rfind(sample, 0, max(0, start))
            start = start if position < 0 else position
            lacking += position < 0
            if lacking * _ONE_IN > len(between):
                return None
        start = text.rfind(first, 0, start) if start >= 0 else -1
        return (start, end) if start >= 0 else None

    def share(self, node: Node) -> Share:
        """Return how much of the article an element holds, and how much else."""
        text = node.text(separator=" ") or ""
        if self._measured is None or self._measured[0] != text:  # what is around often holds nothing else
            runs = frozenset(self._runs(_words(text)))
            common = len(runs & self.runs)
            self._measured = text, Share(common, len(runs) - common)
        return self._measured[1]

    def is_foreign(self, node: Node) -> bool:
        """Tell whether hardly any of an element's text is the article's, however short it is.

        Addresses count on neither side: what the source says in them is not among its words.
        """
        text = node.text(separator=" ") or ""
        if self._judged is None or self._judged[0] != text:
            self._judged = text, self._is_foreign(_words(ADDRESS.sub(" ", text)))
        return self._judged[1]

    def _is_foreign(self, words: list[str]) -> bool:
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
    def _samples(self) -> list[str]:
        lines = [line.lstrip(_MARKERS) for text in self._texts for line in text.splitlines()]
        long = [line for line in lines if len(line) >= _LINE]
        if len(long) < _FEW_LINES:
            return list(filter(None, map(_letters, reversed(lines))))
        ends = [_letters(line)[-_END:] for line in long[: 0 : -max(1, len(long) // _LINES)]]
        return [*ends, _letters(long[0])]

    @cached_property
    def _parts(self) -> list[list[str]]:
        return [_WORD.findall(text) for text in self._texts]

    @cached_property
    def _words(self) -> list[str]:
        return [word for part in self._parts for word in part]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._words)

    @cached_property
    def _size(self) -> int:
        return min(_SIZE, max(map(len, self._parts))) or 1

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(self._words))

    def _runs(self, words: list[str]) -> zip[tuple[str, ...]]:
        return zip(*(words[start:] for start in range(self._size)), strict=False)


def length(node: Node) -> int:
    """Return the number of letters and digits in an element or a text."""
    return len(_letters(node.text() or ""))


def are_same(text: str, other: str) -> bool:
    """Tell whether two texts have the same words, whatever is between them."""
    return _words(text) == _words(other)


def _replaced(markup: re.Match[str]) -> str:
    return GAP if markup[0].startswith(("http", "[^")) else " "


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(text.casefold()))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
