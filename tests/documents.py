"""Texts in Markdown, taken apart: sections, tables, fenced blocks, and the commands shown in them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from feedwright.commands import manual
from paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Document:
    """A text in Markdown."""

    text: str

    def section(self, title: str) -> str:
        """The text between a heading and the next one."""
        begin = re.search(rf"^#+ {re.escape(title)}\n", self.text, re.MULTILINE)
        assert begin, f"there is no section {title!r}"
        return re.split(r"^#+ ", self.text[begin.end() :], maxsplit=1, flags=re.MULTILINE)[0]

    def tables(self, title: str) -> list[list[list[str]]]:
        """The tables of a section, each as rows of cells, without the header."""
        found: list[list[list[str]]] = [[]]
        for line in self.section(title).splitlines():
            if line.startswith("|"):
                found[-1].append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
            elif found[-1]:
                found.append([])
        return [rows[2:] for rows in found if rows]

    def table(self, title: str) -> list[list[str]]:
        """The only table of a section."""
        (rows,) = self.tables(title)
        return rows

    def snippets(self, language: str, title: str = "") -> list[str]:
        """The fenced blocks of one language, of the whole text or of a section."""
        text = self.section(title) if title else self.text
        return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    @cached_property
    def commands(self) -> list[list[str]]:
        """The words of every feedwright command that is shown, in blocks and between backticks."""
        return [*self._commands()]

    def _commands(self) -> Iterator[list[str]]:
        prose = re.sub(r"(?ms)^```.*?^```$", "", self.text)
        lines = [line for block in self.snippets("sh") for line in block.splitlines()]
        lines += [line.partition("run:")[2] for block in self.snippets("yaml") for line in block.splitlines()]
        for line in [*lines, *codes(prose)]:
            for words in re.findall(r"(?:^|[\s(/])feedwright ([^|>&;)]+)", line.partition(" # ")[0]):
                if command := shlex.split(words, comments=True):
                    yield command


def codes(cell: str) -> list[str]:
    """The texts between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def read(path: Path) -> Document:
    """Read a document."""
    return Document(path.read_text(encoding="utf-8"))


README = read(ROOT / "README.md")
MANUAL = Document("\n\n".join(manual.topic(name) for name in manual.TOPICS))
EVERY = {
    "the manual": MANUAL,
    **{
        name: read(ROOT / name)
        for name in (
            "README.md",
            ".github/CONTRIBUTING.md",
            ".github/SECURITY.md",
            "tests/benchmarks/README.md",
        )
    },
}
"""All documents, by what to call them."""
