"""The README stays true: its tables are compared with the source, and its examples are run."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from click import Choice, Command, Context, Option

from feedwright import load_settings
from feedwright.articles import dates
from feedwright.articles.front_matter.keys import keys_of
from feedwright.articles.permalinks import TEMPLATE_FIELDS, permalink, rule
from feedwright.bodies import policy
from feedwright.cli.app import cli
from feedwright.feeds import slugs
from feedwright.formats.table import FORMATS
from feedwright.generators.generator import PermalinkFacts
from feedwright.generators.table import GENERATORS, PRESETS
from feedwright.settings.reference import AUTHOR, CATEGORY, ENVIRONMENT, SETTINGS, Row
from paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SOURCE = ROOT / "src" / "feedwright"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text between a heading and the next one."""
    begin = re.search(rf"^#+ {re.escape(title)}\n", README, re.MULTILINE)
    assert begin, f"the README has no section {title!r}"
    return re.split(r"^#+ ", README[begin.end() :], maxsplit=1, flags=re.MULTILINE)[0]


def tables(title: str) -> list[list[list[str]]]:
    """The tables of a section, each as rows of cells, without the header."""
    found: list[list[list[str]]] = [[]]
    for line in section(title).splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif found[-1]:
            found.append([])
    return [rows[2:] for rows in found if rows]


def table(title: str) -> list[list[str]]:
    """The only table of a section."""
    (rows,) = tables(title)
    return rows


def snippets(language: str, text: str = README) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def codes(cell: str) -> list[str]:
    """The texts between backticks."""
    return re.findall(r"`([^`]+)`", cell)


# The two commands


def _commands() -> list[str]:
    return [line for block in snippets("sh", section("Two commands")) for line in block.splitlines()]


def test_there_are_two_commands_of_one_line_each() -> None:
    build, test = _commands()
    assert build.endswith(".venv/bin/feedwright build")
    assert ".[test]" in test
    assert " -m pytest " in test


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    wanted = re.search(r"grep -e '([^']+)' README\.md", script)
    assert wanted
    assert [line for line in README.splitlines() if wanted[1] in line] == _commands()[1:]
    assert "pytest" not in script.replace(wanted[0], "")
    assert os.name == "nt" or os.access(ROOT / ".ci" / "run", os.X_OK)


def test_workflows_are_yaml() -> None:
    for text in [
        *snippets("yaml"),
        *(path.read_text(encoding="utf-8") for path in (ROOT / ".github").rglob("*.yml")),
    ]:
        assert yaml.safe_load(text)["jobs"]


# What comes out


def _drawn(picture: str) -> Iterator[str]:
    """Yield the paths in a tree that has one line for each folder and its files."""
    above: list[str] = []
    for line in picture.splitlines():
        name, *files = line.lstrip("│├└─ \u00a0").split()
        depth = line.index(name) // 4
        above[depth:] = [name]
        yield from ("".join(above) + file for file in files)


def test_the_tree_shown_is_the_committed_feeds() -> None:
    picture, _ = snippets("text", section("What comes out"))
    there = sorted(
        path.relative_to(ROOT).as_posix() for path in (ROOT / "feeds").rglob("*") if path.is_file()
    )
    assert sorted(_drawn(picture)) == there
    documented = re.search(r"`0 documents written, (\d+) unchanged`", section("Two commands"))
    assert documented
    assert int(documented[1]) == len(there) - 1


@pytest.mark.parametrize(
    ("language", "number", "file"), [("xml", 0, "rss.xml"), ("xml", 1, "atom.xml"), ("json", 0, "feed.json")]
)
def test_the_shown_item_is_in_the_committed_feed(language: str, number: int, file: str) -> None:
    lines = (ROOT / "feeds" / "tea-house" / file).read_text(encoding="utf-8").splitlines()
    shown = snippets(language, section("What comes out"))[number]
    at = 0
    for line in shown.splitlines():
        wanted = line.strip().rpartition("…")[0] or line.strip()
        at = next((n for n in range(at, len(lines)) if lines[n].strip().startswith(wanted)), -1) + 1
        assert at, f"{file} has no line {line!r}, or not in this order"


def test_the_shown_page_is_the_committed_page() -> None:
    _, shown = snippets("text", section("What comes out"))
    page = (ROOT / "feeds" / "tea-house" / "index.html").read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<input[^>]* value=\"([^\"]*)\"[^>]*>|<[^>]*>", r" \1 ", page).split())
    at = 0
    for word in re.split(r"\n+|  +", shown.strip()):
        at = text.find(" ".join(word.split()), at) + 1
        assert at, f"the page does not say {word!r}, or not in this order"


# A first feed


def _first_article(folder: Path) -> None:
    (article,) = snippets("markdown", section("From nothing to a first feed"))
    (folder / "articles").mkdir()
    (folder / "articles" / "hello.md").write_text(article, encoding="utf-8")


def _run(folder: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FEEDWRIGHT_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _made(folder: Path) -> set[str]:
    feeds = folder / "feeds"
    return {path.relative_to(feeds).as_posix() for path in feeds.rglob("*") if path.is_file()}


DEFAULT: Any = SETTINGS["formats"].default
WRITTEN = [format_ for format_ in FORMATS.values() if {format_.name, format_.comes_with} & {*DEFAULT}]
EACH = {format_.file for format_ in WRITTEN if not format_.once}
FIRST = {*(format_.file for format_ in WRITTEN), *(f"news/{name}" for name in EACH), "feedwright.lock.json"}


def test_the_command_without_configuration_makes_a_first_feed(tmp_path: Path) -> None:
    _first_article(tmp_path)
    (command,) = snippets("sh", section("From nothing to a first feed"))
    program, *arguments = shlex.split(command)
    assert program == "feedwright"
    done = _run(tmp_path, ["-m", "feedwright", *arguments])
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    assert _made(tmp_path) == FIRST


def test_the_small_configuration_makes_a_first_feed(tmp_path: Path) -> None:
    _first_article(tmp_path)
    (settings,) = snippets("toml", section("From nothing to a first feed"))
    (tmp_path / "feedwright.toml").write_text(settings, encoding="utf-8")
    done = _run(tmp_path, ["-m", "feedwright", "build"])
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    assert _made(tmp_path) == FIRST


@pytest.mark.parametrize("settings", snippets("toml"))
def test_every_configuration_shown_is_accepted(settings: str, tmp_path: Path) -> None:
    (tmp_path / "feedwright.toml").write_text(settings, encoding="utf-8")
    site = load_settings(start=tmp_path, environ={}, overrides={"url": "https://example.org/"})
    assert site.warnings == ()


def test_the_python_example_runs(tmp_path: Path) -> None:
    _first_article(tmp_path)
    (script,) = snippets("python")
    (tmp_path / "publish.py").write_text(script, encoding="utf-8")
    done = _run(tmp_path, ["publish.py"])
    assert done.returncode == 0, done.stderr
    assert _made(tmp_path) == FIRST


# The command


def test_the_options_are_those_of_click() -> None:
    build = _command("build")
    options = [p for p in build.params if p.param_type_name == "option"]
    wanted = [(list(option.opts), option.help) for option in options]
    assert [(codes(names), meaning) for names, meaning in table("The command")] == wanted
    (usage,) = snippets("text", section("The command"))
    shown = set(re.findall(r"-[-a-z]+", usage))
    assert all(shown & set(option.opts) for option in options)


def _command(name: str) -> Command:
    found = cli.get_command(Context(cli), name)
    assert found
    return found


def _options(name: str) -> dict[str, str | None]:
    """The help of a command's options by long form."""
    options = [p for p in _command(name).params if isinstance(p, Option)]
    return {option.opts[-1]: option.help for option in options}


def test_the_other_commands_are_those_of_click() -> None:
    (usage, _) = snippets("text", section("The other commands"))
    shown = {line.split()[1]: line for line in re.split(r"\n(?=feedwright)", usage)}
    assert shown.keys() == {*cli.list_commands(Context(cli))} - {"build"}
    short = {"-o": "--output", "-c": "--config", "-q": "--quiet"}
    build = _options("build")
    more: dict[tuple[str, str], str | None] = {}
    for name, line in shown.items():
        documented = {short.get(flag, flag) for flag in re.findall(r"(?<=[ \[])-[-a-z]+", line)}
        assert documented == _options(name).keys()
        more |= {(name, own): meaning for own, meaning in _options(name).items() if own not in build}
        assert re.findall(r"--accept ([-|a-z]+)", line) == ["|".join(names) for names in _accepted(name)]
    rows = table("The other commands")
    assert {(codes(name)[0], codes(option)[0]): meaning for name, option, meaning in rows} == more


def _accepted(name: str) -> list[tuple[str, ...]]:
    params = [p for p in _command(name).params if p.name == "accept"]
    return [tuple(p.type.choices) for p in params if isinstance(p.type, Choice)]


def test_the_guards_are_those_that_can_be_accepted() -> None:
    known = {
        guard for name in cli.list_commands(Context(cli)) for names in _accepted(name) for guard in names
    }
    assert [codes(name)[0] for name, _ in table("Guards")] == sorted(known)


def test_the_exit_codes_are_the_documented_ones() -> None:
    build = _command("build")
    documented = re.search(r"Exit codes: (.*?)\n\n", build.epilog or "", re.DOTALL)
    assert documented
    assert [number for cell, _ in table("Exit codes") for number in codes(cell)] == re.findall(
        r"\b\d+\b", documented[1]
    )


# The settings


def _default(row: Row) -> str:
    if row.unset or row.default is None:
        return row.unset or "–"
    default = list(row.default) if isinstance(row.default, tuple) else row.default
    return f"`{json.dumps(default, ensure_ascii=False, default=str)}`"


def rows_of(settings: Mapping[str, Row], *, environment: bool) -> list[list[str]]:
    """The rows that the README must have for these settings."""
    rows = []
    for name, row in settings.items():
        variable = [f"`{row.environment}`" if row.environment else "–"] if environment else []
        rows.append([f"`{name}`", _default(row), *variable, row.meaning.replace("<", "\\<")])
    return rows


def test_the_settings_are_the_reference() -> None:
    site, author, category = tables("Settings")
    assert site == rows_of(SETTINGS, environment=True)
    assert author == rows_of(AUTHOR, environment=False)
    assert category == rows_of(CATEGORY, environment=False)
    assert [name for row in site for name in codes(row[2])] == list(ENVIRONMENT)


GREEN_TEA = PermalinkFacts(
    path="tea/2024-03-05-Green_Tea.md",
    title="Green tea, again",
    date=datetime.fromisoformat("2024-03-05T08:30:00Z"),
    categories=(("Tea",),),
)


def test_the_permalinks_are_as_documented() -> None:
    presets, fields, own = tables("Permalinks")
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
    table_of_keys, _ = tables("Front matter")
    keys = {name.strip("*"): codes(keys) for name, keys, _ in table_of_keys}
    plain = [key for key in keys["pictures"] if "." not in key and key != "resources"]
    keys["pictures"] += [f"{table}.{key}" for table in ("extra", "params") for key in plain]
    assert keys == {name: list(row) for name, row in keys_of("hexo").items()}


def test_the_other_dialects_differ_as_documented() -> None:
    _, differences = tables("Front matter")
    shown = {(codes(dialect)[0], field): codes(keys) for dialect, field, keys in differences}
    hexo = keys_of("hexo")
    assert shown == {
        (name, field): list(keys)
        for name in GENERATORS
        for field, keys in keys_of(name).items()
        if keys != hexo[field]
    }
    assert GENERATORS.keys() <= set(codes(section("Front matter")))


def test_dates_are_read_as_documented() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    for written, read in table("Dates"):
        for one in codes(written):
            if re.fullmatch(r"`DATE\d+`", read):
                with pytest.raises(dates.DateError) as refused:
                    dates.read(one, zone=zone)
                assert refused.value.code == codes(read)[0]
            else:
                moment, repair, *_ = dates.read(one, zone=zone)
                assert (moment, repair) == (datetime.fromisoformat(codes(read)[0]), "")


def test_slugs_are_as_documented() -> None:
    for label, slug, _ in table("Categories and addresses"):
        assert slugs.slug(codes(label)[0]) == codes(slug)[0]


def test_the_elements_kept_are_those_of_the_policy() -> None:
    (kept,) = re.findall(r"^Kept: (.*)$", section("Bodies"), re.MULTILINE)
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
    documented = [codes(code)[0] for code, *_ in table("Problems")]
    assert documented == sorted(documented)
    assert set(documented) == set(_emitted())


def test_the_outcomes_of_problems_are_those_in_the_source() -> None:
    documented = {codes(code)[0]: set(then.split(", ")) for code, then, *_ in table("Problems")}
    known = {code: endings for code, endings in _emitted().items() if endings}
    assert len(known) > len(documented) * 2 // 3
    assert {code: documented[code] for code in known if not known[code] <= documented[code]} == {}
    assert {ending for endings in documented.values() for ending in endings} <= {
        *_SEVERITIES.values(),
        *_ENDINGS.values(),
    }


# The report for programs


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    return type(value).__name__ if not isinstance(value, list) else [_shape(item) for item in value[:1]]


def test_the_report_has_the_shape_shown(tmp_path: Path) -> None:
    published, stopped = (json.loads(block) for block in snippets("json", section("The JSON report")))
    _first_article(tmp_path)
    (tmp_path / "articles" / "broken.md").write_text("---\ntitle: Hello: world\n---\n", encoding="utf-8")
    arguments = ["-m", "feedwright", "build", "articles", "--report", "json"]
    done = _run(tmp_path, [*arguments, "--url", "https://example.org/"])
    assert done.returncode == 1
    assert _shape(json.loads(done.stdout)) == _shape(published)
    assert json.loads(done.stdout)["problems"] == published["problems"]
    done = _run(tmp_path, [*arguments, "--url", "example.org"])
    assert done.returncode == 2
    assert json.loads(done.stdout) == stopped


# The site that is edited in the examples

_ARTICLES = {
    "rain": ("Rain", "2026-01-03", "Weather"),
    "snow": ("Snow", "2026-01-02", "Weather"),
    "tea": ("Tea", "2026-01-01", "Tea"),
    "frost": ("Frost", "2026-01-01", "Weather"),
}


def _write(folder: Path, **articles: tuple[str, str, str]) -> None:
    for name, (title, date, category) in articles.items():
        text = f"---\ntitle: {title}\ndate: {date}\ncategories: {category}\n---\nOf {name}.\n"
        (folder / "content" / f"{name}.md").write_text(text, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A published site in a folder."""
    (tmp_path / "content").mkdir()
    (tmp_path / "feedwright.toml").write_text('url = "https://example.org/"\ntimezone = "UTC"\n', "utf-8")
    _write(tmp_path, **_ARTICLES)
    assert _run(tmp_path, ["-m", "feedwright", "build"]).returncode == 0
    return tmp_path


def test_the_diff_is_as_shown(site: Path) -> None:
    _write(site, rain=("Heavy rain", "2026-01-03", "Weather"), tea=("Tea", "2026-01-01", "Drinks"))
    _write(site, wind=("Wind", "2026-01-04", "Weather"))
    (site / "content" / "snow.md").unlink()
    (_, shown) = snippets("text", section("The other commands"))
    done = _run(site, ["-m", "feedwright", "diff"])
    assert done.returncode == 5
    assert done.stdout.startswith(shown)


def test_a_change_has_the_shape_shown(site: Path) -> None:
    (change,) = (json.loads(block) for block in snippets("json", section("What the other commands report")))
    _write(site, rain=("Heavy rain", "2026-01-03", "Weather"))
    done = _run(site, ["-m", "feedwright", "diff", "--report", "json"])
    changes = {row["path"]: row for row in json.loads(done.stdout)["changes"]}
    assert changes["weather/"] == {**change, "kept": 2}


def test_the_other_reports_have_the_documented_keys(site: Path) -> None:
    documented: dict[str, set[str]] = {}
    for commands, keys, _ in table("What the other commands report"):
        for name in codes(commands):
            documented.setdefault(name, set()).update(codes(keys))
    for name, *more in (("check",), ("diff",), ("clean",), ("adopt", "feeds/atom.xml")):
        done = _run(site, ["-m", "feedwright", name, *more, "--report", "json"])
        assert (
            json.loads(done.stdout).keys() - {"schema_version", "exit_code", "problems"} == documented[name]
        )
    assert documented.keys() == {*cli.list_commands(Context(cli))} - {"build"}


def test_a_broken_article_is_reported_as_shown(site: Path) -> None:
    (shown,) = snippets("text", section("When an article breaks"))
    _write(site, rain=("Heavy: rain", "2026-01-03", "Weather"))
    done = _run(site, ["-m", "feedwright", "build"])
    assert done.returncode == 1
    assert done.stderr.startswith(shown.replace("content/", f"content{os.sep}"))
