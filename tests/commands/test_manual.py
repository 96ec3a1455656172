"""The manual: topics, generators, problem codes, completion, and their form on a terminal."""

from __future__ import annotations

import re
import subprocess
from shutil import which
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import Desk
from feedwright.cli.manual_text import as_text
from feedwright.cli.report import columns
from feedwright.commands import manual
from feedwright.commands.explain import explanations
from feedwright.generators.table import GENERATORS
from feedwright.settings.reference import AUTHOR, CATEGORY, ENVIRONMENT, SETTINGS
from sites import text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty folder: the manual needs no site."""
    return Desk(tmp_path)


def test_a_code_is_explained_in_any_case(desk: Desk) -> None:
    output = desk.run("explain", "fm011")
    meaning, remedy = explanations()["FM011"][1:]
    assert output.code == 0
    assert output.out.startswith(f"FM011: {meaning}\n\nWhat to do: {remedy}\n\nHOLD: ")


def test_every_outcome_of_a_code_is_explained(desk: Desk) -> None:
    lines = desk.run("explain", "LIM002").out.splitlines()
    assert [line.partition(":")[0] for line in lines[-2:]] == ["HOLD", "STOP"]
    assert "exit code 3" in lines[-1]


def test_the_beginning_of_codes_lists_them(desk: Desk) -> None:
    listed = [line.split()[0] for line in desk.run("explain", "IMG").out.splitlines()]
    assert listed == [code for code in explanations() if code.startswith("IMG")]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("explain", "FMO11"), 'did you mean "FM011"?'),
        (("explain", "nothing-like-it"), "`feedwright help problems` lists all of them"),
        (("explain", ""), "`feedwright help problems` lists all of them"),
        (("help", "setings"), 'did you mean "settings"?'),
        (("help", "nothing-like-it"), "`feedwright help` lists all topics"),
    ],
)
def test_what_is_not_known_is_a_usage_error(desk: Desk, words: tuple[str, str], hint: str) -> None:
    output = desk.run(*words)
    assert (output.code, output.out, output.codes) == (2, "", ["USE004"])
    assert hint in output.err


@pytest.mark.parametrize("name", manual.names())
def test_every_topic_is_shown_without_marks_of_markdown(desk: Desk, name: str) -> None:
    output = desk.run("help", name)
    assert (output.code, output.err) == (0, "")
    assert not re.search(r"^#|\*\*\w|^\| |\]\(|^```|^\{\w+\}$", output.out, re.MULTILINE)


def test_the_settings_are_all_there_with_their_variables() -> None:
    rows = manual.topic("settings")
    assert all(f"| `{name}` |" in rows for name in (*SETTINGS, *AUTHOR, *CATEGORY))
    assert all(f"| `{variable}` |" in rows for variable in ENVIRONMENT)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_names_its_files_and_folders(name: str) -> None:
    page = manual.topic(name)
    generator = GENERATORS[name]
    assert all(file.rpartition(".")[0] in page for file in generator.configuration_files)
    words = (*generator.folders, *generator.hiding, *generator.templates.tags)
    assert all(f"`{word}`" in page for word in words)


def test_help_without_a_topic_lists_commands_and_topics(desk: Desk) -> None:
    output = desk.run("help").out
    assert "Usage: feedwright [OPTIONS] COMMAND" in output
    assert all(f"`feedwright help {name}`" in output for name in manual.names())


def test_help_shows_that_of_a_command(desk: Desk) -> None:
    assert desk.run("help", "restore").out == desk.run("restore", "--help").out


def test_help_on_a_command_that_is_a_topic_shows_both(desk: Desk) -> None:
    shown = desk.run("help", "serve").out
    assert shown.startswith(desk.run("serve", "--help").out)
    assert "A PREVIEW THAT FOLLOWS EVERY SAVE" in shown


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("name", manual.names())
def test_a_topic_fits_the_terminal(name: str, width: int) -> None:
    """Words that are too long, and examples, may be longer."""
    text = re.sub(r"(?ms)^```.*?^```$", "", manual.topic(name))
    for line in as_text(text, width).splitlines():
        assert columns(line) <= width or max(map(columns, line.split())) > 20, line


@given(st.lists(st.text("ab 茶é", max_size=30).map(str.strip).filter(bool)), st.integers(10, 60))
def test_no_word_of_a_paragraph_is_lost(paragraphs: list[str], width: int) -> None:
    shown = as_text("\n\n".join(paragraphs), width)
    assert shown.split() == " ".join(paragraphs).split()


# Completion


def _completed(desk: Desk, *words: str) -> list[str]:
    line = " ".join(("feedwright", *words))
    environ = {"COMP_WORDS": line, "COMP_CWORD": str(len(words)), "_FEEDWRIGHT_COMPLETE": "bash_complete"}
    rows = desk.run("", **environ).out.splitlines()
    return [row.partition(",")[2] for row in rows]


def test_commands_options_codes_and_topics_are_completed(desk: Desk) -> None:
    assert _completed(desk, "res") == ["resolve", "restore"]
    assert _completed(desk, "build", "--stri") == ["--strict"]
    assert _completed(desk, "ini") == ["init"]
    assert _completed(desk, "init", "--ci", "g") == ["github", "gitlab"]
    assert _completed(desk, "list", "fe") == ["feeds"]
    assert _completed(desk, "explain", "fm00")[:2] == ["FM001", "FM002"]
    assert _completed(desk, "help", "h") == ["hexo", "hugo", "help"]


def test_categories_in_use_are_completed(desk: Desk) -> None:
    assert _completed(desk, "new", "A", "--category", "t") == [""]
    desk.configure()
    for name, label in (("a", "Tea"), ("b", "Tea"), ("c", "Trees"), ("d", "雨")):
        desk.write(f"{name}.md", text(name, "2026-01-01", categories=label))
    assert _completed(desk, "new", "A", "--category", "t") == ["Tea", "Trees"]
    assert _completed(desk, "new", "A", "--category", "雨") == ["雨"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_one_that_it_can_read(desk: Desk, shell: str) -> None:
    output = desk.run("completion", shell)
    assert output.code == 0
    assert "_FEEDWRIGHT_COMPLETE" in output.out
    if which(shell):
        subprocess.run([shell, "-n"], input=output.out.encode(), check=True)
