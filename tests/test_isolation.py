"""One article never stops the others: whatever one file holds, a good one beside it is published.

A published site gets one odd article, or an article of it becomes odd. `FEEDWRIGHT_TEST_ARTICLES=20000 pytest
tests/test_isolation.py -k any_article` tries that many; a run of the whole suite tries few.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedwright.articles import article, reader, walk
from feedwright.articles.front_matter.keys import keys_of
from feedwright.bodies import thumbnail
from feedwright.commands import excluded_feeds
from feedwright.feeds import build as feeds
from feedwright.feeds import ids, slugs, taxonomies
from feedwright.formats import faults, page
from feedwright.formats.table import FORMATS
from feedwright.generators.table import GENERATORS
from feedwright.model import replace
from payloads import families
from sites import Folder, codes, files_of, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import SearchStrategy

    from feedwright.model import Feed, SiteIndex

EXAMPLES = int(os.environ.get("FEEDWRIGHT_TEST_ARTICLES", "100"))
CONFIG = 'taxonomies = ["categories", "tags", "authors"]\nhierarchy = "/"\n'
ALL = ("rss", "atom", "json", "opml", "page")
GOOD = text("Good", date="2026-01-02", categories="[good]", author="Bob")
EARLIER = text("Earlier", date="2026-01-01", categories="[good, own]", cover="/img/p.png")


@dataclass(frozen=True)
class Odd:
    """One odd article, and the files beside it."""

    path: str
    data: bytes
    files: dict[str, bytes] = field(default_factory=dict)


_ROWS = [row for name in GENERATORS for row in keys_of(name).values()]
_KEYS = sorted({key for row in _ROWS for key in row if "." not in key})
_INNER = "name email url src width height length type image feature path".split()  # noqa: SIM905
_PIECES = [
    *("a", "a/", "../", "%2e", "x@y.z ", "&#0;", "<b>", "]]>", "{{", "{%", "://", "科", "😀", "İ", "ß", "，"),
    *' /\\,.-#?@<&"[{\r\n\t\0\x01\x85\u0344\u0316\u200d\u202e\ufdfa\u00a0\u3000\ufe0f\ufffe\ud800',
    "'",
]
_WORDS = [
    "",
    *[
        "p.png",
        "/img/p.png",
        "img",
        "/img",
        "https://example.org/img/p.png",
        "data:,x",
        "//x",
        "javascript:1",
        ".",
        "..",
        "x/y/z",
    ],
    *["/2026/01/02/good/", "https://example.org/2026/01/02/good/", "tag:example.org,2026-01-02:good.md"],
    *[
        "urn:x:1",
        "2026-01-03",
        "2026-01-03T25:00",
        "9998-12-31T23:59:59-14:00",
        "1e999",
        "true",
        "false",
        "~",
    ],
    *["good", "GOOD", "Bob", "taken", "theirs", "con", "index", "feed", "atom.xml"],
]
_TEXTS = st.one_of(
    st.sampled_from(_WORDS),
    st.text(max_size=20),
    st.builds(
        lambda start, piece, times, end: start + piece * times + end,
        st.sampled_from(["", "/", "https://example.org/", "a"]),
        st.sampled_from(_PIECES) | st.text(min_size=1, max_size=3),
        st.integers(1, 40) | st.integers(200, 3000),
        st.sampled_from(["", ".png", "/x.png", "/"]),
    ),
)
_VALUES: SearchStrategy[Any] = st.recursive(
    _TEXTS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(_INNER), inner, max_size=4)
        | st.builds(lambda word, times: [word] * times, _TEXTS, st.integers(1, 20))
        | st.builds(lambda word, times: [f"{word}{n}" for n in range(times)], _TEXTS, st.integers(1, 80))
    ),
    max_leaves=8,
)
_FIELDS = st.dictionaries(st.sampled_from(_KEYS) | st.text(max_size=8), _VALUES, max_size=8)
_PAYLOADS = [payload for name in families() for payload in families()[name]]
_BODIES = st.lists(
    st.sampled_from(_PAYLOADS)
    | _TEXTS
    | st.builds(lambda name: f'<p>x</p><img src="{name}" srcset="{name} 1x, &nbsp;">', _TEXTS),
    max_size=5,
).map("\n".join)


_LARGEST = 60_000
"""Bytes of an article: larger ones cost the test more than they find."""


def _written(fields: dict[str, Any], body: str, notation: str, more: str) -> bytes:
    """An article file; JSON is YAML too, and odd lines may follow."""
    facts = {"title": "Odd", "date": "2026-01-03", **fields}
    rows = "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in facts.items())
    head = json.dumps(facts) + "\n" if notation == "json" else f"---\n{rows}{more}---\n"
    return (head + body).encode("utf-8", "surrogatepass")[:_LARGEST]


_DATA = st.one_of(
    st.builds(_written, _FIELDS, _BODIES, st.sampled_from(["yaml", "json"]), st.just("") | _TEXTS),
    st.binary(max_size=200),
    st.binary(max_size=60).map(lambda data: GOOD.encode() + data),
)
_STEMS = st.one_of(
    st.sampled_from(["odd", "2026-01-05-odd", "index", "good", "x" * 240, "科" * 80, "\u0344" * 60]),
    st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12),
)
_PATHS = st.builds(
    lambda folder, stem, suffix: f"{folder}{stem}{suffix}",
    # not `_posts/`: the first article there says that all others are pages of the site
    st.sampled_from(["", "", "a/", "_drafts/", "x" * 200 + "/", "d/" * 70, "good.md.d/"]),
    _STEMS,
    st.sampled_from([".md", ".html", ".txt", ".MD"]),
)
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10"
_FILES = st.dictionaries(
    st.sampled_from(["img/p.png", "p.png", "a/p.png", "img/p.png/x.png"]),
    st.sampled_from([_PNG, b"", b"GIF89a", b"<svg ", b"RIFF0000WEBPVP8 "]) | st.binary(max_size=40),
    max_size=1,
)
_ODD = st.builds(Odd, _PATHS, _DATA, _FILES) | st.builds(Odd, st.just("earlier.md"), _DATA, _FILES)


@pytest.fixture(scope="module")
def published() -> Iterator[Path]:
    """A published site of two articles, with files of others beside its feeds."""
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(Path(root) / "site")
        folder.write("good.md", GOOD)
        folder.write("earlier.md", EARLIER)
        folder.build(CONFIG, flags={"formats": ALL}, cached=False)
        (folder.output / "taken").write_text("theirs")
        (folder.output / "theirs").mkdir()
        (folder.output / "theirs" / "atom.xml").write_text("theirs")
        yield folder.root


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(odd=_ODD, drafts=st.booleans(), hierarchy=st.sampled_from(["", "/", "list"]))
def test_any_article_leaves_the_others_published(
    published: Path, odd: Odd, drafts: bool, hierarchy: str
) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(Path(shutil.copytree(published, Path(root) / "site")))
        for path, data in {**odd.files, odd.path: odd.data}.items():
            if path != "good.md":
                folder.write(path, data)
        flags = {"formats": ALL, "hierarchy": hierarchy}
        done = folder.build(CONFIG, flags=flags, drafts=drafts, cached=False)
        assert done.exit_code in (0, 1)
        assert "BUG001" not in codes(done)
        assert "good.md" not in done.held
        for path in ("rss.xml", "atom.xml", "good/rss.xml", "good/atom.xml"):
            assert b">Good</title>" in (folder.output / path).read_bytes()


def _sabotage(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, is_odd: Callable[..., bool]) -> None:
    """Let a function fail where it works on the odd article."""
    function = getattr(module, name)

    def fail(*arguments: Any, **options: Any) -> Any:
        if is_odd(*arguments):
            raise LookupError("odd")
        return function(*arguments, **options)

    monkeypatch.setattr(module, name, fail)


_PLACES: dict[str, tuple[Any, str, Callable[..., bool]]] = {
    "reading": (article, "_assemble", lambda at: "edited" in str(at.parsed.fields["title"].value)),
    "thumbnail": (thumbnail, "_resolved", lambda picture, *_: "odd" in picture.src),
    "id": (ids, "_own_id", lambda each, *_: "edited" in each.title),
    "terms": (taxonomies, "_levels", lambda labels: "edited" in labels),
    "slug": (slugs, "slug", lambda label: label == "edited"),
    "entry": (feeds, "terms_of", lambda each, *_: "edited" in each.title),
}


@pytest.mark.parametrize("place", _PLACES)
def test_a_failure_at_one_article_is_its_own_and_readers_keep_its_last_version(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    folder.write("good.md", GOOD)
    folder.write("odd.md", text("Odd", date="2026-01-03", categories="x"))
    folder.build()
    folder.write(
        "odd.md", text("Odd, edited", date="2026-01-03", categories="edited", cover="https://e.org/odd.png")
    )
    folder.write("new.md", text("New", date="2026-01-04"))
    _sabotage(monkeypatch, *_PLACES[place])
    done = folder.build()
    assert [(p.code, p.file, bool(p.kept)) for p in done.problems] == [("BUG001", "odd.md", True)]
    assert (done.exit_code, folder.titles()) == (1, ["New", "Odd", "Good"])
    assert folder.titles("x/atom.xml") == ["Odd"]
    assert folder.build().written == ()


def test_a_failure_at_the_last_version_too_leaves_the_article_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    folder.write("good.md", GOOD)
    folder.write("odd.md", text("Odd", date="2026-01-03", categories="x"))
    folder.build()
    _sabotage(monkeypatch, ids, "_own_id", lambda each, *_: each.path == "odd.md")
    done = folder.build()
    assert (done.exit_code, codes(done), folder.titles()) == (1, ["BUG001"], ["Good"])


def test_a_failure_at_a_file_that_is_read_again_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file is gone, broken ones are looked at again: one of them may be that file, renamed."""
    folder = Folder(tmp_path)
    for name in ("good.md", "more.md", "gone.md"):
        folder.write(name, text(name, date="2026-01-02"))
    folder.build()
    (folder.content / "gone.md").unlink()
    folder.write("odd.md", text("Odd"))
    _sabotage(monkeypatch, reader, "_parse_in_steps", lambda file, *_: file.path == "odd.md")
    assert codes(folder.build()) == ["BUG001"]
    assert folder.titles() == ["good.md", "more.md"]


def test_a_folder_that_cannot_be_read_takes_nothing_from_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    folder.write("good.md", GOOD)
    for name in ("one", "two", "three"):
        folder.write(f"a/b/{name}.md", text(name.title(), date="2026-01-01", guid=f"urn:x:{name}"))
    folder.build()
    before = sorted(folder.titles())
    monkeypatch.setattr(walk, "DEPTH", 1)
    folder.write("new.md", text("New", date="2026-01-04"))
    for _ in range(2):
        done = folder.build()
        assert [(p.code, p.file) for p in done.problems] == [("FS009", "a/b")]
        assert (done.exit_code, sorted(folder.titles())) == (1, sorted([*before, "New"]))


@pytest.mark.parametrize("place", ["a file", "a link", "their feed"])
def test_a_new_category_in_the_place_of_other_files_is_left_out(place: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("good.md", GOOD)
    folder.build()
    if place == "a file":
        (folder.output / "x").write_text("theirs")
    elif place == "a link":
        (folder.output / "x").symlink_to(tmp_path)
    else:
        (folder.output / "x").mkdir()
        (folder.output / "x/rss.xml").write_text("theirs")
    theirs = files_of(folder.output)
    folder.write("odd.md", text("Odd", date="2026-01-03", categories="[[x, y], z]"))
    done = folder.build()
    assert set(codes(done)) == {"CAT012"}
    assert [p.field for p in done.problems] == ["categories"] * (1 if place == "their feed" else 2)
    assert (done.exit_code, folder.titles(), folder.titles("z/atom.xml")) == (0, ["Odd", "Good"], ["Odd"])
    assert {path: data for path, data in folder.published().items() if path in theirs and path[0] == "x"} == {
        path: data for path, data in theirs.items() if path[0] == "x"
    }
    if place != "their feed":
        (folder.output / "x").unlink()
        folder.build()
        assert folder.titles("x/y/atom.xml") == ["Odd"]
    folder.build('[categories."x"]\nslug = "another"\n')
    assert folder.titles("another/atom.xml") == ["Odd"]


def test_a_category_with_a_name_that_the_file_system_does_not_hold_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "pathconf", lambda path, name: 60, raising=False)
    folder = Folder(tmp_path)
    folder.write("good.md", GOOD)
    folder.write("odd.md", text("Odd", date="2026-01-03", categories=f"[{'x' * 61}, {'y' * 60}]"))
    done = folder.build()
    assert (done.exit_code, codes(done), folder.titles()) == (0, ["CAT012"], ["Odd", "Good"])
    assert folder.titles(f"{'y' * 60}/atom.xml") == ["Odd"]


def test_an_output_folder_that_is_nearly_too_deep_has_room_for_the_site(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("good.md", GOOD)
    deep = ["科" * 80] * 8
    folder.write("odd.md", text("Odd", date="2026-01-03", categories=f"[[{', '.join(deep)}]]"))
    output = tmp_path
    while len(os.fsencode(output)) < 3700:
        output = output / ("d" * 200)
    done = folder.build(flags={"output": str(output)})
    assert {"CAT012"} < set(codes(done)) <= {"CAT012", "CAT004"}
    assert (done.exit_code, (output / "good/atom.xml").exists()) == (0, True)


@pytest.mark.parametrize("stale", ["keep", "delete"])
def test_a_category_that_cannot_be_rendered_keeps_its_documents(
    stale: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(feed: Feed, index: SiteIndex) -> bytes:
        if feed.path == "x/":
            raise LookupError("odd")
        return page.render(feed, index)

    folder = Folder(tmp_path)
    folder.write("good.md", GOOD)
    folder.write("odd.md", text("Odd", date="2026-01-03", categories="x"))
    config = f'formats = ["rss", "atom", "page"]\nstale = "{stale}"\n'
    folder.build(config)
    before = folder.published()
    folder.write("odd.md", text("Odd, edited", date="2026-01-03", categories="[x, good]"))
    broken = {**FORMATS, "page": replace(FORMATS["page"], render=fail)}
    monkeypatch.setattr(faults, "FORMATS", broken)
    done = folder.build(config)
    assert [(p.code, p.file) for p in done.problems] == [("CAT012", "odd.md")]
    assert (done.exit_code, folder.titles()) == (0, ["Odd, edited", "Good"])
    assert folder.titles("good/atom.xml") == ["Odd, edited", "Good"]
    assert before.items() >= {(p, data) for p, data in folder.published().items() if p.startswith("x/")}


def test_a_flood_of_categories_brings_no_feeds_unless_it_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excluded_feeds, "MOST_NEW", 5)
    folder = Folder(tmp_path)
    folder.write("good.md", GOOD)
    folder.build()
    folder.write("odd.md", text("Odd", date="2026-01-03", categories=f"[{', '.join('abcdefgh')}]"))
    for _ in range(2):
        done = folder.build()
        assert (done.exit_code, codes(done), folder.titles()) == (0, ["LIM005"], ["Odd", "Good"])
        assert not (folder.output / "a").exists()
    done = folder.build(accept=frozenset({"many-feeds"}))
    assert (codes(done), folder.titles("h/atom.xml")) == ([], ["Odd"])
    assert codes(folder.build()) == []
