"""What a format carries comes back from its documents, and nothing else is accepted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.formats.xml_reader import read
from feedwright.model import (
    NO_INDEX,
    Author,
    Enclosure,
    Entry,
    Feed,
    PublishedEntry,
    PublishedFeed,
    SafeHtml,
    Term,
    Thumbnail,
    replace,
)
from feedwright.text import FORBIDDEN
from paths import ROOT
from sample_feeds import AUDIO, FEEDS, PICTURE, entry, feed

if TYPE_CHECKING:
    from pathlib import Path

OWN_FEEDS = ROOT / "feeds"
EVERYTHING = FEEDS["everything"]

by_format = pytest.mark.parametrize("name", READ_BACK)
by_feed = pytest.mark.parametrize("case", FEEDS)


def facts(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


# ---- what a format carries ------------------------------------------------------------------------------


def carried(original: Feed, name: str) -> PublishedFeed:
    values = facts(original)
    del values["path"], values["archived"], values["articles"]
    values["title"] = original.title or original.link
    values["description"] = original.description or values["title"]
    values["entries"] = tuple(carried_entry(one, name) for one in original.entries)
    if name == "atom":
        return PublishedFeed(**values | {"ttl": None})
    if name == "json":
        newest = max(entry.updated for entry in original.entries)
        changes = {"ttl": None, "copyright": None, "logo": original.logo or original.icon, "updated": newest}
        return PublishedFeed(**values | changes | {"author": replace(original.author, email=None)})
    picture = next((url for url in (original.logo, original.icon) if url and url.endswith(".png")), None)
    changes = {"id": None, "author": None, "icon": None, "logo": picture}
    return PublishedFeed(**values | changes | {"updated": original.updated.replace(microsecond=0)})


def carried_entry(original: Entry, name: str) -> PublishedEntry:
    title = original.title or original.link
    picture, enclosure = carried_files(original)
    same = {"title": title, "summary": original.summary or title, "content": original.content or None}
    values = facts(original) | same | {"thumbnail": picture, "enclosure": enclosure}
    if name == "json":
        values["authors"] = tuple(replace(author, email=None) for author in original.authors)
        values["thumbnail"] = Thumbnail(url=original.thumbnail.url, type="") if original.thumbnail else None
        values["enclosure"] = original.enclosure
    if name == "rss":
        values |= {"published": original.published.replace(microsecond=0), "updated": None}
        values["authors"] = carried_authors(original.authors)
    if name != "atom":
        labels = dict.fromkeys(term.label for term in original.categories)
        values["categories"] = tuple(Term(term="", label=label, scheme="") for label in labels)
    return PublishedEntry(**values)


def carried_files(original: Entry) -> tuple[Thumbnail | None, Enclosure | None]:
    picture, enclosure = original.thumbnail, original.enclosure
    if picture is None:
        return None, enclosure
    if enclosure is None:
        return picture, None
    return replace(picture, type="", length=0), enclosure


def carried_authors(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    if len(authors) == 1 and authors[0].email == PLAIN and not set(authors[0].name) & set("()\\"):
        return (replace(authors[0], uri=None),)
    return tuple(Author(name=author.name) for author in authors)


# ---- any feed -------------------------------------------------------------------------------------------

PLAIN = "li@example.org"
TEXT = st.text(st.characters(codec="utf-8"), max_size=12).map(lambda text: FORBIDDEN.sub("", text))
MARKUP = st.sampled_from(
    ["<b>", "&amp;", "&lt", "&#60;", "]]>", "<!DOCTYPE x>", "\r\n", "\x85", " \t", "(", ")"]
)
SOME_TEXT = st.lists(TEXT | MARKUP, max_size=4).map("".join).filter(lambda text: not text.isspace())
NONBLANK = SOME_TEXT.map(lambda text: "x" + text)
ID = st.text("ab/#:路é'~", min_size=1, max_size=8).map(lambda text: "tag:example.org,2022:" + text)
ADDRESS = st.sampled_from(["", "路/", "?a=1&b=%22", "#'", "//"]).map(
    lambda rest: f"https://example.org/{rest}"
)
MEDIA_TYPE = NONBLANK.map(lambda text: text + "/x")
LENGTH = st.integers(0, 10**15 - 1)
PIXELS = st.none() | st.integers(1, 9999)
MOMENT = st.datetimes(
    datetime(1900, 1, 2),
    datetime(2300, 1, 1),
    timezones=st.integers(-50_000, 50_000).map(lambda seconds: timezone(timedelta(seconds=seconds))),
)
AUTHOR = st.builds(
    Author, name=NONBLANK, email=st.sampled_from([None, PLAIN, "李@例子"]), uri=st.none() | ADDRESS
)
ENTRY = st.builds(
    Entry,
    id=ID,
    title=SOME_TEXT,
    link=st.sampled_from(["https://example.org/1/", "http://例子.org/路?a=b"]),
    published=MOMENT,
    updated=MOMENT,
    authors=st.lists(AUTHOR, max_size=2).map(tuple),
    categories=st.lists(st.builds(Term, term=NONBLANK, label=NONBLANK, scheme=ADDRESS), max_size=2).map(
        tuple
    ),
    summary=SOME_TEXT,
    content=st.none() | (SOME_TEXT | st.just("\n")).map(SafeHtml),
    thumbnail=st.none()
    | st.builds(
        Thumbnail,
        url=ADDRESS,
        type=MEDIA_TYPE,
        width=PIXELS,
        height=PIXELS,
        length=st.integers(0, 10**15 - 1),
    ),
    enclosure=st.none()
    | st.builds(
        Enclosure,
        url=ADDRESS.map(lambda url: url + "own"),
        type=MEDIA_TYPE,
        length=st.integers(0, 10**15 - 1),
    ),
)
PICTURE_URL = st.sampled_from([None, "https://example.org/logo.png", "https://example.org/logo.svg"])
FEED = st.builds(
    feed,
    id=ID,
    link=ADDRESS,
    title=SOME_TEXT,
    description=SOME_TEXT,
    language=st.sampled_from(["zh-CN", "en"]),
    updated=MOMENT,
    author=AUTHOR,
    copyright=st.none() | NONBLANK,
    icon=PICTURE_URL,
    logo=PICTURE_URL,
    ttl=st.none() | st.integers(1, 10_000),
    hub=st.none() | ADDRESS,
    entries=st.lists(ENTRY, max_size=3, unique_by=lambda one: one.id).map(tuple),
)


@by_format
@settings(max_examples=100)
@given(original=FEED)
def test_what_a_format_carries_comes_back(name: str, original: Feed) -> None:
    assume(original.entries or name != "json")
    assert READ_BACK[name](FORMATS[name].render(original, NO_INDEX)) == carried(original, name)


@by_format
@by_feed
def test_every_form_of_a_feed_comes_back(case: str, name: str) -> None:
    if name == "json" and not FEEDS[case].entries:
        with pytest.raises(ValueError, match=r"items"):
            READ_BACK[name](FORMATS[name].render(FEEDS[case], NO_INDEX))
        return
    assert READ_BACK[name](FORMATS[name].render(FEEDS[case], NO_INDEX)) == carried(FEEDS[case], name)


def again(found: PublishedFeed) -> bytes:
    entries = tuple(Entry(**facts(one) | {"content": one.content}) for one in found.entries)
    return FORMATS["atom"].render(Feed(**facts(found) | {"path": "", "entries": entries}), NO_INDEX)


@settings(max_examples=100)
@given(original=FEED)
def test_what_atom_carries_renders_to_the_same_bytes(original: Feed) -> None:
    data = FORMATS["atom"].render(original, NO_INDEX)
    assert again(read(data)) == data


@pytest.mark.parametrize("path", sorted(OWN_FEEDS.rglob("atom.xml")), ids=lambda path: str(path.parent.name))
def test_the_feeds_of_this_repository_come_back(path: Path) -> None:
    atom, rss = path.read_bytes(), path.with_name("rss.xml").read_bytes()
    assert again(read(atom)) == re.sub(rb"<\?xml-stylesheet[^\n]*\n", b"", atom, count=1)
    assert [(one.id, one.title, one.published, one.content) for one in read(rss).entries] == [
        (one.id, one.title, one.published, one.content) for one in read(atom).entries
    ]


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_a_thumbnail_that_is_the_enclosure_too_is_one_file(name: str) -> None:
    own = Enclosure(url=PICTURE.url, type="image/png", length=7)
    (got,) = READ_BACK[name](FORMATS[name].render(feed(entry(enclosure=own)), NO_INDEX)).entries
    assert (got.thumbnail, got.enclosure) == (replace(PICTURE, type="image/png", length=7), None)


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_a_thumbnail_may_be_no_enclosure(name: str) -> None:
    picture = replace(PICTURE, enclosed=False)
    data = FORMATS[name].render(feed(entry(thumbnail=picture)), NO_INDEX)
    assert b"enclosure" not in data
    (got,) = READ_BACK[name](data).entries
    assert (got.thumbnail, got.enclosure) == (replace(picture, type="", length=0), None)


# ---- what a person may do to a document -----------------------------------------------------------------


def edited(name: str, *changes: tuple[str, str]) -> bytes:
    text = FORMATS[name].render(replace(EVERYTHING, entries=(entry(enclosure=AUDIO),)), NO_INDEX).decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("atom", [("Entry 0<", "Entry <!-- not --><?the end?><![CDATA[<&]]><")], {"title": "Entry <&"}),
        ("rss", [("Entry 0<", "Entry&#x20;&amp;<!-- not -->\r\n<")], {"title": "Entry &\n"}),
        ("atom", [("2022-04-09T21:05:33+08:00", "2022-04-09T13:05:33Z")], {"published": entry().published}),
        ("rss", [("<description>Summary", "<description>&amp;eacute;")], {"summary": "é of 0."}),
        ("atom", [(' type="text">Summary of 0.', ">Short.")], {"summary": "Short."}),
        ("atom", [(' rel="alternate" type="text/html"/>\n  <gen', "/>\n  <gen")], {}),
        ("rss", [("<item>", '<item><x xmlns="urn:x"><title>T</title></x>')], {"title": "Entry 0"}),
        ("atom", [("<?xml", "\ufeff<?xml")], {}),
        ("rss", [("<?xml version='1.0' encoding='UTF-8'?>\n", "")], {}),
    ],
)
def test_an_edited_document_is_read(
    name: str, changes: list[tuple[str, str]], expected: dict[str, object]
) -> None:
    (before,) = read(edited(name)).entries
    (after,) = read(edited(name, *changes)).entries
    assert facts(after) == facts(before) | expected


REFUSED = [
    ("atom", "<id>tag:example.org,2022-04", "<ID>tag:", "it is not well-formed XML: "),
    ("atom", "<feed ", "<!DOCTYPE feed><feed ", "it has a document type"),
    ("atom", "新媒体 – Example", "&pw;", "it is not well-formed XML: Entity 'pw' not defined, "),
    ("atom", "2005/Atom", "2005/atom", "<feed> is not the root of a feed that "),
    ("rss", 'version="2.0"', 'version="0.91"', "<rss> is not the root of a feed that "),
    ("rss", "</channel>", "</channel><channel/>", "2 <channel> elements instead of one"),
    ("atom", 'rel="self"', 'rel="via"', "0 links with rel='self' instead of one"),
    ("atom", 'rel="hub"', 'rel="alternate"', "2 links with rel='alternate' instead of one"),
    ("rss", 'rel="self"', 'rel="hub"', "0 links with rel='self' instead of one"),
    ("rss", "<ttl>60", "<ttl>٦٠", "'٦٠' is not a number"),
    (
        "rss",
        "<lastBuildDate>Sat",
        "<lastBuildDate>Sun",
        "'Sun, 09 Apr 2022 22:05:33 +0800' does not fall on a Sun",
    ),
    ("rss", "<guid isPermaLink", "<guid/><guid isPermaLink", "item 1: 2 <guid> elements instead of one"),
    ("rss", "Entry 0", "Entry <b>0</b>", "item 1: <title> holds other elements"),
    ("rss", "Entry 0", "", "item 1: <title> is empty"),
    (
        "rss",
        "09 Apr 2022 21",
        "31 Apr 2022 21",
        "item 1: 'Sat, 31 Apr 2022 21:05:33 +0800' is not a date of ",
    ),
    ("rss", "Apr 2022 21", "Okt 2022 21", "item 1: 'Sat, 09 Okt 2022 21:05:33 +0800' is not a date of RFC"),
    (
        "rss",
        "21:05:33 +0800",
        "21:05:33 GMT",
        "item 1: 'Sat, 09 Apr 2022 21:05:33 GMT' is not a date of RFC",
    ),
    ("rss", "<dc:creator>", "<author>x</author><dc:creator>", "item 1: 'x' is not the one author of an item"),
    (
        "rss",
        "<dc:creator>",
        "<author>a@b (x)</author><dc:creator>",
        "item 1: 'a@b (x)' is not the one author",
    ),
    (
        "rss",
        "<dc:creator>趣头条</dc:creator>",
        "<author>x</author>",
        "item 1: 'x' is not the one author of an ",
    ),
    (
        "rss",
        "https://example.org/posts",
        "javascript:alert(1)//",
        "item 1: 'javascript:alert(1)///0/' is not",
    ),
    (
        "rss",
        '<enclosure url="h',
        '<enclosure url="x',
        "item 1: 'xttps://example.org/a.mp3' is not an http",
    ),
    (
        "atom",
        '<title type="text">E',
        '<title type="html">E',
        "entry 1: <title> is of type 'html', not 'text'",
    ),
    ("atom", 'content type="html"', 'content type="xhtml"', "entry 1: <content> is of type 'xhtml', not 'ht"),
    ("atom", 'content type="html"', "content", "entry 1: <content> is of type 'text', not 'html'"),
    (
        "atom",
        "2022-04-09T21:05:33+08",
        "2022-04-09 21:05:33+08",
        "entry 1: '2022-04-09 21:05:33+08:00' is not",
    ),
    (
        "atom",
        "2022-04-09T21:05",
        "2022-02-29T21:05",
        "entry 1: '2022-02-29T21:05:33+08:00' is not a date of ",
    ),
    ("atom", "21:05:33+08:00", "21:05:33", "entry 1: '2022-04-09T21:05:33' is not a date of RFC"),
    ("atom", ' term="media"', "", "entry 1: <category> has no term"),
    ("atom", ' length="99"', ' length="-1"', "entry 1: '-1' is not a number"),
    ("atom", ' width="640"', ' width="640px"', "entry 1: '640px' is not a number"),
    ("atom", "<summary", '<link rel="enclosure"/><summary', "entry 1: 2 enclosures instead of one"),
    ("atom", "<name>趣头条</name>", "", "entry 1: 0 <name> elements instead of one"),
    (
        "atom",
        "<published>",
        "<media:thumbnail/><published>",
        "entry 1: 2 <thumbnail> elements instead of one",
    ),
    ("atom", "//example.org/favicon", "//[x", "'https://[x.ico' is not an http(s) address"),
    (
        "atom",
        "//example.org/logo",
        "//example.org/\u200b",
        "'https://example.org/\\u200b.png' is not an http",
    ),
    ("atom", "https://example.org/ed", "ed", "'ed' is not an http(s) address"),
]


@pytest.mark.parametrize(("name", "old", "new", "reason"), REFUSED)
def test_anything_else_is_refused(name: str, old: str, new: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        read(edited(name, (old, new)))
    assert str(caught.value).startswith(reason)


@by_format
def test_an_id_that_occurs_twice_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"'tag:example\.org,2022-04-09:posts/0' is the id of 2 entries"):
        READ_BACK[name](FORMATS[name].render(feed(entry(), entry()), NO_INDEX))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-7", "cp037"])
def test_no_encoding_hides_a_document_type(encoding: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    text = edited("rss", ("Entry 0", "&x;"), ("<rss", f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret}">]><rss'))
    declared = text.decode().replace("UTF-8", encoding).encode(encoding, "xmlcharrefreplace")
    with pytest.raises(ValueError, match="it "):
        read(declared)


@given(data=st.data())
def test_whatever_it_is_one_line_says_why_not(data: st.DataObject) -> None:
    document = edited(data.draw(st.sampled_from(sorted(READ_BACK))))
    start = data.draw(st.integers(0, len(document)))
    end = data.draw(st.integers(start, len(document)))
    broken = (
        document[:start]
        + data.draw(st.binary(max_size=8) | st.just(document[start:end] * 2))
        + document[end:]
    )
    expected = refusal(broken)
    assert expected is None or (expected.startswith("ValueError: ") and len(expected.splitlines()) == 1)


def refusal(document: bytes) -> str | None:
    try:
        read(document)
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    return None
