"""The feeds and the articles of each, newest first: one feed for the site and one for every term.

The order of the input does not matter: articles are ordered by date, then id.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import timedelta
from itertools import islice, takewhile
from typing import Any

from msgspec import Struct, field

from feedwright.feeds import taxonomies
from feedwright.feeds.archives import Part, Span, divide
from feedwright.feeds.languages import LanguageFeed, by_language
from feedwright.feeds.slugs import SEPARATOR
from feedwright.feeds.taxonomies import Labels, Taxonomy, key
from feedwright.model import ArticleSummary, Term
from feedwright.problems import Problem
from feedwright.site import CategorySettings, Site

MOST = 100
"""The number of articles that a feed shows at most for their days: more would be a burden at every visit."""

NO_SETTINGS = CategorySettings()
"""The settings of a feed that has none of its own."""


class FeedSpec(Struct, frozen=True, kw_only=True):
    """One feed to be: its articles, newest first; `labels` is empty for the site's own.

    `path` is its folder below the output folder, "" for the site's own, else ending in "/". It shows `limit`
    articles, and those of as many `days` before the newest; all are in archives of a `span`, if there is one.
    `settings` are those of its category alone. `language` is the tag of a feed in another language than the
    site's main one, `pages` the folder of the pages in that language.
    """

    labels: Labels
    path: str
    articles: Sequence[ArticleSummary]
    limit: int | None
    days: int | None = None
    span: Span | None = None
    settings: CategorySettings = NO_SETTINGS
    language: str = ""
    pages: str = ""

    def shown(self, held: Container[str] = ()) -> list[ArticleSummary]:
        """Return the articles that the feed shows when those with a path in `held` are not shown."""
        articles = (a for a in self.articles if a.path not in held)
        shown = list(islice(articles, self.limit))
        if self.days and shown:
            since = shown[0].published - timedelta(days=self.days)
            more = islice(articles, max(0, MOST - len(shown)))
            shown.extend(takewhile(lambda article: article.published >= since, more))
        return shown

    def archives(self, held: Container[str] = ()) -> list[Part]:
        """Return the archives of the feed, the oldest first; one that shows all articles has none."""
        if self.span is None or self.limit is None:
            return []
        return divide([a for a in self.articles if a.path not in held], self.span, self.limit)


class FeedSpecs(Struct, frozen=True, kw_only=True):
    """All feeds to be, the terms they are made of, and the slugs for the record.

    `terms` are by taxonomy and labels: entries share them.
    """

    specs: list[FeedSpec]
    taxonomies: list[Taxonomy]
    terms: dict[tuple[str, Labels], Term]
    slugs: dict[str, str]
    problems: list[Problem] = field(default_factory=list)


def feed_specs(
    articles: Sequence[ArticleSummary], ids: Mapping[str, str], site: Site, slugs: Mapping[str, str]
) -> FeedSpecs:
    """Return the feeds of the articles that have an id, from the day on with which the site's feeds begin.

    `slugs` are the recorded ones, which stay.
    """
    identified = [article for article in articles if article.path in ids]
    if site.since is not None:
        identified = [article for article in identified if _is_since(article, site.since)]
    newest = sorted(identified, key=lambda article: ids[article.path])
    newest.sort(key=lambda article: -article.published.timestamp())
    common: Any = {"days": site.days, "span": site.archives}
    main, languages = by_language(newest, site, slugs)
    specs = FeedSpecs(
        specs=[
            FeedSpec(labels=(), path="", articles=_in_site_feed(main, site), limit=site.limit, **common),
            *(_language_spec(feed, site, common) for feed in languages),
        ],
        taxonomies=[taxonomies.taxonomy(name, identified) for name in site.taxonomies],
        terms={},
        slugs=dict(slugs),
    )
    for terms in specs.taxonomies:
        is_category = terms.name == "categories"
        settings = {key((label,)): row for label, row in site.categories.items() if is_category}
        fixed = {name: row.slug for name, row in settings.items() if row.slug}
        reserved = {feed.path[:-1]: SEPARATOR for feed in languages} if is_category else {}
        slug_paths = taxonomies.addresses(terms, recorded=reserved | specs.slugs, fixed=fixed)
        for labels, slug_path in slug_paths.items():
            scheme = site.feeds_url + terms.prefix
            specs.terms[terms.name, labels] = Term(term=slug_path, label=labels[-1], scheme=scheme)
            specs.slugs[terms.prefix + slug_path] = SEPARATOR.join(labels)
        for labels, members in terms.members(main).items():
            row = settings.get(key(labels), NO_SETTINGS)
            spec = FeedSpec(
                labels=labels,
                path=f"{terms.prefix}{slug_paths[labels]}/",
                articles=members,
                limit=site.limit if row.limit == "unset" else row.limit,
                settings=row,
                **common,
            )
            specs.specs.append(spec)
        if is_category:
            specs.problems.extend(taxonomies.spelling_problems(terms, identified))
            specs.problems.extend(taxonomies.address_problems(terms, slug_paths, identified, fixed))
    return specs


def _language_spec(feed: LanguageFeed, site: Site, common: Mapping[str, Any]) -> FeedSpec:
    row = feed.settings
    return FeedSpec(
        labels=(),
        path=feed.path,
        articles=_in_site_feed(feed.articles, site),
        limit=site.limit,
        settings=CategorySettings(title=row.title, description=row.description),
        language=row.tag or "",
        pages=f"{row.path}/" if row.path else "",
        **common,
    )


def _is_since(article: ArticleSummary, day: str) -> bool:
    return article.published.date().isoformat() >= day


def _in_site_feed(articles: Sequence[ArticleSummary], site: Site) -> Sequence[ArticleSummary]:
    """The articles without those of a category, at any level, that is kept out of the site's feed."""
    apart = {key((label,)) for label, row in site.categories.items() if not row.in_site_feed}
    if not apart:
        return articles
    return [
        article
        for article in articles
        if not any(key(labels[:depth]) in apart for labels in article.categories for depth in _depths(labels))
    ]


def _depths(labels: Labels) -> range:
    return range(1, len(labels) + 1)
