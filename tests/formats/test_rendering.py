"""An entry that a format cannot carry is named, and a fault of our own is not hidden."""

from __future__ import annotations

import pytest

from feedwright.formats import render
from feedwright.formats.layout import Target
from feedwright.formats.table import FORMATS
from feedwright.model import NO_INDEX, Feed
from sample_feeds import entry, feed


def targets(original: Feed, *formats: str) -> list[Target]:
    return [
        Target(path=original.path + FORMATS[name].file, format=name, feed=original, index=NO_INDEX)
        for name in formats
    ]


def test_an_entry_that_no_feed_can_carry_is_refused_by_its_id() -> None:
    good = entry(id="tag:example.org,2026:good")
    bad = entry(id="tag:example.org,2026:bad", link="not an address")
    done = render.render(targets(feed(good, bad), "rss", "atom", "json"))
    assert set(done.refused) == {"tag:example.org,2026:bad"}
    assert done.refused[bad.id] == "'not an address' is not an http(s) address"
    again = render.render(targets(feed(good), "rss", "atom"))
    assert [d.path.rpartition("/")[2] for d in again.documents] == ["rss.xml", "atom.xml"]
    assert not again.refused


def test_a_fault_of_no_entry_is_our_own() -> None:
    twins = feed(entry(title="one"), entry(title="two"))
    with pytest.raises(RuntimeError, match="not a valid rss document"):
        render.render(targets(twins, "rss"))
