"""Plain text as feeds may carry it: what XML 1.0 forbids goes, spaces are folded, direction marks are paired.

The characters allowed are those of `Char` in XML 1.0 (fifth edition) §2.2.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""One character that no XML 1.0 document may hold, not even as a reference."""

MAILBOX = re.compile(r"([^<>@]+?)\s*<([^<>@\s]+@[^<>@\s]+)>")
"""`Name <mail@example.org>`: the name and the address."""

_SEEN = re.compile(
    "[^\\s\x00-\x1f\ud800-\udfff\ufffe\uffff"
    "\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0]"
)
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CLOSERS = {"\u202c": "\u202a\u202b", "\u2069": "\u2066\u2067\u2068"}
_OVERRIDES = "\u202d\u202e"
_LOG_COMMAND = re.compile(r"(##\w*)\[")
# Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt), annotation marks and noncharacters,
# written out so that a newer Unicode in a newer Python changes no slug.
IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# What a label as shown loses. It keeps what joins letters (Persian) and emoji, and what picks a flag.
_UNSHOWN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\ufdd0-\ufdef]"
)
_CONTROLS = re.compile("[\x7f-\x84\x86-\x9f]")


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


@lru_cache(4096)
def fold_label(label: str) -> str:
    """Return the key under which labels are one category: what looks alike but for case folds alike.

    Canonical caseless matching (Unicode §3.13, D145) in NFC, trimmed, white space collapsed, without
    characters that nobody sees. Idempotent.
    """
    seen = IGNORED.sub("", _CONTROLS.sub("", scrub(label)))
    return fold_space(caseless(seen))


@lru_cache(4096)
def tidy_label(label: str) -> str:
    """Return the label as it is shown: NFC, trimmed, white space collapsed, no unseen characters.

    Joiners and variation selectors stay (`👨‍👩‍👧`, `می‌خواهم`), unless nothing that can be seen is there.
    """
    shown = _UNSHOWN.sub("", _CONTROLS.sub("", scrub(label)))
    shown = fold_space(unicodedata.normalize("NFC", shown))
    return shown if IGNORED.sub("", shown).strip() else ""


def caseless(path: str) -> str:
    """Return the key under which two paths may be one on some file system: casefolded NFC."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
