"""Problems in the forms of GitHub, GitLab and SARIF: of the right shape, whatever is in an article."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from desk import Desk
from feedwright.cli.reports import github, gitlab, sarif
from feedwright.commands.explain import explanations
from feedwright.problems import Problem
from feedwright.publication.changes import EntryChange, FeedChange
from paths import TESTS
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

ANY_TEXT = st.text(st.characters(), max_size=40)
PROBLEMS = st.builds(
    Problem,
    severity=st.sampled_from(["error", "warning"]),
    code=st.sampled_from(sorted(explanations())),
    message=ANY_TEXT.map(lambda text: f"wrong: {text}"),
    file=st.one_of(st.just(""), ANY_TEXT.filter(lambda name: "\0" not in name)),
    line=st.integers(0, 9),
    column=st.integers(0, 9),
    hint=ANY_TEXT,
    kept=st.sampled_from(["", "2026-01-03T00:00:00+00:00"]),
)
HELD = Problem.error(
    "FM011", "a value with `: ` inside must be quoted", "content/a, b.md", 2, 8, hint='title: "A: b"'
)
REPAIRED = Problem.warning("DATE010", "100% of dates have no zone", "content/c.md")
NOWHERE = Problem.error("PUB004", "nothing is left")
BROKEN = "---\ntitle: A: b\ndate: 2026-01-03\n---\nText\n"


def _schema(name: str) -> Draft7Validator:
    return Draft7Validator(json.loads((TESTS / "data" / f"{name}.schema.json").read_bytes()))


SARIF, GITLAB = _schema("sarif-2.1.0"), _schema("gitlab-code-quality")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site with a good article and one that is held."""
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("good.md", text("Good"))
    desk.write("bad.md", BROKEN)
    return desk


# GitHub


def test_a_command_names_the_place_and_escapes_its_values() -> None:
    place = "file=content/a%2C b.md,line=2,col=8,title=feedwright (FM011)"
    said = 'a value with `: ` inside must be quoted%0Ahelp: title: "A: b"'
    assert github.workflow_commands((REPAIRED, HELD, NOWHERE), "").split("\n") == [
        f"::error {place}::{said}",
        "::error title=feedwright (PUB004)::nothing is left",
        "::warning file=content/c.md,title=feedwright (DATE010)::100%25 of dates have no zone",
    ]


@given(st.lists(PROBLEMS, max_size=4).map(tuple))
def test_every_line_is_one_command_of_a_known_form(problems: tuple[Problem, ...]) -> None:
    """No value ends its property, its command or its line."""
    lines = github.workflow_commands(problems, "").splitlines()
    assert len(lines) == len(problems)
    for line in lines:
        values = r"[^,:\r\n]*"
        names = rf"(?:(?:file|line|col)={values},)*title=feedwright \({values}\)"
        assert re.fullmatch(rf"::(?:error|warning) {names}::[^\r\n\x00-\x1f\x7f]*", line), line
        assert "##[" not in line


def test_files_are_named_from_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blog").mkdir()
    monkeypatch.chdir(tmp_path / "blog")
    assert "file=blog/content/c.md," in github.workflow_commands((REPAIRED,), str(tmp_path))
    outside = Problem.error("FS005", "no", "../../x.md", 3)
    assert github.workflow_commands((outside,), str(tmp_path)) == "::error title=feedwright (FS005)::no"


def test_a_build_annotates_what_is_held_and_adds_to_the_summary(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n", encoding="utf-8")
    output = desk.run("build", "--report", "github", GITHUB_STEP_SUMMARY=str(file))
    assert output.code == 1
    assert output.out.startswith("::error file=content/bad.md,line=2,col=9,title=feedwright (FM011)::")
    assert "2 articles, 1 published, 1 held back" in output.err
    summary = file.read_text("utf-8")
    assert summary.startswith("before\n### feedwright build\n\n2 articles")
    assert "| content/bad.md&#58;2&#58;9 | FM011 | error |" in summary


def test_the_summary_shows_what_subscribers_will_see(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    (desk.content / "bad.md").unlink()
    assert desk.run("build").code == 0
    desk.write("new.md", text("<b>New</b> | one", date="2026-02-01", categories="Tea"))
    output = desk.run("diff", "--report", "github", GITHUB_STEP_SUMMARY=str(file))
    assert output.code == 5
    assert "+ new" in output.out
    rows = file.read_text("utf-8")
    assert "| example.org | new | &#60;b&#62;New&#60;/b&#62; &#124; one |" in rows
    assert "| appeared | 1 entry |" in rows
    assert desk.run("build").code == 0
    file.unlink()
    desk.run("diff", "--report", "github", GITHUB_STEP_SUMMARY=str(file))
    assert "Subscribers will see no change." in file.read_text("utf-8")


def test_without_a_job_there_is_no_summary(desk: Desk) -> None:
    before = set(desk.root.iterdir())
    desk.run("check", "--report", "github")
    assert set(desk.root.iterdir()) == before


def test_what_stops_a_command_is_annotated(desk: Desk, tmp_path: Path) -> None:
    (desk.root / "feedwright.toml").write_text('url = "https://example.org/"\nlimt = 3\n', "utf-8")
    file = tmp_path / "summary.md"
    output = desk.run("build", "--report", "github", GITHUB_STEP_SUMMARY=str(file))
    assert output.code == 2
    assert output.out.startswith("::error file=feedwright.toml,line=2,col=1,title=feedwright (CFG006)::")
    assert "CFG006" in file.read_text("utf-8")


def test_a_guard_is_annotated_where_a_command_only_looks(desk: Desk) -> None:
    assert desk.run("build").code == 1
    for path in desk.content.iterdir():
        path.unlink()
    desk.write("empty/.keep", "")
    output = desk.run("check", "--report", "github")
    assert output.code == 4
    assert "::error title=feedwright (PUB004)::" in output.out


def test_moves_and_long_tables_are_told_in_the_summary() -> None:
    entries = tuple(
        EntryChange(fate="new", id=str(n), title=f"T{n}", link="", position=n) for n in range(1, 120)
    )
    moved = FeedChange(path="b/", fate="moved", title="B", was="a/", fields=("title",), entries=entries)
    shown = github.summary("diff", (), (moved,), ())
    assert "| B | moved | from a/ |\n| B | the feed's own | title |" in shown
    assert shown.endswith("\n\nand 21 more\n")


@given(ANY_TEXT)
def test_no_text_is_markup_in_the_summary(words: str) -> None:
    change = FeedChange(path="", fate="appeared", title=words)
    row = github.summary("t", (), (change,), ()).split("\n")[4]
    assert re.fullmatch(r"\| .* \| appeared \| 0 entries \|", row)
    assert not set(re.sub(r"&#\d+;", "", row[2:-24])) & set("<>&`*_[]|#!\\$~")


# GitLab and SARIF


@pytest.mark.parametrize("root", ["", "/"])
@given(problems=st.lists(PROBLEMS, max_size=4).map(tuple))
def test_a_code_quality_report_is_valid(root: str, problems: tuple[Problem, ...]) -> None:
    issues = json.loads(gitlab.code_quality(problems, root))
    GITLAB.validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(problems)


def test_a_fingerprint_outlives_lines_that_are_added_above() -> None:
    moved = Problem.error(HELD.code, HELD.message, HELD.file, 9, 8, hint=HELD.hint)
    first, second = (json.loads(gitlab.code_quality((each,), ""))[0] for each in (HELD, moved))
    assert first["fingerprint"] == second["fingerprint"]
    assert (first["location"]["lines"], second["location"]["lines"]) == ({"begin": 2}, {"begin": 9})


@pytest.mark.parametrize("root", ["", "/"])
@given(problems=st.lists(PROBLEMS, max_size=4).map(tuple))
def test_a_sarif_log_is_valid(root: str, problems: tuple[Problem, ...]) -> None:
    document = json.loads(sarif.log(problems, root))
    SARIF.validate(document)
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [p.code for p in problems]


def test_a_sarif_result_has_place_rule_and_help() -> None:
    (run,) = json.loads(sarif.log((HELD,), ""))["runs"]
    (result,) = run["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "content/a%2C%20b.md", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 2, "startColumn": 8},
            }
        }
    ]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["help"]["text"] == explanations()["FM011"].remedy


@pytest.mark.parametrize("name", ["gitlab", "sarif"])
@pytest.mark.parametrize("command", ["build", "check", "diff"])
def test_the_report_is_all_of_standard_output(desk: Desk, name: str, command: str) -> None:
    report = desk.run(command, "--report", name).json
    (GITLAB if name == "gitlab" else SARIF).validate(report)
    assert "FM011" in _codes(report)


@pytest.mark.parametrize("name", ["gitlab", "sarif"])
def test_what_stops_a_command_is_reported(desk: Desk, name: str) -> None:
    (desk.root / "feedwright.toml").write_text('url = "https://example.org/"\nlimt = 3\nx = 1\n', "utf-8")
    output = desk.run("build", "--report", name)
    assert output.code == 2
    assert _codes(output.json) == ["CFG006", "CFG006"]


def _codes(report: Any) -> list[str]:
    if isinstance(report, list):
        return [issue["check_name"] for issue in report]
    return [result["ruleId"] for result in report["runs"][0]["results"]]


def test_the_root_of_the_repository_comes_from_the_ci(desk: Desk) -> None:
    for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        report = desk.run("build", "--report", "gitlab", **{variable: os.path.dirname(desk.root)}).json
        assert report[0]["location"]["path"] == f"{desk.root.name}/content/bad.md"
