"""The parts of a page in which the article may stand, cut out before anything is parsed.

Most of a page is its theme: of what surrounds the article nobody need make a tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from feedwright.bodies import limits

_LONGEST_TAG = 1000
"""Characters before a name within which its tag begins."""

_EDGES = " \t\n\f\r\"'=>"
"""What a name stands between in a tag."""

_MOST = 4
"""Elements that are cut out at most: they may stand in one another."""


def with_names(names: Iterable[str], html: str) -> Iterator[str]:
    """Yield the elements in whose tag one of the names stands, what is inside others first."""
    starts = {start for name in names for start in _tags_with(name, html)}
    for start in sorted(starts, reverse=True)[:_MOST]:
        if element := limits.checked_element(html, start):
            yield element


def _tags_with(name: str, html: str) -> Iterator[int]:
    """Where the tags begin in which a name stands."""
    end = 0
    while (position := html.find(name, end)) >= 0:  # much faster than one pattern for all of them
        end = position + len(name)
        start = html.rfind("<", max(0, position - _LONGEST_TAG), position)
        if start < 0 or html.find(">", start, position) >= 0:
            continue
        if html[position - 1] in _EDGES and html[end : end + 1] in _EDGES:
            yield start


def only(name: str, html: str) -> str | None:
    """Return the only element with a name, None if there is none, or another of them.

    Raises `limits.RefusedError` for what no parser should read.
    """
    start = html.find(f"<{name}")
    if start < 0 or html.find(f"<{name}", start + 1) >= 0:
        return None
    if element := limits.checked_element(html, start):
        return element
    end = html.rfind(f"</{name}>")
    if end < start:
        return None
    limits.check(html[start:end])
    return html[start:end]
