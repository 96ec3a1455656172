"""Dependencies: each is locked with hashes, within its range, and its licence is listed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import metadata
from itertools import pairwise

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIRED = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]]
DIRECT = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
LOCKED = re.compile(r"([a-z0-9-]+)(?:\[.+\])?==(\S+)(?: ; .+)? \\")
LISTED = re.compile(r"\| \[([a-z0-9-]+)\]\(https://pypi\.org/project/\1/\) \| (.+?) \|")
SAME = {"LGPL-3.0": ("LGPL",), "Apache-2.0": ("Apache",), "GPL-2.0": ("GPLv2",)}


@cache
def _locked() -> dict[str, str]:
    """The version of every package in the lock; each has at least one hash."""
    lines = (ROOT / ".ci" / "lock.txt").read_text("utf-8").splitlines()
    versions = {}
    for line, following in pairwise(lines):
        if match := LOCKED.fullmatch(line):
            assert following.lstrip().startswith("--hash=sha256:"), line
            versions[match[1]] = match[2]
    assert versions
    return versions


def _needed() -> set[str]:
    """The dependencies at run time, direct and indirect."""
    todo = [*DIRECT]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate(
                {"extra": "", "sys_platform": "linux"}
            ):
                todo.append(canonicalize_name(requirement.name))
    return found - {"colorama"}


def _listed() -> dict[str, str]:
    """The licence of every dependency in the table for contributors."""
    found = map(LISTED.fullmatch, (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8").splitlines())
    return {row[1]: row[2] for row in found if row}


@pytest.mark.parametrize("required", REQUIRED, ids=lambda required: str(required.name))
def test_every_requirement_is_locked_within_its_range(required: Requirement) -> None:
    assert required.specifier.contains(_locked()[canonicalize_name(required.name)])


def test_every_dependency_is_locked() -> None:
    assert DIRECT <= _needed() <= _locked().keys()


def test_the_licences_of_all_dependencies_are_listed() -> None:
    listed = _listed()
    assert listed.keys() >= DIRECT
    if any(metadata.version(name) != _locked()[name] for name in listed):
        pytest.skip("installed versions differ from the lock")
    assert listed.keys() == _needed()
    for name, licence in listed.items():
        about = metadata.metadata(name)
        keys = ("License-Expression", "License", "Classifier")
        words = " ".join(value for key in keys for value in about.get_all(key) or [])
        for part in re.split(r" and | or ", licence):
            assert any(word in words for word in SAME.get(part, (part[:3],))), (name, licence, words)


def test_ci_installs_the_lock_and_asks_for_advisories() -> None:
    assert "--require-hashes -r .ci/lock.txt" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert "bash .ci/audit" in (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
