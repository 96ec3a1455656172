"""The meaning of front-matter keys in a dialect, whatever the file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from unicodedata import normalize

from msgspec import Struct

from feedwright.generators.table import GENERATORS, HIDING, KEYS, OTHER_KEYS
from feedwright.text import IGNORED, scrub

_SHORTEST = 4
"""Letters of a key that may be the slip of another: `pid` is none of `id`."""


def fold_key(key: str) -> str:
    """Return what a key is looked up as: in lower case and usual letters, without what nobody sees."""
    if not key.isprintable() or not key.isascii():
        key = IGNORED.sub("", normalize("NFKC", scrub(key)))
    return key.strip().lower()


@cache
def keys_of(dialect: str) -> Mapping[str, tuple[str, ...]]:
    """Return the canonical fields, each with its keys, as `Generator.keys` has them."""
    rows = {**KEYS, **GENERATORS[dialect].keys}
    return {**{field: tuple(row.split()) for field, row in rows.items()}, "hiding": tuple(sorted(HIDING))}


@cache
def key_index(dialect: str) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Return the dialect's keys, each with its canonical fields and the key's rank there."""
    index: dict[str, tuple[tuple[str, int], ...]] = {}
    for canonical, keys in keys_of(dialect).items():
        for rank, key in enumerate(keys):
            index[key] = (*index.get(key, ()), (canonical, rank))
    return index


def join_words(key: str) -> str:
    """Return a folded key without the marks that separate its words."""
    return key.replace("-", "").replace("_", "")


@cache
def joined_index(dialect: str) -> Mapping[str, str]:
    """Return the keys of pictures and those that may hide an article, by what `join_words` makes of them."""
    keys = keys_of(dialect)
    return {join_words(key): key for field in ("hiding", "pictures") for key in reversed(keys[field])}


class Meanings(Struct, frozen=True, kw_only=True):
    """The meaning of the keys of one front matter, each named by its position among them.

    `fields`: canonical field → its keys, the first that is not empty counts. `pictures`: the keys of every
    picture, in that order. `hiding`: key of `HIDING` → the key that may hide the article. `unknown`: those
    without a meaning. `twice`: a key and the same key before it, in other letters.
    """

    fields: Mapping[str, tuple[int, ...]]
    pictures: tuple[int, ...]
    hiding: Mapping[str, int]
    unknown: tuple[int, ...]
    twice: tuple[tuple[int, int], ...]


@lru_cache(maxsize=128)
def meanings(keys: tuple[str, ...], nested: tuple[str, ...], dialect: str) -> Meanings:
    """Return the meaning of keys, then of those of tables: most articles of a site have the same ones."""
    index, joined, top = key_index(dialect), joined_index(dialect), frozenset(keys)
    ranked: dict[str, list[tuple[int, int]]] = {}
    unknown: list[int] = []
    first: dict[str, int] = {}
    twice: list[tuple[int, int]] = []
    for position, key in enumerate((*keys, *nested)):
        folded = key if key in index else fold_key(key)
        plain = folded if folded in index else joined.get(join_words(folded), folded)
        if plain not in index:
            if key in top:
                unknown.append(position)
        elif first.setdefault(plain, position) != position:
            if plain == folded:  # `Title` and `title`; of `header-img` and `header_img` the first counts
                twice.append((position, first[plain]))
        else:
            for canonical, rank in index[plain]:
                ranked.setdefault(canonical, []).append((rank, position))
    fields = {name: tuple(position for _, position in sorted(rows)) for name, rows in ranked.items()}
    pictures = fields.pop("pictures", ())
    fields.pop("hiding", None)
    names = keys_of(dialect)["hiding"]
    hiding = {names[rank]: position for rank, position in sorted(ranked.get("hiding", ()))}
    return Meanings(
        fields=fields, pictures=pictures, hiding=hiding, unknown=tuple(unknown), twice=tuple(twice)
    )


@lru_cache(maxsize=4096)
def likely_key(key: str, dialect: str) -> str:
    """Return the known key that an unknown one (in lower case) was probably meant to be, else ""."""
    if key in OTHER_KEYS or not _SHORTEST <= len(key) <= 40:
        return ""
    from difflib import get_close_matches

    known = [name for name in key_index(dialect) if "." not in name and len(name) >= _SHORTEST]
    close = get_close_matches(key, [*known, *OTHER_KEYS], n=1, cutoff=0.8)
    return close[0] if close and close[0] not in OTHER_KEYS else ""
