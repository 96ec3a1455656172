"""A log in the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from feedwright._version import __version__
from feedwright.cli.reports.places import path_of, text_of
from feedwright.commands.explain import explanations
from feedwright.problems import Problem

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def log(problems: tuple[Problem, ...], root: str) -> str:
    """Return a log of one run as JSON, with a rule for each code that occurs."""
    codes = sorted({problem.code for problem in problems})
    driver = {"name": "feedwright", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code), root) for problem in problems],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(code: str) -> dict[str, object]:
    row = explanations().get(code)
    texts = {"shortDescription": {"text": row.meaning}, "help": {"text": row.remedy}} if row else {}
    return {"id": code, **texts}


def _result(problem: Problem, rule: int, root: str) -> dict[str, object]:
    """Return a result (SARIF 2.1.0 §3.27); one without a file below `root` has no location."""
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": text_of(problem)},
    }
    if path := path_of(problem, root):
        physical: dict[str, Any] = {"artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"}}
        if problem.line:
            column = {"startColumn": problem.column} if problem.column else {}
            physical["region"] = {"startLine": problem.line, **column}
        result["locations"] = [{"physicalLocation": physical}]
    return result
