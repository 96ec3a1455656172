"""Ids in documents: every format gives back those that it was given, IRIs or not, and Atom has IRIs only."""

from __future__ import annotations

import json
import re

import feedparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.formats.wire import atom_id, read_atom_id
from feedwright.model import SiteIndex
from feedwright.urls import is_absolute_iri, is_id
from sample_feeds import entry, feed

INDEX = SiteIndex(authority="example.org")
OPAQUE = [
    "5f3c9a80e668000000000018",
    "123 at https://example.org",
    "5d1:5d2:5d3",
    '100% 字 & "more"',
    "a/b?c#d",
]
IDS = st.one_of(
    st.sampled_from(OPAQUE), st.text(min_size=1, max_size=20), st.text("tag:,/.%26guid").map("tag:{}".format)
)


@pytest.mark.parametrize("name", READ_BACK)
@given(entry_id=IDS.filter(is_id))
@example(entry_id="tag:example.org,2026:guid/a")
@example(entry_id="tag:example.org,2026:guid/%2561")
def test_every_format_gives_an_id_back(name: str, entry_id: str) -> None:
    document = FORMATS[name].render(feed(entry(id=entry_id)), INDEX)
    assert [e.id for e in READ_BACK[name](document).entries] == [entry_id]


@given(entry_id=IDS.filter(is_id))
def test_an_id_is_an_iri_in_atom_and_only_one_id_is_that(entry_id: str) -> None:
    iri = atom_id(entry_id, "example.org")
    assert is_absolute_iri(iri)
    assert read_atom_id(iri) == entry_id


@pytest.mark.parametrize("entry_id", OPAQUE)
def test_readers_of_rss_and_json_feed_see_an_old_id_as_it_was(entry_id: str) -> None:
    documents = {
        name: FORMATS[name].render(feed(entry(id=entry_id)), INDEX) for name in ("rss", "atom", "json")
    }
    (item,) = feedparser.parse(documents["rss"]).entries
    assert (item.id, item.guidislink) == (entry_id, False)
    (item,) = json.loads(documents["json"])["items"]
    assert item["id"] == entry_id
    (item,) = feedparser.parse(documents["atom"]).entries
    assert re.fullmatch("tag:example[.]org,2026:guid/[A-Za-z0-9._~%-]+", item.id)
