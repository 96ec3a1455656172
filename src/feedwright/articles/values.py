"""The facts that front matter writes in more than one shape: categories, tags, authors, pictures, files.

A text, a list, a map or a list of maps become the same values; what fits none of them is a problem.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from feedwright import media_types, text, urls
from feedwright.model import Author, Enclosure, Picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedwright.articles.field_reader import FieldReader
    from feedwright.articles.front_matter.fields import Field, Value

_MAILBOX = re.compile(r"([^<>@]+?)\s*<([^<>@\s]+@[^<>@\s]+)>")
_CATEGORY_LIMIT = 64
_COMMA = re.compile("[,，、]")


def find_categories(sheet: FieldReader) -> tuple[tuple[str, ...], ...]:
    """Return the categories, each a path of labels, root first, without duplicates."""
    at = sheet.get("categories")
    if at is None:
        default = sheet.reading.default_category
        return ((default,),) if default else ()
    found = [path for path in _category_paths(sheet, at) if path]
    unique: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path in found:
        unique.setdefault(tuple(map(text.fold_label, path)), path)
    if len(unique) > _CATEGORY_LIMIT:
        message = f"{len(unique)} categories; an article may have {_CATEGORY_LIMIT}"
        sheet.report(at, "error", "CAT008", message, "keep the ones that people would subscribe to")
        return ()
    return tuple(unique.values())


def _category_paths(sheet: FieldReader, at: Field) -> Iterable[tuple[str, ...]]:
    value, hierarchy = at.value, sheet.reading.hierarchy
    if isinstance(value, list) and hierarchy == "list" and not any(isinstance(v, list) for v in value):
        return [_labels(sheet, at, value)]
    rows: list[Value] = list(value) if isinstance(value, list) else [value]
    if isinstance(value, str) and _COMMA.search(value):
        names = ", ".join(part.strip() for part in _COMMA.split(value) if part.strip())
        sheet.report(at, "warning", "CAT001", "one category with commas in its name", f"{at.key}: [{names}]")
    if hierarchy not in ("", "list"):
        rows = [list(row.split(hierarchy)) if isinstance(row, str) else row for row in rows]
    return [_labels(sheet, at, row if isinstance(row, list) else [row]) for row in rows]


def _labels(sheet: FieldReader, at: Field, names: list[Value]) -> tuple[str, ...]:
    labels = []
    for name in names:
        if isinstance(name, (dict, list)):
            hint = f"{at.key}: [one, two], or nested once for a hierarchy: [[one, below one]]"
            sheet.report(at, "error", "CAT002", "a category is not a text", hint)
            continue
        line = unicodedata.normalize("NFC", sheet.line_of_text(at, name)) if name is not None else ""
        label = text.tidy_label(line)
        if label and label != line:
            sheet.report(at, "warning", "UNI001", f"invisible characters removed from {at.key}")
        if label and text.fold_label(label):
            labels.append(label)
        else:
            sheet.report(at, "warning", "CAT009", "an empty category was dropped")
    return tuple(labels)


def find_tags(sheet: FieldReader) -> tuple[str, ...]:
    """Return the tags, each once."""
    at = sheet.get("tags")
    if at is None:
        return ()
    values = at.value if isinstance(at.value, list) else [at.value]
    unique: dict[str, str] = {}
    for value in values:
        if isinstance(value, str) and (label := text.tidy_label(value)):
            unique.setdefault(text.fold_label(label), label)
    return tuple(unique.values())


def find_authors(sheet: FieldReader) -> tuple[Author, ...]:
    """Return the authors, each once, in order."""
    at = sheet.get("authors")
    if at is None:
        return ()
    values = at.value if isinstance(at.value, list) else [at.value]
    found = [author for value in values if (author := _author(sheet, at, value))]
    return tuple(dict.fromkeys(found))


def _author(sheet: FieldReader, at: Field, value: Value) -> Author | None:
    if isinstance(value, list):
        sheet.report(at, "warning", "AUT003", "a list inside the list of authors was left out")
        return None
    if isinstance(value, dict):
        return _author_of_map(sheet, at, value)
    return _author_of_line(sheet.line_of_text(at, value or ""))


@lru_cache(1024)
def _author_of_line(line: str) -> Author | None:
    name = unicodedata.normalize("NFC", line)
    mailbox = _MAILBOX.fullmatch(name)
    if mailbox:
        return Author(name=mailbox[1].strip(), email=mailbox[2])
    return None if text.is_blank(name) else Author(name=name)


def _author_of_map(sheet: FieldReader, at: Field, value: dict[str, Value]) -> Author | None:
    facts = {k.lower(): sheet.line_of_text(at, v) for k, v in value.items() if isinstance(v, str)}
    link = facts.get("uri") or facts.get("url") or facts.get("link")
    uri = urls.web(link, sheet.reading.url) if link else None
    if link and not uri:
        sheet.report(at, "warning", "AUT001", f"the author's address {link[:80]!r} is not a web address")
    email = facts.get("email") or facts.get("mail")
    name = unicodedata.normalize("NFC", facts.get("name") or (email or "").partition("@")[0])
    if text.is_blank(name):
        sheet.report(at, "warning", "AUT003", "an author without a name was left out", "name: Somebody")
        return None
    valid = email if email and re.fullmatch(r"[^<>@\s]+@[^<>@\s]+", email) else None
    return Author(name=name, email=valid, uri=uri)


def find_picture(sheet: FieldReader) -> Picture | None:
    """Return the first usable picture among the candidates."""
    for at in sheet.matter.pictures:
        if (picture := _picture(sheet, at, at.value)) is not None:
            return picture
    return None


def _picture(sheet: FieldReader, at: Field, value: Value) -> Picture | None:
    if isinstance(value, list):
        if len(value) > 1 and not at.key.lower().endswith("s"):
            sheet.report(at, "warning", "IMG006", f"{at.key} is a list; its first picture counts")
        return _picture(sheet, at, value[0]) if value else None
    if isinstance(value, dict):
        facts = {k.lower(): v for k, v in value.items()}
        source = facts.get("src") or facts.get("url") or facts.get("path") or facts.get("image")
        size = (_pixels(facts.get("width")), _pixels(facts.get("height")))
        return _named_picture(at, source, size) if isinstance(source, str) else None
    if value and re.fullmatch(r"[-+.\d]+", value):
        sheet.report(at, "error", "IMG001", f"{at.key} is a number", f"{at.key}: /img/picture.jpg")
        return None
    return _named_picture(at, value, (None, None))


def _named_picture(at: Field, source: str | None, size: tuple[int | None, int | None]) -> Picture | None:
    if not source or not source.strip():
        return None
    return Picture(
        src=source.strip(),
        width=size[0],
        height=size[1],
        field=at.key,
        line=at.value_line,
        column=at.value_column,
    )


def _pixels(value: Value) -> int | None:
    return int(value) if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,4}", value) else None


def find_enclosure(sheet: FieldReader) -> Enclosure | None:
    """Return the file that goes with the article (RSS 2.0 `<enclosure>`), None where it names none."""
    at = sheet.get("enclosure")
    if at is None:
        return None
    parts = at.value
    if isinstance(parts, list) and len(parts) == 1:
        parts = parts[0]
    if isinstance(parts, str):
        words = parts.split()
        parts = {"url": words[0] if words else None}
        parts["length"] = next((w for w in words[1:] if w.isdigit()), None)
        parts["type"] = next((w for w in words[1:] if "/" in w), None)
    named = parts.get("url") if isinstance(parts, dict) else None
    url = urls.web(named, sheet.reading.url) if isinstance(named, str) else None
    if url is None or not isinstance(parts, dict):
        hint = f"{at.key}: {{url: https://example.org/a.mp3, type: audio/mpeg, length: 12345}}"
        sheet.report(at, "warning", "ENL001", f"{at.key} is not a file on the web and was left out", hint)
        return None
    length = parts.get("length")
    return Enclosure(
        url=url,
        type=_media_type(parts.get("type"), url),
        length=int(length) if isinstance(length, str) and re.fullmatch(r"\d{1,15}", length) else 0,
    )


def _media_type(value: Value, url: str) -> str:
    if isinstance(value, str) and re.fullmatch(r"[a-z]+/[\w.+-]+", value.strip().lower(), re.ASCII):
        return value.strip().lower()
    return media_types.type_of(url)
