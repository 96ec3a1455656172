"""From a category's label to its slug: a part of the URL contract, frozen by `tests/data/slugs.json`.

A slug holds letters, digits and combining marks of any script, casefolded, and "-": never a slash, a dot, a
percent sign, a space or a name that Windows or a feed's own files have. Two labels never share a slug.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from feedwright.text import IGNORED, caseless, fold_label

SEPARATOR = "\u001f"
"""Joins the labels of one path in the record; no tidy label can hold it."""

_LONGEST = 80  # bytes of UTF-8; with two hashes still below 100
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
    settings say: labels joined by "/" to slug. Who has a slug path by the record keeps it, unless the
    settings give another. They also hand out the slug of a category that is gone, but never that of one that
    is still there. Then the first label by code point has the plain slug, the others end in a hash of their
    label. A path lies below its parent's. Two paths never have one slug path, by casefold and NFC; the order
    of `paths` never shows.
    """
    written = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
    folded = {path: tuple(map(fold_label, path)) for path in written}
    naming = _Naming(taken, {fold_label(label): slug(wanted) for label, wanted in fixed.items()})
    found: dict[_Path, str] = {(): ""}
    for parent, children in _families(folded.values()):
        found.update(naming.family(parent, found[parent], children))
    return {path: found[key] for path, key in sorted(folded.items())}


class _Naming:
    """Names the children of one parent at a time; holds what the record and the settings say, folded."""

    def __init__(self, taken: Mapping[str, str], fixed: Mapping[str, str]) -> None:
        self.fixed = fixed
        self.owners: dict[str, _Path] = {}
        self.kept: dict[_Path, list[str]] = {}
        for slug_path, labels in sorted(taken.items()):
            owner = tuple(map(fold_label, labels.split(SEPARATOR)))
            self.owners.setdefault(caseless(slug_path), owner)
            self.kept.setdefault(owner, []).append(slug_path.rpartition("/")[2])

    def family(self, parent: _Path, above: str, children: Iterable[_Path]) -> dict[_Path, str]:
        """Return the slug paths of all children of one parent, whose own slug path is `above`."""
        prefix = f"{above}/" if above else ""
        used: dict[str, _Path] = {}
        found: dict[_Path, str] = {}

        def claim(child: _Path, leaf: str, *, heir: bool = False) -> bool:
            key = caseless(prefix + leaf)
            if key in used or (not heir and self.owners.get(key, child) != child):
                return False
            used[key] = child
            found[child] = prefix + leaf
            return True

        children = sorted(children)
        for child in children:
            any(claim(child, leaf) for leaf in self._remembered(child))
        for child in children:
            if child not in found and "/".join(child) in self.fixed:
                claim(child, self.fixed["/".join(child)], heir=True)
        for child in children:
            if child not in found:
                base = self.fixed.get("/".join(child)) or slug(child[-1])
                any(claim(child, leaf) for leaf in _alternatives(base, child[-1]))
        return found

    def _remembered(self, child: _Path) -> list[str]:
        """Return the last parts that the record has for the child, the plain one first."""
        wanted = self.fixed.get("/".join(child))
        leaves = [leaf for leaf in self.kept.get(child, ()) if wanted in (None, leaf)]
        plain = slug(child[-1])
        return sorted(leaves, key=lambda leaf: (leaf != plain, leaf))


def _families(paths: Iterable[_Path]) -> list[tuple[_Path, list[_Path]]]:
    """Return every parent with its children, parents first; all paths above a path are among the paths."""
    families: dict[_Path, list[_Path]] = {}
    for path in sorted(set(paths), key=lambda path: (len(path), path)):
        families.setdefault(path[:-1], []).append(path)
    return list(families.items())


def _alternatives(base: str, key: str) -> Iterator[str]:
    yield base
    yield f"{base}-{_hash(key)}"
    turn = 1
    while True:  # a label may be written like another's hashed slug
        yield f"{base}-{_hash(f'{key}{SEPARATOR}{turn}')}"
        turn += 1


def _plain(key: str) -> str:
    """Return a folded label as a slug without any repair; what is no letter or digit becomes one "-"."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
    kept: list[str] = []
    for character in IGNORED.sub("", text):
        category = unicodedata.category(character)
        inside = bool(kept) and kept[-1] != "-"
        if category[0] in "LN" or (inside and category in ("Mn", "Mc")):
            kept.append(character)
        elif inside:
            kept.append("-")
    return "".join(kept).rstrip("-")


def _cut(text: str) -> str:
    """Return the longest beginning within the limit that leaves no base without its marks."""
    short = text.encode()[:_LONGEST].decode(errors="ignore")
    end = len(short)
    while end and unicodedata.category(text[end])[0] == "M":
        end -= 1
    return (text[:end] or short).rstrip("-")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
