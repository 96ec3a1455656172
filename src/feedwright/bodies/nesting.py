"""The elements that are open at each tag, and what a parser adds to a body, followed before there is a tree.

Formatting elements that a block closes are opened anew in the text that follows (HTML §13.2.4.3): where
nobody closes them, some kilobytes become a tree of gigabytes. `Nesting` follows the parser's two lists, of
open elements and of active formatting elements, closely enough to know; where it differs, it counts too much.
"""

from __future__ import annotations

from collections import Counter

from feedwright.bodies.policy import BLOCKS, names

FLAT = names(
    "a area base basefont bgsound body br button caption col colgroup dd dt embed frame frameset h1 h2 h3"
    " h4 h5 h6 head hr html image img input keygen li link meta nobr optgroup option p param rb rp rt rtc"
    " source tbody td tfoot th thead tr track wbr"
)
"""Elements that are empty, or closed by the next of their kind: thousands that nobody closed are sane."""

_IN_TEXT = names("area br embed image img input keygen wbr")
FORMATTING = names("a b big code em font i nobr s small strike strong tt u")
PHRASING = names("abbr bdi bdo cite data del dfn ins kbd label mark q ruby samp span sub sup time var")
_MARKERS = names("applet caption marquee object td template th")
"""Elements into which nothing outside of them is opened anew."""

_ALIKE = 3
"""The most active elements with one name and the same attributes."""

_ROUNDS = 8
"""The most blocks into which one end tag copies its element."""


class _Element:
    """An open element; `in_block` is whether one of `FLAT` was open when it began, which may close it."""

    __slots__ = ("in_block", "is_open", "name", "tag")

    def __init__(self, name: str, tag: str, *, in_block: bool) -> None:
        self.name = name
        self.tag = tag
        self.in_block = in_block
        self.is_open = True


class Nesting:
    """What is open; `added` are the characters of the elements that were opened anew."""

    def __init__(self) -> None:
        self.added = 0
        self._stack: list[_Element] = []
        self._open: Counter[str] = Counter()
        self._blocks: Counter[str] = Counter()
        self._active: list[_Element] = []
        self._markers: list[tuple[str, int]] = []
        self._interrupted = False

    @property
    def depth(self) -> int:
        """How many elements are open that do not end by themselves."""
        return len(self._stack)

    def text(self) -> None:
        """Note a text: what blocks closed is opened anew."""
        if not self._interrupted:
            return
        self._interrupted = False
        reopened = []
        for element in reversed(self._active[self._start :]):
            if element.is_open:
                break
            element.is_open = True
            element.in_block = bool(self._blocks)
            self.added += len(element.tag) + len(element.name) + 3
            reopened.append(element)
        for element in reversed(reopened):
            self._push(element)

    def start(self, name: str, tag: str) -> None:
        """Note the start tag of an element; `name` is in lower case."""
        if name in FORMATTING:
            self._start_formatting(name, tag)
            return
        if name in _IN_TEXT or (name not in FLAT and name not in BLOCKS):
            self.text()
        if name not in _IN_TEXT and name not in PHRASING:
            self._interrupt()
        if name not in FLAT:
            self._push(_Element(name, tag, in_block=False))
        elif name not in _IN_TEXT:
            self._blocks[name] += 1
        if name in _MARKERS:
            self._markers.append((name, len(self._active)))

    def end(self, name: str) -> None:
        """Note an end tag; it closes the elements inside too."""
        if name in FORMATTING:
            self._end_formatting(name)
            return
        if name in FLAT:
            self._interrupt()
            if self._blocks[name] > 1:
                self._blocks[name] -= 1
            else:
                del self._blocks[name]
        elif self._open[name]:
            self._pop(name)
        if any(marker == name for marker, _ in self._markers):
            last = ""
            while last != name:
                last, start = self._markers.pop()
                del self._active[start:]

    @property
    def _start(self) -> int:
        """Where the active elements begin that may be opened here."""
        return self._markers[-1][1] if self._markers else 0

    def _start_formatting(self, name: str, tag: str) -> None:
        if name in FLAT:
            self._end_formatting(name)  # a second link closes the first
        self.text()
        alike = [at for at in range(self._start, len(self._active)) if self._active[at].tag == tag]
        if len(alike) >= _ALIKE:
            del self._active[alike[0]]
        element = _Element(name, tag, in_block=bool(self._blocks))
        self._active.append(element)
        self._push(element)

    def _end_formatting(self, name: str) -> None:
        active = self._active
        at = next((at for at in range(len(active) - 1, self._start - 1, -1) if active[at].name == name), None)
        blocks = self._blocks_inside(name) if self._open[name] else 0
        if not blocks and self._open[name]:
            self._pop(name)
        if at is None:
            return
        element = active[at]
        self.added += len(element.tag) * min(blocks, _ROUNDS)
        if blocks <= _ROUNDS:
            del active[at]
            if blocks and element.is_open:
                self._remove([element])

    def _blocks_inside(self, name: str) -> int:
        """How many blocks are open in the last open element with the name."""
        blocks = 0
        for element in reversed(self._stack):
            if element.name == name:
                break
            blocks += element.name not in FORMATTING and element.name not in PHRASING
        return blocks

    def _push(self, element: _Element) -> None:
        self._stack.append(element)
        self._open[element.name] += 1

    def _pop(self, name: str) -> None:
        """Close elements up to one with the name."""
        last = ""
        while last != name:
            element = self._stack.pop()
            last = element.name
            self._open[last] -= 1
            element.is_open = False
        self._interrupted = True

    def _interrupt(self) -> None:
        """Close what was opened in a block that ends here."""
        closed = [element for element in self._stack if element.in_block]
        if closed:
            self._interrupted = True
            self._remove(closed)

    def _remove(self, elements: list[_Element]) -> None:
        for element in elements:
            element.is_open = False
            self._open[element.name] -= 1
        self._stack = [element for element in self._stack if element.is_open]
