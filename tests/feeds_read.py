"""Reads published feeds with feedparser, as a subscriber does, and holds them against the articles."""

from __future__ import annotations

from calendar import timegm
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import feedparser

from feedwright import catalogue
from feedwright.sheet import Reading

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright.model import Article
    from feedwright.settings import Site


def assert_feeds_tell_the_articles(site: Site, output: Path) -> None:
    """Every entry of every feed says what its article says; both formats say the same."""
    articles = _articles(site)
    for folder in sorted({p.parent for p in output.rglob("*.xml")}):
        told = [_told(feedparser.parse(str(folder / name))) for name in ("rss.xml", "atom.xml")]
        assert told[0], folder
        assert told[0] == told[1], folder
        for entry in told[0]:
            _assert_tells(entry, articles[entry["link"]], site)
        dates = [entry["published"] for entry in told[0]]
        assert dates == sorted(dates, reverse=True)


def _articles(site: Site) -> dict[str, Article]:
    reading = Reading(
        url=site.url,
        permalink=site.permalink,
        zone=ZoneInfo(site.timezone),
        dialect=site.dialect,
        encoding=site.encoding,
        date_formats=site.date_formats,
        hierarchy=site.hierarchy,
        default_category=site.default_category,
    )
    from feedwright.files import walk

    paths, _ = walk(site.content, ignore=site.ignore, output=site.output, follow=site.follow_symlinks)
    read = partial(catalogue.read_head, content=site.content, reading=reading)
    found = [read(path).article for path in reversed(paths)]
    return {article.link: article for article in found if article}


def _told(feed: Any) -> list[dict[str, Any]]:
    assert not feed.bozo, feed.get("bozo_exception")
    return [
        {
            "id": e.id,
            "link": e.link,
            "title": e.title,
            "published": timegm(e.published_parsed),
            "authors": [a.get("name") for a in e.authors],
            "categories": [tag.get("label") or tag.term for tag in e.get("tags", [])],
            "content": [c.value for c in e.get("content", []) if c.type == "text/html"],
            "summary": e.summary,
            "thumbnail": [t["url"] for t in e.get("media_thumbnail", [])],
            "enclosures": [(x.href, x.type, x.length) for x in e.enclosures],
        }
        for e in feed.entries
    ]


def _assert_tells(entry: dict[str, Any], article: Article, site: Site) -> None:
    assert entry["published"] == int(article.published.astimezone(UTC).timestamp())
    names = [a.name for a in article.authors] or [site.author.name if site.author else site.title]
    assert entry["authors"] == names
    folded = {label.casefold() for path in article.categories for label in path}
    assert {label.casefold() for label in entry["categories"]} >= folded
    if article.guid:
        assert entry["id"] == article.guid
    if article.picture and article.picture.src.startswith("https://"):
        assert entry["thumbnail"] == [article.picture.src]
    if site.content_mode == "full":
        assert len(entry["content"]) == 1
