"""JSON Feed: what the schema asks, the same story as in Atom, and the faults that the last look finds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import NO_INDEX, Author, Document, Enclosure, SafeHtml
from paths import ROOT
from sample_feeds import AUDIO, FEEDS, PICTURE, entry, feed

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((ROOT / "tests" / "data" / "json-feed-1.1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
JSON = FORMATS["json"]
OWN = sorted((ROOT / "feeds").rglob("feed.json"))


def rendered(case: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(JSON.render(FEEDS[case], NO_INDEX))
    return whole


def faults(data: bytes | str) -> list[str]:
    text = data if isinstance(data, bytes) else data.encode()
    return [fault.removeprefix("feed.json: ") for fault in JSON.check(Document(path="feed.json", data=text))]


@pytest.mark.parametrize("case", FEEDS)
def test_every_form_of_a_feed_is_json_feed(case: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(rendered(case))] == []
    assert faults(JSON.render(FEEDS[case], NO_INDEX)) == []


@pytest.mark.parametrize("file", OWN, ids=lambda file: str(file.parent.name))
def test_the_feeds_of_this_repository_are_json_feed(file: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(file.read_bytes()))] == []
    assert faults(file.read_bytes()) == []


def test_the_schema_can_refuse() -> None:
    broken = rendered("everything") | {"title": "", "surprise": 1}
    assert len(list(VALIDATOR.iter_errors(broken))) == 2


@pytest.mark.parametrize("file", OWN, ids=lambda file: str(file.parent.name))
def test_all_formats_tell_the_same(file: Path) -> None:
    told = {}
    for name, read in READ_BACK.items():
        found = read((file.parent / FORMATS[name].file).read_bytes())
        told[name] = [
            (
                one.id,
                one.title,
                one.link,
                one.published,
                one.summary,
                one.content,
                [author.name for author in one.authors],
                list(dict.fromkeys(term.label for term in one.categories)),
                one.thumbnail and one.thumbnail.url,
                one.enclosure,
            )
            for one in found.entries
        ]
    assert told["json"] == told["atom"] == told["rss"]


def test_a_feed_with_everything() -> None:
    whole = replace(
        FEEDS["everything"],
        entries=(entry(enclosure=AUDIO, authors=(Author(name="甲", uri="https://example.org/a"),)),),
    )
    text = JSON.render(whole, NO_INDEX).decode()
    assert text.endswith("  ]\n}\n")
    got = json.loads(text)
    assert list(got)[:4] == ["version", "title", "home_page_url", "feed_url"]
    assert got["feed_url"] == "https://example.org/feeds/media/feed.json"
    assert (got["icon"], got["favicon"]) == (
        "https://example.org/logo.png",
        "https://example.org/favicon.ico",
    )
    assert got["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
    assert got["authors"] == [{"name": "Ed", "url": "https://example.org/ed"}]
    assert got["language"] == "zh-CN"
    (item,) = got["items"]
    assert item["image"] == PICTURE.url
    assert item["attachments"] == [{"url": AUDIO.url, "mime_type": "audio/mpeg", "size_in_bytes": 99}]
    assert item["authors"] == [{"name": "甲", "url": "https://example.org/a"}]
    assert (item["date_published"], item["date_modified"]) == (
        "2022-04-09T21:05:33+08:00",
        "2022-04-09T22:05:33+08:00",
    )
    assert item["tags"] == ["新媒体"]
    assert "content_text" not in item


def test_an_entry_without_content_says_its_summary() -> None:
    (item, _) = rendered("summary mode")["items"]
    assert item["content_text"] == item["summary"] == "Summary of 0."
    assert "content_html" not in item


def test_nothing_is_said_twice() -> None:
    (item,) = json.loads(JSON.render(feed(entry(updated=entry().published, enclosure=None)), NO_INDEX))[
        "items"
    ]
    assert "date_modified" not in item
    assert "attachments" not in item


def test_an_unknown_size_is_not_told() -> None:
    own = Enclosure(url="https://example.org/a.mp3", type="audio/mpeg")
    (item,) = json.loads(JSON.render(feed(entry(enclosure=own)), NO_INDEX))["items"]
    assert item["attachments"] == [{"url": own.url, "mime_type": own.type}]


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_replaced_as_in_xml(character: str) -> None:
    dirty = entry(title=f"a{character}b", content=SafeHtml(f"<p>{character} \\u0041 \u2028</p>"))
    whole = feed(dirty, title=f"x{character}")
    got = json.loads(JSON.render(whole, NO_INDEX))
    assert got["items"][0]["title"] == "a\ufffdb"
    assert got["items"][0]["content_html"] == "<p>\ufffd \\u0041 \u2028</p>"
    atom = READ_BACK["atom"](FORMATS["atom"].render(whole, NO_INDEX))
    assert READ_BACK["json"](JSON.render(whole, NO_INDEX)).entries[0].title == atom.entries[0].title


def test_a_clean_document_is_not_written_twice() -> None:
    quoted = feed(entry(content=SafeHtml("<p>\\u0041 \\\\u00 \\n</p>")))
    assert (
        json.loads(JSON.render(quoted, NO_INDEX))["items"][0]["content_html"] == "<p>\\u0041 \\\\u00 \\n</p>"
    )


FAULTS = [
    ('"https://jsonfeed.org/version/1.1"', '"https://jsonfeed.org/version/1"', "not JSON Feed 1.1"),
    ('  "title": "新媒体 – Example",\n', "", "feed: no title"),
    ('"title": "Entry 0"', '"title": " "', "item 'tag:example.org,2022-04-09:posts/0': title is empty"),
    ("/feeds/media/feed.json", "/feeds/me dia/", "feed: 'https://example.org/feeds/me dia/' is no address"),
    ('"url": "https://example.org/posts/0/"', '"url": "posts/0/"', "'posts/0/' is no address"),
    ("https://img.example.org/a.jpg", "javascript:alert(1)", "'javascript:alert(1)' is no address"),
    ("2022-04-09T21:05:33+08:00", "2022-04-09", "'2022-04-09' is no date of RFC 3339"),
    ('"content_html":', '"content":', "'content' is no key of JSON Feed 1.1"),
    ('"content_html":', '"content_text": "x", "content_html":', "not one of content_html and content_text"),
    ('"audio/mpeg"', '"audio"', "attachment without a media type"),
    ('"attachments": [{', '"attachments": [1, {', "attachments is no list of objects"),
    ('"hubs": [{"type": "WebSub", "url": "https://hub', '"hubs": [{"url": "ftp://hub', "is no address"),
    ('"url": "https://example.org/ed"', '"url": "//ed"', "feed: '//ed' is no address"),
    ("{", "[", "no JSON in UTF-8"),
]


@pytest.mark.parametrize(("old", "new", "told"), FAULTS)
def test_a_fault_is_named(old: str, new: str, told: str) -> None:
    good = JSON.render(replace(FEEDS["everything"], entries=(entry(enclosure=AUDIO),)), NO_INDEX).decode()
    assert old in good
    assert told in "; ".join(faults(good.replace(old, new, 1)))


def test_two_items_of_one_id_are_a_fault() -> None:
    assert faults(JSON.render(feed(entry(), entry()), NO_INDEX)) == [
        "'tag:example.org,2022-04-09:posts/0' is the id of 2 items"
    ]


def test_bytes_that_are_no_text_are_a_fault() -> None:
    assert "no JSON in UTF-8" in faults(b"\xff")[0]
    assert "no JSON in UTF-8" in faults("[" * 100_000)[0]


REFUSED = [
    ('"https://jsonfeed.org/version/1.1"', '""', "it is no JSON Feed 1.1"),
    ("{", "", "it is no JSON in UTF-8"),
    ('"_feedwright": {', '"_other": {', "it is not of feedwright's making"),
    ('"id": "tag:example.org,2022-04-09:posts/0"', '"id": ""', "item 1: id is no text"),
    (
        '"url": "https://example.org/posts/0/"',
        '"url": "javascript:x"',
        "item 1: 'javascript:x' is no address",
    ),
    ('"tags": ["新媒体"]', '"tags": "新媒体"', "item 1: tags is no list of texts"),
    ('"tags": ["新媒体"]', '"tags": [1]', "item 1: tags is no list of texts"),
    ('"attachments": [', '"attachments": [{}, ', "item 1: 2 attachments instead of one"),
    ('"size_in_bytes": 99', '"size_in_bytes": true', "item 1: 'True' is no number of bytes"),
    ('"size_in_bytes": 99', '"size_in_bytes": -1', "item 1: '-1' is no number of bytes"),
    ("2022-04-09T21:05:33+08:00", "yesterday", "item 1: 'yesterday' is no date of RFC 3339"),
    ('"authors": [{"name": "Ed"', '"authors": [{"name": 1', "name is no text"),
    ('"items": [', '"items": [[], ', "items is no list of objects"),
]


@pytest.mark.parametrize(("old", "new", "told"), REFUSED)
def test_what_is_not_ours_is_not_read(old: str, new: str, told: str) -> None:
    good = JSON.render(replace(FEEDS["everything"], entries=(entry(enclosure=AUDIO),)), NO_INDEX).decode()
    assert old in good
    with pytest.raises(ValueError) as caught:
        READ_BACK["json"](good.replace(old, new, 1).encode())
    assert str(caught.value).startswith(told)
