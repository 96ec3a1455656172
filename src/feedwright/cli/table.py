"""Rows of texts as a table that fits a terminal: in columns, or one cell below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from feedwright.cli.report import columns

_NARROW = 20
"""Columns that text needs, however far it is indented."""

_SHORT = 48
"""Columns of a cell that may share its line with others."""


def table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield the rows in columns, the last wrapped; as records without header if that makes it too narrow."""
    widths = [max(map(columns, column)) for column in zip(*(header, *rows), strict=True)]
    start = sum(widths[:-1]) + 2 * len(widths[:-1])
    if start + min(widths[-1], 2 * _NARROW) > width:
        short = next((n for n, size in enumerate(widths) if size > _SHORT), len(widths) - 1)
        for row in rows:
            yield from _record(row, short, width)
        return
    for row in (header, *rows):
        front = "".join(_padded(cell, size + 2) for cell, size in zip(row, widths[:-1], strict=False))
        last = wrapped(row[-1], width - start)
        for before, text in zip_longest([front], last, fillvalue=""):
            yield f"{before or ' ' * start}{text}".rstrip()


def wrapped(text: str, width: int, indent: int = 0) -> Iterator[str]:
    """Yield the text in lines; all but the first are indented. A word that is too long has its own line."""
    first, *words = text[indent:].split() or [""]
    line = text[:indent] + first
    for word in words:
        if columns(line) + 1 + columns(word) > max(width, indent + _NARROW):
            yield line
            line = " " * indent + word
        else:
            line += f" {word}"
    yield line


def _record(row: Sequence[str], short: int, width: int) -> Iterator[str]:
    """The first cells in a line, as many as are short in all rows, and each of the others below it."""
    yield from wrapped(" · ".join(filter(None, row[:short])), width, 4)
    for cell in filter(None, row[short:]):
        yield from wrapped(f"    {cell}", width, 4)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
