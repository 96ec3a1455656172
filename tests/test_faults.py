"""FAULTS.md is true: the cases and tests that it names exist, and the cases have the outcome it promises."""

from __future__ import annotations

import ast
import json
import re
from contextlib import chdir
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from desk import Desk
from feedwright.commands.explain import explanations
from paths import TESTS
from sites import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROW = re.compile(r"\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|")
LAW = re.compile(r"\| (I\d+) \| (.+?) \| (.+?) \|")
CODE = re.compile(r"`([A-Z]{2,5}\d{3})`")
KINDS = {"warning": "FIX", "error": "HOLD"}
CASE_FILE = re.compile(r"(?:\d{4}-\d\d-\d\d-)?row0*(\d+)-")


class Row(NamedTuple):
    """A row of the table; `where` holds the case folders and tests that it names."""

    number: int
    promise: str
    where: list[str]


def _rows() -> list[Row]:
    found = map(ROW.fullmatch, (TESTS / "FAULTS.md").read_text("utf-8").splitlines())
    return [Row(int(row[1]), row[3], re.findall(r"`([^`]+)`", row[4])) for row in found if row]


def _laws() -> dict[str, list[str]]:
    found = map(LAW.fullmatch, (TESTS / "FAULTS.md").read_text("utf-8").splitlines())
    return {row[1]: re.findall(r"`([^`]+)`", row[3]) for row in found if row}


ROWS = _rows()
CASE_ROWS = [row for row in ROWS if any(place.startswith("cases/faults-") for place in row.where)]


@cache
def _functions(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@cache
def _expected(case: str) -> list[tuple[str, str, str]]:
    """The kind, code and file of every problem of a case."""
    problems = json.loads((TESTS / case / "expected.json").read_text("utf-8"))["problems"]
    split = (problem.split(" ", 2) for problem in problems)
    return [(KINDS[severity], code, place.rsplit(":", 2)[0]) for severity, code, place in split]


def _files(row: Row) -> Iterator[tuple[str, str]]:
    """The case and file of every article of a row."""
    for place in row.where:
        for file in (TESTS / place / "content").rglob("*") if place.startswith("cases/") else ():
            found = CASE_FILE.match(file.name)
            if file.is_file() and found and int(found[1]) == row.number:
                yield place, file.relative_to(TESTS / place / "content").as_posix()


def test_every_row_stands_once_in_its_order() -> None:
    assert [row.number for row in ROWS] == list(range(1, len(ROWS) + 1))
    assert len(ROWS) > 213


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_cases_and_tests_of_a_row_exist(row: Row) -> None:
    assert row.where
    for place in row.where:
        file, _, function = place.partition("::")
        assert (TESTS / file).exists(), place
        assert not function or function in _functions(file), place


@pytest.mark.parametrize("row", CASE_ROWS, ids=lambda row: str(row.number))
def test_the_articles_of_a_row_have_the_promised_outcome(row: Row) -> None:
    files = set(_files(row))
    assert files
    problems = {(kind, code) for case, file in files for kind, code, at in _expected(case) if at == file}
    assert {code for _, code in problems} == set(CODE.findall(row.promise))
    promised = {kind for kind in KINDS.values() if kind in row.promise.split()}
    assert {kind for kind, _ in problems} == promised or (not problems and "OK" in row.promise)


def test_every_article_of_a_row_is_in_the_table() -> None:
    listed = {(case, file) for row in CASE_ROWS for case, file in _files(row)}
    present = {
        (f"cases/{case.name}", file.relative_to(case / "content").as_posix())
        for case in (TESTS / "cases").iterdir()
        for file in (case / "content").rglob("*row*")
        if file.is_file() and CASE_FILE.match(file.name) and case.name.startswith("faults-")
    }
    assert present
    assert present <= listed


def test_every_law_has_its_tests() -> None:
    laws = _laws()
    assert list(laws) == [f"I{number}" for number in range(1, 11)]
    for law, places in laws.items():
        assert places, law
        for place in places:
            file, _, function = place.partition("::")
            assert function in _functions(file), place


def test_every_promised_code_is_explained() -> None:
    promised = {code for row in ROWS for code in CODE.findall(row.promise)}
    assert len(promised) > 50
    assert promised <= explanations().keys()


COMMANDS = ["::error::x", "  ::stop-commands::x", "##[add-mask]x", "x ##[group]y", "##vso[task.setvariable]x"]


OURS = re.compile(r"::(?:error|warning) (?:(?:file|line|col)=[^,:]*,)*title=feedwright \([A-Z]+\d+\)::")


@pytest.mark.parametrize("report", ["full", "concise", "json", "github", "gitlab", "sarif"])
@pytest.mark.parametrize("words", COMMANDS)
def test_no_text_becomes_a_command_of_a_ci(tmp_path: Path, words: str, report: str) -> None:
    """GitHub's runner obeys lines that begin with `::`, and `##[` anywhere; Azure's obeys `##vso[`."""
    desk = Desk(tmp_path)
    desk.configure()
    desk.write(f"{words}.md", text("T", date=f"'{words}'", titel=f"'{words}'"))
    desk.write("a.md", f"---\n{words}: [\n---\n")
    desk.write(f" {words}.md", text("T", date=f"'{words}'"))
    desk.write("b.md", text(f"'<b>{words}</b>'", categories=f"'{words}, b'"))
    desk.write("c.md", text("C", categories=f'"a,\\n\\n{words}, b"'))
    desk.write("d.md", text("D", authors=f'{{name: x, url: "a\\n{words}"}}'))
    outside = desk.run("build", "--report", report, str(desk.content))
    with chdir(desk.content):
        inside = desk.run("build", ".", "--report", report, "-o", "../other", "--accept", "record")
    for output in (outside, inside):
        assert output.code == 1
        lines = (output.out + output.err).splitlines()
        lines = [OURS.sub("", line) if report == "github" else line for line in lines]
        assert [line for line in lines if line.strip().startswith("::") or re.search(r"##\w*\[", line)] == []
        if report == "json":
            assert any(words in problem["file"] for problem in output.json["problems"])
        elif report in ("full", "concise"):
            assert words.replace("[", r"\x5b") in output.err
