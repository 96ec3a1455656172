"""The README and its neighbours stay true: what they show is run, or compared with what there is."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click import Context

from desk import Desk
from documents import EVERY, README
from feedwright import load_settings
from feedwright.cli.app import cli
from feedwright.formats.table import FORMATS
from feedwright.settings.reference import SETTINGS
from paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from documents import Document


def test_the_readme_is_short() -> None:
    assert len(README.text.splitlines()) <= 250


# The two commands


def _two_commands() -> list[str]:
    (block,) = README.snippets("sh", "Two commands for a checkout")
    return block.splitlines()


def test_there_are_two_commands_of_one_line_each() -> None:
    build, test = _two_commands()
    assert build.endswith(".venv/bin/feedwright build")
    assert ".[test]" in test
    assert " -m pytest " in test


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    wanted = re.search(r"grep -e '([^']+)' README\.md", script)
    assert wanted
    assert [line for line in README.text.splitlines() if wanted[1] in line] == _two_commands()[1:]
    assert "pytest" not in script.replace(wanted[0], "")
    assert os.name == "nt" or os.access(ROOT / ".ci" / "run", os.X_OK)


def _drawn(picture: str) -> Iterator[str]:
    """Yield the paths in a tree that has one line for each folder and its files."""
    above: list[str] = []
    for line in picture.splitlines():
        name, *files = line.lstrip("│├└─ \u00a0").split()
        depth = line.index(name) // 4
        above[depth:] = [name]
        yield from ("".join(above) + file for file in files)


def test_the_tree_shown_is_the_committed_feeds() -> None:
    (picture,) = README.snippets("text", "Two commands for a checkout")
    there = sorted(
        path.relative_to(ROOT).as_posix() for path in (ROOT / "feeds").rglob("*") if path.is_file()
    )
    assert sorted(_drawn(picture)) == there
    documented = re.search(r"`0 documents written, (\d+) unchanged`", README.text)
    assert documented
    assert int(documented[1]) == len(there) - 1


# A first feed

DEFAULT: Any = SETTINGS["formats"].default
SITE = {FORMATS[name].file for name in DEFAULT}


def test_whoever_follows_the_readme_gets_a_feed_and_no_error(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    _, first = README.snippets("sh", "A first feed")
    for line in first.splitlines():
        program, *arguments = shlex.split(line)
        later = (
            ("--now", "2100-01-01") if arguments == ["build"] else ()
        )  # than the article that `init` writes
        done = desk.run(*arguments, *later)
        assert (program, done.code, done.codes) == ("feedwright", 0, []), done.err
    assert {path.name for path in (tmp_path / "feeds").iterdir()} >= SITE
    assert desk.entries("atom.xml")


def test_a_broken_article_is_reported_as_shown(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("broken.md", "---\ntitle: Hello: world\n---\n")
    (shown,) = README.snippets("text", "A first feed")
    assert shown.replace("content/", f"content{os.sep}") in desk.run("build").err


# All documents


@pytest.mark.parametrize("document", EVERY.values(), ids=EVERY)
def test_every_command_shown_is_one_that_there_is(document: Document) -> None:
    """Names and options are those of the command; what stands for a value is any value."""
    for name, *words in document.commands:
        if name.isupper():
            continue
        command = cli.get_command(Context(cli), name)
        assert command, f"feedwright {name}"
        context = Context(command, info_name=name, resilient_parsing=True)
        command.make_parser(context).parse_args([word for word in words if word != "--help"])


def test_the_documents_show_every_command() -> None:
    shown = {words[0] for document in EVERY.values() for words in document.commands}
    assert shown >= set(cli.list_commands(Context(cli)))


SETTINGS_SHOWN = [block for document in EVERY.values() for block in document.snippets("toml")]


@pytest.mark.parametrize("settings", SETTINGS_SHOWN)
def test_every_configuration_shown_is_accepted(settings: str, tmp_path: Path) -> None:
    (tmp_path / "feedwright.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "pages.css").touch()
    site = load_settings(start=tmp_path, environ={}, overrides={"url": "https://example.org/"})
    assert site.warnings == ()


def test_workflows_are_yaml() -> None:
    shown = [block for document in EVERY.values() for block in document.snippets("yaml")]
    files = [path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")]
    assert shown
    assert files
    for text in (*shown, *files):
        workflow = yaml.safe_load(text)
        assert workflow.get("jobs", workflow).keys() - {"stages", "workflow"}


LINK = re.compile(r"\]\((?!https?:|#)([^)\s]+)\)")


@pytest.mark.parametrize("name", [name for name in EVERY if name.endswith(".md")])
def test_files_that_are_linked_are_there(name: str) -> None:
    for target in LINK.findall(EVERY[name].text):
        assert (ROOT / name).parent.joinpath(target).exists(), target
