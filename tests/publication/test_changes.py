"""Every entry has one fate in what subscribers would see, and people and programs are told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unicodedata import category, east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwright.cli.diff_table import as_json, as_table
from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import NO_INDEX, Author, PublishedEntry, PublishedFeed, Term, Thumbnail, replace
from feedwright.publication.changes import ENTRY_FIELDS, FEED_FIELDS, EntryChange, FeedChange, compare
from sample_feeds import AUDIO, FEEDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOON = datetime(2022, 4, 9, 12, tzinfo=UTC)


def entry(name: str, **changes: Any) -> PublishedEntry:
    """An entry; the later its name in the alphabet, the older."""
    published = NOON - timedelta(days=ord(name))
    plain = PublishedEntry(
        id=f"id-{name}",
        title=f"Title {name}",
        link=f"https://example.org/{name}/",
        published=published,
        updated=published,
        authors=(Author(name="Li"),),
        categories=(),
        summary="Summary.",
        content="<p>Text.</p>",
    )
    return replace(plain, **changes)


def feed(entries: str | Sequence[PublishedEntry], **changes: Any) -> PublishedFeed:
    plain = PublishedFeed(
        id="urn:feed",
        url="https://example.org/feeds/",
        link="https://example.org/",
        title="Site",
        description="All.",
        language="en",
        updated=NOON,
        author=Author(name="Li"),
        entries=tuple(entry(one) if isinstance(one, str) else one for one in entries),
    )
    return replace(plain, **changes)


def held(
    before: Mapping[str, PublishedFeed],
    after: Mapping[str, PublishedFeed],
    *,
    sources: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    limits: Mapping[str, int | None] | None = None,
) -> tuple[FeedChange, ...]:
    return compare(
        before, after, sources_before=sources[0], sources_after=sources[1], limits=limits or {"": None}
    )


def fates(before: PublishedFeed, after: PublishedFeed, limit: int | None = None, **more: Any) -> list[str]:
    """What happens in one feed, a line each: `fate id`, and the number of those that moved."""
    changes = held({"": before}, {"": after}, limits={"": limit}, **more)
    told = [f"{one.fate} {one.id.removeprefix('id-')}" for change in changes for one in change.entries]
    return told + [f"reordered {change.reordered}" for change in changes if change.reordered]


# ---- one feed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "limit", "told"),
    [
        ("abc", "abc", None, []),
        ("bc", "abc", None, ["new a"]),
        ("abc", "ac", None, ["withdrawn b"]),
        ("bcd", "abc", None, ["new a", "withdrawn d"]),
        ("bcd", "abc", 3, ["new a", "fallen d"]),
        ("bcd", "abc", 4, ["new a", "withdrawn d"]),
        ("cde", "abd", 3, ["new a", "new b", "withdrawn c", "fallen e"]),
        ("abcd", "ab", 2, ["fallen c", "fallen d"]),
        ("abc", "acd", 3, ["new d", "withdrawn b"]),
        ("abc", "xyz", 3, ["new x", "new y", "new z", "withdrawn a", "withdrawn b", "withdrawn c"]),
        ("xyz", "abc", 3, ["new a", "new b", "new c", "fallen x", "fallen y", "fallen z"]),
        ("abc", "", 3, ["withdrawn a", "withdrawn b", "withdrawn c"]),
        ("abcd", "bacd", None, ["reordered 1"]),
        ("abcd", "bcda", None, ["reordered 1"]),
        ("abcd", "dcba", None, ["reordered 3"]),
        ("abc", "xcb", None, ["new x", "withdrawn a", "reordered 1"]),
    ],
)
def test_entries_come_go_and_move(before: str, after: str, limit: int | None, told: list[str]) -> None:
    assert fates(feed(before), feed(after), limit) == told


@pytest.mark.parametrize(("gone", "fate"), [("id-a", "withdrawn"), ("id-z", "fallen")])
def test_entries_of_one_date_fall_off_in_the_order_of_their_ids(gone: str, fate: str) -> None:
    day = [entry(one, published=NOON) for one in "mn"]
    before = feed([*day, entry("q", id=gone, published=NOON)])
    after = feed([entry("+", published=NOON + timedelta(1)), *day])
    assert fates(before, after, 3) == ["new +", f"{fate} {gone.removeprefix('id-')}"]


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "title": "Other",
        "link": "https://example.org/other/",
        "published": NOON,
        "updated": None,
        "authors": (),
        "categories": (Term(term="t", label="T", scheme="s"),),
        "summary": "",
        "content": None,
        "thumbnail": Thumbnail(url="https://example.org/i.png", type="image/png"),
        "enclosure": AUDIO,
    }.items(),
)
def test_an_update_names_the_field(name: str, value: object) -> None:
    (change,) = held({"": feed("ab")}, {"": feed([entry("a"), entry("b", **{name: value})])})
    (one,) = change.entries
    assert (one.fate, one.id, one.position, one.fields) == ("updated", "id-b", 2, (name,))
    assert (change.kept, change.reordered) == (1, 0)


def test_no_field_is_forgotten() -> None:
    assert {*PublishedEntry.__struct_fields__} == {"id", *ENTRY_FIELDS}
    assert {*PublishedFeed.__struct_fields__} == {"entries", "updated", *FEED_FIELDS}


def test_the_same_moment_in_another_zone_is_no_update() -> None:
    there = entry("a").published.astimezone(datetime.fromisoformat("2022-01-01T00:00+08:00").tzinfo)
    assert fates(feed("a"), feed([entry("a", published=there)])) == []


AT_AND_TITLE = {"published": NOON, "title": "Same"}


@pytest.mark.parametrize(
    ("was", "now", "sources", "by"),
    [
        ({}, {}, ({"id-a": "a.md"}, {"id-b": "a.md"}), "source"),
        ({}, {"link": "https://example.org/a/"}, ({}, {}), "link"),
        ({}, {"link": "https://example.org/a/"}, ({"id-a": "a.md"}, {"id-b": "b.md"}), "link"),
        (AT_AND_TITLE, AT_AND_TITLE, ({}, {}), "title and date"),
        (AT_AND_TITLE, AT_AND_TITLE | {"published": NOON + timedelta(seconds=1)}, ({}, {}), None),
        (AT_AND_TITLE, {"published": NOON}, ({}, {}), None),
    ],
)
def test_an_article_under_another_id_is_unread_again(
    was: dict[str, Any], now: dict[str, Any], sources: tuple[dict[str, str], dict[str, str]], by: str | None
) -> None:
    (change,) = held({"": feed([entry("a", **was)])}, {"": feed([entry("b", **now)])}, sources=sources)
    told = [(one.fate, one.id, one.was, one.by) for one in change.entries]
    if by:
        assert told == [("unread", "id-b", "id-a", by)]
    else:
        assert told == [("new", "id-b", None, None), ("withdrawn", "id-a", None, None)]


def test_the_best_clue_decides_and_an_article_is_found_again_once() -> None:
    same = {"link": "https://example.org/same/", "title": "Same", "published": NOON}
    before = feed([entry(one, **same) for one in "abc"])
    after = feed([entry(one, **same) for one in "wxyz"])
    sources = {"id-a": "a.md", "id-b": "b.md", "id-c": "c.md"}, {"id-x": "c.md"}
    (change,) = held({"": before}, {"": after}, sources=sources)
    assert [(one.fate, one.id, one.was, one.by) for one in change.entries] == [
        ("unread", "id-w", "id-a", "link"),
        ("unread", "id-x", "id-c", "source"),
        ("unread", "id-y", "id-b", "link"),
        ("new", "id-z", None, None),
    ]


def test_an_entry_that_stays_is_never_found_again() -> None:
    before, after = feed("a"), feed([entry("b", link=entry("a").link), entry("a")])
    assert fates(before, after) == ["new b"]


def test_what_else_differs_in_an_entry_that_is_unread_again_is_told() -> None:
    (change,) = held({"": feed("a")}, {"": feed([entry("a", id="id-b", content=None)])})
    assert [(one.fate, one.fields) for one in change.entries] == [("unread", ("content",))]


# ---- feeds ----------------------------------------------------------------------------------------------

OTHER: dict[str, Any] = dict.fromkeys(FEED_FIELDS, "https://example.org/other/") | {
    "author": Author(name="Other"),
    "ttl": 7,
}


@pytest.mark.parametrize("name", FEED_FIELDS)
def test_a_feed_names_its_own_fields(name: str) -> None:
    (change,) = held({"a/": feed("a")}, {"a/": feed("a", **{name: OTHER[name]})})
    assert change == FeedChange(path="a/", fate="changed", title=change.title, fields=(name,), kept=1)


def test_a_date_of_a_feed_alone_is_no_change() -> None:
    assert held({"": feed("a")}, {"": feed("a", updated=NOON + timedelta(1))}) == ()


def test_feeds_appear_vanish_and_move() -> None:
    before = {
        "": feed("a"),
        "gone/": feed("b", id="urn:gone"),
        "old/": feed("cd", id="urn:moves"),
        "stays/": feed("e", id="urn:stays"),
    }
    after = {
        "": feed("a"),
        "come/": feed("fg", id="urn:come"),
        "new/": feed("c", id="urn:moves"),
        "stays/": feed("e", id="urn:stays"),
    }
    changes = held(before, after)
    assert [(one.path, one.fate, one.was, one.kept) for one in changes] == [
        ("come/", "appeared", None, 0),
        ("gone/", "vanished", None, 0),
        ("new/", "moved", "old/", 1),
    ]
    assert [[(one.fate, one.id) for one in change.entries] for change in changes] == [
        [("new", "id-f"), ("new", "id-g")],
        [("withdrawn", "id-b")],
        [("withdrawn", "id-d")],
    ]


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        (("urn:a", "urn:a"), [("b/", "moved", "a/")]),
        (("urn:a", "urn:b"), [("a/", "vanished", None), ("b/", "appeared", None)]),
        ((None, None), [("a/", "vanished", None), ("b/", "appeared", None)]),
    ],
)
def test_a_move_is_told_by_the_id(ids: tuple[str | None, str | None], told: list[object]) -> None:
    changes = held({"a/": feed("a", id=ids[0])}, {"b/": feed("a", id=ids[1])})
    assert [(one.path, one.fate, one.was) for one in changes] == told


def test_a_feed_moves_from_the_site_s_path_but_never_onto_another_feed() -> None:
    assert [one.was for one in held({"": feed("a")}, {"b/": feed("a")})] == [""]
    twins = {"a/": feed("a"), "b/": feed("b")}, {"c/": feed("a"), "d/": feed("b")}
    assert [(one.path, one.was, one.entries) for one in held(*twins)] == [("c/", "a/", ()), ("d/", "b/", ())]
    before = {"a/": feed("a", id="urn:a"), "b/": feed("b", id="urn:b")}
    changes = held(before, {"b/": before["a/"]})
    assert [(one.path, one.fate, one.fields) for one in changes] == [
        ("a/", "vanished", ()),
        ("b/", "changed", ("id",)),
    ]


@pytest.mark.parametrize("name", READ_BACK)
@pytest.mark.parametrize("case", sorted(FEEDS.keys() - {"empty"}))
def test_a_feed_that_is_rendered_again_is_no_change(case: str, name: str) -> None:
    published = READ_BACK[name](FORMATS[name].render(FEEDS[case], NO_INDEX))
    assert held({"": published}, {"": READ_BACK[name](FORMATS[name].render(FEEDS[case], NO_INDEX))}) == ()


# ---- laws -----------------------------------------------------------------------------------------------

NAMES = st.sampled_from("abcdefgh")
SOME_ENTRY = st.builds(
    entry,
    NAMES,
    title=st.sampled_from(["Same", "Title"]),
    link=NAMES.map(lambda name: f"https://example.org/{name}/"),
    published=st.sampled_from([NOON, NOON - timedelta(1), NOON - timedelta(2)]),
)
SOME_FEED = st.builds(
    feed,
    st.lists(SOME_ENTRY, max_size=6, unique_by=lambda one: one.id),
    id=st.sampled_from([None, "urn:1", "urn:2"]),
    title=st.sampled_from(["Site", "Other"]),
)
SOME_FEEDS = st.dictionaries(st.sampled_from(["", "a/", "b/", "b/c/"]), SOME_FEED)
SOURCES = st.dictionaries(
    NAMES.map(lambda name: f"id-{name}"), st.sampled_from([f"{number}.md" for number in range(6)])
)


@given(feeds=SOME_FEEDS, sources=SOURCES, limit=st.none() | st.integers(1, 6))
def test_nothing_happens_where_nothing_changes(
    feeds: dict[str, PublishedFeed], sources: dict[str, str], limit: int | None
) -> None:
    assert held(feeds, dict(feeds), sources=(sources, sources), limits=dict.fromkeys(feeds, limit)) == ()


@settings(max_examples=200)
@given(before=SOME_FEEDS, after=SOME_FEEDS, sources=st.tuples(SOURCES, SOURCES), limit=st.integers(1, 6))
def test_every_entry_has_one_fate(
    before: dict[str, PublishedFeed],
    after: dict[str, PublishedFeed],
    sources: tuple[dict[str, str], dict[str, str]],
    limit: int,
) -> None:
    changes = held(before, after, sources=sources, limits=dict.fromkeys(after, limit))
    assert [one.path for one in changes] == sorted({one.path for one in changes})
    gone = {path for one in changes for path in (one.was, one.path) if one.fate in ("moved", "vanished")}
    assert before.keys() - after.keys() == gone - after.keys() - {None}
    for change in changes:
        old = before.get(change.path if change.was is None else change.was)
        new = after.get(change.path)
        check_fates(change, old.entries if old else (), new.entries if new else ())
    told = {one.path for one in changes}
    for path in after.keys() - told:
        assert replace(before[path], updated=NOON) == after[path]


def check_fates(change: FeedChange, old: Sequence[PublishedEntry], new: Sequence[PublishedEntry]) -> None:
    stay = {one.id for one in old} & {one.id for one in new}
    came = [one for one in change.entries if one.fate in ("new", "updated", "unread")]
    went = [one for one in change.entries if one not in came]
    assert change.entries == (*sorted(came, key=_position), *sorted(went, key=_position))
    assert [new[one.position - 1].id for one in came] == [one.id for one in came]
    assert [old[one.position - 1].id for one in went] == [one.id for one in went]
    updated = [one.id for one in came if one.fate == "updated"]
    shown = [one.id for one in came if one.fate != "updated"]
    left = [one.id for one in went] + [one.was for one in came if one.was is not None]
    assert {*updated} <= stay
    assert sorted(shown) == sorted({one.id for one in new} - stay)
    assert sorted(left) == sorted({one.id for one in old} - stay)
    assert change.kept == len(stay) - len(updated)
    assert change.reordered < max(len(stay), 1)


def _position(change: EntryChange) -> int:
    return change.position


# ---- for people and for programs ------------------------------------------------------------------------

BEFORE = {
    "": feed("bcdefxz"),
    "gone/": feed("a", id="urn:gone"),
    "old/": feed("a", id="urn:moves"),
}
AFTER = {
    "": feed(
        [
            entry("a", title="新 Title\x1b[31m\u202e"),
            entry("c"),
            entry("b", title="B"),
            entry("f", authors=(), summary="", content=None),
            entry("d", id="id-\n", title="De\u0301ja\u0300 vu"),
            entry("x"),
        ],
        title="Site",
        ttl=5,
        hub="https://hub.example.org/",
    ),
    "come\n/": feed("ab", id="urn:come"),
    "new/": feed("a", id="urn:moves"),
}
TABLE = """\
/  Site
  ~ the feed's own ttl, hub
  + new              新 Title\\x1b[31m\\u202e
  ~ updated (title)  B
  ~ updated (authors, summary, content)  Title f
  ! unread again     De\u0301ja\u0300 vu (was id-d)
  - withdrawn        Title e
  < fallen off       Title z
  = reordered (1 entry)
come\\n/  Site
  + appears (2 entries)
gone/  Site
  - vanishes (1 entry)
new/  Site
  > moved from old/"""


def test_the_table_for_people() -> None:
    assert as_table(held(BEFORE, AFTER, limits={"": 6}), 80) == TABLE
    assert as_table(held({"": feed("a")}, {"a/": feed("a")}), 80) == "a/  Site\n  > moved from /"
    assert as_table((), 80) == ""


ANY_TEXT = st.text(st.characters(), max_size=30)


@given(
    entries=st.lists(
        st.builds(entry, NAMES, id=ANY_TEXT, title=ANY_TEXT), max_size=3, unique_by=lambda e: e.id
    ),
    path=ANY_TEXT,
    title=ANY_TEXT,
    was=ANY_TEXT,
    width=st.integers(1, 120),
)
def test_no_text_leaves_its_line_or_steers_the_terminal(
    entries: list[PublishedEntry], path: str, title: str, was: str, width: int
) -> None:
    before = {was: feed("abc", id="urn:1"), path + "x": feed("a")}
    after = {path: feed(entries, id="urn:1", title=title), path + "x": feed("b", title=title)}
    changes = held(before, after)
    lines = as_table(changes, width).split("\n")
    assert all(line.isprintable() for line in lines)
    assert all(columns(line) <= width for line in lines)
    assert lines == [line for change in changes for line in as_table([change], width).split("\n")]
    json.dumps(as_json(changes))


def columns(line: str) -> int:
    return sum(
        0 if category(one) in ("Mn", "Me") else 2 if east_asian_width(one) in "WF" else 1 for one in line
    )


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (28, "  + new  新媒体 and 👩 title"),
        (27, "  + new  新媒体 and 👩 tit…"),
        (23, "  + new  新媒体 and 👩…"),
        (22, "  + new  新媒体 and …"),
        (21, "  + new  新媒体 and …"),
        (20, "  + new  新媒体 and…"),
        (1, "…"),
    ],
)
def test_a_long_line_is_cut_where_the_terminal_ends(width: int, line: str) -> None:
    changes = held({"": feed("")}, {"": feed([entry("a", title="新媒体 and 👩 title")])})
    assert as_table(changes, width).split("\n")[1] == line


def test_a_mark_above_a_letter_takes_no_column_and_stays_with_it() -> None:
    changes = held({"": feed("")}, {"": feed([entry("a", title="e\u0301" * 9)])})
    assert as_table(changes, 18).split("\n")[1] == "  + new  " + "e\u0301" * 9
    assert as_table(changes, 17).split("\n")[1] == "  + new  " + "e\u0301" * 7 + "…"


def test_the_report_for_programs() -> None:
    changes = held(BEFORE, AFTER, limits={"": 6})
    told = json.loads(json.dumps(as_json(changes)))
    assert [(one["path"], one["change"], one["was"], one["kept"], one["reordered"]) for one in told] == [
        ("", "changed", None, 2, 1),
        ("come\n/", "appeared", None, 0, 0),
        ("gone/", "vanished", None, 0, 0),
        ("new/", "moved", "old/", 1, 0),
    ]
    assert told[0]["fields"] == ["ttl", "hub"]
    assert told[0]["title"] == "Site"
    assert [one["change"] for one in told[0]["entries"]] == [
        "new",
        "updated",
        "updated",
        "unread",
        "withdrawn",
        "fallen",
    ]
    assert told[0]["entries"][3] == {
        "change": "unread",
        "id": "id-\n",
        "title": "De\u0301ja\u0300 vu",
        "link": "https://example.org/d/",
        "position": 5,
        "fields": ["title"],
        "was": "id-d",
        "by": "link",
    }
