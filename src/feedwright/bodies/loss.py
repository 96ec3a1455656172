"""Whether a clean body is still the article: how much of what a person would read or see got lost.

The source is measured by eye, not by a parser, since a parser hides what an unclosed comment swallows.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from feedwright.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNSEEN = "script|style|template|noscript|noembed|noframes|iframe|object|title"
_MARKUP = re.compile(
    rf"<!--(?P<comment>.*?)(?P<end>-->|\Z)"
    rf"|<(?P<name>{_UNSEEN})\b[^<>]*>(?P<inside>.*?)(?P<close></(?P=name)\s*>|\Z)"
    r"|</?[a-zA-Z][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)")
_PICTURES = re.compile(r"<(?:img|picture|video|audio|svg)\b", re.IGNORECASE)
_MARKS = re.compile(r"<!--|</?[a-zA-Z][^<>]*>|\{%[^%]*%\}|https?://\S+|\]\([^()\s]*")
_MANY, _MOST = 0.5, 0.9
_FEW = 40
"""Characters that may go without a word."""


def loss(source: str, content: str, text: str, *, file: str, line: int = 0) -> Problem | None:
    """Return what is wrong with a body that lost what a person would see, None if that is little.

    `source` is the body as it is written, from `line` of `file` on; `content` the clean HTML, `text` its
    visible text. HTML011 (error): more than 90 % of the text is lost, or all of text and pictures; HTML012
    (warning): more than half.
    """
    if len(text) * 2 >= len(source):
        return None
    seen, swallowed = _seen(source)
    lost = _size(seen) - _size(text)
    pictures = bool(_PICTURES.search(seen)) and not _PICTURES.search(content)
    empty = not text and not _PICTURES.search(content)
    if (empty and (lost > 0 or pictures)) or lost > max(_FEW, _MOST * _size(seen)):
        return _problem("error", "HTML011", seen, content, text, swallowed, file, line)
    if lost > max(_FEW, _MANY * _size(seen)):
        return _problem("warning", "HTML012", seen, content, text, swallowed, file, line)
    return None


def _seen(source: str) -> tuple[str, re.Match[str] | None]:
    """The source without what nobody sees, and what is never closed, if anything: its inside is kept."""
    parts: list[str] = []
    place = 0
    for found in _MARKUP.finditer(source):
        parts.append(source[place : found.start()])
        place = found.end()
        if found["end"] == "" or found["close"] == "":
            return "".join([*parts, found["comment"] or found["inside"] or ""]), found
        if found["comment"] is None and found["name"] is None:
            parts.append(found[0])
    return "".join([*parts, source[place:]]), None


def _size(html: str) -> int:
    """How many letters and digits a person would see; what Markdown writes beside them is not counted."""
    return sum(map(str.isalnum, unescape(_MARKS.sub(" ", html))))


def _problem(
    severity: str,
    code: str,
    seen: str,
    content: str,
    text: str,
    swallowed: re.Match[str] | None,
    file: str,
    line: int,
) -> Problem:
    counts = f"of {_size(seen)} letters {_size(text)} are left"
    if swallowed:
        what = "comment" if swallowed["end"] is not None else f"<{swallowed['name'].lower()}>"
        message = f"{counts}: a {what} that is never closed hides the rest"
        hint = "close it: -->" if what == "comment" else f"close it: </{swallowed['name'].lower()}>"
        line += swallowed.string.count("\n", 0, swallowed.start())
    else:
        names = sorted(_tags(seen) - _tags(content))
        message = f"{counts}: feeds cannot carry {', '.join(f'<{n}>' for n in names[:5]) or 'the rest'}"
        hint = "write it with other elements, or put a summary and a link in its place"
    return Problem(
        severity="error" if severity == "error" else "warning",
        code=code,
        message=message,
        file=file,
        line=line,
        column=1 if line else 0,
        hint=hint,
    )


def _tags(html: str) -> set[str]:
    names: Iterable[str] = _NAMES.findall(html)
    return {name.lower() for name in names}
