"""A publication is a transaction: on a real file system, killed, starved, raced and lied to."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from feedwright.disk import make_private, probe
from feedwright.model import Document, replace
from feedwright.problems import GuardError, MachineError
from feedwright.publication.publish import Destination, Published, publish
from feedwright.publication.record import Record, dump, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# A publisher of its own: output, lock, count, size, letter.
PUBLISHER = """
import os, sys
from pathlib import Path
import filelock
from feedwright.model import Document
from feedwright.problems import FeedwrightError
from feedwright.publication.publish import Destination, publish
from feedwright.publication.record import Record, load
output, lock, count, size, letter = sys.argv[1:]
made = [Document(path=f"c{i}/rss.xml", data=letter.encode() * int(size)) for i in range(int(count))]
path = Path(output, "feedwright.lock.json")
os.write(1, b"ready\\n")  # in one call, which strace's log shows, however Python buffers
try:
    destination = Destination(output=Path(output), record_path=path, lock=Path(lock))
    done = publish(made, destination, record=Record(authority=letter), previous=load(path),
                   notify=lambda text: print(text, flush=True))
except FeedwrightError as error:
    print(error.code, error.message)
    sys.exit(error.exit_code)
print("written", len(done.written))
"""
COMMAND = [sys.executable, "-c", PUBLISHER]
POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


class Site:
    """An output folder with its record and lock, as a build would use them."""

    def __init__(self, root: Path) -> None:
        self.output = root / "feeds"
        self.record_path = self.output / "feedwright.lock.json"
        self.lock = root / ".cache" / "build.lock"
        self.told: list[str] = []

    @property
    def destination(self) -> Destination:
        return Destination(output=self.output, record_path=self.record_path, lock=self.lock)

    def publish(
        self, files: dict[str, str], *, accept: str = "", patience: float = 10, authority: str = "a"
    ) -> Published:
        return publish(
            [Document(path=path, data=text.encode()) for path, text in files.items()],
            self.destination,
            record=Record(authority=authority),
            previous=load(self.record_path),
            accept=frozenset({accept}),
            notify=self.told.append,
            patience=patience,
        )

    def fill(self, letter: str, count: int = 3, size: int = 9000) -> Published:
        """Publish what `run` would, in this process."""
        return self.publish({f"c{i}/rss.xml": letter * size for i in range(count)}, authority=letter)

    def run(self, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Publish from a process of its own."""
        command = [*prefix, *COMMAND, str(self.output), str(self.lock), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    def state(self) -> dict[str, tuple[bytes, int, int]]:
        """Everything below the output folder: bytes, modification time, inode."""
        return {
            path.relative_to(self.output).as_posix(): (path.read_bytes(), found.st_mtime_ns, found.st_ino)
            for path in sorted(self.output.rglob("*"))
            if stat.S_ISREG((found := path.lstat()).st_mode)
        }

    def texts(self) -> dict[str, str]:
        """The documents on disk, without the record."""
        return {
            path: data.decode()
            for path, (data, _, _) in self.state().items()
            if path != self.record_path.name
        }

    def put(self, path: str, text: str) -> Path:
        file = self.output / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs to be root on Linux")
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    yield folder
    subprocess.run(["umount", folder], check=True)


FILES = {"rss.xml": "<rss/>", "tech/rss.xml": "<tech/>", "tech/python/rss.xml": "<py/>"}


def test_first_publication(site: Site) -> None:
    done = site.publish(FILES)
    assert replace(done, hashes={}) == Published(written=tuple(sorted(FILES)), unchanged=(), stale=())
    assert site.texts() == FILES
    record = load(site.record_path)
    assert record is not None
    assert set(record.documents) == set(FILES)
    assert (site.lock.parent / ".gitignore").read_text() == "*\n"
    assert (site.lock.parent / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d17278")


def test_what_is_equal_is_not_touched(site: Site) -> None:
    site.publish(FILES)
    before = site.state()
    done = site.publish({**FILES, "rss.xml": "<new/>"})
    after = site.state()
    assert replace(done, hashes={}) == Published(
        written=("rss.xml",), unchanged=("tech/python/rss.xml", "tech/rss.xml"), stale=()
    )
    assert {path for path in after if after[path] != before[path]} == {"rss.xml", site.record_path.name}


def test_few_documents_are_in_memory_at_once(site: Site) -> None:
    """Documents of a large site wait on the disk: their bytes are here only to be compared or written."""
    alive, most = 0, 0

    class Bytes(bytes):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    class Waiting(Document, frozen=True):
        @property  # type: ignore[misc]  # in the place of the field
        def data(self) -> bytes:
            nonlocal alive, most
            alive += 1
            most = max(most, alive)
            return Bytes(b"x" * 1000)

    documents = [Waiting(path=f"c{number}/rss.xml", data=b"") for number in range(50)]
    done = publish(documents, site.destination, record=Record(authority="a"), previous=None)
    assert len(done.written) == len(site.texts()) == 50
    assert 1 <= most <= 3


def test_second_build_writes_nothing_and_takes_no_lock(site: Site) -> None:
    site.publish(FILES)
    before = site.state()
    folders = {path: path.stat().st_mtime_ns for path in [site.output, *site.output.rglob("*")]}
    shutil.rmtree(site.lock.parent)
    done = site.publish(FILES)
    assert replace(done, hashes={}) == Published(written=(), unchanged=tuple(sorted(FILES)), stale=())
    assert site.state() == before
    assert folders == {path: path.stat().st_mtime_ns for path in folders}
    assert not site.lock.parent.exists()


def test_record_alone_can_change(site: Site) -> None:
    site.publish(FILES)
    before = site.state()
    assert site.publish(FILES, authority="b").written == ()
    after = site.state()
    assert [path for path in after if after[path] != before[path]] == [site.record_path.name]


def test_record_elsewhere(site: Site, tmp_path: Path) -> None:
    site.record_path = tmp_path / "records" / "feeds.json"
    site.publish(FILES)
    assert set(site.state()) == set(FILES)
    assert load(site.record_path) is not None


def test_edited_document_is_put_right(site: Site) -> None:
    site.publish(FILES)
    site.put("tech/rss.xml", "edited by hand")
    assert site.publish(FILES).written == ("tech/rss.xml",)
    assert site.texts() == FILES


def test_removed_document_comes_back(site: Site) -> None:
    site.publish(FILES)
    shutil.rmtree(site.output / "tech")
    assert site.publish(FILES).written == ("tech/python/rss.xml", "tech/rss.xml")
    assert site.texts() == FILES


def test_stale_documents_stay_on_disk_and_in_the_record(site: Site) -> None:
    site.publish(FILES)
    first = load(site.record_path)
    for _ in range(2):
        done = site.publish({"rss.xml": "<rss/>"})
        assert done.stale == ("tech/python/rss.xml", "tech/rss.xml")
        assert site.texts() == FILES
        now = load(site.record_path)
        assert first
        assert now
        assert (set(now.documents), set(now.stale)) == ({"rss.xml"}, set(done.stale))
        assert now.files == first.documents
    (site.output / "tech" / "rss.xml").unlink()
    assert site.publish({"rss.xml": "<rss/>"}).stale == ("tech/python/rss.xml",)
    assert site.publish(FILES).stale == ()


# What is not ours


def test_foreign_file_is_refused(site: Site) -> None:
    file = site.put("tech/rss.xml", "somebody's")
    with pytest.raises(GuardError, match=r"tech/rss\.xml") as caught:
        site.publish(FILES)
    assert caught.value.code == "FS010"
    assert "--accept foreign" in caught.value.hint
    assert site.texts() == {"tech/rss.xml": "somebody's"}
    site.publish(FILES, accept="foreign")
    assert file.read_text() == "<tech/>"


def test_foreign_file_with_the_same_bytes_is_adopted(site: Site) -> None:
    site.put("tech/rss.xml", "<tech/>")
    assert site.publish(FILES).unchanged == ("tech/rss.xml",)


def test_other_files_are_left_alone(site: Site) -> None:
    site.put("index.html", "page")
    site.put("tech/.fw-notes.tmp", "mine")
    site.publish(FILES)
    assert site.texts() == {**FILES, "index.html": "page", "tech/.fw-notes.tmp": "mine"}


def test_folder_where_a_document_belongs_is_refused(site: Site) -> None:
    (site.output / "rss.xml").mkdir(parents=True)
    with pytest.raises(GuardError, match="not a file") as caught:
        site.publish(FILES, accept="foreign")
    assert caught.value.code == "FS010"


@POSIX
@pytest.mark.parametrize("link", ["rss.xml", "tech", "tech/python", "feedwright.lock.json"])
def test_nothing_is_written_through_links(site: Site, tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    if link.endswith(("xml", "json")):
        elsewhere.write_bytes(dump(Record(authority="a")))
    else:
        elsewhere.mkdir()
    (site.output / link).parent.mkdir(parents=True)
    (site.output / link).symlink_to(elsewhere)
    with pytest.raises(GuardError, match="is a link") as caught:
        site.publish(FILES, accept="foreign")
    assert caught.value.code == "FS012"
    assert site.texts() == {}
    assert elsewhere.is_file() or not list(elsewhere.iterdir())


@POSIX
def test_link_made_after_the_first_publication(site: Site, tmp_path: Path) -> None:
    site.publish(FILES)
    (site.output / "tech").rename(tmp_path / "moved")
    (site.output / "tech").symlink_to(tmp_path / "moved")
    with pytest.raises(GuardError, match="is a link"):
        site.publish({path: text + "!" for path, text in FILES.items()})
    assert (tmp_path / "moved" / "rss.xml").read_text() == "<tech/>"


@POSIX
def test_output_folder_itself_may_be_a_link(site: Site, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    site.output.symlink_to(tmp_path / "real")
    site.publish(FILES)
    assert (tmp_path / "real" / "tech" / "rss.xml").read_text() == "<tech/>"


@pytest.mark.parametrize(
    "path", ["../rss.xml", "/rss.xml", "a//rss.xml", "", "a/../rss.xml", "a\\rss.xml", "C:rss.xml"]
)
def test_path_outside_the_output_folder_is_our_fault(site: Site, path: str) -> None:
    with pytest.raises(ValueError, match="not a path below"):
        site.publish({path: "x"})
    assert not site.output.exists()


@pytest.mark.parametrize("path", ["Tech/rss.xml", "cafe\u0301/rss.xml", "FEEDWRIGHT.lock.json"])
def test_paths_that_meet_on_some_file_system_are_our_fault(site: Site, path: str) -> None:
    with pytest.raises(ValueError, match="one path"):
        site.publish({"tech/rss.xml": "1", "café/rss.xml": "2", path: "3"})


# Modes


@POSIX
def test_modes(site: Site) -> None:
    old = os.umask(0o027)
    try:
        site.publish(FILES)
        assert stat.S_IMODE((site.output / "rss.xml").stat().st_mode) == 0o640
        (site.output / "rss.xml").chmod(0o444)
        os.umask(0o077)
        site.publish({**FILES, "rss.xml": "new"})
        assert stat.S_IMODE((site.output / "rss.xml").stat().st_mode) == 0o444
    finally:
        os.umask(old)


@POSIX
def test_longest_names(site: Site) -> None:
    name = "x" * 255
    site.publish({f"{name[:200]}/{name}": "x"})
    assert site.texts() == {f"{name[:200]}/{name}": "x"}


# What the machine refuses


@POSIX
@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({**FILES, "blocked/rss.xml": "x"}, "FS022"),
        ({**FILES, "x" * 300: "x"}, "FS022"),
        ({**FILES, "deep/" * 20 + "x" * 300 + "/rss.xml": "x"}, "FS022"),
    ],
)
def test_impossible_path_changes_nothing(site: Site, files: dict[str, str], code: str) -> None:
    site.put("blocked", "a file where a folder is needed")
    with pytest.raises(MachineError, match="Nothing was changed") as caught:
        site.publish(files)
    assert caught.value.code == code
    assert [path.name for path in site.output.iterdir()] == ["blocked"]


def test_output_that_is_a_file(site: Site) -> None:
    site.output.write_text("x")
    site.record_path = site.output.parent / "record.json"
    with pytest.raises(MachineError) as caught:
        site.publish(FILES)
    assert caught.value.code == "FS022"
    assert site.output.read_text() == "x"


@POSIX
def test_failure_removes_the_folders_made(site: Site) -> None:
    with pytest.raises(MachineError, match="Nothing was changed"):
        site.publish({"a/b/c/rss.xml": "x", "z/" + "x" * 300: "x", "y/y/rss.xml": "y"})
    assert not site.output.exists()


@POSIX
def test_file_size_limit_changes_nothing(site: Site) -> None:
    site.fill("a", size=1000)
    before = site.state()
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); {PUBLISHER!r}"
    arguments = [str(site.output), str(site.lock), "6", "60000", "b"]
    command = [sys.executable, "-c", limited.replace(repr(PUBLISHER), f"exec({PUBLISHER!r})"), *arguments]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=plain)
    assert (ended.returncode, ended.stderr) == (3, "")
    assert "FS022" in ended.stdout
    assert os.strerror(errno.EFBIG) in ended.stdout
    assert site.state() == before
    assert not list(site.output.rglob("*.tmp"))


@POSIX
def test_hundreds_of_documents_need_few_descriptors(site: Site) -> None:
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20)); exec({PUBLISHER!r})"
    arguments = [str(site.output), str(site.lock), "300", "10", "a"]
    subprocess.run([sys.executable, "-c", limited, *arguments], check=True, timeout=60, capture_output=True)
    assert len(site.texts()) == 300


@pytest.mark.root
def test_full_disk_changes_nothing(site: Site, tiny: Path) -> None:
    site.output = tiny / "feeds"
    site.record_path = site.output / "feedwright.lock.json"
    small = {f"c{i}/rss.xml": "a" * 8000 for i in range(10)}
    site.publish(small)
    before = site.state()
    with pytest.raises(MachineError, match="Nothing was changed") as caught:
        site.publish(dict.fromkeys(small, "b" * 30000) | {"new/rss.xml": "b"})
    assert caught.value.code == "FS020"
    assert os.strerror(errno.ENOSPC) in caught.value.message
    assert site.state() == before
    assert not (site.output / "new").exists()
    assert len(site.publish(dict.fromkeys(small, "c" * 8000)).written) == 10


@pytest.mark.root
def test_read_only_file_system_is_found_before_any_work(site: Site, tiny: Path) -> None:
    site.output = tiny / "feeds"
    site.record_path = site.output / "feedwright.lock.json"
    site.publish(FILES)
    subprocess.run(["mount", "-o", "remount,ro", tiny], check=True)
    with pytest.raises(MachineError) as caught:
        site.publish({"rss.xml": "new"})
    assert caught.value.code == "FS021"
    assert os.strerror(errno.EROFS) in caught.value.message
    assert site.publish(FILES).written == ()  # nothing to write, nothing to complain of


def test_probe_needs_a_folder_above(tmp_path: Path) -> None:
    probe(tmp_path / "not" / "yet")
    (tmp_path / "file").write_text("x")
    with pytest.raises(MachineError):
        probe(tmp_path / "file" / "feeds")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# Faults at every system call


def _inject(site: Site, fault: str, traced: str = "rename,fsync,fchmod") -> subprocess.CompletedProcess[str]:
    """Publish with a fault, which is seen to have come, and to one of the site's own files or folders."""
    if sys.platform != "linux" or not shutil.which("strace"):
        pytest.skip("needs strace")
    log = site.output.parent / "injected"
    name, _, what = fault.partition(":")
    chosen = ("-e", f"trace={_calls_named(traced.split(','))}", "-e", f"inject={_calls_named([name])}:{what}")
    prefix = ("strace", "-f", "-y", "-o", str(log), *chosen)
    done = site.run("3", "9000", "b", prefix=prefix)
    calls = [line for line in log.read_text().splitlines() if "(" in line]
    hit = [line for line in calls if line.endswith(("(INJECTED)", "= ?"))]  # failed; killed in it
    assert hit, fault
    assert all(str(site.output.parent) in line for line in hit), (fault, hit)
    return done


CHANGING = ["openat", "write", "fsync", "fchmod", "rename", "unlink", "mkdir", "flock"]
LOOKING = ["read", "newfstatat", "getdents64", "close"]
EVERY = int(os.environ.get("FEEDWRIGHT_TEST_FAULTS", "4"))
"""One in so many system calls that only look is made to fail; 1 tries all of them."""


def _calls_named(names: Iterable[str]) -> str:
    """What strace is to look at; some machines have only the `at` form of a call."""
    return ",".join(f"?{name},?{name}at,?{name}at2" for name in names)


def _is_one_of(name: str, names: Iterable[str]) -> bool:
    return not {name, name.removesuffix("2").removesuffix("at")}.isdisjoint(names)


def _calls(site: Site) -> list[tuple[str, int]]:
    """The system calls by which a publisher touches the site, each with its turn among those of its name."""
    if sys.platform != "linux" or not shutil.which("strace"):
        pytest.skip("needs strace")
    log = site.output.parent / "log"
    traced = f"trace={_calls_named(CHANGING + LOOKING)}"
    done = site.run("3", "9000", "b", prefix=("strace", "-f", "-y", "-o", str(log), "-e", traced))
    assert done.returncode == 0
    turns: dict[str, int] = {}
    found = []
    ready = False
    for line in log.read_text().splitlines():
        name = line.split(None, 1)[1].partition("(")[0]
        turns[name] = turns.get(name, 0) + 1
        ready = ready or r'"ready\n"' in line
        if ready and str(site.output.parent) in line:
            found.append((name, turns[name]))
    assert ready
    for kind in [*({name} for name in CHANGING if name != "unlink"), LOOKING]:
        assert any(_is_one_of(name, kind) for name, _ in found), kind
    return found


def _share(calls: list[tuple[str, int]], part: int) -> list[tuple[str, int]]:
    share = calls[part::4]
    assert share
    return share


@pytest.mark.strace
@pytest.mark.parametrize("part", range(4))
def test_killed_at_any_system_call_every_file_is_whole_and_the_next_build_heals(
    site: Site, part: int
) -> None:
    site.fill("a")
    calls = [call for call in _calls(site) if _is_one_of(call[0], CHANGING)]
    assert len(calls) > 30
    for name, turn in _share(calls, part):
        site.fill("a")
        ended = _inject(site, f"{name}:signal=KILL:when={turn}", name)
        assert ended.returncode == -signal.SIGKILL
        documents = {path: text for path, text in site.texts().items() if path.endswith("rss.xml")}
        assert set(documents.values()) <= {"a" * 9000, "b" * 9000}, (name, turn)
        assert len(documents) == 3
        assert load(site.record_path) is not None
        site.fill("c")
        assert set(site.texts().values()) == {"c" * 9000}


@pytest.mark.strace
@pytest.mark.parametrize("error", ["EIO", "ENOSPC", "EMFILE", "EACCES"])
@pytest.mark.parametrize("part", range(4))
def test_an_error_at_any_system_call_is_told_and_leaves_every_file_whole(
    site: Site, error: str, part: int
) -> None:
    site.fill("a")
    names = {"ENOSPC": ["write", "mkdir", "openat"], "EMFILE": ["openat"], "EACCES": ["openat", "rename"]}
    wanted = names.get(error, CHANGING + LOOKING)
    calls = [call for call in _calls(site) if _is_one_of(call[0], wanted)]
    looking = [call for call in calls if _is_one_of(call[0], LOOKING)]
    calls = [*(call for call in calls if call not in looking), *looking[::EVERY]]
    for name, turn in _share(calls, part):
        site.fill("a")
        ended = _inject(site, f"{name}:error={error}:when={turn}", name)
        assert ended.returncode in (0, 3), (name, turn, ended.stderr)
        assert ended.stderr == "", (name, turn)
        documents = {path: text for path, text in site.texts().items() if path.endswith("rss.xml")}
        assert set(documents.values()) <= {"a" * 9000, "b" * 9000}, (name, turn)
        assert len(documents) == 3
        site.fill("c")
        assert set(site.texts().values()) == {"c" * 9000}, (name, turn)


@pytest.mark.strace
@pytest.mark.parametrize("turn", [1, 2, 4])
def test_killed_first_publication_leaves_nothing_foreign(site: Site, turn: int) -> None:
    ended = _inject(site, f"rename:signal=KILL:when={turn}")
    assert ended.returncode == -signal.SIGKILL
    site.fill("c")
    assert set(site.texts().values()) == {"c" * 9000}


@pytest.mark.strace
@pytest.mark.parametrize(
    "fault", ["fsync:error=EIO:when=2", "fchmod:error=EPERM:when=3", "rename:error=EACCES:when=1"]
)
def test_error_before_the_first_rename_changes_nothing(site: Site, fault: str) -> None:
    site.fill("a")
    before = site.state()
    ended = _inject(site, fault)
    assert ended.returncode == 3
    assert "Nothing was changed." in ended.stdout
    assert site.state() == before


def test_of_many_files_too_one_that_cannot_be_synced_changes_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.fill("a", count=140)
    before = site.state()
    synced: list[int] = []

    def sync(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 30:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(MachineError, match="Nothing was changed"):
        site.fill("b", count=140)
    assert site.state() == before
    assert len(synced) >= 30


@pytest.mark.strace
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("rename:error=EIO:when=3", "2 of 4 files were replaced"),
        ("fsync:error=EIO:when=5", "1 of 4 files were replaced"),
        ("fsync:error=EIO:when=7", "All files were replaced"),
    ],
)
def test_error_after_the_first_rename_is_told_as_it_is(site: Site, fault: str, words: str) -> None:
    site.fill("a")
    ended = _inject(site, fault)
    assert ended.returncode == 3
    assert words in ended.stdout
    assert set(site.texts().values()) <= {"a" * 9000, "b" * 9000}
    assert not list(site.output.rglob("*.tmp"))
    site.fill("b")
    assert set(site.texts().values()) == {"b" * 9000}


# Killed, raced, watched


@POSIX
def test_killed_at_any_moment_every_file_is_whole_and_the_next_build_heals(site: Site) -> None:
    chance = random.Random(7)
    site.fill("a", 40, 60_000)
    killed = torn = turn = 0
    longest = 0.03
    whole = {letter * 60_000 for letter in "ab"}
    while turn < 30 or (turn < 300 and (killed < 10 or not torn)):
        letter = "ba"[turn % 2]
        turn += 1
        command = [*COMMAND, str(site.output), str(site.lock), "40", "60000", letter]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, longest))
            process.kill()
        died = process.returncode == -signal.SIGKILL
        longest *= 1.2 if died else 0.8  # whatever a publication takes on this machine, at this moment
        killed += died
        texts = site.texts()
        documents = {text for path, text in texts.items() if path.endswith("rss.xml")}
        assert documents <= whole
        torn += len(documents) == 2 or len(texts) > 40
        assert load(site.record_path) is not None
    assert killed >= 10
    assert torn  # some died in the midst of it
    site.fill("c", 40, 60_000)
    assert set(site.texts().values()) == {"c" * 60_000}


def test_leftovers_of_a_killed_build_go_with_the_next_publication(site: Site) -> None:
    site.publish(FILES)
    left = [site.put(f"{folder}.fw-0123456789ab.tmp", "half") for folder in ("", "tech/", "tech/python/")]
    site.publish(FILES)
    assert all(file.exists() for file in left)  # nothing to publish, nothing touched
    site.publish({**FILES, "rss.xml": "new"})
    assert not any(file.exists() for file in left)


@POSIX
def test_reader_never_sees_half_a_file(site: Site) -> None:
    site.publish({"rss.xml": "b" * 300_000})
    ended = threading.Event()
    seen: set[bytes] = set()

    def read() -> None:
        while not ended.is_set():
            seen.add((site.output / "rss.xml").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for letter in "ab" * 10:
            site.publish({"rss.xml": letter * 300_000})
            while letter.encode() * 300_000 not in seen:
                assert reader.is_alive()
                time.sleep(0.001)
    finally:
        ended.set()
        reader.join()
    assert seen == {b"a" * 300_000, b"b" * 300_000}


def test_second_publisher_waits_for_the_first(site: Site) -> None:
    site.publish(FILES)
    with FileLock(site.lock):
        site.lock.with_name("build.lock.holder").write_text(json.dumps({"pid": 4711, "host": "elsewhere"}))
        command = [*COMMAND, str(site.output), str(site.lock), "2", "10", "x"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert "process 4711 on elsewhere" in process.stdout.readline()
        assert site.texts() == FILES
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "written 2\n")
    assert not site.lock.with_name("build.lock.holder").exists()


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        ('{"pid": 4711, "host": "elsewhere"}', "process 4711 on elsewhere"),
        ("{", "process is not known"),
        ("[]", "process is not known"),
        ('{"pid": 1}', "process is not known"),
    ],
)
def test_lock_that_is_never_freed(site: Site, holder: str, words: str) -> None:
    site.publish(FILES)
    with FileLock(site.lock):
        site.lock.with_name("build.lock.holder").write_text(holder)
        with pytest.raises(MachineError, match=words) as caught:
            site.publish({"rss.xml": "new"}, patience=0.2)
    assert caught.value.code == "LOCK001"
    assert len(site.told) == 1
    assert words in site.told[0]
    assert site.texts() == FILES
    site.publish({**FILES, "rss.xml": "new"})  # the lock is free, whatever the holder's file says


def test_two_publishers_at_once(site: Site) -> None:
    command = [*COMMAND, str(site.output), str(site.lock), "50", "50000"]
    processes = [subprocess.Popen([*command, "a"], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum("written 50" in out for out in outs) >= 1
    assert set(site.texts().values()) == {"a" * 50_000}


def test_build_whose_record_was_overtaken_stops(site: Site) -> None:
    site.publish(FILES)
    previous = load(site.record_path)
    site.publish(FILES, authority="overtaken")
    with pytest.raises(MachineError, match="Another build has published") as caught:
        publish(
            [Document(path="rss.xml", data=b"late")],
            site.destination,
            record=Record(authority="late"),
            previous=previous,
        )
    assert caught.value.code == "LOCK002"
    assert site.texts() == FILES


def test_lock_folder_of_somebody_else_gets_no_marks(site: Site) -> None:
    site.lock.parent.mkdir()
    (site.lock.parent / "precious").write_text("x")
    site.publish(FILES)
    assert not (site.lock.parent / ".gitignore").exists()


def test_private_folder_is_marked_once(tmp_path: Path) -> None:
    make_private(tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / ".gitignore").write_text("changed")
    make_private(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / ".gitignore").read_text() == "changed"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_lock_that_cannot_be_made(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    site.lock = tmp_path / "file" / "build.lock"
    with pytest.raises(MachineError) as caught:
        site.publish(FILES)
    assert caught.value.code == "FS022"
    assert not site.output.exists()
