"""The first five minutes, as somebody types them: an empty home, a terminal, and no error."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from sites import Folder, command, environment, run

if TYPE_CHECKING:
    from pathlib import Path

needs_a_terminal = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


def _typed(words: list[str], answers: bytes, cwd: Path, env: dict[str, str]) -> tuple[int, str]:
    """The exit code of a command on a terminal of its own, and what is seen there."""
    import pty

    process, terminal = pty.fork()
    if process == 0:
        os.chdir(cwd)
        os.execve(sys.executable, [*command(*words)], env)
    os.write(terminal, answers)
    seen = b""
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not data:
            break
        seen += data
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), seen.decode().replace("\r\n", "\n")


@needs_a_terminal
def test_what_a_person_types_and_sees(tmp_path: Path) -> None:
    env = environment({"HOME": str(tmp_path), "TERM": "xterm", "COLUMNS": "80"})
    code, seen = _typed(["init", "blog"], b"https://example.net/\nTea\n\n", tmp_path, env)
    assert code == 0
    questions = ["Address of the site [https://example.org/]: ", "Name of the site [blog]: ", "CI recipe"]
    assert [seen.index(question) for question in questions] == sorted(map(seen.index, questions))
    assert seen.endswith("Next:\n  cd blog\n  feedwright build\n")
    blog = Folder(tmp_path / "blog")

    code, seen = _typed(["build"], b"", blog.root, env)
    assert code == 0
    assert re.search(r"1 article, 1 published · 10 documents written, .*\n→ feeds/index.html\n$", seen)
    (entry,) = blog.entries()
    assert entry.title == "Hello"
    assert entry.link.startswith("https://example.net/")

    code, seen = _typed(["new", "Second tea"], b"1\n", blog.root, env)
    assert code == 0
    assert "1 Notes\n" in seen
    assert seen.endswith("content/second-tea.md\n")
    code, seen = _typed(["list"], b"", blog.root, env)
    assert code == 0
    assert re.search(
        r"\d{4}-\d\d-\d\d \d\d:\d\d · second-tea\.md · /, notes/ ·\n    https://example\.net/", seen
    )


def test_two_commands_without_a_terminal(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    for words in (["init", "--yes"], ["build"], ["check"]):
        done = run(*words, cwd=tmp_path, env=env)
        assert done.returncode == 0, done.stderr.decode()
    assert Folder(tmp_path).titles() == ["Hello"]
