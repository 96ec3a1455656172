"""Terms of categories, tags and authors: their labels, levels, spellings and addresses.

Labels that differ only in case or in invisible characters are one term; it is shown as most articles write
it. Its address is a slug path, kept for good.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any

from msgspec import Struct, field

from feedwright import text
from feedwright.feeds import slugs
from feedwright.model import ArticleSummary
from feedwright.problems import Problem

Labels = tuple[str, ...]
"""The labels of a term, or their folds, root first."""

_REASONS = {
    "CAT004": "the name is too long for an address",
    "CAT005": "the name has neither letters nor digits",
    "CAT006": "feedwright or an operating system has that name for itself",
    "CAT007": "another category has that address",
}


class Taxonomy(Struct, frozen=True, kw_only=True, eq=False):
    """One way of sorting articles: the labels of its terms as they are shown, by their folds.

    `variants` are labels that articles write otherwise. `known` has the terms of labels that were asked for.
    """

    name: str
    labels: Mapping[Labels, Labels]
    variants: frozenset[Labels] = frozenset()
    known: dict[Labels, tuple[Labels, ...]] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """The beginning of its feeds' folders; those of categories are at the top."""
        return "" if self.name == "categories" else f"{self.name}/"

    def terms_of(self, article: ArticleSummary) -> tuple[Labels, ...]:
        """Return the labels of all terms that an article has, every level of a hierarchy once."""
        written = labels_of(article, self.name)
        return tuple(dict.fromkeys(chain.from_iterable(map(self._with_those_above, written))))

    def _with_those_above(self, labels: Labels) -> tuple[Labels, ...]:
        terms = self.known.get(labels)
        if terms is None:
            terms = self.known[labels] = tuple(map(self.labels.__getitem__, _levels(labels)))
        return terms

    def members(self, articles: Iterable[ArticleSummary]) -> dict[Labels, list[ArticleSummary]]:
        """Return the articles of every term, in their order."""
        members: dict[Labels, list[ArticleSummary]] = {labels: [] for labels in self.labels.values()}
        lists: dict[object, list[list[ArticleSummary]]] = {}  # most articles are sorted as others are
        written_by = attrgetter(self.name)
        for article in articles:
            written = written_by(article)
            found = lists.get(written)
            if found is None:
                found = lists[written] = [members[labels] for labels in self.terms_of(article)]
            for term in found:
                term.append(article)
        return members


@lru_cache(4096)
def _levels(labels: Labels) -> tuple[Labels, ...]:
    """The folds of labels and of those above them, root first."""
    folds = tuple(map(text.fold_label, labels))
    return tuple([folds[:depth] for depth in range(1, len(folds) + 1)])


def labels_of(article: ArticleSummary, taxonomy: str) -> tuple[Labels, ...]:
    """Return the labels that an article has in `categories`, `tags` or `authors`, as it writes them."""
    return _labels(getattr(article, taxonomy), taxonomy)


def _labels(written: tuple[Any, ...], taxonomy: str) -> tuple[Labels, ...]:
    """The labels in a field of an article: those of categories are paths, the others are single."""
    return written if taxonomy == "categories" else tuple((name,) for name in written)


def key(labels: Labels) -> str:
    """Return what the settings call a category: its labels joined by "/", folded."""
    return text.fold_label("/".join(labels))


def taxonomy(name: str, articles: Iterable[ArticleSummary]) -> Taxonomy:
    """Return the terms of all articles, each spelled as most of them do, else the first by code point."""
    counts = Counter(chain.from_iterable(map(attrgetter(name), articles)))
    written = _labels(tuple(counts), name)
    spellings: defaultdict[Labels, Counter[str]] = defaultdict(Counter)
    for labels, times in zip(written, counts.values(), strict=True):
        for level, label in zip(_levels(labels), labels, strict=True):
            spellings[level][label] += times
    best = {level: min(found, key=lambda label: (-found[label], label)) for level, found in spellings.items()}
    shown = {level: tuple(best[level[: depth + 1]] for depth in range(len(level))) for level in sorted(best)}
    return Taxonomy(name=name, labels=shown, variants=frozenset(written).difference(shown.values()))


def spelling_problems(terms: Taxonomy, articles: Iterable[ArticleSummary]) -> list[Problem]:
    """Return a warning for every other spelling of a term, at the first article that has it."""
    problems = []
    untold = {*terms.variants}
    for article in articles if untold else ():
        for labels in labels_of(article, terms.name):
            if labels not in untold:
                continue
            untold.remove(labels)
            usual = " / ".join(terms.labels[_levels(labels)[-1]])
            message = f"{' / '.join(labels)!r} counts as {usual!r}, the usual spelling"
            hint = "spell it the same everywhere"
            problems.append(Problem.warning("CAT003", message, article.path, field=terms.name, hint=hint))
    return problems


def addresses(
    terms: Taxonomy, *, recorded: Mapping[str, str], fixed: Mapping[str, str]
) -> Mapping[Labels, str]:
    """The slug path of every term.

    `recorded` are the rows that the record has: slug path to joined labels, with the taxonomy's name before
    the slugs of tags and authors. `fixed` are the slugs that the settings give, by `key`.
    """
    prefix, others = terms.prefix, ("tags/", "authors/")
    taken = {
        path.removeprefix(prefix): labels
        for path, labels in recorded.items()
        if (path.startswith(prefix) if prefix else not path.startswith(others))
    }
    return slugs.assign(terms.labels.values(), taken=taken, fixed=fixed)


def address_problems(
    terms: Taxonomy,
    assigned: Mapping[Labels, str],
    articles: Iterable[ArticleSummary],
    fixed: Mapping[str, str],
) -> list[Problem]:
    """Return a warning for every category whose address is not its name, at its first article."""
    codes = {
        labels: code
        for labels, path in assigned.items()
        if (code := slugs.repaired(labels[-1], path.rpartition("/")[2])) and key(labels) not in fixed
    }
    first: dict[Labels, str] = {}
    for article in articles if codes else ():
        for labels in terms.terms_of(article):
            first.setdefault(labels, article.path)
    return [
        Problem.warning(
            code,
            f"the feed of {' / '.join(labels)!r} is at {assigned[labels]}/: {_REASONS[code]}",
            first[labels],
            field=terms.name,
            hint=f'choose its address for good: [categories."{"/".join(labels)}"] slug = "…"',
        )
        for labels, code in sorted(codes.items())
    ]
