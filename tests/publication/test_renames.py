"""Entries follow their files: what moved is found, what only may have moved is told."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from time import process_time
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwright.model import EntryRecord, replace
from feedwright.publication.renames import Doubt, find_renames, problem_of

if TYPE_CHECKING:
    import random

    from feedwright.problems import Problem

NOON = "2026-01-03T12:34:56+08:00"
LATER = "2026-02-03T12:34:56+08:00"
EMPTY = sha256(b"").hexdigest()[:16]


def _gone(source: str, body: str = "b", title: str = "T", date: str = NOON, own: str = "") -> EntryRecord:
    own = own or f"tag:example.org,2026:{source}"
    return EntryRecord(id=own, source=source, published=date, updated=date, title=title, fingerprint=body)


def _new(path: str, body: str = "b", title: str = "T", date: str = NOON) -> EntryRecord:
    return EntryRecord(id="", source=path, published=date, updated=date, title=title, fingerprint=body)


def _moves(gone: list[EntryRecord], fresh: list[EntryRecord]) -> dict[str, str]:
    return {path: entry.source for path, entry in find_renames(gone, fresh)[0].items()}


def _problems(gone: list[EntryRecord], fresh: list[EntryRecord]) -> list[Problem]:
    return [problem_of(doubt, held=False) for doubt in find_renames(gone, fresh)[1]]


@pytest.mark.parametrize(
    ("new", "matches"),
    [
        (_new("n"), True),
        (_new("n", title="Other"), True),
        (_new("n", date=LATER), True),
        (_new("n", body="other"), True),
        (_new("n", body=""), True),
        (_new("n", title="Other", date=LATER), False),
        (_new("n", body="other", date=LATER), False),
        (_new("n", body="other", title="Other"), False),
        (_new("n", body="other", title="Other", date=LATER), False),
    ],
)
def test_two_of_body_title_and_date_must_match(new: EntryRecord, *, matches: bool) -> None:
    assert _moves([_gone("a")], [new]) == ({"n": "a"} if matches else {})


@pytest.mark.parametrize("nothing", ["", EMPTY])
def test_the_body_of_nothing_matches_nothing(nothing: str) -> None:
    assert _moves([_gone("a", body=nothing)], [_new("n", body=nothing, title="Other")]) == {}
    assert find_renames([_gone("a", body=nothing)], [_new("n", nothing, "Other", LATER)]) == ({}, [])


@pytest.mark.parametrize(
    ("title", "date"),
    [
        (" T\u00a0 ", NOON),
        ("T", "2026-01-03T04:34:56Z"),
        ("T", "2026-01-02T20:34:56-08:00"),
    ],
)
def test_what_is_told_otherwise_is_the_same(title: str, date: str) -> None:
    assert _moves([_gone("a")], [_new("n", "other", title, date)]) == {"n": "a"}


def test_a_title_is_the_same_in_nfc_and_nfd() -> None:
    assert _moves([_gone("a", title="Caf\u00e9")], [_new("n", "other", "Cafe\u0301")]) == {"n": "a"}


def test_a_date_in_the_record_that_is_none_matches_as_text() -> None:
    assert _moves([_gone("a", date="soon")], [_new("n", "other", date="soon")]) == {"n": "a"}
    assert find_renames([_gone("a", "x", "X", "soon")], [_new("n", "y", "Y", "soon")]) == ({}, [])


def test_more_matches_come_before_fewer() -> None:
    gone = [_gone("a", title="Old"), _gone("b")]
    assert _moves(gone, [_new("n")]) == {"n": "b"}
    assert _moves(gone, [_new("m"), _new("n", title="New")]) == {"m": "b", "n": "a"}


def test_of_two_matches_those_with_the_body_come_first() -> None:
    gone = [_gone("a", "1"), _gone("b", "2")]
    fresh = [_new("m", "new"), _new("n", "1", title="New")]
    assert _moves(gone, fresh) == {"n": "a", "m": "b"}


def test_equal_candidates_pair_in_path_order() -> None:
    gone = [_gone(name) for name in ("c", "a", "b")]
    assert _moves(gone, [_new("z"), _new("x"), _new("y")]) == {"x": "a", "y": "b", "z": "c"}
    assert _moves(gone, [_new("x")]) == {"x": "a"}
    assert _moves(gone, [_new("new/b"), _new("new/x")]) == {"new/b": "b", "new/x": "a"}


def test_where_several_new_files_fit_equally_none_inherits() -> None:
    gone = _gone("a")
    moved, doubts = find_renames([gone], [_new("y"), _new("x"), _new("z", "other", "Other", LATER)])
    assert moved == {}
    clue = "2 new files have its text and title and date"
    assert doubts == [Doubt("x", gone, clue, is_several=True), Doubt("y", gone, clue, is_several=True)]
    assert _moves([gone], [_new("x"), _new("y", title="Other")]) == {"x": "a"}


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (_new("n", "b", "New", LATER), "only the text is the same"),
        (_new("n", "new", "T", LATER), "only the title is the same"),
        (_new("n", "new", "New", NOON), "only the date is the same"),
    ],
)
def test_where_one_matches_it_is_told(new: EntryRecord, told: str) -> None:
    problems = _problems([_gone("old/a.md")], [new])
    assert _moves([_gone("old/a.md")], [new]) == {}
    assert [(p.severity, p.code, p.file, p.field) for p in problems] == [("warning", "ID002", "n", "guid")]
    assert problems[0].message == f"this may be old/a.md, which is gone: {told}"
    assert problems[0].hint == "guid: tag:example.org,2026:old/a.md"


@pytest.mark.parametrize("own", ["https://example.org/?p=1#x", "urn:x:", "a: b", "1 # 2", "标签", '"'])
def test_the_hint_is_a_line_to_paste(own: str) -> None:
    doubts = find_renames([_gone("a", own=own)], [_new("n", title="New", date=LATER)])[1]
    assert yaml.safe_load(problem_of(doubts[0], held=False).hint) == {"guid": own}
    held = problem_of(doubts[0], held=True)
    assert held.severity == "error"
    assert yaml.safe_load(held.hint.splitlines()[0]) == {"guid": own}
    assert "--accept new-article" in held.hint


@pytest.mark.parametrize(
    ("gone", "fresh"),
    [
        # a title, a text or a date that others have too
        ([_gone("a", "1"), _gone("b", "2", date=LATER)], [_new("n", "3", date="2026-03-03T01:02:03Z")]),
        ([_gone("a")], [_new("n", "2", date=LATER), _new("o", "3", date=LATER)]),
        (
            [_gone("a", title="A"), _gone("b", title="B", date=LATER)],
            [_new("n", "b", "N", "2020-01-03T01:02Z")],
        ),
        ([_gone("a", "1", "A"), _gone("b", "2", "B")], [_new("n", "3", "C")]),
        # one of them is paired already
        ([_gone("a"), _gone("b", "2", "T", LATER)], [_new("n"), _new("o", "3", "T", "2020-01-01T01:02Z")]),
        # midnight, here or in UTC
        ([_gone("a", date="2026-01-03T00:00:00+08:00")], [_new("n", "2", "N", "2026-01-03T00:00:00+08:00")]),
        ([_gone("a", date="2026-01-03T08:00:00+08:00")], [_new("n", "2", "N", "2026-01-03T08:00:00+08:00")]),
        ([_gone("a", date="2026-01-03")], [_new("n", "2", "N", "2026-01-03")]),
    ],
)
def test_what_says_too_little_is_not_told(gone: list[EntryRecord], fresh: list[EntryRecord]) -> None:
    assert find_renames(gone, fresh)[1] == []


def test_every_file_is_named_once_by_what_says_most() -> None:
    gone = [_gone("a", "1", "A", NOON), _gone("b", "2", "B", LATER)]
    fresh = [_new("n", "1", "N", "2020-01-01T01:02Z"), _new("o", "3", "A", LATER)]
    assert [(p.file, p.hint.rpartition(":")[2]) for p in _problems(gone, fresh)] == [
        ("n", "a"),
        ("o", "b"),
    ]


_FEW = st.sampled_from
_TRAITS = st.tuples(
    _FEW(["", "1", "2", "3", EMPTY]),
    _FEW(["A", "B", "C"]),
    _FEW([NOON, "2026-01-03T04:34:56Z", LATER, "2026-01-03T00:00:00Z"]),
)
_SIDES = st.lists(_TRAITS, max_size=8)


@settings(max_examples=150)
@given(_SIDES, _SIDES, st.randoms(use_true_random=False))
def test_laws(
    old: list[tuple[str, str, str]], new: list[tuple[str, str, str]], chance: random.Random
) -> None:
    gone = [_gone(f"old{n}", *traits) for n, traits in enumerate(old)]
    fresh = [_new(f"new{n}", *traits) for n, traits in enumerate(new)]
    moved, doubts = find_renames(gone, fresh)

    mixed, others = chance.sample(gone, len(gone)), chance.sample(fresh, len(fresh))
    assert find_renames(mixed, others) == (moved, doubts)
    assert list(find_renames(mixed, others)[0]) == list(moved)

    sources = [entry.source for entry in moved.values()]
    single = [doubt.entry.source for doubt in doubts if not doubt.is_several]
    assert len({*sources, *single}) == len(sources) + len(single)
    assert len({*moved, *(doubt.path for doubt in doubts)}) == len(moved) + len(doubts)

    by_path = {stranger.source: stranger for stranger in fresh}
    assert all(_shared(entry, by_path[path]) >= 2 for path, entry in moved.items())
    assert all(_shared(d.entry, by_path[d.path]) >= 2 for d in doubts if d.is_several)
    unsure = {doubt.path for doubt in doubts if doubt.is_several}
    disputed = {doubt.entry.source for doubt in doubts if doubt.is_several}
    left = [entry for entry in gone if entry.source not in {*sources, *disputed}]
    rest = [stranger for stranger in fresh if stranger.source not in {*moved, *unsure}]
    assert all(_shared(entry, stranger) < 2 for entry in left for stranger in rest)


def _shared(entry: EntryRecord, new: EntryRecord) -> int:
    body = entry.fingerprint == new.fingerprint not in ("", EMPTY)
    date = datetime.fromisoformat(entry.published) == datetime.fromisoformat(new.published)
    return body + (entry.title == new.title) + date


@settings(max_examples=80)
@given(_SIDES, st.randoms(use_true_random=False))
def test_a_pure_rename_of_everything_pairs_all(
    traits: list[tuple[str, str, str]], chance: random.Random
) -> None:
    names = chance.sample(range(100), len(traits))
    gone = [_gone(f"old{n}", *one) for n, one in enumerate(traits)]
    fresh = [_new(f"new{name}", *one) for name, one in zip(names, traits, strict=True)]
    moved, problems = find_renames(gone, fresh)
    assert moved.keys() == {stranger.source for stranger in fresh}
    assert problems == []


@pytest.mark.parametrize("alike", [False, True])
def test_ten_thousand_take_no_time(*, alike: bool) -> None:
    def traits(n: int) -> tuple[str, str, str]:
        return ("b", "T", NOON) if alike else (f"{n:016x}", f"Title {n}", f"{1900 + n % 100}-01-03T01:02:03Z")

    gone = [_gone(f"old/{n}", *traits(n)) for n in range(10_000)]
    fresh = [_new(f"new/{n}", traits(n)[0], "New" if n % 2 else traits(n)[1], LATER) for n in range(10_000)]
    began = process_time()
    moved, problems = find_renames(gone, fresh)
    assert process_time() - began < 2  # 0.1 s here
    assert len(moved) == 5_000
    assert len(problems) == (0 if alike else 5_000)


def test_an_address_counts_too() -> None:
    gone = replace(_gone("old/a.html"), link="https://e.org/a/")
    new = replace(_new("old/a.md", "new", "New", NOON), link="https://e.org/a/")
    assert find_renames([gone], [new]) == ({"old/a.md": gone}, [])
    alone = replace(_new("old/a.md", "new", "New", LATER), link="https://e.org/a/")
    moved, doubts = find_renames([gone], [alone])
    assert not moved
    assert problem_of(doubts[0], held=True).message.endswith("only the address is the same")
    assert find_renames([replace(gone, link="")], [replace(alone, link="")])[1] == []
