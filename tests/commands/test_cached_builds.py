"""A build with a cache comes to the same, byte for byte, as one without; and does no more than it must."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedwright.bodies import sanitize
from feedwright.cache import memo
from feedwright.cache.store import NAME
from feedwright.commands import build_order, stages
from feedwright.commands.build import build_here
from feedwright.commands.context import Context, Options
from feedwright.disk import CACHE_FOLDER
from feedwright.problems import MachineError
from sites import NOW, URL, Folder, codes, environment, files_of, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from feedwright import Outcome

WORDS: dict[int, list[str]] = {}
"""What a build said while it ran, by the outcome's identity."""

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def _build(folder: Folder, *, cached: bool = True, now: datetime = NOW, **asked: Any) -> Outcome:
    said: list[str] = []
    context = Context(
        Options(cached=cached, url=URL, jobs=1, **asked),
        {"FEEDWRIGHT_TIMEZONE": "UTC"},
        str(folder.root),
        now=now,
        began=time.time_ns(),
        notify=said.append,
    )
    done = build_here(context)
    WORDS[id(done)] = said
    return done


def _settle(folder: Folder) -> None:
    """Make the files as old as those of a checkout are: what was just written is not trusted."""
    for file in folder.content.rglob("*"):
        os.utime(file, (LONG_AGO, LONG_AGO))


def _site(folder: Folder, articles: int = 4) -> None:
    for n in range(articles):
        folder.write(f"{n}.md", text(f"T{n}", date=f"2026-01-{n + 1:02}", categories=f"[c{n % 2}]"))
    _settle(folder)


def _read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything fail that goes beyond the glance at the last build."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("more than a glance")

    monkeypatch.setattr(build_order, "make_plan", fail)


# What cannot be told from the output


def test_when_nothing_changed_a_glance_is_enough(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    _site(folder)
    folder.write("bad.md", text("Bad", date="tomorrow"))
    _settle(folder)
    first = _build(folder)
    _read_nothing(monkeypatch)
    again = _build(folder)
    assert again.written == ()
    assert again.unchanged == tuple(sorted(first.written))
    assert (again.problems, again.held, again.files, again.published) == (
        first.problems,
        first.held,
        first.files,
        first.published,
    )
    assert again.exit_code == first.exit_code == 1


def test_a_fresh_checkout_with_the_cache_is_unchanged_too(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _site(folder, 20)
    _build(folder)
    articles, documents = list(folder.content.rglob("*")), list(folder.output.rglob("*.xml"))
    assert (len(articles), len(documents)) == (20, 6)
    for file in (*articles, *documents):
        os.utime(file, (LONG_AGO + 5, LONG_AGO + 5))
    _read_nothing(monkeypatch)
    assert _build(folder).written == ()
    monkeypatch.setattr("feedwright.cache.snapshot.content_digest", None)  # the new stamps were kept
    assert _build(folder).written == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.write("1.md", text("Other")),
        lambda f: f.write("new.md", text("New")),
        lambda f: (f.content / "1.md").unlink(),
        lambda f: (f.content / "1.md").rename(f.content / "renamed.md"),
        lambda f: (f.output / "atom.xml").unlink(),
        lambda f: (f.output / "atom.xml").write_text("edited by hand"),
        lambda f: [path.unlink() for path in f.output.rglob("*.xml")],
        lambda f: (f.root / "feedwright.toml").write_text('title = "Another"\n'),
    ],
    ids=["edit", "add", "delete", "rename", "document gone", "document edited", "documents gone", "settings"],
)
def test_every_change_is_seen(folder: Folder, change: Callable[[Folder], object]) -> None:
    _site(folder)
    _build(folder)
    change(folder)
    assert _build(folder).written
    assert _build(folder).written == ()


def test_an_edit_of_the_same_size_at_once_is_seen(folder: Folder) -> None:
    folder.write("a.md", text("A", body="<p>one</p>"))
    _build(folder)
    file = folder.content / "a.md"
    stamp = file.stat()
    file.write_text(text("A", body="<p>two</p>"))
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    _build(folder)
    assert "two" in folder.entries()[0].content[0].value


@pytest.mark.skipif(os.name == "nt", reason="Windows does not tell")
@pytest.mark.parametrize("name", ["content/1.md", "feeds/atom.xml"])
def test_what_was_written_over_as_if_it_were_old_is_seen(folder: Folder, name: str) -> None:
    _site(folder)
    _build(folder)
    _settle(folder)
    assert _build(folder).written == ()
    file = folder.root / name
    stamp, data = file.stat(), file.read_bytes()
    with file.open("r+b") as opened:  # the same file with another text, as `cp -p` leaves it
        opened.write(data.replace(b"T1", b"T2"))
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert _build(folder).written


def test_an_article_that_has_become_due_is_published_though_no_file_changed(folder: Folder) -> None:
    _site(folder)
    folder.write("soon.md", text("Soon", date="2026-12-01", expiryDate="2026-12-10"))
    folder.write("update.md", text("Update", date="2026-01-20", updated="2026-12-05"))
    _settle(folder)
    titles = []
    for day in (0, 10, 10, 14, 30, 0):
        _build(folder, now=NOW + timedelta(days=day))
        titles.append("Soon" in folder.titles())
    assert titles == [False, True, True, True, False, False]


def test_what_could_not_be_read_is_read_again_though_no_file_changed(folder: Folder) -> None:
    _site(folder)
    read = os.read
    with pytest.MonkeyPatch.context() as patch:

        def fail(handle: int, size: int) -> bytes:
            data = read(handle, size)
            if b"title: T2" in data:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return data

        patch.setattr(os, "read", fail)
        done = _build(folder)
        assert (done.exit_code, codes(done)) == (1, ["FS005"])
    assert (_build(folder).exit_code, folder.titles()) == (0, ["T3", "T2", "T1", "T0"])


def _other_article(folder: Folder) -> None:
    folder.write("2.md", text("Other", "2026-05-05 11:11:11", "Nothing in common"))


def _retitled_and_moved(folder: Folder) -> None:
    (folder.content / "2.md").unlink()
    folder.write("new.md", text("T2", "2026-05-05 11:11:11", "Nothing in common"))


def _copies(folder: Folder) -> None:
    for name in ("one.md", "two.md"):
        folder.write(name, text("Twin", "2026-02-02", "Same"))


def _lost_record(folder: Folder) -> None:
    (folder.output / "feedwright.lock.json").unlink()
    folder.write("new.md", text("New", "2026-05-05"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_other_article, "ID004"),
        (_retitled_and_moved, "ID002"),
        (_copies, "ID003"),
        (_lost_record, "PUB012"),
    ],
)
def test_a_warning_about_a_change_is_given_once(
    folder: Folder, change: Callable[[Folder], None], code: str
) -> None:
    _site(folder)
    _build(folder)
    change(folder)
    _settle(folder)
    accept = frozenset({"new-article"})
    assert code in codes(_build(folder, accept=accept))
    again, plain = (codes(_build(folder, accept=accept, cached=cached)) for cached in (True, False))
    assert again == plain
    assert code not in again


def test_a_clock_that_was_wrong_is_told_as_long_as_the_record_says_so(folder: Folder) -> None:
    _site(folder)
    _build(folder)
    early = NOW.replace(month=1, day=2)
    told = [codes(_build(folder, now=early, cached=cached)) for cached in (True, True, False)]
    assert "TIME001" in told[0]
    assert told[1] == told[2]


def test_an_author_whose_name_nobody_sees_leaves_the_cache_as_it_is(folder: Folder) -> None:
    _site(folder)
    folder.write("a.md", text("A", author='"\\xad <bob@e.org>"'))
    assert WORDS[id(_build(folder))] == []
    folder.write("0.md", text("Other"))
    assert WORDS[id(_build(folder))] == []


def test_options_and_environment_are_part_of_what_is_known(folder: Folder) -> None:
    _site(folder)
    _build(folder)
    assert _build(folder, limit=1).written
    assert len(folder.titles()) == 1
    assert _build(folder).written
    assert _build(folder, limit=1).written  # it is known, but not what is published now


# What must be the same


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "retitle", "delete", "add", "touch", "move", "break", "recategorize"]),
        st.integers(0, 5),
    ),
    max_size=6,
)


def _apply(folder: Folder, step: str, n: int, turn: int) -> None:
    file = folder.content / f"{n}.md"
    match step:
        case "delete":
            file.unlink(missing_ok=True)
        case "move":
            if file.exists():
                file.rename(folder.content / f"moved-{n}-{turn}.md")
        case "touch":
            if file.exists():
                os.utime(file, (LONG_AGO + turn, LONG_AGO + turn))
        case "break":
            folder.write(file.name, text(f"T{n}", date="tomorrow"))
        case _:
            facts = {"edit": {"body": f"<p>{turn}</p>"}, "retitle": {"title": f"R{turn}"}}.get(step, {})
            folder.write(
                file.name,
                text(**{"title": f"T{n}", "date": f"2026-02-0{n + 1}", **facts}, categories=f"[c{turn}]"),
            )


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_with_and_without_a_cache_the_bytes_are_the_same(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with_cache, without = (Folder(tmp_path_factory.mktemp("site")) for _ in range(2))
    for folder in (with_cache, without):
        _site(folder)
    for turn, (step, n) in enumerate([("touch", 0), *steps]):
        for folder in (with_cache, without):
            _apply(folder, step, n, turn)
        done = _build(with_cache, accept=frozenset({"empty"}))
        plain = _build(without, accept=frozenset({"empty"}), cached=False)
        assert with_cache.published() == without.published()
        assert (done.problems, done.written) == (plain.problems, plain.written)
    assert not (without.root / CACHE_FOLDER / NAME).exists()


# What may happen to the file


@pytest.mark.parametrize(
    "damage",
    [b"", b"SQLite format 3\0" + b"\0" * 5000, b"no database at all" * 100, "cut", "middle"],
    ids=["empty", "header only", "text", "cut short", "page overwritten"],
)
def test_a_damaged_cache_is_made_anew(folder: Folder, damage: bytes | str) -> None:
    _site(folder, 30)
    _build(folder)
    published = folder.published()
    file = folder.root / CACHE_FOLDER / NAME
    data = file.read_bytes()
    if damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "middle":
        file.write_bytes(data[:4096] + b"\xff" * 8192 + data[12288:])
    elif isinstance(damage, bytes):
        file.write_bytes(damage)
    (folder.content / "1.md").unlink()
    folder.write("1.md", text("T1", date="2026-01-02", categories="[c1]"))
    done = _build(folder)
    assert (done.written, done.problems) == ((), ())
    assert folder.published() == published
    assert WORDS[id(done)] == [f"the cache in {folder.root / CACHE_FOLDER} was damaged and has been rebuilt"]
    with closing(sqlite3.connect(file)) as base, base:
        assert base.execute("pragma integrity_check").fetchone() == ("ok",)
        assert base.execute("select json_array_length(heads) from heads").fetchall() == [(30,)]


def test_bleach_is_not_asked_again_about_a_form_of_a_tag(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _site(folder)
    _build(folder)
    sanitize.tag_forms.cache_clear()  # as in another process
    monkeypatch.setattr(sanitize, "bleach_pass", pytest.fail)
    folder.write("1.md", text("T1", body="<p>Another text</p>"))
    assert _build(folder).exit_code == 0
    assert "Another text" in "".join(entry.content[0].value for entry in folder.entries())
    sanitize.tag_forms.cache_clear()


@pytest.mark.parametrize("answers", ["{", '["<p>"]', '{"<p>": 1}', 7, b"{}"])
def test_answers_that_bleach_did_not_give_make_the_cache_anew(folder: Folder, answers: object) -> None:
    _site(folder)
    _build(folder)
    sanitize.tag_forms.cache_clear()
    with closing(sqlite3.connect(folder.root / CACHE_FOLDER / NAME)) as base, base:
        base.execute("update facts set value = ? where name = 'answers'", (answers,))
    folder.write("1.md", text("T1", body="<p>Another text</p>"))
    done = _build(folder)
    assert WORDS[id(done)] == [f"the cache in {folder.root / CACHE_FOLDER} was damaged and has been rebuilt"]
    assert done.published == 4


def test_answers_that_somebody_made_up_publish_nothing(folder: Folder) -> None:
    _site(folder)
    _build(folder)
    sanitize.tag_forms.cache_clear()
    made_up = dict.fromkeys(["<script>", '<p onclick="t">', '<a href="javascript:a()">', "<p>"], True)
    with closing(sqlite3.connect(folder.root / CACHE_FOLDER / NAME)) as base, base:
        base.execute("update facts set value = ? where name = 'answers'", (json.dumps(made_up),))
    hostile = '<p onclick="t">T</p><script>a()</script><a href="javascript:a()">a</a>'
    folder.write("1.md", text("T1", body=hostile))
    _build(folder)
    published = b"".join(folder.published().values())
    assert not any(word in published for word in (b"<script", b"&lt;script", b"onclick", b"javascript:"))
    sanitize.tag_forms.cache_clear()


def test_a_cache_of_another_version_is_made_anew(folder: Folder) -> None:
    _site(folder)
    _build(folder)
    with closing(sqlite3.connect(folder.root / CACHE_FOLDER / NAME)) as base, base:
        base.execute("update facts set value = '1 0.0.0' where name = 'maker'")
    done = _build(folder)
    assert (done.written, WORDS[id(done)]) == ((), [])


@pytest.mark.skipif(os.name == "nt", reason="POSIX only")
def test_a_cache_folder_that_is_a_link_is_left_alone(folder: Folder, tmp_path: Path) -> None:
    _site(folder)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / NAME).write_bytes(b"somebody's")
    (folder.root / CACHE_FOLDER).symlink_to(elsewhere)
    with pytest.raises(MachineError):
        _build(folder)
    assert {file.name: file.read_bytes() for file in elsewhere.iterdir()} == {NAME: b"somebody's"}


def test_a_cache_that_cannot_be_written_is_done_without(folder: Folder) -> None:
    _site(folder)
    (folder.root / CACHE_FOLDER).write_text("a file where the folder belongs")
    with pytest.raises(Exception, match=r"cannot be written|LOCK|Not a directory"):
        _build(folder)  # the lock lies there too
    (folder.root / CACHE_FOLDER).unlink()
    _build(folder)
    with closing(sqlite3.connect(folder.root / CACHE_FOLDER / NAME)) as other, other:
        other.execute("begin exclusive")
        folder.write("1.md", text("Changed"))
        assert _build(folder).written


def test_what_no_feed_shows_any_more_is_dropped(folder: Folder) -> None:
    _site(folder, 9)
    _build(folder, limit=3)

    def count(table: str, what: str = "count(*)") -> int:
        with closing(sqlite3.connect(folder.root / CACHE_FOLDER / NAME)) as base, base:
            return int(base.execute(f"select {what} from {table}").fetchone()[0])

    articles = "sum(json_array_length(heads))"
    assert (count("heads", articles), count("bodies"), count("builds")) == (9, 6, 1)
    for n in range(8):
        (folder.content / f"{n}.md").unlink()
    _build(folder, limit=3, accept=frozenset({"shrink"}))
    assert (count("heads", articles), count("bodies"), count("documents")) == (1, 1, 10)
    for limit in range(1, 15):
        _build(folder, limit=limit)
    assert count("builds") <= 8


def test_the_cache_tells_git_and_backups_to_leave_it(folder: Folder) -> None:
    _site(folder)
    _build(folder)
    found = files_of(folder.root / CACHE_FOLDER)
    assert found[".gitignore"] == b"*\n"
    assert found["CACHEDIR.TAG"].startswith(b"Signature: 8a477f597d28d172789f06886806bc55")


HEAVY = ["bleach", "nh3", "feedgen", "lxml", "yaml", "frontmatter", "selectolax", "can_ada", "filelock"]
HEAVY += ["markdown_it", "regex", "imagesize", "tomllib", "zoneinfo"]


def test_a_build_in_which_nothing_changed_imports_nothing_heavy(folder: Folder) -> None:
    _site(folder)
    script = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {HEAVY!r} if m in sys.modules]))\n"
        "from feedwright.__main__ import main\nmain()\n"
    )
    told = []
    plain = {n: v for n, v in environment().items() if not n.startswith("COVERAGE")}  # it imports tomllib
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", script, "build", "-q", "--url", URL],
            cwd=folder.root,
            env={**plain, "FEEDWRIGHT_TIMEZONE": "UTC"},
            capture_output=True,
            text=True,
            check=True,
        )
        told.append(done.stdout.strip())
    assert told[0] != "[]"
    assert told[1] == "[]"


def test_two_builds_at_once_leave_one_whole_publication(folder: Folder) -> None:
    _site(folder, 20)
    line = [sys.executable, "-m", "feedwright", "build", "-q", "--url", URL]
    env = environment({"FEEDWRIGHT_TIMEZONE": "UTC"})
    running = [subprocess.Popen(line, cwd=folder.root, env=env, stderr=subprocess.PIPE) for _ in range(3)]
    codes = [process.wait(60) for process in running]
    for process in running:
        process.communicate()
    assert set(codes) <= {0, 3}
    assert 0 in codes
    assert _build(folder, cached=False).written == ()


def test_first_builds_at_once_do_not_take_each_other_for_strangers(folder: Folder) -> None:
    _site(folder, 30)
    env = environment({"FEEDWRIGHT_TIMEZONE": "UTC"})
    lines = [
        [sys.executable, "-m", "feedwright", "build", "-q", "--url", URL, "--limit", str(n)]
        for n in (1, 2, 3)
    ]
    running = [subprocess.Popen(line, cwd=folder.root, env=env, stderr=subprocess.PIPE) for line in lines]
    told = [(process.communicate(timeout=60)[1].decode(), process.returncode) for process in running]
    assert all(code == 0 or (code == 3 and "LOCK00" in words) for words, code in told), told
    assert any(code == 0 for _, code in told)


@pytest.mark.skipif(sys.platform != "linux", reason="needs signals and the file system of Linux")
def test_an_impatient_second_interrupt_ends_the_build_too(folder: Folder) -> None:
    for n in range(400):
        folder.write(
            f"{n}.md", text(f"T{n}", date=f"2026-01-02 {n // 60:02}:{n % 60:02}:00", body="<p>x</p>" * 60)
        )
    line = [sys.executable, "-m", "feedwright", "build", "--limit", "all", "--url", URL, "--jobs", "2"]
    codes = []
    for wait in (0.4, 0.9, 1.4):
        process = subprocess.Popen(
            line, cwd=folder.root, env=environment(), stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(wait)
        for _ in range(2):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.01)
        codes.append(process.wait(timeout=300))
        assert codes[-1] in (0, 130, -signal.SIGINT)
        assert all(feedparser.parse(f.read_bytes()).bozo is False for f in folder.output.rglob("*.xml"))
        for made in (folder.output, folder.root / CACHE_FOLDER):
            shutil.rmtree(made, ignore_errors=True)
    assert set(codes) != {0}, "no build was interrupted"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems name files in UTF-8 anyway")
def test_a_locale_of_another_encoding_changes_no_name(folder: Folder) -> None:
    folder.write("中.md", text("标题", categories="中文"))
    line = [sys.executable, "-m", "feedwright", "build", "-q", "--url", URL]
    env = environment(
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "FEEDWRIGHT_TIMEZONE": "UTC"}
    )
    done = subprocess.run(line, cwd=folder.root, env=env, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (folder.output / "中文" / "rss.xml").exists()


@pytest.mark.parametrize(("module", "name"), [(memo, "_ENOUGH"), (stages, "_MANY")])
def test_very_many_articles_come_to_the_same(
    module: Any, name: str, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = {"categories": "[x, y]", "tags": "[t]", "author": "Li Lei"}
    for number in range(7):
        date = {"date": f"2026-01-0{number + 1} 12:00:00 +0800"}
        more = {"updated": f"2026-01-0{number + 1} 04:00:00 +0000"} if number % 2 else {}
        folder.write(f"{number}.md", text(f"T{number}", **facts, **date, **more))
    _build(folder)
    expected = folder.published()
    shutil.rmtree(folder.output)
    shutil.rmtree(folder.root / CACHE_FOLDER)
    monkeypatch.setattr(module, name, 3)
    for edited in (None, 0):
        if edited is not None:
            folder.write(f"{edited}.md", text("edited", **facts, date="2026-01-01 12:00:00 +0800"))
        _build(folder)
        assert (folder.published() == expected) is (edited is None)
    assert folder.titles()[-1] == "edited"
    with closing(sqlite3.connect(folder.root / CACHE_FOLDER / NAME)) as base:
        groups = [json.loads(files)[0] for (files,) in base.execute("select files from heads")]
        assert sorted(path for paths in groups for path in paths) == [f"{n}.md" for n in range(7)]
