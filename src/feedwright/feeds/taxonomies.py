"""Terms of categories, tags and authors: their labels, levels and spellings.

Labels that differ only in case or in invisible characters are one term; it is shown as most articles write
it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from feedwright import text
from feedwright.model import ArticleSummary
from feedwright.problems import Problem

Labels = tuple[str, ...]
"""The labels of a term, or their folds, root first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """One way of sorting articles: the labels of its terms as they are shown, by their folds."""

    name: str
    labels: Mapping[Labels, Labels]
    _cache: dict[tuple[Labels, ...], tuple[Labels, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def terms_of(self, article: ArticleSummary) -> tuple[Labels, ...]:
        """Return the labels of all terms that an article has, every level of a hierarchy once."""
        written = labels_of(article, self.name)
        if written not in self._cache:
            levels = (self.labels[level] for labels in written for level in _levels(labels))
            self._cache[written] = tuple(dict.fromkeys(levels))
        return self._cache[written]


def _levels(labels: Labels) -> list[Labels]:
    """The folds of labels and of those above them, root first."""
    folds = tuple(map(text.fold_label, labels))
    return [folds[:depth] for depth in range(1, len(folds) + 1)]


def labels_of(article: ArticleSummary, taxonomy: str) -> tuple[Labels, ...]:
    """Return the labels that an article has in `categories`, `tags` or `authors`, as it writes them."""
    if taxonomy == "categories":
        return article.categories
    return tuple((name,) for name in (article.tags if taxonomy == "tags" else article.authors))


def key(labels: Labels) -> str:
    """Return what the settings call a category: its labels joined by "/", folded."""
    return text.fold_label("/".join(labels))


def taxonomy(name: str, articles: Iterable[ArticleSummary]) -> Taxonomy:
    """Return the terms of all articles, each spelled as most of them do, else the first by code point."""
    written = Counter(labels for article in articles for labels in labels_of(article, name))
    spellings: defaultdict[Labels, Counter[str]] = defaultdict(Counter)
    for labels, times in written.items():
        for level, label in zip(_levels(labels), labels, strict=True):
            spellings[level][label] += times
    best = {level: min(found, key=lambda label: (-found[label], label)) for level, found in spellings.items()}
    shown = {level: tuple(best[level[: depth + 1]] for depth in range(len(level))) for level in sorted(best)}
    return Taxonomy(name=name, labels=shown)


def spelling_problems(terms: Taxonomy, articles: Iterable[ArticleSummary]) -> list[Problem]:
    """Return a warning for every other spelling of a term, at the first article that has it."""
    problems: dict[Labels, Problem] = {}
    known = set(terms.labels.values())
    for article in articles:
        for labels in labels_of(article, terms.name):
            if labels not in known:
                known.add(labels)
                shown = terms.labels[tuple(map(text.fold_label, labels))]
                problems[labels] = Problem.warning(
                    "CAT003",
                    f"{' / '.join(labels)!r} counts as {' / '.join(shown)!r}, the usual spelling",
                    article.path,
                    field=terms.name,
                    hint="spell it the same everywhere",
                )
    return list(problems.values())
