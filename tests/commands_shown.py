"""The feedwright commands that users are shown: in documents, in `--help`, and in what the program says."""

from __future__ import annotations

import ast
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from click import Context

from documents import EVERY, Document
from feedwright.cli.app import cli
from feedwright.commands import manual
from feedwright.generators.table import GENERATORS
from paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = ROOT / "src" / "feedwright"
COMMANDS = cli.list_commands(Context(cli))
_TEXT = re.compile(
    r"(?ms)^#+ (?P<title>[^\n]+)$|^```(?P<language>\w+)\n(?P<block>.*?)^```$|(?<!`)`(?P<code>[^`\n]+)`(?!`)"
)
_COMMAND = re.compile(rf"(?:^|(?<=[\s(]))feedwright (?:{'|'.join(COMMANDS)}|[A-Z]+)\b[^`;<)\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Lines of a shell that belong together, and where they are shown."""

    where: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.where}: {self.lines[0]}"


def of_documents(language: str) -> Iterator[Shown]:
    """The blocks of a language in all documents."""
    for name, document in EVERY.items():
        for title, match in _parts(document):
            if match["language"] == language and "feedwright" in match["block"]:
                yield Shown(where=f"{name}, {title}", lines=tuple(match["block"].splitlines()))


def in_prose() -> Iterator[Shown]:
    """The commands between backticks in all documents, in the topics on generators, and in messages."""
    topics = {f"help {name}": Document(manual.topic(name)) for name in GENERATORS}
    seen = set()
    for name, document in {**EVERY, **topics}.items():
        for title, match in _parts(document):
            for line in _COMMAND.findall(match["code"] or ""):
                seen.add(line.strip())
                yield Shown(where=f"{name}, {title}", lines=(line.strip(),))
    for name, line in _in_source():
        if line not in seen:
            seen.add(line)
            yield Shown(where=name, lines=(line,))


def _parts(document: Document) -> Iterator[tuple[str, re.Match[str]]]:
    """The headings, blocks and codes of a document in order, each with the heading that it stands below."""
    title = ""
    for match in _TEXT.finditer(document.text):
        title = match["title"] or title
        yield title, match


def _in_source() -> Iterator[tuple[str, str]]:
    """The commands in texts of the program, with {} for what it puts in; docstrings only of commands."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        unsaid = set() if path.name == "app.py" else _docstrings(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                unsaid |= {id(part) for part in node.values}
        for node in ast.walk(tree):
            text = ""
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unsaid:
                text = node.value
            elif isinstance(node, ast.JoinedStr):
                text = "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
            for line in _COMMAND.findall(text):
                yield path.relative_to(SOURCE).as_posix(), line.strip()


def _docstrings(tree: ast.Module) -> set[int]:
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def words(line: str) -> list[list[str]]:
    """The commands of a line, which are joined by `&&` or by a pipe, as words; comments are left out."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|")
    lexer.whitespace_split = True
    commands: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= {"&", "|"}:
            commands.append([])
        else:
            commands[-1].append(word)
    return [command for command in commands if command]
