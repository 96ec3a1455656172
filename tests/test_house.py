"""The house: imports run downward only, every library has one door, and only the edges touch the world.

What this file says of the source is read from its syntax trees, so that imports inside functions count too.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "feedwright"

# The lowest first. A module imports only from floors below its own.
FLOORS = (
    "_version model problems outcome deadline text media dates urls permalink visibility fingerprint",
    "disk processes",
    "workers tree spool slugs files record identity sheet report",
    "thumbnail",
    "adoption changes fetch foreign lock renames",
    "body body.budget body.elements body.loss body.summary body.videos body.pictures",
    "body.markup",
    "body.markdown body.sanitize",
    "matter matter.dialects matter.yaml_slips matter.fields",
    "matter.header_fields matter.json_fields matter.toml_fields matter.yaml_fields",
    "matter.front",
    "settings.positions settings.checks",
    "settings.addresses settings.file settings.former",
    "settings.table",
    "settings.clashes",
    "settings",
    "changes_report values shelves publish remember cache",
    "article feeds restore",
    "catalogue entry unchanged",
    "stored",
    "recall",
    "formats.facts formats.phrases",
    "formats._feedgen formats.check formats.reading",
    "formats.atom formats.json_feed formats.rss",
    "formats.opml",
    "formats.page",
    "formats",
    "kept places",
    "rendering",
    "stock guard",
    "planning",
    "adopt seen",
    "inspection",
    "building",
    "command",
    "errands",
    "cli",
    "__main__",
)
FRONT_DOOR = "feedwright"
"""`feedwright/__init__.py`: the API on its top, which imports on demand, and the version at the bottom."""

# Import name: the project that brings it, and the modules that may import it.
DOORS = {
    "bleach": ("bleach", {"body.sanitize"}),
    "can_ada": ("can-ada", {"urls"}),
    "click": ("click", {"cli"}),
    "feedgen": ("feedgen", {"formats._feedgen"}),
    "feedparser": ("feedparser", {"foreign"}),
    "filelock": ("filelock", {"lock"}),
    "frontmatter": ("python-frontmatter", {"matter.front"}),
    "imagesize": ("imagesize", {"thumbnail"}),
    "jinja2": ("jinja2", {"formats.page"}),
    "lxml": (
        "lxml",
        {"formats._feedgen", "formats.check", "formats.opml", "formats.page", "formats.reading"},
    ),
    "markdown_it": ("markdown-it-py", {"body.markdown"}),
    "mdit_py_plugins": ("mdit-py-plugins", {"body.markdown"}),
    "nh3": ("nh3", {"body.sanitize"}),
    "pebble": ("pebble", {"processes"}),
    "regex": ("regex", {"body.summary"}),
    "selectolax": ("selectolax", {"body.markup"}),
    "text_unidecode": ("text-unidecode", {"permalink"}),
    "yaml": ("pyyaml", {"matter.yaml_fields"}),
}
DATA_ONLY = {"tzdata"}

# The clock, the environment, randomness, the streams, other processes: who may, and what.
WORLD = {
    "building": {"datetime.now", "time"},
    "__main__": {"os.environ", "print", "sys.argv", "sys.stderr", "tempfile"},
    "cli": {"click.echo", "datetime.now", "os.environ", "sys.stderr", "sys.stdout", "time"},
    "fetch": {"time"},
    "lock": {"os.getpid", "socket"},
    "publish": {"os.urandom", "time"},
    "spool": {"tempfile"},
    "processes": {"os.environ", "sys.stderr"},
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


def _lived(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _lived(node)


def _imports(name: str) -> set[str]:
    """The modules that a module imports, at its top or in a function; our own without the package's name."""
    found: set[str] = set()
    for node in _lived(TREES[name]):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if _own(whole) in MODULES else str(node.module))
    return {_own(imported) for imported in found}


def _own(imported: str) -> str:
    return imported.removeprefix(f"{FRONT_DOOR}.")


def _third_party(name: str) -> set[str]:
    tops = {imported.partition(".")[0] for imported in _imports(name) - MODULES.keys()}
    return tops - sys.stdlib_module_names


def test_every_module_has_its_floor() -> None:
    floors = [name for floor in FLOORS for name in floor.split()]
    assert sorted(floors) == sorted(set(MODULES) - {FRONT_DOOR})


@EVERY_MODULE
def test_imports_run_downward(name: str) -> None:
    level = {module: number for number, floor in enumerate(FLOORS) for module in floor.split()}
    level |= {FRONT_DOOR: -1}
    own = len(FLOORS) if name == FRONT_DOOR else level.get(name, len(FLOORS))
    upward = {module for module in _imports(name) & MODULES.keys() if level.get(module, 0) >= own}
    assert not upward


@EVERY_MODULE
def test_of_the_front_door_only_the_version_is_used_inside(name: str) -> None:
    used = {
        alias.name
        for node in _lived(TREES[name])
        if isinstance(node, ast.ImportFrom) and node.module == FRONT_DOOR
        for alias in node.names
        if alias.name not in MODULES
    }
    assert used <= {"__version__"}


@EVERY_MODULE
def test_a_private_module_is_imported_in_its_own_package_only(name: str) -> None:
    package = name.rpartition(".")[0] or name
    private = {module for module in _imports(name) & MODULES.keys() if module.rpartition(".")[2][0] == "_"}
    assert {module.rpartition(".")[0] for module in private} <= {package}


def test_every_library_has_its_door_and_no_other() -> None:
    found: dict[str, set[str]] = {}
    for name in MODULES:
        for library in _third_party(name):
            found.setdefault(library, set()).add(name)
    assert found == {library: doors for library, (_, doors) in DOORS.items()}


def test_what_is_imported_is_what_is_required() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {line.partition(">")[0].strip().lower() for line in project["dependencies"]}
    assert required == {project for project, _ in DOORS.values()} | DATA_ONLY


def _worldly(name: str) -> set[str]:
    found = _imports(name) & WORLDLY_MODULES
    for node in _lived(TREES[name]):
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
def test_what_is_public_is_described(name: str) -> None:
    assert ast.get_docstring(TREES[name]), "the module has no docstring"
    assert [found for found, node in _public(name) if not ast.get_docstring(node)] == []


def _imported_by(*arguments: str) -> set[str]:
    """The top-level modules that a Python process with these arguments imports, when none is measuring it."""
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
def test_help_costs_no_library_but_click(arguments: list[str]) -> None:
    imported = _imported_by("-m", "feedwright", *arguments)
    assert {"click", "feedwright"} <= imported
    assert imported & (DOORS.keys() | {"html5lib", "dateutil", "multiprocessing", "zoneinfo"}) == {"click"}


def test_importing_the_package_costs_no_library() -> None:
    imported = _imported_by("-c", "import feedwright")
    assert FRONT_DOOR in imported
    assert not imported & DOORS.keys()


def test_type_checkers_are_told_that_the_package_is_typed() -> None:
    assert files(FRONT_DOOR).joinpath("py.typed").is_file()
