"""What hangs, dies or eats the memory: one article is lost for a build, and nothing else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from desk import Desk
from feedwright import processes, workers
from feedwright.bodies import entry, sanitize
from feedwright.commands import recall
from paths import TESTS
from sites import Folder, codes, environment, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from feedwright import Outcome

T = TypeVar("T")
LONG = entry.LIGHT + 1
# both the pre-scan and the parsers let it through, but bleach takes minutes for it
SLOW = "&" * 3_000_000

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


def _patiently(build: Callable[[int], T], *, others_done: Callable[[T], bool], first: int = 2) -> T:
    """Build with the shortest limit in which this machine, however busy, does all that is not slow.

    A limit is told in seconds of the clock. What is slow takes many times what the others take.
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
        return how, len(bytearray(processes.MEMORY))
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
    told = [row.by if isinstance(row, workers.Lost) else row[0] for _, row in found]
    assert told == [by if item == how else item for item in items]
    assert os.getpid() not in {row[1] for _, row in found if isinstance(row, tuple)}


def _fail(number: int) -> int:
    raise ValueError(number)


def test_what_a_call_raises_is_raised_here() -> None:
    with workers.isolated(_fail, [7], jobs=1, seconds=60) as rows, pytest.raises(ValueError, match="7"):
        list(rows)


def test_nothing_to_do_starts_nothing() -> None:
    nothing: list[int] = []
    with workers.isolated(_fail, nothing, jobs=1, seconds=60) as rows:
        assert list(rows) == []


def _take_long(mark: str) -> str:
    if mark:
        time.sleep(300)
        with open(mark, "w", encoding="utf-8"):
            pass
    return mark


def test_who_stops_asking_does_not_wait_for_the_rest(tmp_path: Path) -> None:
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
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("name", "body"), SMALL.values(), ids=SMALL)
def test_a_small_body_that_takes_too_long_is_held(name: str, body: str, jobs: int, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(name, text("Slow", body=body))
    assert entry.is_light(name, content=folder.content)
    folder.write("b.html", text("B"))
    done = _build_patiently(folder, name, jobs=jobs, first=1)
    assert (done.exit_code, codes(done), folder.titles()) == (1, ["LIM001"], ["B"])


# a Markdown body of 30 KB that would become 64 MB, and one of 400 KB that would become 10 GB
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


def test_what_was_given_up_is_tried_again_though_nothing_changed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("a.html", text("A"))
    desk.write("slow.html", text("Slow", body=SLOW))

    def build(limit: int) -> list[str]:
        desk.configure(f"time_limit = {limit}")
        return desk.run("build").codes

    assert _patiently(build, others_done=lambda told: len(told) == 1) == ["LIM001"]
    assert desk.titles() == ["A"]
    assert desk.run("build").codes == ["LIM001"]


@posix
def test_a_process_that_dies_in_a_body_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    for number in range(8):
        folder.write(f"{number}.html", text(f"T{number}", body="die" if number == 5 else "<p>fine</p>"))
    monkeypatch.setattr(recall, "_clean", _clean_or_die)
    done = folder.build(jobs=2)
    assert (done.exit_code, codes(done)) == (1, ["LIM002"])
    assert [problem.file for problem in done.problems] == ["5.html"]
    assert sorted(folder.titles()) == [f"T{number}" for number in range(8) if number != 5]


@posix
def test_a_process_that_dies_in_front_matter_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    for number in range(8):
        folder.write(f"{number}.html", text(f"T{number}"))
    monkeypatch.setattr(recall, "_read_head", _read_or_die)
    done = folder.build(jobs=2)
    assert (done.exit_code, codes(done)) == (1, ["LIM002"])
    assert [problem.file for problem in done.problems] == ["6.html"]
    assert sorted(folder.titles()) == [f"T{number}" for number in range(8) if number != 6]


_clean = recall._clean
_read_head = recall._read_head


def _clean_or_die(path: str, **more: Any) -> Any:
    if path == "5.html":
        os.kill(os.getpid(), signal.SIGKILL)
    return _clean(path, **more)


def _read_or_die(path: str, **more: Any) -> Any:
    if path == "6.html":
        os.kill(os.getpid(), signal.SIGKILL)
    return _read_head(path, **more)


def test_an_error_of_a_library_holds_one_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wash(html: str) -> str:
        if "odd" in html:
            raise AssertionError("hostile \x1b[2J text")
        return html

    folder = Folder(tmp_path)
    folder.write("a.html", text("A"))
    folder.write("b.html", text("B", body="<p>odd</p>"))
    monkeypatch.setattr(sanitize, "_bleach", lambda: wash)
    done = folder.build()
    assert (done.exit_code, codes(done), folder.titles()) == (1, ["BUG001"], ["A"])
    assert "AssertionError in " in done.problems[0].message
    assert "\x1b" not in done.problems[0].message


def test_an_error_in_reading_front_matter_holds_one_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feedwright.articles import article

    read: Callable[..., Any] = article.read

    def fail(reader: Any) -> Any:
        if reader.path == "b.html":
            raise LookupError("odd")
        return read(reader)

    folder = Folder(tmp_path)
    folder.write("a.html", text("A"))
    folder.write("b.html", text("B"))
    monkeypatch.setattr(article, "read", fail)
    done = folder.build()
    assert (done.exit_code, codes(done), folder.titles()) == (1, ["BUG001"], ["A"])


# A build that says when it is at a body, which takes very long.
_SLOW_BUILD = """
from feedwright.commands import recall
from feedwright.__main__ import main
import test_watched
if __name__ == "__main__":
    recall._clean = test_watched._clean_slowly
    main()
"""


def _clean_slowly(path: str, **more: Any) -> Any:
    os.write(1, b"begun\n")
    time.sleep(300)
    os.write(1, b"done\n")
    return _clean(path, **more)


@posix
def test_an_interrupt_does_not_wait_for_a_slow_body(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.settings('url = "https://example.org/"\ntime_limit = 3000\n')
    folder.write("long.html", text("Long", body="<p>word</p>\n" * (LONG // 12)))
    assert not entry.is_light("long.html", content=folder.content)
    script = tmp_path / "slow_build.py"
    script.write_text(_SLOW_BUILD, "utf-8")
    child = subprocess.Popen(
        [sys.executable, str(script), "build", "--jobs", "2"],
        cwd=tmp_path,
        env=environment({"PYTHONPATH": str(TESTS)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"begun\n"
    child.send_signal(signal.SIGINT)
    out, said = child.communicate()
    assert (child.returncode, out) == (130, b"")
    assert said.decode().split() == ["interrupted;", "the", "published", "files", "are", "whole"]
