"""The JSON Schema of front matter in a dialect (draft 7), made from its keys.

It is lenient where a reader is: a text may be written as a number, and keys without a meaning are allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedwright.articles.front_matter.keys import keys_of

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
_DATE: Schema = {
    "type": ["string", "integer", "null"],
    "examples": ["2026-01-03 12:30:00 +0800", "2026-01-03"],
}
_FLAG: Schema = {
    "anyOf": [
        {"type": ["boolean", "null"]},
        {"type": "string", "pattern": "^ *([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])? *$"},
    ]
}
_NAMES: Schema = {
    "anyOf": [
        _SCALAR,
        {"type": "array", "items": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]}},
    ]
}
_PERSON: Schema = {"anyOf": [_SCALAR, {"type": "object"}]}
_ANY: Schema = {}

_FIELDS: Mapping[str, tuple[str, Schema]] = {
    "title": ("Title, as plain text", _SCALAR),
    "published": ("When it was published", _DATE),
    "updated": ("When it was last changed", _DATE),
    "due": ("Not published before", _DATE),
    "expires": ("Not published from then on", _DATE),
    "authors": (
        "A name, `Name <mail>`, a table with `name`, `email` and `uri`, or a list of these",
        {"anyOf": [*_PERSON["anyOf"], {"type": "array", "items": _PERSON}]},
    ),
    "categories": ("A name or a list; a list in the list is a path", _NAMES),
    "tags": ("A name or a list", _NAMES),
    "pictures": ("The thumbnail", {"not": {"type": "number"}}),
    "summary": ("The summary", _ANY),
    "permalink": ("The address of its page", _ANY),
    "path": ("Looked at for a date only", _ANY),
    "slug": ("For permalinks", _ANY),
    "guid": ("Its id, an absolute IRI", _ANY),
    "draft": ("true: published only with --drafts", _FLAG),
    "visible": ("false: as a draft", _FLAG),
    "status": ("published, draft, or what hides the article", _SCALAR),
    "enclosure": ("A file that goes with it: an address, or a table with `url`, `type` and `length`", _ANY),
    "language": ("Its language, if it is not the site's", _ANY),
    "hiding": ("Hides or locks the article, unless its value plainly says otherwise", _ANY),
}
"""Canonical field → what it is, and the schema of its values."""


def front_matter_schema(dialect: str) -> Schema:
    """Return the schema of an article's front matter; `title` and a date are not required of drafts."""
    root: Schema = {}
    for name, keys in keys_of(dialect).items():
        for key in keys:
            *tables, last = key.split(".")
            table = root
            for above in tables:
                table = table.setdefault(above, {}).setdefault("properties", {})
            _add(table, last, *_FIELDS[name])
    title = f"Front matter of an article, as in {dialect.title()}"
    return {"$schema": DRAFT, "title": title, "type": "object", "properties": root}


def _add(table: Schema, key: str, meaning: str, values: Schema) -> None:
    """Let a key have these values too, beside those of another meaning."""
    before = table.get(key, {})
    said = before.get("description")
    choices = before.get("anyOf", [])
    table[key] = {
        "description": f"{said}; {meaning}" if said else meaning,
        "anyOf": [*choices, values],
    }
