"""Sites of real generators that move to feedwright: those that are here."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import pytest

import migrate_sites
from compare_sites import GENERATORS
from migrate_sites import FEEDS, ids_in


@pytest.mark.skipif(find_spec("reader") is None, reason="lemon24's reader is not here")
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("name", FEEDS)
def test_no_subscriber_sees_an_entry_again(name: str, late: bool) -> None:
    if shutil.which(GENERATORS[name].command[0]) is None:
        pytest.skip(f"{name} is not here")
    try:
        move = migrate_sites.migrated(name, late=late)
    except migrate_sites.NotHereError as error:
        pytest.skip(str(error))
    assert (move.left, move.changed, move.unread) == ((), (), ())
    assert set(move.new) == {1}
    assert move.seen == migrate_sites.ARTICLES or late
    assert move.shown == min(move.seen, 20) - 1


def test_ids_are_read_by_the_number_of_their_article() -> None:
    entries = "".join(
        f"<item><guid>{guid}</guid><description>It rains, mark-{guid}, today</description></item>"
        for guid in "12"
    )
    document = f"<rss version='2.0'><channel>{entries}</channel></rss>"
    assert ids_in(document.encode()) == {"1": "1", "2": "2"}


def test_each_article_has_a_name_and_a_number_of_its_own() -> None:
    for generator in GENERATORS.values():
        articles = [migrate_sites.article(generator, number) for number in range(1, 32)]
        assert len(dict(articles)) == 31
        assert all(f"mark-{number}," in text for number, (_, text) in enumerate(articles, start=1))
