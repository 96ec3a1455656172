"""Categories and tags: a text, a list or a list of lists become labels."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from feedwright import text
from feedwright.articles.field_reader import LONGEST_NAME, MOST_NAMES, FieldReader
from feedwright.articles.front_matter.fields import Field, Value
from feedwright.generators.table import GENERATORS
from feedwright.patterns import lazy_pattern

Categories = tuple[tuple[str, ...], ...]
"""Categories, each a path of labels, root first."""

LEVELS = 8
"""The most levels of a category: each has feeds of its own, in a folder of its own."""

_COMMA = lazy_pattern("[,，、]")


def find_categories(reader: FieldReader) -> Categories:
    """Return the categories without duplicates."""
    at, above = reader.get("categories"), _folders_above(reader)
    if at is None and above:
        return above
    if at is None:
        default = _folder(reader) or reader.options.default_category
        return ((default,),) if default else ()
    unique: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path in (*above, *_paths(reader, at)):
        if path:
            unique.setdefault(tuple(map(text.fold_label, path)), path)
    levels = {path[:depth] for path in unique for depth in range(1, len(path) + 1)}
    if len(levels) > MOST_NAMES:
        message = f"{len(levels)} categories with their levels; an article may have {MOST_NAMES}"
        reader.error(at, "CAT008", message, "keep the ones that people would subscribe to")
        return ()
    return tuple(unique.values())


def _folder(reader: FieldReader) -> str:
    """The folder that an article lies in, where that is the category of those that name none."""
    folders = reader.path.split("/")[:-1]
    return text.tidy_label(folders[-1]) if folders and reader.options.folder_categories else ""


def _folders_above(reader: FieldReader) -> Categories:
    """The folders above that of all posts, where the generator takes these for categories."""
    generator = GENERATORS[reader.options.dialect]
    if not generator.category_folders or f"/{generator.posts}/" not in reader.path:
        return ()
    folders = reader.path.partition(f"/{generator.posts}/")[0].split("/")
    return tuple((label,) for label in map(text.tidy_label, folders) if text.fold_label(label))


def _paths(reader: FieldReader, at: Field) -> list[tuple[str, ...]]:
    value, hierarchy = at.value, reader.options.hierarchy
    if isinstance(value, list) and hierarchy == "list" and not any(isinstance(v, list) for v in value):
        return [_labels(reader, at, value)]
    rows: list[Value] = list(value) if isinstance(value, list) else [value]
    if isinstance(value, str) and _COMMA.search(value):
        names = ", ".join(line for part in _COMMA.split(value) if (line := text.fold_space(part)))
        reader.warn(at, "CAT001", "one category with commas in its name", f"{at.key}: [{names}]")
    if hierarchy not in ("", "list"):
        rows = [list(row.split(hierarchy)) if isinstance(row, str) else row for row in rows]
    return [_labels(reader, at, row if isinstance(row, list) else [row]) for row in rows]


def _labels(reader: FieldReader, at: Field, names: list[Value]) -> tuple[str, ...]:
    labels = []
    for name in names:
        if isinstance(name, str) and _is_label(name):
            labels.append(name)
            continue
        if isinstance(name, (dict, list)):
            hint = f"{at.key}: [one, two], or nested once for a hierarchy: [[one, below one]]"
            reader.error(at, "CAT002", "a category is not a text", hint)
            continue
        line = reader.shortened(at, reader.line_of_text(at, name)) if name is not None else ""
        line = unicodedata.normalize("NFC", line)
        label = text.tidy_label(line)
        if label and label != line:
            reader.warn(at, "UNI001", f"invisible characters removed from {at.key}")
        if label and text.fold_label(label):
            labels.append(label)
        else:
            reader.warn(at, "CAT009", "an empty category was dropped")
    if len(labels) > LEVELS:
        message = f"a category has {len(labels)} levels; the first {LEVELS} count"
        reader.warn(at, "CAT011", message, "name the deeper ones as categories of their own, or as tags")
    return tuple(labels[:LEVELS])


@lru_cache(4096)
def _is_label(name: str) -> bool:
    """Tell whether a name is a label as it is shown, as most are: there is nothing to repair or to report."""
    return len(name) <= LONGEST_NAME and name.isprintable() and text.tidy_label(name) == name != ""


def find_tags(reader: FieldReader) -> tuple[str, ...]:
    """Return the tags, each once."""
    at = reader.get("tags")
    if at is None:
        return ()
    unique: dict[str, str] = {}
    for value in reader.values("tags"):
        if isinstance(value, str) and (label := text.tidy_label(reader.shortened(at, value))):
            unique.setdefault(text.fold_label(label), label)
    return reader.first(at, unique.values())
