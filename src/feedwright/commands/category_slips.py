"""Categories of one article that are a letter away from one of many: most are slips of the pen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from operator import attrgetter

from feedwright.articles.selection import Selection
from feedwright.problems import Problem
from feedwright.settings.checks import nearest, quoted
from feedwright.site import Site
from feedwright.text import count

_RARE, _USUAL = 1, 3
"""Articles of a category that may be a slip of the pen, and of the one that it may be a slip of."""

_SHORTEST = 4
"""Letters of a name below which another letter is another word, as in Chinese."""

_MOST_COMPARED = 50
"""Rare categories that are compared with the usual ones."""


def similar(name: str, numbers: Mapping[str, int]) -> str:
    """Return the category that a rare one may be a slip of, by the articles of each; "" if none is."""
    if numbers[name] > _RARE:
        return ""
    return nearest(name, (other for other, number in numbers.items() if number >= _USUAL)) or ""


def problems_of(site: Site, selection: Selection) -> list[Problem]:
    """Return a warning for each article with such a category, unless the settings know it."""
    return list(_problems(site, selection))


def _problems(site: Site, selection: Selection) -> Iterator[Problem]:
    articles = (*selection.articles, *selection.others)
    by_labels = Counter(chain.from_iterable(map(attrgetter("categories"), articles)))
    if min(by_labels.values(), default=_USUAL) > _RARE:
        return
    numbers: Counter[str] = Counter()
    for labels, number in by_labels.items():
        numbers["/".join(labels)] += number
    usual = [name for name, number in numbers.items() if number >= _USUAL]
    rare = (
        (name, article.path)
        for article in articles
        for name in map("/".join, article.categories)
        if numbers[name] <= _RARE and len(name) >= _SHORTEST and name not in site.categories
    )
    for name, path in islice(rare, _MOST_COMPARED):
        if meant := next((other for other in usual if _is_one_slip(name, other)), ""):
            message = f"only this article has the category {quoted(name)}"
            hint = (
                f"did you mean {quoted(meant)}, as in {count(numbers[meant], 'article')}? "
                f"If not, [categories.{quoted(name)}] in the settings says so"
            )
            yield Problem.warning("CAT013", message, path, field="categories", hint=hint)


def _is_one_slip(name: str, other: str) -> bool:
    """Tell whether one letter was added, left out or changed, or two were swapped; other digits are meant."""
    if abs(len(name) - len(other)) > 1:
        return False
    start = next((at for at, pair in enumerate(zip(name, other, strict=False)) if len(set(pair)) > 1), None)
    start = min(len(name), len(other)) if start is None else start
    a, b = name[start:], other[start:]
    if any(letter.isdigit() for letter in (*a[:1], *b[:1])):
        return False
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
