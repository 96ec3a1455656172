"""What is never published goes before anything is parsed: buttons, lines of drawings, colours of code.

It is most of many articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedwright.bodies import line_numbers

_BUTTON = re.compile(
    r"<button\b(?![^<>]*[\s\"'=]tab(?!index))[^<>]*>(?:[^<>]|</?(?:circle|g|i|line|path|polyline|rect|span|svg|use)\b[^<>]*>|<!--[^<>]*-->)*+</button>"
)
"""A button with nothing but text and a drawing, unless it seems to show a tab."""

_DRAWING = re.compile(
    r"""(<svg(?:\s+[\w:-]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))?)*+\s*>)"""
    r"(?:[^<>]|</?(?:circle|defs|ellipse|g|line|marker|path|polygon|polyline|rect|text|tspan|use)\b[^<>]*>"
    r"|<!--[^<>]*-->)++(?=</svg>)"
)
"""A drawing without a title: nothing is published of what is in it."""

_SPAN = re.compile(r"<span[^<>]*>")
_PLAIN_SPAN = re.compile(r"""<span(?:\s+(?:class|style|data-[\w-]+)(?:="[^"<>]*"|=[\w-]+)?)*\s*>""")
"""A span with nothing but what highlighters write; in any other a value may have `<` or `>`."""

_SHOUTED = re.compile(r"<(?!span)[sS][pP][aA][nN]")
_SPANS = re.compile(r"</?span(?:\s[^<>]*)?>")
_BREAK = re.compile(r"<br ?/?>")
_COLOURS = re.compile(
    r"""\sstyle="(?:(?:color|background-color|font-weight|font-style|text-decoration|display:\s?flex)"""
    r"""[^"';(]*+;?\s*+)*+\""""
)
_MEANS_MORE = re.compile(
    r"\s(?:title|style)\b|hidden|sr-only|screen-reader|cop(?:y|ied)|lang|button|clipboard|code-?header",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"<table[^<>]*>\s*(?:<tbody>\s*)?<tr[^<>]*>\s*(?P<cell><td[^<>]*>)\s*<pre[^<>]*>"
    r"(?:[\d\s]|</?(?:a|br|code|div|span)\b[^<>]*>)*+</pre>\s*</td>\s*<td[^<>]*>\s*(?=<pre)"
)
_LONGEST = 400
"""Characters of the tags before a block of code in a table."""

_TABLE_END = re.compile(r"</pre>\s*</td>\s*</tr>\s*(?:</tbody>\s*)?</table>")


def prune(html: str) -> str:
    """Return a page without buttons, with empty drawings, and with plain blocks of code."""
    html = _BUTTON.sub("", html)
    html = _DRAWING.sub(r"\1", html) if "<svg" in html else html
    return "".join(_parts(html)) if "<pre" in html else html


def _parts(html: str) -> Iterator[str]:
    position = 0
    while (start := html.find("<pre", position)) >= 0 and (end := html.find("</pre", start)) >= 0:
        if numbered := _numbered(html, position, start):
            table, code, table_end = numbered
            yield from (html[position:table], _plain(code), "</pre>")
            position = table_end
            continue
        yield from (html[position:start], _plain(html[start:end]))
        position = end
    yield html[position:]


def _numbered(html: str, position: int, start: int) -> tuple[int, str, int] | None:
    """A table of line numbers and code around a block of code: where it begins, the code, where it ends."""
    table = html.rfind("<table", max(position, start - _LONGEST), start)
    numbers = _NUMBERS.match(html, table) if table >= 0 else None
    if numbers is None or not line_numbers.may_be_in(numbers["cell"]):
        return None
    end = html.find("</pre", numbers.end())
    table_end = _TABLE_END.match(html, end) if end >= 0 else None
    return (table, html[numbers.end() : end], table_end.end()) if table_end else None


def _plain(code: str) -> str:
    """A block of code with lines instead of breaks, and without spans, unless they mean more."""
    code = _BREAK.sub("\n", code) if "<br" in code else code
    every = _SPAN.findall(code)
    spans = set(every)
    if (
        len(every) < code.count("<span")
        or _SHOUTED.search(code)
        or not all(map(_PLAIN_SPAN.fullmatch, spans))
    ):
        return code
    told = _COLOURS.sub("", " ".join(spans))
    return code if line_numbers.may_be_in(told) or _MEANS_MORE.search(told) else _SPANS.sub("", code)
