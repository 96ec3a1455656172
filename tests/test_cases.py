"""Every folder in `cases` is a case: articles and settings in, feeds or problems out.

A case has `content/`, `feedwright.toml` and `expected.json`: the `options` of `build`, its `exit_code`, its
`problems` as `severity CODE file:line:column`, and the `documents` it writes. `entries` are those of the
site's feed, as `published title`; `told` has, by title, values that a subscriber reads in some of them;
`findings` are the validator's, by document, caused by the case's own data. If there is a `feeds/`, the
documents are equal to it, byte for byte. `pytest --write-cases` rewrites all but `told`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from feed_rules import findings
from feeds_read import assert_feeds_agree, entries_of
from feedwright import build, load_settings
from feedwright.model import replace
from feedwright.problems import FeedwrightError, Problem
from paths import CASES
from sites import below, files_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-22T00:00:00+00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of one build of a case."""

    exit_code: int
    problems: list[str]
    documents: list[str]
    entries: list[str]
    findings: dict[str, list[str]]


def _cases() -> list[Any]:
    return [pytest.param(c, id=c.name) for c in sorted(CASES.iterdir()) if (c / "content").is_dir()]


def _expected(case: Path) -> dict[str, Any]:
    file = case / "expected.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return {"options": {}, "findings": {}, **found}


def _place(problem: Problem) -> str:
    return f"{problem.severity} {problem.code} {problem.file}:{problem.line}:{problem.column}"


def _build(case: Path, output: Path, options: dict[str, Any]) -> Result:
    now = datetime.fromisoformat(options.get("now", NOW)).astimezone(UTC)
    flags = {k: v for k, v in options.items() if k != "now"}
    try:
        site = load_settings(
            config=case / "feedwright.toml", start=case, environ={}, overrides={"output": str(output)}
        )
        done = build(replace(site, cache=output.parent / "cache"), now=now, jobs=1, **flags)
    except FeedwrightError as error:
        stop = [f"stop {error.code}"]
        return Result(exit_code=error.exit_code, problems=stop, documents=[], entries=[], findings={})
    made = sorted(
        p.relative_to(output).as_posix()
        for p in output.rglob("*.*")
        if p.suffix != ".json" or p.name == "feed.json"
    )
    found = {
        path: findings((output / path).read_bytes(), location=site.feeds_url + quote(path))
        for path in made
        if path.endswith(".xml")
    }
    return Result(
        exit_code=done.exit_code,
        problems=[_place(p) for p in below(site.content, done.problems)],
        documents=made,
        entries=entries_of(output) if made else [],
        findings={path: rules for path, rules in found.items() if rules},
    )


@pytest.mark.parametrize("case", _cases())
def test_case(case: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    output = tmp_path / "feeds"
    expected = _expected(case)
    result = _build(case, output, expected["options"])
    if pytestconfig.getoption("write_cases"):
        _write(case, expected, result, output)
        expected = _expected(case)
    assert asdict(result) == {name: expected[name] for name in asdict(result)}
    committed = files_of(case / "feeds")
    if committed:
        assert result.documents == sorted(committed)
    for path, data in committed.items():
        assert (output / path).read_bytes() == data, path
    if result.documents:
        site = load_settings(config=case / "feedwright.toml", start=case, environ={}, overrides={})
        assert_feeds_agree(site, output, expected.get("told", {}))


def _write(case: Path, expected: dict[str, Any], result: Result, output: Path) -> None:
    new = {"options": expected["options"], **asdict(result)}
    if "told" in expected:
        new["told"] = expected["told"]
    (case / "expected.json").write_text(json.dumps(new, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if (case / "feeds").is_dir():
        shutil.rmtree(case / "feeds")
        for path in result.documents:
            target = case / "feeds" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((output / path).read_bytes())


@pytest.mark.parametrize("case", _cases())
def test_a_second_build_rewrites_nothing(case: Path, tmp_path: Path) -> None:
    options = _expected(case)["options"]
    _build(case, tmp_path / "feeds", options)
    times = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("feeds/**/*") if p.is_file()}
    _build(case, tmp_path / "feeds", options)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("feeds/**/*") if p.is_file()} == times


@pytest.mark.parametrize("case", [c for c in _cases() if c.id in ("hexo", "hostile")])
def test_a_case_is_the_same_under_another_locale_zone_seed_and_number_of_jobs(
    case: Path, tmp_path: Path
) -> None:
    made = []
    config = str(shutil.copy(case / "feedwright.toml", tmp_path))
    for number, (jobs, env) in enumerate(
        [
            ("1", {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}),
            ("2", {"LC_ALL": "C.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "2"}),
        ]
    ):
        output = tmp_path / str(number)
        command = [sys.executable, "-m", "feedwright", "build", "-q", "--now", NOW, "--jobs", jobs]
        command += ["--accept", "record", "-c", config, "-o", str(output), str(case / "content")]
        done = subprocess.run(
            command, env={**os.environ, **env}, cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        made.append({p.relative_to(output): p.read_bytes() for p in output.rglob("*") if p.is_file()})
    assert made[0]
    assert made[0] == made[1]


# rows 164 and 165: names that not every file system allows, so they are not in the repository
@pytest.mark.parametrize("name", ['quotes " and <b>.md', "two\nlines.md", "x" * 247 + ".md", "&amp;.md"])
def test_an_article_may_have_any_name(name: str, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    try:
        (content / name).write_text("---\ntitle: T\ndate: 2026-01-03\nauthor: A\n---\nText.\n", "utf-8")
    except OSError:
        pytest.skip("the file system does not hold such a name")
    config = tmp_path / "feedwright.toml"
    config.write_text('url = "https://example.org/"\ntimezone = "UTC"\n', "utf-8")
    result = _build(tmp_path, tmp_path / "feeds", {})
    assert (result.exit_code, result.problems) == (0, [])
    assert result.entries == ["2026-01-03T00:00:00+00:00 T"]
    assert result.findings == {}
