"""A site to run commands in, in this process, as `python -m feedwright` would in its folder."""

from __future__ import annotations

import http.server
import io
import json
import os
import re
import signal
import sys
import threading
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from feedwright.__main__ import BUG, main
from sites import Folder, environment, text

if TYPE_CHECKING:
    from collections.abc import Iterator

MOMENT = "2026-11-22T00:00:00Z"
FORMATS = 'formats = ["rss", "atom"]\n'
SETTINGS = 'url = "https://example.org/"\ntimezone = "UTC"\n'
_TIMED = ("build", "check", "diff", "clean")


@dataclass(frozen=True)
class Output:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str

    @property
    def codes(self) -> list[str]:
        """The codes of the problems printed as text, in order."""
        return re.findall(r"(?:error|warning)[\[ ]([A-Z]{2,5}\d{3})\b", self.err)

    @property
    def json(self) -> Any:
        """The JSON report."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk(Folder):
    """A site with a configuration; commands run in its folder."""

    def configure(self, *lines: str) -> None:
        """Write a configuration with these lines added; formats are RSS and Atom unless they set them."""
        self.root.mkdir(parents=True, exist_ok=True)
        usual = SETTINGS if any(line.startswith("formats") for line in lines) else f"{SETTINGS}{FORMATS}"
        (self.root / "feedwright.toml").write_text(usual + "".join(f"{line}\n" for line in lines), "utf-8")

    def run(self, name: str, *arguments: str | Path, **environ: str) -> Output:
        """Run a command; with a fixed moment and a single process if it has options for them."""
        words = [name, *map(str, arguments)]
        if name in _TIMED:
            words += ["--jobs", "1", *(() if "--now" in words else ("--now", MOMENT))]
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        before = signal.getsignal(signal.SIGTERM)
        with (
            chdir(self.root),
            mock.patch.object(sys, "argv", ["feedwright", *words]),
            mock.patch.dict(os.environ, environment({"no_proxy": "*", **environ}), clear=True),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            main()
        signal.signal(signal.SIGTERM, before)
        code = ended.value.code
        assert isinstance(code, int)
        texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
        assert "Traceback" not in texts[1]
        if code == BUG:
            pytest.fail(_bug_report(texts[1]))
        return Output(code, *texts)

    def everything(self) -> dict[str, tuple[int, bytes]]:
        """The modification time and content of every file and folder of the site, including the cache."""
        return {
            path.relative_to(self.root).as_posix(): (
                path.stat().st_mtime_ns,
                path.read_bytes() if path.is_file() else b"",
            )
            for path in self.root.rglob("*")
        }

    def ids(self, path: str = "atom.xml") -> dict[str, str]:
        """The ids of a feed's entries by title."""
        return {entry.title: entry.id for entry in self.entries(path)}

    def record(self) -> Any:
        """The record, parsed."""
        return json.loads((self.output / "feedwright.lock.json").read_bytes())


def _bug_report(message: str) -> str:
    """The traceback in the file that a message names, which is deleted: nobody else is to find it."""
    file = Path(message.rsplit("report it with ", 1)[1].rstrip("\n"))
    traceback = file.read_text("utf-8")
    file.unlink()
    return traceback


def desk_with_tea(root: Path) -> Desk:
    """A site of two articles, one of them on tea; not published yet."""
    desk = Desk(root)
    desk.configure()
    desk.write("a.md", text("A", "2026-01-01"))
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Tea"))
    return desk


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder over HTTP; yield its address."""
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
