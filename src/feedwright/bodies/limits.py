"""Limits of a body's HTML: length, depth of nesting, attributes of a tag, and growth in a parser.

Parsers take time by the square of depth and attributes, and memory for elements that nobody closes, so
`check` looks for all three before any parser does. It is no parser: it walks over the tags in one pass, and
whatever it lets through by mistake is found in the parsed tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from feedwright.bodies.html_tree import Tree
from feedwright.bodies.nesting import Nesting
from feedwright.bodies.policy import names
from feedwright.bodies.well_nested import element_at, is_well_nested
from feedwright.patterns import lazy_pattern
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
_TAG = lazy_pattern(
    r"<(?:!--(?:-?>|(?s:.*?)(?:--!?>|\Z))|[!?][^>]*"
    rf"|(/?)([a-zA-Z][^\t\n\f\r />]*)(?>(?:{_ATTRIBUTE}){{0,{ATTRIBUTES}}})({_ATTRIBUTE})?)"
)

_TAG_END = lazy_pattern(r"[\t\n\f\r /]*+>?")

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
    """Raise `RefusedError` for what would take a parser too long, or too much memory.

    HTML002 is nesting deeper than `DEPTH`, HTML003 a tag that is too full, HTML004 too much that is added.
    """
    if html.count("<") <= DEPTH and len(html) <= _SMALL:
        return
    if is_well_nested(html, deepest=DEPTH, most_added=(_GROWTH - 1) * len(html) + _SLACK):
        return
    nesting = Nesting()
    raw = True
    position = 0
    while tag := _TAG.search(html, position):
        if tag.start() > position:
            nesting.text()
        position = tag.end()
        end, name, excess = tag.groups()
        if name is None:
            continue  # a comment or a declaration
        position = _TAG_END.match(html, position).end()  # type: ignore[union-attr]  # it matches anything
        if excess:
            raise RefusedError("HTML003", f"a tag has more than {ATTRIBUTES} attributes")
        name = name.lower()
        if end:
            nesting.end(name)
        elif raw and name in _RAW:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(html, position)
            position = closing.end() if closing else len(html)
        else:
            raw = raw and name not in _OTHER_RULES
            nesting.start(name, tag[0])
        if nesting.depth > DEPTH:
            raise RefusedError("HTML002", f"elements are nested more than {DEPTH} deep")
        if nesting.added:
            check_growth(len(html), len(html) + nesting.added)


def checked_element(html: str, start: int) -> str | None:
    """Return the element that begins at an offset, None unless it is one that `check` accepts at a look."""
    return element_at(html, start, deepest=DEPTH, growth=_GROWTH - 1)


def check_length(html: str, longest: int) -> None:
    """Raise `RefusedError` HTML004 for more than `longest` characters."""
    if len(html) > longest:
        message = f"the body has {len(html):,} characters; the limit is {longest:,}"
        raise RefusedError("HTML004", message, "make several articles of it; `body_limit` allows more")


def most_of(size: int) -> int:
    """Return how many characters may be made of so many."""
    return _GROWTH * size + _SLACK


def check_growth(
    before: int,
    after: int,
    reason: str = "elements are never closed",
    hint: str = "close what is opened, such as <b> and <i>",
) -> None:
    """Raise `RefusedError` HTML004 where what is made of a body has many times its characters."""
    if after > most_of(before):
        message = f"a browser makes {after:,} characters or more of {before:,}: {reason}"
        raise RefusedError("HTML004", message, hint)


def add_address(tree: Tree, address: str | None) -> None:
    """Count an address that became absolute. Raises `RefusedError` HTML004 where all of them are too long."""
    tree.added += len(address or "")
    hint = "give the page a shorter address"
    check_growth(tree.size, tree.size + tree.added, "addresses become long", hint)


def check_tree(source: str, tree: Tree) -> None:
    """Raise `RefusedError` HTML004 where a parser added too much to a source, HTML002 for too deep a tree."""
    check_growth(len(source), len(tree.html))
    if source.count("<") > DEPTH and (depth := tree.depth()) > DEPTH:
        raise RefusedError("HTML002", f"elements are nested {depth} deep; the limit is {DEPTH}")
