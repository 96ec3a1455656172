"""What a single setting may be: each check returns the value as it is used, or raises `Refused`.

A message goes on after the setting's name; in a hint, `{name} = ` stands for the way it is set where it was.
Modules that only some settings need are imported where these are checked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedwright.model import Author
from feedwright.text import FORBIDDEN, fold_space, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_ALL = "all"
_MAIL = re.compile(r"[^<>@\s]+@[^<>@\s]+")
_MAILBOX = re.compile(r"([^<>@]+?)\s*<([^<>@\s]+@[^<>@\s]+)>")
# RFC 4151 §2.1; `authorityName`
_AUTHORITY = re.compile(
    r"(?:[\w.-]+@)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.ASCII
)
# RFC 5646 §2.1. A first part of four to eight letters is left out: none was ever registered.
_LANGUAGE = re.compile(
    r"""[a-z]{2,3}(?:-[a-z]{3}){0,3} (?:-[a-z]{4})? (?:-(?:[a-z]{2}|[0-9]{3}))?
    (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))* (?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)* (?:-x(?:-[a-z0-9]{1,8})+)?
    | x(?:-[a-z0-9]{1,8})+ | i(?:-[a-z]{2,8})+ | en-gb-oed | sgn-be-fr | sgn-be-nl | sgn-ch-de""",
    re.VERBOSE,
)
_ZONE_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])0?(\d{1,2})(?::?00)?", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"image/[a-z0-9][a-z0-9!#$&^_.+-]*")
_COLON_FIELD = re.compile(r":([a-z_]+)")
_AS_HERE = {"title": "path", "name": "stem", "post_title": "title"}
# A text for every `strptime` directive that reads the same under every locale of this process.
_MOMENT = {
    "Y": "2021",
    "y": "21",
    "m": "11",
    "d": "23",
    "H": "13",
    "I": "01",
    "p": "PM",
    "M": "05",
    "S": "33",
}
_MOMENT |= {"f": "000000", "z": "+0000", "Z": "UTC", "b": "Nov", "B": "November", "a": "Tue", "A": "Tuesday"}
_MOMENT |= {"j": "327", "G": "2021", "V": "47", "u": "2", "%": "%"}


class Refused(Exception):  # noqa: N818
    """The value may not be; `message` follows the setting's name."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant."""
    from difflib import get_close_matches

    by_case = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), list(by_case), n=1, cutoff=0.6)
    return by_case[found[0]] if found else None


def quoted(value: str) -> str:
    """Return the text in quotes, short, and harmless on a terminal."""
    shown = visible(value)
    return f'"{shown if len(shown) <= 80 else shown[:79] + "…"}"'


def described(value: object) -> str:
    """Return the value in words for a message."""
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"the number {value:g}" if abs(value) < 1e15 else "a very large number"
    return {"list": "a list", "tuple": "a list", "dict": "a table"}.get(
        type(value).__name__, "a date or time"
    )


def _mistyped(wanted: str, value: object, hint: str) -> Refused:
    return Refused("CFG007", f"must be {wanted}, not {described(value)}", hint)


def text(value: object) -> str:
    """Return one line of text that XML can carry; it says something."""
    if not isinstance(value, str):
        plain = isinstance(value, (int, float)) and not isinstance(value, bool)
        raise _mistyped("a text", value, f'{{name}} = "{value}"' if plain else '{name} = "…", in quotes')
    if found := FORBIDDEN.search(value):
        raise Refused(
            "CFG008", f"holds the character U+{ord(found[0]):04X}, which no feed may carry", "remove it"
        )
    if not value.strip():
        raise Refused("CFG008", "is empty", "give it a value, or leave the line out")
    return fold_space(value)


def flag(value: object) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    meant = value.strip().lower() if isinstance(value, str) else ""
    raise _mistyped(
        "true or false", value, f"{{name}} = {'false' if meant in ('false', 'no', 'off') else 'true'}"
    )


def count(value: object, *, word: str | None = None) -> int:
    """Return a whole number above 0; `word` is what may stand instead, for the message."""
    wanted = "a whole number above 0" + (f' or "{word}"' if word else "")
    if isinstance(value, int) and not isinstance(value, bool):
        if value > 0:
            return value
        hint = f'{{name}} = "{word}" leaves no entry out' if word else "{name} = 60"
        raise Refused("CFG008", f"must be {wanted}, not {value if value > -(10**9) else 'that'}", hint)
    digits = isinstance(value, str) and value.strip().isascii() and value.strip().isdigit()
    whole = isinstance(value, float) and value.is_integer() and 0 < value < 1e15
    meant = str(value).strip() if digits else f"{value:.0f}" if whole else "20"
    raise _mistyped(wanted, value, f"{{name}} = {meant}")


def limit(value: object) -> int | None:
    """Return how many entries a feed shows; None for "all"."""
    if isinstance(value, str) and value.strip().lower() == _ALL:
        return None
    return count(value, word=_ALL)


def choice(*known: str) -> Callable[[object], str]:
    """Return a check for one of the known words."""

    def check(value: object) -> str:
        word = text(value)
        if word not in known:
            raise _unknown_word(word, known)
        return word

    return check


def choices(*known: str, one_of: Sequence[str] = ()) -> Callable[[object], tuple[str, ...]]:
    """Return a check for a list of known words, each once; with `one_of` one of these must be there."""

    def check(value: object) -> tuple[str, ...]:
        words = texts(value)
        for word in words:
            if word not in known:
                raise _unknown_word(word, known)
        if one_of and set(words).isdisjoint(one_of):
            message = f"names no feed: {' or '.join(one_of)}" if words else "is an empty list"
            meant = ", ".join(map(quoted, (one_of[0], *words)))
            raise Refused("CFG008", message, f"{{name}} = [{meant}]")
        return words

    return check


def _unknown_word(word: str, known: Iterable[str]) -> Refused:
    meant = nearest(word, known)
    listed = ", ".join(map(quoted, known))
    return Refused(
        "CFG012",
        f"knows no {quoted(word)}",
        f"did you mean {quoted(meant)}?" if meant else f"it may be {listed}",
    )


def texts(value: object) -> tuple[str, ...]:
    """Return a list of texts, each once."""
    if not isinstance(value, (list, tuple)):
        meant = quoted(value) if isinstance(value, str) and value.strip() else '"…"'
        raise _mistyped("a list of texts", value, f"{{name}} = [{meant}]")
    return tuple(dict.fromkeys(map(text, value)))


def language(value: object) -> str:
    """Return a language tag (BCP 47, RFC 5646 §2.1) in its usual case."""
    tag = text(value)
    if not _LANGUAGE.fullmatch(tag.lower()):
        other = re.split(r"[.@]", tag.replace("_", "-"))[0]
        good = other != tag and _LANGUAGE.fullmatch(other.lower())
        hint = f'did you mean "{_cased(other)}"?' if good else 'a tag such as "en", "zh-CN" or "pt-BR"'
        raise Refused("CFG010", f"is no language tag: {quoted(tag)}", hint)
    return _cased(tag)


def _cased(tag: str) -> str:
    """RFC 5646 §2.1.1: regions in capitals, scripts with one, up to the first extension."""
    first, *others = tag.lower().split("-")
    end = next((n for n, part in enumerate(others) if len(part) == 1), len(others)) if len(first) > 1 else 0
    shown = [{2: part.upper(), 4: part.title()}.get(len(part), part) for part in others[:end]]
    return "-".join([first, *shown, *others[end:]])


def timezone(value: object) -> str:
    """Return the name of a time zone of the IANA database, the same one on every machine."""
    from zoneinfo import ZoneInfo

    name = text(value)
    try:
        if name in ("localtime", "posixrules", "Factory") or name.startswith(("posix/", "right/")):
            raise ValueError(name)  # what these are depends on the machine
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Refused("CFG011", f"knows no time zone {quoted(name)}", _zone_hint(name)) from None
    return name


_PLACES = {
    "cst": '"Asia/Shanghai" or "America/Chicago"',
    "beijing": '"Asia/Shanghai"',
    "bejing": '"Asia/Shanghai"',
    "peking": '"Asia/Shanghai"',
    "asia/beijing": '"Asia/Shanghai"',
    "ist": '"Asia/Kolkata", "Europe/Dublin" or "Asia/Jerusalem"',
}
"""Zones by names that people use and the table of zones does not have, or not as one place."""


def _zone_hint(name: str) -> str:
    if found := _ZONE_OFFSET.fullmatch(name):
        sign = "-" if found[1] == "+" else "+"  # POSIX counts westward
        if int(found[2]) <= 12:
            return f'name a place, such as "Asia/Shanghai"; {name} all year is "Etc/GMT{sign}{int(found[2])}"'
    if known := _PLACES.get(name.lower()):
        return f"did you mean {known}?"
    from zoneinfo import available_timezones

    names = sorted(available_timezones())
    cities = {zone.rpartition("/")[2]: zone for zone in reversed(names)}
    meant = nearest(name, names) or cities.get(nearest(name, cities) or "")
    return f"did you mean {quoted(meant)}?" if meant else 'a name such as "Asia/Shanghai" or "UTC"'


def encoding(value: object) -> str:
    """Return the name of a text encoding as Python spells it."""
    import codecs

    name = text(value)
    try:
        "a".encode(name).decode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        from encodings.aliases import aliases

        meant = nearest(name.replace("-", "_"), aliases)
        hint = f'did you mean "{meant}"?' if meant else 'a name such as "utf-8", "gb18030" or "big5"'
        raise Refused("CFG017", f"knows no text encoding {quoted(name)}", hint) from None


def date_formats(value: object) -> tuple[str, ...]:
    """Return `strptime` patterns that give a whole date, whatever the locale."""
    patterns = texts(value)
    for pattern in patterns:
        _check_date_format(pattern)
    return patterns


def _check_date_format(pattern: str) -> None:
    from datetime import datetime

    directives = re.findall(r"%(-?.|$)", pattern, re.DOTALL)
    if unknown := [d for d in directives if d not in _MOMENT]:
        hint = (
            f"%{unknown[0][1:]} reads it without a zero too"
            if unknown[0][1:] in _MOMENT
            else "docs.python.org: strptime"
        )
        raise Refused("CFG017", f"has {quoted(pattern)}, where %{visible(unknown[0])} cannot be used", hint)
    has_year = not {"Y", "y", "G"}.isdisjoint(directives)
    sample = re.sub(r"%(.)", lambda found: _MOMENT[found[1]], pattern, flags=re.DOTALL)
    try:
        moment = datetime.strptime(sample, pattern) if has_year else None  # noqa: DTZ007 - only its day is read
    except (ValueError, re.error):  # the latter where a directive stands twice
        moment = None
    if moment is None or (moment.year, moment.month, moment.day) != (2021, 11, 23):
        hint = 'a pattern such as "%Y年%m月%d日" or "%d/%m/%Y"'
        raise Refused("CFG017", f"has {quoted(pattern)}, which does not give year, month and day", hint)


def thumbnail_type(value: object) -> str:
    """Return the media type of a picture, in small letters."""
    name = text(value).lower()
    if name == "image/jpg" or not _MEDIA_TYPE.fullmatch(name):
        kind = name.removeprefix("image/").lstrip(".")
        known = {"jpg": "jpeg", "svg": "svg+xml"} | {k: k for k in ("jpeg", "png", "gif", "webp", "avif")}
        hint = f'did you mean "image/{known[kind]}"?' if kind in known else 'a type such as "image/jpeg"'
        raise Refused("CFG017", f"is no picture's media type: {quoted(name)}", hint)
    return name


def authority(value: object) -> str:
    """Return the authority of tag URIs (RFC 4151 §2.1): a host name or an e-mail address, without a date."""
    name = text(value).lower()
    if not _AUTHORITY.fullmatch(name):
        host = re.sub(r"^[a-z]+://|[/,:].*$", "", name)
        host = re.sub(r"[/,:].*$", "", host)
        good = host != name and _AUTHORITY.fullmatch(host)
        hint = (
            f'did you mean "{host}"?'
            if good
            else 'a host name or an e-mail address that is yours: "example.org"'
        )
        raise Refused("CFG017", f"is neither a host name nor an e-mail address: {quoted(name)}", hint)
    return name


def hierarchy(value: object) -> str:
    """Return "" (none), "list" (a list is a path, as in Hexo) or what separates the levels in a name."""
    if value == "":
        return ""
    if not isinstance(value, str):
        raise _mistyped("a text", value, '{name} = "list", or what separates levels: {name} = "/"')
    return text(value)


def patterns(value: object) -> tuple[str, ...]:
    """Return glob patterns over paths relative to the content folder."""
    found = texts(value)
    for pattern in found:
        if pattern.startswith(("/", "~")) or ".." in pattern.split("/") or re.match(r"[A-Za-z]:", pattern):
            hint = 'a pattern below the content folder, such as "notes/**" or "*.draft.md"'
            raise Refused("CFG018", f"has {quoted(pattern)}, which leads out of the content folder", hint)
    return tuple(dict.fromkeys(pattern.removeprefix("./") for pattern in found))


def path(value: object) -> str:
    """Return a path as it is written; the file system is not asked."""
    from os import PathLike, fspath

    written = fspath(value) if isinstance(value, PathLike) else value
    if not isinstance(written, str):
        raise _mistyped("a path", value, '{name} = "folder"')
    if not written.strip() or "\0" in written:
        raise Refused("CFG018", f"is no path: {quoted(written)}", '{name} = "folder"')
    return written


def paths(value: object) -> tuple[str, ...]:
    """Return paths as they are written, each once."""
    if not isinstance(value, (list, tuple)):
        raise _mistyped("a list of paths", value, '{name} = ["../shared"]')
    return tuple(dict.fromkeys(map(path, value)))


def label(value: object) -> str:
    """Return the name of a category as it is shown."""
    from feedwright.text import tidy_label

    shown = tidy_label(text(value))
    if not shown:
        raise Refused("CFG008", "has nothing that can be seen", '{name} = "…"')
    return shown


def slug(value: object) -> str:
    """Return a slug, which is what `slugs.slug` would make: no slash, no dot, no reserved name."""
    from feedwright.feeds import slugs

    wanted = text(value)
    made = slugs.slug(wanted)
    if made != wanted:
        message = f"cannot be {quoted(wanted)}: a slug is small letters, digits and `-`, and no reserved name"
        raise Refused("CFG015", message, f'did you mean "{made}"?')
    return made


def author(value: object) -> Author:
    """Return a person written as a name or, in this very form, as `Name <mail>`."""
    if not isinstance(value, str):
        raise _mistyped("a text or a table", value, '{name} = "Name <mail@example.org>"')
    written = text(value)
    if found := _MAILBOX.fullmatch(written):
        return Author(name=found[1], email=found[2])
    if _MAIL.fullmatch(written.strip("<>")):
        raise Refused(
            "CFG017", "is an e-mail address without a name", f'{{name}} = "Name <{written.strip("<>")}>"'
        )
    return Author(name=written)


def email(value: object) -> str:
    """Return an e-mail address."""
    written = text(value)
    if not _MAIL.fullmatch(written):
        raise Refused("CFG017", f"is no e-mail address: {quoted(written)}", '{name} = "mail@example.org"')
    return written


def dialect(value: object) -> str:
    """Return the name of a front-matter dialect."""
    from feedwright.generators.table import GENERATORS

    return choice(*GENERATORS)(value)


def permalink(value: object) -> str:
    """Return a preset's name or a template such as `{year}/{month}/{slug}/`."""
    from feedwright.generators.table import PRESETS

    written = text(value)
    if not re.search(r"[{}/:]", written) and written not in PRESETS:
        raise _unknown_word(written, PRESETS)
    if written not in PRESETS:
        _check_template(written)
    return written


def _check_template(template: str) -> None:
    from string import Formatter

    from feedwright.articles.permalinks import TEMPLATE_FIELDS

    if "{" not in template and ":" in template:
        converted = _COLON_FIELD.sub(lambda found: f"{{{_AS_HERE.get(found[1], found[1])}}}", template)
        raise Refused("CFG013", "is written {year}/{month}/{slug} here", f'did you mean "{converted}"?')
    if re.search(r"[?#\\\s]|://", template) or not {".", ".."}.isdisjoint(template.split("/")):
        raise Refused(
            "CFG013", f"is no path: {quoted(template)}", 'a template such as "{year}/{month}/{slug}/"'
        )
    try:
        pieces = [piece for piece in Formatter().parse(template) if piece[1] is not None]
    except ValueError:
        raise Refused(
            "CFG013", "has a brace without its other", 'a template such as "/{path}.html"'
        ) from None
    for _, field, form, conversion in pieces:
        if field not in TEMPLATE_FIELDS or form or conversion:
            meant = nearest(field or "", TEMPLATE_FIELDS)
            hint = (
                f"did you mean {{{meant}}}?" if meant else "it may be " + ", ".join(sorted(TEMPLATE_FIELDS))
            )
            wrong = f"{field}{'!' + conversion if conversion else ''}{':' + form if form else ''}"
            raise Refused("CFG013", f"knows no {{{visible(wrong)}}}", hint)
    if {"path", "slug", "stem", "title", "second"}.isdisjoint(field for _, field, _, _ in pieces):
        raise Refused("CFG013", "gives many articles one address", "add {slug} or {path}")
