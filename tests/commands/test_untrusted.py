"""Published documents and records of any bytes: `check` and `diff` take them for a fault."""

from __future__ import annotations

import json
import os
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import Desk
from sites import text

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = int(os.environ.get("FEEDWRIGHT_TEST_FUZZ", "150")) // 3
RECORD = "feedwright.lock.json"
DOCUMENTS = (
    *("atom.xml", "feed.css", "feed.json", "feeds.opml", "index.html", "old/feed.xml", "rss.xml"),
    *("tea/atom.xml", "tea/feed.json", "tea/index.html", "tea/rss.xml"),
)
FORMATS = 'formats = ["rss", "atom", "json", "opml", "page"]'

_PIECES = (
    *(b"", b"\0", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<![CDATA["),
    *(b"&#0;", b"&x;", b"<p>" * 300, b"[" * 2000, b'":{"', b"9" * 5000, b"-1", b"1e999", b"null", b"<?x?>"),
    *(b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"http://[", b"javascript:1", b"\n"),
)
_ODD = st.sampled_from(_PIECES) | st.binary(max_size=4)


@st.composite
def _damage(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A function that replaces a piece of a document, or the whole."""
    odd, again = draw(_ODD), draw(st.booleans())
    if draw(st.integers(0, 9)) == 0:
        return lambda data: odd
    start, length = draw(st.floats(0, 1)), draw(st.sampled_from([0, 1, 3, 20, 200, 10**9]))

    def damaged(data: bytes) -> bytes:
        at = int(start * len(data))
        rest = data[at:] if again else data[at + length :]
        return data[:at] + odd + rest

    return damaged


def _paths(value: object, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all values in a JSON document."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(path for key, inner in rows for path in _paths(inner, (*above, key)))]


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(st.characters(codec=None), max_size=9),
    st.sampled_from(["", "0001-01-01T00:00:00+00:00", "9998-12-31T23:59:59-01:00", "javascript:1", "../a"]),
    st.sampled_from([[], {}, ["a"], {"a": "b"}, "a" * 10_000, "https://example.org/", "tag:a,2026:b"]),
)


@st.composite
def _replacement(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A function that replaces a value, or the name of one, in a JSON document."""
    share, value, is_name = draw(st.floats(0, 1, exclude_max=True)), draw(_VALUES), draw(st.booleans())

    def replaced(data: bytes) -> bytes:
        document = json.loads(data)
        paths = _paths(document)[1:]
        *above, key = paths[int(share * len(paths))]
        table = document
        for name in above:
            table = table[name]
        if is_name and isinstance(table, dict) and isinstance(value, str):
            table[value] = table.pop(key)
        else:
            table[key] = value
        return json.dumps(document).encode()

    return replaced


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A published site with every format, of which one article changed and one broke since.

    Its folder `there` is a copy of what it published.
    """
    desk = Desk(tmp_path_factory.mktemp("site"))
    desk.configure(FORMATS, '[aliases]\n"old/feed.xml" = "rss"')
    desk.write("a.md", text("A", "2026-01-01", categories="Tea"))
    desk.write("b.md", text("B", "2026-01-02", guid="urn:b:b"))
    desk.write("c.md", text("C", "2026-01-03", categories="Tea", tags="x", author="Me <me@example.org>"))
    assert desk.run("build").code == 0
    assert sorted(desk.published()) == sorted([*DOCUMENTS, RECORD])
    desk.write("b.md", text("B, changed", "2026-01-02", guid="urn:b:b"))
    desk.write("c.md", text("C", "tomorrow"))
    copytree(desk.output, desk.root / "there")
    return desk


def _run(desk: Desk, path: str, data: bytes) -> dict[str, int]:
    """The exit codes of all that looks at what is published, while one file of it holds these bytes."""
    file, there = desk.output / path, desk.root / "there" / path
    before = file.read_bytes()
    try:
        file.write_bytes(data)
        there.write_bytes(data)
        commands: list[tuple[str, ...]] = [("check",), ("diff",)]
        codes = {name: desk.run(name, *more).code for name, *more in commands}
    finally:
        file.write_bytes(before)
    codes["against"] = desk.run("diff", "--against", "there").code
    there.write_bytes(before)
    return codes


@pytest.mark.parametrize("path", [*DOCUMENTS, RECORD])
@pytest.mark.parametrize("data", [b"", b"\0", b"\xff", b"{}", b"<html/>", b"[" * 100_000, b"\n" * 1000])
def test_what_is_nothing_of_the_kind_is_a_fault(desk: Desk, path: str, data: bytes) -> None:
    codes = _run(desk, path, data)
    if path == RECORD:
        assert set(codes.values()) == {4}
    else:
        assert codes["check"] in (4, 5)
        assert {codes["diff"], codes["against"]} == {5}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(path=st.sampled_from([*DOCUMENTS, RECORD]), damage=_damage())
def test_damaged_files_are_a_fault(desk: Desk, path: str, damage: Callable[[bytes], bytes]) -> None:
    codes = _run(desk, path, damage((desk.output / path).read_bytes()))
    assert set(codes.values()) <= {0, 1, 4, 5}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(path=st.sampled_from(["feed.json", "tea/feed.json", RECORD, RECORD]), replacement=_replacement())
def test_odd_values_are_a_fault(desk: Desk, path: str, replacement: Callable[[bytes], bytes]) -> None:
    codes = _run(desk, path, replacement((desk.output / path).read_bytes()))
    assert set(codes.values()) <= {0, 1, 4, 5}
