"""A broken article keeps its last published entry in all its feeds until its next good version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click import unstyle

from feedwright.cli import report
from feedwright.formats.table import FORMATS, READ_BACK
from sites import Folder, codes, text

if TYPE_CHECKING:
    from pathlib import Path

DEEP = "<div>" * 600
BODY = '<p>Whole <b>text</b> <a href="x.html">x</a></p><script>alert(1)</script>'
BROKEN: dict[str, str | bytes] = {
    "front matter": "---\ntitle: a: b\n---\n",
    "neither title nor text": "---\ndate: 2026-01-05\n---\n",
    "date": text("A", date="tomorrow"),
    "body": text("Edited", date="2026-02-05", categories="other", body=DEEP),
    "emptied": "",
    "no front matter": "cut off",
    "bytes": b"---\ntitle: A\n\xff\xfe\xff\n---\n",
    "id of another": text("A", date="2026-01-02", guid="tag:example.org,2026-01-03:b.html"),
    "address of another": text("A", date="2026-01-02", permalink="/2026/01/03/b/"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A site of three articles, published."""
    found = Folder(tmp_path)
    head = {"categories": "[[Tech, Web], Solo]", "tags": "[t, u]", "author": "Ann", "updated": "2026-01-04"}
    picture = "https://e.org/a.png"
    found.write("a.html", text("A", date="2026-01-02", cover=picture, body=BODY, **head))
    found.write("b.html", text("B", date="2026-01-03", categories="[[Tech]]"))
    found.write("c.html", text("C", date="2026-01-01"))
    return found


SETTINGS = 'taxonomies = ["categories", "tags", "authors"]\n'


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("formats", [("rss", "atom"), ("rss",), ("atom",), ("json", "page"), [*FORMATS][:-1]])
def test_readers_keep_the_last_good_version(
    folder: Folder, broken: str | bytes, formats: tuple[str, ...]
) -> None:
    settings = f"{SETTINGS}formats = {list(formats)}\n"
    folder.build(settings)
    before = folder.published()
    good = (folder.content / "a.html").read_bytes()
    folder.write("a.html", broken)
    for _ in range(2):
        done = folder.build(settings)
        assert folder.published() == before
        assert (done.written, done.stale) == ((), ())
        told = [p for p in done.problems if p.file == "a.html" and p.code != "TTL005"]
        assert {p.kept[:10] for p in told} == {"2026-01-04"}
    (folder.content / "a.html").write_bytes(good.replace(b"Whole", b"New"))
    assert folder.build(settings).problems == ()
    name = next(name for name in READ_BACK if name in formats)
    published = READ_BACK[name](folder.published()[FORMATS[name].file])
    entry = next(entry for entry in published.entries if entry.title == "A")
    assert entry.id == "tag:example.org,2026-01-02:a.html"
    assert "New" in (entry.content or "")


def test_what_is_kept_is_told(folder: Folder) -> None:
    folder.build(SETTINGS)
    folder.write("a.html", BROKEN["date"])
    done = folder.build(SETTINGS)
    assert (done.exit_code, done.held) == (1, frozenset({"a.html"}))
    told = unstyle(report.full(done.problems[0], lambda file, line: None))
    assert "note: readers keep the version of 2026-01-04T00:00:00+00:00" in told
    assert "not published" not in told
    short = report.concise(done.problems[0])
    assert short.endswith("(readers keep the version of 2026-01-04T00:00:00+00:00)")
    answer = json.loads(report.as_json(1, done.problems, report.build_facts(done)))
    assert answer["problems"][0]["kept"] == "2026-01-04T00:00:00+00:00"


def test_what_was_deleted_or_is_a_draft_is_not_kept(folder: Folder) -> None:
    folder.build(SETTINGS)
    (folder.content / "a.html").unlink()
    folder.build(SETTINGS)
    assert folder.titles() == ["B", "C"]
    folder.write("b.html", text("B", date="2026-01-03", draft="true"))
    folder.build(SETTINGS)
    assert folder.titles() == ["C"]


def test_a_kept_entry_makes_way_for_newer_ones(folder: Folder) -> None:
    folder.build(SETTINGS)
    folder.write("c.html", text("C", date="never"))
    folder.write("d.html", text("D", date="2026-01-04"))
    assert folder.build(f"{SETTINGS}limit = 3\n").held == {"c.html"}
    assert folder.titles() == ["D", "B", "A"]
    assert "c.html" in json.loads(folder.published()["feedwright.lock.json"])["entries"]


@pytest.mark.parametrize("loss", ["removed", "cut", "foreign"])
def test_what_documents_no_longer_tell_cannot_be_kept(folder: Folder, loss: str) -> None:
    folder.build('formats = ["atom"]')
    documents = list(folder.output.glob("**/*.xml"))
    assert len(documents) > 1
    for path in documents:
        if loss == "removed":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:100] if loss == "cut" else b"<html/>")
    folder.write("a.html", BROKEN["date"])
    done = folder.build('formats = ["atom"]')
    assert codes(done) == ["DATE001"]
    assert done.problems[0].kept == ""
    assert folder.titles() == ["B", "C"]


def test_what_somebody_wrote_into_a_document_is_made_safe(folder: Folder) -> None:
    folder.build('formats = ["atom"]')
    documents = [path for path in folder.output.glob("**/*.xml") if b"&lt;b&gt;text" in path.read_bytes()]
    assert folder.output / "atom.xml" in documents
    for path in documents:
        bad = path.read_bytes().replace(b"&lt;b&gt;text", b"&lt;img src=x onerror=alert(1)&gt;&lt;b&gt;text")
        path.write_bytes(bad)
    folder.write("a.html", BROKEN["date"])
    folder.build('formats = ["atom"]')
    assert "A" in folder.titles()
    for path in documents:
        assert b"&lt;b&gt;text" in path.read_bytes()
        assert b"onerror" not in path.read_bytes()
