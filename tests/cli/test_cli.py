"""The command from the outside: options, exit codes, streams, signals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from desk import Output
from feedwright.__main__ import main
from feedwright._version import __version__
from feedwright.articles import files
from sites import URL, Folder, command, environment, run, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
NOW = ("--now", "2026-11-22T00:00:00Z")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """An empty site in the current folder, with a clean environment."""
    monkeypatch.chdir(tmp_path)
    kept = environment()
    for name in set(os.environ) - set(kept):
        monkeypatch.delenv(name)
    monkeypatch.setenv("FEEDWRIGHT_TIMEZONE", "UTC")
    return Folder(tmp_path)


@pytest.fixture
def feedwright(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Output]]:
    """Run the command in this process."""
    before = signal.getsignal(signal.SIGTERM)

    def call(*arguments: str) -> Output:
        monkeypatch.setattr(sys, "argv", ["feedwright", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        code = caught.value.code
        assert isinstance(code, int)
        return Output(code, *capfd.readouterr())

    yield call
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def build(feedwright: Callable[..., Output]) -> Callable[..., Output]:
    """Run `feedwright build` with a URL and a fixed moment."""
    return lambda *arguments: feedwright("build", "--url", URL, *NOW, *arguments)


# Options


def test_one_command_is_enough(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A", categories="x"))
    output = build()
    assert (output.code, output.out) == (0, "")
    assert re.fullmatch(
        r"1 article, 1 published · 10 documents written, 0 unchanged · \d\.\d\d s\n", output.err
    ), output.err
    assert set(folder.published()) == {
        *(
            "atom.xml",
            "feed.css",
            "feed.json",
            "feeds.opml",
            "feedwright.lock.json",
            "index.html",
            "rss.xml",
        ),
        *("x/atom.xml", "x/feed.json", "x/index.html", "x/rss.xml"),
    }


def test_folders_and_configuration_by_name(folder: Folder, feedwright: Callable[..., Output]) -> None:
    (folder.root / "mine").mkdir()
    (folder.root / "mine" / "a.md").write_text(text("A"), "utf-8")
    (folder.root / "own.toml").write_text('url = "https://own.example/"\ntitle = "Own"\n', "utf-8")
    output = feedwright("build", "mine", "-o", "out", "-c", "own.toml", *NOW)
    assert (output.code, output.out) == (0, "")
    assert "<title>Own</title>" in (folder.root / "out" / "rss.xml").read_text("utf-8")
    assert not folder.output.exists()


def test_flags_override_the_environment(
    folder: Folder, feedwright: Callable[..., Output], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        folder.write(f"{n}.md", text(f"T{n}"))
    monkeypatch.setenv("FEEDWRIGHT_URL", "https://env.example/")
    monkeypatch.setenv("FEEDWRIGHT_LIMIT", "1")
    assert feedwright("build", *NOW).code == 0
    assert len(folder.entries()) == 1
    assert folder.entries()[0].link.startswith("https://env.example/")
    assert feedwright("build", *NOW, "--limit", "all", "--url", URL).code == 0
    assert len(folder.entries()) == 3
    assert folder.entries()[0].link.startswith(URL)


@pytest.mark.parametrize(
    ("limit", "entries"), [("2", 2), ("all", 3), ("ALL", 3), ("002", 2), ("999999999", 3)]
)
def test_limit(folder: Folder, build: Callable[..., Output], limit: str, entries: int) -> None:
    for n in range(3):
        folder.write(f"{n}.md", text(f"T{n}"))
    assert build("--limit", limit).code == 0
    assert len(folder.entries()) == entries


@pytest.mark.parametrize(
    "arguments",
    [
        ("--limit", "0"),
        ("--limit", "-1"),
        ("--limit", "many"),
        ("--limit", "2.5"),
        ("--limit", "²"),
        ("--limit", "9" * 5000),
        ("--limit", ""),
        ("--now", "tomorrow"),
        ("--now", "2026-13-01"),
        ("--jobs", "0"),
        ("--report", "xml"),
        ("--nonsense",),
        ("one", "two"),
        ("--url", "example.org"),
        ("-c", "missing.toml"),
        ("missing",),
    ],
)
def test_usage_errors_touch_nothing(
    folder: Folder, build: Callable[..., Output], arguments: tuple[str, ...]
) -> None:
    folder.write("a.md", text("A"))
    output = build(*arguments)
    assert (output.code, output.out) == (2, "")
    assert output.err
    assert len(output.err) < 1000
    assert "Traceback" not in output.err
    assert not folder.output.exists()


def test_drafts_and_future(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A"))
    folder.write("draft.md", text("Draft", draft="true"))
    folder.write("future.md", text("Future", date="2999-01-01"))
    output = build()
    assert "1 published, 1 draft, 1 scheduled (next due 2999-01-01T00:00:00+00:00)" in output.err
    assert folder.titles() == ["A"]
    assert build("--drafts").code == 0
    assert folder.titles() == ["A", "Draft"] or folder.titles() == ["Draft", "A"]
    assert build("--future").code == 0
    assert folder.titles() == ["Future", "A"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-01-03T11:59:59+00:00", False),
        ("2026-01-03T12:00:00Z", True),
        ("2026-01-03T12:00:00", True),
        ("2026-01-03", False),
        ("2026-01-03T20:00:00+08:00", True),
    ],
)
def test_now(folder: Folder, feedwright: Callable[..., Output], now: str, due: bool) -> None:
    folder.write("a.md", text("A", date="2026-01-03T12:00:00Z"))
    output = feedwright("build", "--url", URL, "--now", now)
    assert output.code == 0
    assert ("1 published" in output.err) is due


def test_without_now_the_clock_decides(folder: Folder, feedwright: Callable[..., Output]) -> None:
    folder.write("a.md", text("A", date="2001-01-03"))
    folder.write("b.md", text("B", date="9000-01-03"))
    assert "1 published, 1 scheduled" in feedwright("build", "--url", URL).err


def test_jobs(folder: Folder, build: Callable[..., Output]) -> None:
    for n in range(4):
        folder.write(f"{n}.md", text(f"T{n}"))
    assert build("--jobs", "2").code == 0
    assert len(folder.entries()) == 4


def test_verbose_and_quiet(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A", titel="x"))
    folder.write("b.md", text("B", date="tomorrow"))
    assert "written" in build("-v").err
    output = build("-v")
    assert output.err.count("unchanged: ") == 6
    assert "unchanged: atom.xml\n" in output.err
    output = build("-q")
    assert (output.code, set(output.codes)) == (1, {"DATE001"})
    assert "published ·" not in output.err
    output = build()
    assert set(output.codes) == {"DATE001", "FM018"}
    (folder.content / "b.md").unlink()
    assert build("-q") == Output(0, "", "")


def test_stale_feeds_are_listed(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A", categories="x"))
    build()
    folder.write("a.md", text("A"))
    output = build()
    assert output.code == 0
    assert "stale: x/atom.xml is no longer generated; `feedwright clean` deletes it\n" in output.err
    assert "4 stale" in output.err


def test_accept(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A"))
    folder.output.mkdir()
    (folder.output / "atom.xml").write_text("somebody else's", "utf-8")
    output = build()
    assert (output.code, set(output.codes)) == (4, {"FS010"})
    assert "--accept foreign" in output.err
    assert (folder.output / "atom.xml").read_text("utf-8") == "somebody else's"
    assert build("--accept", "foreign").code == 0
    assert folder.titles() == ["A"]


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("build", "--help"), ("build", "-h")])
def test_help(feedwright: Callable[..., Output], arguments: tuple[str, ...]) -> None:
    output = feedwright(*arguments)
    assert (output.code, output.err) == (0, "")
    assert "feedwright build" in output.out
    if "build" in arguments:
        assert "FEEDWRIGHT_URL" in output.out
        assert "Exit codes: 0 everything published; 1 something held back; 2" in output.out


def test_version(feedwright: Callable[..., Output]) -> None:
    output = feedwright("--version")
    assert (output.code, output.err) == (0, "")
    assert output.out.split()[-1] == __version__


def test_without_a_command_help_is_printed(feedwright: Callable[..., Output]) -> None:
    output = feedwright()
    assert output.code == 2
    assert "Usage:" in output.err


# Exit codes


def test_1_if_something_was_held_back_and_0_with_exit_zero(
    folder: Folder, build: Callable[..., Output]
) -> None:
    folder.write("a.md", text("A"))
    folder.write("b.md", text("B", date="tomorrow"))
    assert build().code == 1
    assert build("--exit-zero").code == 0
    assert folder.titles() == ["A"]
    assert json.loads(build("--exit-zero", "--report", "json").out)["exit_code"] == 0


def test_strict_counts_repairs_and_publishes_nothing(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A", titel="x"))
    assert build("--strict").code == 1
    assert not folder.output.exists()
    assert build().code == 0


def test_2_without_an_address(folder: Folder, feedwright: Callable[..., Output]) -> None:
    folder.write("a.md", text("A"))
    output = feedwright("build")
    assert (output.code, set(output.codes)) == (2, {"CFG001"})
    assert "--url https://example.org/" in output.err


def test_2_every_fault_of_a_configuration_is_reported(
    folder: Folder, feedwright: Callable[..., Output]
) -> None:
    (folder.root / "feedwright.toml").write_text('ulr = "x"\nlimit = 0\n', "utf-8")
    output = feedwright("build", "--report", "json")
    assert output.code == 2
    report = json.loads(output.out)
    assert report["exit_code"] == 2
    assert report["error"]["line"] == 1
    assert [p["line"] for p in report["problems"]] == [2, 0]
    assert "feedwright.toml:1:1" in output.err
    assert "feedwright.toml:2:" in output.err


def test_3_the_output_cannot_be_written(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A"))
    (folder.root / "file").write_text("x", "utf-8")
    output = build("-o", "file/feeds")
    assert output.code == 3
    assert set(output.codes) <= {"FS021", "FS022"}
    assert set(output.codes)
    assert os.name == "nt" or f"cannot be read: {folder.root / 'file'} is a file." in output.err


def test_2_an_option_that_there_is_not(build: Callable[..., Output]) -> None:
    output = build("--outptu", "x")
    assert (output.code, output.out) == (2, "")
    assert "Did you mean '--output'?" in output.err


def test_4_a_malformed_record(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A"))
    build()
    before = folder.published()
    (folder.output / "feedwright.lock.json").write_text("{", "utf-8")
    output = build("--report", "json")
    assert (output.code, set(output.codes)) == (4, {"PUB006"})
    assert json.loads(output.out)["error"]["code"] == "PUB006"
    assert folder.published() == {**before, "feedwright.lock.json": b"{"}


_BROKEN = """
import sys
from feedwright.commands import build_order
def fail(*args, **kwargs): raise ZeroDivisionError("\\udcff")
build_order.make_plan = fail
from feedwright.__main__ import main
sys.argv = ["feedwright", "build", "--url", "https://example.org/"]
main()
"""


def test_70_a_bug_is_written_to_a_file_and_no_traceback_shown(tmp_path: Path) -> None:
    env = environment({"TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "TMP": str(tmp_path)})
    done = subprocess.run(
        [sys.executable, "-c", _BROKEN], cwd=tmp_path, env=env, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (70, b"")
    assert b"Traceback" not in done.stderr
    (written,) = tmp_path.glob("feedwright-*.txt")
    assert os.fsencode(written) in done.stderr
    traceback = written.read_text("utf-8")
    assert f"feedwright {__version__}" in traceback
    assert "ZeroDivisionError" in traceback


_INTERRUPTED_IMPORT = """
import multiprocessing, sys
class Interrupting:
    error = KeyboardInterrupt
    def find_spec(self, name, path=None, target=None):
        if name == "pebble":
            error, self.error = self.error, NameError
            raise error
sys.meta_path.insert(0, Interrupting())
from feedwright.__main__ import main
main()
"""


def test_130_an_interrupt_while_a_library_is_loaded_that_cannot_be_loaded_then(folder: Folder) -> None:
    folder.write("a.md", text("A"))
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED_IMPORT, "build", "--url", URL, "--jobs", "2", *NOW],
        cwd=folder.root,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (130, b"")
    assert done.stderr.strip() == b"interrupted; the published files are intact"
    assert not folder.output.exists()


@pytest.mark.parametrize("missing", ["frontmatter", "nh3", "lxml.etree", "feedgen.feed"])
def test_3_a_library_that_cannot_be_loaded(folder: Folder, tmp_path: Path, missing: str) -> None:
    folder.write("a.md", text("A"))
    script = f"import sys; sys.modules[{missing!r}] = None; from feedwright.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "build", "--url", URL, *NOW],
        cwd=folder.root,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Traceback" not in done.stderr
    assert b"install feedwright again" in done.stderr
    assert not folder.output.exists()


def test_3_too_little_memory(folder: Folder) -> None:
    folder.write("a.md", text("A"))
    script = (
        "from feedwright.commands import build_order\n"
        "def fail(*args, **kwargs): raise MemoryError\n"
        "build_order.make_plan = fail\n"
        "from feedwright.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "build", "--url", URL],
        cwd=folder.root,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"not enough memory" in done.stderr
    assert b"help: " in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
@pytest.mark.parametrize("words", [["bogus"], ["build", "--jobs", "0"], ["build", "nowhere"]])
def test_2_although_standard_error_is_closed_or_full(tmp_path: Path, words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        streams: dict[str, Any] = {"stderr": full, "stdout": subprocess.PIPE, "capture_output": False}
        assert run(*words, cwd=tmp_path, **streams).returncode in (2, 3)
    closed = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *command(*words)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert (closed.returncode, closed.stdout) == (2, b"")


# Signals. The build prints a line, then waits for a lock that the test holds.

_WAITS = """
import sys, filelock
class Announced(filelock.FileLock):
    def acquire(self, *args, **kwargs):
        if kwargs.get("timeout"):
            print("waiting", flush=True)
        return super().acquire(*args, **kwargs)
filelock.FileLock = Announced
from feedwright.__main__ import main
sys.argv[:1] = ["feedwright", "build", "--url", "https://example.org/", "--now", "2026-11-22T00:00:00Z"]
main()
"""


@POSIX
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, b"interrupted"), (signal.SIGTERM, 143, b"terminated")],
    ids=["SIGINT", "SIGTERM"],
)
def test_signals(tmp_path: Path, number: int, code: int, word: bytes, jobs: str) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("Old"))
    folder.build()
    before = folder.published()
    folder.write("a.md", text("New"))
    with FileLock(tmp_path / ".feedwright_cache" / "lock"):
        process = subprocess.Popen(
            [sys.executable, "-c", _WAITS, "--jobs", jobs],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            assert process.stdout
            assert process.stderr
            assert process.stdout.readline() == b"waiting\n"
            process.send_signal(number)
            err = process.stderr.read()
    assert process.returncode == code
    assert word in err
    assert b"the published files are intact" in err
    assert b"Traceback" not in err
    assert folder.published() == before
    assert folder.build().exit_code == 0
    assert folder.titles() == ["New"]


# Streams


def _closed_pipe() -> int:
    read, write = os.pipe()
    os.close(read)
    return write


@POSIX
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_broken_pipe_is_not_a_failure(tmp_path: Path, stream: str) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A", titel="x"))
    pipe = _closed_pipe()
    other = "stderr" if stream == "stdout" else "stdout"
    streams: dict[str, Any] = {stream: pipe, other: subprocess.PIPE, "capture_output": False}
    done = run(
        "build",
        "--url",
        URL,
        *NOW,
        "--report",
        "json" if stream == "stdout" else "full",
        cwd=tmp_path,
        **streams,
    )
    os.close(pipe)
    assert done.returncode == 0
    assert b"Traceback" not in (done.stderr or b"")
    assert b"BrokenPipe" not in (done.stderr or b"")
    assert folder.titles() == ["A"]


@LINUX
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_3_a_report_that_cannot_be_written(tmp_path: Path, stream: str) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A", titel="x"))
    other = "stderr" if stream == "stdout" else "stdout"
    with open("/dev/full", "wb") as full:
        streams: dict[str, Any] = {stream: full, other: subprocess.PIPE, "capture_output": False}
        done = run("build", "--url", URL, *NOW, "--report", "json", cwd=tmp_path, **streams)
    assert done.returncode == 3
    assert b"Traceback" not in (done.stderr or b"")
    assert folder.titles() == ["A"]
    if stream == "stdout":
        assert b"No space left" in done.stderr


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams(tmp_path: Path, closed: str) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A", titel="x"))
    words = [*command("build", "--url", URL, *NOW, "--report", "json")]
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {closed}', "sh", *words],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert folder.titles() == ["A"]


def test_json_is_utf8_in_every_locale(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("新.md", text("A", date="明天"))
    done = run(
        "build",
        "--url",
        URL,
        *NOW,
        "--report",
        "json",
        cwd=tmp_path,
        env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert done.returncode == 1
    (problem,) = json.loads(done.stdout.decode("utf-8"))["problems"]
    assert problem["file"] == os.path.join("content", "新.md")
    assert "明天" in problem["message"]


# Reports


def test_the_json_report_of_a_build(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A", categories="x"))
    folder.write("b.md", text("B", date="tomorrow"))
    output = build("--report", "json", "-v")
    report = json.loads(output.out)
    assert set(report) == {"schema_version", "exit_code", "articles", "documents", "problems"}
    assert (report["schema_version"], report["exit_code"]) == (1, 1)
    assert report["articles"]["published"] == 1
    assert report["articles"]["held"] == ["b.md"]
    assert report["documents"]["written"] == [
        *("atom.xml", "feed.css", "feed.json", "feeds.opml", "index.html", "rss.xml"),
        *("x/atom.xml", "x/feed.json", "x/index.html", "x/rss.xml"),
    ]
    (problem,) = report["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == (os.path.join("content", "b.md"), 3, 7)
    assert "DATE001" not in output.err


@LINUX
def test_names_that_are_not_utf8(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", text("A"))
    with open(os.path.join(os.fsencode(folder.content), b"\xff\x1b[31m.md"), "w", encoding="utf-8") as file:
        file.write(text("B"))
    output = build("--report", "json")
    assert output.code == 1
    (problem,) = json.loads(output.out)["problems"]
    assert ascii(problem["file"]) == r"'content/\udcff\x1b[31m.md'"
    for report in ("full", "concise"):
        output = build("--report", report)
        assert "content/\\udcff\\x1b[31m.md" in output.err
        assert "\x1b" not in output.err


@POSIX
def test_names_and_texts_cannot_steer_the_terminal(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a\x1b[2J\n.md", text("B", date='"\\x1b]0;pwned\\x07"', titel="\u202e"))
    output = build()
    assert output.code == 1
    assert "\x1b" not in output.err
    assert "\x07" not in output.err
    assert "\u202e" not in output.err
    assert "content/a\\x1b[2J\\n.md:3:7" in output.err


def test_file_names_are_relative_to_the_current_folder(
    folder: Folder, build: Callable[..., Output], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("blog/a.md", text("A", date="tomorrow"))
    name = os.path.join("blog", "a.md")
    assert f"{os.path.join('content', name)}:3:7: error DATE001" in build("--report", "concise").err
    monkeypatch.chdir(folder.content)
    assert f"\n{name}:3:7: error" in "\n" + build(".", "-o", "../out", "--report", "concise").err
    (folder.root / "elsewhere").mkdir()
    monkeypatch.chdir(folder.root / "elsewhere")
    output = build("../content", "--report", "concise")
    assert f"{folder.content / name}:3:7: error" in output.err


def test_the_mark_is_aligned_below_wide_characters(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", "---\ntitle: 标题\n日期: 一\ndate: 明天，后天\n---\n")
    rows = build().err.split("\n")
    place = next(n for n, row in enumerate(rows) if row.startswith(" 4 | "))
    assert rows[place] == " 4 | date: 明天，后天"
    assert rows[place + 1] == "   |       ^"
    assert "  --> " + os.path.join("content", "a.md") + ":4:7" in rows
    assert "   = note: not published" in rows


def test_the_mark_is_aligned_after_wide_characters(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", '---\ntitle: "标题标题" x\ndate: 2026-01-03\n---\n')
    rows = build().err.split("\n")
    place = next(n for n, row in enumerate(rows) if row.startswith(" 2 | "))
    column = int(re.findall(r":2:(\d+)", "\n".join(rows))[0])
    wide = sum(2 if "一" <= c <= "鿿" else 1 for c in 'title: "标题标题" x'[: column - 1])
    assert rows[place + 1] == "   | " + " " * wide + "^"
    assert wide > column - 1


def test_the_excerpt_of_a_file_in_another_encoding(folder: Folder, build: Callable[..., Output]) -> None:
    folder.write("a.md", "---\r\ntitle: 标题\r\n---\r\n".encode("gb18030"))
    output = build()
    assert (output.code, set(output.codes)) == (1, {"ENC001"})
    assert " 2 | title: " in output.err


def test_a_deleted_file_has_no_excerpt(tmp_path: Path) -> None:
    assert files.line_of(str(tmp_path / "gone.md"), 1) is None
    (tmp_path / "short.md").write_text("one\n", "utf-8")
    assert files.line_of(str(tmp_path / "short.md"), 1) == "one"
    assert files.line_of(str(tmp_path / "short.md"), 2) is None


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        ({"NO_COLOR": ""}, False),
    ],
)
def test_colour(
    folder: Folder,
    build: Callable[..., Output],
    monkeypatch: pytest.MonkeyPatch,
    env: dict[str, str],
    coloured: bool,
) -> None:
    folder.write("a.md", text("A", date="tomorrow"))
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[31m" in build().err) is coloured
    assert "\x1b" not in build("--report", "json").out


def test_a_warning_of_the_settings_comes_first(folder: Folder, feedwright: Callable[..., Output]) -> None:
    folder.write("a.md", text("A", date="tomorrow"))
    output = feedwright("build", "--url", "http://example.org/", "--report", "concise", *NOW)
    assert output.err.split("\n")[0].startswith("feedwright: warning CFG004 ")
    assert "DATE001" in output.err.split("\n")[1]


def test_a_deleted_current_folder_is_not_a_bug(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows keeps the current folder")
    gone = tmp_path / "gone"
    gone.mkdir()
    script = (
        "import os, sys\n"
        "os.rmdir(os.getcwd())\n"
        "os.execv(sys.executable, [sys.executable, '-P', *sys.argv[1:]])"
    )
    words = command("build", "--url", URL)[1:]
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=gone, env=environment(), capture_output=True, check=False
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
