"""Markdown of the manual as text for a terminal: paragraphs that fit, tables in columns or as lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from feedwright.cli.report import columns

_NARROW = 20
"""Columns that text needs, however far it is indented."""

_SHORT = 48
"""Columns of a cell that may share its line with others."""

_FENCE = "```"
_ITEM = re.compile(r" *(?:-|\d+\.) ")


def as_text(markdown: str, width: int) -> str:
    """Return the text in lines of `width` columns, as far as words and examples allow."""
    return "\n\n".join("\n".join(_lines(block, width)) for block in _blocks(markdown))


def _blocks(markdown: str) -> Iterator[str]:
    """The paragraphs, tables and examples; blank lines are between them, or in an example."""
    block: list[str] = []
    for line in markdown.split("\n"):
        is_example = bool(block) and block[0].startswith(_FENCE)
        if line.strip() or is_example:
            block.append(line)
        if block and (not line.strip(), line == _FENCE)[is_example]:
            yield "\n".join(block)
            block = []
    if block:
        yield "\n".join(block)


def _lines(block: str, width: int) -> Iterator[str]:
    lines = block.split("\n")
    if block.startswith(_FENCE):
        yield from (f"    {line}".rstrip() for line in lines[1:-1])
    elif block.startswith("|"):
        yield from _table([_cells(line) for line in lines], width)
    elif block.startswith("#"):
        yield _plain(block.lstrip("# ")).upper()
    else:
        for line in lines:
            item = _ITEM.match(line)
            indent = len(item[0]) if item else len(line) - len(line.lstrip())
            yield from _wrapped(_plain(line), width, indent)


def _plain(text: str) -> str:
    """The text without marks of emphasis and links; code keeps its marks."""
    text = re.sub(r"\[([^][]+)\]\([^()]+\)", r"\1", text)
    return re.sub(r"\*\*([^*]+)\*\*", r"\1", text).replace("\\<", "<").replace("\\|", "|")


def _cells(line: str) -> list[str]:
    return [_plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def _wrapped(text: str, width: int, indent: int = 0) -> Iterator[str]:
    """The text in lines; all but the first are indented. A word that is too long has a line of its own."""
    first, *words = text[indent:].split() or [""]
    line = text[:indent] + first
    for word in words:
        if columns(line) + 1 + columns(word) > max(width, indent + _NARROW):
            yield line
            line = " " * indent + word
        else:
            line += f" {word}"
    yield line


def _table(rows: Sequence[list[str]], width: int) -> Iterator[str]:
    """The rows in columns, the last of them wrapped; where that leaves it too narrow, one below the other."""
    header, _, *body = rows
    widths = [max(map(columns, column)) for column in zip(*(header, *body), strict=True)]
    start = sum(widths[:-1]) + 2 * len(widths[:-1])
    if start + min(widths[-1], 2 * _NARROW) > width:
        short = next((n for n, size in enumerate(widths) if size > _SHORT), len(widths) - 1)
        for row in body:
            yield from _record(row, short, width)
        return
    for row in (header, *body):
        front = "".join(_padded(cell, size + 2) for cell, size in zip(row, widths[:-1], strict=False))
        last = _wrapped(row[-1], width - start)
        for before, text in zip_longest([front], last, fillvalue=""):
            yield f"{before or ' ' * start}{text}".rstrip()


def _record(row: list[str], short: int, width: int) -> Iterator[str]:
    """The first cells in a line, as many as are short in all rows, and each of the others below it."""
    yield from _wrapped(" · ".join(filter(None, row[:short])), width, 4)
    for cell in filter(None, row[short:]):
        yield from _wrapped(f"    {cell}", width, 4)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
