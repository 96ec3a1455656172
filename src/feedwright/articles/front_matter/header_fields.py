"""`Title: …` headers, as Pelican and Python-Markdown have them → fields with positions."""

from __future__ import annotations

import re

from feedwright.articles.front_matter.fields import Field, Transcript, scrub
from feedwright.articles.front_matter.yaml_hints import wide_key, wide_slip

_HEADER = re.compile(r"(?P<key>[A-Za-z0-9_-]+)[^\S\n]*:[^\S\n]*(?P<value>.*)")
_BLOCK = re.compile(r"(?>(?:[A-Za-z0-9_-]++[^\S\n]*:.*+(?:\n|\Z)(?>(?:[^\S\n]+\S.*+(?:\n|\Z))*))*)")
_ENOUGH = re.compile(r"(?im)^(?:title|date)[^\S\n]*:")


def headers_end(text: str, start: int) -> int | None:
    """Offset after the headers that begin at `start`, None without a title or a date among them."""
    block = _BLOCK.match(text, start)
    if block is None or not _ENOUGH.search(block[0]):
        return None
    return block.end()


def read_headers(source: str, transcript: Transcript) -> None:
    """Fill the transcript with the headers; an indented line goes on with the one above."""
    pairs: dict[str, tuple[int, int, int]] = {}
    values: dict[str, list[str]] = {}
    key = ""
    source = source.rstrip()  # so that a last header without a value has its place right after the colon
    for number, line in enumerate(scrub(source, transcript).split("\n"), transcript.line):
        header = None if line[:1].isspace() else _HEADER.match(line)
        if header is None:
            if key and line.strip():
                values[key].append(line.strip())
            continue
        key = header["key"]
        if key in pairs:
            transcript.duplicate(key, (pairs[key][0], 1), (number, 1))
        pairs.setdefault(key, (number, 1, header.start("value") + 1))
        values[key] = [header["value"].strip()]
    for key, (number, column, value_column) in pairs.items():
        transcript.fields[key] = Field(
            key=key,
            value="\n".join(values[key]).strip() or None,
            line=number,
            column=column,
            value_line=number,
            value_column=value_column,
        )


def wide_header(line: str, number: int, transcript: Transcript) -> None:
    """Note a line right below the headers whose colon is full-width, so that it does not become text."""
    wide = wide_key(line)
    if wide is not None:
        slip = wide_slip(wide, number)
        transcript.error(slip.code, slip.message, number, slip.column + 1, hint=slip.hint)
