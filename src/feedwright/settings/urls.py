"""Checks of addresses: they are published for good, so nothing is guessed and much is refused."""

from __future__ import annotations

import re

from feedwright.patterns import lazy_pattern
from feedwright.settings.checks import SettingError, quoted, text, unfit
from feedwright.urls import web

_SCHEME = lazy_pattern(r"([a-z][a-z0-9+.-]*):(?![0-9]+(?:/|$))", re.IGNORECASE)
_EXAMPLE = '{name} = "https://example.org/"'
_LOOPBACK = lazy_pattern(r"localhost|.+\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f..:.*\]")


def folder(value: object) -> str:
    """Return the absolute http(s) URL of a folder, normalised, ending in one "/"."""
    written = _text(value)
    url = page(written)
    for sign, part in (("#", "a fragment"), ("?", "a query")):
        if sign in written:
            hint = f'{{name}} = "{written.partition(sign)[0]}"'
            raise SettingError("CFG009", f"has {part}: {quoted(written)}", hint)
    return url.rstrip("/") + "/"


def page(value: object) -> str:
    """Return an absolute http(s) URL, normalised (WHATWG URL), without a user name, not of this machine."""
    written = _text(value)
    if not re.match(r"https?://", written, re.IGNORECASE):
        raise _without_scheme(written)
    authority = re.split(r"[/?#\\]", written.partition("://")[2], maxsplit=1)[0]
    if "@" in authority:
        without = written.replace(authority, authority.rpartition("@")[2], 1)
        raise SettingError("CFG009", "has a user name, which would be published", f'{{name}} = "{without}"')
    url = web(written, written)
    if url is None:
        raise unfit("CFG009", "an address on the web", written, _EXAMPLE)
    host = host_of(url)
    if _LOOPBACK.fullmatch(host):
        hint = f"the address that readers use: {_EXAMPLE}"
        raise SettingError("CFG009", f"names this machine only: {host}", hint)
    return url


def reference(value: object) -> str:
    """Return the address of a picture, absolute or relative to the site's URL."""
    written = text(value)
    if web(written, "https://example.org/") is None:
        raise unfit("CFG009", "an address on the web", written, '{name} = "/img/icon.png"')
    return written


def host_of(url: str) -> str:
    """Return the host of a normalised URL, without the port."""
    return re.sub(r":\d+$", "", url.partition("://")[2].partition("/")[0])


def _text(value: object) -> str:
    if value == "":
        raise SettingError("CFG009", "is empty", _EXAMPLE)
    return text(value)


def _without_scheme(written: str) -> SettingError:
    scheme = _SCHEME.match(written)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return SettingError("CFG009", f"must begin with https://, not {quoted(scheme[0])}", _EXAMPLE)
    bare = written[scheme.end() :] if scheme else written
    host = bare.lstrip("/")
    is_host = host and (scheme or not bare.startswith("/") or bare.startswith("//"))
    url = web(f"https://{host}", "https://example.org/") if is_host else None
    hint = f"did you mean {url} ?" if url else _EXAMPLE
    return SettingError("CFG009", f"has no scheme: {quoted(written)}", hint)
