"""Plain text cut to a summary, at a place where a person would stop; door to regex (grapheme clusters)."""

from __future__ import annotations

import re

ELLIPSIS = "…"

_SENTENCE = re.compile(r"(?:[。！？｡]+|[.!?…]+(?=[\"'”’»)\]」』）】》]*(?:\s|$)))[\"'”’»)\]」』）】》]*")
_CLAUSE = re.compile(r"[，、；：]|(?<=\S)(?=\s)")
_PLAIN = re.compile(
    r"[\x20-\x7e\xc0-\u02ff\u2010-\u2027\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff"
    r"\uff01-\uff5e]{2}"
)
"""Two characters between which there is always a boundary of clusters (UAX #29 §3.1.1)."""

_LEAST = 0.4
"""A sentence or word that ends before this part of the limit is too short a summary."""


def cut(text: str, limit: int = 200) -> str:
    """Plain text of at most about `limit` characters, cut at a sentence's end, else at a clause's or word's.

    Never within a grapheme cluster (UAX #29): a first cluster that is longer than `limit` is kept whole.
    Ends with `…` only where the cut is not at the end of a sentence.
    """
    text = text.strip()
    if len(text) <= limit:
        return text
    window = text[: limit + 1]
    for end in _ends(_SENTENCE, window, limit):
        if _is_boundary(text, end):
            return text[:end].rstrip()
    for end in _ends(_CLAUSE, window, limit):
        if _is_boundary(text, end) and (kept := text[:end].rstrip().rstrip("，、；：,;:")):
            return kept + ELLIPSIS
    return _hard_cut(text, limit)


def _ends(pattern: re.Pattern[str], window: str, limit: int) -> list[int]:
    """Where matches end within the limit, the last first, none too early."""
    ends = [found.end() for found in pattern.finditer(window)]
    return [end for end in reversed(ends) if limit * _LEAST <= end <= limit]


def _hard_cut(text: str, limit: int) -> str:
    if _is_boundary(text, limit):
        end = limit
    else:
        ends = _boundaries(text, limit + 1)
        end = next((place for place in reversed(ends) if place <= limit), 0) or _first_cluster(text)
    kept = text[:end].rstrip()
    return kept + ELLIPSIS if end < len(text) else kept


def _is_boundary(text: str, end: int) -> bool:
    """Whether no cluster spans the place; only what comes before it and one character after decide that."""
    if end >= len(text) or _PLAIN.fullmatch(text, end - 1, end + 1):
        return True
    return end in _boundaries(text, end + 1)


def _boundaries(text: str, end: int) -> list[int]:
    """Where the clusters of `text[:end]` end."""
    import regex

    return [found.end() for found in regex.finditer(r"\X", text, endpos=end)]


def _first_cluster(text: str) -> int:
    import regex

    found = regex.match(r"\X", text)
    return found.end() if found else len(text)
