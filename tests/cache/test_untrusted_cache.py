"""A cache that came from somebody else, or that a disk has altered, harms nothing and changes no byte."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedwright.cache import database, memo, place
from feedwright.cache.store import NAME
from feedwright.commands import build as building
from feedwright.commands.build import build_here
from feedwright.commands.context import Context, Options
from feedwright.disk import CACHE_FOLDER
from feedwright.problems import Problem
from feedwright.site import RECORD_NAME
from sites import NOW, URL, Folder, files_of, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from feedwright import Outcome

LONG_AGO = 1_577_836_800
BODY = '<p>hello <a href="https://example.org/">world</a></p>'
TABLES = ("facts", "builds", "heads", "bodies", "documents")
DAMAGED = "was damaged and has been rebuilt"


def _build(
    folder: Folder,
    said: list[str] | None = None,
    *,
    cached: bool = True,
    env: dict[str, str] | None = None,
    **more: Any,
) -> Outcome:
    said = [] if said is None else said
    context = Context(
        Options(**{"cached": cached, "url": URL, "jobs": 1, **more}),
        {"FEEDWRIGHT_TIMEZONE": "UTC", **(env or {})},
        str(folder.root),
        now=NOW,
        began=time.time_ns(),
        notify=said.append,
    )
    return build_here(context)


def _touch(folder: Folder, name: str, **facts: str) -> None:
    file = folder.write(name, text(**{"title": "T", "body": BODY, **facts}))
    os.utime(file, (LONG_AGO, LONG_AGO))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A site of twelve articles that was built with a cache; tests copy it."""
    folder = Folder(tmp_path_factory.mktemp("built"))
    for n in range(12):
        _touch(folder, f"{n:02}.html", title=f"T{n}", date=f"2026-01-{n + 1:02}", categories=f"[c{n % 3}]")
    _touch(folder, "bad.html", date="tomorrow")
    _build(folder)
    return folder


@pytest.fixture
def copy(site: Folder, tmp_path: Path) -> Folder:
    shutil.copytree(site.root, tmp_path, dirs_exist_ok=True)
    return Folder(tmp_path)


@pytest.fixture
def base(copy: Folder) -> Path:
    return copy.root / CACHE_FOLDER / NAME


def _change(base: Path, *statements: str) -> None:
    with closing(sqlite3.connect(base)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _reseal(base: Path, change: Callable[[sqlite3.Connection], None]) -> None:
    """Change rows as somebody does who knows how they are sealed."""
    with closing(sqlite3.connect(base)) as connection, connection:
        change(connection)
        for number, heads, files in connection.execute("select number, heads, files from heads").fetchall():
            sealed = database.seal(heads, files)
            connection.execute("update heads set seal = ? where number = ?", (sealed, number))
        for key, facts in connection.execute("select key, facts from bodies").fetchall():
            connection.execute("update bodies set seal = ? where key = ?", (database.seal(facts, key), key))
        rows = connection.execute("select path, inputs, hash, signature from documents").fetchall()
        for row in rows:
            sealed = database.seal(b"", *row)
            connection.execute("update documents set seal = ? where path = ?", (sealed, row[0]))
        for key, snapshot, value in connection.execute("select key, snapshot, value from builds").fetchall():
            sealed = database.seal(value.encode(), key, snapshot)
            connection.execute("update builds set seal = ? where key = ?", (sealed, key))


def _published_without(folder: Folder) -> dict[str, bytes]:
    """What a build without the cache publishes."""
    other = Folder(folder.root.parent / f"{folder.root.name}-plain")
    shutil.copytree(folder.root, other.root, ignore=shutil.ignore_patterns(CACHE_FOLDER))
    _build(other, cached=False)
    published = other.published()
    shutil.rmtree(other.root)
    return published


# By accident


class Edited(NamedTuple):
    """The site after one edit; its cache is from before, and is also kept in `cache`."""

    folder: Folder
    cache: Path

    @property
    def base(self) -> Path:
        return self.folder.root / CACHE_FOLDER / NAME

    def check(self, damage: Callable[[Path], None]) -> None:
        """Build with a damaged cache: the bytes are those of a build without, and a word is said at most."""
        shutil.copy(self.cache, self.base)
        damage(self.base)
        said: list[str] = []
        assert _build(self.folder, said).exit_code == 1  # for bad.html
        assert self.folder.published() == files_of(self.cache.parent / "feeds")
        assert all(DAMAGED in line for line in said)
        assert len(said) <= 1


@pytest.fixture(scope="module")
def edited(site: Folder, tmp_path_factory: pytest.TempPathFactory) -> Edited:
    top = tmp_path_factory.mktemp("edited")
    edited = Edited(Folder(top / "site"), top / "cache")
    shutil.copytree(site.root, edited.folder.root)
    _build(edited.folder)
    _touch(edited.folder, "03.html", title="Edited", date="2026-01-04", categories="[c0]")
    shutil.copy(edited.base, edited.cache)
    _build(edited.folder, cached=False)
    shutil.copytree(edited.folder.output, top / "feeds")
    return edited


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(flips=st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 7)), min_size=1, max_size=6))
def test_flipped_bits_change_no_byte(edited: Edited, flips: list[tuple[int, int]]) -> None:
    def damage(base: Path) -> None:
        data = bytearray(base.read_bytes())
        for at, bit in flips:
            data[at % len(data)] ^= 1 << bit
        base.write_bytes(data)

    edited.check(damage)


VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.binary(max_size=20),
    st.sampled_from(["[]", "{}", '{"content": "/"}', b"[]", "../../x", "9" * 5000]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(table=st.sampled_from(TABLES), row=st.integers(0, 11), column=st.integers(0, 4), value=VALUES)
def test_a_row_with_another_value_changes_no_byte(
    edited: Edited, table: str, row: int, column: int, value: object
) -> None:
    def damage(base: Path) -> None:
        with closing(sqlite3.connect(base)) as connection, connection:
            columns = [name for _, name, *_ in connection.execute(f"pragma table_info({table})")]
            keys = [key for (key,) in connection.execute(f"select {columns[0]} from {table}")]
            name, key = columns[column % len(columns)], keys[row % len(keys)]
            query = f"update or ignore {table} set {name} = ? where {columns[0]} = ?"
            with suppress(sqlite3.IntegrityError):  # a number is no text
                connection.execute(query, (value, key))

    edited.check(damage)


# On purpose

SCRIPT = "<script>alert(1)</script>"
HEADS = [
    ("T3", "T\u202e3"),
    ("T3", "T\\u0000"),
    ('"2026-01-04T00:00:00Z"', '"2026-01-04T00:00:00"'),
    ("https://example.org/2026/01/04/03/", "javascript:alert(1)"),
    ('"03.html",[', '"04.html",['),
    (",null,null,false", ',null,"javascript:alert(1)",false'),
    ('[["c0"]]', '[["c\\u200b0"]]'),
    ('[["c0"]]', '[[""]]'),
    ('[["c0"]]', "7"),
    ("]", ""),
]


@pytest.mark.parametrize("enough", [1, 2**17])
@pytest.mark.parametrize(("before", "after"), HEADS)
def test_a_forged_head_is_not_believed(
    copy: Folder, base: Path, before: str, after: str, enough: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "_ENOUGH", enough)

    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("delete from builds")
        (heads,) = connection.execute("select heads from heads").fetchone()
        assert before.encode() in heads
        forged = heads.replace(before.encode(), after.encode())
        connection.execute("update heads set heads = ?", (forged,))

    _reseal(base, forge)
    said: list[str] = []
    expected = _published_without(copy)
    _build(copy, said)
    assert (copy.published(), [DAMAGED in line for line in said]) == (expected, [True])


def _swapped(inputs: str) -> str:
    *facts, first, second = inputs.split(" ")
    return " ".join((*facts, second, first))


def _one_for_all(inputs: str) -> str:
    format_, head, shared, *entries = inputs.split(" ")
    return " ".join((format_, head, shared, *entries[:1] * len(entries)))


@pytest.mark.parametrize("change", [_swapped, _one_for_all, lambda inputs: inputs[:-33], str.upper, len])
def test_entries_of_other_articles_are_not_taken_from_a_document(
    copy: Folder, base: Path, change: Callable[[str], str]
) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("delete from builds")
        for path, inputs in connection.execute("select path, inputs from documents").fetchall():
            connection.execute("update documents set inputs = ? where path = ?", (str(change(inputs)), path))

    _reseal(base, forge)
    _touch(copy, "05.html", title="Other", date="2026-01-06", categories="[c2]")
    expected = _published_without(copy)
    assert _build(copy).exit_code == 1  # for bad.html
    assert copy.published() == expected


def test_a_document_that_somebody_changed_is_made_anew_as_a_whole(copy: Folder) -> None:
    document = copy.root / "feeds" / "atom.xml"
    document.write_bytes(document.read_bytes().replace(b"hello", b"jello"))
    _touch(copy, "05.html", title="Other", date="2026-01-06", categories="[c2]")
    expected = _published_without(copy)
    _build(copy)
    assert copy.published() == expected
    assert b"jello" not in document.read_bytes()


FILES = [
    ('"03.html"', '"04.html"'),
    ('"03.html"', '"none.html"'),
    ('"03.html",', ""),
    ('[["', '[["03.html","'),
    ("]]", ',""]]'),
    ("]", ""),
]


@pytest.mark.parametrize("enough", [1, 2**17])
@pytest.mark.parametrize(("before", "after"), FILES)
def test_heads_of_other_files_change_no_byte(
    copy: Folder, base: Path, before: str, after: str, enough: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "_ENOUGH", enough)

    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("delete from builds")
        (files,) = connection.execute("select files from heads").fetchone()
        assert before in files
        connection.execute("update heads set files = ?", (files.replace(before, after),))

    _reseal(base, forge)
    expected = _published_without(copy)
    assert _build(copy).exit_code == 1  # for bad.html
    assert copy.published() == expected


def test_a_problem_of_another_file_is_not_shown(copy: Folder, base: Path) -> None:
    secret = copy.root / "secret"
    secret.write_text("a\nb\npassword\n")

    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("delete from builds")
        (heads,) = connection.execute("select heads from heads").fetchone()
        rows = json.loads(heads)
        (bad,) = (row for row in rows if row[0] == "bad.html")
        bad[2][0][Problem._fields.index("file")] = "../secret"
        connection.execute("update heads set heads = ?", (json.dumps(rows).encode(),))

    _reseal(base, forge)
    assert [problem.file for problem in _build(copy).problems] == [os.path.join("content", "bad.html")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hello", "jello"),
        ("<p>", f"{SCRIPT}<p>"),
        ("<p>", '<p onclick="x()">'),
        ("<p>", "<!-- x --><p>"),
        ("</p>", ""),
        ("hello", "hello\x01"),
    ],
)
def test_a_forged_body_is_not_published(copy: Folder, base: Path, before: str, after: str) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("delete from builds")
        connection.execute("delete from documents")
        connection.execute("update bodies set content = replace(content, ?, ?)", (before, after))
        if after == "jello":
            return
        for key, facts, content in connection.execute("select key, facts, content from bodies").fetchall():
            row = json.loads(facts)
            row["content_hash"] = sha256(content.encode()).hexdigest()
            connection.execute("update bodies set facts = ? where key = ?", (json.dumps(row).encode(), key))

    _reseal(base, forge)
    said: list[str] = []
    expected = _published_without(copy)
    _build(copy, said)
    assert (copy.published(), [DAMAGED in line for line in said]) == (expected, [True])


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row["value"].update(files="many"),
        lambda row: row["value"].update(held=[7]),
        lambda row: row["value"].update(strict=1),
        lambda row: row["value"].update(problems=[["error"]]),
        lambda row: row["value"]["problems"][0].__setitem__(3, "../../etc/passwd"),
        lambda row: row["value"].update(more=1),
        lambda row: row.update(until="2030-01-01T00:00:00"),
        lambda row: row.update(documents=[1]),
        lambda row: row.update(documents=None),
        lambda row: row.update(content=None),
        lambda row: row.pop("skip"),
        lambda row: row.clear(),
    ],
)
def test_a_forged_result_is_not_reported(
    copy: Folder, base: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    _build(copy)  # at this place

    def forge(connection: sqlite3.Connection) -> None:
        for key, value in connection.execute("select key, value from builds").fetchall():
            row = json.loads(value)
            change(row)
            connection.execute("update builds set value = ? where key = ?", (json.dumps(row), key))

    _reseal(base, forge)
    said: list[str] = []
    expected = copy.published()
    outcome = _build(copy, said)
    assert (outcome.files, outcome.written, copy.published()) == (13, (), expected)
    assert [problem.file for problem in outcome.problems] == [os.path.join("content", "bad.html")]
    assert [DAMAGED in line for line in said] == [True]


def test_the_hash_of_a_document_is_that_of_the_record(copy: Folder, base: Path) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("delete from builds")
        connection.execute("update documents set hash = 'sha256:' || ?", ("0" * 64,))

    _reseal(base, forge)
    expected = _published_without(copy)
    _build(copy)
    assert copy.published() == expected


@pytest.mark.parametrize(
    "statement",
    [
        "create view other as select 1",
        "create trigger t after insert on documents begin delete from heads; end",
        "create table other (a)",
        "create index i on heads (seal)",
        "alter table heads add column more",
        ("create view v as with recursive r(n) as (select 1 union all select n + 1 from r) select n from r"),
    ],
)
def test_another_schema_is_not_used(copy: Folder, base: Path, statement: str) -> None:
    _change(base, statement)
    said: list[str] = []
    _build(copy, said)
    assert [DAMAGED in line for line in said] == [True]


def test_a_table_that_is_a_view_without_end_is_not_read(copy: Folder, base: Path) -> None:
    endless = "with recursive r(n) as (select 1 union all select n + 1 from r) select n name, n value from r"
    _change(base, "drop table facts", f"create view facts as {endless}")
    assert _build(copy).written == ()


def test_no_statement_goes_on_without_end(tmp_path: Path) -> None:
    query = "with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r"
    base = database.create(str(tmp_path / "base"), ["CREATE TABLE t (a)"], 1)
    with closing(base), pytest.raises(sqlite3.OperationalError, match="interrupted"):
        base.execute(query)


def test_rows_are_no_more_than_the_file_holds(
    copy: Folder, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "getsize", lambda path: 100)
    _change(base, "delete from builds")
    said: list[str] = []
    _build(copy, said)
    assert [DAMAGED in line for line in said] == [True]


# Where it lies


def _link(base: Path, victim: Path) -> None:
    base.unlink()
    base.symlink_to(victim)


def _hard_link(base: Path, victim: Path) -> None:
    base.unlink()
    os.link(victim, base)


def _log(base: Path, victim: Path) -> None:
    base.with_name(f"{NAME}-wal").symlink_to(victim)


def _journal(base: Path, victim: Path) -> None:
    """A hot journal that names another file, as those of SQLite's multi-file transactions do."""
    name = os.fsencode(victim)
    total = sum(name)
    tail = name + len(name).to_bytes(4, "big") + total.to_bytes(4, "big") + bytes.fromhex("d9d505f920a163d7")
    header = bytes.fromhex("d9d505f920a163d7") + b"\0\0\0\0" + b"\0" * 500
    base.with_name(f"{NAME}-journal").write_bytes(header + b"\0\0\0\0" + tail)


@pytest.mark.skipif(os.name == "nt", reason="POSIX only")
@pytest.mark.parametrize("make", [_link, _hard_link, _log, _journal])
@pytest.mark.parametrize("exists", [True, False])
def test_no_other_file_is_touched(
    copy: Folder,
    base: Path,
    tmp_path_factory: pytest.TempPathFactory,
    make: Callable[[Path, Path], None],
    exists: bool,
) -> None:
    folder = tmp_path_factory.mktemp("outside")
    victim = folder / "victim"
    if exists:
        victim.write_bytes(base.read_bytes())
    elif make is _hard_link:
        return
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    make(base, victim)
    _touch(copy, "03.html", title="Edited")
    expected = _published_without(copy)
    _build(copy)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert copy.published() == expected


def test_a_cache_in_the_content_folder_is_not_used(copy: Folder) -> None:
    for file in copy.content.iterdir():
        shutil.move(file, copy.root / file.name)
    (copy.root / CACHE_FOLDER / NAME).unlink()
    (copy.root / CACHE_FOLDER / "record").unlink()
    (copy.output / RECORD_NAME).unlink()
    said: list[str] = []
    for _ in range(2):
        _build(copy, said, content=".", output="../out")
    assert said == [f"the cache in {copy.root / CACHE_FOLDER} is not used: it lies in the content folder"] * 2
    assert not (copy.root / CACHE_FOLDER / NAME).exists()


@pytest.mark.parametrize("version", ["2", "4"])
def test_a_cache_that_git_tracks_is_not_used(copy: Folder, version: str) -> None:
    def git(*line: str) -> None:
        subprocess.run(["git", *line], cwd=copy.root.parent, check=True, capture_output=True)

    name = copy.root.name
    git("init")
    (copy.root / CACHE_FOLDER / ".gitignore").unlink()
    git("add", f"{name}/content")
    _touch(copy, "03.html", title="Edited")
    said: list[str] = []
    _build(copy, said)
    assert said == []
    git("add", f"{name}/{CACHE_FOLDER}/{NAME}")
    git("update-index", f"--index-version={version}")
    _touch(copy, "03.html", title="Edited again")
    _build(copy, said)
    assert said == [f"the cache in {copy.root / CACHE_FOLDER} is not used: git tracks it"]
    shutil.rmtree(copy.root.parent / ".git")


def _git(folder: Path, *line: str) -> None:
    subprocess.run(["git", *line], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def own_root(tmp_path: Path) -> Folder:
    """A Jekyll site in a git repository, whose root is the content folder since Jekyll has it so."""
    folder = Folder(tmp_path)
    (tmp_path / "_posts").mkdir()
    (tmp_path / "node_modules").mkdir()
    files = {
        "_config.yml": "url: https://example.org\n",
        "_posts/2026-01-02-rain.md": text("Rain", "2026-01-02"),
    }
    for name, written in files.items():
        (tmp_path / name).write_text(written, "utf-8")
        os.utime(tmp_path / name, (LONG_AGO, LONG_AGO))
    _git(tmp_path, "init")
    _git(tmp_path, "add", "_config.yml")
    return folder


def _refuse_to_publish(*_: object) -> None:
    raise AssertionError("the fast path was not taken")


def test_the_cache_at_a_generator_s_own_root_is_used(
    own_root: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    assert _build(own_root, said).published == 1
    assert (own_root.root / CACHE_FOLDER / NAME).exists()
    (own_root.root / "_site").mkdir()
    (own_root.root / "_site" / "index.html").write_text("made by Jekyll", "utf-8")
    (own_root.root / "node_modules" / "linked").symlink_to("/")
    monkeypatch.setattr(building, "_publish", _refuse_to_publish)
    assert _build(own_root, said).published == 1
    assert said == []


@pytest.mark.parametrize("reason", ["git tracks it", "no git", "a setting", "an option", "the environment"])
def test_a_cache_at_the_root_that_may_have_come_with_the_content_is_not_used(
    own_root: Folder, reason: str
) -> None:
    folder = own_root.root
    _build(own_root)
    cache = (folder / CACHE_FOLDER / NAME).read_bytes()
    told = "it lies in the content folder"
    more: dict[str, Any] = {}
    env = {}
    if reason == "git tracks it":
        told = reason
        _git(folder, "add", "-f", f"{CACHE_FOLDER}/{NAME}")
    elif reason == "no git":
        told += " and may have come with it; builds are only slower, "
        told += "until the site is in a git repository (git init)"
        shutil.rmtree(folder / ".git")
    elif reason == "a setting":
        (folder / "feedwright.toml").write_text('content = "."\noutput = "feeds"\n', "utf-8")
    elif reason == "an option":
        more = {"content": "."}
    else:
        env = {"FEEDWRIGHT_CONTENT": "."}
    said: list[str] = []
    for _ in range(2):
        _build(own_root, said, env=env, **more)
    assert said == [f"the cache in {folder / CACHE_FOLDER} is not used: {told}"] * 2
    assert (folder / CACHE_FOLDER / NAME).read_bytes() == cache


def test_the_index_of_a_worktree_is_found(tmp_path: Path) -> None:
    (tmp_path / "main.git").mkdir()
    (tmp_path / "tree" / CACHE_FOLDER).mkdir(parents=True)
    (tmp_path / "tree" / ".git").write_text("gitdir: ../main.git\n")
    name = f"{CACHE_FOLDER}/{NAME}".encode()
    entry = b"DIRC\0\0\0\2" + b"\0" * 62 + len(name).to_bytes(2, "big") + name + b"\0"
    (tmp_path / "main.git" / "index").write_bytes(entry)
    tree = str(tmp_path / "tree")
    cache = os.path.join(tree, CACHE_FOLDER)
    assert place.distrust(cache, tree, is_own_root=True) == "git tracks it"
    (tmp_path / "main.git" / "index").unlink()
    assert "git init" in place.distrust(cache, tree, is_own_root=True)


def _track(tree: Path, *options: str, folder: str = CACHE_FOLDER) -> None:
    _git(tree, "init", *options)
    for name in (f"{folder[:-2]}", f"{folder}-", f"{folder}/cache.sqlite2", f"{folder}/{NAME}"):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).touch()
    _git(tree, "add", "-f", ".")


def _plain(tree: Path) -> None:
    _track(tree)


def _in_capitals(tree: Path) -> None:
    _track(tree, folder=CACHE_FOLDER.upper())


def _with_a_shared_index(tree: Path) -> None:
    _track(tree)
    _git(tree, "update-index", "--split-index")


def _with_extended_flags(tree: Path) -> None:
    _track(tree)
    _git(tree, "update-index", "--skip-worktree", f"{CACHE_FOLDER}/{NAME}", f"{CACHE_FOLDER}/cache.sqlite2")


def _with_an_index_of_version_4(tree: Path) -> None:
    _with_extended_flags(tree)
    _git(tree, "update-index", "--index-version=4")


def _with_long_hashes(tree: Path) -> None:
    _track(tree, "--object-format=sha256")
    _git(tree, "update-index", "--index-version=4")


def _with_an_index_of_nobody(tree: Path) -> None:
    _with_long_hashes(tree)
    (tree / ".git" / "index").write_bytes((tree / ".git" / "index").read_bytes()[:90])


@pytest.mark.parametrize(
    "track",
    [
        _plain,
        _in_capitals,
        _with_a_shared_index,
        _with_extended_flags,
        _with_an_index_of_version_4,
        _with_long_hashes,
        _with_an_index_of_nobody,
    ],
)
def test_what_git_tracks_is_found_however_its_index_is_written(
    tmp_path: Path, track: Callable[[Path], None]
) -> None:
    track(tmp_path)
    cache = os.path.join(tmp_path, CACHE_FOLDER)
    assert place.distrust(cache, str(tmp_path), is_own_root=True) == "git tracks it"


@pytest.mark.parametrize("version", ["2", "4"])
def test_what_git_does_not_track_is_no_cache_of_others(tmp_path: Path, version: str) -> None:
    _git(tmp_path, "init")
    for number in range(300):  # numbers of one byte and of two
        (tmp_path / f"{number:>0200}").touch()
        (tmp_path / f"{number}{CACHE_FOLDER}").touch()
    _git(tmp_path, "add", ".")
    _git(tmp_path, "update-index", f"--index-version={version}")
    _git(tmp_path, "update-index", "--split-index")
    cache = os.path.join(tmp_path, CACHE_FOLDER)
    assert place.distrust(cache, str(tmp_path), is_own_root=True) == ""
