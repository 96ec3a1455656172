"""The loss of visible text and pictures between a body and its entry.

The source is measured by patterns, not by a parser, which would hide what an unclosed comment swallows.
"""

from __future__ import annotations

import re
from html import unescape

from feedwright.bodies.sanitize import Body
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem

_UNSEEN = "script|style|template|noscript|noembed|noframes|iframe|object|title"
_MARKUP = lazy_pattern(
    rf"<!--(?P<comment>.*?)(?P<end>-->|\Z)"
    rf"|<(?P<name>{_UNSEEN})\b[^<>]*>(?P<inside>.*?)(?P<close></(?P=name)\s*>|\Z)"
    r"|</?[a-zA-Z][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = lazy_pattern(r"<([a-z][a-z0-9-]*)")
_PICTURES = lazy_pattern(r"<(?:img|picture|video|audio|svg)\b", re.IGNORECASE)
_MARKS = lazy_pattern(
    r"<!--|</?[a-zA-Z][^<>]*>|\{%[^%]*%\}|https?://\S+|!\[[^\[\]\n]*\]|\]\([^()\n]*"
    r"|^ {0,3}\[[^\[\]\n]+\]:.*$",
    re.MULTILINE,
)
"""What nobody sees of a body: tags, addresses, the texts of pictures, titles and definitions of links."""

_MANY, _MOST = 0.5, 0.9
_FEW = 40
"""Characters that may be lost without a warning."""


def check(source: str, body: Body, *, file: str, line: int = 0) -> Problem | None:
    """Return the problem of a body that lost what a person would see, None if that is little.

    `source` is the body as it is written, from `line` of `file` on. HTML011 (error): more than 90 % of the
    text is lost, or all of text and pictures; HTML012 (warning): more than half.
    """
    content, text = body.content, body.text
    if len(text) * 2 >= len(source):
        return None
    seen, unclosed = _seen(source)
    after = _size(text)
    before = max(after, _size(seen) - body.unseen)
    lost = before - after
    is_empty = not text and not _PICTURES.search(content)
    is_held = (is_empty and (lost > 0 or _PICTURES.search(seen))) or lost > max(_FEW, _MOST * before)
    if not is_held and lost <= max(_FEW, _MANY * before):
        return None
    if unclosed:
        name = (unclosed["name"] or "").lower()
        reason = f"a {f'<{name}>' if name else 'comment'} that is never closed hides the rest"
        hint = f"close it: {f'</{name}>' if name else '-->'}"
        line += source.count("\n", 0, unclosed.start())
    else:
        names = sorted({*_NAMES.findall(seen.lower())} - {*_NAMES.findall(content)})
        reason = f"feeds cannot carry {', '.join(f'<{name}>' for name in names[:5]) or 'the rest'}"
        hint = "write it with other elements, or put a summary and a link in its place"
    message = f"{after} of {before} letters are left: {reason}"
    if is_held:
        return Problem.error("HTML011", message, file, line, min(line, 1), hint=hint)
    return Problem.warning("HTML012", message, file, line, min(line, 1), hint=hint)


def _seen(source: str) -> tuple[str, re.Match[str] | None]:
    """The source without what nobody sees, and what is never closed, if anything: its inside is kept."""
    parts: list[str] = []
    position = 0
    for markup in _MARKUP.finditer(source):
        parts.append(source[position : markup.start()])
        position = markup.end()
        if markup["end"] == "" or markup["close"] == "":
            return "".join([*parts, markup["comment"] or markup["inside"] or ""]), markup
        if markup["comment"] is None and markup["name"] is None:
            parts.append(markup[0])
    return "".join([*parts, source[position:]]), None


def _size(html: str) -> int:
    """The number of letters and digits that a person would see, without what Markdown writes beside them."""
    return sum(map(str.isalnum, unescape(_MARKS.sub(" ", html))))
