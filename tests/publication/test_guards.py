"""A build that would hurt subscribers publishes nothing until somebody says that it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from feedwright.commands.inspection import Inspection
from feedwright.model import EntryRecord
from feedwright.problems import GuardError
from feedwright.publication import guards
from feedwright.publication.record import Record
from sites import Folder, codes, text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A site of five articles, published."""
    found = Folder(tmp_path)
    for day in range(1, 6):
        found.write(f"{day}.md", text(f"Day {day}", date=f"2026-01-0{day}", categories="x"))
    found.build()
    return found


def _refused(folder: Folder, **options: Any) -> GuardError:
    before = folder.published()
    with pytest.raises(GuardError) as caught:
        folder.build(**options)
    assert folder.published() == before
    assert caught.value.exit_code == 4
    return caught.value


def _change_guids(folder: Folder, *days: int) -> None:
    for day in days:
        head = {"date": f"2026-01-0{day}", "categories": "x", "guid": f"urn:x:{day}"}
        folder.write(f"{day}.md", text(f"Day {day}, edited", **head))


@pytest.mark.parametrize("days", [(3,), (3, 4)])
def test_an_article_with_another_guid_is_held_and_readers_keep_it(
    folder: Folder, days: tuple[int, ...]
) -> None:
    _change_guids(folder, *days)
    folder.write("new.md", text("New", date="2026-01-09"))
    done = folder.build()
    assert [(p.code, p.file, bool(p.kept)) for p in done.problems] == [
        ("PUB013", f"{day}.md", True) for day in days
    ]
    assert "was published as tag:example.org,2026-01-03:3.md" in done.problems[0].message
    assert (done.exit_code, done.published) == (1, 6 - len(days))
    assert folder.titles() == ["New", *(f"Day {day}" for day in range(5, 0, -1))]
    folder.build(accept=frozenset({"id-change"}))
    assert {f"urn:x:{day}" for day in days} <= {e.id for e in folder.entries()}
    assert folder.build().written == ()


def test_the_only_article_with_another_guid_is_held(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("3.md", text("Day 3", date="2026-01-03"))
    folder.build()
    _change_guids(folder, 3)
    folder.write("new.md", text("New", date="2026-01-09"))
    assert codes(folder.build()) == ["PUB013"]
    assert folder.titles() == ["New", "Day 3"]


def test_more_than_half_of_the_entries_under_other_ids_are_refused(folder: Folder) -> None:
    _change_guids(folder, 3, 4, 5)
    error = _refused(folder)
    assert error.code == "PUB009"
    assert "'Day 3, edited' was tag:example.org,2026-01-03:3.md, now urn:x:3" in error.message
    assert 'accept={"id-change"}' in error.hint
    _refused(folder, accept=frozenset({"shrink", "empty", "foreign"}))
    folder.build(accept=frozenset({"id-change"}))
    assert "urn:x:3" in {e.id for e in folder.entries()}
    assert folder.build().written == ()


def test_many_entries_are_not_all_named(folder: Folder) -> None:
    for day in range(1, 6):
        folder.write(f"{day}.md", text(f"Day {day}", date=f"2026-01-0{day}", guid=f"urn:x:{day}"))
    folder.write("6.md", text("Day 6", date="2026-01-06"))
    assert _refused(folder).message.startswith("5 entries would come back as unread")
    folder.build(accept=frozenset({"id-change"}))
    for day in range(1, 7):
        folder.write(f"{day}.md", text(f"Day {day}", date=f"2026-01-0{day}", guid=f"urn:y:{day}"))
    assert _refused(folder).message.endswith("and 1 more")


@pytest.mark.parametrize(("gone", "refused"), [(2, False), (3, True), (4, True)])
def test_more_than_half_of_the_entries(folder: Folder, gone: int, refused: bool) -> None:
    for day in range(1, gone + 1):
        (folder.content / f"{day}.md").unlink()
    folder.write("new.md", text("New", date="2026-01-09"))
    if refused:
        error = _refused(folder)
        assert error.code == "PUB010"
        assert f"would lose {gone} of its 5 entries" in error.message
        assert "'Day 1'" in error.message
    folder.build(accept=frozenset({"shrink"} if refused else ()))
    assert len(folder.titles()) == 6 - gone


def test_a_smaller_limit_loses_nothing(folder: Folder) -> None:
    folder.build(flags={"limit": 1})
    assert folder.titles() == ["Day 5"]


def test_newer_entries_push_others_out(folder: Folder) -> None:
    for day in range(1, 6):
        folder.write(f"new{day}.md", text(f"New {day}", date=f"2026-02-0{day}"))
    folder.build(flags={"limit": 5})
    assert folder.titles() == [f"New {day}" for day in range(5, 0, -1)]


def test_a_category_may_vanish(folder: Folder) -> None:
    for day in range(1, 6):
        folder.write(f"{day}.md", text(f"Day {day}", date=f"2026-01-0{day}"))
    assert folder.build().stale == ("x/atom.xml", "x/rss.xml")


def test_ordinary_edits_read_no_feed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be at risk is decided from the record, also while articles are withdrawn or held."""
    (folder.content / "5.md").unlink()
    folder.write("4.md", text("Day 4", date="2026-01-04", draft="true", categories="x"))
    folder.write("3.md", text("Day 3", date="tomorrow", categories="x"))
    folder.build()
    monkeypatch.setattr(Inspection, "changes", None)
    folder.write("2.md", text("Day two", date="2026-01-02", body="New", categories="x"))
    folder.write("6.md", text("Day 6", date="2026-01-06", body="Six", categories="x, y"))
    folder.build()
    folder.build(flags={"limit": 2})
    folder.write("4.md", text("Day 4", date="2026-01-04", categories="x"))
    folder.build()
    assert folder.titles() == ["Day 6", "Day 4", "Day 3", "Day two", "Day 1"]


@pytest.mark.parametrize(
    ("shown", "revived", "risky"), [("b", True, True), ("b", False, False), ("a", True, False)]
)
def test_a_feed_that_comes_back_with_a_new_id_is_compared(shown: str, revived: bool, risky: bool) -> None:
    date = "2026-01-01T00:00:00+00:00"
    entry = EntryRecord(id="a", source="a.md", published=date, updated=date, title="A", fingerprint="")
    record = Record(authority="example.org", entries={"a.md": entry})
    ids = {"a.md": "a", "b.md": "b"}
    assert guards.is_risky(record, ids, set(), shown={shown}, revived=revived) is risky


def test_documents_that_cannot_be_read_guard_nothing(folder: Folder) -> None:
    documents = list(folder.output.glob("**/*.xml"))
    assert len(documents) == 4
    for path in documents:
        path.write_text("<html/>", "utf-8")
    for day in range(1, 5):
        (folder.content / f"{day}.md").unlink()
    folder.build()
    assert folder.titles() == ["Day 5"]
