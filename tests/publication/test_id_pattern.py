"""The rule behind adopted ids: found where one fits all, and never made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedwright.model import ArticleSummary
from feedwright.publication.id_pattern import find_pattern

NOON = datetime(2026, 1, 3, 12, tzinfo=UTC)


def _article(number: int, link: str) -> ArticleSummary:
    day = NOON + timedelta(days=number)
    return ArticleSummary(
        path=f"{number}.md", title="", link=link.format(number), published=day, updated=day, due=day
    )


@pytest.mark.parametrize(
    ("link", "entry_id"),
    [
        ("https://example.org/posts/p{}/", "https://example.org/posts/p{}/"),
        ("https://example.org/2026/p{}.html", "https://example.org/2026/p{}"),
        ("https://example.org/p{}/", "http://old.example.net/blog/p{}/index.html"),
        ("https://example.org/%E9%9B%A8{}/", "https://example.org/雨{}/"),
        ("https://example.org/p{}.html", "tag:example.org,2026-01-0{day}:/p{}.html"),
        ("https://example.org/p{}/", "p{}"),
    ],
)
def test_ids_that_are_made_of_addresses_show_their_rule(link: str, entry_id: str) -> None:
    ids = [entry_id.replace("{day}", str(n + 3)).format(n) for n in range(4)]
    pattern = find_pattern([(_article(n, link), ids[n]) for n in range(3)])
    assert pattern
    assert pattern(_article(3, link)) == ids[3]


@pytest.mark.parametrize(
    "entry_id", ["https://example.org/?p={}", "5f3c9a80e66800000000001{}", "urn:uuid:{}"]
)
def test_other_ids_show_none(entry_id: str) -> None:
    link = "https://example.org/post-{}/"
    assert find_pattern([(_article(n, link), entry_id.format(n)) for n in range(3)]) is None


def test_one_id_shows_no_rule_nor_do_ids_of_two_rules() -> None:
    link = "https://example.org/p{}/"
    articles = [_article(n, link) for n in range(3)]
    assert find_pattern([(articles[0], articles[0].link)]) is None
    assert find_pattern([(a, a.link if n else f"urn:p{n}") for n, a in enumerate(articles)]) is None


def test_an_article_with_another_kind_of_address_gets_none() -> None:
    pattern = find_pattern(
        [(_article(n, "https://example.org/p{}.html"), f"https://e.org/p{n}") for n in (1, 2)]
    )
    assert pattern
    assert pattern(_article(3, "https://example.org/p{}/")) == ""
    assert pattern(_article(3, "https://example.org/p{}.html")) == "https://e.org/p3"


def test_what_would_be_run_is_no_id() -> None:
    pattern = find_pattern([(_article(n, "https://example.org/p{}/"), f"p{n}") for n in (1, 2)])
    assert pattern
    assert pattern(_article(3, "https://example.org/javascript:{}/")) == ""
