"""The record comes back as it was written, changes little when little changes, and is never guessed at."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedwright.disk import is_plain_path
from feedwright.feeds.slugs import SEPARATOR, slug
from feedwright.model import EntryRecord, replace
from feedwright.problems import GuardError, MachineError
from feedwright.publication.record import (
    LARGEST,
    MOST_MARKS,
    Record,
    dump,
    load,
    read,
    read_elsewhere,
    without_old,
)
from feedwright.text import tidy_label

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
_ANY = st.text(st.characters(exclude_characters="\0", codec=None), min_size=1, max_size=8)  # a system's
_SLUG_PATHS = st.lists(st.text(max_size=90).map(slug), min_size=1, max_size=3).map("/".join)
_FOLDERS = st.sampled_from(("", "tags/", "authors/")).flatmap(lambda above: _SLUG_PATHS.map(above.__add__))
_LABELS = st.lists(st.text(max_size=9).map(tidy_label).filter(bool), min_size=1, max_size=3)
_IDS = st.builds("tag:example.org,{}:{}".format, st.dates(), st.text(max_size=8).map(quote))
_DATES = st.datetimes(
    min_value=datetime(1900, 1, 2),
    max_value=datetime(9998, 12, 30),
    timezones=st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))),
).map(datetime.isoformat)
_ENTRIES = st.builds(
    EntryRecord,
    id=_IDS,
    source=st.lists(_ANY.filter(lambda part: part not in (".", "..") and "/" not in part), min_size=1).map(
        "/".join
    ),
    published=_DATES,
    updated=_DATES,
    title=st.text(max_size=8),
    fingerprint=st.sampled_from(("", "0123456789abcdef")),
    link=st.one_of(st.just(""), st.text(max_size=8).map(lambda path: f"https://example.org/{quote(path)}/")),
)


@st.composite
def _records(draw: st.DrawFn) -> Record:
    """Records with values as builds make them."""
    folders = draw(st.lists(_FOLDERS, max_size=4, unique=True))
    entries = draw(st.lists(_ENTRIES, max_size=4))
    return Record(
        authority=draw(st.sampled_from(("example.org", "me@example.org", "xn--nxasmq6b", "2001:db8::1"))),
        feeds={"": draw(_IDS), **{f"{folder}/": draw(_IDS) for folder in folders}},
        slugs={folder: SEPARATOR.join(draw(_LABELS)) for folder in folders},
        documents={f"{folder}/{name}": HASH for folder in folders for name in ("rss.xml", "index.html")},
        stale=dict.fromkeys(draw(st.sets(st.sampled_from(("old feed.xml", "汉.rss", "a/b.html")))), HASH),
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
    record = replace(RECORD, entries={"\ud800.md": replace(ENTRY, source="\ud800.md")})
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


def _entry(**changes: str) -> bytes:
    return _changed(entries={"a.md": {**ROW, **changes}})


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
        (_changed(documents={"a/../rss.xml": HASH}), "rss.xml' is not a path"),
        (_changed(documents={"rss.xml": "sha256:0"}), "'sha256:0' is not a hash"),
        (_changed(documents={"a/.git/config": HASH}), "'a/.git/config' is not a path of a document"),
        (_changed(documents={"Makefile": HASH}), "'Makefile' is not a path of a document"),
        (_changed(stale={"a%20b.xml": HASH}), "'a%20b.xml' is not a path of a document"),
        (_changed(stale={"a" * 252 + ".xml": HASH}), "is not a path of a document"),
        (_changed(documents={"\ud800.xml": HASH}), "is not a path of a document"),
        (_changed(documents={"rss.xml": HASH + "\n"}), "is not a hash"),
        (_changed(authority=""), "'' is not an authority"),
        (_changed(authority="example.org/x"), "'example.org/x' is not an authority"),
        (_changed(authority="a\u202eb"), "is not an authority"),
        (_changed(authority="a" * 400), "is not an authority"),
        (_changed(feeds={"": "feed"}), "'feed' is not the id of a feed"),
        (_changed(feeds={"tech": "urn:a:b"}), "'tech' is not the path of a feed"),
        (_changed(feeds={"../": "urn:a:b"}), "'../' is not the path of a feed"),
        (_changed(feeds={"Tech/": "urn:a:b"}), "'Tech/' is not the path of a feed"),
        (_changed(slugs={"/etc": "x"}), "'/etc' is not a slug path"),
        (_changed(slugs={"tags": "x"}), "'tags' is not a slug path"),
        (_changed(slugs={"a.b": "x"}), "'a.b' is not a slug path"),
        (_changed(slugs={"rss": "x"}), "'rss' is not a slug path"),
        (_changed(slugs={"a" * 99: "x"}), "is not a slug path"),
        (_changed(slugs={"a": ""}), "'' is not a list of labels"),
        (_changed(slugs={"a": "A\u001f"}), "is not a list of labels"),
        (_changed(slugs={"a": "A\0"}), "is not a list of labels"),
        (_changed(entries={"../a.md": ROW}), "'../a.md' is not the path of an article"),
        (_changed(entries={"/a.md": ROW}), "'/a.md' is not the path of an article"),
        (_changed(entries={"": ROW}), "'' is not the path of an article"),
        (_changed(entries={"a\0.md": ROW}), "is not the path of an article"),
        (_entry(id="x "), "'x ' is not an id"),
        (_entry(id="javascript:alert(1)"), "'javascript:alert.1.' is not an id"),
        (_entry(id="tag:<a>"), "'tag:<a>' is not an id"),
        (_entry(published="2022-04-09"), "'2022-04-09' is not a date with its zone"),
        (_entry(published=""), "'' is not a date with its zone"),
        (_entry(updated="2022-04-09T21:05:33"), "is not a date with its zone"),
        (_entry(updated="0001-01-01T00:00:00+14:00"), "is not a date with its zone"),
        (_entry(updated="9999-12-31T23:59:59-14:00"), "is not a date with its zone"),
        (_entry(link="javascript:alert(1)"), "is not an address on the web"),
        (_entry(link="/a/"), "'/a/' is not an address on the web"),
        (_entry(link="https://example.org/a\n"), "is not an address on the web"),
        (_entry(fingerprint="xyz"), "'xyz' is not a fingerprint"),
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


def test_a_record_with_a_hundred_thousand_keys_and_one_twice_is_refused_soon() -> None:
    rows = ", ".join(f'"{number:x}": 0' for number in range(100_000))
    with pytest.raises(GuardError, match="'0' is in it twice"):
        read(f'{{"version": 1, "a": {{{rows}, "0": 1}}}}'.encode(), name="r")


def test_a_record_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "r").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(MachineError) as caught:
        load(tmp_path / "r")
    assert caught.value.code == "FS022"


def test_a_server_s_record_that_would_take_too_much_memory_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(GuardError, match="too much to come from a server") as caught:
        read_elsewhere(b'{"version": 1, "a": [' + b"{}," * (MOST_MARKS // 2) + b"{}]}", name="r")
    assert (caught.value.code, caught.value.file) == ("PUB006", "r")
    assert read_elsewhere(dump(RECORD), name="r") == RECORD


def test_a_server_s_record_may_have_a_hundred_thousand_entries() -> None:
    source = "posts/2026/notes-on-tea-and-trails-{:05}.md"
    paths = [source.format(number) for number in range(100)]
    entry = EntryRecord(
        id="",
        source="",
        published="2026-01-01T10:00:00+00:00",
        updated="2026-01-02T10:00:00+00:00",
        title="Notes, on tea: and trails",
        fingerprint="0" * 64,
        link="https://example.org/2026/01/01/notes-on-tea-and-trails/",
    )
    rows = {path: replace(entry, id=f"tag:example.org,2026-01-01:{path}", source=path) for path in paths}
    data = dump(replace(RECORD, entries=rows))
    assert sum(map(data.count, b",:{[")) * 1000 <= MOST_MARKS
    assert len(data) * 1000 <= LARGEST


def test_slugs_of_a_newer_unicode_are_slugs(tmp_path: Path) -> None:
    newer = replace(RECORD, slugs={"\U000105c0\U00011f00x": "x"}, feeds={"\U000105c0-y/": "urn:a:b"})
    (tmp_path / "r").write_bytes(dump(newer))
    assert load(tmp_path / "r") == newer


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
