"""Zola (getzola.org/documentation/content/page)."""

from __future__ import annotations

from feedwright.generators.generator import SHOWS, Generator

GENERATOR = Generator(
    keys={
        "categories": "taxonomies.categories taxonomies.category categories category",
        "tags": "taxonomies.tags tags tag keywords",
        "authors": "authors author extra.author extra.authors creator",
        "summary": "description summary excerpt extra.summary",
    },
    hiding=dict.fromkeys(("render", "include_in_feeds"), SHOWS),
    undated_pages=True,
)
