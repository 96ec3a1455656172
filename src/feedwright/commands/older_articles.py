"""Articles that the first build would show, though the old feed, which ended before them, had shown them once.

Readers that have been there for long would see them as new, under ids that they do not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedwright.feeds.feed_specs import feed_specs
from feedwright.feeds.ids import identify
from feedwright.model import ArticleSummary, EntryRecord
from feedwright.problems import Problem
from feedwright.publication.id_pattern import find_pattern
from feedwright.site import Site
from feedwright.text import count, some, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class OldFeed:
    """The feed that an adoption begins with, as far as its entries are articles.

    `oldest` is the date of the last of them; `adopted` are articles with their old ids, of all feeds.
    """

    name: str
    oldest: datetime
    adopted: Sequence[tuple[ArticleSummary, str]]


def ids_by_pattern(
    feed: OldFeed, articles: Sequence[ArticleSummary], known: Mapping[str, EntryRecord]
) -> dict[str, str]:
    """Return ids like the adopted ones, by path, for all older articles that are not known yet."""
    pattern = find_pattern(feed.adopted)
    taken = {entry.id for entry in known.values()}
    given: dict[str, str] = {}
    for article in _unknown(feed, articles, known) if pattern else ():
        entry_id = pattern(article) if pattern else ""
        if entry_id and entry_id not in taken:
            taken.add(entry_id)
            given[article.path] = entry_id
    return given


def find_older(
    feed: OldFeed,
    articles: Sequence[ArticleSummary],
    known: Mapping[str, EntryRecord],
    *,
    site: Site,
    authority: str,
) -> tuple[list[ArticleSummary], int]:
    """Return the articles of the site's feed that are older than the old feed, and how many come before."""
    ids, _ = identify(articles, authority=authority, recorded=known)
    own, *_ = feed_specs(articles, ids, site, {}).specs
    shown = own.shown()
    older = _unknown(feed, shown, known)
    return older, shown.index(older[0]) if older else len(shown)


def problem_of(feed: OldFeed, older: Sequence[ArticleSummary], before: int, *, site: Site) -> Problem:
    """Return the problem of older articles, with the ways out."""
    articles = count(len(older), "article")
    paths = some([visible(article.path) for article in older], most=3)
    message = f"{articles} older than the last entry of {visible(feed.name)} would be shown as new: {paths}"
    ways = []
    if before and not site.days:
        ways.append(f"show no more entries than the old feed: limit = {before}")
    pattern = find_pattern(feed.adopted)
    example = pattern(older[0]) if pattern else ""
    if example:
        ways.append(f"give them ids like the adopted ones, such as {example}: --older-ids")
    ways.append(f'leave them out of all feeds: since = "{feed.oldest.date().isoformat()}"')
    return Problem.warning("FEED002", message, hint="\n".join(["choose one, and adopt again:", *ways]))


def _unknown(
    feed: OldFeed, articles: Sequence[ArticleSummary], known: Mapping[str, EntryRecord]
) -> list[ArticleSummary]:
    return [a for a in articles if a.published < feed.oldest and a.path not in known and not a.guid]
