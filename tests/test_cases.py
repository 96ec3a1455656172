"""Every folder below `cases` is a case: articles and settings in, feeds or problems out.

A case holds `content/`, `feedwright.toml` and `expected.json`: the options of `build`, its exit code, its
problems as `severity CODE file:line:column`, and the documents it makes. Where there is a `feeds/`, the
documents are those, byte for byte. `pytest --write-cases` writes both anew.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feed_rules import findings
from feeds_read import assert_feeds_tell_the_articles
from feedwright import build, load_settings
from feedwright.problems import FeedwrightError, Problem

CASES = Path(__file__).parent / "cases"
NOW = "2026-11-22T00:00:00+00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one build of a case came to."""

    exit_code: int
    problems: list[str]
    documents: list[str]


def _cases() -> list[Any]:
    return [pytest.param(c, id=c.name) for c in sorted(CASES.iterdir()) if (c / "content").is_dir()]


def _expected(case: Path) -> dict[str, Any]:
    file = case / "expected.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return {"options": {}, **found}


def _place(problem: Problem) -> str:
    return f"{problem.severity} {problem.code} {problem.file}:{problem.line}:{problem.column}"


def _build(case: Path, output: Path, options: dict[str, Any]) -> Result:
    now = datetime.fromisoformat(options.get("now", NOW)).astimezone(UTC)
    flags = {k: v for k, v in options.items() if k != "now"}
    try:
        site = load_settings(
            config=case / "feedwright.toml", start=case, environ={}, overrides={"output": str(output)}
        )
        done = build(site, now=now, jobs=1, **flags)
    except FeedwrightError as error:
        return Result(exit_code=error.exit_code, problems=[f"stop {error.code}"], documents=[])
    made = sorted(p.relative_to(output).as_posix() for p in output.rglob("*.xml"))
    return Result(exit_code=done.exit_code, problems=[_place(p) for p in done.problems], documents=made)


@pytest.mark.parametrize("case", _cases())
def test_case(case: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    output = tmp_path / "feeds"
    expected = _expected(case)
    result = _build(case, output, expected["options"])
    if pytestconfig.getoption("write_cases"):
        _write(case, expected["options"], result, output)
        expected = _expected(case)
    assert result.exit_code == expected["exit_code"]
    assert result.problems == expected["problems"]
    assert result.documents == expected["documents"]
    if (case / "feeds").is_dir():
        for path in result.documents:
            assert (output / path).read_bytes() == (case / "feeds" / path).read_bytes(), path
    site = load_settings(config=case / "feedwright.toml", start=case, environ={}, overrides={})
    for path in result.documents:
        location = site.feeds_url + path
        assert findings((output / path).read_bytes(), location=location) == expected.get("findings", {}).get(
            path, []
        ), path
    if result.documents:
        assert_feeds_tell_the_articles(site, output)


def _write(case: Path, options: dict[str, Any], result: Result, output: Path) -> None:
    expected = {
        "options": options,
        "exit_code": result.exit_code,
        "problems": result.problems,
        "documents": result.documents,
    }
    kept = {k: v for k, v in _expected(case).items() if k not in expected}
    (case / "expected.json").write_text(
        json.dumps(expected | kept, ensure_ascii=False, indent=2) + "\n", "utf-8"
    )
    if (case / "feeds").is_dir():
        shutil.rmtree(case / "feeds")
        for path in result.documents:
            target = case / "feeds" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((output / path).read_bytes())


@pytest.mark.parametrize("case", [c for c in _cases() if c.id in ("hexo", "hostile")])
def test_a_case_is_the_same_under_another_locale_zone_seed_and_number_of_jobs(
    case: Path, tmp_path: Path
) -> None:
    made = []
    for number, (jobs, env) in enumerate(
        [
            ("1", {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}),
            ("2", {"LC_ALL": "C.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "2"}),
        ]
    ):
        output = tmp_path / str(number)
        command = [sys.executable, "-m", "feedwright", "build", "-q", "--now", NOW, "--jobs", jobs]
        command += ["-c", str(case / "feedwright.toml"), "-o", str(output), str(case / "content")]
        done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        made.append({p.relative_to(output): p.read_bytes() for p in output.rglob("*") if p.is_file()})
    assert made[0]
    assert made[0] == made[1]
