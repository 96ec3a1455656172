"""What an address in the settings may be: published for good, so nothing is guessed and much is refused."""

from __future__ import annotations

import re

from feedwright.settings.checks import Refused, quoted, text

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?![0-9]+(?:/|$))", re.IGNORECASE)
_EXAMPLE = '{name} = "https://example.org/"'
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f..:.*\]")


def folder(value: object) -> str:
    """Return the absolute http(s) URL of a folder, normalised, ending in one "/"."""
    written = _written(value)
    for sign, name in (("#", "a fragment"), ("?", "a query")):
        if sign in written:
            raise Refused(
                "CFG009", f"has {name}: {quoted(written)}", f'{{name}} = "{written.partition(sign)[0]}"'
            )
    return page(written).rstrip("/") + "/"


def page(value: object) -> str:
    """Return an absolute http(s) URL, normalised (WHATWG URL); no user name, not this machine's own."""
    from feedwright.urls import web

    written = _written(value)
    _check_scheme(written)
    rest = written.partition("://")[2]
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    if "@" in authority:
        without = written.replace(authority, authority.rpartition("@")[2], 1)
        raise Refused("CFG009", "has a user name, which would be published", f'{{name}} = "{without}"')
    url = web(written, written)
    if url is None:
        raise Refused("CFG009", f"is no address on the web: {quoted(written)}", _EXAMPLE)
    host = host_of(url)
    if _LOOPBACK.fullmatch(host):
        raise Refused("CFG009", f"names this machine only: {host}", f"the address readers use: {_EXAMPLE}")
    return url


def reference(value: object) -> str:
    """Return the address of a picture, absolute or relative to the site's URL."""
    from feedwright.urls import web

    written = text(value)
    if web(written, "https://example.org/") is None:
        raise Refused("CFG009", f"is no address on the web: {quoted(written)}", '{name} = "/img/icon.png"')
    return written


def resolved(written: str, base: str) -> str | None:
    """Return a checked reference as an absolute URL."""
    from feedwright.urls import web

    return web(written, base)


def host_of(url: str) -> str:
    """Return the host of a normalised URL, without the port."""
    return re.sub(r":\d+$", "", url.partition("://")[2].partition("/")[0])


def _written(value: object) -> str:
    if value == "":
        raise Refused("CFG009", "is empty", _EXAMPLE)
    return text(value)


def _check_scheme(written: str) -> None:
    from feedwright.urls import web

    if re.match(r"https?://", written, re.IGNORECASE):
        return
    found = _SCHEME.match(written)
    if found and found[1].lower() not in ("http", "https"):
        raise Refused("CFG009", f"must begin with https://, not {quoted(found[0])}", _EXAMPLE)
    bare = written[found.end() :] if found else written
    host = bare.lstrip("/")
    is_host = host and (found or not bare.startswith("/") or bare.startswith("//"))
    whole = web(f"https://{host}", "https://example.org/") if is_host else None
    raise Refused(
        "CFG009", f"has no scheme: {quoted(written)}", f"did you mean {whole} ?" if whole else _EXAMPLE
    )
