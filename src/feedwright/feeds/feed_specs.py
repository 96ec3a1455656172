"""Which feeds there are, and which articles each has, newest first: one for the site and one for every term.

The order of the input never shows: articles are ordered by date, then id.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from feedwright.feeds.addresses import address_problems, addresses, prefix_of
from feedwright.feeds.taxonomies import Labels, Taxonomy, key, spelling_problems, taxonomy
from feedwright.model import ArticleSummary
from feedwright.problems import Problem
from feedwright.site import CategorySettings, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """One feed to be: its articles, newest first; `labels` is empty for the site's own.

    `path` is its folder below the output folder, "" for the site's own, else ending in "/". `settings` are
    those of its category alone.
    """

    taxonomy: str
    labels: Labels
    path: str
    articles: Sequence[ArticleSummary]
    limit: int | None
    settings: CategorySettings | None = None

    def shown(self, held: Container[str] = ()) -> list[ArticleSummary]:
        """Return the articles that the feed shows when those with a path in `held` are not shown."""
        return list(islice((a for a in self.articles if a.path not in held), self.limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpecs:
    """All feeds to be, the terms they are made of, and the slugs for the record.

    `slug_paths` are by taxonomy and labels.
    """

    specs: list[FeedSpec]
    taxonomies: list[Taxonomy]
    slug_paths: dict[tuple[str, Labels], str]
    slugs: dict[str, str]
    problems: list[Problem] = field(default_factory=list)


def feed_specs(
    articles: Sequence[ArticleSummary], ids: Mapping[str, str], site: Site, slugs: Mapping[str, str]
) -> FeedSpecs:
    """Return the feeds of the articles that have an id; `slugs` are the recorded ones, which stay."""
    identified = [article for article in articles if article.path in ids]
    newest = sorted(identified, key=lambda article: (-article.published.timestamp(), ids[article.path]))
    settings = {key((label,)): own for label, own in site.categories.items()}
    specs = FeedSpecs(
        specs=[FeedSpec(taxonomy="", labels=(), path="", articles=newest, limit=site.limit)],
        taxonomies=[taxonomy(name, identified) for name in site.taxonomies],
        slug_paths={},
        slugs=dict(slugs),
    )
    for terms in specs.taxonomies:
        own = settings if terms.name == "categories" else {}
        fixed = {name: category.slug for name, category in own.items() if category.slug}
        assigned, rows = addresses(terms, recorded=specs.slugs, fixed=fixed)
        specs.slug_paths.update({(terms.name, labels): path for labels, path in assigned.items()})
        specs.slugs.update(rows)
        specs.specs.extend(_specs_of(terms, newest, assigned, own, site.limit))
        if terms.name == "categories":
            specs.problems.extend(spelling_problems(terms, identified))
            specs.problems.extend(address_problems(terms, assigned, identified, fixed))
    return specs


def _specs_of(
    terms: Taxonomy,
    newest: Sequence[ArticleSummary],
    assigned: Mapping[Labels, str],
    settings: Mapping[str, CategorySettings],
    limit: int | None,
) -> list[FeedSpec]:
    rows: dict[Labels, list[ArticleSummary]] = {labels: [] for labels in terms.labels.values()}
    for article in newest:
        for labels in terms.terms_of(article):
            rows[labels].append(article)
    specs = []
    for labels, articles in rows.items():
        own = settings.get(key(labels))
        specs.append(
            FeedSpec(
                taxonomy=terms.name,
                labels=labels,
                path=f"{prefix_of(terms.name)}{assigned[labels]}/",
                articles=articles,
                limit=limit if own is None or own.limit == "unset" else own.limit,
                settings=own,
            )
        )
    return specs
