"""`Title: …` headers, as Pelican and Python-Markdown have them, become fields with positions."""

from __future__ import annotations

from feedwright.articles.front_matter.fields import Field, RawFields
from feedwright.patterns import lazy_pattern
from feedwright.text import IGNORED

_LETTER = rf"[A-Za-z0-9_\-\uff10-\uff19\uff21-\uff3a\uff41-\uff5a{IGNORED.pattern[1:-1]}]"
"""What a key is made of, with what is taken for it, or not seen."""

_HEADER = lazy_pattern(rf"(?P<key>{_LETTER}+)[^\S\n]*+:[^\S\n]*+(?P<value>.*+)")
_BLOCK = lazy_pattern(rf"(?>(?:{_LETTER}++[^\S\n]*:.*+(?:\n|\Z)(?>(?:[^\S\n]+\S.*+(?:\n|\Z))*))*)")


def headers_end(text: str, start: int) -> int | None:
    """Return the offset after the headers that begin at `start`."""
    block = _BLOCK.match(text, start)
    return block and block.end()


def read_headers(source: str, raw: RawFields) -> None:
    """Fill in the fields of the headers; an indented line goes on with the one above."""
    positions: dict[str, tuple[int, int]] = {}
    values: dict[str, list[str]] = {}
    key = ""
    source = source.rstrip()  # so that a last header without a value has its place right after the colon
    for number, line in enumerate(raw.scrub(source).split("\n"), raw.line):
        header = None if line[:1].isspace() else _HEADER.match(line)
        if header:
            key = header["key"]
            if key in positions:
                raw.duplicate(key, (positions[key][0], 1), (number, 1))
            positions.setdefault(key, (number, header.start("value") + 1))
            values[key] = [header["value"].strip()]
        elif key and line.strip():
            values[key].append(line.strip())
    for key, (number, column) in positions.items():
        value = "\n".join(values[key]).strip() or None
        raw.fields[key] = Field(key, value, number, 1, number, column)
