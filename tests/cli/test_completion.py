"""Completion in the shells that are installed: words are typed, completed, and read as the shell has them."""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import signal
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from desk import Desk
from sites import environment, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a terminal of POSIX")

_READY = "function fish_prompt; echo -n 'ready$ '; end"
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(feedwright completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -Uz compinit; compinit -u; eval "$(feedwright completion zsh)"'),
    "fish": (["fish", "--no-config", "-i", "-C", _READY], "feedwright completion fish | source"),
}
"""How each shell is begun without its user's settings, and what its completion is switched on with."""

LABELS = ("Tea time", 'O\'Neil & "co" `$x`; $(id)', "Green, blue", "雨 天")
BEGUN = ("Te", '"Te', "'Te", "O", '"O', "Gr", "雨")
_PATIENCE = 60
_LINE_BEGINS, _LINE_ENDS = "\x01", "\x05"


class Terminal:
    """A shell that somebody types into."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._shown = b""

    def type(self, keys: str) -> None:
        os.write(self._file, keys.encode())

    def read(self, until: bytes) -> str:
        """Return what is shown up to the end of a pattern, since the last time."""
        began = time.monotonic()
        while not (found := re.search(until, self._shown, re.DOTALL)):
            assert time.monotonic() - began < _PATIENCE, self._shown
            if select.select([self._file], [], [], 1)[0]:
                self._shown += os.read(self._file, 2**16)
        shown, self._shown = self._shown[: found.end()], self._shown[found.end() :]
        return shown.decode()


@contextmanager
def _terminal(command: list[str], folder: Path, env: dict[str, str]) -> Iterator[Terminal]:
    import pty

    process, file = pty.fork()
    if not process:
        os.chdir(folder)
        os.execvpe(command[0], command, env)
    try:
        yield Terminal(file)
    finally:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(file)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of forkpty:DeprecationWarning")
@pytest.mark.parametrize("shell", SHELLS)
def test_labels_of_any_kind_become_one_word(shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    desk = Desk(tmp_path)
    desk.configure()
    for number, label in enumerate(LABELS):
        desk.write(f"{number}.md", text(categories="'{}'".format(label.replace("'", "''"))))
    program = tmp_path / "bin" / "feedwright"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m feedwright "$@"\n', "utf-8")
    program.chmod(0o755)
    own = {"HOME": str(tmp_path), "PS1": "ready$ ", "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    command, switch_on = SHELLS[shell]
    with _terminal(command, tmp_path, {**environment(), **own, "PATH": path}) as terminal:
        terminal.read(rb"ready\$")
        terminal.type(f"{switch_on}\r")
        for begun in BEGUN:
            terminal.type(f"feedwright new A --category {begun}\t{_LINE_BEGINS}printf '<%s>\\n' ")
            terminal.type(f"{_LINE_ENDS} end\r")
            *_, label = re.findall(r"(?m)^<(.*)>\r?$", terminal.read(rb"\n<end>\r?\n").replace("<end>", ""))
            assert label in LABELS
            assert label.startswith(begun.strip("'\""))
