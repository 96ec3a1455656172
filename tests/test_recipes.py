"""What others run in their continuous integration: the action, the hooks, the release; run as far as it goes.

The small runner here does what GitHub's does with the steps of a shell; it leaves out what `uses` names.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from desk import Desk, desk_with_tea
from feedwright import __version__
from paths import ROOT
from sites import environment, text

if TYPE_CHECKING:
    from pathlib import Path

ACTION = ROOT / ".github" / "actions" / "feedwright"
RELEASE = ROOT / ".github" / "workflows" / "release.yml"
EXPRESSION = re.compile(r"\$\{\{ *(.+?) *\}\}")

needs_posix = pytest.mark.skipif(os.name == "nt", reason="runs the shell of a Linux runner")


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


class Runner:
    """A machine that runs the steps of the action in a site, with a `gh` and a `pip` that only take notes."""

    def __init__(self, root: Path, **inputs: str) -> None:
        self.desk = desk_with_tea(root / "site")
        self.desk.run("build")
        self.temporary = root / "temporary"
        self.temporary.mkdir()
        self.summary, self.notes = root / "summary.md", root / "notes"
        self.notes.touch()
        bin_ = root / "bin"
        bin_.mkdir()
        self._program(bin_ / "feedwright", f'exec {shlex.quote(sys.executable)} -m feedwright "$@"')
        self._program(bin_ / "python", f'echo "python $*" >> {shlex.quote(str(self.notes))}')
        self._program(
            bin_ / "gh", f'echo "gh $*" >> {shlex.quote(str(self.notes))}; cat "$5" >> {self.notes}'
        )
        action = _read(ACTION / "action.yml")
        self.steps = action["runs"]["steps"]
        self.values = {f"inputs.{name}": row["default"] for name, row in action["inputs"].items()}
        self.values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        self.values |= {
            "inputs.folder": str(self.desk.root),
            "github.token": "t",
            "github.run_id": "1",
            "github.event_name": "pull_request",
            "github.event.pull_request.html_url": "https://github.com/o/r/pull/1",
        }
        self.environment = {
            **environment(),
            "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ACTION),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.temporary),
        }

    @staticmethod
    def _program(file: Path, script: str) -> None:
        file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(0o755)

    def _value(self, text: str) -> str:
        return EXPRESSION.sub(lambda match: self.values[match[1]], text)

    def _is_due(self, step: dict[str, Any]) -> bool:
        """Whether all comparisons of the step's condition hold."""
        terms = str(step.get("if", "")).split(" && ") if "if" in step else []
        return all(self.values[left] == right.strip("'") for left, right in (t.split(" == ") for t in terms))

    def run(self) -> int:
        """Run all steps until one fails; return its exit code, or 0."""
        for step in filter(self._is_due, self.steps):
            assert ("run" in step) != ("uses" in step)
            if "run" not in step:
                continue
            assert step["shell"] == "bash"
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self._value(step["run"])],
                cwd=self._value(step.get("working-directory", str(ROOT))),
                env=self.environment | {k: self._value(v) for k, v in step.get("env", {}).items()},
                check=False,
            )
            if done.returncode:
                return done.returncode
        return 0


@needs_posix
def test_the_action_installs_this_repository_and_builds(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    runner.desk.write("b.md", text("B", "2026-01-05"))
    assert runner.run() == 0
    assert runner.desk.titles()[0] == "B"
    installed = shlex.split(runner.notes.read_text("utf-8"))[-1]
    assert os.path.samefile(installed, ROOT)
    assert "published" in runner.summary.read_text("utf-8")


@needs_posix
def test_the_action_fails_where_an_article_is_held_unless_told_otherwise(tmp_path: Path) -> None:
    for name, arguments, code in (("strictly", "", 1), ("leniently", "--exit-zero --limit 1", 0)):
        (tmp_path / name).mkdir()
        runner = Runner(tmp_path / name, arguments=arguments)
        runner.desk.write("broken.md", "---\ntitle: Hello: world\n---\n")
        assert runner.run() == code
        assert len(runner.desk.titles()) == (2, 1)["limit" in arguments]


@needs_posix
def test_the_action_checks_committed_feeds(tmp_path: Path) -> None:
    runner = Runner(tmp_path, command="check")
    before = runner.desk.published()
    assert runner.run() == 0
    runner.desk.write("b.md", text("B", "2026-01-05"))
    assert runner.run() == 5
    assert runner.desk.published() == before


@needs_posix
def test_the_action_comments_on_a_pull_request(tmp_path: Path) -> None:
    runner = Runner(tmp_path, comment="true")
    runner.desk.write("b.md", text("Brand new", "2026-01-05"))
    assert runner.run() == 0
    notes = runner.notes.read_text("utf-8")
    assert "gh pr comment https://github.com/o/r/pull/1 --body-file " in notes
    assert "Brand new" in notes


def test_what_is_written_into_the_action_is_never_part_of_a_script() -> None:
    """A branch or an input named like a command would run otherwise."""
    for step in _read(ACTION / "action.yml")["runs"]["steps"]:
        assert not EXPRESSION.search(step.get("run", ""))


# The hooks

HOOKS = _read(ROOT / ".pre-commit-hooks.yaml")


def test_pre_commit_takes_the_hooks() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    subprocess.run(command, check=True, env=environment())


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_where_feeds_are_up_to_date(hook: dict[str, Any], tmp_path: Path) -> None:
    desk = desk_with_tea(tmp_path)
    desk.run("build")
    before = desk.published()
    program, *arguments = shlex.split(hook["entry"])
    assert program == "feedwright"
    assert hook["pass_filenames"] is False
    assert _run(desk, *arguments) == 0
    assert desk.published() == before
    desk.write("b.md", text("B", "2026-01-05"))
    is_stopped = _run(desk, *arguments) != 0
    assert is_stopped or desk.published() != before  # pre-commit stops where files changed


def _run(desk: Desk, *arguments: str) -> int:
    return desk.run(*arguments).code


# The release


@needs_posix
@pytest.mark.parametrize(
    ("tag", "fits"), [(f"v{__version__}", True), ("v0.0.0", False), (__version__, False)]
)
def test_a_release_has_the_version_of_its_tag(tag: str, fits: bool) -> None:
    steps = _read(RELEASE)["jobs"]["build"]["steps"]
    (script,) = (step["run"] for step in steps if step.get("name") == "The tag is the version")
    done = subprocess.run(["bash", "-e", "-c", script], cwd=ROOT, env={"GITHUB_REF_NAME": tag}, check=False)
    assert (done.returncode == 0) is fits


def test_only_the_jobs_that_need_it_may_write() -> None:
    for file in (ROOT / ".github" / "workflows").glob("*.yml"):
        assert _read(file)["permissions"] == {"contents": "read"}
    assert _read(RELEASE)["jobs"]["publish"]["permissions"] == {"id-token": "write"}
