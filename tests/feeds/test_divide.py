"""Older entries in documents of their own: nothing is lost between them, and they do not change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwright.feeds.archives import divide, feed_folder
from feedwright.feeds.feed_specs import MOST, FeedSpec
from feedwright.model import ArticleSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedwright.feeds.archives import Span

START = datetime(2024, 1, 1, tzinfo=UTC)
HOURS = st.lists(st.integers(0, 24 * 900), max_size=60, unique=True)
SPANS: st.SearchStrategy[Span] = st.sampled_from(["month", "year", 1, 3, 50])
LIMITS = st.integers(1, 12)


def articles(hours: Sequence[int]) -> list[ArticleSummary]:
    """Articles, newest first, at these hours after the beginning of 2024."""
    return [_article(START + timedelta(hours=number)) for number in sorted(hours, reverse=True)]


def _article(moment: datetime) -> ArticleSummary:
    path = f"{moment.isoformat()}.md"
    link = f"https://example.org/{path}"
    return ArticleSummary(path=path, title="A", link=link, published=moment, updated=moment, due=moment)


def names(hours: Sequence[int], span: Span, limit: int) -> list[tuple[str, int]]:
    """The archives, each with the number of its articles."""
    return [(name, len(members)) for name, members in divide(articles(hours), span, limit)]


def test_months_and_years_that_are_over() -> None:
    months = [0, 24, 24 * 31, 24 * 32, 24 * 60]
    assert names(months, "month", 20) == [("2024-01", 2), ("2024-02", 2)]
    assert names([*months, 24 * 400], "year", 20) == [("2024", 5)]
    assert names([], "month", 20) == []


def test_a_busy_month_has_as_many_archives_as_it_needs() -> None:
    assert names(range(5), "month", 2) == [("2024-01", 2), ("2024-01-2", 2)]
    assert names([*range(5), 24 * 31], "month", 2) == [("2024-01", 2), ("2024-01-2", 2), ("2024-01-3", 1)]


def test_a_number_of_entries_that_is_never_more_than_the_feed_shows() -> None:
    assert names(range(7), 3, 20) == [("1", 3), ("2", 3)]
    assert names(range(7), 50, 2) == [("1", 2), ("2", 2), ("3", 2)]


@given(HOURS, SPANS, LIMITS)
def test_every_article_is_in_the_feed_or_in_one_archive(hours: list[int], span: Span, limit: int) -> None:
    newest_first = articles(hours)
    spec = FeedSpec(labels=(), path="", articles=newest_first, limit=limit, span=span)
    parts = spec.archives()
    archived = [article for _, members in parts for article in members]
    assert len(archived) == len({article.path for article in archived})
    assert {*archived, *spec.shown()} == {*newest_first}
    assert [article for _, members in reversed(parts) for article in members] == newest_first[
        len(newest_first) - len(archived) :
    ]
    assert all(0 < len(members) <= limit for _, members in parts)
    assert len({name for name, _ in parts}) == len(parts)


@given(HOURS, HOURS, SPANS, LIMITS)
def test_newer_articles_change_no_archive(hours: list[int], more: list[int], span: Span, limit: int) -> None:
    newer = {*hours, *(max(hours, default=0) + 1 + number for number in more)}
    before = divide(articles(hours), span, limit)
    after = divide(articles([*newer]), span, limit)
    assert after[: len(before)] == before


@given(HOURS.filter(bool), LIMITS, st.integers(1, 90))
def test_the_articles_of_some_days_are_shown(hours: list[int], limit: int, days: int) -> None:
    newest_first = articles(hours)
    shown = FeedSpec(labels=(), path="", articles=newest_first, limit=limit, days=days).shown()
    since = newest_first[0].published - timedelta(days=days)
    recent = sum(article.published >= since for article in newest_first)
    assert shown == newest_first[: max(limit, recent)]


@given(HOURS.filter(bool), st.integers(0, 24 * 100), LIMITS, st.integers(1, 90))
def test_a_new_article_brings_back_no_old_one(hours: list[int], later: int, limit: int, days: int) -> None:
    """What entered a feed again would be new to readers."""

    def shown(numbers: list[int]) -> set[str]:
        spec = FeedSpec(labels=(), path="", articles=articles(numbers), limit=limit, days=days)
        return {article.path for article in spec.shown()}

    newest = max(hours) + 1 + later
    assert shown([*hours, newest]) - shown(hours) == {articles([newest])[0].path}


@pytest.mark.parametrize(("limit", "count"), [(20, MOST), (120, 120), (None, 150)])
def test_days_have_a_bound_and_a_limit_has_not(limit: int | None, count: int) -> None:
    spec = FeedSpec(labels=(), path="", articles=articles(range(150)), limit=limit, days=30)
    assert len(spec.shown()) == count
    held = {spec.articles[0].path}
    assert spec.shown(held)[0] == spec.articles[1]
    assert spec.archives() == []


@pytest.mark.parametrize(
    ("folder", "feed"),
    [("", ""), ("tea", "tea"), ("all/2024-01", ""), ("tea/all/2024-01", "tea"), ("a/b/all/1", "a/b")],
)
def test_the_feed_of_an_archive(folder: str, feed: str) -> None:
    assert feed_folder(folder) == feed
