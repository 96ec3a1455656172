"""JSON Feed: the published schema, the same entries as in Atom, and the faults that are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import NO_INDEX, Author, Enclosure, SafeHtml, replace
from paths import ROOT
from sample_feeds import AUDIO, FEEDS, PICTURE, entry, feed, refusal_of

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((ROOT / "tests" / "data" / "json-feed-1.1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
JSON = FORMATS["json"]
OWN = sorted((ROOT / "feeds").rglob("feed.json"))


def rendered(case: str) -> dict[str, Any]:
    original: dict[str, Any] = json.loads(JSON.render(FEEDS[case], NO_INDEX))
    return original


@pytest.mark.parametrize("case", FEEDS)
def test_every_form_of_a_feed_is_json_feed(case: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(rendered(case))] == []
    refusal = refusal_of(JSON.read, JSON.render(FEEDS[case], NO_INDEX))
    assert (refusal == "") == bool(FEEDS[case].entries)


@pytest.mark.parametrize("file", OWN, ids=lambda file: str(file.parent.name))
def test_the_feeds_of_this_repository_are_json_feed(file: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(file.read_bytes()))] == []
    assert refusal_of(JSON.read, file.read_bytes()) == ""


def test_the_schema_can_refuse() -> None:
    broken = rendered("everything") | {"title": "", "surprise": 1}
    assert len(list(VALIDATOR.iter_errors(broken))) == 2


@pytest.mark.parametrize("file", OWN, ids=lambda file: str(file.parent.name))
def test_all_formats_tell_the_same(file: Path) -> None:
    carried = {}
    for name, read in READ_BACK.items():
        found = read((file.parent / FORMATS[name].file).read_bytes())
        carried[name] = [
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
    assert carried["json"] == carried["atom"] == carried["rss"]


def test_a_feed_with_everything() -> None:
    original = replace(
        FEEDS["everything"],
        entries=(entry(enclosure=AUDIO, authors=(Author(name="甲", uri="https://example.org/a"),)),),
    )
    text = JSON.render(original, NO_INDEX).decode()
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
    original = feed(dirty, title=f"x{character}")
    got = json.loads(JSON.render(original, NO_INDEX))
    assert got["items"][0]["title"] == "a\ufffdb"
    assert got["items"][0]["content_html"] == "<p>\ufffd \\u0041 \u2028</p>"
    atom = READ_BACK["atom"](FORMATS["atom"].render(original, NO_INDEX))
    assert READ_BACK["json"](JSON.render(original, NO_INDEX)).entries[0].title == atom.entries[0].title


def test_a_clean_document_is_not_written_twice() -> None:
    quoted = feed(entry(content=SafeHtml("<p>\\u0041 \\\\u00 \\n</p>")))
    assert (
        json.loads(JSON.render(quoted, NO_INDEX))["items"][0]["content_html"] == "<p>\\u0041 \\\\u00 \\n</p>"
    )


REFUSED = [
    ('"https://jsonfeed.org/version/1.1"', '"https://jsonfeed.org/version/1"', "version"),
    ("{", "[", "array"),
    ("{", "", "object"),
    ('  "title": "新媒体 – Example",\n', "", "title"),
    ('"_feedwright": {', '"_other": {', "_feedwright"),
    ('"id": "tag:example.org,2022:feeds/media"', '"id": 1', "$._feedwright.id"),
    ('"language": "zh-CN"', '"language": null', "$.language"),
    ('"authors": [{"name": "Ed"', '"authors": [{"name": 1', "$.authors[0].name"),
    ('"items": [', '"items": [[], ', "$.items[0]"),
    ('"id": "tag:example.org,2022-04-09:posts/0"', '"id": ""', "$.items[0].id"),
    ('"title": "Entry 0"', '"title": " "', "$.items[0].title"),
    ('"summary": "Summary of 0."', '"summary": "\\n"', "$.items[0].summary"),
    ('"tags": ["新媒体"]', '"tags": "新媒体"', "$.items[0].tags"),
    ('"tags": ["新媒体"]', '"tags": [1]', "$.items[0].tags[0]"),
    ('"attachments": [{', '"attachments": [1, {', "$.items[0].attachments"),
    (
        '"attachments": [{',
        '"attachments": [{"url": "https://example.org", "mime_type": "a/b"}, {',
        "length <= 1",
    ),
    ('"audio/mpeg"', '"audio"', "$.items[0].attachments[0].mime_type"),
    ('"size_in_bytes": 99', '"size_in_bytes": true', "$.items[0].attachments[0].size_in_bytes"),
    ('"size_in_bytes": 99', '"size_in_bytes": -1', "$.items[0].attachments[0].size_in_bytes"),
    ('"content_html":', '"content":', "item 1: must have either content_html or content_text"),
    (
        '"content_html":',
        '"content_text": "x", "content_html":',
        "item 1: must have either content_html or content",
    ),
    ('"url": "https://example.org/posts/0/"', '"url": "posts/0/"', "item 1: 'posts/0/' is not an http(s)"),
    (
        "https://img.example.org/a.jpg",
        "javascript:alert(1)",
        "item 1: 'javascript:alert(1)' is not an http(s)",
    ),
    ("https://example.org/a.mp3", "//a.mp3", "item 1: '//a.mp3' is not an http(s) address"),
    ("/feeds/media/feed.json", "/feeds/me dia/", "/feeds/me dia/' is not an http(s) address"),
    (
        '"hubs": [{"type": "WebSub", "url": "https://hub',
        '"hubs": [{"url": "ftp://hub',
        "is not an http(s) add",
    ),
    ('"url": "https://example.org/ed"', '"url": "//ed"', "'//ed' is not an http(s) address"),
    ("2022-04-09T21:05:33+08:00", "2022-04-09", "item 1: '2022-04-09' is not a date of RFC 3339"),
    ("2022-04-09T22:05:33+08:00", "yesterday", "item 1: 'yesterday' is not a date of RFC 3339"),
]


def edited(old: str, new: str) -> bytes:
    good = JSON.render(replace(FEEDS["everything"], entries=(entry(enclosure=AUDIO),)), NO_INDEX).decode()
    assert old in good
    return good.replace(old, new, 1).encode()


@pytest.mark.parametrize(("old", "new", "reason"), REFUSED)
def test_anything_else_is_refused(old: str, new: str, reason: str) -> None:
    refusal = refusal_of(JSON.read, edited(old, new))
    assert reason in refusal
    assert len(refusal.splitlines()) == 1


def test_keys_of_others_are_passed_over() -> None:
    """As JSON Feed asks of readers (extensions)."""
    assert refusal_of(JSON.read, edited('"items": [', '"_blue_shed": {"about": [[1]]}, "items": [')) == ""


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[" * 100_000, b'{"x":' + b"[" * 100_000, b'{"title": "\xff"}']
)
def test_what_is_not_json_is_refused(data: bytes) -> None:
    assert "not a JSON Feed 1.1" in refusal_of(JSON.read, data)
