"""Articles that hang, crash or exhaust the memory: a build loses the one article and nothing else."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

import sabotage
from desk import Desk
from feedwright import process_pool, workers
from feedwright.articles import reader
from feedwright.bodies import content, sanitize
from feedwright.commands import rows, stages
from sites import URL, Folder, codes, command, environment, run, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from feedwright import Outcome

T = TypeVar("T")
LONG = content.LIGHT + 1
# accepted by the pre-scan and the parsers, but bleach needs minutes
SLOW = "&" * 3_000_000

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


def _patiently(build: Callable[[int], T], *, others_done: Callable[[T], bool], first: int = 2) -> T:
    """Build with the shortest time limit that is enough for everything but the slow article.

    The limit is in seconds of wall time, so a busy machine needs a longer one; the slow article takes many
    times as long as the others.
    """
    limit = first
    done = build(limit)
    while not others_done(done) and limit < 128:
        limit *= 2
        done = build(limit)
    return done


def _build_patiently(folder: Folder, slow: str, *, jobs: int = 1, first: int = 2) -> Outcome:
    return _patiently(
        lambda limit: folder.build(f"time_limit = {limit}\n", jobs=jobs),
        others_done=lambda done: {p.file for p in done.problems if p.code == "LIM001"} <= {slow},
        first=first,
    )


def _behave(how: str) -> tuple[str, int]:
    if how == "hang":
        time.sleep(600)
    elif how == "die":
        os._exit(9)
    elif how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "swell":
        return how, len(bytearray(process_pool.MEMORY))
    return how, os.getpid()


@posix
@pytest.mark.parametrize(
    ("how", "by"), [("hang", "time"), ("die", "death"), ("crash", "death"), ("swell", "memory")]
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_others_go_on(how: str, by: str, jobs: int) -> None:
    items = ["a", how, "b", how, "c"]

    def call(seconds: int) -> list[tuple[str, tuple[str, int] | workers.Lost]]:
        with workers.isolated(_behave, items, jobs=jobs, seconds=seconds) as rows:
            return list(rows)

    def others_done(found: list[tuple[str, tuple[str, int] | workers.Lost]]) -> bool:
        return all(isinstance(row, tuple) for item, row in found if item != how)

    found = _patiently(call, others_done=others_done, first=1 if how == "hang" else 300)
    assert [item for item, _ in found] == items
    results = [row.by if isinstance(row, workers.Lost) else row[0] for _, row in found]
    assert results == [by if item == how else item for item in items]
    assert os.getpid() not in {row[1] for _, row in found if isinstance(row, tuple)}


@posix
def test_the_task_that_killed_its_process_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages of the processes are read late, as on a busy machine: no other task is given up."""

    def read_late(manager: Any) -> None:
        while manager.context.alive:
            time.sleep(0.5)
            with suppress(BrokenProcessPool):
                manager.process_next_message(0)

    monkeypatch.setattr("pebble.pool.process.message_manager_loop", read_late)
    items = ["a", "crash", "b", "crash", "c"]
    with workers.isolated(_behave, items, jobs=2, seconds=60) as rows:
        results = [row.by if isinstance(row, workers.Lost) else row[0] for _, row in rows]
    assert results == ["a", "death", "b", "death", "c"]


def _fail(number: int) -> int:
    raise ValueError(number)


def test_what_a_call_raises_is_raised_here() -> None:
    with workers.isolated(_fail, [7], jobs=1, seconds=60) as rows, pytest.raises(ValueError, match="7"):
        list(rows)


def test_without_items_no_process_is_started() -> None:
    nothing: list[int] = []
    with workers.isolated(_fail, nothing, jobs=1, seconds=60) as rows:
        assert list(rows) == []


def _take_long(mark: str) -> str:
    if mark:
        time.sleep(300)
        with open(mark, "w", encoding="utf-8"):
            pass
    return mark


def test_leaving_early_does_not_wait_for_the_rest(tmp_path: Path) -> None:
    mark = str(tmp_path / "done")
    with workers.isolated(_take_long, ["", mark, mark], jobs=2, seconds=3000) as rows:
        assert next(rows) == ("", "")
    assert not os.path.exists(mark)


def test_a_body_that_takes_too_long_is_held_and_the_others_are_published(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("good.html", text("Good"))
    folder.write("long.html", text("Long", body="<p>word</p>\n" * (LONG // 12)))
    folder.write("slow.html", text("Slow", body=SLOW))
    done = _build_patiently(folder, "slow.html")
    assert (done.exit_code, codes(done)) == (1, ["LIM001"])
    assert re.search(r"took more than \d+ s", done.problems[0].message)
    assert "`time_limit`" in done.problems[0].hint
    assert sorted(folder.titles()) == ["Good", "Long"]


SMALL = {
    "quotes and lines that go on": ("a.md", "> " * 400 + "a\n" + "a\n" * 14_000),
    "quotes in a footnote": ("a.md", "[^a]: " + "> " * 300 + "a\n" + "a\n" * 14_000),
    "quotes around a table": ("a.md", "> " * 200 + "|a|b|\n" + "> " * 200 + "|-|-|\n" + "|x\n" * 9_000),
}


@posix
@pytest.mark.parametrize(
    ("jobs", "name", "body"), [(1 + at % 2, *small) for at, small in enumerate(SMALL.values())], ids=SMALL
)
def test_a_small_body_that_takes_too_long_is_held(jobs: int, name: str, body: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(name, text("Slow", body=body))
    assert content.is_light(name, content=folder.content)
    folder.write("b.html", text("B"))
    done = _build_patiently(folder, name, jobs=jobs, first=1)
    assert (done.exit_code, codes(done), folder.titles()) == (1, ["LIM001"], ["B"])


# Markdown bodies of 30 KB and 400 KB that would become 64 MB and 10 GB of HTML
@pytest.mark.parametrize("size", [15_000, 200_000])
def test_a_markdown_bomb_is_held(size: int, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("good.html", text("Good"))
    bomb = f'[a]: https://example.org/ "{"t" * size}"\n\n' + "[a] " * (size // 4)
    folder.write("bomb.md", text("Bomb", body=bomb))
    done = _build_patiently(folder, "bomb.md")
    assert (done.exit_code, folder.titles()) == (1, ["Good"])
    assert codes(done) in (["HTML004"], ["LIM001"])


def test_a_body_that_has_become_too_slow_keeps_its_published_version(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.html", text("A", body="<p>first</p>"))
    folder.write("b.html", text("B"))
    folder.build()
    before = folder.published()
    folder.write("a.html", text("A", body=SLOW))
    done = _build_patiently(folder, "a.html")
    assert (done.exit_code, codes(done)) == (1, ["LIM001"])
    assert folder.published() == before


# Markdown of 100 KB for which the parser needs minutes
ENDLESS = "> > > <pre>\n||\n|-|-|\n" * 5_000


def _count_lost(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which every body that is given up is added."""
    lost: list[str] = []
    give_up = content.lost

    def count(path: str, *options: Any) -> Any:
        lost.append(path)
        return give_up(path, *options)

    monkeypatch.setattr(content, "lost", count)
    return lost


def test_a_body_that_was_given_up_is_not_tried_again_until_it_or_the_limit_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = _count_lost(monkeypatch)
    desk = Desk(tmp_path)
    desk.write("slow.md", text("Slow", body=ENDLESS))
    desk.configure("time_limit = 1")
    for _ in range(2):  # the first time, nothing at all is published
        assert desk.run("build").codes[:1] == ["LIM001"]
    desk.write("a.html", text("A"))
    for _ in range(2):  # the second time, nothing has changed
        assert (desk.run("build").codes, desk.titles()) == (["LIM001"], ["A"])
    assert lost == ["slow.md"]
    desk.configure("time_limit = 2")
    assert desk.run("build").codes == ["LIM001"]
    assert lost == ["slow.md"] * 2
    desk.write("slow.md", text("Quick"))
    assert (desk.run("build").codes, sorted(desk.titles())) == ([], ["A", "Quick"])


def test_all_bodies_together_have_a_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "base_budget", lambda options: 0.0)
    monkeypatch.setattr(content, "budget", lambda paths, options: 0.0)
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("good.html", text("Good"))
    for name in ("one", "two"):
        desk.write(f"{name}.html", text(name, body="<p>word</p>\n" * (LONG // 12)))
    done = desk.run("build", "--report", "json")
    assert done.code == 1
    assert [(p["code"], p["file"]) for p in done.json["problems"]] == [("LIM006", "content/one.html")]
    assert "2 bodies: one.html, two.html" in done.json["problems"][0]["message"]
    assert desk.titles() == ["Good"]
    monkeypatch.undo()
    assert (desk.run("build").codes, sorted(desk.titles())) == ([], ["Good", "one", "two"])


def test_a_light_body_that_takes_too_long_is_made_where_it_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = _count_lost(monkeypatch)
    monkeypatch.setattr(stages, "LIGHT_SECONDS", 1e-6)
    folder = Folder(tmp_path)
    folder.write("a.html", text("A"))
    assert (folder.build().exit_code, folder.titles(), lost) == (0, ["A"], [])


@posix
def test_a_body_that_takes_too_much_memory_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "memory", lambda size: 2**20)
    folder = Folder(tmp_path)
    folder.write("good.html", text("Good"))
    folder.write("big.html", text("Big", body="<p>word</p>\n" * 60_000))
    done = folder.build()
    assert (done.exit_code, folder.titles()) == (1, ["Good"])
    assert codes(done) in (["LIM001"], ["LIM002"])  # where a library ends its process without memory


@posix
def test_front_matter_that_takes_too_long_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reader.read_heads

    def read_slowly(paths: Sequence[str], **options: Any) -> Any:
        while "slow.html" in paths:
            pass
        return read(paths, **options)

    monkeypatch.setattr(rows, "HEAD_SECONDS", 1)
    monkeypatch.setattr(reader, "read_heads", read_slowly)
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("a.html", text("A"))
    desk.write("slow.html", text("Slow"))
    assert (desk.run("build").codes, desk.titles()) == (["LIM001"], ["A"])


@posix
@pytest.mark.parametrize(
    ("fault", "held"), [(sabotage.die_in_body, "5.html"), (sabotage.die_in_front_matter, "6.html")]
)
def test_a_process_that_dies_takes_one_article_with_it(
    tmp_path: Path, fault: Callable[[], None], held: str
) -> None:
    folder = Folder(tmp_path / "site")
    for number in range(8):
        folder.write(f"{number}.html", text(f"T{number}"))
    words = ["build", "--url", URL, "--jobs", "2", "--report", "json", "--now", "2026-11-22T00:00:00Z"]
    done = run(
        *words, cwd=folder.root, env={**sabotage.sabotaged(tmp_path, fault), "FEEDWRIGHT_TIMEZONE": "UTC"}
    )
    assert done.returncode == 1, done.stderr
    problems = [(p["code"], p["file"]) for p in json.loads(done.stdout)["problems"]]
    assert problems == [("LIM002", f"content/{held}")]
    assert sorted(folder.titles()) == [f"T{number}" for number in range(8) if f"{number}.html" != held]


def test_an_error_of_a_library_holds_one_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean: Callable[..., Any] = sanitize.clean

    def fail(html: str, **options: Any) -> Any:
        if "odd" in html:
            raise AssertionError("hostile \x1b[2J text")
        return clean(html, **options)

    folder = Folder(tmp_path)
    folder.write("a.html", text("A"))
    folder.write("b.html", text("B", body="<p>odd</p>"))
    monkeypatch.setattr(sanitize, "clean", fail)
    done = folder.build()
    assert (done.exit_code, codes(done), folder.titles()) == (1, ["BUG001"], ["A"])
    assert "AssertionError in " in done.problems[0].message
    assert "\x1b" not in done.problems[0].message


def test_an_error_in_reading_front_matter_holds_one_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feedwright.articles import article

    read: Callable[..., Any] = article.read_in_steps

    def fail(reader: Any) -> Any:
        if reader.path == "b.html":
            raise LookupError("odd")
        return read(reader)

    folder = Folder(tmp_path)
    folder.write("a.html", text("A"))
    folder.write("b.html", text("B"))
    monkeypatch.setattr(article, "read_in_steps", fail)
    done = folder.build()
    assert (done.exit_code, codes(done), folder.titles()) == (1, ["BUG001"], ["A"])


@posix
def test_an_interrupt_does_not_wait_for_a_slow_body(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.settings('url = "https://example.org/"\ntime_limit = 3000\n')
    folder.write("long.html", text("Long", body="<p>word</p>\n" * (LONG // 12)))
    assert not content.is_light("long.html", content=folder.content)
    child = subprocess.Popen(
        command("build", "--jobs", "2"),
        cwd=tmp_path,
        env=environment(sabotage.sabotaged(tmp_path, sabotage.sleep_in_body)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"begun\n"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate()
    assert (child.returncode, out) == (130, b"")
    assert err.strip() == b"interrupted; the published files are intact"
