"""Feed specs and contents become feeds.

There is no clock in it: a feed's `updated` is the newest of its entries'.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from operator import is_
from typing import TypeAlias
from urllib.parse import quote

from feedwright.feeds import archives, ids
from feedwright.feeds.feed_specs import FeedSpec, FeedSpecs
from feedwright.model import Archived, ArticleSummary, Author, Content, Entry, Feed, Term, replace
from feedwright.problems import blaming
from feedwright.site import Site
from feedwright.text import fold_label

KnownEntries: TypeAlias = MutableMapping[str, tuple[tuple[object, ...], Entry]]
"""Entries by the article's path, each with what it was made from."""


def build_feeds(
    specs: FeedSpecs,
    contents: Mapping[str, Content],
    entry_ids: Mapping[str, str],
    *,
    site: Site,
    feed_ids: Mapping[str, str],
    authority: str,
    known: KnownEntries | None = None,
) -> list[Feed]:
    """Return one feed for every spec that has something to show, and its archives after it.

    Their entries have no content yet.

    `contents` and `entry_ids` are by the article's path; held contents are not shown. `feed_ids` are the
    recorded ones by path. `known` has the entries that were made before, and keeps those that are made here;
    what they came from is the same only if it is the same value. Raises `HeldError` for an article of which
    no entry can be made.
    """
    held = {path for path, content in contents.items() if content.article is None}
    known = {} if known is None else known
    entries: dict[str, Entry] = {}
    feeds = []

    def entry_of(article: ArticleSummary) -> Entry:
        path = article.path
        source = (article, contents[path], entry_ids[path], specs.terms)
        before, made = known.get(path, ((), None))
        if made is None or not all(map(is_, before, source)):
            with blaming(path):
                terms = terms_of(article, specs, site)
                made = entry(article, contents[path], entry_ids[path], site=site, terms=terms)
            known[path] = source, made
        return made

    def entries_of(articles: Sequence[ArticleSummary]) -> tuple[Entry, ...]:
        for article in articles:
            if article.path not in entries:
                entries[article.path] = entry_of(article)
        return tuple(entries[article.path] for article in articles)

    for spec in specs.specs:
        if shown := spec.shown(held):
            feed_id = feed_ids.get(spec.path) or ids.feed_id(authority, spec.path)
            current = replace(
                feed(spec, entries_of(shown), feed_id, site=site),
                articles=sum(article.path not in held for article in spec.articles)
                if held
                else len(spec.articles),
            )
            parts = [(name, entries_of(articles)) for name, articles in spec.archives(held)]
            feeds += with_archives(current, parts) if parts else [current]
    return feeds


def with_archives(current: Feed, parts: Sequence[tuple[str, tuple[Entry, ...]]]) -> list[Feed]:
    """Return a feed and its archives, the oldest first, which lead to each other; `parts` are by name."""
    folders = ["", *(f"{archives.FOLDER}{name}/" for name, _ in parts), ""]
    urls = [folder and current.url + folder for folder in folders]
    older = [
        replace(
            current,
            path=current.path + folders[number],
            url=urls[number],
            updated=max(entry.updated for entry in entries),
            entries=entries,
            hub=None,
            archived=Archived(current=current.url, previous=urls[number - 1], next=urls[number + 1]),
        )
        for number, (_, entries) in enumerate(parts, start=1)
    ]
    return [replace(current, archived=Archived(previous=urls[-2])), *older]


def entry(
    summary: ArticleSummary, content: Content, entry_id: str, *, site: Site, terms: tuple[Term, ...]
) -> Entry:
    """Return an article as every feed shows it, without its content, which only rendering needs.

    An article that names no author has the site's, else the site's title. An update in the future is not
    shown.
    """
    article = content.article
    if article is None:
        raise ValueError(f"{summary.path} is held")
    return Entry(
        id=entry_id,
        title=article.title,
        link=article.link,
        published=article.published,
        updated=article.updated if article.updated <= summary.updated else article.published,
        authors=tuple(_public(author, site) for author in article.authors) or (site_author(site),),
        categories=terms,
        summary=content.summary,
        content=None,
        thumbnail=content.thumbnail,
        enclosure=article.enclosure,
        language=article.language,
    )


def site_author(site: Site) -> Author:
    """Return the author of articles that name nobody."""
    return _public(site.author, site) if site.author else Author(name=site.title)


def _public(author: Author, site: Site) -> Author:
    return author if site.publish_email or author.email is None else replace(author, email=None)


def terms_of(article: ArticleSummary, specs: FeedSpecs, site: Site) -> tuple[Term, ...]:
    """Return an article's terms, categories first; authors are not terms. Tags are, with or without feeds."""
    terms = tuple(
        specs.terms[taxonomy.name, labels]
        for taxonomy in specs.taxonomies
        if taxonomy.name != "authors"
        for labels in taxonomy.terms_of(article)
    )
    if any(taxonomy.name == "tags" for taxonomy in specs.taxonomies):
        return terms
    scheme, known = f"{site.feeds_url}tags/", {fold_label(term.label) for term in terms}
    tags = [label for label in article.tags if fold_label(label) not in known]
    return terms + tuple(Term(term=label, label=label, scheme=scheme) for label in tags)


def feed(spec: FeedSpec, entries: tuple[Entry, ...], feed_id: str, *, site: Site) -> Feed:
    """Return the feed of a spec; there is at least one entry."""
    settings, label = spec.settings, " / ".join(spec.labels) or spec.language
    title = f"{label} – {site.title}" if label else site.title
    return Feed(
        id=feed_id,
        path=spec.path,
        url=site.feeds_url + quote(spec.path),
        link=site.url + quote(spec.pages),
        title=settings.title or title,
        description=settings.description or site.description,
        language=spec.language or site.language,
        updated=max(entry.updated for entry in entries),
        author=site_author(site),
        entries=entries,
        copyright=site.copyright,
        icon=site.icon,
        logo=settings.image or site.logo,
        ttl=site.ttl,
        hub=site.hub,
    )
