"""Which front-matter key means what in which generator: one table, and nothing that depends on a file.

A new dialect is a new row in `DIALECTS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from feedwright.articles import visibility

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_SPLITS: Mapping[str, str] = MappingProxyType({})

_PICTURES = (
    "thumbnail headimg cover image images og_image banner featured_image feature_image top_img index_img "
    "banner_img previewimage photos"
)

_BASE: Mapping[str, str] = {
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
    "hiding": " ".join(visibility.KEYS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one generator reads front matter.

    `keys`: canonical field → its keys in lower case, the first that is present and not empty counts;
    `a.b` is the key b of the table a. `splits`: key → separators; a text (never a list) under that key is cut
    at the first of them that occurs in it.
    """

    name: str
    keys: Mapping[str, tuple[str, ...]]
    splits: Mapping[str, str] = field(default_factory=lambda: _NO_SPLITS)


def _row(name: str, *, splits: Mapping[str, str] = _NO_SPLITS, **keys: str) -> Dialect:
    merged = {**_BASE, **keys}
    return Dialect(
        name=name, keys={field: tuple(row.split()) for field, row in merged.items()}, splits=splits
    )


DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        row.name: row
        for row in (
            _row("hexo"),
            _row(
                "jekyll",
                # the singular key is one category with its spaces, and comes first
                categories="category categories",
                tags="tag tags keywords",
                summary="description excerpt summary",
                splits={"categories": " ", "tags": " "},
            ),
            _row(
                "hugo",
                published="date publishdate pubdate publish_date created",
                updated="lastmod modified updated last_modified_at last_modified datemodified",
                summary="summary description excerpt",
                permalink="url permalink",
            ),
            _row(
                "pelican",
                updated="modified updated lastmod last_modified_at last_modified datemodified",
                categories="category categories",
                summary="summary description excerpt",
                permalink="url permalink",
                splits={"tags": ";,", "authors": ";,", "keywords": ";,"},
            ),
            _row("eleventy", categories="categories category tags", summary="summary description excerpt"),
            _row(
                "zola",
                categories="taxonomies.categories taxonomies.category categories category",
                tags="taxonomies.tags tags tag keywords",
                authors="authors author extra.author extra.authors creator",
                summary="description summary excerpt extra.summary",
            ),
        )
    }
)

_COMMON = frozenset(
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


@cache
def key_index(dialect: str) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """The dialect's row turned round: key → its canonical fields, each with the key's rank there."""
    index: dict[str, tuple[tuple[str, int], ...]] = {}
    for canonical, keys in DIALECTS[dialect].keys.items():
        for rank, key in enumerate(keys):
            index[key] = (*index.get(key, ()), (canonical, rank))
    return index


class Meanings(NamedTuple):
    """What the keys of one front matter mean; a key is named by its position among them.

    `fields`: canonical field → its keys, the first that is not empty counts. `pictures`: the keys of every
    picture, in that order. `hiding`: the keys that may hide the article. `twice`: a key and the same key
    before it, in other letters.
    """

    fields: Mapping[str, tuple[int, ...]]
    pictures: tuple[int, ...]
    hiding: tuple[int, ...]
    unknown: tuple[int, ...]
    twice: tuple[tuple[int, int], ...]


@lru_cache(maxsize=128)
def meanings(keys: tuple[str, ...], nested: tuple[str, ...], dialect: str) -> Meanings:
    """Return what keys, and after them those of tables, mean: most articles of a site have the same."""
    index, top = key_index(dialect), frozenset(keys)
    ranked: dict[str, list[tuple[int, int]]] = {}
    unknown: list[int] = []
    known: dict[str, int] = {}
    twice: list[tuple[int, int]] = []
    for at, key in enumerate((*keys, *nested)):
        plain = key if key in index else key.strip().lower()
        if plain not in index:
            if key in top:
                unknown.append(at)
        elif known.setdefault(plain, at) != at:  # `Title` and `title`
            twice.append((at, known[plain]))
        else:
            for canonical, rank in index[plain]:
                ranked.setdefault(canonical, []).append((rank, at))
    fields = {name: tuple(at for _, at in sorted(places)) for name, places in ranked.items()}
    pictures, hiding = fields.pop("pictures", ()), fields.pop("hiding", ())
    return Meanings(fields, pictures, hiding, tuple(unknown), tuple(twice))


@lru_cache(maxsize=4096)
def meant(key: str, dialect: str) -> str:
    """The known key that an unknown one (in lower case) is probably a slip of, else ""."""
    if key in _COMMON or len(key) > 40:
        return ""
    from difflib import get_close_matches

    known = [name for name in key_index(dialect) if "." not in name]
    close = get_close_matches(key, [*known, *_COMMON], n=1, cutoff=0.8)
    return close[0] if close and close[0] not in _COMMON else ""
