"""The front-matter keys that mean the same in all site generators."""

from __future__ import annotations

from collections.abc import Mapping

from feedwright.generators.generator import HIDES, LOCKS, NO, SHOWS, HidingRule

_PICTURES = (
    "thumbnail headimg cover image images og_image banner featured_image feature_image top_img index_img "
    "banner_img previewimage photos"
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
    "pictures": " ".join([_PICTURES, *("extra." + key for key in _PICTURES.split())]),
    "summary": "excerpt summary description",
    "permalink": "permalink url",
    "path": "path",
    "slug": "slug",
    "guid": "guid id",
    "draft": "draft",
    "visible": "published",
    "status": "status",
    "enclosure": "enclosure",
}
"""Canonical field → its keys, as in `Generator.keys`."""

HIDING: Mapping[str, HidingRule] = {
    "password": LOCKS._replace(words=NO - {"0"}),
    **dict.fromkeys(("encrypted", "encrypt", "private"), LOCKS),
    **dict.fromkeys(("hidden", "hide", "unlisted", "hiddenfromrss"), HIDES),
    **dict.fromkeys(("feed", "rss"), SHOWS),
    "visibility": HidingRule(
        "hidden", frozenset(("public", "published", "visible", "true", "yes", "")), unless=True
    ),
    "status": HidingRule("hidden", frozenset(("hidden", "private", "skip"))),
}
"""Key → how it may hide an article, as in `Generator.hiding`."""

OTHER_KEYS = frozenset(
    """
    alias aliases archive bottom_meta cascade comment comments content copyright data date_format
    disable draftlayout eleventycomputed eleventyimport eleventynavigation
    extra handler header highlight home in_search_index index insert_anchor_links isarchived
    katex keywords lang language layout link linktitle location lock markup math mathjax menu menus
    mermaid name next noindex order outputs override page_template pagination params parent pin
    place prev priority reading_time redirect redirect_from redirect_to related resources robots
    save_as seo sequence series sidebar sitemap source sources state sticky subtitle summarylength
    taxonomies template theme time timezone toc top top_meta topic translation translationkey translations
    type uid uuid version video weight word_count wordcount
    """.split()  # noqa: SIM905
)
"""Keys that some generator or theme knows and feedwright does not use: no slips of the pen."""
