"""The title and the field list that a reStructuredText document begins with become fields with positions.

As docutils and Pelican have them: a title above a line of punctuation, or between two, then `:name: value`
lines (docutils, reStructuredText specification, "Sections" and "Field lists").
"""

from __future__ import annotations

import re

from feedwright.articles.front_matter.fields import Field, RawFields
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

_SPACE = r"[^\S\n]*+"
_ADORNMENT = r"""[!-/:-@\[-`{-~]"""
_TITLE = lazy_pattern(
    rf"(?>(?:(?P<line>(?P<mark>{_ADORNMENT})(?P=mark)*+){_SPACE}\n)?){_SPACE}"
    rf"(?P<title>\S[^\n]*+)\n(?P<under>(?P<end>{_ADORNMENT})(?P=end)*+){_SPACE}(?:\n|\Z)"
)
_FIELD = lazy_pattern(r":(?P<key>[^\s:][^:\n]*+):(?:[^\S\n]+|(?=\n|\Z))(?P<value>[^\n]*+)")
_FIELDS = lazy_pattern(
    rf"(?>(?:{_SPACE}\n)*)(?>(?::[^\s:][^:\n]*+:(?=\s|\Z)[^\n]*+(?:\n|\Z)"
    r"(?>(?:[^\S\n]+\S[^\n]*+(?:\n|\Z))*))+)"
)


def document_head_end(text: str, start: int) -> int | None:
    """Return the offset after title and fields that begin at `start`, None where there is neither."""
    title = _title(text, start)
    fields = _FIELDS.match(text, title.end() if title else start)
    last = fields or title
    return last.end() if last else None


def read_rst(source: str, raw: RawFields) -> None:
    """Fill in the title and the fields; an indented line goes on with the one above."""
    source = raw.scrub(source)
    title = _title(source, 0)
    if title:
        line = raw.line + source.count("\n", 0, title.start("title"))
        text = title["title"].rstrip()
        raw.fields["title"] = Field("title", text, line, 1, line, 1)
    start = title.end() if title else 0
    key, first = "", raw.line + source.count("\n", 0, start)
    for number, line_text in enumerate(source[start:].rstrip().split("\n"), first):
        if field := _FIELD.match(line_text):
            key = field["key"].strip()
            if key in raw.fields and not (title and key == "title"):
                before = raw.fields[key]
                raw.duplicate(key, (before.line, before.column), (number, 1))
            column = field.start("value") + 1
            raw.fields[key] = Field(key, field["value"].strip() or None, number, 1, number, column)
        elif key and line_text.strip():
            before = raw.fields[key]
            raw.fields[key] = replace(before, value=f"{before.value or ''}\n{line_text.strip()}".strip())


def _title(text: str, start: int) -> re.Match[str] | None:
    """The title of a document; its lines are of one character, and as long as it."""
    match = _TITLE.match(text, start)
    if match is None or match["title"][0] == ":" or (match["line"] or match["under"])[0] != match["end"]:
        return None
    length = len(match["title"].rstrip())
    is_long = len(match["line"]) >= length if match["line"] else len(match["under"]) >= min(length, 4)
    return match if is_long else None
