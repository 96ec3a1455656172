"""Pictures in a body that say nothing about it: emoji, icons, badges, avatars, counters."""

from __future__ import annotations

from collections.abc import Mapping

from feedwright.patterns import lazy_pattern

SMALL = 50
"""Pixels: a picture all of whose sides are known and shorter is an icon."""

_CLASSES = lazy_pattern(
    r"(?i)(?:^|\s)(?:wp-)?(?:emoji|emoticon|smil(?:ey|ie)|avatar|gravatar|icon|badge|tracker)s?"
    r"(?:[-_\s]|$)"
)
# emoji and smileys, avatars, badges, counters and beacons, by what their addresses have in common
_ADDRESSES = lazy_pattern(
    r"(?i)^https?://(?:"
    r"s\.w\.org/images/core/emoji/|[^/]*gravatar\.com/avatar|avatars\d*\.githubusercontent\.com/"
    r"|(?:img\.)?shields\.io/|(?:raster\.)?shields\.io/|badgen\.net/|badge\.fury\.io/|badges?\.|codecov\.io/"
    r"|coveralls\.io/|(?:[^/]*\.)?travis-ci\.(?:org|com)/|ci\.appveyor\.com/|app\.codacy\.com/"
    r"|github\.com/[^/]+/[^/]+/(?:actions/)?workflows/|snyk\.io/test/|zenodo\.org/badge/"
    r"|pixel\.|stats\.|counter\.|hits\.|hitcounter\.|beacon\.|feeds\.feedburner\.com/~|feeds\.wordpress\.com/"
    r"|(?:[^/]*\.)?doubleclick\.net/|(?:www\.)?google-analytics\.com/|busuanzi\."
    r"|[^?#]*(?:/twemoji[/@]|/emojis?/|/smil(?:ey|ie)s?/|/emoticons?/|/favicon[^/]*$|/badges?/|badge\.svg)"
    r")"
)


def is_decoration(src: str, attributes: Mapping[str, str | None]) -> bool:
    """Tell whether a picture at an absolute address, with attributes as written, is no preview."""
    if is_tracker(attributes) or _CLASSES.search(attributes.get("class") or "") or _ADDRESSES.match(src):
        return True
    sides = _sides(attributes)
    return bool(sides) and max(sides) < SMALL


def is_tracker(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether a side of a picture is at most two pixels long."""
    return any(side <= 2 for side in _sides(attributes))


def pixels(value: str | None) -> int | None:
    """Return the number of pixels of an attribute that gives them as an integer (HTML §4.8.17)."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 8 else None


def _sides(attributes: Mapping[str, str | None]) -> list[int]:
    sides = (pixels(attributes.get("width")), pixels(attributes.get("height")))
    return [side for side in sides if side is not None]
