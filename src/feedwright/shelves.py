"""Which articles stand in which feed, newest first: one shelf for the site and one for every term.

Labels that differ in case or invisible characters only are one term; it is shown as most articles
write it. Input order never shows: articles are ordered by date, then id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from feedwright import slugs

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from feedwright.model import Article

Path = tuple[str, ...]
"""The labels or folded labels of a term, root first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The articles of one feed, newest first; `labels` is empty for the site's own."""

    taxonomy: str
    labels: Path
    articles: tuple[Article, ...]
    limit: int | None

    def shown(self, held: Container[str] = ()) -> list[Article]:
        """Return the articles that the feed shows when those with a path in `held` are not."""
        return list(islice((a for a in self.articles if a.path not in held), self.limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """One way of sorting articles: its terms' labels as they are shown, by folded path."""

    name: str
    labels: Mapping[Path, Path]

    def paths(self, article: Article) -> list[Path]:
        """Return the labels of all terms the article stands under, every level of a hierarchy once."""
        found: dict[Path, Path] = {}
        for path in labels_of(article, self.name):
            folded = tuple(map(slugs.fold, path))
            for depth in range(1, len(folded) + 1):
                found[folded[:depth]] = self.labels[folded[:depth]]
        return list(found.values())


def labels_of(article: Article, taxonomy: str) -> Iterable[Path]:
    """Return what an article says of itself in `categories`, `tags` or `authors`."""
    if taxonomy == "categories":
        return article.categories
    if taxonomy == "tags":
        return [(tag,) for tag in article.tags]
    return [(author.name,) for author in article.authors]


def key(labels: Path) -> str:
    """Return what the settings call a category: its labels joined by "/", folded."""
    return slugs.fold("/".join(labels))


def taxonomy(name: str, articles: Iterable[Article]) -> Taxonomy:
    """Return the terms of all articles, spelled as most of them do, else the first by code point."""
    spellings: defaultdict[Path, Counter[str]] = defaultdict(Counter)
    for article in articles:
        for path in labels_of(article, name):
            folded = tuple(map(slugs.fold, path))
            for depth, label in enumerate(path, 1):
                spellings[folded[:depth]][label] += 1
    best = {path: min(found, key=lambda label: (-found[label], label)) for path, found in spellings.items()}
    return Taxonomy(
        name=name,
        labels={path: tuple(best[path[: i + 1]] for i in range(len(path))) for path in sorted(best)},
    )


def stocked(
    articles: Sequence[Article],
    ids: Mapping[str, str],
    taxonomies: Sequence[Taxonomy],
    *,
    limit: int | None,
    limits: Mapping[str, int | None],
) -> list[Shelf]:
    """Return the shelves of the site and of every term; `limits` are those of single categories, by `key`.

    Articles without an id stand nowhere.
    """
    newest = sorted(
        (a for a in articles if a.path in ids), key=lambda a: (-a.published.timestamp(), ids[a.path])
    )
    rows: dict[tuple[str, Path], list[Article]] = {}
    for terms in taxonomies:
        for labels in terms.labels.values():
            rows[terms.name, labels] = []
        for article in newest:
            for labels in terms.paths(article):
                rows[terms.name, labels].append(article)
    shelves = [Shelf(taxonomy="", labels=(), articles=tuple(newest), limit=limit)]
    for (name, labels), found in rows.items():
        own = limits.get(key(labels), limit) if name == "categories" else limit
        shelves.append(Shelf(taxonomy=name, labels=labels, articles=tuple(found), limit=own))
    return shelves
