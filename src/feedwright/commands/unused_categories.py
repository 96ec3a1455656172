"""Settings of categories that no article has: most are slips of the pen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedwright.articles.selection import Selection
from feedwright.feeds import taxonomies
from feedwright.model import ArticleSummary
from feedwright.problems import Problem
from feedwright.settings.checks import nearest, quoted
from feedwright.site import Site
from feedwright.text import fold_label

_MOST_COMPARED = 50
"""Labels that are compared with those of articles."""


def unused_categories(site: Site, articles: Sequence[ArticleSummary]) -> list[str]:
    """Return the labels of `[categories."label"]` that none of the articles has, at any level."""
    known = {
        taxonomies.key(labels[:depth])
        for article in articles
        for labels in article.categories
        for depth in range(1, len(labels) + 1)
    }
    return [label for label in site.categories if fold_label(label) not in known]


def problems_of(site: Site, selection: Selection) -> Iterator[Problem]:
    """Yield a warning for each that is nearly the name of a category, drafts and what is due later too."""
    if not site.categories:
        return
    articles = (*selection.articles, *selection.others)
    labels = {"/".join(labels) for article in articles for labels in article.categories}
    for label in unused_categories(site, articles)[:_MOST_COMPARED]:
        if meant := nearest(label, sorted(labels)):
            message = f'no article has the category of [categories."{label}"]'
            place = site.category_places.get(label, ("", 0, 0))
            yield Problem.warning("CFG036", message, *place, hint=f"did you mean {quoted(meant)}?")
