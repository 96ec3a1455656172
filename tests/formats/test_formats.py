"""Rendered feeds as others see them: feedparser, the validator's rules, our own reader."""

from __future__ import annotations

import locale
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feed_rules import findings
from feedwright.formats.table import FORMATS, fault, faults_only, of
from feedwright.model import NO_INDEX, Author, Entry, SafeHtml, Term, replace
from paths import ROOT, TESTS
from sample_feeds import FEEDS, HTML, PICTURE, SCHEME, entry, feed, refusal_of
from sites import environment

if TYPE_CHECKING:
    from pathlib import Path

MEDIA_TYPE = re.compile(r"[a-z]+/[a-z+-]+")
TITLES = [
    "标题：新媒体 🎉 👩‍💻 é ﷽",
    "<b>x</b> & AT&amp;T 2 < 5",
    "a ]]> b <![CDATA[c]]>",
    "&nbsp; &#60; &lt;script&gt;",
    "'single' \"double\" \\ `back`",
]
# The validator takes literal markup in a title, and foreign addresses, for a mistake of the publisher's.
OF_THE_DATA = {"author with a strange e-mail": {"InvalidContact"}}

XML = ("rss", "atom")
by_format = pytest.mark.parametrize("name", XML)
by_feed = pytest.mark.parametrize("case", FEEDS)


def parse(data: bytes) -> Any:
    parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def tree(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def texts(data: bytes, path: str) -> list[str]:
    spaces = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/"}
    spaces |= {
        "media": "http://search.yahoo.com/mrss/",
        "content": "http://purl.org/rss/1.0/modules/content/",
    }
    found = tree(data).xpath(path, namespaces=spaces)
    assert isinstance(found, list)
    return [str(one.text) if isinstance(one, etree._Element) else str(one) for one in found]


@by_format
@by_feed
def test_a_reader_gets_the_feed_back(case: str, name: str) -> None:
    wanted = FEEDS[case]
    got = parse(FORMATS[name].render(wanted, NO_INDEX))
    assert got.version == {"rss": "rss20", "atom": "atom10"}[name]
    assert (got.feed.title, got.feed.subtitle, got.feed.link) == (
        wanted.title,
        wanted.description,
        wanted.link,
    )
    assert got.feed.language == wanted.language
    assert got.feed.generator == "feedwright"
    assert got.feed.get("rights") == wanted.copyright
    assert moment(got.feed.updated_parsed) == to_the_second(wanted.updated)
    links = {link.rel: link for link in got.feed.links}
    assert links["self"].href == wanted.url + FORMATS[name].file
    assert links["self"].type == FORMATS[name].media_type
    assert (links["hub"].href if "hub" in links else None) == wanted.hub
    assert len(got.entries) == len(wanted.entries)
    for ours, theirs in zip(wanted.entries, got.entries, strict=True):
        compare(ours, theirs)


def compare(ours: Entry, theirs: Any) -> None:
    assert (theirs.id, theirs.link, theirs.title) == (ours.id, ours.link, ours.title)
    assert theirs.summary == ours.summary
    assert moment(theirs.published_parsed) == to_the_second(ours.published)
    assert [content.value for content in theirs.get("content", [])] == (
        [ours.content] if ours.content else []
    )
    assert [tag.get("label") or tag.term for tag in theirs.get("tags", [])] == [
        one.label for one in ours.categories
    ]
    names = [author.name for author in theirs.get("authors", []) if author]
    assert names == [author.name for author in ours.authors]
    picture = theirs.get("media_thumbnail", [])
    assert [one["url"] for one in picture] == ([ours.thumbnail.url] if ours.thumbnail else [])
    file = ours.enclosure or ours.thumbnail
    got = [(one.href, one.type, one.length) for one in theirs.enclosures]
    assert got == ([(file.url, file.type, str(file.length))] if file else [])


def moment(parsed: Any) -> datetime:
    year, month, day, hour, minute, second = parsed[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


@by_format
@by_feed
def test_a_validator_has_nothing_to_say(case: str, name: str) -> None:
    wanted = FEEDS[case]
    format_ = FORMATS[name]
    found = findings(format_.render(wanted, NO_INDEX), location=wanted.url + format_.file)
    assert {one.partition(":")[0] for one in found} <= OF_THE_DATA.get(case, set())


@by_format
@by_feed
def test_the_reader_accepts_what_is_rendered(case: str, name: str) -> None:
    assert FORMATS[name].read(FORMATS[name].render(FEEDS[case], NO_INDEX))


@by_format
@pytest.mark.parametrize("title", TITLES)
def test_text_is_escaped_once(title: str, name: str) -> None:
    data = FORMATS[name].render(
        feed(entry(title=title, summary=title), title=title, description=title), NO_INDEX
    )
    path = {"rss": "//title|//item/description", "atom": "//a:title|//a:summary"}[name]
    assert texts(data, path) == [title, title, escape(title, quote=False) if name == "rss" else title]
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n")
    assert data.endswith(b">\n")
    assert b"CDATA[c]]>" not in data


def test_rss_order_and_extensions() -> None:
    data = FORMATS["rss"].render(FEEDS["everything"], NO_INDEX)
    item = [etree.QName(child).localname for child in tree(data).iterfind("channel/item/*")]
    assert item.index("description") + 1 == item.index("encoded")
    assert "group" not in item
    assert texts(data, "//item/guid/@isPermaLink") == ["false"]
    assert texts(data, "//item/pubDate") == ["Sat, 09 Apr 2022 21:05:33 +0800"]
    assert texts(data, "//lastBuildDate") == ["Sat, 09 Apr 2022 22:05:33 +0800"]
    assert texts(data, "//channel/ttl") == ["60"]
    assert texts(data, "//channel/image/*") == [
        "https://example.org/logo.png",
        "新媒体 – Example",
        "https://example.org/",
    ]
    assert texts(data, "//media:thumbnail/@*") == [PICTURE.url, "640", "480"]


@pytest.mark.parametrize(
    ("logo", "icon", "url"),
    [
        (None, "https://example.org/i.png", ["https://example.org/i.png"]),
        ("https://example.org/l.svg", "https://example.org/i.GIF", ["https://example.org/i.GIF"]),
        ("https://example.org/l.webp", "https://example.org/favicon.ico", []),
        ("https://example.org/logo", None, ["https://example.org/logo"]),
        (None, None, []),
    ],
)
def test_the_channel_image_is_one_that_rss_allows(logo: str | None, icon: str | None, url: list[str]) -> None:
    data = FORMATS["rss"].render(feed(logo=logo, icon=icon), NO_INDEX)
    assert texts(data, "//image/url") == url
    assert findings(data) == []


@pytest.mark.parametrize(
    ("case", "author", "creators"),
    [
        ("plain", [], ["趣头条"]),
        ("authors", [], ["甲", "乙"]),
        ("author with e-mail", ["li@example.org (Li Lei)"], []),
        ("author with brackets", [], ["Li (he)"]),
        ("author with a strange e-mail", [], ["Li"]),
        ("no author", [], []),
    ],
)
def test_rss_authors(case: str, author: list[str], creators: list[str]) -> None:
    data = FORMATS["rss"].render(FEEDS[case], NO_INDEX)
    assert texts(data, "//item/author") == author
    assert texts(data, "//item/dc:creator") == creators


def test_atom_authors_and_categories() -> None:
    data = FORMATS["atom"].render(FEEDS["authors"], NO_INDEX)
    assert texts(data, "//a:entry/a:author/*") == ["甲", "a@example.org", "乙", "https://b.org/"]
    data = FORMATS["atom"].render(FEEDS["hierarchy"], NO_INDEX)
    assert texts(data, "//a:category/@term") == ["a", "a/b", "a/b/c"]
    assert texts(data, "//a:category/@label") == ["a", "b", "c"]
    assert set(texts(data, "//a:category/@scheme")) == {SCHEME}


def test_atom_dates_types_and_language() -> None:
    data = FORMATS["atom"].render(FEEDS["zones"], NO_INDEX)
    assert texts(data, "//a:published") == [
        "2022-04-09T13:05:33+00:00",
        "2022-04-09T09:35:33-03:30",
        "2021-01-02T03:04:05.678000+00:00",
    ]
    assert texts(data, "//a:entry[1]/a:updated") == ["2022-04-09T22:05:33+08:00"]
    assert texts(data, "//a:entry[1]/*/@type") == ["text", "html", "text/html", "image/jpeg", "text"]
    assert texts(data, "/a:feed/@xml:lang") == ["zh-CN"]


@by_format
def test_a_zone_with_seconds_becomes_utc(name: str) -> None:
    """Before standard time Shanghai was 8:05:43 ahead; neither RFC 822 nor RFC 3339 can write that."""
    old = datetime(1900, 1, 1, tzinfo=timezone(timedelta(hours=8, minutes=5, seconds=43)))
    data = FORMATS[name].render(feed(entry(published=old, updated=old), updated=old), NO_INDEX)
    found = {"rss": "Sun, 31 Dec 1899 15:54:17 +0000", "atom": "1899-12-31T15:54:17+00:00"}[name]
    assert set(
        texts(data, {"rss": "//pubDate|//lastBuildDate", "atom": "//a:updated|//a:published"}[name])
    ) == {found}
    assert FORMATS[name].read(data)


@by_format
def test_without_summary_or_title_the_next_best_text_stands_in(name: str) -> None:
    data = FORMATS[name].render(
        feed(entry(summary=""), entry(1, title="", summary=""), title="", description=""), NO_INDEX
    )
    got = parse(data)
    assert [one.summary for one in got.entries] == ["Entry 0", "https://example.org/posts/1/"]
    assert (got.feed.title, got.feed.subtitle) == ("https://example.org/",) * 2
    assert [one.content[0].value for one in got.entries] == [HTML, HTML]


@by_format
def test_forbidden_characters_become_replacement_characters(name: str) -> None:
    dirty = "a\x00b\x0bc\ufffed\ud800e"
    data = FORMATS[name].render(
        feed(entry(title=dirty, content=SafeHtml(dirty), authors=(Author(name=dirty),))), NO_INDEX
    )
    path = {"rss": "//item/title|//item/content:encoded|//dc:creator"}.get(
        name, "//a:entry/a:title|//a:content|//a:entry/a:author/a:name"
    )
    assert texts(data, path) == ["a\ufffdb\ufffdc\ufffdd\ufffde"] * 3


anything = st.text(st.characters(codec=None), max_size=40)


@by_format
@settings(max_examples=60, deadline=None)
@given(title=anything, summary=anything, content=anything, label=anything, name_=anything)
def test_any_text_reads_back(
    name: str, title: str, summary: str, content: str, label: str, name_: str
) -> None:
    one = entry(
        title="t" + title,
        summary="s" + summary,
        content=SafeHtml("c" + content),
        categories=(Term(term="x" + label, label="l" + label, scheme=SCHEME),),
        authors=(Author(name="n" + name_),),
    )
    data = FORMATS[name].render(
        feed(one, title="f" + title, description="d" + summary, copyright="r" + title), NO_INDEX
    )
    paths = {
        "rss": "//channel/title|//channel/description|//copyright|//item/title|//item/description"
        "|//content:encoded|//item/category|//dc:creator",
        "atom": "/a:feed/a:title|/a:feed/a:subtitle|//a:rights|//a:entry/a:title|//a:summary|//a:content"
        "|//a:category/@label|//a:entry/a:author/a:name",
    }[name]
    # a description is read as HTML
    description = escape(summary, quote=False) if name == "rss" else summary
    shared = ["f" + title, "d" + summary, "r" + title, "t" + title, "s" + description]
    wanted = [*shared, "c" + content, "l" + label, "n" + name_]
    assert sorted(texts(data, paths)) == sorted(legal(text) for text in wanted)


def legal(text: str) -> str:
    def allowed(letter: str) -> bool:
        code = ord(letter)
        return code in {9, 10, 13} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000

    return "".join(letter if allowed(letter) else "\ufffd" for letter in text)


def test_the_locale_is_never_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """feedgen switches it, for the whole process, to write a date."""
    calls: list[object] = []
    monkeypatch.setattr(locale, "setlocale", lambda *arguments: calls.append(arguments))
    for name in (*XML, "json"):
        FORMATS[name].render(FEEDS["several"], NO_INDEX)
    assert calls == []


def everything() -> bytes:
    return b"".join(FORMATS[name].render(one, NO_INDEX) for name in (*XML, "json") for one in FEEDS.values())


SCRIPT = """
import sys; sys.path[:0] = [{tests!r}, {tests!r} + "/formats"]
import test_formats as t
sys.stdout.buffer.write(t.everything())
"""


@pytest.mark.parametrize(
    ("zone", "seed", "language"), [("Asia/Kathmandu", "1", "C"), ("America/Lima", "77", "C.UTF-8")]
)
def test_same_bytes_in_another_process(zone: str, seed: str, language: str) -> None:
    ours = everything()
    env = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": language, "LANG": language}
    script = SCRIPT.format(tests=str(TESTS))
    theirs = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=True).stdout
    assert theirs == ours


def test_the_table_is_cheap() -> None:
    heavy = {"feedgen", "lxml", "jinja2", "email.utils"}
    script = f"import sys, feedwright.formats.table; print({heavy} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"


NEW_FORMAT = """
NAME, LABEL, FILE, MEDIA_TYPE, MARK = "csv", "CSV", "feed.csv", "text/csv", b"feedwright,"
ORDER = 9

def render(feed, index):
    return b"".join([MARK, *(f"{entry.link}\\n".encode() for entry in feed.entries)])

def read(data):
    if MARK not in data:
        raise ValueError("not ours")
"""


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "data", [b"", b" ", b"\0", b"\xff", b"<!-- x -->", b"<?x?>", b"[" * 10_000, b"<p>" * 1000]
)
def test_what_is_nothing_of_the_kind_has_a_fault(name: str, data: bytes) -> None:
    reason = fault(FORMATS[name], data)
    assert reason
    assert "\n" not in reason


def test_whatever_fails_at_a_document_is_a_fault_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(data: bytes) -> None:
        raise KeyError(data)

    assert fault(replace(FORMATS["opml"], read=faults_only(fail)), b"x") == "it cannot be read: KeyError"


def test_a_new_format_is_one_module(tmp_path: Path) -> None:
    """It is found, and is off until the setting lists it."""
    package = tmp_path / "feedwright"
    shutil.copytree(ROOT / "src" / "feedwright", package)
    (package / "formats" / "comma_separated.py").write_text(NEW_FORMAT)
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.md").write_text("---\ntitle: A\ndate: 2026-01-01\n---\nText.")
    settings = 'url = "https://example.org/"\ntimezone = "UTC"\n'
    environ = environment({"PYTHONPATH": str(tmp_path)})
    environ = {name: value for name, value in environ.items() if not name.startswith("COV")}  # a copy is run

    def build(more: str) -> set[str]:
        (tmp_path / "feedwright.toml").write_text(settings + more)
        command = [sys.executable, "-m", "feedwright", "build", "-q"]
        subprocess.run(command, cwd=tmp_path, env=environ, check=True)
        return {path.name for path in (tmp_path / "feeds").iterdir()}

    assert {"rss.xml", "feed.css"} <= build("")
    assert "feed.csv" not in build("")
    assert "feed.csv" in build('formats = ["rss", "csv"]')
    assert (tmp_path / "feeds" / "feed.csv").read_text() == "feedwright,https://example.org/2026/01/01/a/\n"


def test_every_format_says_what_it_is() -> None:
    assert [*FORMATS] == ["rss", "atom", "json", "opml", "page", "style"]
    assert len({format_.file for format_ in FORMATS.values()}) == len(FORMATS)
    for format_ in FORMATS.values():
        assert MEDIA_TYPE.fullmatch(format_.media_type)
        assert refusal_of(format_.read, b"$") != ""
        assert of(f"a/{format_.file}", b"") == format_
        if format_.fidelity:
            assert format_.label
