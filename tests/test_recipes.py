"""What others run in their continuous integration: the action, the hooks, the release; run as far as it goes.

The small runner here does what GitHub's does with the steps of a shell; it leaves out what `uses` names.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from markdown_it import MarkdownIt

import repository
from desk import Desk, desk_with_tea
from documents import EVERY, MANUAL
from feedwright import __version__
from loopback import running, says
from paths import ROOT
from repository import commit, git
from sites import environment, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ACTION = ROOT / ".github" / "actions" / "feedwright"
RELEASE = ROOT / ".github" / "workflows" / "release.yml"
EXPRESSION = re.compile(r"\$\{\{ *(.+?) *\}\}")

needs_posix = pytest.mark.skipif(os.name == "nt", reason="runs the shell of a Linux runner")


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def _programs(folder: Path, notes: Path) -> Path:
    """A folder with `feedwright`, and a `gh` and a `python` that only take notes."""
    file = shlex.quote(str(notes))
    scripts = {
        "feedwright": f'exec {shlex.quote(sys.executable)} -m feedwright "$@"',
        "python": f'echo "python $*" >> {file}',
        "gh": f'echo "gh $*" >> {file}; cat "$5" >> {file}',
    }
    folder.mkdir(parents=True)
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (folder / name).chmod(0o755)
    return folder


class Runner:
    """A machine that runs the steps of the action in a site, with a `gh` and a `pip` that only take notes."""

    def __init__(self, root: Path, **inputs: str) -> None:
        self.desk = desk_with_tea(root / "site")
        self.desk.run("build")
        self.temporary = root / "temporary"
        self.temporary.mkdir()
        self.summary, self.notes = root / "summary.md", root / "notes"
        self.notes.touch()
        bin_ = _programs(root / "bin", self.notes)
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


# The recipes


def _recipes(kind: str) -> list[Any]:
    """The recipes in all documents that have jobs of this kind: "jobs" are GitHub's, "feeds" is GitLab's."""
    blocks = (yaml.safe_load(block) for document in EVERY.values() for block in document.snippets("yaml"))
    return [recipe for recipe in blocks if kind in recipe]


class Repository:
    """A checkout of a site that its CI publishes from, beside the repository that it pushes to."""

    def __init__(self, root: Path) -> None:
        self.desk = desk_with_tea(root / "site")
        self.bare = root / "bare"
        self.programs = _programs(root / "bin", root / "notes")
        git(root, "init", "-q", "--bare", "-b", "main", str(self.bare)).check_returncode()
        git(self.bare, "config", "receive.advertisePushOptions", "true")
        git(self.desk.root, "init", "-q", "-b", "main")
        git(self.desk.root, "remote", "add", "origin", str(self.bare))
        (self.desk.root / ".gitignore").write_text("*.json\n!feeds/**\n", "utf-8")
        self.commit()
        git(self.desk.root, "push", "-qu", "origin", "main").check_returncode()

    def commit(self, **articles: str) -> None:
        """Commit articles, and build nothing."""
        for name, content in articles.items():
            self.desk.write(f"{name}.md", content)
        commit(self.desk, build=False)

    def run(self, script: str, **variables: str) -> int:
        """Run lines as a runner does, which stops at the first that fails; return the exit code."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.desk.root,
            env={**environment(), **repository.environment(), "PATH": path, **variables},
            check=False,
        ).returncode

    def pushed(self, file: str) -> str:
        """What the repository that was pushed to has of a file."""
        return git(self.bare, "show", f"main:{file}").stdout

    def commits(self) -> int:
        """The number of commits that were pushed."""
        return int(git(self.bare, "rev-list", "--count", "main").stdout)


def _publishes(repository: Repository, run: Callable[[], int]) -> None:
    """Check that a job publishes articles, pushes nothing where nothing changed, and goes on past a fault."""
    before = repository.commits()
    assert run() == 0
    assert "Tea" in repository.pushed("feeds/atom.xml")
    assert "Tea" in repository.pushed("feeds/feedwright.lock.json")
    assert repository.commits() == before + 1
    assert run() == 0
    assert repository.commits() == before + 1
    repository.commit(b=text("B", "2026-01-05"), broken="---\ntitle: Hello: world\n---\n")
    assert run() == 0
    assert ">B<" in repository.pushed("feeds/atom.xml")
    assert repository.commits() == before + 3


@needs_posix
def test_the_job_for_gitlab_publishes(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    (recipe,) = _recipes("feeds")
    job = recipe["feeds"]
    report = repository.desk.root / job["artifacts"]["reports"]["codequality"]
    address = "https://feeds:secret@gitlab.example.org/group/site.git"
    variables = {
        "FEEDS_TOKEN": "secret",
        "CI_SERVER_HOST": "gitlab.example.org",
        "CI_PROJECT_PATH": "group/site",
        "CI_COMMIT_BRANCH": "main",
        "CI_PROJECT_DIR": str(repository.desk.root),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.bare}.insteadOf",
        "GIT_CONFIG_VALUE_0": address,
    }
    assert git(repository.desk.root, "remote", "remove", "origin").returncode == 0
    _publishes(repository, lambda: repository.run("\n".join(job["script"]), **variables))
    (problem,) = json.loads(report.read_text("utf-8"))
    assert (problem["check_name"], problem["location"]["path"]) == ("FM011", "content/broken.md")


@pytest.mark.parametrize(
    ("source", "branch", "is_run"),
    [("push", "main", True), ("schedule", "main", True), ("push", "topic", False)],
)
def test_the_job_for_gitlab_runs_for_the_branch_that_is_published_and_by_the_clock(
    source: str, branch: str, is_run: bool
) -> None:
    variables = {
        "$CI_PIPELINE_SOURCE": source,
        "$CI_COMMIT_BRANCH": branch,
        "$CI_DEFAULT_BRANCH": "main",
    }
    (recipe,) = _recipes("feeds")
    terms = [
        [variables.get(word, word.strip('"')) for word in _sides(rule)] for rule in recipe["feeds"]["rules"]
    ]
    assert any(left == right for left, right in terms) is is_run


def _sides(rule: dict[str, str]) -> list[str]:
    return rule["if"].split(" == ")


GITHUB = {recipe["name"]: recipe for recipe in _recipes("jobs")}


def _steps(name: str) -> str:
    """The lines of the steps that a recipe for GitHub has."""
    (job,) = GITHUB[name]["jobs"].values()
    return "\n".join(step["run"] for step in job["steps"] if "run" in step)


@needs_posix
def test_the_workflow_that_commits_publishes(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    summary = tmp_path / "summary.md"
    script, variables = _steps("Feeds"), {"GITHUB_STEP_SUMMARY": str(summary)}
    _publishes(repository, lambda: repository.run(script, **variables))
    assert "FM011" in summary.read_text("utf-8")


@needs_posix
def test_the_workflow_that_deploys_goes_on_with_what_is_served(tmp_path: Path) -> None:
    """The server is one on this machine, which is asked as a proxy is."""
    repository = Repository(tmp_path)
    repository.desk.configure()
    settings = repository.desk.root / "feedwright.toml"
    settings.write_text(settings.read_text("utf-8").replace("https:", "http:"), "utf-8")
    script = _steps("Site")
    with running() as server:
        proxy = {"http_proxy": server.url}
        server.answers = _Served(tmp_path / "served")
        assert repository.run(script, **proxy) == 0  # nothing is there yet
        assert server.asked
        shutil.copytree(repository.desk.output, tmp_path / "served" / "feeds")
        before = repository.desk.published()
        git(repository.desk.root, "clean", "-qdfx")
        assert repository.run(script, **proxy) == 0
        assert repository.desk.published() == before


class _Served(dict[str, Any]):
    """The answers of a server that has a folder at http://example.org/."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __missing__(self, address: str) -> Any:
        file = self._folder / address.removeprefix("http://example.org/")
        return says(200, file.read_bytes()) if file.is_file() else says(404)


def test_all_recipes_are_run() -> None:
    assert GITHUB.keys() == {"Feeds", "Site", "Pull requests"}  # the last one is a step of the action
    *_, step = GITHUB["Pull requests"]["jobs"]["feeds"]["steps"]
    assert step["uses"].endswith(ACTION.relative_to(ROOT).as_posix())
    assert step["with"].keys() <= _read(ACTION / "action.yml")["inputs"].keys()


# By the clock

FIELDS = re.compile(r"(\S+ \S+ \S+ \S+ \S+) +(.+)")
LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def _is_time(text: str) -> bool:
    """Whether five fields name times: numbers in their limits, or stars."""
    return all(
        field == "*" or least <= int(field) <= most
        for field, (least, most) in zip(text.split(), LIMITS, strict=True)
    )


def test_workflows_run_every_hour() -> None:
    for recipe in GITHUB.values():
        for row in recipe[True].get("schedule", ()) if isinstance(recipe[True], dict) else ():
            assert _is_time(row["cron"])


@needs_posix
def test_the_line_for_cron_publishes_and_prints_nothing_but_faults(tmp_path: Path) -> None:
    """It runs as cron runs it, which sends what is printed by mail."""
    (block,) = MANUAL.snippets("crontab")
    match = FIELDS.fullmatch(block.strip())
    assert match
    assert _is_time(match[1])
    desk = desk_with_tea(tmp_path / "blog")
    _programs(tmp_path / ".local" / "bin", tmp_path / "notes")

    def run() -> str:
        bare = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "t"}
        command = ["/bin/sh", "-c", match[2]]
        return subprocess.run(command, env=bare, capture_output=True, text=True, check=False).stderr

    assert run() == ""
    assert desk.titles() == ["Tea", "A"]
    desk.write("broken.md", "---\ntitle: Hello: world\n---\n")
    assert run().startswith("error[FM011]")


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


@pytest.mark.skipif(sys.platform != "linux", reason="the release's own system")
def test_a_release_leads_to_its_repository(tmp_path: Path) -> None:
    steps = _read(RELEASE)["jobs"]["build"]["steps"]
    (script,) = (step["run"] for step in steps if str(step.get("name")).startswith("Links that lead"))
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    place = {"GITHUB_SERVER_URL": "https://host.example", "GITHUB_REPOSITORY": "a/feedwright"}
    env = {**place, "GITHUB_REF_NAME": "v1.2.3", "PATH": os.environ["PATH"]}
    subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=env, check=True)
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["urls"] == {
        "Source": "https://host.example/a/feedwright",
        "Issues": "https://host.example/a/feedwright/issues",
        "Changelog": "https://host.example/a/feedwright/blob/v1.2.3/CHANGELOG.md",
    }
    before, after = (_addresses(folder / "README.md") for folder in (ROOT, tmp_path))
    home = "https://host.example/a/feedwright"
    for old, new in zip(before, after, strict=True):
        is_own = (ROOT / old).is_file()
        kind = "raw" if old.endswith(".png") else "blob"
        assert new == (f"{home}/{kind}/v1.2.3/{old}" if is_own else old)
    assert any((ROOT / old).is_file() for old in before)


def _addresses(file: Path) -> list[str]:
    """The addresses of links and pictures in a Markdown file."""
    tokens = MarkdownIt("commonmark").enable("table").parse(file.read_text("utf-8"))
    parts = (part for token in tokens for part in token.children or ())
    return [str(at) for part in parts if (at := part.attrGet("href") or part.attrGet("src"))]


def test_only_the_jobs_that_need_it_may_write() -> None:
    for file in (ROOT / ".github" / "workflows").glob("*.yml"):
        assert _read(file)["permissions"] == {"contents": "read"}
    assert _read(RELEASE)["jobs"]["publish"]["permissions"] == {"id-token": "write"}
