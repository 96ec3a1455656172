"""Published feeds, read with feedparser as a subscriber would, and compared with the articles."""

from __future__ import annotations

import re
from calendar import timegm
from contextlib import suppress
from datetime import UTC
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import feedparser

from feedwright import text, urls
from feedwright.articles import reader
from feedwright.commands.content_files import content_files
from feedwright.commands.stages import read_options
from feedwright.problems import HeldError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from feedwright.model import Article
    from feedwright.site import Site

# must be safe and absolute already, without help from feedparser
_parse = partial(feedparser.parse, sanitize_html=False, resolve_relative_uris=False)


def entries_of(output: Path) -> list[str]:
    """The entries of the site's Atom feed in order, each as `published title`."""
    return [f"{entry.published} {entry.title}" for entry in _parse(str(output / "atom.xml")).entries]


def assert_feeds_agree(site: Site, output: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    """Assert that every entry agrees with its article and, by title, with the `expected` values.

    Both formats agree, newest first; an article's entry is the same in every feed.
    """
    articles = _articles(site)
    seen: dict[str, dict[str, Any]] = {}
    for folder in sorted({path.parent for path in output.rglob("*.xml")}):
        read = [_entries(folder / f"{name}.xml") for name in site.formats if name in ("rss", "atom")]
        assert read[0], folder
        assert read[0] == read[-1], folder
        dates = [entry["published"] for entry in read[0]]
        assert dates == sorted(dates, reverse=True), folder
        for entry in read[0]:
            assert seen.setdefault(entry["link"], entry) == entry
    assert seen
    for entry in seen.values():
        _assert_agrees(entry, articles[entry["link"]], site)
    by_title = {entry["title"]: entry for entry in seen.values()}
    for title, facts in expected.items():
        assert {name: by_title[title][name] for name in facts} == facts, title


def _articles(site: Site) -> dict[str, Article]:
    reading = read_options(site)
    paths = content_files(site).articles
    read = partial(reader.read_article, content=site.content, options=reading, limit=2**25)
    articles = []
    for path in reversed(paths):
        with suppress(HeldError):
            if reader.read_head(path, content=site.content, options=reading).article:
                articles.append(read(path).article)
    return {article.link: article for article in articles if article}


def _entries(document: Path) -> list[dict[str, Any]]:
    feed = _parse(str(document))
    assert not feed.bozo, (document, feed.get("bozo_exception"))
    return [
        {
            "id": _plain_id(entry.id),
            "link": entry.link,
            "title": entry.title,
            "published": timegm(entry.published_parsed),
            "authors": [_without_mail(author.get("name", "")) for author in entry.authors],
            "categories": [tag.get("label") or tag.term for tag in entry.get("tags", [])],
            "content": [one.value for one in entry.get("content", []) if one.type == "text/html"],
            # HTML in RSS, plain text in Atom
            "summary": unescape(entry.summary) if feed.version == "rss20" else entry.summary,
            "thumbnail": [picture["url"] for picture in entry.get("media_thumbnail", [])],
            "enclosures": [[file.href, file.type, file.length] for file in entry.enclosures],
        }
        for entry in feed.entries
    ]


def _plain_id(entry_id: str) -> str:
    """The id of an entry, also where Atom has an IRI for one that is none."""
    _, mark, encoded = entry_id.partition(",2026:guid/")
    return unquote(encoded) if mark else entry_id


def _without_mail(name: str) -> str:
    """The name as feedparser returns it: without any e-mail address in an RSS creator."""
    return " ".join(re.sub(r"<[^<>\s]+@[^<>\s]+>", "", name).split())


def _assert_agrees(entry: dict[str, Any], article: Article, site: Site) -> None:
    assert entry["published"] == int(article.published.astimezone(UTC).timestamp())
    names = [_without_mail(author.name) for author in article.authors]
    assert entry["authors"] == (names or [site.author.name if site.author else site.title])
    labels = {text.fold_label(label) for path in article.categories for label in path}
    labels |= {text.fold_label(tag) for tag in article.tags}
    assert {text.fold_label(label) for label in entry["categories"]} == labels
    if article.guid:
        assert entry["id"] == article.guid
    if article.picture and article.picture.src.startswith("https://"):
        address = urls.web(article.picture.src, article.link)
        assert entry["thumbnail"] == ([address] if address else [])
    is_empty = entry["summary"] == entry["title"]  # the summary of a body of which nothing is left
    assert len(entry["content"]) == (site.content_mode == "full") or (is_empty and not entry["content"])
