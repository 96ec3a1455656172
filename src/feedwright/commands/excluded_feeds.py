"""Feeds of categories, tags and authors that are left out of a build, so that all others are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedwright.feeds.feed_specs import FeedSpec, FeedSpecs
from feedwright.formats.table import FORMATS
from feedwright.model import Feed
from feedwright.problems import Problem
from feedwright.publication import obstacles
from feedwright.publication.record import Record
from feedwright.site import Site

MOST_NEW = 2000
"""New feeds that one build may bring, with one more for every article: more are no one's intention."""


def find(
    specs: FeedSpecs, previous: Record | None, site: Site, *, articles: int, accept: frozenset[str]
) -> dict[str, Problem]:
    """Return the new feeds that cannot be published, or not without "many-feeds", by path, each with why."""
    recorded = previous.feeds if previous else {}
    new = [spec for spec in specs.specs if spec.path and spec.path not in recorded]
    if len(new) > MOST_NEW + articles and "many-feeds" not in accept:
        return dict.fromkeys([spec.path for spec in new], _too_many(len(new), articles))
    is_foreign = previous is not None and "foreign" not in accept
    marks = {FORMATS[name].file: FORMATS[name].mark for name in site.formats if not FORMATS[name].once}
    reasons = {spec.path: obstacles.find(spec.path, marks if is_foreign else {}, site.output) for spec in new}
    return {spec.path: _problem(spec, specs, reasons[spec.path]) for spec in new if reasons[spec.path]}


def refused(feeds: Sequence[Feed], reasons: Mapping[str, str], specs: FeedSpecs) -> dict[str, Problem]:
    """Return the feeds that no document can hold, by path; `reasons` are by the feed's id."""
    paths = {feed.path: reasons[feed.id] for feed in feeds if feed.id in reasons}
    return {spec.path: _problem(spec, specs, paths[spec.path]) for spec in specs.specs if spec.path in paths}


def _problem(spec: FeedSpec, specs: FeedSpecs, reason: str) -> Problem:
    """The warning about a feed, at the newest of its articles."""
    prefixes = {terms.prefix: terms.name for terms in specs.taxonomies if terms.prefix}
    field = next((name for prefix, name in prefixes.items() if spec.path.startswith(prefix)), "categories")
    label = " / ".join(spec.labels) or spec.language
    message = f"the feeds of {label!r} are left out: {reason}"
    hint = f'choose another address: [categories."{"/".join(spec.labels)}"] slug = "…"'
    hint = "move away what is there" if spec.language else hint
    return Problem.warning("CAT012", message, spec.articles[0].path, field=field, hint=hint)


def _too_many(new: int, articles: int) -> Problem:
    message = f"{new:,} new feeds of {articles:,} articles: none of them is published"
    hint = "look for an article with a flood of categories or tags; if they are meant: --accept many-feeds"
    return Problem.warning("LIM005", message, hint=hint)
