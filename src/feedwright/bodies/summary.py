"""Plain text cut to a summary where a person would stop; door to regex (grapheme clusters)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedwright.patterns import lazy_pattern
from feedwright.text import is_within

_SENTENCE = lazy_pattern(
    r"(?:[。！？｡]+|(?<![.!?…])[.!?…]++(?=[\"'”’»)\]」』）】》]*(?:\s|$)))[\"'”’»)\]」』）】》]*"
)
_CLAUSE = lazy_pattern(r"[，、；：]|(?<=\S)(?=\s)")
_PLAIN = (
    *(0x20, 0x7F, 0xC0, 0x300, 0x2010, 0x2028, 0x3001, 0x302A, 0x3041, 0x3097, 0x30A1, 0x30FB),
    *(0x3400, 0x4DC0, 0x4E00, 0xA000, 0xFF01, 0xFF5F),
)
"""The ranges of characters with a boundary of clusters between any two of them (UAX #29 §3.1.1)."""

_LEAST = 0.4
"""A sentence or word that ends before this part of the limit is too short a summary."""


def cut(text: str, limit: int = 200) -> str:
    """Return plain text of at most about `limit` characters, cut at the end of a sentence, clause or word.

    Never within a grapheme cluster (UAX #29): a first cluster that is longer than `limit` is kept as it is.
    Ends with `…` only where the cut is not at the end of a sentence.
    """
    text = text.strip()
    if len(text) <= limit:
        return text
    if end := next(_ends(_SENTENCE, text, limit), 0):
        return text[:end].rstrip()
    for end in _ends(_CLAUSE, text, limit):
        if summary := text[:end].rstrip().rstrip("，、；：,;:"):
            return summary + "…"
    end = limit
    if not _is_boundary(text, limit):
        import regex

        ends = [end for end in _boundaries(text, limit + 1) if end <= limit]
        end = ends[-1] if ends else regex.match(r"\X", text).end()
    return text[:end].rstrip() + ("…" if end < len(text) else "")


def _ends(pattern: re.Pattern[str], text: str, limit: int) -> Iterator[int]:
    """The ends of matches within the limit, the last first, none too early and none within a cluster."""
    ends = [match.end() for match in pattern.finditer(text[: limit + 1])]
    return (end for end in reversed(ends) if limit * _LEAST <= end <= limit and _is_boundary(text, end))


def _is_boundary(text: str, end: int) -> bool:
    """Whether no cluster spans the position; only what is before it and one character after decide that."""
    if end >= len(text) or (is_within(text[end - 1], _PLAIN) and is_within(text[end], _PLAIN)):
        return True
    return end in _boundaries(text, end + 1)


def _boundaries(text: str, end: int) -> list[int]:
    """The ends of the clusters of `text[:end]`."""
    import regex

    return [cluster.end() for cluster in regex.finditer(r"\X", text, endpos=end)]
