"""Markdown of the manual as text for a terminal: paragraphs that fit, tables in columns or as lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedwright.cli.table import table, wrapped

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
        header, _, *rows = map(_cells, lines)
        yield from table(header, rows, width)
    elif block.startswith("#"):
        yield _plain(block.lstrip("# ")).upper()
    else:
        for line in lines:
            item = _ITEM.match(line)
            indent = len(item[0]) if item else len(line) - len(line.lstrip())
            yield from wrapped(_plain(line), width, indent)


def _plain(text: str) -> str:
    """The text without marks of emphasis and links; code keeps its marks."""
    text = re.sub(r"\[([^][]+)\]\([^()]+\)", r"\1", text)
    return re.sub(r"\*\*([^*]+)\*\*", r"\1", text).replace("\\<", "<").replace("\\|", "|")


def _cells(line: str) -> list[str]:
    return [_plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
