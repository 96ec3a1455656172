"""What highlights code and numbers its lines goes before anything is parsed: it is most of many articles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedwright.bodies import line_numbers

_SPAN = re.compile(r"<span[^>]*>")
_SPANS = re.compile(r"</?span(?:\s[^>]*)?>")
_COLOURS = re.compile(
    r"""\sstyle=(["'])(?:(?:color|background-color|font-weight|font-style|text-decoration|display:\s*flex)"""
    r"""[^"';(]*;?\s*)*\1"""
)
_MEANS_MORE = re.compile(r"\s(?:id|dir|title|hidden|aria-hidden|style)\b|copy|lang|button|clipboard")
_NUMBERS = re.compile(
    r"<table[^<>]*>\s*(?:<tbody>\s*)?<tr[^<>]*>\s*(?P<cell><td[^<>]*>)\s*<pre[^<>]*>"
    r"(?:[\d\s]|</?(?:a|br|code|div|span)\b[^<>]*>)*+</pre>\s*</td>\s*<td[^<>]*>\s*(?=<pre)"
)
_TABLE_END = re.compile(r"</pre>\s*</td>\s*</tr>\s*(?:</tbody>\s*)?</table>")


def remove(html: str) -> str:
    """Return a page without the spans that colour code, unless they mean more, and tables of line numbers."""
    if "<pre" not in html:
        return html
    return "".join(_without_numbers("".join(_without_colours(html))))


def _without_colours(html: str) -> Iterator[str]:
    position = 0
    while (start := html.find("<pre", position)) >= 0 and (end := html.find("</pre", start)) >= 0:
        yield html[position:start]
        yield _plain(html[start:end])
        position = end
    yield html[position:]


def _plain(code: str) -> str:
    """A block of code without spans, or as it is."""
    spans = set(_SPAN.findall(code))
    if any(span.count('"') % 2 or span.count("'") % 2 for span in spans):
        return code  # a value with `>` in it
    told = _COLOURS.sub("", " ".join(spans))
    return code if line_numbers.may_be_in(told) or _MEANS_MORE.search(told) else _SPANS.sub("", code)


def _without_numbers(html: str) -> Iterator[str]:
    """The page, where of a table with numbers in its first cell and code in its second the code is left."""
    position = 0
    for numbers in _NUMBERS.finditer(html):
        start = numbers.end()
        end = html.find("</pre", start)
        table_end = _TABLE_END.match(html, end) if end >= 0 else None
        if table_end is None or not line_numbers.may_be_in(numbers["cell"]):
            continue
        yield html[position : numbers.start()]
        yield html[start:end]
        yield "</pre>"
        position = table_end.end()
    yield html[position:]
