"""The manual stays true: its tables are compared with the source, and its examples are run."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from click import Choice, Command, Context, Option

from desk import Desk
from documents import MANUAL, codes
from feedwright.articles import dates
from feedwright.articles.front_matter.keys import keys_of
from feedwright.articles.permalinks import TEMPLATE_FIELDS, permalink, rule
from feedwright.bodies import policy
from feedwright.cli.app import cli
from feedwright.commands.explain import explanations
from feedwright.feeds import slugs
from feedwright.generators.generator import PermalinkFacts
from feedwright.generators.table import GENERATORS, PRESETS
from paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = ROOT / "src" / "feedwright"

# The commands


def _command(name: str) -> Command:
    found = cli.get_command(Context(cli), name)
    assert found
    return found


def test_every_command_is_described() -> None:
    described = set(re.findall(r"\*\*`feedwright ([a-z-]+)", MANUAL.text))
    assert described == set(cli.list_commands(Context(cli)))


def _accepted(name: str) -> list[tuple[str, ...]]:
    params = [p for p in _command(name).params if p.name == "accept"]
    return [tuple(p.type.choices) for p in params if isinstance(p.type, Choice)]


def test_the_guards_are_those_that_can_be_accepted() -> None:
    known = {
        guard for name in cli.list_commands(Context(cli)) for names in _accepted(name) for guard in names
    }
    assert [codes(name)[0] for name, _ in MANUAL.table("Guards")] == sorted(known)


def test_the_exit_codes_are_the_documented_ones() -> None:
    build = _command("build")
    documented = re.search(r"Exit codes: (.*?)\n\n", build.epilog or "", re.DOTALL)
    assert documented
    assert [number for cell, _ in MANUAL.table("Exit codes") for number in codes(cell)] == re.findall(
        r"\b\d+\b", documented[1]
    )


# Permalinks

GREEN_TEA = PermalinkFacts(
    path="tea/2024-03-05-Green_Tea.md",
    title="Green tea, again",
    date=datetime.fromisoformat("2024-03-05T08:30:00Z"),
    categories=(("Tea",),),
)


def test_the_permalinks_are_as_documented() -> None:
    presets, fields, own = MANUAL.tables("Permalinks")
    shown = {codes(template)[0]: codes(address)[0] for template, address in presets}
    assert shown == {template: permalink(template, GREEN_TEA) for template in shown}
    assert PRESETS.keys() < shown.keys()
    named = [name for names, _ in fields for name in codes(names)]
    assert sorted(named) == sorted(f"{{{field}}}" for field in (*TEMPLATE_FIELDS, "key.abbrlink"))
    patterns = [pattern for cell, _ in own for pattern in codes(cell)]
    assert {pattern.partition(" ")[0] for pattern in patterns} == PRESETS.keys() - {"eleventy"}
    assert all(rule(pattern)(GREEN_TEA) for pattern in patterns)


# Front matter


def test_the_front_matter_keys_are_those_of_hexo() -> None:
    table_of_keys, _ = MANUAL.tables("Front matter")
    keys = {name.strip("*"): codes(keys) for name, keys, _ in table_of_keys}
    plain = [key for key in keys["pictures"] if "." not in key and key != "resources"]
    keys["pictures"] += [f"{table}.{key}" for table in ("extra", "params") for key in plain]
    assert keys == {name: list(row) for name, row in keys_of("hexo").items()}


def test_the_other_dialects_differ_as_documented() -> None:
    _, differences = MANUAL.tables("Front matter")
    shown = {(codes(dialect)[0], field): codes(keys) for dialect, field, keys in differences}
    hexo = keys_of("hexo")
    assert shown == {
        (name, field): list(keys)
        for name in GENERATORS
        for field, keys in keys_of(name).items()
        if keys != hexo[field]
    }
    assert GENERATORS.keys() <= set(codes(MANUAL.section("Front matter")))


def test_dates_are_read_as_documented() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    for written, read in MANUAL.table("Dates"):
        for one in codes(written):
            if re.fullmatch(r"`DATE\d+`", read):
                with pytest.raises(dates.DateError) as refused:
                    dates.read(one, zone=zone)
                assert refused.value.code == codes(read)[0]
            else:
                moment = dates.read(one, zone=zone)
                assert (moment.at, moment.repair) == (datetime.fromisoformat(codes(read)[0]), "")


def test_slugs_are_as_documented() -> None:
    for label, slug, _ in MANUAL.table("Categories and addresses"):
        assert slugs.slug(codes(label)[0]) == codes(slug)[0]


def test_the_elements_kept_are_those_of_the_policy() -> None:
    (kept,) = re.findall(r"^Kept: (.*)$", MANUAL.section("Bodies"), re.MULTILINE)
    assert set(codes(kept)) == policy.ELEMENTS


# Problems

_CODE = re.compile(r"[A-Z]{2,5}\d{3}")
_SEVERITIES = {"error": "HOLD", "warning": "FIX"}
_ENDINGS = {
    "DateError": "HOLD",
    "GuardError": "STOP 4",
    "MachineError": "STOP 3",
    "SettingError": "STOP 2",
    "Hint": "HOLD",
    "UsageError": "STOP 2",
    "_RefusedError": "FIX",
    "_fault": "HOLD",
    "error": "HOLD",
    "held": "HOLD",
    "unfit": "STOP 2",
    "warn": "FIX",
    "warning": "FIX",
}


def _emitted() -> dict[str, set[str]]:
    """Every code in the source, with its outcomes, as far as the calls that use it show them."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                found.setdefault(node.value, set())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                words = [a.value for a in _arguments(node) if isinstance(a, ast.Constant)]
                for code in found.keys() & {word for word in words if isinstance(word, str)}:
                    found[code] |= _endings(node, words)
    return found


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _endings(call: ast.Call, words: list[Any]) -> set[str]:
    endings = {ending for severity, ending in _SEVERITIES.items() if severity in words}
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return endings or ({_ENDINGS[name]} if name in _ENDINGS else set())


def test_every_problem_of_the_source_is_explained_and_no_other() -> None:
    assert set(explanations()) == set(_emitted())


def test_the_outcomes_of_problems_are_those_in_the_source() -> None:
    documented = {code: set(row.then.split(", ")) for code, row in explanations().items()}
    known = {code: endings for code, endings in _emitted().items() if endings}
    assert len(known) > len(documented) * 2 // 3
    assert {code: documented[code] for code in known if not known[code] <= documented[code]} == {}
    assert {ending for endings in documented.values() for ending in endings} <= {
        *_SEVERITIES.values(),
        *_ENDINGS.values(),
    }


# An entry


@pytest.mark.parametrize(
    ("language", "number", "file"), [("xml", 0, "rss.xml"), ("xml", 1, "atom.xml"), ("json", 0, "feed.json")]
)
def test_the_shown_item_is_in_the_committed_feed(language: str, number: int, file: str) -> None:
    lines = (ROOT / "feeds" / "tea-house" / file).read_text(encoding="utf-8").splitlines()
    shown = MANUAL.snippets(language, "An entry in each format")[number]
    at = 0
    for line in shown.splitlines():
        wanted = line.strip().rpartition("…")[0] or line.strip()
        at = next((n for n in range(at, len(lines)) if lines[n].strip().startswith(wanted)), -1) + 1
        assert at, f"{file} has no line {line!r}, or not in this order"


# Reports, and the site that is edited in the examples

_ARTICLES = {
    "rain": ("Rain", "2026-01-03", "Weather"),
    "snow": ("Snow", "2026-01-02", "Weather"),
    "tea": ("Tea", "2026-01-01", "Tea"),
    "frost": ("Frost", "2026-01-01", "Weather"),
}


def _write(site: Desk, **articles: tuple[str, str, str]) -> None:
    for name, (title, date, category) in articles.items():
        text = f"---\ntitle: {title}\ndate: {date}\ncategories: {category}\n---\nOf {name}.\n"
        site.write(f"{name}.md", text)


@pytest.fixture
def site(tmp_path: Path) -> Desk:
    """A published site."""
    site = Desk(tmp_path)
    site.configure('formats = ["rss", "atom", "json", "page"]')
    _write(site, **_ARTICLES)
    assert site.run("build").code == 0
    return site


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    return type(value).__name__ if not isinstance(value, list) else [_shape(item) for item in value[:1]]


def test_the_report_has_the_shape_shown(tmp_path: Path) -> None:
    published, stopped = (json.loads(block) for block in MANUAL.snippets("json", "The JSON report"))
    desk = Desk(tmp_path)
    desk.configure()
    _write(desk, rain=_ARTICLES["rain"])
    desk.write("broken.md", "---\ntitle: Hello: world\n---\n")
    done = desk.run("build", "--report", "json")
    assert done.code == 1
    assert _shape(done.json) == _shape(published)
    assert done.json["problems"] == published["problems"]
    done = desk.run("build", "--report", "json", "--url", "example.org")
    assert done.code == 2
    assert done.json == stopped


def test_the_diff_is_as_shown(site: Desk) -> None:
    _write(site, rain=("Heavy rain", "2026-01-03", "Weather"), tea=("Tea", "2026-01-01", "Drinks"))
    _write(site, wind=("Wind", "2026-01-04", "Weather"))
    (site.root / "content" / "snow.md").unlink()
    (shown,) = MANUAL.snippets("text", "The other commands")
    done = site.run("diff")
    assert done.code == 5
    assert done.out.startswith(shown)


def test_a_change_has_the_shape_shown(site: Desk) -> None:
    (change,) = (json.loads(block) for block in MANUAL.snippets("json", "What the other commands report"))
    _write(site, rain=("Heavy rain", "2026-01-03", "Weather"))
    changes = {row["path"]: row for row in site.run("diff", "--report", "json").json["changes"]}
    assert changes["weather/"] == {**change, "kept": 2}


def test_the_other_reports_have_the_documented_keys(site: Desk) -> None:
    documented: dict[str, set[str]] = {}
    for commands, keys, _ in MANUAL.table("What the other commands report"):
        for name in codes(commands):
            documented.setdefault(name, set()).update(codes(keys))
    for name, *more in (("check",), ("diff",), ("clean",), ("adopt", "feeds/atom.xml")):
        report = site.run(name, *more, "--report", "json").json
        assert report.keys() - {"schema_version", "exit_code", "problems"} == documented[name]
    reporting = {name for name in cli.list_commands(Context(cli)) if _has_option(name, "--report")}
    assert documented.keys() == reporting - {"build"}


def _has_option(name: str, option: str) -> bool:
    return any(option in p.opts for p in _command(name).params if isinstance(p, Option))


def test_a_broken_article_is_reported_as_shown(site: Desk) -> None:
    (shown,) = MANUAL.snippets("text", "When an article breaks")
    _write(site, rain=("Heavy: rain", "2026-01-03", "Weather"))
    done = site.run("build")
    assert done.code == 1
    assert done.err.startswith(shown.replace("content/", f"content{os.sep}"))


def test_the_python_example_runs(site: Desk) -> None:
    (script,) = MANUAL.snippets("python")
    (site.root / "content").rename(site.root / "articles")
    (site.root / "publish.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, "publish.py"], cwd=site.root, check=True)
