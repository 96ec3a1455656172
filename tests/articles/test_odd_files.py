"""Pipes, devices, links and giants where files of a site belong: nothing hangs or is written elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from desk import Desk
from feedwright import disk
from feedwright.articles import files
from sites import command, environment, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")
MOMENT = "2026-11-22T00:00:00Z"
GIANT = 3 * 2**30
RECORD = "feeds/feedwright.lock.json"


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _giant(path: Path) -> None:
    path.touch()
    os.truncate(path, GIANT)


ODD = pytest.mark.parametrize("make", [_fifo, _endless, _giant])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "site")
    desk.configure('formats = ["rss", "atom"]')
    desk.write("a.md", text("A"))
    assert desk.run("build").code == 0
    desk.write("a.md", text("A", body="<p>changed</p>"))
    return desk


def _run(desk: Desk, name: str, *more: str) -> tuple[int, str]:
    """Run a command in a process of its own, with little memory; it must not hang."""

    def little() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))

    timed = [] if name == "adopt" else ["--now", MOMENT, "--jobs", "1"]
    env = {n: v for n, v in environment().items() if not n.startswith("COV")}
    done = subprocess.run(
        command(name, *timed, *more),
        cwd=desk.root,
        env=env,
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=little,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stderr.decode()


@ODD
@pytest.mark.parametrize("name", ["build", "check", "diff", "clean"])
def test_in_the_place_of_the_record(desk: Desk, name: str, make: Callable[[Path], None]) -> None:
    (desk.root / RECORD).unlink()
    make(desk.root / RECORD)
    code, said = _run(desk, name)
    assert code in (3, 4)
    assert "feedwright.lock.json" in said


@ODD
@pytest.mark.parametrize("name", ["feedwright.toml", "pyproject.toml"])
def test_in_the_place_of_the_settings(desk: Desk, name: str, make: Callable[[Path], None]) -> None:
    (desk.root / name).unlink(missing_ok=True)
    make(desk.root / name)
    code, said = _run(desk, "build")
    assert (code, "CFG00" in said) in [(2, True), (0, False)]
    assert code == 2 or name == "pyproject.toml"


@ODD
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("build", {3, 4}),
        ("check", {3, 4, 5}),
        ("diff", {0, 3, 4, 5}),
        ("clean", {0, 3, 4}),
        ("adopt", {1, 3, 4}),
    ],
)
def test_in_the_place_of_a_document(
    desk: Desk, name: str, codes: set[int], make: Callable[[Path], None]
) -> None:
    (desk.output / "rss.xml").unlink()
    make(desk.output / "rss.xml")
    before = (desk.output / "atom.xml").read_bytes()
    code, _ = _run(desk, name, *(["feeds/rss.xml"] if name == "adopt" else []))
    assert code in codes or (make is _giant and name == "build" and code == 0)
    assert code == 0 or (desk.output / "atom.xml").read_bytes() == before


@ODD
def test_in_the_place_of_an_article(desk: Desk, make: Callable[[Path], None]) -> None:
    make(desk.content / "odd.md")
    code, _ = _run(desk, "build")
    assert code in (0, 1)
    assert list(desk.ids()) == ["A"]


def test_a_giant_article_is_held_and_shown_no_line_of(desk: Desk) -> None:
    file = desk.write("giant.md", text("G"))
    os.truncate(file, GIANT)
    code, said = _run(desk, "build")
    assert (code, "HTML004" in said) == (1, True)
    assert list(desk.ids()) == ["A"]


@pytest.mark.parametrize("make", [_fifo, _endless])
def test_in_the_place_of_who_holds_the_lock(desk: Desk, make: Callable[[Path], None]) -> None:
    make(desk.root / ".feedwright_cache" / "lock.holder")
    assert _run(desk, "build")[0] == 0


def test_no_link_in_the_cache_is_written_through(desk: Desk, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    for name in ("lock.holder", "cache.sqlite3-journal"):
        (desk.root / ".feedwright_cache" / name).unlink(missing_ok=True)
        (desk.root / ".feedwright_cache" / name).symlink_to(victim)
    _run(desk, "build")
    assert victim.read_bytes() == b"precious"


def test_a_cache_that_is_a_link_is_not_used(desk: Desk, tmp_path: Path) -> None:
    (desk.root / ".feedwright_cache").rename(tmp_path / "old")
    (tmp_path / "elsewhere").mkdir()
    (desk.root / ".feedwright_cache").symlink_to(tmp_path / "elsewhere")
    code, said = _run(desk, "build")
    assert (code, ".feedwright_cache" in said) == (3, True)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"text")
    (tmp_path / "link").symlink_to("file")
    assert disk.read_bytes(tmp_path / "file") == disk.read_bytes(tmp_path / "link") == b"text"
    os.mkfifo(tmp_path / "fifo")
    _giant(tmp_path / "giant")
    odd: list[tuple[str, dict[str, Any]]] = [
        ("fifo", {}),
        ("giant", {}),
        (".", {}),
        ("link", {"follow": False}),
    ]
    for name, how in odd:
        with pytest.raises(OSError, match=r"\d"):
            disk.read_bytes(tmp_path / name, **how)
    assert disk.file_sha256(str(tmp_path / "giant")) == ""


def test_a_line_is_looked_for_in_what_may_be_shown(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("\ufeffone\r\ntwo\rthree\n\nfive".encode())
    shown = [files.line_of(str(tmp_path / "a.md"), number) for number in range(7)]
    assert shown == [None, "one", "two", "three", "", "five", None]
    os.truncate(tmp_path / "a.md", GIANT)
    assert files.line_of(str(tmp_path / "a.md"), 3) == "three"
    os.mkfifo(tmp_path / "fifo.md")
    assert files.line_of(str(tmp_path / "fifo.md"), 1) is None
