"""Architecture: imports run downward only, every library has one door, and only the edges touch the world.

All of it is read from syntax trees, so imports inside functions count too.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = ROOT / "src" / "feedwright"

# Higher floors may import lower ones; rooms on one floor do not know each other. Modules in no room are the
# ground.
FLOORS = (
    {"cli"},
    {"commands"},
    {"settings", "publication"},
    {"formats"},
    {"articles", "bodies", "feeds", "cache"},
    {"generators"},
)
GROUND = len(FLOORS)
TOP = {"__main__", "feedwright"}
"""The process of the command, and the API, which imports on demand."""
FRONT_DOOR = "feedwright"

# Import name: the project that brings it, and the modules that may import it.
DOORS = {
    "bleach": ("bleach", {"bodies.sanitize"}),
    "can_ada": ("can-ada", {"urls"}),
    "click": (
        "click",
        {"cli.app", "cli.call", "cli.completion", "cli.options", "cli.output", "cli.questions"},
    ),
    "docutils": ("docutils", {"bodies.rst"}),
    "feedgen": ("feedgen", {"formats._feedgen"}),
    "feedparser": ("feedparser", {"publication.foreign_feeds"}),
    "filelock": ("filelock", {"publication.lock"}),
    "frontmatter": ("python-frontmatter", {"articles.front_matter.parse"}),
    "imagesize": ("imagesize", {"bodies.thumbnail"}),
    "jinja2": ("jinja2", {"commands.preview.pages", "formats.page"}),
    "lxml": (
        "lxml",
        {"formats._feedgen", "formats.opml", "formats.xml_reader"},
    ),
    "emoji": ("emoji", {"bodies.markdown.emoji"}),
    "markdown": ("markdown", {"bodies.markdown.python_markdown"}),
    "markdown_it": (
        "markdown-it-py",
        {
            "bodies.markdown.rendering",
            "bodies.markdown.elements",
            "bodies.markdown.fences",
            "bodies.markdown.kramdown",
            "bodies.markdown.marks",
            "bodies.markdown.span_tags",
        },
    ),
    "mdit_py_plugins": ("mdit-py-plugins", {"bodies.markdown.rendering"}),
    "nh3": ("nh3", {"bodies.sanitize"}),
    "pebble": ("pebble", {"process_pool"}),
    "regex": ("regex", {"bodies.summary"}),
    "selectolax": ("selectolax", {"bodies.html_tree"}),
    "text_unidecode": ("text-unidecode", {"generators.transliteration"}),
    "urllib3": ("urllib3", {"publication.exchange"}),
    "watchfiles": ("watchfiles", {"commands.preview.watch"}),
    "werkzeug": ("werkzeug", {"commands.preview.server"}),
    "yaml": ("pyyaml", {"articles.front_matter.yaml_fields"}),
}
VALUES = {"msgspec"}
"""What values are made of has no door: any module may define some."""

DATA_ONLY = {"tzdata"}

# Use of the clock, the environment, randomness, the streams and other processes, by module.
WORLD = {
    "commands.api": {"datetime.now", "os.environ", "time"},
    "commands.preview.build": {"datetime.now"},
    "commands.preview.server": {"socket"},
    "commands.serve": {"datetime.now", "time"},
    "__main__": {"os.environ", "print", "sys.argv", "sys.stderr", "tempfile"},
    "cli.app": {"time"},
    "cli.call": {"datetime.now", "os.environ", "time"},
    "cli.signs": {"time"},
    "cli.questions": {"sys.stderr", "sys.stdin"},
    "cli.output": {"click.echo", "os.environ", "sys.stderr", "sys.stdout"},
    "publication.exchange": {"socket", "time"},
    "publication.fetch": {"time"},
    "publication.websub": {"os.getpid", "time"},
    "publication.lock": {"os.getpid", "platform"},
    "publication.atomic_writes": {"os.urandom", "time"},
    "cache.spool": {"tempfile"},
    "process_pool": {"os.environ"},
    "workers": {"time"},
}
WORLDLY_MODULES = {"getpass", "locale", "logging", "platform", "random", "secrets", "socket"}
WORLDLY_MODULES |= {"tempfile", "time"}
WORLDLY_NAMES = {
    "click.echo",
    "click.secho",
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "input",
    "os.environ",
    "os.environb",
    "os.getenv",
    "os.getpid",
    "os.urandom",
    "print",
    "sys.argv",
    "sys.stderr",
    "sys.stdin",
    "sys.stdout",
    "uuid1",
    "uuid4",
}
LONGEST = 450


def _name(path: Path) -> str:
    """The module's name below the package, `feedwright` for the package itself."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts) or FRONT_DOOR


MODULES = {_name(path): path for path in sorted(SOURCE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
EVERY_MODULE = pytest.mark.parametrize("name", MODULES)


def _runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node but those that only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _runtime_nodes(node)


def _own(imported: str) -> str:
    return imported.removeprefix(f"{FRONT_DOOR}.")


def _imports(nodes: Iterator[ast.AST]) -> set[str]:
    """The modules that are imported in these nodes; our own without the package's name."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a module is"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if _own(whole) in MODULES else str(node.module))
    return {_own(imported) for imported in found}


IMPORTS = {name: _imports(ast.walk(tree)) & MODULES.keys() for name, tree in TREES.items()}
"""Our own modules that each module imports, those for types too."""


def _third_party(name: str) -> set[str]:
    imports = _imports(_runtime_nodes(TREES[name]))
    tops = {imported.partition(".")[0] for imported in imports - MODULES.keys()}
    return tops - sys.stdlib_module_names


def _floor(name: str) -> int:
    room = name.partition(".")[0]
    return -1 if name in TOP else next((n for n, rooms in enumerate(FLOORS) if room in rooms), GROUND)


@EVERY_MODULE
def test_imports_run_downward(name: str) -> None:
    own, room = _floor(name), name.partition(".")[0]
    for imported in IMPORTS[name]:
        same = imported.partition(".")[0] == room or own == GROUND == _floor(imported)
        assert same or _floor(imported) > own, f"{name} may not import {imported}"


def test_there_are_few_rooms_and_no_circle_between_modules() -> None:
    rooms = {name.partition(".")[0] for name in MODULES if name not in TOP}
    assert set().union(*FLOORS) <= rooms
    assert len({room for room in rooms if (SOURCE / room).is_dir()}) <= 10
    assert len(list(SOURCE.glob("*.py"))) <= 13
    graph = {name: IMPORTS[name] - {name, FRONT_DOOR} for name in MODULES if name not in TOP}
    list(TopologicalSorter(graph).static_order())  # raises CycleError


def test_every_library_has_only_its_doors() -> None:
    found: dict[str, set[str]] = {}
    for name in MODULES:
        for library in _third_party(name) - VALUES:
            found.setdefault(library, set()).add(name)
    assert found == {library: doors for library, (_, doors) in DOORS.items()}


def test_the_imported_libraries_are_the_requirements() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (*project["dependencies"], *project["optional-dependencies"]["rst"])
    required = {line.partition(">")[0].strip().lower() for line in lines}
    assert required == {project for project, _ in DOORS.values()} | VALUES | DATA_ONLY


@EVERY_MODULE
def test_values_of_any_kind_are_copied_in_one_way(name: str) -> None:
    nodes = [node for node in _runtime_nodes(TREES[name]) if isinstance(node, ast.ImportFrom)]
    from_dataclasses = {alias.name for node in nodes if node.module == "dataclasses" for alias in node.names}
    assert "replace" not in from_dataclasses, "model.replace copies structures too"


def _worldly(name: str) -> set[str]:
    found = _imports(_runtime_nodes(TREES[name])) & WORLDLY_MODULES
    for node in _runtime_nodes(TREES[name]):
        if isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node) in WORLDLY_NAMES:
            found.add(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} & WORLDLY_NAMES
            found |= {alias.name for alias in node.names} & WORLDLY_NAMES
    return found


@EVERY_MODULE
def test_only_the_edges_touch_the_world(name: str) -> None:
    assert _worldly(name) == WORLD.get(name, set())


@EVERY_MODULE
def test_modules_stay_short(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= LONGEST


def _public(name: str) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """The module's public classes and functions, and the public methods of these classes."""
    for node in TREES[name].body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        yield node.name, node
        for inner in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                yield f"{node.name}.{inner.name}", inner


@EVERY_MODULE
def test_public_names_have_docstrings(name: str) -> None:
    assert ast.get_docstring(TREES[name]), "the module has no docstring"
    assert [found for found, node in _public(name) if not ast.get_docstring(node)] == []


def _imported_by(*arguments: str) -> set[str]:
    """The top-level modules that a Python process with these arguments imports, without coverage."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    rows = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line]
    return {row.partition(".")[0] for row in rows}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["build", "--help"]])
def test_help_imports_no_library_but_click(arguments: list[str]) -> None:
    imported = _imported_by("-m", "feedwright", *arguments)
    assert {"click", "feedwright"} <= imported
    assert imported & (DOORS.keys() | VALUES | {"html5lib", "dateutil", "multiprocessing", "zoneinfo"}) == {
        "click"
    }


def test_importing_the_package_imports_no_library() -> None:
    imported = _imported_by("-c", "import feedwright")
    assert FRONT_DOOR in imported
    assert not imported & (DOORS.keys() | VALUES)


def test_the_package_is_marked_as_typed() -> None:
    assert files(FRONT_DOOR).joinpath("py.typed").is_file()
