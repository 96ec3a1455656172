"""Plain text as feeds may carry it: what XML 1.0 forbids goes, spaces are folded, direction marks are paired.

The characters allowed are those of `Char` in XML 1.0 (fifth edition) §2.2.
"""

from __future__ import annotations

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""One character that no XML 1.0 document may hold, not even as a reference."""

_SEEN = re.compile(
    "[^\\s\x00-\x1f\ud800-\udfff\ufffe\uffff"
    "\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0]"
)
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CLOSERS = {"\u202c": "\u202a\u202b", "\u2069": "\u2066\u2067\u2068"}
_OVERRIDES = "\u202d\u202e"
_LOG_COMMAND = re.compile(r"(##\w*)\[")


def scrub(text: str) -> str:
    """Return the text without the characters that XML forbids."""
    return text if text.isprintable() else FORBIDDEN.sub("", text)


def fold_space(text: str) -> str:
    """Return the text on one line, with single spaces and none at its ends."""
    return " ".join(text.split())


def is_blank(text: str) -> bool:
    """Tell whether a person would see nothing of the text."""
    return _SEEN.search(text) is None


def without_overrides(text: str) -> str:
    """Return the text without direction overrides and without unpaired direction controls (UAX #9 §2)."""
    if text.isprintable() or not _DIRECTION.search(text):
        return text
    kept = list(text)
    opened: list[int] = []
    for place, character in enumerate(text):
        if character in _OVERRIDES:
            kept[place] = ""
        elif character in _CLOSERS:
            if opened and text[opened[-1]] in _CLOSERS[character]:
                opened.pop()
            else:
                kept[place] = ""
        elif _DIRECTION.match(character):
            opened.append(place)
    for place in opened:
        kept[place] = ""
    return "".join(kept)


def visible(text: str) -> str:
    """Return the text with everything that could steer a terminal or a log written as an escape.

    `##[` and `##name[` are commands to what runs CI, wherever they stand in a line of its log.
    """
    if "##" in text:
        text = _LOG_COMMAND.sub(r"\1\\x5b", text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
