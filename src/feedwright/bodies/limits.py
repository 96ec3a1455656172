"""A look at HTML before any parser sees it: is it nested too deep, or a tag too full?

Parsers take time by the square of both. This is no parser: it walks over tags in one pass, and whatever it
lets through by mistake, the parsed tree is measured once more, in a process that may be stopped.
"""

from __future__ import annotations

import re

DEPTH = 512
"""How deep elements may be nested."""

ATTRIBUTES = 256
"""How many attributes a tag may have."""


_GROWTH, _SLACK = 8, 100_000  # a character may become a reference of six

_SMALL = 32 * 1024
"""Characters in which no number of attributes takes the parsers long."""


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


# the tokenizer's own grammar (HTML §13.2.5.32 to 13.2.5.39)
_SPACE = r"[\t\n\f\r ]"
_ATTRIBUTE = (
    r"[\t\n\f\r /]*[^\t\n\f\r />][^\t\n\f\r />=]*"
    rf"(?:{_SPACE}*={_SPACE}*"
    r"""(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\t\n\f\r >"'][^\t\n\f\r >]*)?)?"""
)
_TAG = re.compile(
    rf"<(?:!--|[!?]|(/?)([a-zA-Z][^\t\n\f\r />]*)(?>(?:{_ATTRIBUTE}){{0,{ATTRIBUTES}}})({_ATTRIBUTE})?)"
)
_COMMENT = re.compile(r"-?>|.*?(?:--!?>|\Z)", re.DOTALL)

_FLAT = _names(
    "a area base basefont bgsound body br button caption col colgroup dd dt embed frame frameset h1 h2 h3"
    " h4 h5 h6 head hr html image img input keygen li link meta nobr optgroup option p param rb rp rt rtc"
    " source tbody td tfoot th thead tr track wbr"
)
"""Empty, or closed by the next of their kind: thousands of them that nobody closed are sane."""

_RAW = _names("iframe noembed noframes plaintext script style textarea title xmp")
"""Hold text, but for what is inside of the elements of `_OTHER_RULES`."""

_OTHER_RULES = _names("math select svg template")


class SwollenError(ValueError):
    """A parser makes a multiple of a body: `size` characters."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def check_growth(source: int, size: int) -> None:
    """Raise `SwollenError` where a tree, written out, has too many characters for those of its source.

    Elements that nobody closes are opened anew in every paragraph (HTML §13.2.4.3).
    """
    if size > _GROWTH * source + _SLACK:
        raise SwollenError(size)


def excess(html: str) -> tuple[str, str] | None:
    """Return the code of the limit that HTML is over, and the message; None where it keeps both.

    HTML002 nested more than `DEPTH`, HTML003 a tag with more than `ATTRIBUTES`.
    """
    if html.count("<") <= DEPTH and len(html) <= _SMALL:
        return None
    stack: list[str] = []
    opened: dict[str, int] = {}
    raw = True
    at = 0
    while found := _TAG.search(html, at):
        at = found.end()
        end, name, more = found.groups()
        if name is None:
            at = _after_comment(html, found[0], at)
            continue
        if more:
            return "HTML003", f"a tag has more than {ATTRIBUTES} attributes"
        name = name.lower()
        if name in _FLAT:
            continue
        if end:
            _close(name, stack, opened)
        elif raw and name in _RAW:
            at = _after_text(html, name, at)
        else:
            raw = raw and name not in _OTHER_RULES
            stack.append(name)
            opened[name] = opened.get(name, 0) + 1
            if len(stack) > DEPTH:
                return "HTML002", f"elements are nested more than {DEPTH} deep"
    return None


def _close(name: str, stack: list[str], opened: dict[str, int]) -> None:
    """Close an element and all in it, as an end tag does; one for which nothing is open does nothing."""
    if not opened.get(name):
        return
    last = ""
    while last != name:
        last = stack.pop()
        opened[last] -= 1


def _after_comment(html: str, start: str, at: int) -> int:
    if start == "<!--":
        found = _COMMENT.match(html, at)
        return found.end() if found else len(html)
    end = html.find(">", at)
    return len(html) if end < 0 else end


def _after_text(html: str, name: str, at: int) -> int:
    """Behind the text of an element that holds text only: all that follows, if it is never closed."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
    return found.end() if found else len(html)
