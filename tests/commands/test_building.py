"""The whole road, built twice, from elsewhere, strictly, at another time, and with parts of it missing."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from feedwright import build, load_settings, process_pool, workers
from feedwright.bodies import content
from feedwright.formats import faults
from feedwright.formats.table import FORMATS
from feedwright.model import replace
from feedwright.problems import GuardError, MachineError, UsageError
from paths import ROOT
from sites import NOW, Folder, codes, files_of, text

if TYPE_CHECKING:
    from pathlib import Path

    from pebble import ProcessPool


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A site with three articles, not yet published."""
    found = Folder(tmp_path / "site")
    found.write("a.md", text("A", date="2026-01-01", categories="x"))
    found.write("b.html", text("B", date="2026-01-02", categories="[x, y]"))
    found.write("c.txt", text("C", date="2026-01-03"))
    return found


def _times(folder: Folder) -> dict[str, tuple[int, int]]:
    found = (p for p in folder.output.rglob("*"))
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_ino) for p in found if p.is_file()}


def test_an_entry_that_no_document_can_carry_is_held(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.build()
    json_feed = FORMATS["json"]

    def read(data: bytes) -> Any:
        if b"B, edited" in data:
            raise ValueError("its title is odd")
        return json_feed.read(data)

    monkeypatch.setattr(faults, "FORMATS", {**FORMATS, "json": replace(json_feed, read=read)})
    folder.write("b.html", text("B, edited", date="2026-01-02", categories="[x, y]"))
    done = folder.build('formats = ["rss", "atom", "json"]')
    assert [(p.code, p.file) for p in done.problems] == [("PUB008", "b.html")]
    assert "its title is odd" in done.problems[0].message
    assert (done.exit_code, [*done.held]) == (1, ["b.html"])
    assert folder.titles() == ["C", "B", "A"]


def test_a_second_build_writes_nothing(folder: Folder) -> None:
    first = folder.build()
    assert (first.exit_code, len(first.written), first.unchanged) == (0, 6, ())
    times = _times(folder)
    second = folder.build()
    assert (second.exit_code, second.written, second.unchanged) == (0, (), first.written)
    assert _times(folder) == times


def test_one_edit_rewrites_only_its_feeds(folder: Folder) -> None:
    folder.build()
    folder.write("a.md", text("A2", date="2026-01-01", categories="x"))
    assert folder.build().written == ("atom.xml", "rss.xml", "x/atom.xml", "x/rss.xml")


def test_file_times_mean_nothing(folder: Folder) -> None:
    folder.build()
    before = folder.published()
    files = list(folder.content.iterdir())
    assert len(files) == 3
    for file in files:
        os.utime(file, (0, 0))
    done = folder.build()
    assert done.written == ()
    assert folder.published() == before


def test_the_clock_is_not_in_the_output(folder: Folder) -> None:
    folder.build()
    before = folder.published()
    assert folder.build(now=NOW + timedelta(days=500)).written == ()
    assert folder.published() == before


def test_the_current_folder_is_not_in_the_output(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.build()
    shutil.copytree(folder.content, tmp_path / "other" / "content")
    (tmp_path / "else").mkdir()
    monkeypatch.chdir(tmp_path / "else")
    other = Folder(tmp_path / "other")
    other.build()
    assert other.published() == folder.published()
    assert str(tmp_path).encode() not in b"".join(folder.published().values())


def test_the_content_folder_may_be_a_link(folder: Folder, tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("POSIX only")
    folder.build()
    other = Folder(tmp_path / "other")
    other.root.mkdir()
    other.content.symlink_to(folder.content)
    other.build()
    assert other.published() == folder.published()


def test_an_output_inside_the_content_stays_stable(folder: Folder) -> None:
    flags = {"output": str(folder.content / "feeds")}
    first = folder.build(flags=flags)
    second = folder.build(flags=flags)
    assert first.files == second.files == 3
    assert second.written == ()
    assert codes(second) == ["FS008"]
    assert second.exit_code == 0


# Guards


def test_strict_publishes_nothing_when_anything_is_repaired(folder: Folder) -> None:
    folder.build()
    before = folder.published()
    folder.write("c.txt", text("C2", date="2026-01-03", titel="x"))
    done = folder.build(strict=True)
    assert (done.exit_code, done.written, done.published, codes(done)) == (1, (), 0, ["FM018"])
    assert folder.published() == before
    assert folder.build().exit_code == 0
    assert folder.published() != before


def test_strict_without_a_fault_publishes(folder: Folder) -> None:
    assert folder.build(strict=True).exit_code == 0
    assert len(folder.published()) == 7


@pytest.mark.parametrize("emptied", ["gone", "drafts"])
def test_a_publication_is_not_emptied_by_mistake(folder: Folder, emptied: str) -> None:
    folder.build()
    before = folder.published()
    for file in sorted(folder.content.iterdir()):
        if emptied == "gone":
            file.unlink()
        else:
            file.write_text("---\ntitle: x\ndraft: true\n---\n", "utf-8")
    with pytest.raises(GuardError) as caught:
        folder.build()
    assert caught.value.code == "PUB004"
    assert caught.value.exit_code == 4
    assert 'accept={"empty"}' in caught.value.hint
    assert folder.published() == before
    done = folder.build(accept=frozenset({"empty"}))
    assert (done.published, done.written, len(done.stale)) == (0, (), len(before) - 1)
    folder.build()  # it was accepted once and for all


def test_nothing_to_publish_is_no_fault_the_first_time(folder: Folder) -> None:
    shutil.rmtree(folder.content)
    folder.content.mkdir()
    done = folder.build()
    assert (done.exit_code, done.files, done.published) == (0, 0, 0)
    assert not folder.output.exists()


@pytest.mark.parametrize("what", ["missing", "file"])
def test_no_content_folder(folder: Folder, what: str) -> None:
    folder.build()
    before = folder.published()
    shutil.rmtree(folder.content)
    if what == "file":
        folder.content.write_text("x", "utf-8")
    with pytest.raises(UsageError) as caught:
        folder.build()
    assert (caught.value.code, caught.value.exit_code) == ("USE001", 2)
    assert folder.published() == before


def test_content_that_cannot_be_read(folder: Folder) -> None:
    if os.name == "nt":
        pytest.skip("POSIX only")
    shutil.rmtree(folder.content)
    folder.content.symlink_to(folder.content)
    with pytest.raises((MachineError, UsageError)):
        folder.build()


def test_a_clock_that_is_wrong_is_told(folder: Folder) -> None:
    folder.build()
    early = datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC)
    assert codes(folder.build(now=early, future=True)) == []
    done = folder.build(now=early, accept=frozenset({"shrink"}))
    assert [(p.severity, p.code, p.file) for p in done.problems] == [("warning", "TIME001", "")]
    assert done.exit_code == 0


def test_a_clock_that_is_a_little_late_is_not(folder: Folder) -> None:
    folder.build()
    assert codes(folder.build(now=datetime(2026, 1, 2, tzinfo=UTC))) == []


def test_dates_without_a_zone_are_told_once_a_build(folder: Folder) -> None:
    done = folder.build(flags={"timezone": None})
    assert [(p.severity, p.code, p.file, p.line) for p in done.problems] == [
        ("warning", "DATE010", "a.md", 3)
    ]
    assert done.exit_code == 0


def test_a_record_elsewhere(folder: Folder) -> None:
    folder.build('record = "state/record.json"')
    assert "feedwright.lock.json" not in folder.published()
    assert json.loads((folder.root / "state" / "record.json").read_bytes())["entries"]
    assert folder.build().written == ()


# Time


def test_a_scheduled_article_appears_when_it_is_due(folder: Folder) -> None:
    folder.write("later.md", text("Later", date="2026-12-24 18:00:00 +0100"))
    folder.write("much-later.md", text("Much later", date="2999-01-01"))
    done = folder.build()
    assert (done.published, len(done.left_out["scheduled"])) == (3, 2)
    assert done.next_due == datetime(2026, 12, 24, 17, tzinfo=UTC)
    assert folder.titles() == ["C", "B", "A"]
    left_out = folder.build(now=datetime(2026, 12, 24, 17, tzinfo=UTC)).left_out
    assert len(left_out["scheduled"]) == 1
    assert folder.titles() == ["Later", "C", "B", "A"]


def test_an_expired_article_leaves(folder: Folder) -> None:
    folder.write("c.txt", text("C", date="2026-01-03", expiryDate="2026-12-01"))
    folder.build()
    assert folder.titles() == ["C", "B", "A"]
    assert folder.build(now=datetime(2026, 12, 1, tzinfo=UTC)).left_out.keys() == {"expired"}
    assert folder.titles() == ["B", "A"]


# Parts


def test_a_category_that_is_gone_keeps_its_feed(folder: Folder) -> None:
    folder.build()
    before = folder.published()["y/rss.xml"]
    folder.write("b.html", text("B", date="2026-01-02", categories="x"))
    for _ in range(2):
        done = folder.build()
        assert done.stale == ("y/atom.xml", "y/rss.xml")
        assert folder.published()["y/rss.xml"] == before
    shutil.rmtree(folder.output / "y")
    assert folder.build().stale == ()


def test_foreign_files_are_left_alone(folder: Folder) -> None:
    folder.output.mkdir(parents=True)
    (folder.output / "index.html").write_text("mine", "utf-8")
    folder.build()
    assert folder.published()["index.html"] == b"mine"


def test_damage_is_repaired(folder: Folder) -> None:
    folder.build()
    before = folder.published()
    (folder.output / "atom.xml").write_text("edited by hand", "utf-8")
    (folder.output / "x" / "rss.xml").unlink()
    assert folder.build().written == ("atom.xml", "x/rss.xml")
    assert folder.published() == before


def test_one_format_only(folder: Folder) -> None:
    folder.build('formats = ["atom"]')
    assert sorted(folder.published()) == [
        "atom.xml",
        "feedwright.lock.json",
        "x/atom.xml",
        "y/atom.xml",
    ]


def test_summaries_only(folder: Folder) -> None:
    folder.build('content_mode = "summary"')
    assert [e.summary for e in folder.entries()] == ["Text"] * 3
    assert not any(e.get("content") for e in folder.entries())


@pytest.mark.parametrize("jobs", [2, 3])
def test_any_number_of_processes_makes_the_same(folder: Folder, tmp_path: Path, jobs: int) -> None:
    for n in range(12):
        folder.write(
            f"more/{n}.md", text(f"M{n}", categories=f"[x, c{n % 4}]", body=f"*{n}* <script>x</script>")
        )
    folder.write("bad.md", text("Bad", date="tomorrow"))
    serial = folder.build(flags={"limit": 5})
    shutil.copytree(folder.content, tmp_path / "other" / "content")
    other = Folder(tmp_path / "other")
    parallel = other.build(flags={"limit": 5}, jobs=jobs)
    assert other.published() == folder.published()
    assert parallel.problems == serial.problems
    assert parallel.written == serial.written


def test_the_sample_articles_make_the_committed_feeds(tmp_path: Path) -> None:
    """As `.ci/run` does, but from another folder."""
    committed = files_of(ROOT / "feeds")
    assert "atom.xml" in committed
    shutil.copytree(ROOT / "feeds", tmp_path / "feeds")
    site = load_settings(
        config=ROOT / "pyproject.toml",
        start=tmp_path,
        environ={},
        overrides={"output": str(tmp_path / "feeds")},
    )
    done = build(site, now=NOW, jobs=1)
    assert (done.exit_code, done.written) == (0, ())
    assert files_of(tmp_path / "feeds") == committed


@pytest.mark.parametrize("jobs", [1, 2])
def test_heavy_bodies_take_no_more_processes_than_are_allowed(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    begun: list[int] = []
    real = process_pool.start_pool

    def begin(number: int, *, limited: bool = False) -> ProcessPool:
        begun.append(number)
        return real(number, limited=limited)

    monkeypatch.setattr(workers, "default_jobs", lambda: 4)
    monkeypatch.setattr(process_pool, "start_pool", begin)
    for n in range(3):
        folder.write(f"{n}.md", text(f"T{n}", body="<p>a text</p>\n" * 20_000))
        assert not content.is_light(f"{n}.md", content=folder.content)
    assert folder.build(jobs=jobs).published == 6
    assert begun
    assert max(begun) == jobs
