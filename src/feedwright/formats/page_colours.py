"""The colours of a page, and an accent that can be read on them (WCAG 2.2 §1.4.3)."""

from __future__ import annotations

from functools import cache

LIGHT, DARK = "#fcfbf8", "#17191c"
"""The paper by day and by night, as `page.css` has it."""

_WELLS = {LIGHT: "#f3f0e9", DARK: "#202327"}
"""The darkest or lightest ground on each paper."""

_LEAST = 4.5
"""The contrast that text must have."""

_STEPS = 20


def accent_rules(accent: str) -> str:
    """Return the CSS that makes links have a colour, written as #rrggbb."""
    light, dark = readable(accent, LIGHT), readable(accent, DARK)
    by_night = f"@media (prefers-color-scheme: dark) {{ :root {{ --link: {dark}; }} }}"
    return f":root {{ --link: {light}; }}\n{by_night}\n"


@cache
def readable(colour: str, paper: str) -> str:
    """Return the colour, or the nearest one towards black or white that can be read on a paper."""
    ground = _luminance(_channels(_WELLS[paper]))
    towards = 0 if paper == LIGHT else 255
    channels = _channels(colour)
    for step in range(_STEPS + 1):
        mixed = [round(value + (towards - value) * step / _STEPS) for value in channels]
        if _contrast(_luminance(mixed), ground) >= _LEAST:
            break
    return "#" + bytes(mixed).hex()


def _channels(colour: str) -> list[int]:
    return [*bytes.fromhex(colour[1:])]


def _luminance(channels: list[int]) -> float:
    """The relative luminance of a colour."""
    red, green, blue = map(_linear, channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _contrast(first: float, second: float) -> float:
    darker, lighter = sorted((first, second))
    return (lighter + 0.05) / (darker + 0.05)
