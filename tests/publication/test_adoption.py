"""Entries find their articles, one to one, and what stays alone says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import chain
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwright.model import ArticleSummary, replace
from feedwright.publication.adoption import Adoption, match_articles
from feedwright.publication.foreign_feeds import ForeignEntry, read
from paths import DATA

if TYPE_CHECKING:
    import random

FOREIGN = DATA / "foreign"
NOON = datetime(2026, 1, 3, 12, tzinfo=UTC)
NEXT = NOON + timedelta(days=1)
LINK = "https://example.org/a/"
NO_MATCH = "no article has its link, nor its title on the same day"


def _card(
    path: str = "a.md", link: str = "", title: str = "A", published: datetime = NOON, guid: str | None = None
) -> ArticleSummary:
    link = link or f"https://example.org/{path}"
    return ArticleSummary(
        path=path, title=title, link=link, published=published, updated=published, due=published, guid=guid
    )


def _entry(
    own: str = "urn:a", link: str = "", title: str = "A", published: datetime | None = NOON
) -> ForeignEntry:
    return ForeignEntry(id=own, link=link, title=title, published=published)


def _of(feed: str, own: str, link: str, title: str = "A") -> ForeignEntry:
    return replace(_entry(own, link, title), feed=feed)


def _pairs(adoption: Adoption) -> dict[str, str]:
    return {path: entry.id for path, entry in adoption.matched}


def _reasons(adoption: Adoption) -> dict[str, str]:
    return {entry.id: reason for entry, reason in adoption.unmatched}


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        "http://example.org/a",
        "HTTPS://EXAMPLE.ORG:443/a/index.html",
        "http://example.org:80/a/#more",
        "https://example.org/%61/",
        " https://example.org/b/../a/ ",
    ],
)
def test_links_are_the_same_however_they_are_written(link: str) -> None:
    assert _pairs(match_articles([_entry(link=link, title="X")], [_card(link=LINK)])) == {"a.md": "urn:a"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/生活/", "http://example.org/%e7%94%9f%e6%b4%bb"),
        ("https://example.org/caf\u00e9/", "https://example.org/cafe%CC%81/"),
        ("https://例え.jp/", "https://xn--r8jz45g.jp/index.html"),
        ("https://example.org/?p=1", "https://example.org?p=%31"),
    ],
)
def test_links_are_the_same_in_any_encoding(one: str, other: str) -> None:
    assert _pairs(match_articles([_entry(link=one, title="X")], [_card(link=other)])) == {"a.md": "urn:a"}


@pytest.mark.parametrize(
    "link",
    [
        "",
        "/a/",
        "https://example.org/A/",
        "https://example.org/a/?p=1",
        "https://example.net/a/",
        "https://example.org/a.html",
        "https://example.org/aindex.html",
        "mailto:a@example.org",
    ],
)
def test_other_links_are_others(link: str) -> None:
    adoption = match_articles([_entry(link=link, title="X")], [_card(link=LINK)])
    assert (_pairs(adoption), _reasons(adoption), adoption.alone) == ({}, {"urn:a": NO_MATCH}, 1)


def test_links_that_are_no_utf8_are_told_apart() -> None:
    entries = [
        _entry("urn:a", "https://example.org/%B2%E8", "X"),
        _entry("urn:b", "https://example.org/%C2%B7"),
    ]
    cards = [_card("a", "https://example.org/%b2%e8"), _card("b", "https://example.org/%B5%C0", "Y")]
    assert _pairs(match_articles(entries, cards)) == {"a": "urn:a"}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("A\u00a0 title", " A title"),
        ("Caf\u00e9", "Cafe\u0301"),
        ("“It’s raining…” — again", '"It\'s raining..." --- again'),
        ("Salt & pepper", "Salt &amp; pepper"),
        ("Use grep", "Use <code>grep</code>"),
    ],
)
def test_titles_are_the_same_whatever_generators_make_of_them(theirs: str, ours: str) -> None:
    assert _pairs(match_articles([_entry(title=theirs)], [_card(title=ours)])) == {"a.md": "urn:a"}


@pytest.mark.parametrize(
    ("when", "same"),
    [
        (NOON, True),
        (NOON.replace(hour=0), True),
        (NOON.astimezone(timezone(timedelta(hours=14))), True),
        (datetime(2026, 1, 4, 7, tzinfo=timezone(timedelta(hours=8))), True),
        (NEXT, False),
        (datetime(2026, 1, 3, 7, tzinfo=timezone(timedelta(hours=8))), False),
        (None, False),
    ],
)
def test_days_are_those_of_utc(when: datetime | None, *, same: bool) -> None:
    assert bool(match_articles([_entry(published=when)], [_card()]).matched) is same


def test_an_entry_without_a_date_of_its_own_has_that_of_its_update() -> None:
    entry = ForeignEntry(id="urn:a", link="", title="A", updated=NOON)
    assert _pairs(match_articles([entry], [_card()])) == {"a.md": "urn:a"}


def test_the_link_comes_first() -> None:
    entries = [_entry("urn:a", "https://example.org/b.md", "A"), _entry("urn:b", "", "B")]
    cards = [_card("a.md", title="A"), _card("b.md", title="B")]
    adoption = match_articles(entries, cards)
    assert (_pairs(adoption), _reasons(adoption), adoption.alone) == (
        {"b.md": "urn:a"},
        {"urn:b": NO_MATCH},
        1,
    )


def test_the_moment_comes_before_the_day() -> None:
    later = NOON.replace(hour=15)
    cards = [_card("a.md"), _card("b.md", published=later)]
    assert _pairs(match_articles([_entry("urn:b", published=later)], cards)) == {"b.md": "urn:b"}
    both = [_entry("urn:b", published=later), _entry("urn:a", published=NOON.replace(hour=9))]
    assert _pairs(match_articles(both, cards)) == {"a.md": "urn:a", "b.md": "urn:b"}


@pytest.mark.parametrize(
    ("entries", "cards", "reasons"),
    [
        (
            [_entry(link=LINK)],
            [_card("a", LINK), _card("b", LINK)],
            {"urn:a": "2 articles have its link: a, b"},
        ),
        (
            [_entry("urn:a", LINK), _entry("urn:b", LINK)],
            [_card("a", LINK)],
            {
                "urn:a": "another entry has its link, too: urn:b",
                "urn:b": "another entry has its link, too: urn:a",
            },
        ),
        (
            [_entry()],
            [_card(name) for name in "abcde"],
            {"urn:a": "5 articles have its title and date: a, b, c and 2 more"},
        ),
        (
            [_entry(published=NOON.replace(hour=1))],
            [_card("a"), _card("b")],
            {"urn:a": "2 articles have its title and day: a, b"},
        ),
        (
            [_entry(link=LINK)],
            [_card("a", LINK, guid="urn:own")],
            {"urn:a": "a has a guid of its own: urn:own"},
        ),
        (
            [_entry("javascript:alert(1)", LINK)],
            [_card("a", LINK)],
            {
                "javascript:alert(1)": "its id is run or shown, or is no line of plain text: "
                "javascript:alert(1)"
            },
        ),
        ([_entry("", "")], [_card("a")], {"": "it has neither id nor link"}),
        (
            [_entry(link=LINK), _entry(title="Other")],
            [_card("a", "https://example.org/x", "X")],
            {"urn:a": "another entry has its id: A"},
        ),
    ],
)
def test_what_cannot_be_adopted_says_why(
    entries: list[ForeignEntry], cards: list[ArticleSummary], reasons: dict[str, str]
) -> None:
    adoption = match_articles(entries, cards)
    assert adoption.matched == ()
    assert _reasons(adoption) == reasons


def test_an_article_that_is_in_doubt_goes_to_no_other_entry() -> None:
    entries = [_entry("urn:a", LINK, "X"), _entry("urn:b", LINK, "Y"), _entry("urn:c", "", "A")]
    adoption = match_articles(entries, [_card("a.md", LINK)])
    assert adoption.matched == ()
    assert adoption.alone == 0


@pytest.mark.parametrize(
    "own",
    [
        *("urn:uuid:1", "tag:a,2026:x", "https://例え.jp/生", "http://a.org/?p=1"),
        *("a", "/x", "http://?p=1", "http:///x", "a b:c", "urn:a b", "http://[x/", "123 at https://a.org"),
    ],
)
def test_ids_are_adopted_as_they_are(own: str) -> None:
    assert _pairs(match_articles([_entry(own)], [_card()])) == {"a.md": own}


@pytest.mark.parametrize("own", ["x:\u202e", " a", "<b>", "DATA:x", "java\u200bscript:1", "a" * 2049])
def test_ids_that_are_no_line_of_text_are_not(own: str) -> None:
    assert match_articles([_entry(own)], [_card()]).matched == ()


def test_of_feeds_with_different_ids_the_first_counts() -> None:
    first = [_of("rss.xml", "urn:a", LINK), _of("rss.xml", "urn:b", "https://example.org/b.md", "B")]
    second = [_of("atom.xml", "urn:b", "https://example.org/b.md", "B"), _of("atom.xml", "urn:c", LINK)]
    cards = [_card(link=LINK), _card("b.md", title="B")]
    adoption = match_articles([*first, *second], cards)
    assert _pairs(adoption) == {"a.md": "urn:a", "b.md": "urn:b"}
    assert _reasons(adoption) == {"urn:c": "rss.xml, which is named first, has urn:a"}
    assert _pairs(match_articles([*second, *first], cards)) == {"a.md": "urn:c", "b.md": "urn:b"}


def test_what_a_first_feed_does_not_have_comes_from_the_next() -> None:
    entries = [_of("new.xml", "urn:a", LINK), _of("old.xml", "urn:b", "https://example.org/b.md", "B")]
    adoption = match_articles(entries, [_card(link=LINK), _card("b.md", title="B")])
    assert (_pairs(adoption), adoption.unmatched) == ({"a.md": "urn:a", "b.md": "urn:b"}, ())


def test_a_file_that_is_held_is_named() -> None:
    adoption = match_articles([_entry(title="“It’s” here")], [], {"b.md": '"It\'s" here', "c.md": ""})
    assert _reasons(adoption) == {"urn:a": "b.md has its title, and is held"}
    assert _reasons(match_articles([_entry(title="")], [], {"c.md": ""})) == {"urn:a": NO_MATCH}


def test_an_entry_in_several_feeds_counts_once() -> None:
    entries = [_entry(link=LINK), _entry(link="http://example.org/a", title="B", published=None), _entry()]
    adoption = match_articles(entries, [_card(link=LINK), _card("b.md", title="B")])
    assert (_pairs(adoption), adoption.unmatched, adoption.alone) == ({"a.md": "urn:a"}, (), 1)


def test_an_articles_guid_that_is_the_same_is_no_reason() -> None:
    assert _pairs(match_articles([_entry()], [_card(guid="urn:a")])) == {"a.md": "urn:a"}


_SITES = {
    "hexo": (
        ["hexo-atom", "hexo-rss2"],
        [
            _card("rain.md", "http://example.org/2021/05/01/雨后的山路/index.html", "雨后的山路"),
            _card(
                "tea.html",
                title="Tea & <em>tables</em>",
                published=datetime(2020, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=8))),
            ),
        ],
        {
            "rain.md": "https://example.org/2021/05/01/%E9%9B%A8%E5%90%8E%E7%9A%84%E5%B1%B1%E8%B7%AF/",
            "tea.html": "https://example.org/2020/12/31/tea-and-tables/",
        },
    ),
    "jekyll": (
        ["jekyll"],
        [
            _card(
                "_posts/2023-11-05-its-raining.md",
                title='"It\'s raining..." --- again',
                published=datetime(2023, 11, 5, 6, 30, tzinfo=UTC),
            ),
            _card("_posts/2023-01-01-salt-pepper.md", "https://example.org/2023/01/01/salt-pepper.html", "-"),
        ],
        {
            "_posts/2023-01-01-salt-pepper.md": "https://example.org/2023/01/01/salt-pepper",
            "_posts/2023-11-05-its-raining.md": "https://example.org/weather/2023/11/05/its-raining",
        },
    ),
    "wordpress": (
        ["wordpress-rss2", "wordpress-atom"],
        [
            _card(
                "panic.md",
                title="Don't panic: 3 & 4 cups",
                published=datetime(2024, 3, 4, 23, 30, tzinfo=UTC),
            ),
            _card("aside.md", "https://example.org/2024/02/17/", "An aside"),
        ],
        {"aside.md": "https://example.org/?p=17", "panic.md": "http://old.example.net/?p=42"},
    ),
    "hugo": (
        ["hugo"],
        [_card("posts/creme-sugar.md", "https://example.org/posts/creme-sugar/"), _card("new.md")],
        {"posts/creme-sugar.md": "https://example.org/posts/creme-sugar/"},
    ),
    "pelican": (
        ["pelican-atom", "pelican-rss"],
        [_card("trees.md", "https://example.org/above-the-tree-line.html", "Above the tree line")],
        {"trees.md": "tag:example.org,2022-07-14:/above-the-tree-line.html"},
    ),
}


@pytest.mark.parametrize("name", _SITES)
def test_sites_of_other_generators_are_adopted(name: str) -> None:
    feeds, cards, ids = _SITES[name]
    entries = list(chain.from_iterable(read(FOREIGN / f"{feed}.xml") for feed in feeds))
    assert _pairs(match_articles(entries, cards)) == ids


_NAMES = st.sampled_from(["", "a", "b", "c"])
_WHEN = st.sampled_from([NOON, NOON.replace(hour=1), NEXT])
_ENTRIES = st.lists(
    st.builds(
        _entry, _NAMES.map("urn:x{}".format), _NAMES.map("https://example.org/{}".format), _NAMES, _WHEN
    ),
    max_size=6,
)
_CARDS = st.lists(st.tuples(_NAMES.map("http://example.org/{}/".format), _NAMES, _WHEN), max_size=6)


@settings(max_examples=150)
@given(_ENTRIES, _CARDS, st.randoms(use_true_random=False))
def test_laws(
    entries: list[ForeignEntry], facts: list[tuple[str, str, datetime]], chance: random.Random
) -> None:
    cards = [_card(f"{n}.md", *fact) for n, fact in enumerate(facts)]
    adoption = match_articles(entries, cards)
    paths, ids = [path for path, _ in adoption.matched], [entry.id for _, entry in adoption.matched]
    assert len(set(paths)) == len(paths)
    assert len(set(ids)) == len(ids)
    assert set(paths) <= {card.path for card in cards}
    assert {entry.id for entry, _ in adoption.unmatched}.union(ids) == {entry.id for entry in entries}
    assert adoption.alone <= len(cards) - len(paths)
    mixed = match_articles(entries, chance.sample(cards, len(cards)))
    assert (mixed.matched, mixed.alone) == (adoption.matched, adoption.alone)


def test_ten_thousand_take_no_time() -> None:
    cards = [_card(f"{n}.md", title=f"{n}", published=NOON + timedelta(hours=n)) for n in range(10_000)]
    entries = [
        _entry(
            f"urn:{n}",
            f"https://{'example' if n % 2 else 'old'}.org/{n}.md",
            f"{n}",
            NOON + timedelta(hours=n),
        )
        for n in range(10_000)
    ]
    began = process_time()
    assert len(match_articles(entries, cards).matched) == 10_000
    assert process_time() - began < 5  # 0.5 s here
