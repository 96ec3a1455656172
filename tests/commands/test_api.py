"""What programs import: functions that are loaded when they are asked for; and nothing on the network."""

from __future__ import annotations

import doctest
import inspect
import os
import subprocess
import sys
from contextlib import chdir
from typing import TYPE_CHECKING

import pytest

import feedwright
from feedwright.commands import api, build_order
from sites import NOW, URL, Folder, environment, text

if TYPE_CHECKING:
    from pathlib import Path


def _python(script: str, *arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_costs_nothing() -> None:
    ours = "[m for m in sys.modules if m.startswith('feedwright.') and m != 'feedwright._version']"
    heavy = "sorted({'lxml', 'bleach', 'nh3', 'feedgen', 'yaml', 'click', 'frontmatter'} & set(sys.modules))"
    assert _python(f"import sys, feedwright; print({ours}, {heavy})") == "[] []"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["build", "--help"]])
def test_help_needs_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from feedwright.cli.app import cli\n"
        "cli.main(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({'lxml', 'bleach', 'nh3', 'feedgen', 'yaml', 'frontmatter'} & set(sys.modules)))"
    )
    assert _python(script, *arguments).endswith("[]")


def test_the_names_of_the_api() -> None:
    assert all(getattr(feedwright, name) for name in feedwright.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'biuld'"):
        feedwright.biuld  # noqa: B018


EXAMPLES = [test for test in doctest.DocTestFinder().find(api) if test.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.name))
def test_the_examples_of_the_api_run(example: doctest.DocTest, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A"))
    with chdir(tmp_path):
        assert doctest.DocTestRunner().run(example).failed == 0


def test_every_function_of_the_api_has_an_example() -> None:
    functions = {name for name in feedwright.__all__ if inspect.isfunction(getattr(feedwright, name))}
    assert {example.name.rpartition(".")[2] for example in EXAMPLES} == functions


def test_a_site_is_found_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A"))
    folder.write("broken.md", "---\ntitle: Hello: world\n---\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDWRIGHT_URL", URL)
    *_, problem = feedwright.build().problems
    assert (tmp_path / problem.file).is_file()
    assert feedwright.check().exit_code == 1
    assert feedwright.diff().changes == ()


def test_problems_name_files_that_open(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("broken.md", "---\ntitle: Hello: world\n---\n")
    for _ in range(2):
        (problem,) = feedwright.build(folder.settings()).problems
        assert os.path.samefile(problem.file, folder.content / "broken.md")


def test_documents_are_what_a_build_writes(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A", categories="Tea"))
    site = folder.settings()
    documents = feedwright.documents(site)
    assert not folder.output.exists()
    assert not site.cache.exists()
    feedwright.build(site)
    assert documents == {p: data for p, data in folder.published().items() if not p.endswith(".lock.json")}


def test_errors_speak_of_arguments(tmp_path: Path) -> None:
    with pytest.raises(feedwright.FeedwrightError, match=r"^the address") as unknown:
        feedwright.load_settings(start=tmp_path, environ={})
    assert 'url="https://example.org/"' in unknown.value.hint
    with pytest.raises(feedwright.FeedwrightError) as wrong:
        feedwright.load_settings(start=tmp_path, environ={}, overrides={"url": "example.org"})
    assert str(wrong.value) == '`url` has no scheme: "example.org"'
    folder = Folder(tmp_path)
    folder.write("a.md", text("A"))
    folder.build()
    (folder.content / "a.md").unlink()
    with pytest.raises(feedwright.FeedwrightError) as stopped:
        folder.build()
    assert stopped.value.hint.endswith('accept={"empty"}')
    assert folder.build(accept={"empty"}).exit_code == 0


SCRIPT = """
print("begun", flush=True)
from pathlib import Path
import feedwright
site = feedwright.load_settings(start=Path.cwd(), environ={}, overrides={"url": "https://example.org/"})
print(feedwright.build(site, jobs=2).published, flush=True)
"""


@pytest.mark.parametrize("name", ["script.py", "-"])
def test_a_script_without_a_main_guard_runs_once(tmp_path: Path, name: str) -> None:
    """New processes would run it again, each time with new processes: it must end, and say one thing once."""
    folder = Folder(tmp_path)
    for n in range(300):
        folder.write(f"{n}.md", text(f"T{n}", f"2026-01-01 00:{n // 60:02}:{n % 60:02}"))
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    done = subprocess.run(
        [sys.executable, name],
        input=SCRIPT,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "begun\n300\n", "")


def test_a_build_from_python_uses_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A"))
    folder.write("b.md", text("B", "2026-01-04"))
    assert folder.build().published == 2
    folder.write("b.md", text("Changed", "2026-01-04"))
    for file in folder.content.iterdir():
        os.utime(file, (0, 0))  # as in a checkout: what was just written is not trusted
    assert folder.build().written == ("atom.xml", "rss.xml")
    assert folder.build(cached=False).unchanged == ("atom.xml", "rss.xml")

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("more than a glance")

    monkeypatch.setattr(build_order, "make_plan", fail)
    done = folder.build()
    assert (done.published, done.unchanged) == (2, ("atom.xml", "rss.xml"))
    with pytest.raises(AssertionError, match="more than a glance"):
        folder.build(drafts=True)
    with pytest.raises(AssertionError, match="more than a glance"):
        folder.build(cached=False, now=NOW)
