"""From a category's label to its slug: a part of the URL contract, frozen by `tests/data/slugs.json`.

A slug holds letters, digits and combining marks of any script, casefolded, and "-": never a slash, a dot, a
percent sign, a space or a name that Windows or a feed's own files have. Two labels never share a slug.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, groupby

from feedwright.patterns import lazy_pattern
from feedwright.text import FORBIDDEN, IGNORED, caseless, fold_label, without_ignored

SEPARATOR = "\u001f"
"""Joins the labels of one path in the record; no tidy label can hold it."""

_LONGEST = 80  # bytes of UTF-8; with two hashes still below 100
_LONGEST_HASHED = 98
_HASHED = lazy_pattern(r"(.+)-[0-9a-f]{8}", re.DOTALL)
_PREFIX = lazy_pattern(r"\A(?:tags|authors)/")
_DEVICES = ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
_RESERVED = frozenset(
    ("all", "index", "feed", "feeds", "tags", "authors", "rss", "atom", "opml", "page", *_DEVICES)
)

_Path = tuple[str, ...]


def slug(label: str) -> str:
    """Return the slug of one label: total, never empty, never reserved, at most 89 bytes of UTF-8.

    Labels with one `text.fold_label` have one slug. A label without letters and digits becomes "c-" and 8 hex
    digits of a hash, one that is too long is cut and ends in such a hash, a reserved name ends in "-cat".
    """
    key = fold_label(label)
    plain = _plain(key)
    if not plain:
        return f"c-{_hash(key)}"
    if len(plain.encode()) > _LONGEST:
        return f"{_cut(plain)}-{_hash(key)}"
    return f"{plain}-cat" if plain in _RESERVED else plain


def is_slug(part: str) -> bool:
    """Tell whether a slug path may have that part: what `slug` returns, with up to two hashes more.

    Letters of a Unicode that is newer than Python's count as letters.
    """
    if len(part.encode("utf-8", "surrogatepass")) > _LONGEST_HASHED:
        return False
    known = part
    if not part.isascii():
        known = "".join("x" if _is_unassigned(character) else character for character in part)
    base = _HASHED.fullmatch(part)
    return slug(known) == known or (base is not None and is_slug(base[1]))


def is_slug_path(path: str) -> bool:
    """Tell whether a feed of a category, a tag or an author may have that folder."""
    return all(map(is_slug, _PREFIX.sub("", path, count=1).split("/")))


def _is_unassigned(character: str) -> bool:
    is_banned = IGNORED.match(character) or FORBIDDEN.match(character)
    return unicodedata.category(character) == "Cn" and not is_banned


def repaired(label: str, leaf: str) -> str:
    """Return the code of the repair between a label and the last part of its slug path, "" if there is none.

    CAT004: cut; CAT005: nothing but a hash; CAT006: a reserved name; CAT007: another label has the plain
    slug.
    """
    plain = _plain(fold_label(label))
    if leaf == plain:
        return ""
    if leaf != slug(label):
        return "CAT007"
    if not plain:
        return "CAT005"
    return "CAT006" if plain in _RESERVED else "CAT004"


def assign(
    paths: Iterable[_Path], *, taken: Mapping[str, str], fixed: Mapping[str, str]
) -> Mapping[_Path, str]:
    """Return the slug path of every label path (root first) and of each path above it.

    `taken` is what the record remembers: slug path to labels joined by `SEPARATOR`. `fixed` is what the
    settings say: labels joined by "/" to slug. A label path keeps its recorded slug path, unless the settings
    give another. They may also give the slug of a category that is gone, but never that of one that is still
    there. Then the first label by code point has the plain slug, the others end in a hash of their label. A
    slug path lies below its parent's. Two label paths never share a slug path, by casefold and NFC; the order
    of `paths` never shows.
    """
    written = sorted({path[:depth] for path in paths for depth in range(1, len(path) + 1)})
    folded = {path: tuple(map(fold_label, path)) for path in written}
    chosen = {fold_label(label): slug(name) for label, name in fixed.items()}
    owners: dict[str, _Path] = {}
    remembered: defaultdict[_Path, set[str]] = defaultdict(set)
    for slug_path, labels in sorted(taken.items()):
        owner = tuple(map(fold_label, labels.split(SEPARATOR)))
        owners.setdefault(caseless(slug_path), owner)
        remembered[owner].add(slug_path.rpartition("/")[2])
    assigned: dict[_Path, str] = {}
    used: set[str] = set()

    def claim(path: _Path, leaves: Iterable[str], *, heir: bool = False) -> None:
        """Assign the first slug that is free to a path that has none; an heir may have a recorded one."""
        if path in assigned:
            return
        above = f"{assigned[path[:-1]]}/" if len(path) > 1 else ""
        for leaf in leaves:
            key = caseless(above + leaf)
            if key not in used and (heir or owners.get(key, path) == path):
                used.add(key)
                assigned[path] = above + leaf
                return

    for _, group in groupby(sorted(set(folded.values()), key=lambda path: (len(path), path)), key=len):
        level = [(path, chosen.get("/".join(path))) for path in group]
        for path, choice in level:
            leaves = remembered[path] & {choice or slug(path[-1])}
            claim(path, leaves if choice else [*leaves, *sorted(remembered[path])])
        for path, choice in level:
            claim(path, [choice] if choice else (), heir=True)
        for path, choice in level:
            claim(path, _alternatives(choice or slug(path[-1]), path[-1]))
    return {path: assigned[key] for path, key in folded.items()}


def _alternatives(base: str, label: str) -> Iterator[str]:
    yield base
    yield f"{base}-{_hash(label)}"
    for turn in count(1):  # a label may be written like another's hashed slug
        yield f"{base}-{_hash(f'{label}{SEPARATOR}{turn}')}"


def _plain(key: str) -> str:
    """The plain slug of a folded label: each run of what is not a letter or digit becomes one "-"."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
    characters: list[str] = []
    for character in without_ignored(text):
        category = unicodedata.category(character)
        inside = bool(characters) and characters[-1] != "-"
        if category[0] in "LN" or (inside and category in ("Mn", "Mc")):
            characters.append(character)
        elif inside:
            characters.append("-")
    return "".join(characters).rstrip("-")


def _cut(text: str) -> str:
    """The longest beginning within the limit that leaves no base without its marks."""
    short = text.encode()[:_LONGEST].decode(errors="ignore")
    end = len(short)
    while end and unicodedata.category(text[end])[0] == "M":
        end -= 1
    return (text[:end] or short).rstrip("-")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
