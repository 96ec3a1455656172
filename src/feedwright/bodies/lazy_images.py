"""Which picture an element's attributes name, also where a script was meant to load it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedwright import urls
from feedwright.model import Picture

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOURCES = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-actualsrc",
    "data-original-src",
    "data-lazyload",
)
_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set")
LAZY = frozenset({*_SOURCES, *_SETS})
"""Attributes without which `lazy` finds nothing."""

_STAND_IN = re.compile(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|loading|lazy|lazyload|transparent|gr[ae]y|pixel|1x1|empty|default)"
    r"[^/]*\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|$)",
    re.IGNORECASE,
)
_TRACKER_SIDE = 2


def lazy(tag: str, found: Mapping[str, str | None], base: str) -> dict[str, str]:
    """The `src` and `srcset` that a lazy element is to get; empty where it shows something of its own."""
    named = {}
    if is_missing(found.get("src")) and (tag != "source" or "srcset" not in found):
        usable = (urls.web(found.get(name) or "", base) for name in _SOURCES if found.get(name))
        if source := next(filter(None, usable), None):
            named["src"] = source
    if tag in {"img", "source"} and is_missing(found.get("srcset")):
        sets = (urls.candidates(found.get(name) or "", base) for name in _SETS)
        if srcset := next(filter(None, sets), None):
            named["srcset"] = srcset
            if tag == "img" and "src" not in named and is_missing(found.get("src")):
                named["src"] = srcset.split()[0].rstrip(",")
    return named


def is_missing(source: str | None) -> bool:
    """Whether a `src` shows nothing of its own: none, `data:`, `about:` or the name of a stand-in."""
    value = (source or "").strip()
    return not value or value.lower().startswith(("data:", "about:")) or bool(_STAND_IN.search(value))


def picture(found: Mapping[str, str | None]) -> Picture | None:
    """The picture of a clean `img`; None for a tracking pixel."""
    source = found.get("src")
    if not source or is_tracker(found):
        return None
    return Picture(src=source, width=_pixels(found.get("width")), height=_pixels(found.get("height")))


def is_tracker(found: Mapping[str, str | None]) -> bool:
    """Whether a side is at most two pixels long."""
    sides = (_pixels(found.get("width")), _pixels(found.get("height")))
    return any(side is not None and side <= _TRACKER_SIDE for side in sides)


def _pixels(value: str | None) -> int | None:
    """The number of pixels where it is given as an integer (HTML §4.8.17)."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 8 else None
