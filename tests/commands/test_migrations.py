"""Sites of other programs that move to feedwright, at the old address of their feed: nothing is unread again.

The old feeds are written as these programs' templates write them, from articles as each has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import feedparser
import pytest

from desk import Desk, served
from feedwright.publication import fetch

if TYPE_CHECKING:
    from pathlib import Path

HOME = "https://example.org/"
ARTICLES = 14
WORDS = ("Rain", "Tea & tables", "It's late", "山路", "Salt", "Nine lives", "A <b>bold</b> step")


@dataclass(frozen=True)
class Post:
    """One article of the old site."""

    number: int

    @property
    def date(self) -> datetime:
        """Its date, in UTC."""
        return datetime(2025, 1, 1, 10, tzinfo=UTC) + timedelta(days=3 * self.number)

    @property
    def title(self) -> str:
        """Its title, as the file has it."""
        return f"{WORDS[self.number % len(WORDS)]} {self.number}"

    @property
    def name(self) -> str:
        """The part of its address that is its own."""
        return f"post-{self.number}"


@dataclass(frozen=True)
class Program:
    """A site's program: `path` and `file` of an article, its address and id, the feed and what it holds."""

    settings: str
    path: str
    file: str
    link: str
    entry_id: str
    feed: str
    entry: str
    shows: int = ARTICLES
    choice: str = ""
    left: int = 0

    def fill(self, template: str, post: Post) -> str:
        """Fill in a template for one article."""
        link = self.link.format(p=post, d=post.date)
        facts = {
            "p": post,
            "d": post.date,
            "link": link,
            "id": self.entry_id.format(
                p=post, d=post.date, link=link, hex=f"{0x5F3C9A80E668 + post.number:024x}"
            ),
            "title": post.title.replace("&", "&amp;").replace("<", "&lt;"),
            "rfc822": format_datetime(post.date),
            "iso": post.date.isoformat(),
        }
        return template.format(**facts)

    def old_feed(self, *, shows: int) -> str:
        """Write the feed of the newest articles."""
        posts = [Post(number) for number in range(ARTICLES - 1, ARTICLES - 1 - shows, -1)]
        return self.feed.replace("ENTRIES", "\n".join(self.fill(self.entry, post) for post in posts))


YAML = '---\ntitle: "{p.title}"\ndate: {d:%Y-%m-%d %H:%M:%S} +0000\n---\n\nText of {p.number}.\n'
ATOM = '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title>'
ATOM += '<link href="https://example.org/atom.xml" rel="self"/><updated>2025-03-01T00:00:00Z</updated>'
ATOM += "<id>https://example.org/</id>\nENTRIES\n</feed>\n"
RSS = '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Old</title>'
RSS += "<link>https://example.org/</link><description>x</description>\nENTRIES\n</channel></rss>\n"
ITEM = "<item><title>{title}</title><link>{link}</link><pubDate>{rfc822}</pubDate>"

PROGRAMS = {
    "hexo": Program(
        settings='dialect = "hexo"\npermalink = "hexo"\n',
        path="_posts/{p.name}.md",
        file=YAML,
        link=HOME + "{d:%Y/%m/%d}/{p.name}/",
        entry_id="{link}",
        feed=ATOM,
        entry='<entry><title>{title}</title><link href="{link}"/><id>{id}</id><published>{iso}</published>'
        '<updated>{iso}</updated><content type="html">'
        "<![CDATA[<p>Text of {p.number}.</p>]]></content></entry>",
    ),
    "jekyll": Program(
        settings='dialect = "jekyll"\npermalink = "jekyll"\n',
        path="_posts/{d:%Y-%m-%d}-{p.name}.md",
        file=YAML,
        link=HOME + "{d:%Y/%m/%d}/{p.name}.html",
        entry_id=HOME + "{d:%Y/%m/%d}/{p.name}",
        feed=ATOM,
        entry='<entry><title type="html">{title}</title><link href="{link}" rel="alternate"/>'
        "<published>{iso}</published><updated>{iso}</updated><id>{id}</id></entry>",
        shows=10,
        choice="--older-ids",
        left=4,
    ),
    "hugo": Program(
        settings='dialect = "hugo"\npermalink = "hugo"\n',
        path="posts/{p.name}.md",
        file='+++\ntitle = "{p.title}"\ndate = {d:%Y-%m-%dT%H:%M:%SZ}\n+++\n\nText of {p.number}.\n',
        link=HOME + "posts/{p.name}/",
        entry_id="{link}",
        feed=RSS,
        entry=ITEM + "<guid>{id}</guid><description>Text of {p.number}.</description></item>",
    ),
    "pelican": Program(
        settings='dialect = "pelican"\npermalink = "pelican"\n',
        path="{p.name}.md",
        file="Title: {p.title}\nDate: {d:%Y-%m-%d %H:%M}\nSlug: {p.name}\n\nText of {p.number}.\n",
        link=HOME + "{p.name}.html",
        entry_id="tag:example.org,{d:%Y-%m-%d}:/{p.name}.html",
        feed=ATOM,
        entry='<entry><title>{title}</title><link href="{link}" rel="alternate"></link>'
        "<published>{iso}</published><updated>{iso}</updated><author><name>Ed</name></author><id>{id}</id></entry>",
        shows=12,
        choice="--older-ids",
        left=2,
    ),
    "eleventy": Program(
        settings='dialect = "eleventy"\npermalink = "eleventy"\n',
        path="blog/{p.name}.md",
        file='---\ntitle: "{p.title}"\ndate: {d:%Y-%m-%d %H:%M:%S}Z\n---\n\nText of {p.number}.\n',
        link=HOME + "blog/{p.name}/",
        entry_id="{link}",
        feed=ATOM,
        entry='<entry><title>{title}</title><link href="{link}"/>'
        "<updated>{iso}</updated><id>{id}</id></entry>",
    ),
    "wordpress": Program(
        settings='permalink = "{year}/{month}/{slug}/"\n',
        path="{p.name}.md",
        file=YAML,
        link=HOME + "{d:%Y/%m}/{p.name}/",
        entry_id=HOME + "?p=1{p.number}",
        feed=RSS,
        entry=ITEM + '<guid isPermaLink="false">{id}</guid></item>',
        shows=10,
        choice="limit = 10\n",
        left=4,
    ),
    "ghost": Program(
        settings='permalink = "{slug}/"\n',
        path="{p.name}.md",
        file=YAML,
        link=HOME + "{p.name}/",
        entry_id="5f3c9a80e6680000000{p.number:05x}",
        feed=RSS,
        entry=ITEM + '<guid isPermaLink="false">{id}</guid></item>',
        shows=12,
        choice='since = "2025-01-07"\n',
        left=2,
    ),
}


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> Program:
    """Return each of the programs."""
    return PROGRAMS[request.param]


@pytest.fixture
def desk(program: Program, tmp_path: Path) -> Desk:
    """The articles, with settings for them, and the old feed beside the output folder."""
    desk = Desk(tmp_path / "site")
    desk.configure(program.settings)
    for number in range(ARTICLES):
        desk.write(program.fill(program.path, Post(number)), program.fill(program.file, Post(number)))
    (desk.root / "old.xml").write_text(program.old_feed(shows=program.shows), "utf-8")
    return desk


def _format(program: Program) -> str:
    return "rss.xml" if program.feed == RSS else "atom.xml"


def _ids_and_links(data: bytes) -> dict[str, str]:
    """What a reader that keeps what it has read sees of a feed."""
    return {entry.id: entry.link for entry in feedparser.parse(data).entries}


def test_no_entry_is_unread_at_the_old_address(desk: Desk, program: Program) -> None:
    everything = _ids_and_links(program.old_feed(shows=ARTICLES).encode())
    told = desk.run("adopt", "old.xml")
    assert (told.code, told.codes) == ((1, ["FEED002"]) if program.choice else (0, []))
    if program.choice.startswith("--"):
        told = desk.run("adopt", "old.xml", program.choice)
        assert told.out.count("like those ") == program.left
    elif program.choice:
        assert program.choice.strip() in told.err
        desk.configure(program.settings, program.choice)
    told = desk.run("adopt", "old.xml")
    assert (told.code, told.codes) == (0, [])
    assert "0 not" in told.err
    told = desk.run("diff", "--against", "old.xml", "--report", "json")
    (change,) = [change for change in told.json["changes"] if change["path"] == ""] or [{"entries": []}]
    assert {entry["change"] for entry in change["entries"]} <= {"new"}
    assert desk.run("build").code == 0
    seen = _ids_and_links((desk.root / "old.xml").read_bytes())
    shown = _ids_and_links(desk.published()[_format(program)])
    assert seen.items() <= shown.items() <= everything.items()
    assert desk.run("check").code == 0


def test_without_adopting_every_entry_would_be_unread(desk: Desk, program: Program) -> None:
    told = desk.run("diff", "--against", "old.xml", "--report", "json")
    (change,) = (change for change in told.json["changes"] if change["path"] == "")
    fates = [entry["change"] for entry in change["entries"]]
    assert fates.count("unread") == program.shows
    assert fates.count("new") == program.left


def test_the_feed_is_found_by_the_address_of_the_site(desk: Desk, program: Program) -> None:
    there = desk.root / "there"
    (there / "comments").mkdir(parents=True)
    for name in ("feed.xml", "again.xml"):
        (there / name).write_bytes((desk.root / "old.xml").read_bytes())
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="Feed" href="{href}">'
        for href in ("comments/feed.xml", "feed.xml", "again.xml")
    )
    (there / "index.html").write_text(f"<!doctype html><title>Old</title>{links}<p>Hello", "utf-8")
    with served(there) as url:
        told = desk.run("adopt", url, "--report", "json")
        assert len(told.json["adopted"]) == program.shows
        told = desk.run("diff", "--against", url)
    assert (told.code, "unread" in told.out) == (5 if program.left else 0, False)


@pytest.mark.parametrize("where", ["", HOME])
def test_a_short_feed_of_a_category_is_judged_as_its_successor_shows_it(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    monkeypatch.setattr(fetch, "fetch", lambda url: (tmp_path / url.removeprefix(HOME)).read_bytes())
    settings = ('permalink = "{slug}/"', 'site_root = "."', "[categories.Tea]")
    alias = 'aliases = { "/category/tea/feed.xml" = "rss" }'
    desk.configure(*settings, alias)
    for number in range(1, 10):
        row = f"---\ntitle: P{number}\ndate: 2026-01-0{number}\ncategories: [Tea]\n---\n\nText.\n"
        desk.write(f"p{number}.md", row)
    item = "<item><title>P{0}</title><link>{1}p{0}/</link><guid>{1}?p={0}</guid></item>"
    feeds = {"feed.xml": range(9, 6, -1), "category/tea/feed.xml": range(9, 4, -1)}
    for path, numbers in feeds.items():
        items = "".join(item.format(number, HOME) for number in numbers)
        (desk.root / path).parent.mkdir(parents=True, exist_ok=True)
        (desk.root / path).write_text(RSS.replace("ENTRIES", items), "utf-8")
    main, category = (f"{where}{path}" for path in feeds)
    told = desk.run("adopt", main, category)
    assert (told.code, told.codes) == (1, ["FEED002", "FEED002"])
    assert f"4 articles older than the last entry of {category} would be shown as new" in told.err
    desk.configure("limit = 5", *settings, alias)
    assert desk.run("adopt", main, category).code == 0
    desk.configure("limit = 5", *settings, alias, "limit = 7")
    told = desk.run("adopt", main, category)
    assert (told.code, told.codes) == (1, ["FEED002"])
    assert f"2 articles older than the last entry of {category} would be shown as new" in told.err
    assert 'the old feed: limit = 5 in [categories."Tea"]' in told.err
