"""Which articles stand in which feed, in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwright.feeds.feed_specs import feed_specs
from feedwright.feeds.taxonomies import taxonomy
from feedwright.model import ArticleSummary
from sites import Folder, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedwright.feeds.feed_specs import FeedSpec

NOON = datetime(2026, 1, 3, 12, tzinfo=UTC)


def _article(
    path: str,
    *categories: str,
    published: datetime = NOON,
    tags: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
) -> ArticleSummary:
    return ArticleSummary(
        path=path,
        title=path,
        link=f"https://example.org/{path}",
        published=published,
        updated=published,
        due=published,
        categories=tuple(tuple(c.split("/")) for c in categories),
        tags=tags,
        authors=authors,
    )


def _specs(
    articles: list[ArticleSummary],
    *names: str,
    limit: int | str = "all",
    categories: Mapping[str, dict[str, object]] | None = None,
) -> list[FeedSpec]:
    flags: dict[str, Any] = {"taxonomies": names or ("categories",), "limit": limit, "categories": categories}
    site = Folder(Path("/nowhere")).settings(**flags)
    return feed_specs(articles, {a.path: a.path for a in articles}, site, {}).specs


def _told(specs: list[FeedSpec]) -> dict[str, list[str]]:
    """The articles that feeds show, by the beginning of the feed's path and its labels."""
    told = {}
    for spec in specs:
        first = spec.path.partition("/")[0]
        name = first if first in ("", "tags", "authors") else "categories"
        told["/".join((name, *spec.labels))] = [article.path for article in spec.shown()]
    return told


def test_newest_first_and_ties_by_id() -> None:
    early, late = NOON - timedelta(hours=1), NOON.astimezone(timezone(timedelta(hours=8)))
    articles = [_article("c"), _article("z", published=early), _article("a", published=late), _article("b")]
    for order in (articles, articles[::-1]):
        assert _told(_specs(order)) == {"": ["a", "b", "c", "z"]}


def test_every_level_of_a_hierarchy_has_a_shelf() -> None:
    told = _told(_specs([_article("a", "t/p"), _article("b", "t"), _article("c", "t/p/d", "t/q")]))
    assert told == {
        "": ["a", "b", "c"],
        "categories/t": ["a", "b", "c"],
        "categories/t/p": ["a", "c"],
        "categories/t/p/d": ["c"],
        "categories/t/q": ["c"],
    }


def test_all_taxonomies() -> None:
    told = _told(
        _specs([_article("a", "c", tags=("t",), authors=("Bob", "BOB"))], "categories", "tags", "authors")
    )
    assert told == {"": ["a"], "categories/c": ["a"], "tags/t": ["a"], "authors/BOB": ["a"]}


@pytest.mark.parametrize(
    ("spellings", "shown"),
    [
        (["Alpha", "alpha", "alpha"], "alpha"),
        (["alpha", "Alpha"], "Alpha"),
        (["ALPHA", "alpha", "Alpha", "Alpha"], "Alpha"),
        (["cafe\u0301", "café"], "cafe\u0301"),
        (["ａ", "a"], "a"),
    ],
)
def test_a_term_is_spelled_as_most_articles_do(spellings: list[str], shown: str) -> None:
    articles = [_article(str(n), label) for n, label in enumerate(spellings)]
    found = list(taxonomy("categories", articles).labels.values())
    assert (shown,) in found
    if spellings[0] != "ａ":  # full-width letters are a term of their own
        assert found == [(shown,)]


def test_a_level_has_one_spelling_below_which_all_stand() -> None:
    articles = [_article("1", "Tech/web"), _article("2", "tech/Web"), _article("3", "Tech")]
    found = taxonomy("categories", articles)
    assert list(found.labels.values()) == [("Tech",), ("Tech", "Web")]
    assert [found.terms_of(a) for a in articles[:2]] == [(("Tech",), ("Tech", "Web"))] * 2


def test_limits() -> None:
    articles = [_article(f"{n}", "Big", "small") for n in range(5)]
    specs = _specs(articles, limit=2, categories={"big": {"limit": "all"}, "SMALL": {"limit": 1}})
    assert _told(specs) == {"": ["0", "1"], "categories/Big": list("01234"), "categories/small": ["0"]}


@pytest.mark.parametrize("since", [NOON.date(), "2026-01-03", "20260103"])
def test_articles_before_a_day_are_in_no_feed(since: object) -> None:
    site = Folder(Path("/nowhere")).settings(since=since)
    articles = [
        _article("a", "x", published=NOON - timedelta(days=1)),
        _article("b", "y"),
        _article("c", "y"),
    ]
    told = _told(feed_specs(articles, {a.path: a.path for a in articles}, site, {}).specs)
    assert told == {"": ["b", "c"], "categories/y": ["b", "c"]}


def test_limits_of_categories_say_nothing_of_tags() -> None:
    articles = [_article(f"{n}", tags=("big",)) for n in range(3)]
    assert _told(_specs(articles, "tags", limit=2, categories={"big": {"limit": 1}}))["tags/big"] == [
        "0",
        "1",
    ]


def test_what_is_held_is_replaced_by_the_next() -> None:
    specs = _specs([_article(f"{n}") for n in range(4)], limit=2)
    assert [a.path for a in specs[0].shown({"0", "2"})] == ["1", "3"]


def test_articles_without_an_id_stand_nowhere() -> None:
    articles = [_article("a", "x"), _article("b", "x")]
    specs = feed_specs(articles, {"b": "1"}, Folder(Path("/nowhere")).settings(), {}).specs
    assert _told(specs) == {"": ["b"], "categories/x": ["b"]}


_LABELS = st.lists(st.sampled_from(["a", "A", "b", "B/c", "b/C", "b/c/d"]), max_size=3)


@given(st.lists(st.tuples(_LABELS, st.integers(0, 2)), max_size=8), st.randoms(use_true_random=False))
def test_input_order_never_shows(rows: list[tuple[list[str], int]], random: object) -> None:
    articles = [
        _article(f"{n}", *labels, published=NOON + timedelta(days=day))
        for n, (labels, day) in enumerate(rows)
    ]
    shuffled = list(articles)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _specs(shuffled, limit=3) == _specs(articles, limit=3)


# In builds


def test_an_entry_that_is_held_for_its_body_makes_room_for_the_next(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    deep = "<div>" * 600 + "x"
    for day in range(1, 6):
        folder.write(
            f"{day}.html", text(f"Day {day}", date=f"2026-01-0{day}", body=deep if day in (4, 5) else "<p>x")
        )
    done = folder.build(flags={"limit": 2})
    assert done.exit_code == 1
    assert done.held == {"4.html", "5.html"}
    assert done.published == 3
    assert folder.titles() == folder.titles("rss.xml") == ["Day 3", "Day 2"]


def test_a_category_whose_only_article_is_held_keeps_its_feed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.html", text("A", categories="lonely"))
    folder.write("b.html", text("B"))
    folder.build()
    before = folder.published()["lonely/atom.xml"]
    folder.write("a.html", text("A", categories="lonely", body="<div>" * 600))
    done = folder.build()
    assert (done.exit_code, done.held, done.stale, done.written) == (1, frozenset({"a.html"}), (), ())
    assert folder.published()["lonely/atom.xml"] == before
    assert folder.titles() == ["A", "B"]
