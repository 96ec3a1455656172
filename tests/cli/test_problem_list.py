"""The list of problems for people: its order, what is folded, the tally, and where the feeds are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click import unstyle

from desk import Desk
from feedwright.cli import app, problem_list
from feedwright.problems import Problem
from sites import text

if TYPE_CHECKING:
    from pathlib import Path


def _blocks(*problems: Problem, every: bool = False) -> list[str]:
    shown = problem_list.blocks(problems, lambda file, line: None, every=every)
    return [unstyle(block).partition("\n")[0] for block in shown]


def _repaired(number: int, code: str = "FM001") -> list[Problem]:
    return [Problem.warning(code, f"w{n}", f"{n}.md") for n in range(number)]


HELD = Problem.error("FM011", "held", "a.md")


def test_errors_come_last_and_each_kind_in_its_order() -> None:
    first, second = _repaired(2)
    assert _blocks(first, HELD, second) == ["warning[FM001]: w0", "warning[FM001]: w1", "error[FM011]: held"]


def test_many_of_one_code_are_folded_and_tallied() -> None:
    shown = _blocks(*_repaired(23), HELD)
    assert shown[:20] == [f"warning[FM001]: w{n}" for n in range(20)]
    assert shown[20] == "3 more FM001: `--report concise` lists them all"
    assert shown[21:] == ["error[FM011]: held", "23 warnings: 23 FM001"]
    assert len(_blocks(*_repaired(23), HELD, every=True)) == 25


def test_twenty_are_not_folded_and_few_not_tallied() -> None:
    assert len(_blocks(*_repaired(20))) == 21
    assert len(_blocks(*_repaired(5))) == 5


def test_what_one_build_mends_is_told_once() -> None:
    outdated = _repaired(5, "OUT002")
    assert _blocks(*outdated) == ["warning[OUT002]: w0", "4 more OUT002: `--report concise` lists them all"]
    assert len(_blocks(*outdated, every=True)) == 5
    assert _blocks(outdated[0]) == ["warning[OUT002]: w0"]


def test_the_tally_names_the_most_frequent_codes_first() -> None:
    problems = [*_repaired(1, "CAT001"), *_repaired(4), HELD]
    *_, last = problem_list.blocks(problems, lambda file, line: None)
    assert last == "5 warnings: 4 FM001, 1 CAT001\n1 error: 1 FM011"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site with thirty articles that are repaired, and one that is held."""
    desk = Desk(tmp_path)
    desk.configure()
    for n in range(30):
        desk.write(f"{n:02}.md", text(f"T{n}", updated="2025-01-01"))
    desk.write("bad.md", text("Bad", date="tomorrow"))
    return desk


def test_a_build_lists_them_with_blank_lines_between(desk: Desk) -> None:
    short, long = desk.run("build"), desk.run("build", "-v")
    assert short.codes == [*["DATE008"] * 20, "DATE001"]
    assert "\n\n10 more DATE008: `--report concise` lists them all\n\nerror[DATE001]" in short.err
    assert "\n\n30 warnings: 30 DATE008\n1 error: 1 DATE001\n31 articles" in short.err
    assert len(long.codes) == 31
    assert len(desk.run("build", "--report", "concise").codes) == 31


def test_a_terminal_is_told_where_the_feeds_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "→" not in desk.run("build").err
    monkeypatch.setattr(app, "status_width", lambda: 80)
    assert desk.run("build").err.endswith(" s\n→ feeds/rss.xml\n")
    desk.configure('formats = ["atom", "opml"]')
    assert desk.run("build").err.endswith(" s\n→ feeds/feeds.opml\n")
    desk.configure('formats = ["atom", "opml", "page"]', 'output = "o\\u001b"')
    assert desk.run("build", "--accept", "record").err.endswith(" s\n→ o\\x1b/index.html\n")
    assert "→" not in desk.run("build", "-q").err
