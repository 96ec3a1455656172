"""What a publication leaves to the next: every entry that readers have seen, for good."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sites import Folder, text

if TYPE_CHECKING:
    from pathlib import Path

DEEP = "<div>" * 600


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A site with two articles, published."""
    found = Folder(tmp_path)
    found.write("a.html", text("A", date="2026-01-01", categories="x"))
    found.write("b.html", text("B", date="2026-01-02"))
    found.build()
    return found


def _record(folder: Folder) -> Any:
    return json.loads((folder.output / "feedwright.lock.json").read_bytes())


def _entries(folder: Folder) -> dict[str, str]:
    return {path: e["id"] for path, e in _record(folder)["entries"].items()}


IDS = {"a.html": "tag:example.org,2026-01-01:a.html", "b.html": "tag:example.org,2026-01-02:b.html"}


def test_what_is_shown_is_recorded(folder: Folder) -> None:
    assert _entries(folder) == IDS
    found = _record(folder)["entries"]["a.html"]
    assert (found["title"], found["published"], found["updated"]) == ("A", *["2026-01-01T00:00:00+00:00"] * 2)
    assert sorted(_record(folder)["documents"]) == ["atom.xml", "rss.xml", "x/atom.xml", "x/rss.xml"]
    assert _record(folder)["slugs"] == {"x": "x"}


@pytest.mark.parametrize(
    "broken",
    [
        "---\ntitle: a: b\n---\n",
        text("A", date="tomorrow"),
        text("A", date="2026-01-01", body=DEEP),
        "no front matter any more",
    ],
    ids=["front matter", "date", "body", "none"],
)
def test_an_entry_stays_while_its_file_is_there_and_cannot_be_shown(folder: Folder, broken: str) -> None:
    folder.write("a.html", broken)
    folder.build()
    assert _entries(folder) == IDS


def test_a_body_that_is_held_keeps_its_entry_and_fingerprint(folder: Folder) -> None:
    before = _record(folder)["entries"]["a.html"]
    folder.write("a.html", text("Edited", date="2026-01-01", body=DEEP))
    assert folder.build().held == {"a.html"}
    assert _record(folder)["entries"]["a.html"] == before


def test_an_article_that_is_held_for_its_id_keeps_its_entry(folder: Folder) -> None:
    folder.write("b.html", text("B", date="2026-01-02", guid=IDS["a.html"]))
    assert folder.build().held == {"b.html"}
    assert _entries(folder) == IDS


def test_an_article_that_is_held_for_its_address_keeps_its_entry(folder: Folder) -> None:
    folder.write("b.html", text("B", date="2026-01-02", permalink="/2026/01/01/a/"))
    assert folder.build().held == {"b.html"}
    assert _entries(folder) == IDS


def _withdrawn(folder: Folder) -> dict[str, str]:
    return {e["source"]: entry_id for entry_id, e in _record(folder).get("withdrawn", {}).items()}


def test_an_id_stays_past_the_limit(folder: Folder) -> None:
    folder.write("a.html", text("A", date="2025-12-31", categories="x"))  # id: of 2026-01-01
    for n in range(3):
        folder.write(f"new{n}.html", text(f"New {n}", date=f"2026-02-0{n + 1}", categories="x"))
    folder.build(flags={"limit": 2})
    assert set(_entries(folder)) == {"a.html", "b.html", "new1.html", "new2.html"}
    assert _record(folder)["entries"]["a.html"]["published"][:10] == "2025-12-31"
    for n in range(3):
        (folder.content / f"new{n}.html").unlink()
    folder.build(accept=frozenset({"shrink"}))
    assert _entries(folder) == IDS
    assert set(_withdrawn(folder)) == {"new1.html", "new2.html"}


@pytest.mark.parametrize(
    "edit",
    [
        {"path": "moved/a.html"},
        {"path": "moved/a.html", "date": "2025-12-30"},
        {"date": "2025-12-30"},
        {"title": "Another", "date": "2025-12-30"},
    ],
)
def test_what_fell_off_the_end_comes_back_under_its_id(folder: Folder, edit: dict[str, str]) -> None:
    folder.write("c.html", text("C", date="2026-01-03", body="c"))
    folder.build(flags={"limit": 1})
    edit = {"path": "a.html", "title": "A", "date": "2026-01-01", **edit}
    (folder.content / "a.html").unlink()
    folder.write(edit["path"], text(edit["title"], date=edit["date"]))
    folder.build(flags={"limit": 1})
    folder.build(flags={"limit": 9})
    assert {e.id for e in folder.entries()} == {*IDS.values(), "tag:example.org,2026-01-03:c.html"}


def test_a_guid_that_is_taken_out_again_stays(folder: Folder) -> None:
    folder.write("g.html", text("G", date="2026-01-03", guid="urn:x:g"))
    folder.build()
    folder.write("g.html", text("G", date="2026-01-03"))
    folder.build()
    assert _entries(folder)["g.html"] == "urn:x:g"


def test_files_that_vanish_are_withdrawn_and_come_back(folder: Folder) -> None:
    (folder.content / "a.html").unlink()
    folder.build()
    assert _entries(folder) == {"b.html": IDS["b.html"]}
    assert _withdrawn(folder) == {"a.html": IDS["a.html"]}
    assert _record(folder)["slugs"] == {"x": "x"}  # but an address is never given away
    assert "x/" in _record(folder)["feeds"]
    before = folder.published()
    folder.build()
    assert folder.published() == before
    folder.write("elsewhere/a.html", text("A", date="2026-01-01", body="new", categories="x"))
    folder.build()
    assert _entries(folder) == {"elsewhere/a.html": IDS["a.html"], "b.html": IDS["b.html"]}
    assert _withdrawn(folder) == {}


def test_another_article_under_the_name_of_a_withdrawn_one_is_new(folder: Folder) -> None:
    (folder.content / "a.html").unlink()
    folder.build()
    folder.write("a.html", text("Other", date="2026-05-05", body="other"))
    folder.build()
    assert _entries(folder)["a.html"] == "tag:example.org,2026-05-05:a.html"
    assert _withdrawn(folder) == {"a.html": IDS["a.html"]}


def test_a_draft_again_keeps_its_id(folder: Folder) -> None:
    folder.write("a.html", text("A", date="2026-05-05", draft="true"))
    folder.build()
    folder.write("a.html", text("A", date="2026-05-05"))
    folder.build()
    assert _entries(folder) == IDS


def test_the_record_is_the_same_again(folder: Folder) -> None:
    before = folder.published()
    folder.build()
    assert folder.published() == before
