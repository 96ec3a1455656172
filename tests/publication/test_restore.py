"""An output folder comes back from where it is served, and nothing else is touched."""

from __future__ import annotations

import hashlib
import http.server
import threading
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from feedwright import workers
from feedwright.formats import atom, rss
from feedwright.model import NO_INDEX, Document, EntryRecord, SafeHtml, replace
from feedwright.problems import FeedwrightError, GuardError, MachineError, Problem
from feedwright.publication.publish import Destination, Published, publish
from feedwright.publication.record import Record, dump, load
from feedwright.publication.restore import restore
from sample_feeds import entry, feed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

URL = "https://example.org/feeds/"
RSS, ATOM = rss.render(feed(entry()), NO_INDEX), atom.render(feed(entry()), NO_INDEX)
NEWER = rss.render(feed(entry(1), entry(2)), NO_INDEX)
FILES = {"rss.xml": RSS, "atom.xml": ATOM, "生活/a b #1.xml": RSS}
ENTRY = EntryRecord(
    id="tag:a,2026:x",
    source="a.md",
    published="2026-01-03T00:00:00+00:00",
    updated="2026-01-03T00:00:00+00:00",
    title="A",
    fingerprint="1",
)
RECORD = Record(authority="example.org", feeds={"": "urn:x:y"}, entries={"a.md": ENTRY})


class Place:
    """A site that was published somewhere, and an output folder that may not have it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "out"
        self.record_path = self.output / "feedwright.lock.json"
        self.served: dict[str, bytes | FeedwrightError] = {}
        self.asked: list[str] = []
        self.serve(self.publish(root / "there", FILES))

    def publish(self, folder: Path, files: dict[str, bytes], record: Record = RECORD) -> Path:
        path = folder / "feedwright.lock.json"
        documents = [Document(path=path, data=data) for path, data in files.items()]
        publish(documents, self.destination(folder, path), record=record, previous=load(path))
        return folder

    def destination(self, output: Path, record_path: Path) -> Destination:
        return Destination(output=output, record_path=record_path, lock=self.root / "cache" / "lock")

    def serve(self, folder: Path) -> None:
        files = [path for path in folder.rglob("*") if path.is_file()]
        self.served = {URL + quote(f.relative_to(folder).as_posix()): f.read_bytes() for f in files}

    def serve_record(self, **documents: str) -> None:
        self.served[f"{URL}feedwright.lock.json"] = dump(replace(RECORD, documents=documents))

    def find(self, url: str, limit: int) -> bytes | None:
        self.asked.append(url)
        assert limit == 64 * 2**20
        found = self.served.get(url)
        if isinstance(found, FeedwrightError):
            raise found
        return found

    def restore(
        self, url: str = URL, *, accept: str = "", aliases: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Published, list[Problem]]:
        return restore(
            url,
            self.destination(self.output, self.record_path),
            aliases=aliases,
            find=self.find,
            accept=frozenset({accept}),
        )

    def content(self) -> dict[str, bytes]:
        files = self.output.rglob("*")
        return {f.relative_to(self.output).as_posix(): f.read_bytes() for f in files if f.is_file()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@pytest.mark.parametrize("url", [URL, URL.rstrip("/")])
def test_all_that_was_published_comes_back(place: Place, url: str) -> None:
    done, problems = place.restore(url)
    assert done.written == tuple(sorted(FILES))
    assert (done.unchanged, problems) == ((), [])
    assert place.content() == {
        **FILES,
        "feedwright.lock.json": place.served[f"{URL}feedwright.lock.json"],
    }
    record = load(place.record_path)
    assert record
    assert record.entries == RECORD.entries


def test_a_second_time_fetches_the_record_only_and_writes_nothing(place: Place) -> None:
    place.restore()
    stamps = {path: path.stat().st_mtime_ns for path in place.output.rglob("*")}
    assert len(stamps) > len(FILES)
    place.asked.clear()
    done, problems = place.restore()
    assert place.asked == [f"{URL}feedwright.lock.json"]
    assert (done.written, done.unchanged, problems) == ((), tuple(sorted(FILES)), [])
    assert {path: path.stat().st_mtime_ns for path in place.output.rglob("*")} == stamps


def test_what_is_lacking_is_fetched(place: Place) -> None:
    place.restore()
    (place.output / "atom.xml").unlink()
    assert place.restore()[0].written == ("atom.xml",)
    assert place.content()["atom.xml"] == FILES["atom.xml"]


def test_a_later_publication_replaces_an_earlier_one(place: Place) -> None:
    place.restore()
    place.serve(place.publish(place.root / "there", {**FILES, "rss.xml": NEWER}))
    assert place.restore()[0].written == ("rss.xml",)
    assert place.content()["rss.xml"] == NEWER


def test_a_document_that_is_missing_or_edited_is_told_and_not_written(place: Place) -> None:
    del place.served[f"{URL}atom.xml"]
    place.served[f"{URL}rss.xml"] = b"edited"
    for written in ((max(FILES),), ()):
        done, problems = place.restore()
        assert [(p.severity, p.code, p.file.rpartition("/")[2]) for p in problems] == [
            ("warning", "RES002", "atom.xml"),
            ("warning", "RES003", "rss.xml"),
        ]
        assert all(p.hint and URL in p.message for p in problems)
        assert done.written == written
        assert place.content().keys() == {max(FILES), "feedwright.lock.json"}
        assert load(place.record_path) == replace(RECORD, documents={max(FILES): _hash(FILES[max(FILES)])})


def test_without_a_record_there_is_a_way_for_a_first_publication(place: Place) -> None:
    del place.served[f"{URL}feedwright.lock.json"]
    with pytest.raises(MachineError) as caught:
        place.restore()
    assert caught.value.code == "RES001"
    assert "If nothing was published there yet" in caught.value.hint
    assert not place.output.exists()


@pytest.mark.parametrize("path", ["feedwright.lock.json", "rss.xml"])
def test_a_server_that_fails_is_not_taken_for_one_that_has_nothing(place: Place, path: str) -> None:
    place.served[URL + path] = MachineError("Too slow.", code="NET003")
    with pytest.raises(MachineError, match="Too slow"):
        place.restore()
    assert not place.output.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><h1>Not found</h1>",
        b"[]",
        b"\xff",
        b'{"version": 99}',
        b"[" * 100_000,
        dump(RECORD).replace(b'"authority"', b'"x"'),
    ],
)
def test_what_is_no_record_is_refused(place: Place, data: bytes) -> None:
    place.served[f"{URL}feedwright.lock.json"] = data
    with pytest.raises(GuardError) as caught:
        place.restore()
    assert caught.value.code == "PUB006"
    assert URL in caught.value.message
    assert not place.output.exists()


@pytest.mark.parametrize(
    "paths",
    [
        ["../evil"],
        ["/etc/evil"],
        ["a/../../evil"],
        ["C:/evil"],
        [".git/config"],
        ["a/.ssh/keys"],
        ["feedwright.lock.json"],
        ["Feedwright.Lock.json"],
        ["a/rss.xml", "A/rss.xml"],
    ],
)
def test_paths_that_no_build_makes_are_refused(place: Place, paths: list[str]) -> None:
    place.serve_record(**dict.fromkeys(paths, _hash(b"evil")))
    assert f"{URL}feedwright.lock.json" in place.served
    place.served |= {URL + quote(path): b"evil" for path in paths if "lock" not in path}
    with pytest.raises(GuardError) as caught:
        place.restore()
    assert caught.value.code == "PUB006"
    assert sorted(path.name for path in place.root.iterdir()) == ["cache", "there"]


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("evil.php", RSS, "not where feedwright puts documents"),
        ("a b/rss.xml", b"<script>", "not a document of feedwright's: it is not well-formed XML"),
        ("rss.xml", ATOM[:-9], "it is not well-formed XML"),
        ("old.html", b"<h1>All is well</h1>", "its format is not recognizable"),
        ("index.html", b"", "it is not a page of feedwright's"),
        ("index.html", b"<title>A</title><script>1</script>", "it is not a page of feedwright's"),
        ("feed.css", b"* { color: red }", "it is not a stylesheet of feedwright's"),
        ("feed.css", b'/* feedwright */ * { background: url("//e.org") }', "it leads elsewhere"),
        ("feed.json", b'{"version": 1}', "it is not a JSON Feed"),
    ],
)
def test_only_what_a_format_makes_comes_back(place: Place, path: str, data: bytes, reason: str) -> None:
    place.serve_record(**{path: _hash(data)})
    place.served[URL + quote(path)] = data
    done, problems = place.restore()
    assert [(p.severity, p.code) for p in problems] == [("warning", "RES004")]
    assert reason in problems[0].message
    assert problems[0].hint
    assert done.written == ()
    assert place.content().keys() == {"feedwright.lock.json"}


def test_a_document_that_is_too_large_is_left_to_the_next_build(place: Place) -> None:
    place.served[f"{URL}atom.xml"] = MachineError("It is larger.", code="NET007", hint="Check it.")
    done, problems = place.restore()
    assert [problem.code for problem in problems] == ["RES002"]
    assert problems[0].message == f"{URL}atom.xml is too large to be fetched"
    assert done.written == tuple(sorted(FILES.keys() - {"atom.xml"}))
    record = load(place.record_path)
    assert record
    assert "atom.xml" not in record.documents
    place.output = place.root / "other"
    place.served[f"{URL}atom.xml"] = MachineError("It is slow.", code="NET003", hint="Try again.")
    with pytest.raises(MachineError) as caught:
        place.restore(accept="record")
    assert caught.value.code == "NET003"


def test_a_document_at_an_alias_is_of_the_aliass_format(place: Place) -> None:
    files = {"feed.php": RSS, "index.html": ATOM}
    place.serve_record(**{path: _hash(data) for path, data in files.items()})
    place.served |= {URL + path: data for path, data in files.items()}
    assert place.restore(aliases={"feed.php": "rss", "index.html": "atom"})[0].written == tuple(sorted(files))
    place.output = place.root / "other"
    _, problems = place.restore(aliases={"feed.php": "rss"})
    assert [(p.code, p.file.rpartition("/")[2]) for p in problems] == [("RES004", "index.html")]


def test_a_large_document_is_judged_where_it_can_be_stopped(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = rss.render(feed(entry(content=SafeHtml("<p>a</p>" * 2**17))), NO_INDEX)
    hostile = b"<title>A</title><p>" + b"a" * 2**20
    place.serve_record(**{"rss.xml": _hash(large), "index.html": _hash(hostile)})
    place.served |= {f"{URL}rss.xml": large, f"{URL}index.html": hostile}
    done, problems = place.restore()
    assert done.written == ("rss.xml",)
    assert ["it is not a page of feedwright's" in p.message for p in problems] == [True]
    place.output = place.root / "other"
    monkeypatch.setattr(workers, "watched", lambda *_, **__: workers.Lost(by="time"))
    done, problems = place.restore()
    assert [p.message.rpartition(": ")[2] for p in problems] == ["it takes too long to read"] * 2


def test_files_of_others_are_not_replaced(place: Place) -> None:
    place.output.mkdir()
    (place.output / "rss.xml").write_bytes(b"mine")
    (place.output / "atom.xml").write_bytes(FILES["atom.xml"])
    with pytest.raises(GuardError) as caught:
        place.restore()
    assert caught.value.code == "FS010"
    assert place.content() == {"rss.xml": b"mine", "atom.xml": FILES["atom.xml"]}
    assert place.restore(accept="foreign")[0].unchanged == ("atom.xml",)
    assert place.content()["rss.xml"] == FILES["rss.xml"]


def test_links_are_not_followed(place: Place) -> None:
    place.output.mkdir()
    elsewhere = place.root / "elsewhere"
    elsewhere.mkdir()
    (place.output / "生活").symlink_to(elsewhere)
    with pytest.raises(GuardError) as caught:
        place.restore()
    assert caught.value.code == "FS012"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(("where", "asked"), [("out/ids.json", "ids.json"), ("kept/ids.json", "ids.json")])
def test_the_record_may_have_another_place(place: Place, where: str, asked: str) -> None:
    place.served[URL + asked] = place.served[f"{URL}feedwright.lock.json"]
    place.record_path = place.root / where
    done, _ = place.restore()
    assert place.asked[0] == URL + asked
    assert load(place.root / where)
    assert done.written == tuple(sorted(FILES))


@pytest.fixture
def served(place: Place) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
            pass

    handler: Callable[..., Quiet] = partial(Quiet, directory=str(place.root / "there"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_over_the_network(place: Place, served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (place.root / "there" / "atom.xml").unlink()
    done, problems = restore(served, place.destination(place.output, place.record_path))
    assert done.written == tuple(sorted(FILES.keys() - {"atom.xml"}))
    assert [p.code for p in problems] == ["RES002"]
    assert place.content()[max(FILES)] == FILES[max(FILES)]
