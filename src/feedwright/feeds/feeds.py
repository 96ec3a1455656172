"""A shelf and what readers get of its articles become a Feed.

No clock in it: a feed's `updated` is the newest of its entries'. Categories that could not keep their name
as an address are reported.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from feedwright import text
from feedwright.feeds import slugs
from feedwright.feeds.taxonomies import Path, key, labels_of
from feedwright.model import Author, Entry, Feed, Term
from feedwright.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from feedwright.bodies.entry import Made
    from feedwright.feeds.taxonomies import FeedSpec, Taxonomy
    from feedwright.model import ArticleSummary
    from feedwright.site import CategorySettings, Site

_ODDITIES = {
    "CAT004": "the name is too long for an address",
    "CAT005": "the name has neither letters nor digits",
    "CAT006": "feedwright or an operating system has that name for itself",
    "CAT007": "another category has that address",
}


def folder(taxonomy: str, slug_path: str) -> str:
    """Return a feed's folder below the output folder, "" for the site's own, else ending in "/"."""
    if not taxonomy:
        return ""
    return f"{slug_path}/" if taxonomy == "categories" else f"{taxonomy}/{slug_path}/"


def addresses(
    taxonomy: Taxonomy, *, recorded: Mapping[str, str], fixed: Mapping[str, str]
) -> tuple[dict[Path, str], dict[str, str]]:
    """Return the slug path of every term, and what the record is to remember: slug path to joined labels.

    `recorded` is what it remembered; in it, terms of tags and authors begin with the taxonomy's name.
    """
    prefix = "" if taxonomy.name == "categories" else f"{taxonomy.name}/"
    own = {s[len(prefix) :]: labels for s, labels in recorded.items() if _belongs(s, prefix)}
    found = dict(slugs.assign(taxonomy.labels.values(), taken=own, fixed=fixed))
    remembered = {f"{prefix}{slug}": slugs.SEPARATOR.join(labels) for labels, slug in found.items()}
    return found, remembered


def _belongs(slug: str, prefix: str) -> bool:
    return slug.startswith(prefix) if prefix else not slug.startswith(("tags/", "authors/"))


def address_problems(
    taxonomy: Taxonomy,
    found: Mapping[Path, str],
    articles: Iterable[ArticleSummary],
    fixed: Mapping[str, str],
) -> list[Problem]:
    """Return a warning for every category whose address is not its name, at its first article."""
    odd = {path: _oddity(path, slug, fixed) for path, slug in found.items()}
    if not any(odd.values()):
        return []
    first: dict[Path, str] = {}
    for article in articles:
        for path in taxonomy.paths(article):
            first.setdefault(path, article.path)
    return [
        Problem(
            severity="warning",
            code=code,
            message=f"the feed of {' / '.join(path)!r} is at {found[path]}/: {_ODDITIES[code]}",
            file=first[path],
            field=taxonomy.name,
            hint=f'choose its address for good: [categories."{"/".join(path)}"] slug = "…"',
        )
        for path, code in sorted(odd.items())
        if code
    ]


def _oddity(path: Path, slug_path: str, fixed: Mapping[str, str]) -> str:
    if key(path) in fixed:
        return ""
    return slugs.repaired(path[-1], slug_path.rpartition("/")[2])


def spelling_problems(taxonomy: Taxonomy, articles: Iterable[ArticleSummary]) -> list[Problem]:
    """Return a warning for every category that is spelled in more than one way, at the first such article."""
    odd: dict[Path, Problem] = {}
    known = set(taxonomy.labels.values())
    for article in articles:
        for path in labels_of(article, taxonomy.name):
            if path not in known:
                known.add(path)
                shown = taxonomy.labels[tuple(map(text.fold_label, path))]
                odd[path] = Problem(
                    severity="warning",
                    code="CAT003",
                    message=f"{' / '.join(path)!r} counts as {' / '.join(shown)!r}, the usual spelling",
                    file=article.path,
                    field=taxonomy.name,
                    hint="spell it the same everywhere",
                )
    return list(odd.values())


def entry(
    card: ArticleSummary,
    made: Made,
    *,
    guid: str,
    site: Site,
    terms: Callable[[ArticleSummary], tuple[Term, ...]],
) -> Entry:
    """Return the article as every feed shows it, but for its content, which is wanted only by who renders it.

    Its author may be the site's, else the site's title. An update that has not happened yet is not told.
    """
    article = made.article
    if article is None:
        raise ValueError(f"{card.path} is held")
    authors = article.authors or (site_author(site),)
    return Entry(
        id=guid,
        title=article.title,
        link=article.link,
        published=article.published,
        updated=article.updated if article.updated <= card.updated else article.published,
        authors=tuple(_published(author, site) for author in authors),
        categories=terms(card),
        summary=made.summary,
        content=None,
        thumbnail=made.thumbnail,
        enclosure=article.enclosure,
    )


def site_author(site: Site) -> Author:
    """Return who stands for articles that name nobody."""
    return _published(site.author, site) if site.author else Author(name=site.title)


def _published(author: Author, site: Site) -> Author:
    return author if site.publish_email or author.email is None else replace(author, email=None)


def terms_of(
    taxonomies: Sequence[Taxonomy], slug_paths: Mapping[tuple[str, Path], str], site: Site
) -> Callable[[ArticleSummary], tuple[Term, ...]]:
    """Return the function that tells an article's terms, categories first; authors are no categories."""
    known = [t for t in taxonomies if t.name != "authors"]

    def terms(article: ArticleSummary) -> tuple[Term, ...]:
        return tuple(
            Term(
                term=slug_paths[t.name, labels], label=labels[-1], scheme=f"{site.feeds_url}{_scheme(t.name)}"
            )
            for t in known
            for labels in t.paths(article)
        )

    return terms


def _scheme(taxonomy: str) -> str:
    return "" if taxonomy == "categories" else f"{taxonomy}/"


def feed(
    shelf: FeedSpec,
    entries: tuple[Entry, ...],
    *,
    feed_id: str,
    path: str,
    site: Site,
    own: CategorySettings | None,
) -> Feed:
    """Return the feed of a shelf; `path` is its folder, `own` what the settings say of it alone.

    There is at least one entry.
    """
    label = " / ".join(shelf.labels)
    image = own.image if own else None
    return Feed(
        id=feed_id,
        path=path,
        url=site.feeds_url + quote(path),
        link=site.url,
        title=(own.title if own and own.title else f"{label} – {site.title}") if label else site.title,
        description=(own.description if own and own.description else None) or site.description,
        language=site.language,
        updated=max(e.updated for e in entries),
        author=site_author(site),
        entries=entries,
        copyright=site.copyright,
        icon=site.icon,
        logo=image or site.logo,
        ttl=site.ttl,
        hub=site.hub,
    )
