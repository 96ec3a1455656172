"""Permalinks in a generator's own notation: a pattern, and options as further words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote, unquote


def unpacked(text: str) -> tuple[str, dict[str, str]]:
    """Return the pattern and the options of what `packed` wrote; an option without `=` is "yes"."""
    words = text.split()
    first = words.pop(0) if words and "=" not in words[0] else ""
    pairs = (word.partition("=") for word in words)
    return first, {unquote(name): unquote(value) if sign else "yes" for name, sign, value in pairs}


def packed(pattern: str, options: Mapping[str, str]) -> str:
    """Return a pattern and options, those that are not empty, as words with a space between."""
    words = [quote(pattern, safe="!$&'()*+,;:@-._~/%{}[]")]
    for name, value in options.items():
        words += [f"{_word(name)}={_word(value)}"] if value else []
    return " ".join(words).strip()


def _word(text: str) -> str:
    return quote(text, safe="!$&'()*+,;:@-._~/{}[]")


DATE_FIELDS: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda date: f"{date.year:04}",
    "month": lambda date: f"{date.month:02}",
    "day": lambda date: f"{date.day:02}",
    "hour": lambda date: f"{date.hour:02}",
    "minute": lambda date: f"{date.minute:02}",
    "second": lambda date: f"{date.second:02}",
    "i_month": lambda date: str(date.month),
    "i_day": lambda date: str(date.day),
}
"""What most generators have of a date in a permalink."""
