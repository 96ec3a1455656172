"""The contents of entries as they stand in a page, which has headings, landmarks and rules of its own.

Safe HTML is what nh3 wrote: `<` and `>` stand in tags only, so that a tag is found by its signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from feedwright.model import Entry, SafeHtml
from feedwright.patterns import lazy_pattern

LIMIT = 30_000
"""The characters that all contents of a page may have: a page is light, and the article is one click away."""

_FIRST_HEADING = 4
"""The level below an entry's own heading."""

_NAMES = {
    **dict.fromkeys(("main", "nav", "section", "article", "aside", "header", "footer"), "div"),
    "tt": "code",
    "big": "span",
    "strike": "s",
}
"""What stands in for landmarks, which a page has its own of, and for elements that are obsolete."""

_CHANGED = lazy_pattern(
    rf"<(/?)(?:(h[1-6]|{'|'.join(_NAMES)}|img|video|audio)(?=[ >])|(t[dh])(?=[^<>]* align=))([^<>]*)>"
)
_HEADING = lazy_pattern("<h([1-6])[ >]")
_OBSOLETE = lazy_pattern(r' (?:(?:width|height)="[0-9]+%"|longdesc="[^"]*")')
_ALIGN = lazy_pattern(r' align="(\w*)"')
_ID = lazy_pattern(r' id="([^"]*)"')


def contents(entries: Iterable[Entry]) -> Iterator[str | None]:
    """Yield the content of every entry as a page shows it, None where it has none or there is no room.

    An id is on a page once: of two entries that have the same, the first is shown.
    """
    room = LIMIT
    ids: set[str] = set()
    for entry in entries:
        content = entry.content
        if not content or len(content) > room:
            yield None
            continue
        own = set(_ID.findall(content)) if ' id="' in content else set()
        if own & ids:
            yield None
            continue
        ids |= own
        room -= len(content)
        yield adapt(content)


def adapt(content: SafeHtml) -> str:
    """Return a content with its headings below that of its entry and no landmarks; pictures load late."""
    found = sorted(set(_HEADING.findall(content))) if "<h" in content else []
    levels = {f"h{level}": f"h{min(_FIRST_HEADING + rank, 6)}" for rank, level in enumerate(found)}
    return _CHANGED.sub(partial(_adapted, names=_NAMES | levels), content)


def _adapted(tag: re.Match[str], names: dict[str, str]) -> str:
    slash, name, cell, attributes = tag.groups()
    if cell:
        return f"<{cell}{_ALIGN.sub(_as_class, attributes)}>"
    if slash or name in names:
        return f"<{slash}{names.get(name, name)}{attributes}>"
    attributes = _OBSOLETE.sub("", attributes)
    if name == "img":
        alternative = "" if " alt=" in attributes else ' alt=""'
        return f'<img{attributes}{alternative} loading="lazy">'
    return f'<{name}{attributes} preload="none">'


def _as_class(align: re.Match[str]) -> str:
    return f' class="{align[1].lower()}"'
