"""Articles that the first build would show, though the old feed ended before them.

Who has subscribed for long has seen them, and would see them as new, under ids that nobody knows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote, urljoin

from msgspec import Struct

from feedwright.commands.foreign import WEB
from feedwright.feeds.feed_specs import FeedSpec, feed_specs
from feedwright.feeds.ids import identify
from feedwright.formats.table import FORMATS
from feedwright.model import ArticleSummary, EntryRecord
from feedwright.problems import Problem
from feedwright.publication.id_pattern import find_pattern
from feedwright.site import Site
from feedwright.text import count, some, visible


class OldFeed(Struct, frozen=True, kw_only=True):
    """A feed that is adopted, as far as its entries are articles.

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


def successors(
    feeds: Sequence[OldFeed],
    articles: Sequence[ArticleSummary],
    known: Mapping[str, EntryRecord],
    *,
    site: Site,
    authority: str,
    start: str,
) -> list[tuple[OldFeed, FeedSpec]]:
    """Return the old feeds that go on, each with the feed at its address.

    The site's own feed takes the place of the first if none is there. Files are named as seen from the folder
    `start`.
    """
    ids, _ = identify(articles, authority=authority, recorded=known)
    specs = feed_specs(articles, ids, site, {}).specs
    by_address = {address: spec for spec in reversed(specs) for address in _addresses(spec, site)}
    found = [(feed, by_address.get(_address(feed.name, start))) for feed in feeds]
    found[:1] = [(feed, spec or specs[0]) for feed, spec in found[:1]]
    return [(feed, spec) for feed, spec in found if spec]


def _addresses(spec: FeedSpec, site: Site) -> Iterator[str]:
    """The addresses and the files of a feed's documents, today's and the old ones that go on."""
    aliases = site.aliases if not spec.path else spec.settings.aliases
    for path in (*aliases, *(spec.path + FORMATS[name].file for name in site.formats)):
        yield unquote(urljoin(site.feeds_url, path))
        yield os.path.realpath(site.output / path)


def _address(name: str, start: str) -> str:
    return unquote(name) if name.startswith(WEB) else os.path.realpath(os.path.join(start, name))


def unknown(
    feed: OldFeed, articles: Sequence[ArticleSummary], known: Mapping[str, EntryRecord]
) -> list[ArticleSummary]:
    """Return the articles that are older than the feed, and have no id that is known."""
    return [a for a in articles if a.published < feed.oldest and a.path not in known and not a.guid]


def problems_of(
    older: Sequence[ArticleSummary], feed: OldFeed, successor: FeedSpec, *, site: Site
) -> list[Problem]:
    """Return the problem of the older articles that a feed will show, if there are any, and the ways out."""
    if not older:
        return []
    paths = some([visible(article.path) for article in older], most=3)
    articles, name = count(len(older), "article"), visible(feed.name)
    message = f"{articles} older than the last entry of {name} would be shown as new: {paths}"
    ways = [f'leave them out of all feeds: since = "{feed.oldest.date().isoformat()}"']
    before = successor.shown().index(older[0])
    if before and not site.days:
        table = (
            f" in [categories.{json.dumps(label, ensure_ascii=False)}]"
            if (label := _label(successor))
            else ""
        )
        ways.append(visible(f"show no more entries than the old feed: limit = {before}{table}"))
    pattern = find_pattern(feed.adopted)
    if pattern and (example := pattern(older[0])):
        ways.append(f"give them ids like the adopted ones, such as {example}: --older-ids")
    hint = "\n".join(["choose one, and adopt again:", *reversed(ways)])
    return [Problem.warning("FEED002", message, hint=hint)]


def _label(spec: FeedSpec) -> str:
    """The category whose settings are those of a feed, "" if there is none."""
    return spec.labels[0] if len(spec.labels) == 1 else ""
