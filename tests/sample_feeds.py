"""Feeds with everything that feedwright writes, for the tests of the formats and their rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from feedwright.model import Author, Enclosure, Entry, Feed, SafeHtml, Term, Thumbnail, replace

if TYPE_CHECKING:
    from collections.abc import Callable

BEIJING = timezone(timedelta(hours=8))
NOON = datetime(2022, 4, 9, 21, 5, 33, tzinfo=BEIJING)
HTML = SafeHtml(
    '<p>正文 &amp; <a href="https://example.org/x">链接</a> ]]&gt; 👩\u200d💻</p>\n'
    "<pre><code>  a\n\n  b</code></pre>"
)
PICTURE = Thumbnail(
    url="https://img.example.org/a.jpg", type="image/jpeg", width=640, height=480, length=1234
)
AUDIO = Enclosure(url="https://example.org/a.mp3", type="audio/mpeg", length=99)
SCHEME = "https://example.org/feeds/"


def refusal_of(read: Callable[[bytes], object], data: bytes) -> str:
    """Why a reader refuses the document, "" where it takes it."""
    try:
        read(data)
    except ValueError as error:
        return str(error)
    return ""


def entry(number: int = 0, **changes: Any) -> Entry:
    plain = Entry(
        id=f"tag:example.org,2022-04-09:posts/{number}",
        title=f"Entry {number}",
        link=f"https://example.org/posts/{number}/",
        published=NOON - timedelta(days=number),
        updated=NOON - timedelta(days=number, hours=-1),
        authors=(Author(name="趣头条"),),
        categories=(Term(term="media", label="新媒体", scheme=SCHEME),),
        summary=f"Summary of {number}.",
        content=HTML,
        thumbnail=PICTURE,
    )
    return replace(plain, **changes)


def feed(*entries: Entry, **changes: Any) -> Feed:
    plain = Feed(
        id="tag:example.org,2022:feeds/media",
        path="media/",
        url="https://example.org/feeds/media/",
        link="https://example.org/",
        title="新媒体 – Example",
        description="Everything new.",
        language="zh-CN",
        updated=NOON + timedelta(hours=1),
        author=Author(name="Example"),
        entries=entries,
    )
    return replace(plain, **changes)


FEEDS = {
    "plain": feed(entry()),
    "empty": feed(),
    "several": feed(entry(0), entry(1), entry(2)),
    "everything": feed(
        entry(),
        author=Author(name="Ed", email="ed@example.org", uri="https://example.org/ed"),
        copyright="© 2022 Example & Co.",
        icon="https://example.org/favicon.ico",
        logo="https://example.org/logo.png",
        ttl=60,
        hub="https://hub.example.org/",
    ),
    "summary mode": feed(entry(content=None), entry(1, content=None, thumbnail=None)),
    "no thumbnail": feed(entry(thumbnail=None)),
    "remote thumbnail": feed(entry(thumbnail=Thumbnail(url="https://img.example.org/b", type="image/jpeg"))),
    "width only": feed(entry(thumbnail=replace(PICTURE, height=None))),
    "enclosure": feed(entry(enclosure=AUDIO, thumbnail=None)),
    "enclosure and thumbnail": feed(entry(enclosure=AUDIO)),
    "authors": feed(
        entry(authors=(Author(name="甲", email="a@example.org"), Author(name="乙", uri="https://b.org/")))
    ),
    "author with e-mail": feed(entry(authors=(Author(name="Li Lei", email="li@example.org"),))),
    "author with brackets": feed(entry(authors=(Author(name="Li (he)", email="li@example.org"),))),
    "author with a strange e-mail": feed(entry(authors=(Author(name="Li", email="李@例子"),))),
    "no author": feed(entry(authors=())),
    "hierarchy": feed(
        entry(categories=tuple(Term(term=t, label=t[-1], scheme=SCHEME) for t in ("a", "a/b", "a/b/c")))
    ),
    "no category": feed(entry(categories=())),
    "zones": feed(
        entry(0, published=NOON.astimezone(UTC)),
        entry(1, published=NOON.astimezone(timezone(timedelta(hours=-3, minutes=-30)))),
        entry(2, published=datetime(2021, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)),
    ),
}
