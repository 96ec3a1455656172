"""Checks of single settings: each returns the value to use, or raises `SettingError`.

A message continues the setting's name; `{name} = ` in a hint stands for the way it was set. Modules that only
some settings need are imported where these are checked.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import TypeVar

from feedwright import text as texts
from feedwright.feeds import slugs
from feedwright.model import Author
from feedwright.patterns import lazy_pattern
from feedwright.text import FORBIDDEN, MAIL_ADDRESS, MAILBOX, fold_space, language_tag, tidy_label, visible

Key = tuple[str, ...]
T = TypeVar("T")
_DNS_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_AUTHORITY = lazy_pattern(rf"(?:[\w.-]+@)?{_DNS_LABEL}(?:\.{_DNS_LABEL})*", re.ASCII)  # RFC 4151 §2.1
# Names that people use and the IANA database does not have, or not for one place.
_ZONE_NICKNAMES = {
    "cst": '"Asia/Shanghai" or "America/Chicago"',
    "ist": '"Asia/Kolkata", "Europe/Dublin" or "Asia/Jerusalem"',
    **dict.fromkeys(("beijing", "bejing", "peking", "asia/beijing"), '"Asia/Shanghai"'),
}
_COLON_FIELDS = {"title": "path", "name": "stem", "post_title": "title"}
_SIMPLE = r"""[.#]-?[A-Za-z_][\w-]*|\[[A-Za-z][\w-]*(?:[~|^$*]?=(?:[\w-]+|"[^"\\]*"|'[^'\\]*'))?\]"""
_COMPOUND = rf"(?:[A-Za-z][\w-]*+(?:{_SIMPLE})*+|(?:{_SIMPLE})++)"
_SELECTOR = lazy_pattern(rf"{_COMPOUND}(?: ?[ ,>] ?{_COMPOUND}){{0,16}}", re.ASCII)
"""Selectors Level 4 without pseudo-classes: they cost no more than a look at each element."""

_DIRECTIVES = frozenset("YymdHIpMSfzZbBaAjGVu%")  # what `strptime` reads the same on every system


class SettingError(Exception):
    """A value that a setting may not have; `message` continues the setting's name.

    `word` is the part of the value that is wrong, "" if all of it is; None where the name may be wrong too.
    """

    def __init__(self, code: str, message: str, hint: str, word: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.word = code, message, hint, word


Fault = tuple[Key, SettingError]
"""The path of a setting, and the error in it."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant."""
    by_case = {name.casefold(): name for name in known}
    return by_case.get(texts.nearest(word.casefold(), by_case))


def quoted(value: str) -> str:
    """Return the text in quotes, at most 80 characters, and harmless on a terminal."""
    shown = visible(value)
    return f'"{shown if len(shown) <= 80 else shown[:79] + "…"}"'


def suggestion(meant: str | None, otherwise: str) -> str:
    """Return a hint at what was probably meant, `otherwise` where nobody knows."""
    return f"did you mean {quoted(meant)}?" if meant else otherwise


def described(value: object) -> str:
    """Return the value in words for a message."""
    if isinstance(value, str):
        return f"the string {quoted(value)}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"the number {value:g}" if abs(value) < 1e15 else "a very large number"
    names: dict[type, str] = {list: "a list", tuple: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")


def mistyped(wanted: str, value: object, hint: str) -> SettingError:
    """Return the error for a value of a wrong type."""
    return SettingError("CFG007", f"must be {wanted}, not {described(value)}", hint, "")


def unfit(code: str, wanted: str, value: str, hint: str) -> SettingError:
    """Return the error for a text of a wrong form."""
    return SettingError(code, f"is not {wanted}: {quoted(value)}", hint)


def text(value: object) -> str:
    """Return one line of text that is not blank and that XML can carry."""
    if not isinstance(value, str):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15
        hint = f'{{name}} = "{value}"' if is_number else '{name} = "…", in quotes'
        raise mistyped("a string", value, hint)
    if not texts.is_legal(value) and (match := FORBIDDEN.search(value)):
        message = f"contains the character U+{ord(match[0]):04X}, which no feed may carry"
        raise SettingError("CFG008", message, "remove it")
    if not value.strip():
        raise SettingError("CFG008", "is empty", "give it a value, or leave the line out")
    return fold_space(value)


def flag(value: object) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    is_no = isinstance(value, str) and value.strip().lower() in ("false", "no", "off")
    raise mistyped("true or false", value, f"{{name}} = {'false' if is_no else 'true'}")


def count(value: object, *, wanted: str = "a whole number above 0", hint: str = "{name} = 60") -> int:
    """Return a whole number above 0."""
    if isinstance(value, int) and not isinstance(value, bool):
        if value > 0:
            return value
        raise SettingError("CFG008", f"must be {wanted}, not {described(value)}", hint)
    written = str(value) if isinstance(value, (str, float)) else ""
    whole = re.fullmatch(r"\s*([1-9][0-9]{0,14})(?:\.0)?\s*", written)
    raise mistyped(wanted, value, f"{{name}} = {whole[1] if whole else 20}")


def limit(value: object) -> int | None:
    """Return the number of entries that a feed shows; None for "all"."""
    if isinstance(value, str) and value.strip().lower() == "all":
        return None
    return count(value, wanted='a whole number above 0 or "all"', hint='{name} = "all" leaves no entry out')


def day(value: object) -> str:
    """Return a date of ISO 8601, of a string or of TOML's own dates."""
    from datetime import date, datetime

    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    written = text(value)
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise unfit("CFG008", "a date", written, 'a day such as "2026-01-31"') from None


def archives(value: object) -> str | int:
    """Return what one archive of a feed holds: "month", "year" or a number of entries."""
    if isinstance(value, str) and not value.strip().isdecimal():
        return choice(value, ("month", "year"))
    return count(int(value) if isinstance(value, str) else value)


def choice(value: object, known: Collection[str]) -> str:
    """Return one of the known words."""
    word = text(value)
    if word not in known:
        hint = suggestion(nearest(word, known), f"choose from {', '.join(map(quoted, known))}")
        raise SettingError("CFG012", f"does not accept {quoted(word)}", hint, word)
    return word


def each(value: object, check: Callable[[object], T]) -> tuple[T, ...]:
    """Return what `check` makes of the values of a list; what is repeated counts once."""
    if not isinstance(value, (list, tuple)):
        meant = quoted(value) if isinstance(value, str) and value.strip() else '"…"'
        raise mistyped("a list", value, f"{{name}} = [{meant}]")
    return tuple(dict.fromkeys(map(check, value)))


def format_name(value: object) -> str:
    """Return the name of a format."""
    from feedwright.formats.table import NAMES

    return choice(value, NAMES)


def feed_format(value: object) -> str:
    """Return the name of a format that people subscribe to."""
    from feedwright.formats.table import FEED_NAMES

    return choice(value, FEED_NAMES)


def language(value: object) -> str:
    """Return a language tag (BCP 47, RFC 5646 §2.1) in its usual case."""
    written = text(value)
    if tag := language_tag(written):
        return tag
    meant = language_tag(re.split(r"[.@]", written.replace("_", "-"))[0]) or None
    raise unfit(
        "CFG010", "a language tag", written, suggestion(meant, 'a tag such as "en", "zh-CN" or "pt-BR"')
    )


def timezone(value: object) -> str:
    """Return the name of a time zone of the IANA database that is the same on every machine."""
    from zoneinfo import ZoneInfo

    name = text(value)
    try:
        if name in ("localtime", "posixrules", "Factory") or name.startswith(("posix/", "right/")):
            raise ValueError(name)  # these depend on the machine
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise unfit("CFG011", "a time zone", name, _zone_hint(name)) from None
    return name


def _zone_hint(name: str) -> str:
    offset = re.fullmatch(r"(?:UTC|GMT)?\s*([+-])0?(\d{1,2})(?::?00)?", name, re.IGNORECASE)
    if offset and int(offset[2]) <= 12:
        sign = "-" if offset[1] == "+" else "+"  # POSIX counts westward
        return f'name a place, such as "Asia/Shanghai"; {name} all year is "Etc/GMT{sign}{int(offset[2])}"'
    if known := _ZONE_NICKNAMES.get(name.lower()):
        return f"did you mean {known}?"
    from zoneinfo import available_timezones

    names = sorted(available_timezones())
    cities = {zone.rpartition("/")[2]: zone for zone in reversed(names)}
    meant = nearest(name, names) or cities.get(nearest(name, cities) or "")
    return suggestion(meant, 'a name such as "Asia/Shanghai" or "UTC"')


def encoding(value: object) -> str:
    """Return the name of a text encoding as Python spells it."""
    name = text(value)
    try:
        "a".encode(name).decode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        from encodings.aliases import aliases

        meant = nearest(name.replace("-", "_"), aliases)
        hint = suggestion(meant, 'a name such as "utf-8", "gb18030" or "big5"')
        raise unfit("CFG017", "a text encoding", name, hint) from None


def date_format(value: object) -> str:
    """Return a `strptime` pattern that gives a whole date in any locale."""
    from datetime import UTC, datetime

    pattern = text(value)
    directives = re.findall(r"%(-?.|$)", pattern, re.DOTALL)
    for unknown in (directive for directive in directives if directive not in _DIRECTIVES):
        is_unpadded = unknown[1:] in _DIRECTIVES
        hint = f"%{unknown[1:]} reads it without a zero too" if is_unpadded else "docs.python.org: strptime"
        message = f"contains {quoted(pattern)}, where %{visible(unknown)} cannot be used"
        raise SettingError("CFG017", message, hint)
    moment = datetime(2021, 11, 23, 13, 5, 33, tzinfo=UTC)
    sample = re.sub("%.", lambda match: moment.strftime(match[0]), pattern)
    has_year = not {"Y", "y", "G"}.isdisjoint(directives)  # else newer Pythons warn
    try:
        date = datetime.strptime(sample, pattern).date() if has_year else None  # noqa: DTZ007
    except (ValueError, re.error):  # the latter where a directive stands twice
        date = None
    if date != moment.date():
        message = f"contains {quoted(pattern)}, which does not give year, month and day"
        raise SettingError("CFG017", message, 'a pattern such as "%Y年%m月%d日" or "%d/%m/%Y"')
    return pattern


def thumbnail_type(value: object) -> str:
    """Return the media type of a picture, in small letters."""
    name = text(value).lower()
    if name == "image/jpg" or not re.fullmatch(r"image/[a-z0-9][a-z0-9!#$&^_.+-]*", name):
        kinds = ("jpeg", "png", "gif", "webp", "avif", "svg+xml")
        kind = nearest(name.removeprefix("image/").lstrip("."), kinds)
        hint = suggestion(kind and f"image/{kind}", 'a type such as "image/jpeg"')
        raise unfit("CFG017", "the media type of a picture", name, hint)
    return name


def authority(value: object) -> str:
    """Return the authority of tag URIs (RFC 4151 §2.1): a host name or an e-mail address, without a date."""
    name = text(value).lower()
    if not _AUTHORITY.fullmatch(name):
        host = re.sub(r"(?s)[/,:].*", "", re.sub(r"^[a-z]+://", "", name))
        meant = host if _AUTHORITY.fullmatch(host) else None
        hint = suggestion(meant, 'a host name or an e-mail address that is yours: "example.org"')
        raise SettingError("CFG017", f"is neither a host name nor an e-mail address: {quoted(name)}", hint)
    return name


def hierarchy(value: object) -> str:
    """Return "" (none), "list" (a list is a path, as in Hexo) or the separator of the levels in a name."""
    if not isinstance(value, str):
        raise mistyped("a string", value, '{name} = "list", or the separator of levels: {name} = "/"')
    return value and text(value)


def pattern(value: object) -> str:
    """Return a glob pattern over paths relative to the content folder."""
    written = text(value)
    if written.startswith(("/", "~")) or ".." in written.split("/") or re.match(r"[A-Za-z]:", written):
        message = f"contains {quoted(written)}, which leads out of the content folder"
        hint = 'a pattern below the content folder, such as "notes/**" or "*.draft.md"'
        raise SettingError("CFG018", message, hint)
    return written.removeprefix("./")


def front_matter(value: object) -> object:
    """Return a value as front matter has it: texts, lists and tables of them, or None."""
    if isinstance(value, dict):
        return {str(key): front_matter(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [front_matter(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else value and str(value)


def path(value: object) -> Path:
    """Return a path as it is written, without looking at the file system."""
    written = fspath(value) if isinstance(value, PathLike) else value
    if not isinstance(written, str):
        raise mistyped("a path", value, '{name} = "folder"')
    if not written.strip() or "\0" in written:
        raise unfit("CFG018", "a path", written, '{name} = "folder"')
    return Path(written)


def selector(value: object) -> str:
    """Return a CSS selector of names, classes, ids and attributes, such as `main .post-body`."""
    written = text(value)
    if not _SELECTOR.fullmatch(written):
        wanted = "a selector of elements, classes, ids and attributes"
        raise unfit("CFG034", wanted, written, '{name} = "main .post-body"')
    return written


def label(value: object) -> str:
    """Return the name of a category as it is shown."""
    shown = tidy_label(text(value))
    if not shown:
        raise SettingError("CFG008", "has no visible character", '{name} = "…"')
    return shown


def slug(value: object) -> str:
    """Return a slug that `slugs.slug` would not change: no slash, no dot, no reserved name."""
    wanted = text(value)
    meant = slugs.slug(wanted)
    if meant != wanted:
        message = f"cannot be {quoted(wanted)}: a slug is small letters, digits and `-`, and no reserved name"
        raise SettingError("CFG015", message, f'did you mean "{meant}"?')
    return wanted


def author(value: object) -> Author:
    """Return a person written as `Name` or `Name <mail>`."""
    if not isinstance(value, str):
        raise mistyped("a string or a table", value, '{name} = "Name <mail@example.org>"')
    written = text(value)
    if mailbox := MAILBOX.fullmatch(written):
        return Author(name=mailbox[1], email=mailbox[2])
    address = written.strip("<>")
    if MAIL_ADDRESS.fullmatch(address):
        hint = f'{{name}} = "Name <{address}>"'
        raise SettingError("CFG017", "is an e-mail address without a name", hint)
    return Author(name=written)


def email(value: object) -> str:
    """Return an e-mail address."""
    written = text(value)
    if not MAIL_ADDRESS.fullmatch(written):
        raise unfit("CFG017", "an e-mail address", written, '{name} = "mail@example.org"')
    return written


def dialect(value: object) -> str:
    """Return the name of a front-matter dialect."""
    from feedwright.generators.table import GENERATORS

    return choice(value, GENERATORS)


def markdown(value: object) -> str:
    """Return a dialect of Markdown, with words for what is on or off in it."""
    from feedwright.generators.markdown_dialect import DIALECTS, features_of, markdown_dialect

    written = " ".join(text(value).split())
    name = written.partition(" ")[0]
    if name not in DIALECTS:
        return choice(name, DIALECTS)
    try:
        markdown_dialect(written)
    except ValueError as error:
        known = ", ".join(sorted(features_of(name)))
        raise SettingError(
            "CFG039", visible(str(error)), f"{name} knows {known}; with =no one is off"
        ) from None
    return written


def permalink(value: object) -> str:
    """Return a generator's name, also with a pattern of its own, or a template such as `{year}/{slug}/`."""
    from string import Formatter

    from feedwright.articles.permalinks import KEY, TEMPLATE_FIELDS
    from feedwright.generators.table import GENERATORS, PRESETS

    template = text(value)
    if not re.search(r"[{}/: ]", template):
        return choice(template, PRESETS)
    if template.partition(" ")[0] in GENERATORS:
        return _own_pattern(template)
    if "{" not in template and ":" in template:
        meant = re.sub(":([a-z_]+)", lambda match: f"{{{_COLON_FIELDS.get(match[1], match[1])}}}", template)
        raise SettingError("CFG013", "is written {year}/{month}/{slug} here", f'did you mean "{meant}"?')
    if re.search(r"[?#\\\s]|://", template) or not {".", ".."}.isdisjoint(template.split("/")):
        raise unfit("CFG013", "a path", template, 'a template such as "{year}/{month}/{slug}/"')
    try:
        fields = [piece[1:] for piece in Formatter().parse(template) if piece[1] is not None]
    except ValueError:
        raise SettingError("CFG013", "has an unmatched brace", 'a template such as "/{path}.html"') from None
    for name, form, conversion in fields:
        if (name not in TEMPLATE_FIELDS and not KEY.fullmatch(name or "")) or form or conversion:
            near, known = nearest(name or "", TEMPLATE_FIELDS), ", ".join(sorted(TEMPLATE_FIELDS))
            hint = f"did you mean {{{near}}}?" if near else f"choose from {known}"
            wrong = f"{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}"
            raise SettingError("CFG013", f"does not accept {{{visible(wrong)}}}", hint)
    names = {name or "" for name, _, _ in fields}
    if _SINGULAR.isdisjoint(names) and not any(map(KEY.fullmatch, names)):
        raise SettingError("CFG013", "gives many articles one address", "add {slug} or {path}")
    return template


_SINGULAR = frozenset(("path", "slug", "stem", "title", "second"))
"""Fields that tell articles of one day apart."""


def _own_pattern(template: str) -> str:
    """Return a generator's name and a pattern that it can follow."""
    from feedwright.articles.permalinks import rule

    try:
        rule(template)
    except ValueError as error:
        hint = 'a template of feedwright such as "{year}/{slug}/" may say the same'
        raise SettingError("CFG013", visible(str(error)), hint) from None
    return template
