"""What is installed: all of it is locked with hashes, within the ranges, and its licences are told."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ASKED = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]]
LOCKED = re.compile(r"([a-z0-9-]+)(?:\[.+\])?==(\S+)(?: ; .+)? \\")
TOLD = re.compile(r"\| \[([a-z0-9-]+)\]\(https://pypi\.org/project/\1/\) \| (.+?) \|")
SAME = {"LGPL-3.0": ("LGPL",), "Apache-2.0": ("Apache",), "GPL-2.0": ("GPLv2",)}


@cache
def _locked() -> dict[str, str]:
    """The version of every package in the lock; each has a hash at least."""
    lines = (ROOT / ".ci" / "lock.txt").read_text("utf-8").splitlines()
    found = [(place, match) for place, line in enumerate(lines) if (match := LOCKED.fullmatch(line))]
    assert all(lines[place + 1].lstrip().startswith("--hash=sha256:") for place, _ in found)
    return {match[1]: match[2] for _, match in found}


def _needed() -> set[str]:
    """What feedwright needs where it runs, and what that needs."""
    todo = [canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        for line in metadata.requires(name) or []:
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": "", "sys_platform": "linux"}):
                todo.append(canonicalize_name(wanted.name))
    return found - {"colorama"}


def _told() -> dict[str, str]:
    found = map(TOLD.fullmatch, (ROOT / "README.md").read_text("utf-8").splitlines())
    return {row[1]: row[2] for row in found if row}


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: str(asked.name))
def test_what_is_asked_for_is_locked_within_its_range(asked: Requirement) -> None:
    assert asked.specifier.contains(_locked()[canonicalize_name(asked.name)])


def test_what_is_needed_is_locked() -> None:
    assert _needed() <= _locked().keys()


def test_the_licences_of_all_that_is_needed_are_told() -> None:
    if any(metadata.version(name) != version for name, version in _locked().items() if name in _told()):
        pytest.skip("other versions than those of the lock")
    told = _told()
    assert told.keys() == _needed()
    for name, licence in told.items():
        about = metadata.metadata(name)
        keys = ("License-Expression", "License", "Classifier")
        words = " ".join(value for key in keys for value in about.get_all(key) or [])
        for part in re.split(r" and | or ", licence):
            assert any(word in words for word in SAME.get(part, (part[:3],))), (name, licence, words)


def test_ci_installs_the_lock_and_asks_for_advisories() -> None:
    assert "--require-hashes -r .ci/lock.txt" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert "bash .ci/audit" in (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
