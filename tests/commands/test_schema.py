"""The JSON Schemas are schemas, and find in the cases what a build finds there."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft7Validator

from configured import SCHEMA
from desk import Desk
from feedwright.articles.front_matter.schema import front_matter_schema
from feedwright.generators.table import GENERATORS
from feedwright.settings.reference import CATEGORY, SETTINGS
from feedwright.settings.schema import settings_schema
from paths import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CASES = sorted((TESTS / "cases").glob("*/feedwright.toml"))
WRONG_KIND = {"CAT002", "DATE001", "DATE006", "FM004", "FM005", "FM014", "IMG001", "TTL001", "TTL002"}
"""Problems of values of a wrong kind; those of what a value says are not for a schema."""


class _CoreLoader(yaml.SafeLoader):
    """YAML as editors read it: the core schema of YAML 1.2, so no dates."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [row for row in rows if row[0] != "tag:yaml.org,2002:timestamp"]
        for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@cache
def _validator(dialect: str) -> Draft7Validator:
    return Draft7Validator(front_matter_schema(dialect))


def _matter(file: Path) -> Any:
    """The YAML front matter of an article; None where it has none that can be read."""
    found = re.match(rb"---\n(.*?\n)---\n", file.read_bytes(), re.DOTALL)
    try:
        return yaml.load(found[1], _CoreLoader) if found else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _articles() -> Iterator[tuple[Any, str, set[str]]]:
    """The front matter of every article of the cases, its dialect, and the codes of its problems."""
    for case in CASES:
        dialect = tomllib.loads(case.read_text("utf-8")).get("dialect", "hexo")
        problems = json.loads((case.parent / "expected.json").read_bytes()).get("problems", [])
        for file in sorted((case.parent / "content").rglob("*.md")):
            if matter := _matter(file):
                name = file.relative_to(case.parent / "content").as_posix()
                yield matter, dialect, {row.split()[1] for row in problems if f" {name}:" in row}


@pytest.mark.parametrize("what", ["settings", *GENERATORS])
def test_a_schema_is_one(what: str, tmp_path: Path) -> None:
    words = ["settings"] if what == "settings" else ["front-matter", "--dialect", what]
    output = Desk(tmp_path).run("schema", *words)
    assert (output.code, output.err) == (0, "")
    Draft7Validator.check_schema(output.json)


def test_an_unknown_dialect_has_no_schema(tmp_path: Path) -> None:
    output = Desk(tmp_path).run("schema", "front-matter", "--dialect", "jekyl")
    assert (output.code, output.codes) == (2, ["USE004"])
    assert 'did you mean "jekyll"?' in output.err


def test_every_setting_is_in_the_schema_with_its_meaning() -> None:
    shown = settings_schema()["properties"]
    assert {name: row["description"] for name, row in shown.items()} == {
        name: row.meaning for name, row in SETTINGS.items()
    }
    assert shown["categories"]["additionalProperties"]["properties"].keys() == CATEGORY.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_the_settings_of_the_cases_are_valid(case: Path) -> None:
    faults = SCHEMA.iter_errors(tomllib.loads(case.read_text("utf-8")))
    assert [fault.message for fault in faults] == []


def test_front_matter_is_valid_unless_a_value_is_of_a_wrong_kind() -> None:
    wrong, number = [], 0
    for matter, dialect, codes in _articles():
        number += 1
        faults = [f"{fault.json_path}: {fault.message}" for fault in _validator(dialect).iter_errors(matter)]
        if faults and not codes & WRONG_KIND:
            wrong.append((matter, faults))
        if not faults and codes & {"CAT002", "TTL002"}:
            wrong.append((matter, [*codes]))
    assert wrong == [], "\n".join(map(str, wrong))
    assert number > 200
