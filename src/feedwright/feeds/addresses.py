"""The folders of feeds: slugs of terms, kept for good, and warnings where a slug is not the plain one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feedwright.feeds import slugs
from feedwright.feeds.taxonomies import Labels, Taxonomy, key
from feedwright.model import ArticleSummary
from feedwright.problems import Problem

_REASONS = {
    "CAT004": "the name is too long for an address",
    "CAT005": "the name has neither letters nor digits",
    "CAT006": "feedwright or an operating system has that name for itself",
    "CAT007": "another category has that address",
}


def prefix_of(taxonomy: str) -> str:
    """Return what the folders of a taxonomy's feeds begin with; those of categories are at the top."""
    return "" if taxonomy == "categories" else f"{taxonomy}/"


def addresses(
    terms: Taxonomy, *, recorded: Mapping[str, str], fixed: Mapping[str, str]
) -> tuple[dict[Labels, str], dict[str, str]]:
    """Return the slug path of every term, and the rows for the record: slug path to joined labels.

    `recorded` are the rows that it has, with the taxonomy's name before the slugs of tags and authors;
    `fixed` are the slugs that the settings give, by `taxonomies.key`.
    """
    prefix = prefix_of(terms.name)
    taken = {path[len(prefix) :]: labels for path, labels in recorded.items() if _belongs(path, prefix)}
    assigned = dict(slugs.assign(terms.labels.values(), taken=taken, fixed=fixed))
    rows = {f"{prefix}{slug}": slugs.SEPARATOR.join(labels) for labels, slug in assigned.items()}
    return assigned, rows


def _belongs(path: str, prefix: str) -> bool:
    return path.startswith(prefix) if prefix else not path.startswith(("tags/", "authors/"))


def address_problems(
    terms: Taxonomy,
    assigned: Mapping[Labels, str],
    articles: Iterable[ArticleSummary],
    fixed: Mapping[str, str],
) -> list[Problem]:
    """Return a warning for every category whose address is not its name, at its first article."""
    codes = {
        labels: slugs.repaired(labels[-1], path.rpartition("/")[2])
        for labels, path in assigned.items()
        if key(labels) not in fixed
    }
    if not any(codes.values()):
        return []
    first: dict[Labels, str] = {}
    for article in articles:
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
        if code
    ]
