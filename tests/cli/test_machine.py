"""The command on a failing machine: at any system call, short of file descriptors, without a network."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from desk import Desk
from paths import CASES
from sites import command, environment, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

EVERY = int(os.environ.get("FEEDWRIGHT_TEST_FAULTS", "80"))
"""One in so many system calls is made to fail; 1 tries all of them and takes half an hour."""

SAFELY = [sys.executable, "-P", "-m", "feedwright"]
"""The command, with a Python that imports nothing from the current folder."""

MOMENT = "2026-11-22T00:00:00Z"
TOUCHING = ["openat", "read", "pread64", "newfstatat", "getdents64", "write", "pwrite64", "fsync", "rename"]
SHARES = range(2)
HOSTILE = CASES / "hostile" / "content"
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A published site, one of whose three articles has changed since."""
    desk = Desk(tmp_path / "site")
    desk.configure('formats = ["rss", "json", "page"]')
    for name in "abc":
        desk.write(f"{name}.md", text(name.upper(), categories="Tea"))
    assert desk.run("build").code == 0
    desk.write("a.md", text("A", body="<p>changed</p>", categories="Tea"))
    return desk


def _build(desk: Desk, *prefix: str) -> subprocess.CompletedProcess[bytes]:
    words = [*prefix, *SAFELY, "build", "--jobs", "1", "--now", MOMENT]
    env = {name: value for name, value in environment().items() if not name.startswith("COV")}
    return subprocess.run(words, cwd=desk.root, env=env, capture_output=True, check=False, timeout=120)


def _strace(*options: str) -> Sequence[str]:
    if sys.platform != "linux" or not shutil.which("strace"):
        pytest.skip("needs strace")
    return ["strace", "-f", *options]


def _calls_named(names: Iterable[str]) -> str:
    """Return a filter for strace; some machines have only the `at` form of a call."""
    return ",".join(f"?{name},?{name}at,?{name}at2" for name in names)


def _calls(log: Path) -> list[str]:
    """The system calls in a log of strace, with arguments and results."""
    lines = [line.split(None, 1)[1] for line in log.read_text(errors="replace").splitlines()]
    calls = [line for line in lines if line[0].isalpha()]
    assert calls
    return calls


def _assert_whole(desk: Desk) -> None:
    """Assert that there are published documents, all of them well-formed."""
    published = desk.published()
    assert "rss.xml" in published
    for path, data in published.items():
        if path.endswith(".tmp"):
            continue  # left by a build that was killed
        if path.endswith(".xml"):
            etree.fromstring(data)
        elif path.endswith(".json"):
            json.loads(data)
        else:
            assert data.endswith((b"</html>\n", b"}\n")), path


def _touches(desk: Desk, line: str) -> bool:
    return str(desk.root) in re.sub(r"AT_FDCWD<[^>]*>", "", line)


def _touching_the_site(desk: Desk, spare: Path) -> list[tuple[str, int]]:
    """The system calls of a build that touch the site, each with its number among those of its name."""
    log = spare / "log"
    shutil.copytree(desk.root, spare / "kept", symlinks=True)
    done = _build(desk, *_strace("-y", "-o", str(log), "-e", f"trace={_calls_named(TOUCHING)}"))
    assert done.returncode == 0
    turns: dict[str, int] = {}
    found = []
    for line in _calls(log):
        name = line.partition("(")[0]
        turns[name] = turns.get(name, 0) + 1
        if _touches(desk, line):
            found.append((name, turns[name]))
    return found


@pytest.mark.strace
@pytest.mark.parametrize("fault", ["error=EIO", "error=EMFILE", "signal=KILL"])
@pytest.mark.parametrize("share", SHARES)
def test_any_failing_system_call_leaves_feeds_intact_and_the_next_build_heals(
    desk: Desk, tmp_path: Path, fault: str, share: int
) -> None:
    calls = _touching_the_site(desk, tmp_path)
    published = desk.published()
    assert len(calls) > 100
    if "EMFILE" in fault:
        calls = [call for call in calls if call[0] == "openat"]
    log = tmp_path / "log"
    chosen = calls[share * EVERY // len(SHARES) :: EVERY]
    assert chosen
    hits = 0
    for name, turn in chosen:
        shutil.rmtree(desk.root)
        shutil.copytree(tmp_path / "kept", desk.root, symlinks=True)
        injected = ("-e", f"trace={name}", "-e", f"inject={name}:{fault}:when={turn}")
        done = _build(desk, *_strace("-y", "-o", str(log), *injected))
        attempt = (name, turn, done.returncode, done.stderr.decode())
        _assert_whole(desk)
        hit = _hit(log)
        assert hit, attempt
        if "KILL" in fault or _touches(desk, hit):  # otherwise the call was for a library's file
            hits += 1
            is_told = done.returncode == 2 and b"CFG002" in done.stderr
            assert is_told or done.returncode in (0, 1, 3, -signal.SIGKILL), attempt
            assert b"Traceback" not in done.stderr, attempt
        assert _build(desk).returncode == 0, attempt
        assert desk.published() == published, attempt
    assert hits > len(chosen) / 2


def _hit(log: Path) -> str:
    """The call that failed or in which the process was killed, "" if there is none."""
    hit = [call for call in _calls(log) if call.endswith(("(INJECTED)", "= ?"))]
    return hit[0] if hit else ""


@posix
def test_a_build_needs_few_descriptors(desk: Desk) -> None:
    desk.configure("limit = 5")
    for number in range(60):
        desk.write(f"more/{number}.md", text(f"N{number}", categories=f"C{number}"))
    limit = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32));"
    run = f"{limit} sys.argv[0] = 'feedwright'; runpy.run_module('feedwright', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", run, "build", "--now", MOMENT, "--jobs", "1"],
        cwd=desk.root,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(desk.published()) >= 2 * 62 + 1


@posix
def test_too_few_descriptors_break_nothing(desk: Desk) -> None:
    before = desk.published()
    ends = []
    for number in range(3, 32):  # up to the first number that is enough
        done = _build(desk, "sh", "-c", f'ulimit -n {number}; exec "$@"', "sh")
        _assert_whole(desk)
        ends.append(done.returncode)
        if done.returncode == 0:
            break
        assert desk.published() == before
    assert 3 in ends, ends  # feedwright reported it; with even fewer, Python itself does not start
    assert ends[-1] == 0, ends
    assert desk.published() != before


@pytest.mark.parametrize("name", ["build", "check", "diff", "clean"])
def test_no_command_uses_the_network(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    desk.write(
        "pictures.html", text("P", body='<img src="https://example.org/a.png">', cover="https://e.org/b")
    )
    for function in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, function, refuse, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert desk.run(name).code in (0, 5)


@pytest.mark.strace
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_no_process_uses_the_network_and_only_python_is_started(
    desk: Desk, tmp_path: Path, jobs: str
) -> None:
    log = tmp_path / "log"
    prefix = _strace("-o", str(log), "-e", "trace=connect,bind,sendto,execve")
    words = [*prefix, *command("build", "--jobs", jobs, "--now", MOMENT)]
    done = subprocess.run(words, cwd=desk.root, env=environment(), capture_output=True, check=False)
    assert done.returncode == 0
    calls = _calls(log)
    asked = [call for call in calls if call.startswith(("connect(", "bind(", "sendto("))]
    assert [call for call in asked if "AF_UNIX" not in call] == []
    started = [call for call in calls if call.startswith("execve(") and call.endswith("= 0")]
    assert len({line.split()[0] for line in log.read_text("utf-8").splitlines()}) >= int(jobs)
    assert all("python" in call.partition(",")[0] for call in started)


@pytest.mark.strace
def test_only_paths_of_the_site_are_touched(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(text("Secret"), "utf-8")
    shutil.copytree(HOSTILE, desk.content / "hostile")
    log = tmp_path / "log"
    names = ["openat", "rename", "unlink", "mkdir", "rmdir", "symlink", "link", "chmod", "fchmod", "truncate"]
    done = _build(desk, *_strace("-o", str(log), "-e", f"trace={_calls_named(names)}"))
    assert done.returncode == 1  # some hostile articles are held
    writing = re.compile(
        r"O_WRONLY|O_RDWR|O_CREAT|^(?:rename|unlink|mkdir|rmdir|symlink|link|f?chmod|truncate)"
    )
    lines = [line for line in _calls(log) if " = -1 " not in line]
    written = {path for line in lines if writing.search(line) for path in re.findall(r'"(/[^"]*)"', line)}
    below = str(desk.root) + "/"
    assert {path for path in written if not path.startswith((below, "/dev/"))} == set()
    assert any(path.endswith(".tmp") for path in written)
    read = {path for line in lines for path in re.findall(r'"(/[^"]*)"', line)}
    assert any(path.startswith(below) and path.endswith(".html") for path in read), read
    assert {path for path in read if path.startswith(str(tmp_path)) and path + "/" != below} == {
        path for path in read if path.startswith(below)
    }


@pytest.mark.parametrize("environ", [{}, {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}])
def test_no_file_in_the_folder_is_executed(desk: Desk, environ: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "bin" / "feedwright"  # as pip writes it
    script.parent.mkdir()
    script.write_text("from feedwright.__main__ import main\nif __name__ == '__main__':\n    main()\n")
    desk.write("long.md", text("Long", body="word " * 20_000))
    names = {*sys.stdlib_module_names, "click", "bleach", "yaml", "lxml", "jinja2", "sitecustomize"}
    for name in names - {"__future__"}:
        (desk.root / f"{name}.py").write_text("raise SystemExit('executed')\n")
    words = [sys.executable, str(script), "build", "--jobs", "2", "--no-cache", "--now", MOMENT]
    done = subprocess.run(words, cwd=desk.root, env=environment(environ), capture_output=True, check=False)
    assert (done.returncode, b"executed" in done.stderr) == (0, False), done.stderr
    assert "Long" in desk.titles("rss.xml")
