"""Whether every element of an HTML text is closed inside the one that it began in: a look that costs little.

Of such a text a parser makes hardly more than what is written, and nobody has to follow it tag by tag.
"""

from __future__ import annotations

import re

from feedwright.bodies.nesting import FLAT, FORMATTING, PHRASING
from feedwright.bodies.policy import BLOCKS, names
from feedwright.patterns import lazy_pattern

_SPACE = r"[\t\n\f\r ]"
_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\t\n\f\r "'=<>`]+)"""
_TOKEN = lazy_pattern(
    r"<(?:"
    r"(?P<raw>(?i:script|style|textarea|title|iframe|select))(?=[\t\n\f\r />])"
    r"(?P<raw_attributes>(?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*+)>"
    r"(?P<inside>[^<]*+(?:<(?!/(?i:(?P=raw))[\t\n\f\r />])[^<]*+)*+)(?:</(?i:(?P=raw))|\Z)"
    r"|(?P<end>/?)(?P<name>[a-zA-Z][^\t\n\f\r />\"'<=]*+)"
    rf"(?P<attributes>(?:{_SPACE}++[^\t\n\f\r \"'<>/=]++(?:{_SPACE}*+={_SPACE}*+{_VALUE})?){{0,256}}+)"
    rf"{_SPACE}*+(?P<slash>/?)>"
    r"|!--(?!-?>)[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>|\Z)"
    r"|!(?i:doctype)[^<>]*>"
    r"|(?P<odd>[a-zA-Z/!?])"
    r")"
)
"""A tag in its plainest form, raw text, a comment; or the beginning of something else, which is odd."""

_VOID = names("area base br col embed hr img input link meta param source track wbr")
_FEW_ATTRIBUTES = 64
_FOREIGN = frozenset({"svg", "math"})
_ODD = names("frameset noembed noframes plaintext select template xmp foreignobject desc annotation-xml")
_CLOSED_BY_OTHERS = names("dd dt li p")
_NO_OPTION = lazy_pattern(r"<(?!/?opt(?:ion|group)\b)", re.IGNORECASE)
_HTML = FLAT | FORMATTING | PHRASING | BLOCKS


def is_well_nested(html: str, *, deepest: int, most_added: int) -> bool:
    """Tell whether all elements are closed in order, none is deeper than `deepest`, and little is reopened.

    `most_added` are the characters that a parser may add by opening formatting elements anew (HTML
    §13.2.4.3), counted as if every tag made it do so. False says nothing.
    """
    end, added = _well_nested_to(html, 0, deepest, only_first=False)
    return end == len(html) and added <= most_added


def element_at(html: str, start: int, *, deepest: int, growth: int) -> str | None:
    """Return the element that begins at an offset, None unless all in it is closed in order.

    A parser may add `growth` times its length; the rest is as in `is_well_nested`.
    """
    end, added = _well_nested_to(html, start, deepest, only_first=True)
    return html[start:end] if end >= 0 and added <= growth * (end - start) else None


def _well_nested_to(html: str, start: int, deepest: int, *, only_first: bool) -> tuple[int, int]:
    """Where HTML from `start`, or its first element, ends, -1 if it is not well nested; and what is added."""
    stack: list[str] = []
    lengths: list[int] = []
    opened = added = foreign = 0
    for token in _TOKEN.finditer(html, start):
        raw, raw_attributes, inside, end, name, attributes, slash, odd = token.groups()
        if not name:
            if odd or (raw and not _is_plain(raw.lower(), raw_attributes, inside, foreign)):
                return -1, added
            continue
        name = name.lower()
        added += opened
        if end:
            while stack and stack[-1] != name and stack[-1] in _CLOSED_BY_OTHERS and name not in FORMATTING:
                stack.pop()
                lengths.pop()
            if not stack or stack.pop() != name:
                return -1, added
            opened -= lengths.pop()
            foreign -= name in _FOREIGN
            if only_first and not stack:
                return token.end(), added
            continue
        if name in _ODD or (foreign and name in _HTML):
            return -1, added
        if name in _VOID or (foreign and slash):
            continue
        length = len(name) + len(attributes) + 4 if name in FORMATTING else 0
        opened += length
        foreign += name in _FOREIGN
        stack.append(name)
        lengths.append(length)
        if len(stack) > deepest:
            return -1, added
    return -1 if stack or only_first else len(html), added


def _is_plain(name: str, attributes: str, inside: str, foreign: int) -> bool:
    """Whether an element holds nothing but text, or options, wherever it stands."""
    if "<" in inside and (foreign or (name == "select" and _NO_OPTION.search(inside))):
        return False
    is_escaped = name == "script" and "<!--" in inside  # there it may end later (HTML §13.2.5.25)
    return not is_escaped and attributes.count("=") <= _FEW_ATTRIBUTES
