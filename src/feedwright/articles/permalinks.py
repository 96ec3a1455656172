"""The path of an article's page, as the site's generator makes it; the door to `text_unidecode`.

Every preset gives what its generator gives by default, with two differences. What would not survive in a
link is percent-encoded: some generators leave `#`, `?` or `%` bare, and such a link leads elsewhere. And
a name that a generator's rules reduce to nothing is used as it is, since the page of an article is never
its folder's.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

# `pchar` of RFC 3986 §3.3, without the letters and digits that are always safe.
_SEGMENT = "!$&'()*+,;=:@-._~"
_PATH = _SEGMENT + "/"
_EMPTY = frozenset({"", ".", ".."})
_UNSEEN_FOLDERS = frozenset({"_posts", "_drafts"})
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-(?=.)")
_JEKYLL_DATE = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-(?=.)")
_JEKYLL_KEPT = frozenset("._~!$&'()+,;=@")
_HUGO_KEPT = frozenset("./\\_#+~-@")
_PERCENT_CODE = re.compile("%[0-9a-fA-F]{2}")
# The whole definition of a tag in markupsafe's `striptags`, which Pelican's `slugify` begins with.
_TAG = re.compile(r"<!--.*?-->|<.*?>", re.DOTALL)

# Pelican transliterates with Unidecode, whose licence is stricter; these are its letters in common
# use that text_unidecode writes otherwise.
_AS_UNIDECODE = {"し": "shi", "ち": "chi", "っ": "tsu", "つ": "tsu", "シ": "shi", "チ": "chi", "ッ": "tsu"}
_AS_UNIDECODE |= {"ツ": "tsu", "ー": "-", "Є": "Ie"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a template may use of an article.

    `path` is relative to the content folder, with `/` and suffix; `date` is in the site's zone; `slug` is
    the front matter's; each of `categories` is a path of labels, root first.
    """

    path: str
    title: str
    date: datetime
    slug: str | None = None
    categories: tuple[tuple[str, ...], ...] = ()


def permalink(template: str, place: Place) -> str:
    """Return the URL path of the article's page, percent-encoded, for the caller to join with the site's URL.

    `template` is the name of a preset or a text such as `{year}/{month}/{slug}/`. The path begins with "/",
    has no empty part and no "." or ".." among its parts. A field outside `TEMPLATE_FIELDS` raises
    `KeyError`, an unpaired brace `ValueError`: the settings accept neither.
    """
    preset = PRESETS.get(template, template)
    path = _filled(preset, place) if isinstance(preset, str) else preset(place)
    parts = [part for part in path.split("/") if part.replace("%2e", ".").replace("%2E", ".") not in _EMPTY]
    return "/" + "/".join(parts) + ("/" if parts and path.endswith("/") else "")


def _filled(template: str, place: Place) -> str:
    return "".join([literal + (field(place) if field else "") for literal, field in _pieces(template)])


@lru_cache(16)
def _pieces(template: str) -> tuple[tuple[str, Callable[[Place], str] | None], ...]:
    """The template's texts, percent-encoded, each with the field that comes after it."""
    return tuple(
        (quote(literal, safe=_PATH + "%", errors="replace"), None if field is None else _FIELDS[field])
        for literal, field, _, _ in Formatter().parse(template)
    )


def _categories(place: Place) -> str:
    labels = dict.fromkeys(label for category in place.categories for label in category)
    return "/".join(map(_part, labels))


_FIELDS: Mapping[str, Callable[[Place], str]] = MappingProxyType(
    {
        "year": lambda place: f"{place.date.year:04}",
        "month": lambda place: f"{place.date.month:02}",
        "day": lambda place: f"{place.date.day:02}",
        "hour": lambda place: f"{place.date.hour:02}",
        "minute": lambda place: f"{place.date.minute:02}",
        "second": lambda place: f"{place.date.second:02}",
        "i_month": lambda place: str(place.date.month),
        "i_day": lambda place: str(place.date.day),
        "path": lambda place: _encoded(_below_posts(place.path)),
        "stem": lambda place: _encoded(_stem(place.path)),
        "slug": lambda place: _encoded(place.slug or _DATE.sub("", _stem(place.path), count=1)),
        "title": lambda place: _part(place.title),
        "category": lambda place: "/".join(map(_part, next(iter(place.categories), ()))),
        "categories": _categories,
    }
)

TEMPLATE_FIELDS = frozenset(_FIELDS)
"""The names that a template may have in braces."""


def _encoded(path: str) -> str:
    return quote(path, safe=_PATH, errors="replace")


def _part(label: str) -> str:
    return quote(label, safe=_SEGMENT, errors="replace")


def _without_suffix(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return folder + slash + (name.rpartition(".")[0] or name)


def _stem(path: str) -> str:
    return _without_suffix(path).rpartition("/")[2]


def _below_posts(path: str) -> str:
    """Return the path without suffix and without the folders that Hexo and Jekyll leave out of URLs."""
    parts = _without_suffix(path).split("/")
    if parts[0] == "source" and len(parts) > 2 and parts[1] in _UNSEEN_FOLDERS:
        del parts[0]
    return "/".join([part for part in parts[:-1] if part not in _UNSEEN_FOLDERS] + parts[-1:])


def _is_word(character: str) -> bool:
    """Tell whether it is a letter, a mark or a decimal digit, as `\\p{L}\\p{M}\\p{Nd}` of Ruby and Go."""
    kind = unicodedata.category(character)
    return kind[0] in "LM" or kind == "Nd"


def _jekyll(place: Place) -> str:
    """Return `/:categories/:year/:month/:day/:title.html`.

    Folders above `_posts` are categories too. Dots are treated as Jekyll's `sanitize_url` does.
    """
    stem = _stem(place.path)
    name = _JEKYLL_DATE.sub("", stem, count=1).rstrip(".")
    title = _jekyll_slug(place.slug or name) or _jekyll_slug(name) or name or stem
    date = place.date.strftime("/%m/%d/")
    path = "/".join([*_jekyll_categories(place), f"{place.date.year:04}"]) + date + title + ".html"
    return _encoded(path.replace("..", "/").replace("./", ""))


def _jekyll_categories(place: Place) -> tuple[str, ...]:
    folders = place.path.split("/")[:-1]
    above = folders[: folders.index("_posts")] if "_posts" in folders else []
    labels = [*above, *(label for category in place.categories for label in category)]
    # Letter by letter, since Ruby's `downcase` doesn't know the final sigma.
    return tuple(dict.fromkeys("".join(map(str.lower, label)) for label in labels))


def _jekyll_slug(text: str) -> str:
    """Return the slug of `slugify` in its mode "pretty", letters in their case."""
    spaced = "".join(c if c in _JEKYLL_KEPT or _is_word(c) else " " for c in text)
    return "-".join(spaced.split())


def _hugo(place: Place) -> str:
    """Return `/:sections/:slugorcontentbasename/`; an `index` file (a leaf bundle) is its folder's page."""
    parts = _without_suffix(place.path).split("/")
    if parts[-1].lower() == "index":
        del parts[-1]
    if place.slug and _hugo_segment(place.slug):
        return _encoded("/".join([*map(_hugo_name, parts[:-1]), _hugo_segment(place.slug)]) + "/")
    return _encoded("/".join(map(_hugo_name, parts)) + "/")


def _hugo_name(name: str) -> str:
    return _hugo_segment(name.replace(" ", "-")) or name


def _hugo_segment(text: str) -> str:
    """Return what `paths.Sanitize` lets stand, in lower case: runs of space are one hyphen."""
    kept: list[str] = []
    gap = False
    for place, character in enumerate(text):
        if character in _HUGO_KEPT or _is_word(character) or _PERCENT_CODE.match(text, place):
            if gap and character != "-":
                kept.append("-")
            gap = False
            # Go maps one letter to one: İ becomes i, and Σ is σ at the end of a word too.
            kept.append(character.lower()[0])
        elif kept and kept[-1] != "-" and character.isspace():
            gap = True
    return "".join(kept)


def _pelican(place: Place) -> str:
    """Return `{slug}.html`; without a slug in the front matter it is made of the title."""
    stem = _stem(place.path)
    return _encoded((place.slug or _pelican_slug(place.title) or stem) + ".html")


def _pelican_slug(title: str) -> str:
    """Return `pelican.utils.slugify` with the default `SLUG_REGEX_SUBSTITUTIONS`."""
    from html import unescape

    text = unescape(" ".join(_TAG.sub("", title).split()))
    text = "".join(map(_transliterated, unicodedata.normalize("NFKC", text)))
    text = re.sub(r"[^\w\s-]", "", text).strip()
    return re.sub(r"[-\s]+", "-", text).lower()


def _transliterated(character: str) -> str:
    if character.isascii():
        return character
    from text_unidecode import unidecode

    letters: str = _AS_UNIDECODE.get(character) or unidecode(character)
    return "" if letters.startswith("[?]") else letters


def _eleventy(place: Place) -> str:
    """Return `/{path}/`; the page of `index`, or of a file named like its folder, is its folder.

    The date at the head of a file name stays: Eleventy leaves it out of `page.fileSlug` only.
    """
    folder, _, name = _without_suffix(place.path).rpartition("/")
    if name == "index" or (folder and name == folder.rpartition("/")[2]):
        return _encoded(folder + "/")
    return _encoded(f"{folder}/{name}/")


PRESETS: Mapping[str, str | Callable[[Place], str]] = MappingProxyType(
    {
        "hexo": "{year}/{month}/{day}/{path}/",
        "jekyll": _jekyll,
        "hugo": _hugo,
        "pelican": _pelican,
        "eleventy": _eleventy,
    }
)
"""The default permalinks of the generators: a template, or a function where a template cannot say it."""
