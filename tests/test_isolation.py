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

from feedwright.articles.front_matter.keys import keys_of
from feedwright.generators.table import GENERATORS
from payloads import families
from sites import Folder, codes, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

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
        | st.builds(lambda value, times: [value] * times, inner, st.integers(1, 100))
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


def _written(fields: dict[str, Any], body: str, notation: str, more: str) -> bytes:
    """An article file; JSON is YAML too, and odd lines may follow."""
    facts = {"title": "Odd", "date": "2026-01-03", **fields}
    rows = "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in facts.items())
    head = json.dumps(facts) + "\n" if notation == "json" else f"---\n{rows}{more}---\n"
    return (head + body).encode("utf-8", "surrogatepass")


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
    st.sampled_from(["", "", "a/", "_posts/", "_drafts/", "x" * 200 + "/", "d/" * 70, "good.md.d/"]),
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
