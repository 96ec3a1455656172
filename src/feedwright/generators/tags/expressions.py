"""Expressions of templates: a text or a value, and filters. Nothing else is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from feedwright.patterns import lazy_pattern

Filter: TypeAlias = Callable[[str, Sequence[str], str], str | None]
"""What a filter makes of a text, its arguments and the site's address."""

_OPERAND = lazy_pattern(r"""\s*+(?:"([^"]*)"|'([^']*)'|([\w.-]+)|([|:,()]))""")
_MOST = 64
"""The most tokens of an expression that is read."""


class _UnknownError(Exception):
    """An expression has something that is not known."""


class _Reader:
    """The tokens of an expression; each is a kind, "text", "name" or "mark", and its characters."""

    def __init__(self, tokens: Sequence[tuple[str, str]], values: Callable[[str], str | None]) -> None:
        self.tokens = tokens
        self.values = values
        self.at = 0

    def takes(self, mark: str) -> bool:
        is_next = self.at < len(self.tokens) and self.tokens[self.at] == ("mark", mark)
        self.at += is_next
        return is_next

    def name(self) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "name":
            self.at += 1
            return self.tokens[self.at - 1][1]
        raise _UnknownError

    def operand(self) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "text":
            self.at += 1
            return self.tokens[self.at - 1][1]
        name = self.name()
        value = name if name.isdecimal() else self.values(name)
        if value is None:
            raise _UnknownError
        return value

    def arguments(self) -> list[str]:
        """The arguments of a filter, after a colon or in parentheses."""
        found: list[str] = []
        in_parentheses = self.takes("(")
        if in_parentheses and self.takes(")"):
            return found
        if in_parentheses or self.takes(":"):
            found.append(self.operand())
            while self.takes(","):
                found.append(self.operand())
        if in_parentheses and not self.takes(")"):
            raise _UnknownError
        return found


def evaluate(
    text: str,
    *,
    values: Callable[[str], str | None],
    filters: Mapping[str, Filter],
    site_url: str,
) -> str | None:
    """Return the text that an expression stands for, None where something in it is not known.

    `name(text)` is the filter of that name, too.
    """
    tokens = _tokens(text)
    if not tokens:
        return None
    reader = _Reader(tokens, values)
    try:
        if len(tokens) > 1 and tokens[1] == ("mark", "(") and tokens[0][1] in filters:
            name = reader.name()
            value, *rest = reader.arguments() or [""]
            value = _filtered(filters[name], value, rest, site_url)
        else:
            value = reader.operand()
        while reader.takes("|"):
            name = reader.name()
            if name not in filters:
                return None
            value = _filtered(filters[name], value, reader.arguments(), site_url)
    except _UnknownError:
        return None
    return value if reader.at == len(tokens) else None


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position, text = 0, text.strip()
    while position < len(text):
        match = _OPERAND.match(text, position)
        if match is None or len(tokens) == _MOST:
            return []
        position = match.end()
        kind = ("text", "text", "name", "mark")[(match.lastindex or 1) - 1]
        tokens.append((kind, match[match.lastindex or 1]))
    return tokens


def _filtered(apply: Filter, value: str, arguments: Sequence[str], site_url: str) -> str:
    result = apply(value, arguments, site_url)
    if result is None:
        raise _UnknownError
    return result


def host_of(site_url: str) -> str:
    """Return scheme and host of the site's address, without a slash."""
    scheme, _, rest = site_url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def base_of(site_url: str) -> str:
    """Return the folder that the site is served in, with a slash before it and none after it."""
    return site_url.removeprefix(host_of(site_url)).rstrip("/")


def _has_host(address: str) -> bool:
    return "://" in address or address.startswith(("//", "mailto:", "#"))


def relative_url(value: str, arguments: Sequence[str], site_url: str) -> str:
    """Return a path of the site as one that begins at the host's root."""
    return value if _has_host(value) else f"{base_of(site_url)}/{value.lstrip('/')}"


def absolute_url(value: str, arguments: Sequence[str], site_url: str) -> str:
    """Return a path of the site as an address."""
    return value if _has_host(value) else site_url + value.lstrip("/")


def prefixed_url(value: str, arguments: Sequence[str], site_url: str) -> str:
    """Return a path that begins with "/" as one of the site; any other stays."""
    return relative_url(value, arguments, site_url) if value.startswith("/") else value


def _first(arguments: Sequence[str]) -> str:
    return arguments[0] if arguments else ""


def _replace(value: str, arguments: Sequence[str], site_url: str) -> str | None:
    if len(arguments) != 2 or not arguments[0] or len(value) > 4096 or len(arguments[1]) > 64:
        return None
    return value.replace(arguments[0], arguments[1])


FILTERS: Mapping[str, Filter] = {
    "relative_url": relative_url,
    "absolute_url": absolute_url,
    "url": prefixed_url,
    "prepend": lambda value, arguments, site_url: _first(arguments) + value,
    "append": lambda value, arguments, site_url: value + _first(arguments),
    "remove": lambda value, arguments, site_url: value.replace(_first(arguments) or "\0", ""),
    "replace": _replace,
    **dict.fromkeys(("strip", "trim"), lambda value, arguments, site_url: value.strip()),
    **dict.fromkeys(("downcase", "lower"), lambda value, arguments, site_url: value.lower()),
    **dict.fromkeys(("upcase", "upper"), lambda value, arguments, site_url: value.upper()),
    **dict.fromkeys(
        ("escape", "escape_once", "xml_escape", "safe", "uri_escape", "escape_uri", "markdownify"),
        lambda value, arguments, site_url: value,
    ),
}
"""Filters of Liquid and Nunjucks that give a text or an address."""
