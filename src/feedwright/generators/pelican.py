"""Pelican (docs.getpelican.com/en/latest/content.html); the door to `text_unidecode`."""

from __future__ import annotations

import re
import unicodedata

from feedwright.generators.generator import Generator, PermalinkFacts
from feedwright.generators.url_paths import encode_path, stem

# The whole definition of a tag in markupsafe's `striptags`, which Pelican's `slugify` begins with.
_TAG = r"(?s)<!--.*?-->|<.*?>"

# Pelican transliterates with Unidecode, whose licence is stricter; these are its letters in common
# use that text_unidecode writes otherwise.
_AS_UNIDECODE = {"し": "shi", "ち": "chi", "っ": "tsu", "つ": "tsu", "シ": "shi", "チ": "chi", "ッ": "tsu"}
_AS_UNIDECODE |= {"ツ": "tsu", "ー": "-", "Є": "Ie"}


def permalink(facts: PermalinkFacts) -> str:
    """Return `{slug}.html`; without a slug in the front matter it is made of the title."""
    return encode_path((facts.slug or _slug(facts.title) or stem(facts.path)) + ".html")


def _slug(title: str) -> str:
    """Return `pelican.utils.slugify` with the default `SLUG_REGEX_SUBSTITUTIONS`."""
    from html import unescape

    text = unescape(" ".join(re.sub(_TAG, "", title).split()))
    text = "".join(map(_transliterate, unicodedata.normalize("NFKC", text)))
    text = re.sub(r"[^\w\s-]", "", text).strip()
    return re.sub(r"[-\s]+", "-", text).lower()


def _transliterate(character: str) -> str:
    if character.isascii():
        return character
    from text_unidecode import unidecode

    letters: str = _AS_UNIDECODE.get(character) or unidecode(character)
    return "" if letters.startswith("[?]") else letters


GENERATOR = Generator(
    keys={
        "updated": "modified updated lastmod last_modified_at last_modified datemodified",
        "categories": "category categories",
        "summary": "summary description excerpt",
        "permalink": "url permalink",
    },
    splits={"tags": ";,", "authors": ";,", "keywords": ";,"},
    permalink=permalink,
    pages=frozenset(("pages",)),
)
