"""Articles that the first build would show, though the old feed ended before them.

Who has subscribed for long has seen them, and would see them as new, under ids that nobody knows.
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
    for article in unknown(feed, articles, known):
        entry_id = pattern(article) if pattern else ""
        if entry_id and entry_id not in taken:
            taken.add(entry_id)
            given[article.path] = entry_id
    return given


def shown(
    articles: Sequence[ArticleSummary], known: Mapping[str, EntryRecord], *, site: Site, authority: str
) -> list[ArticleSummary]:
    """Return the articles that the site's feed will show, newest first."""
    ids, _ = identify(articles, authority=authority, recorded=known)
    own, *_ = feed_specs(articles, ids, site, {}).specs
    return own.shown()


def unknown(
    feed: OldFeed, articles: Sequence[ArticleSummary], known: Mapping[str, EntryRecord]
) -> list[ArticleSummary]:
    """Return the articles that are older than the feed, and have no id that is known."""
    return [a for a in articles if a.published < feed.oldest and a.path not in known and not a.guid]


def problems_of(
    older: Sequence[ArticleSummary], feed: OldFeed, shown: Sequence[ArticleSummary], *, site: Site
) -> list[Problem]:
    """Return the problem of the older articles, if there are any, and the ways out."""
    if not older:
        return []
    paths = some([visible(article.path) for article in older], most=3)
    articles, name = count(len(older), "article"), visible(feed.name)
    message = f"{articles} older than the last entry of {name} would be shown as new: {paths}"
    ways = [f'leave them out of all feeds: since = "{feed.oldest.date().isoformat()}"']
    before = shown.index(older[0])
    if before and not site.days:
        ways.append(f"show no more entries than the old feed: limit = {before}")
    pattern = find_pattern(feed.adopted)
    if pattern and (example := pattern(older[0])):
        ways.append(f"give them ids like the adopted ones, such as {example}: --older-ids")
    hint = "\n".join(["choose one, and adopt again:", *reversed(ways)])
    return [Problem.warning("FEED002", message, hint=hint)]
