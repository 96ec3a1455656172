"""Plain text fit for feeds: without what XML 1.0 forbids, with single spaces and paired direction marks.

The characters allowed are those of `Char` in XML 1.0 (fifth edition) §2.2.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from feedwright.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORBIDDEN = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""One character that no XML 1.0 document may hold, not even as a reference."""

PERMITTED = bytes({*range(0x20, 0x100), *b"\t\n\r"})
"""All bytes of UTF-8 but the controls that XML forbids."""

MAIL_ADDRESS = lazy_pattern(r"[^<>@\s]+@[^<>@\s]+")
"""An e-mail address, as far as its form goes."""

MAILBOX = lazy_pattern(rf"([^<>@]*[^<>@\s])\s*+<({MAIL_ADDRESS.pattern})>")
"""A person as `Name <address>`; the groups are name and address."""

# Strings are compiled by the first that needs them: a build in which nothing changed does not.
_SEEN = lazy_pattern(
    "[^\\s\x00-\x1f\ud800-\udfff\ufffe\uffff"
    "\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0]"
)
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""The letters that nobody sees."""
_DIRECTION = lazy_pattern("[\u202a-\u202e\u2066-\u2069]")
_CLOSERS = {"\u202c": "\u202a\u202b", "\u2069": "\u2066\u2067\u2068"}
_OVERRIDES = "\u202d\u202e"
_LOG_COMMAND = lazy_pattern(r"(##\w*)\[")
# Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt), annotation marks and noncharacters,
# written out so that a newer Unicode in a newer Python changes no slug.
IGNORED = lazy_pattern(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# What a label loses when it is shown. Joiners of letters (Persian) and emoji stay, and so do flag tags.
_UNSHOWN = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\ufdd0-\ufdef]"
)
# RFC 5646 §2.1. A first part of four to eight letters is left out: none was ever registered.
_LANGUAGE_TAG = r"""(?x)[a-z]{2,3}(?:-[a-z]{3}){0,3} (?:-[a-z]{4})? (?:-(?:[a-z]{2}|[0-9]{3}))?
    (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))* (?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)* (?:-x(?:-[a-z0-9]{1,8})+)?
    | x(?:-[a-z0-9]{1,8})+ | i(?:-[a-z]{2,8})+ | en-gb-oed | sgn-be-fr | sgn-be-nl | sgn-ch-de"""
_CONTROLS = "[\x7f-\x84\x86-\x9f]"


def scrub(text: str) -> str:
    """Return the text without the characters that XML forbids."""
    return text if is_legal(text) else FORBIDDEN.sub("", text)


def is_legal(text: str) -> bool:
    """Tell whether XML forbids no character of the text: as `FORBIDDEN` does, in less time."""
    if text.isprintable():
        return True
    try:
        data = text.encode()
    except UnicodeEncodeError:  # surrogates
        return False
    return not data.translate(None, PERMITTED) and "\ufffe" not in text and "\uffff" not in text


def fold_space(text: str) -> str:
    """Return the text on one line, with single spaces and none at its ends."""
    return " ".join(text.split())


def line(text: str) -> str:
    """Return any text as one publishable line."""
    return fold_space(without_overrides(scrub(text)))


def is_line(text: str) -> bool:
    """Tell whether a text is a publishable line that a person sees something of."""
    if text.isprintable():
        return text != "" and not text.isspace()
    return scrub(text) == text == without_overrides(text) and "\n" not in text and not is_blank(text)


def is_blank(text: str) -> bool:
    """Tell whether a person would see nothing of the text."""
    if text[:1].isalnum() and text[0] not in _FILLERS:
        return False
    return _SEEN.search(text) is None


def without_overrides(text: str) -> str:
    """Return the text without direction overrides and without unpaired direction controls (UAX #9 §2)."""
    if text.isprintable() or not _DIRECTION.search(text):
        return text
    dropped: set[int] = set()
    opened: list[int] = []
    for match in _DIRECTION.finditer(text):
        position, character = match.start(), match[0]
        if character in _OVERRIDES:
            dropped.add(position)
        elif character not in _CLOSERS:
            opened.append(position)
        elif opened and text[opened[-1]] in _CLOSERS[character]:
            opened.pop()
        else:
            dropped.add(position)
    dropped.update(opened)
    return "".join(character for position, character in enumerate(text) if position not in dropped)


def visible(text: str) -> str:
    """Return the text with everything that could steer a terminal or a log written as an escape.

    `##[` and `##name[` are commands to CI runners, wherever they stand in a line of a log.
    """
    if "##" in text:
        text = _LOG_COMMAND.sub(r"\1\\x5b", text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def without_ignored(text: str) -> str:
    """Return the text without the characters of `IGNORED`."""
    return text if _shows_all(text) else IGNORED.sub("", text)


def _shows_all(text: str) -> bool:
    """Whether a text is plain enough that nothing in it is of `IGNORED`; False where only a search tells."""
    return text.isascii() or (text.replace(" ", "").isalnum() and _FILLERS.isdisjoint(text))


@lru_cache(4096)
def fold_label(label: str) -> str:
    """Return the key of a label's category; labels that look alike, except for case, have one key.

    Canonical caseless matching (Unicode §3.13, D145) in NFC, trimmed, white space collapsed, without
    invisible characters. Idempotent.
    """
    return fold_space(caseless(without_ignored(re.sub(_CONTROLS, "", scrub(label)))))


@lru_cache(4096)
def tidy_label(label: str) -> str:
    """Return the label as it is shown: NFC, trimmed, white space collapsed, no invisible characters.

    Joiners and variation selectors stay (`👨‍👩‍👧`, `می‌خواهم`), unless there is nothing else.
    """
    shown = re.sub(_CONTROLS, "", scrub(label))
    shown = shown if _shows_all(shown) else re.sub(_UNSHOWN, "", shown)
    shown = fold_space(unicodedata.normalize("NFC", shown))
    return shown if without_ignored(shown).strip() else ""


@lru_cache(256)
def language_tag(written: str) -> str:
    """Return a language tag (BCP 47) in its usual case (RFC 5646 §2.1.1), "" for what is none.

    Regions are in capitals, scripts begin with one, up to the first extension.
    """
    if not re.fullmatch(_LANGUAGE_TAG, written.lower()):
        return ""
    first, *others = written.lower().split("-")
    end = next((n for n, part in enumerate(others) if len(part) == 1), len(others)) if len(first) > 1 else 0
    cased = [{2: part.upper(), 4: part.title()}.get(len(part), part) for part in others[:end]]
    return "-".join([first, *cased, *others[end:]])


def are_alike(tag: str, other: str) -> bool:
    """Tell whether two language tags are the same, or one is only more exact: `en` and `en-GB`."""
    short, long = sorted((f"{tag.lower()}-", f"{other.lower()}-"), key=len)
    return long.startswith(short)


def caseless(path: str) -> str:
    """Return the casefolded NFC of a path: paths with the same key are one on some file systems."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def is_within(character: str, ranges: Sequence[int]) -> bool:
    """Tell whether a character is in one of some ranges, which take long to compile in a pattern.

    `ranges` are ascending code points, by turns the first of a range and the one after its last.
    """
    return bisect_right(ranges, ord(character)) % 2 == 1


def some(names: Sequence[str], *, separator: str = ", ", most: int = 5) -> str:
    """Return the first names for a message, and the number of those left out."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return separator.join(names[:most]) + more


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 entry", "2 entries"; the plural adds an s unless given."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def nfc(text: str) -> str:
    """Return a text, such as a path, in the normal form in which it is the same on every file system."""
    return unicodedata.normalize("NFC", text)


# Names that were misspelt: what the search for the right one costs is bounded.

_MOST_COMPARED = 2000
"""The most names of fitting lengths that are compared with a word."""

_COMPARED = 60
"""The characters of a name that are compared: the time goes by their square, and more for letters alike."""

_CLOSEST = 5
"""The names that have most letters in common with a word: only of these the order is looked at too."""


def nearest(word: str, names: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the name most like a word, "" where none reaches `cutoff`, a part of 1."""
    from difflib import SequenceMatcher  # few builds need it
    from heapq import nlargest
    from itertools import islice

    matcher: SequenceMatcher[str] = SequenceMatcher()
    matcher.set_seq2(word[:_COMPARED])

    def has_length(name: str) -> bool:
        matcher.set_seq1(name[:_COMPARED])
        return matcher.real_quick_ratio() >= cutoff

    def letters(name: str) -> float:
        matcher.set_seq1(name[:_COMPARED])
        return matcher.quick_ratio()

    def likeness(name: str) -> tuple[float, str]:
        matcher.set_seq1(name[:_COMPARED])
        return matcher.ratio(), name

    closest = nlargest(_CLOSEST, islice(filter(has_length, names), _MOST_COMPARED), key=letters)
    ratio, name = max(map(likeness, closest), default=(0.0, ""))
    return name if ratio >= cutoff else ""
