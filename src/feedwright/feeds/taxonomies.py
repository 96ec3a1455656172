"""Which articles stand in which feed, newest first: one shelf for the site and one for every term.

Labels that differ in case or invisible characters only are one term; it is shown as most articles
write it. Input order never shows: articles are ordered by date, then id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from feedwright import text

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from feedwright.model import ArticleSummary

Path = tuple[str, ...]
"""The labels or folded labels of a term, root first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """The articles of one feed, newest first; `labels` is empty for the site's own."""

    taxonomy: str
    labels: Path
    articles: tuple[ArticleSummary, ...]
    limit: int | None

    def shown(self, held: Container[str] = ()) -> list[ArticleSummary]:
        """Return the articles that the feed shows when those with a path in `held` are not."""
        return list(islice((a for a in self.articles if a.path not in held), self.limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """One way of sorting articles: its terms' labels as they are shown, by folded path."""

    name: str
    labels: Mapping[Path, Path]
    _known: dict[tuple[Path, ...], tuple[Path, ...]] = field(default_factory=dict, repr=False, compare=False)

    def paths(self, article: ArticleSummary) -> tuple[Path, ...]:
        """Return the labels of all terms the article stands under, every level of a hierarchy once."""
        own = labels_of(article, self.name)
        if own not in self._known:
            self._known[own] = tuple(
                dict.fromkeys(self.labels[level] for path in own for level in _levels(path))
            )
        return self._known[own]


def _levels(path: Path) -> list[Path]:
    """The folded path and those above it, root first."""
    folded = tuple(map(text.fold_label, path))
    return [folded[:depth] for depth in range(1, len(folded) + 1)]


def labels_of(article: ArticleSummary, taxonomy: str) -> tuple[Path, ...]:
    """Return what an article says of itself in `categories`, `tags` or `authors`."""
    if taxonomy == "categories":
        return article.categories
    return tuple((name,) for name in (article.tags if taxonomy == "tags" else article.authors))


def key(labels: Path) -> str:
    """Return what the settings call a category: its labels joined by "/", folded."""
    return text.fold_label("/".join(labels))


def taxonomy(name: str, articles: Iterable[ArticleSummary]) -> Taxonomy:
    """Return the terms of all articles, spelled as most of them do, else the first by code point."""
    said = Counter(path for article in articles for path in labels_of(article, name))
    spellings: defaultdict[Path, Counter[str]] = defaultdict(Counter)
    for path, times in said.items():
        for level, label in zip(_levels(path), path, strict=True):
            spellings[level][label] += times
    best = {path: min(found, key=lambda label: (-found[label], label)) for path, found in spellings.items()}
    return Taxonomy(
        name=name,
        labels={path: tuple(best[path[: i + 1]] for i in range(len(path))) for path in sorted(best)},
    )


def stocked(
    articles: Sequence[ArticleSummary],
    ids: Mapping[str, str],
    taxonomies: Sequence[Taxonomy],
    *,
    limit: int | None,
    limits: Mapping[str, int | None],
) -> list[FeedSpec]:
    """Return the shelves of the site and of every term; `limits` are those of single categories, by `key`.

    Articles without an id stand nowhere.
    """
    identified = [article for article in articles if article.path in ids]
    newest = sorted(identified, key=lambda article: (-article.published.timestamp(), ids[article.path]))
    shelves = [FeedSpec(taxonomy="", labels=(), articles=tuple(newest), limit=limit)]
    for terms in taxonomies:
        rows: dict[Path, list[ArticleSummary]] = {labels: [] for labels in terms.labels.values()}
        for article in newest:
            for labels in terms.paths(article):
                rows[labels].append(article)
        for labels, found in rows.items():
            own = limits.get(key(labels), limit) if terms.name == "categories" else limit
            shelves.append(FeedSpec(taxonomy=terms.name, labels=labels, articles=tuple(found), limit=own))
    return shelves
