"""Where articles stand: shelves, the addresses of their terms, and one feed for each that shows something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from feedwright.feeds import feeds
from feedwright.feeds import ids as identity
from feedwright.feeds import taxonomies as shelves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from feedwright.bodies.entry import Made
    from feedwright.feeds.taxonomies import FeedSpec, Path, Taxonomy
    from feedwright.model import ArticleSummary, Entry, Feed
    from feedwright.problems import Problem
    from feedwright.publication.record import Record
    from feedwright.site import CategorySettings, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpecs:
    """Shelves, what their terms' addresses are, and what the record is to remember of them.

    `slug_paths` are by taxonomy and labels; `remembered` is for the record's `slugs`.
    """

    shelves: list[FeedSpec]
    taxonomies: list[Taxonomy]
    slug_paths: dict[tuple[str, Path], str]
    remembered: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def path(self, shelf: FeedSpec) -> str:
        """Return the folder of a shelf's feed below the output folder, "" for the site's own."""
        return feeds.folder(shelf.taxonomy, self.slug_paths.get((shelf.taxonomy, shelf.labels), ""))

    def former(self, site: Site) -> dict[str, tuple[str, ...]]:
        """Return the slug paths that categories had before, by their feeds' paths."""
        own = _by_key(site)
        categories = [shelf for shelf in self.shelves if shelf.taxonomy == "categories"]
        found = {self.path(shelf): own.get(shelves.key(shelf.labels)) for shelf in categories}
        return {path: settings.was for path, settings in found.items() if settings and settings.was}

    def limits(self) -> dict[str, int | None]:
        """Return how many entries each feed may have, by its path."""
        return {self.path(shelf): shelf.limit for shelf in self.shelves}


def stock(
    articles: Sequence[ArticleSummary], ids: Mapping[str, str], site: Site, previous: Record | None
) -> FeedSpecs:
    """Return where the articles that have an id stand; addresses that were given before stay."""
    identified = [a for a in articles if a.path in ids]
    taxonomies = [shelves.taxonomy(name, identified) for name in site.taxonomies]
    by_key = _by_key(site)
    limits = {name: own.limit for name, own in by_key.items() if own.limit != "unset"}
    fixed = {name: own.slug for name, own in by_key.items() if own.slug}
    found = FeedSpecs(
        shelves=shelves.stocked(identified, ids, taxonomies, limit=site.limit, limits=limits),
        taxonomies=taxonomies,
        slug_paths={},
        remembered=dict(previous.slugs) if previous else {},
    )
    for terms in taxonomies:
        own = fixed if terms.name == "categories" else {}
        slug_paths, remembered = feeds.addresses(terms, recorded=found.remembered, fixed=own)
        found.slug_paths.update({(terms.name, labels): slug for labels, slug in slug_paths.items()})
        found.remembered.update(remembered)
        if terms.name == "categories":
            found.problems.extend(feeds.spelling_problems(terms, identified))
            found.problems.extend(feeds.address_problems(terms, slug_paths, identified, own))
    return found


def _by_key(site: Site) -> dict[str, CategorySettings]:
    return {shelves.key((label,)): own for label, own in site.categories.items()}


def stocked_feeds(
    found: FeedSpecs,
    made: Mapping[str, Made],
    ids: Mapping[str, str],
    *,
    site: Site,
    feed_ids: Mapping[str, str],
    authority: str,
) -> list[Feed]:
    """Return one feed for every shelf that has something to show; its entries have no content yet.

    `made` is by path; those in it that are held are not shown. `feed_ids` are the recorded ones by path.
    """
    held = {path for path, one in made.items() if one.article is None}
    terms = feeds.terms_of(found.taxonomies, found.slug_paths, site)
    by_key = _by_key(site)
    entries: dict[str, Entry] = {}
    built = []
    for shelf in found.shelves:
        shown = shelf.shown(held)
        if not shown:
            continue
        for card in shown:
            if card.path not in entries:
                entries[card.path] = feeds.entry(
                    card, made[card.path], guid=ids[card.path], site=site, terms=terms
                )
        path = found.path(shelf)
        own_id = feed_ids.get(path) or identity.feed_id(authority, path)
        own_entries = tuple(entries[card.path] for card in shown)
        own = by_key.get(shelves.key(shelf.labels)) if shelf.taxonomy == "categories" else None
        built.append(feeds.feed(shelf, own_entries, feed_id=own_id, path=path, site=site, own=own))
    return built
