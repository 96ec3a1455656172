"""Addresses in a body that name a file of the site become those of its page."""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import unquote

from feedwright.bodies.templates.references import ArticlePage
from feedwright.generators.generator import Generator
from feedwright.generators.template_syntax import Unserved
from feedwright.patterns import lazy_pattern

_TAG = lazy_pattern(r"<[a-zA-Z][^<>]*>")
_ADDRESS = lazy_pattern(
    r"""(?i)([ \t\n"'](?:href|src|poster|data-src|data-original)\s*+=\s*+)"""
    r"""(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+))"""
)
_FILE = lazy_pattern(r"\.(?:md|markdown|mkdn?|mdown)\b", re.IGNORECASE)
_ENCODED = {"{": "%7B", "|": "%7C"}
_LONGEST = 2048


def resolve(html: str, generator: Generator, page: ArticlePage) -> str:
    """Return the HTML with the addresses of published pages; an address that leads nowhere is left out."""
    marks = generator.internal_marks
    encoded = (_ENCODED.get(mark, mark) for mark in marks)
    if (
        not _has_resources(generator, page)
        and not _FILE.search(html)
        and not any(mark in html for mark in (*marks, *encoded))
    ):
        return html

    def address(match: re.Match[str]) -> str:
        written = next(group for group in match.groups()[1:] if group is not None)
        plain = resolve_address(unescape(written), generator, page)
        return match[0] if plain is None else f'{match[1]}"{escape(plain)}"' if plain else match[1][0]

    return _TAG.sub(lambda tag: _ADDRESS.sub(address, tag[0]), html)


def resolve_address(written: str, generator: Generator, page: ArticlePage) -> str | None:
    """Return the address that is meant by one that names a file, "" for nowhere; None if it names none."""
    decoded = unquote(written.strip()) if len(written) <= _LONGEST else ""
    if not decoded:
        return None
    if not (decoded.startswith(generator.internal_marks) or _FILE.search(decoded)):
        return _resource(decoded, generator, page)
    missing = page.missing
    found = generator.internal(decoded, page)
    if found == "" and page.missing == missing:
        hint = "name a file that is there"
        page.warn("LNK006", f"the address {decoded} leads nowhere and was left out", decoded, hint)
    return found


def _resource(path: str, generator: Generator, page: ArticlePage) -> str | None:
    """The address of a file of the article that is not served beside its page, "" where it is nowhere."""
    if not _has_resources(generator, page) or generator.resource is None:
        return None
    found = generator.resource(path, page)
    if isinstance(found, Unserved):
        page.warn("IMG009", f"{path} is served nowhere and was left out: {found.reason}", path, found.hint)
        return ""
    return found


def _has_resources(generator: Generator, page: ArticlePage) -> bool:
    return generator.resource is not None and bool(page.language or generator.resources_move)
