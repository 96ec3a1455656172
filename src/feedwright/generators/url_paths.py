"""The parts that the paths of permalinks are made of."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from feedwright.patterns import lazy_pattern

# `pchar` of RFC 3986 §3.3, without the letters and digits that are always safe.
SEGMENT = "!$&'()*+,;=:@-._~"
PATH = SEGMENT + "/"
_DATE = lazy_pattern(r"\d{4}-\d{1,2}-\d{1,2}-(?=.)")


def encode_path(path: str) -> str:
    """Return the path percent-encoded, its slashes left."""
    return quote(path, safe=PATH, errors="replace")


def encode_segment(label: str) -> str:
    """Return a label percent-encoded, slashes too."""
    return quote(label, safe=SEGMENT, errors="replace")


def without_suffix(path: str) -> str:
    """Return the path of a file without the suffix of its name."""
    folder, slash, name = path.rpartition("/")
    return folder + slash + (name.rpartition(".")[0] or name)


def without_date(name: str) -> str:
    """Return the name of a file without the date before it, such as `2026-1-2-rain`."""
    return _DATE.sub("", name, count=1)


def page_of(path: str, suffix: str) -> str:
    """Return the path of the page that a file without its suffix becomes; `index` is that of its folder."""
    folder, slash, name = path.rpartition("/")
    return encode_path(folder + slash if name == "index" else path + suffix)


def stem(path: str) -> str:
    """Return the name of a file without its suffix."""
    return without_suffix(path).rpartition("/")[2]


def is_word(character: str) -> bool:
    """Tell whether it is a letter, a mark or a decimal digit, as `\\p{L}\\p{M}\\p{Nd}` of Ruby and Go."""
    kind = unicodedata.category(character)
    return kind[0] in "LM" or kind == "Nd"
