"""All site generators, by the names of their modules, what they have in common, and tables of both."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from feedwright import generators
from feedwright.generators.generator import HIDES, LOCKS, NO, SHOWS, Generator, HidingRule, PermalinkFacts
from feedwright.model import replace

_PICTURES = (
    "thumbnail headimg cover image images og_image banner featured_image feature_image top_img index_img "
    "banner_img previewimage photos cover_image hero_image header_img header_image excerpt_image "
    "social_image teaser_image post_image background"
)

KEYS: Mapping[str, str] = {
    "title": "title",
    "published": "date pubdate publish_date created publishdate",
    "updated": "updated lastmod last_modified_at modified last_modified datemodified",
    "due": "publishdate",
    "expires": "expirydate expires unpublishdate",
    "authors": "author authors creator extra.author extra.authors",
    "categories": "categories category taxonomies.categories taxonomies.category",
    "tags": "tags tag taxonomies.tags keywords",
    "pictures": " ".join(
        [
            _PICTURES,
            "header.teaser header.image header.overlay_image seo.image opengraph.image resources",
            *(f"{table}.{key}" for table in ("extra", "params") for key in _PICTURES.split()),
        ]
    ),
    "summary": "excerpt summary description",
    "permalink": "permalink url",
    "path": "path",
    "slug": "slug",
    "guid": "guid id",
    "draft": "draft is_draft isdraft",
    "visible": "published",
    "status": "status",
    "enclosure": "enclosure",
    "language": "lang",
}
"""Canonical field → its keys, as in `Generator.keys`."""

_PAGES = frozenset(
    """
    404 about archive archives categories category friend friends home link links page search tag tags
    """.split()  # noqa: SIM905
)
COMMON_HIDING: Mapping[str, HidingRule] = {
    "password": replace(LOCKS, words=NO - {"0"}),
    **dict.fromkeys(("encrypted", "encrypt", "private", "protected", "locked", "lock"), LOCKS),
    **dict.fromkeys(("passwd", "passphrase", "pwd"), replace(LOCKS, words=NO - {"0"})),
    **dict.fromkeys(("hidden", "hide", "unlisted", "nofeed", "norss", "excludefromfeed"), HIDES),
    **dict.fromkeys(("feed", "rss", "public", "listed"), SHOWS),
    "visibility": HidingRule(
        "hidden", frozenset(("public", "published", "visible", "true", "yes", "")), unless=True
    ),
    "status": HidingRule("hidden", frozenset(("hidden", "private", "skip"))),
    **dict.fromkeys(("layout", "type"), HidingRule("page", _PAGES)),
}
"""Keys that hide, lock or tell a page in the site of any generator."""

PAGE_NAMES = frozenset(("404", "about", "archive", "archives", "categories", "index", "search", "tags"))
"""The names of files and folders at the top of the content folder that are pages of the site."""

OTHER_KEYS = frozenset(
    """
    alias aliases archive bottom_meta breaks cascade comment comments content copyright data date_format
    disable draftlayout eleventycomputed eleventyimport eleventynavigation extra handler header highlight home
    in_search_index index insert_anchor_links isarchived katex keywords language link linktitle
    location markup math mathjax menu menus mermaid name next noindex order override
    page_template pagination params parent pin place prev priority reading_time redirect redirect_from
    redirect_to related robots save_as seo sequence series sidebar sitemap source sources state
    sticky subtitle summarylength taxonomies template theme time timezone toc top top_meta topic translation
    translationkey translations uid uuid version video weight word_count wordcount
    """.split()  # noqa: SIM905
)
"""Keys that some generator or theme knows and feedwright does not use: no slips of the pen."""


def _generators() -> Iterator[tuple[str, Generator]]:
    files = {name for folder in generators.__path__ for name in os.listdir(folder) if name[0] != "_"}
    for name in sorted(file[:-3] for file in files if file.endswith(".py")):  # pkgutil takes 1 ms to import
        generator = getattr(import_module(f"{generators.__name__}.{name}"), "GENERATOR", None)
        if generator is not None:
            yield name, generator


GENERATORS: Mapping[str, Generator] = dict(_generators())

PRESETS: Mapping[str, str | Callable[[PermalinkFacts], str]] = {
    name: generator.permalink for name, generator in GENERATORS.items() if generator.permalink is not None
}
"""The default permalinks of the generators that have a preset."""

_HIDINGS = (*(generator.hiding for generator in GENERATORS.values()), COMMON_HIDING)
HIDING: Mapping[str, HidingRule] = {key: rule for rules in _HIDINGS for key, rule in rules.items()}
"""Key in lower case → how it may hide an article in any dialect: when in doubt, nothing is published."""

HIDING_ELSEWHERE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    dialect: {
        key: tuple(name for name, other in GENERATORS.items() if key in other.hiding)
        for key in HIDING
        if key not in COMMON_HIDING and key not in generator.hiding
    }
    for dialect, generator in GENERATORS.items()
}
"""Dialect → key that hides elsewhere → the generators where it does."""

FOLDERS = frozenset().union(*(generator.folders for generator in GENERATORS.values()))
"""Folders whose names begin with `_` that are read, and that no URL has."""
