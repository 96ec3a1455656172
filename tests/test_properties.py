"""Properties of a whole build, tried on articles that nobody would write."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from sites import Folder, codes, text

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
GOOD = text("Good", date="2026-01-02", categories="[good, Ünï]", author="Bob", body="<p>Good <b>text</b></p>")
ATOM = "{http://www.w3.org/2005/Atom}"

# Front matter as a fuzzer would write it: known keys with odd values, and arbitrary bytes.
_KEYS = st.sampled_from(
    """
    title date updated categories category tag author authors cover images excerpt permalink slug id guid
    draft published status enclosure publishDate expiryDate path
    """.split()  # noqa: SIM905
)
_CHARACTERS = st.characters(codec="utf-8")
_VALUES = st.one_of(
    st.sampled_from(
        r"""
2026-01-03
true
~
[a, [b, [c]]]
{a: b}
"\x01\ud800"
&a [*a]
!!python/none x
1e999
"\uFFFE"
'
<b>
9999-12-31T23:59:59-12:00
javascript:alert(1)
//x
..
urn:x:good
tag:example.org,2026-01-02:good.md
/2026/01/02/good/
[good, GOOD]
con
{}
[[]]
""".strip().split("\n")
    ),
    st.just("|\n  x"),
    st.text(_CHARACTERS, max_size=30).map(lambda t: t.replace("\n", " ")),
)
_ROWS = st.lists(st.tuples(_KEYS, _VALUES), max_size=8).map(
    lambda rows: "".join(f"{k}: {v}\n" for k, v in rows)
)
_PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<img src=x>",
            "<a href='",
            "<!--",
            "-->",
            "<svg>",
            "]]>",
            "&#0;",
            "&#xFFFE;",
            "<td>",
        ),
        *("<math><mi>", "<noscript>", "&amp;", "<template>", "<plaintext>", "{{ x }}", "é", "\U0001f600"),
        *("\ufffe", "\x0b", "<iframe src=//youtu.be/x>", "# h\n\n", "```\n", "<pre>\n\n", "<!-- more -->"),
        *("\n\n", "<div>" * 40),
    ]
)
_BODIES = st.lists(st.one_of(_PIECES, st.text(_CHARACTERS, max_size=10)), max_size=12).map("".join)
_ARTICLES: SearchStrategy[bytes] = st.one_of(
    st.builds(
        lambda rows, body, head: f"{head}---\n{rows}---\n{body}".encode(),
        _ROWS,
        _BODIES,
        st.sampled_from(["", "\ufeff", "\n"]),
    ),
    st.builds(lambda body: text("T", body=body).encode(), _BODIES),
    st.binary(max_size=300),
    st.binary(max_size=60).map(lambda b: text("T").encode() + b),
    st.binary(max_size=60).map(lambda b: b"---\ntitle: T\ndate: 2026-01-03\n" + b + b"\n---\n"),
)
_NAMES = st.sampled_from(["bad.md", "bad.html", "zbad.txt", "_drafts/bad.md", "2026-01-05-bad.htm"])


def _good_entry(folder: Folder) -> bytes:
    """The entry of the good article in the site's feed, as bytes."""
    tree = etree.fromstring(folder.published()["atom.xml"])
    (own,) = [e for e in tree.findall(f"{ATOM}entry") if e.findtext(f"{ATOM}title") == "Good"]
    own.tail = None
    return etree.tostring(own)


def _alone() -> bytes:
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(Path(root))
        folder.write("good.md", GOOD)
        folder.build()
        return _good_entry(folder)


NO_INDEX = _alone()


@FEW
@given(data=_ARTICLES, name=_NAMES, drafts=st.booleans())
@example(
    data=b"---\ntitle: T\ndate: 2026-01-03\nid: tag:example.org,2026-01-02:good.md\n---\n",
    name="bad.md",
    drafts=True,
)
@example(
    data=b'---\ntitle: T\ndate: 2026-01-03\nguid: "tag:x,2026:\\x01"\n---\n', name="bad.md", drafts=False
)
@example(
    data=b'---\ntitle: T\ndate: 2026-01-03\ntags: ["\\x01"]\nauthor: "\\ud800"\n---\n',
    name="bad.md",
    drafts=False,
)
def test_no_bytes_break_a_build_or_another_articles_entry(data: bytes, name: str, drafts: bool) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(Path(root))
        folder.write("good.md", GOOD)
        folder.write(name, data)
        done = folder.build('taxonomies = ["categories", "tags", "authors"]', drafts=drafts)
        assert done.exit_code == bool(done.held)
        assert "BUG001" not in codes(done)
        published = folder.published()
        assert {"atom.xml", "rss.xml"} <= published.keys()
        for path, document in published.items():
            if path.endswith(".xml"):
                etree.fromstring(document)
        assert "good.md" not in done.held
        assert _good_entry(folder) == NO_INDEX
        again = folder.build(drafts=drafts)
        assert again.written == ()
        assert folder.published() == published


_SITES = st.dictionaries(
    st.sampled_from(
        [f"{folder}{n}.{suffix}" for folder in ("", "x/", "x/y/") for n in "abc" for suffix in ("md", "html")]
    ),
    st.tuples(
        st.integers(1, 3),
        st.lists(st.sampled_from(["Alpha", "alpha", "C++", "C#", "[t, u]", "'!!'"]), max_size=3),
        st.sampled_from(["<p>x</p>", "<div>" * 600, "*md*"]),
    ),
    min_size=1,
    max_size=8,
)


def _write(folder: Folder, site: dict[str, tuple[int, list[str], str]], order: list[str]) -> None:
    for path in order:
        day, categories, body = site[path]
        folder.write(
            path, text(path, date=f"2026-01-0{day}", categories=f"[{', '.join(categories)}]", body=body)
        )


@settings(FEW, max_examples=30)
@given(site=_SITES, seed=st.integers(0, 2**32))
def test_the_order_of_file_creation_never_matters(
    site: dict[str, tuple[int, list[str], str]], seed: int
) -> None:
    published, problems = [], []
    for shuffled in (False, True):
        order = sorted(site)
        if shuffled:
            random.Random(seed).shuffle(order)
        with tempfile.TemporaryDirectory() as root:
            folder = Folder(Path(root))
            _write(folder, site, order)
            problems.append(folder.build(flags={"limit": 2}).problems)
            published.append({**folder.published(), "": b""} if folder.output.exists() else {})
    assert published[0] == published[1]
    assert problems[0] == problems[1]


@settings(FEW, max_examples=2)
@given(site=_SITES)
def test_serial_and_parallel_are_the_same_bytes(site: dict[str, tuple[int, list[str], str]]) -> None:
    published = []
    for jobs in (1, 2):
        with tempfile.TemporaryDirectory() as root:
            folder = Folder(Path(root))
            _write(folder, site, sorted(site))
            folder.write("always.md", GOOD)
            folder.build(jobs=jobs)
            published.append(folder.published())
    assert published[0] == published[1]


@settings(FEW, max_examples=20)
@given(before=_SITES, after=_SITES)
def test_earlier_builds_affect_only_ids_and_addresses(
    before: dict[str, tuple[int, list[str], str]], after: dict[str, tuple[int, list[str], str]]
) -> None:
    """The third build equals the second: the record settles at once."""
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(Path(root))
        folder.write("always.md", GOOD)
        _write(folder, before, sorted(before))
        folder.build()
        for path in before:
            (folder.content / path).unlink()
        _write(folder, after, sorted(after))
        folder.build(accept=frozenset({"shrink", "id-change"}))
        published = folder.published()
        assert folder.build().written == ()
        assert folder.published() == published
