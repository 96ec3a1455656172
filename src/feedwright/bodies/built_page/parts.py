"""The parts of a page in which the article may stand, cut out before anything is parsed.

Most of a page is its theme: of what surrounds the article nobody need make a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from feedwright.bodies import limits

_LONGEST_TAG = 1000
"""Characters before a name within which its tag begins."""

_LONGEST_NAME = 20
"""Characters of a name, and of what is before and after it."""

_MOST = 4
"""Elements that are cut out at most: they may stand in one another."""

_SILENT = ("script", "style", "template", "textarea", "title", "noscript", "iframe", "xmp", "plaintext")
"""Elements in which tags are no elements of the page, or none that a browser shows."""

_MARKS = [(b"<!--", b"-->"), *((f"<{name}".encode(), f"</{name}".encode()) for name in _SILENT)]


def with_names(names: re.Pattern[str], endings: Iterable[str], html: str) -> Iterator[tuple[int, str]]:
    """Yield the elements in whose tag one of the names stands, with their offsets; those inside others first.

    `endings` are what the names end in: to look for a few of these is much faster than for a pattern.
    """
    starts = {start for ending in endings for start in _tags_with(names, ending, html)}
    for start in sorted(starts, reverse=True)[:_MOST]:
        if not _is_in_silence(html, start) and (element := limits.checked_element(html, start)):
            yield start, element


def _is_in_silence(html: str, position: int) -> bool:
    """Whether a position seems to be in a comment, or in an element of `_SILENT`."""
    # in bytes: making other letters small takes three times as long
    before = html[:position].encode("ascii", "replace").lower()
    return any((start := before.rfind(mark)) >= 0 and before.find(end, start) < 0 for mark, end in _MARKS)


def _tags_with(names: re.Pattern[str], ending: str, html: str) -> Iterator[int]:
    """Where the tags begin in which there is a name with the ending."""
    position = -1
    while (position := html.find(ending, position + 1)) >= 0:
        start = html.rfind("<", max(0, position - _LONGEST_TAG), position)
        if start < 0 or html.find(">", start, position) >= 0:
            continue
        if names.search(html, max(start, position - _LONGEST_NAME), position + _LONGEST_NAME):
            yield start


def only(name: str, html: str) -> str | None:
    """Return the only element with a name, None if there is none, or another of them.

    Raises `limits.RefusedError` for what no parser should read.
    """
    start = html.find(f"<{name}")
    if start < 0 or html.find(f"<{name}", start + 1) >= 0 or _is_in_silence(html, start):
        return None
    if element := limits.checked_element(html, start):
        return element
    end = html.rfind(f"</{name}>")
    if end < start:
        return None
    limits.check(html[start:end])
    return html[start:end]
