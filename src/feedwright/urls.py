"""References as articles write them, made absolute as browsers do (WHATWG URL); door to can_ada."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache
from itertools import islice

import can_ada

from feedwright.patterns import lazy_pattern

LONGEST = 2048
"""The most characters of an address, as it is written and as it is published."""

CANDIDATES = 64
"""The most candidates of one `srcset`; those after them are left out."""

_CANDIDATE = lazy_pattern(r"([^\s,]\S*(?<!,))(?:,+(?!\S)|([^,]*))")
_DESCRIPTOR = lazy_pattern(r"(?:[0-9]{1,6}[wh]|[0-9]{1,6}(?:\.[0-9]{1,6})?x)?")
_WEB = frozenset({"http", "https"})
_NO_ID = frozenset({"javascript", "vbscript", "data", "blob"})
"""Schemes of what is run or shown, and names nothing; some readers take an id for an address."""
_OPAQUE = rf"(?=\S)(?!.*&(?:#|\w+;))[^<>]{{1,{LONGEST}}}(?<!\s)"
"""An id that is no IRI, without what HTML could take for markup or for a scheme that is spelled otherwise."""
_HOST = lazy_pattern("[^/?#]*//[^/?#]*")
_WRITTEN_OUT = str.maketrans({"[": "%5B", "]": "%5D"})
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Cs", "Cn"})
# What RFC 3987 §2.2 and §4.1 leave out: controls, direction marks, noncharacters, and what delimits an IRI.
_IRI = (
    "(?!(?i:https?):(?!//(?:[^][/?#]|\\[[0-9A-Fa-f:.]+\\])))[A-Za-z][A-Za-z0-9+.-]*:"
    '[^\\s\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff<>"{}|\\\\^`]+'
)


def is_absolute_iri(value: str) -> bool:
    """Tell whether a text is an absolute IRI (RFC 3987 §2.2), with a host where it is of http(s)."""
    return re.fullmatch(_IRI, value) is not None  # compiled by the first that has an id


def is_id(value: str) -> bool:
    """Tell whether a text may be the id of an entry, and nothing that is run or shown.

    It is an absolute IRI (RFC 4287 §4.2.6), or another line of plain text, as RSS 2.0 (guid) and JSON Feed
    (id) take it.
    """
    if value.partition(":")[0].lower() in _NO_ID:
        return False
    return is_absolute_iri(value) or (value.isprintable() and re.fullmatch(_OPAQUE, value) is not None)


def absolute(reference: str, base: str, schemes: Set[str]) -> str | None:
    """The absolute, WHATWG-normalised URL of `reference` on the page `base` (WHATWG URL §4.4).

    None where it is broken, longer than `LONGEST`, or its scheme is not one of `schemes`. The scheme is
    compared after controls, spaces and format characters are dropped, so that `java&#8203;script:1` is what
    it looks like. Brackets outside of a host are percent-encoded.
    """
    if len(reference) > LONGEST or not _may_be_followed(reference, schemes):
        return None
    try:
        url = str((can_ada.parse(base) + reference).href)
    except (ValueError, TypeError):
        return None
    if "[" in url or "]" in url:
        url = _encoded(url)
    return url if url.partition(":")[0] in schemes and len(url) <= LONGEST else None


def web(reference: str, base: str) -> str | None:
    """As `absolute`, for what a reader loads by itself: http(s) only, without user name and password."""
    url = absolute(reference, base, _WEB)
    return None if url is None or "@" in url.split("/", 3)[2] else url


@lru_cache(16)
def folder(base: str) -> str | None:
    """The URL of the folder that the page `base` lies in, by the rules of `web`; it ends in "/"."""
    return web("./", base)


def candidates(srcset: str, base: str) -> str | None:
    """The usable candidates of a `srcset`, each by the rules of `web` (HTML §4.8.4.2.1); None without any."""
    usable = []
    for candidate in islice(_CANDIDATE.finditer(srcset), CANDIDATES):
        reference, descriptor = candidate[1], (candidate[2] or "").strip()
        url = web(reference, base)
        if url is not None and not url.endswith(",") and _DESCRIPTOR.fullmatch(descriptor):
            usable.append(f"{url.replace(',', '%2C')} {descriptor}".rstrip())
    return ", ".join(usable) or None


def parts(url: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """Host without `www.`, path segments and query of a URL that `absolute` returned."""
    parsed = can_ada.parse(url)
    query = can_ada.URLSearchParams(parsed.search)
    fields = {name: value for name, value in zip(query.keys(), query.values(), strict=True) if name and value}
    return parsed.hostname.removeprefix("www."), tuple(filter(None, parsed.pathname.split("/"))), fields


def _encoded(url: str) -> str:
    """The URL with its brackets percent-encoded, which RFC 3986 permits around an IPv6 address alone."""
    host = _HOST.match(url)
    start = host.end() if host else 0
    return url[:start] + url[start:].translate(_WRITTEN_OUT)


def _may_be_followed(reference: str, schemes: Set[str]) -> bool:
    """Whether the scheme, if there is one, is one of `schemes`."""
    head, colon, _ = reference.partition(":")
    if not colon or head in schemes or "/" in head or "?" in head or "#" in head:
        return True
    bare = "".join(c for c in head if unicodedata.category(c) not in _INVISIBLE)
    # RFC 3986 §3.1
    is_scheme = re.fullmatch("[A-Za-z][A-Za-z0-9+.-]*", unicodedata.normalize("NFKC", bare))
    return bare.lower() in schemes or not is_scheme
