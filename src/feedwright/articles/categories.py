"""Categories and tags: a text, a list or a list of lists become labels."""

from __future__ import annotations

import re
import unicodedata

from feedwright import text
from feedwright.articles.field_reader import FieldReader
from feedwright.articles.front_matter.fields import Field, Value

Categories = tuple[tuple[str, ...], ...]
"""Categories, each a path of labels, root first."""

_LIMIT = 64
_COMMA = re.compile("[,，、]")


def find_categories(reader: FieldReader) -> Categories:
    """Return the categories without duplicates."""
    at = reader.get("categories")
    if at is None:
        default = _folder(reader) or reader.options.default_category
        return ((default,),) if default else ()
    unique: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path in _paths(reader, at):
        if path:
            unique.setdefault(tuple(map(text.fold_label, path)), path)
    if len(unique) > _LIMIT:
        message = f"{len(unique)} categories; an article may have {_LIMIT}"
        reader.error(at, "CAT008", message, "keep the ones that people would subscribe to")
        return ()
    return tuple(unique.values())


def _folder(reader: FieldReader) -> str:
    """The folder that an article lies in, where that is the category of those that name none."""
    folders = reader.path.split("/")[:-1]
    return text.tidy_label(folders[-1]) if folders and reader.options.folder_categories else ""


def _paths(reader: FieldReader, at: Field) -> list[tuple[str, ...]]:
    value, hierarchy = at.value, reader.options.hierarchy
    if isinstance(value, list) and hierarchy == "list" and not any(isinstance(v, list) for v in value):
        return [_labels(reader, at, value)]
    rows: list[Value] = list(value) if isinstance(value, list) else [value]
    if isinstance(value, str) and _COMMA.search(value):
        names = ", ".join(part.strip() for part in _COMMA.split(value) if part.strip())
        reader.warn(at, "CAT001", "one category with commas in its name", f"{at.key}: [{names}]")
    if hierarchy not in ("", "list"):
        rows = [list(row.split(hierarchy)) if isinstance(row, str) else row for row in rows]
    return [_labels(reader, at, row if isinstance(row, list) else [row]) for row in rows]


def _labels(reader: FieldReader, at: Field, names: list[Value]) -> tuple[str, ...]:
    labels = []
    for name in names:
        if isinstance(name, (dict, list)):
            hint = f"{at.key}: [one, two], or nested once for a hierarchy: [[one, below one]]"
            reader.error(at, "CAT002", "a category is not a text", hint)
            continue
        line = unicodedata.normalize("NFC", reader.line_of_text(at, name)) if name is not None else ""
        label = text.tidy_label(line)
        if label and label != line:
            reader.warn(at, "UNI001", f"invisible characters removed from {at.key}")
        if label and text.fold_label(label):
            labels.append(label)
        else:
            reader.warn(at, "CAT009", "an empty category was dropped")
    return tuple(labels)


def find_tags(reader: FieldReader) -> tuple[str, ...]:
    """Return the tags, each once."""
    unique: dict[str, str] = {}
    for value in reader.values("tags"):
        if isinstance(value, str) and (label := text.tidy_label(value)):
            unique.setdefault(text.fold_label(label), label)
    return tuple(unique.values())
