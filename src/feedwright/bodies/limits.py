"""Limits of a body's HTML: length, depth of nesting, attributes of a tag, and growth in a parser.

Parsers take time by the square of depth and attributes, so `check` looks at both before any parser does. It
is no parser: it walks over the tags in one pass, and whatever it lets through by mistake is found in the
parsed tree, in a process that may be stopped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from feedwright.bodies.html_tree import Tree
from feedwright.bodies.policy import names
from feedwright.problems import HeldError, Problem

DEPTH = 512
"""The deepest nesting of elements."""

ATTRIBUTES = 256
"""The most attributes of a tag."""

_GROWTH, _SLACK = 8, 100_000  # a character may become a reference of six
_SMALL = 32 * 1024
"""Characters in which no number of attributes takes the parsers long."""

# the tokenizer's own grammar (HTML §13.2.5.32 to 13.2.5.39)
_SPACE = r"[\t\n\f\r ]"
_ATTRIBUTE = (
    r"[\t\n\f\r /]*[^\t\n\f\r />][^\t\n\f\r />=]*"
    rf"(?:{_SPACE}*={_SPACE}*"
    r"""(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\t\n\f\r >"'][^\t\n\f\r >]*)?)?"""
)
_TAG = re.compile(
    r"<(?:!--(?:-?>|(?s:.*?)(?:--!?>|\Z))|[!?][^>]*"
    rf"|(/?)([a-zA-Z][^\t\n\f\r />]*)(?>(?:{_ATTRIBUTE}){{0,{ATTRIBUTES}}})({_ATTRIBUTE})?)"
)

_FLAT = names(
    "a area base basefont bgsound body br button caption col colgroup dd dt embed frame frameset h1 h2 h3"
    " h4 h5 h6 head hr html image img input keygen li link meta nobr optgroup option p param rb rp rt rtc"
    " source tbody td tfoot th thead tr track wbr"
)
"""Elements that are empty, or closed by the next of their kind: thousands that nobody closed are sane."""

_RAW = names("iframe noembed noframes plaintext script style textarea title xmp")
"""Elements that hold text, except inside of the elements of `_OTHER_RULES`."""

_OTHER_RULES = frozenset({"math", "select", "svg", "template"})


class RefusedError(ValueError):
    """A body that cannot be published; `args` are the problem's code, message and hint."""

    def __init__(self, code: str, message: str, hint: str = "simplify the markup") -> None:
        super().__init__(code, message, hint)


@contextmanager
def holding(file: str, line: int) -> Iterator[None]:
    """Turn a `RefusedError` in the block into the `HeldError` of a body that begins on `line` of `file`."""
    try:
        yield
    except RefusedError as error:
        code, message, hint = error.args
        raise HeldError((Problem.error(code, message, file, line, hint=hint),)) from None


def check(html: str) -> None:
    """Raise `RefusedError` HTML002 for nesting deeper than `DEPTH`, HTML003 for a tag that is too full."""
    if html.count("<") <= DEPTH and len(html) <= _SMALL:
        return
    stack: list[str] = []
    opened: Counter[str] = Counter()
    raw = True
    position = 0
    while tag := _TAG.search(html, position):
        position = tag.end()
        end, name, excess = tag.groups()
        if name is None:
            continue  # a comment or a declaration
        if excess:
            raise RefusedError("HTML003", f"a tag has more than {ATTRIBUTES} attributes")
        name = name.lower()
        if name in _FLAT or (end and not opened[name]):
            continue
        if end:  # it closes the elements inside too
            last = ""
            while last != name:
                last = stack.pop()
                opened[last] -= 1
        elif raw and name in _RAW:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(html, position)
            position = closing.end() if closing else len(html)
        else:
            raw = raw and name not in _OTHER_RULES
            stack.append(name)
            opened[name] += 1
            if len(stack) > DEPTH:
                raise RefusedError("HTML002", f"elements are nested more than {DEPTH} deep")


def check_length(html: str, longest: int) -> None:
    """Raise `RefusedError` HTML004 for more than `longest` characters."""
    if len(html) > longest:
        message = f"the body has {len(html):,} characters; the limit is {longest:,}"
        raise RefusedError("HTML004", message, "make several articles of it; `body_limit` allows more")


def check_tree(source: str, tree: Tree) -> None:
    """Raise `RefusedError` HTML004 where a parser made too much of a source, HTML002 where that is too deep.

    Elements that nobody closes are opened anew in every paragraph (HTML §13.2.4.3).
    """
    size = len(tree.html)
    if size > _GROWTH * len(source) + _SLACK:
        message = f"a browser makes {size:,} characters of {len(source):,}: elements are never closed"
        raise RefusedError("HTML004", message, "close what is opened, such as <b> and <i>")
    if source.count("<") > DEPTH and (depth := tree.depth()) > DEPTH:
        raise RefusedError("HTML002", f"elements are nested {depth} deep; the limit is {DEPTH}")
