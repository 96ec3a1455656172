"""The record comes back as it was written, changes little when little changes, and is never guessed at."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedwright.disk import is_plain_path
from feedwright.model import EntryRecord
from feedwright.problems import GuardError, MachineError
from feedwright.publication.record import Record, dump, load, without_old

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = EntryRecord(
    id="tag:example.org,2022:a",
    source="posts/a.md",
    published="2022-04-09T21:05:33+08:00",
    updated="2022-04-09T21:05:33+08:00",
    title="趣头条 “quoted” \u2028",
    fingerprint="abc",
)
HASH = "sha256:" + "0" * 64
RECORD = Record(
    authority="example.org,2022",
    feeds={"": "tag:example.org,2022:feed", "tech/": "tag:example.org,2022:feed/tech"},
    slugs={"tech": "Tech", "tech/python": "Tech\u001fPython"},
    documents={"rss.xml": HASH, "tech/rss.xml": HASH},
    entries={"posts/a.md": ENTRY},
)
_PARTS = st.text(alphabet="abc汉é-", min_size=1, max_size=6)
_SLUGS = st.lists(_PARTS, min_size=1, max_size=3).map("/".join)


@st.composite
def _records(draw: st.DrawFn) -> Record:
    text = st.text(max_size=8)
    fields = {**dict.fromkeys(EntryRecord.__slots__, text), "gone": st.sampled_from(["", "2026-02-03"])}
    entries = draw(st.lists(st.builds(EntryRecord, **fields), max_size=4))
    return Record(
        authority=draw(text),
        feeds=draw(st.dictionaries(text, text, max_size=4)),
        slugs=draw(st.dictionaries(_SLUGS, text, max_size=4)),
        documents=draw(st.dictionaries(_SLUGS, st.just(HASH), max_size=4)),
        entries={entry.source: entry for entry in entries[:2]},
        withdrawn={entry.id: entry for entry in entries[2:]},
    )


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_records())
def test_round_trip(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(dump(record))
    assert load(path) == record


def test_a_lone_surrogate_survives(tmp_path: Path) -> None:
    record = Record(authority="\ud800")
    (tmp_path / "r").write_bytes(dump(record))
    assert load(tmp_path / "r") == record


def test_no_file_is_no_record(tmp_path: Path) -> None:
    assert load(tmp_path / "absent" / "record.json") is None


def test_form_makes_small_diffs() -> None:
    before = dump(RECORD).decode().split("\n")
    entry = replace(ENTRY, source="posts/b.md", title="B")
    after = dump(replace(RECORD, entries={"posts/b.md": entry, "posts/a.md": ENTRY})).decode().split("\n")
    assert len(after) == len(before) + 1
    assert before[-1] == ""
    assert sum("趣头条" in line for line in after) == 1
    assert "\r" not in "".join(after)


def test_order_of_making_does_not_show() -> None:
    turned = replace(RECORD, slugs=dict(sorted(RECORD.slugs.items(), reverse=True)))
    assert list(turned.slugs) != list(RECORD.slugs)
    assert dump(turned) == dump(RECORD)


def test_an_entry_under_another_source_is_our_fault() -> None:
    with pytest.raises(ValueError, match="recorded under"):
        dump(replace(RECORD, entries={"posts/other.md": ENTRY}))


ROW = json.loads(dump(RECORD))["entries"]["posts/a.md"]


def _changed(**changes: Any) -> bytes:
    return json.dumps({**json.loads(dump(RECORD)), **changes}).encode()


def _without(name: str) -> bytes:
    return json.dumps({key: value for key, value in json.loads(dump(RECORD)).items() if key != name}).encode()


def test_early_records_have_nothing_stale_and_no_links(tmp_path: Path) -> None:
    early = json.loads(_without("stale"))
    del early["entries"]["posts/a.md"]["link"]
    (tmp_path / "r").write_text(json.dumps(early))
    assert load(tmp_path / "r") == RECORD


WITHDRAWN = replace(ENTRY, id="urn:x:gone", source="gone.md", gone="2026-02-03")


def test_what_is_withdrawn_is_by_its_id_and_only_there_if_there_is_any(tmp_path: Path) -> None:
    assert b"withdrawn" not in dump(RECORD)
    record = replace(RECORD, withdrawn={"urn:x:gone": WITHDRAWN})
    path = tmp_path / "record.json"
    path.write_bytes(dump(record))
    assert load(path) == record
    row = json.loads(path.read_bytes())["withdrawn"]["urn:x:gone"]
    assert (row["source"], row["gone"], "id" in row) == ("gone.md", "2026-02-03", False)
    assert record.sources == {ENTRY.id: ENTRY.source, "urn:x:gone": "gone.md"}


def test_what_has_been_gone_for_a_year_is_old() -> None:
    record = replace(RECORD, withdrawn={"urn:x:gone": replace(WITHDRAWN, gone="")})
    noted, old = without_old(record, {"posts/a.md"}, date(2026, 2, 3))
    assert noted.withdrawn == {"urn:x:gone": WITHDRAWN}
    assert old == ()
    again, old = without_old(noted, {"posts/a.md"}, date(2027, 2, 3))
    assert (again, old) == (noted, ())
    left, old = without_old(noted, {"posts/a.md"}, date(2027, 2, 4))
    assert (left.withdrawn, old) == ({}, (WITHDRAWN,))
    back, old = without_old(noted, {"gone.md"}, date(2029, 1, 1))
    assert (back, old) == (record, ())


def test_an_entry_names_nothing_twice(tmp_path: Path) -> None:
    (tmp_path / "r").write_bytes(dump(RECORD).replace(b'"title"', b'"link": "", "title"'))
    with pytest.raises(GuardError, match="'link' is in it twice"):
        load(tmp_path / "r")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"\x00\x00\x00\x00", "cannot be used"),
        (b"\xff\xfe\xfa", "cannot be used"),
        (dump(RECORD)[:200], "not JSON"),
        (dump(RECORD).replace(b'  "slugs"', b'<<<<<<< HEAD\n  "slugs"'), "unfinished merge"),
        (dump(RECORD).replace(b'  "slugs"', b'  "feeds": {},\n  "slugs"'), "'feeds' is in it twice"),
        (b"[]", "no version"),
        (b"[" * 100_000, "cannot be used"),
        (b"{}", "no version"),
        (_changed(version=True), "no version"),
        (_changed(version=0), "no version 0"),
        (_changed(version=2), "version 2, this feedwright knows up to 1"),
        (_changed(authority=None), "authority"),
        (_changed(more={}), "unknown 'more'"),
        (_changed(feeds=[]), "feeds"),
        (_changed(feeds={"": 1}), "feeds"),
        (_changed(entries={"a.md": []}), "'a.md'"),
        (_changed(entries={"a.md": {**ROW, "title": 1}}), "'a.md'.*title"),
        (_changed(entries={"a.md": {**ROW, "more": "x"}}), "'a.md' has an unknown 'more'"),
        (_changed(entries={"a.md": {**ROW, "source": "a.md"}}), "unknown 'source'"),
        (_changed(entries=[]), "entries"),
        (_changed(withdrawn=[]), "entries"),
        (_changed(withdrawn={"urn:x:1": {**ROW, "source": "b.md"}}), "unknown 'id'"),
        (_changed(entries={"a.md": {**ROW, "gone": "yesterday"}}), "yesterday"),
        (_without("entries"), "entries"),
        (_without("slugs"), "has no 'slugs'"),
        (_changed(entries={"a.md": {"id": "x"}}), "has no 'fingerprint'"),
        (_changed(documents={"../rss.xml": HASH}), "rss.xml' is not a path"),
        (_changed(documents={"rss.xml": "sha256:0"}), "'sha256:0' is not a hash"),
        (_changed(slugs={"/etc": "x"}), "'/etc' is not a path"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "feedwright.lock.json"
    path.write_bytes(data)
    with pytest.raises(GuardError, match=message) as caught:
        load(path)
    assert (caught.value.code, caught.value.exit_code) == ("PUB006", 4)
    assert caught.value.file == str(path)
    assert caught.value.hint
    assert path.read_bytes() == data


def test_fault_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "r"
    path.write_bytes(dump(RECORD).replace(b'  "slugs"', b'=======\n  "slugs"'))
    with pytest.raises(GuardError) as caught:
        load(path)
    assert path.read_text(encoding="utf-8").split("\n")[caught.value.line - 1] == "======="


def test_newer_record_asks_for_an_upgrade(tmp_path: Path) -> None:
    (tmp_path / "r").write_bytes(_changed(version=2))
    with pytest.raises(GuardError) as caught:
        load(tmp_path / "r")
    assert "Upgrade" in caught.value.hint


def test_what_an_editor_or_git_did_to_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "r").write_bytes(b"\xef\xbb\xbf" + dump(RECORD).replace(b"\n", b"\r\n"))
    assert load(tmp_path / "r") == RECORD


def test_folder_in_its_place_is_the_machines_fault(tmp_path: Path) -> None:
    with pytest.raises(MachineError) as caught:
        load(tmp_path)
    assert caught.value.code == "FS022"


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("rss.xml", True),
        ("tech/新媒体/rss.xml", True),
        (".hidden", True),
        ("", False),
        ("/rss.xml", False),
        ("a//b", False),
        ("a/", False),
        ("../a", False),
        ("a/../b", False),
        ("a/./b", False),
        ("a\\b", False),
        ("C:/a", False),
        ("a\x00", False),
        ("a./b", False),
        ("a /b", False),
    ],
)
def test_plain_paths(path: str, plain: bool) -> None:
    assert is_plain_path(path) is plain
