"""A code quality report of GitLab: a list of issues in a subset of the Code Climate format."""

from __future__ import annotations

import json
from collections import Counter

from feedwright.cli.reports.places import path_of, text_of
from feedwright.disk import sha256
from feedwright.problems import Problem

_SEVERITIES = {"error": "major", "warning": "minor"}
_NOWHERE = "feedwright.toml"
"""The file of a problem that has none: GitLab wants one."""


def code_quality(problems: tuple[Problem, ...], root: str) -> str:
    """Return the report as JSON.

    A fingerprint stays the same when lines above are added, so that GitLab tells new issues from old ones.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    return json.dumps([_issue(problem, root, seen) for problem in problems], ensure_ascii=False, indent=2)


def _issue(problem: Problem, root: str, seen: Counter[tuple[str, ...]]) -> dict[str, object]:
    path = path_of(problem, root) or _NOWHERE
    identity = (problem.code, path, problem.field, problem.message)
    seen[identity] += 1
    return {
        "description": text_of(problem),
        "check_name": problem.code,
        "fingerprint": sha256("\0".join((*identity, str(seen[identity]))).encode("utf-8", "replace")),
        "severity": _SEVERITIES[problem.severity],
        "location": {"path": path, "lines": {"begin": max(problem.line, 1)}},
    }
