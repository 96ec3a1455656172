"""The JSON Schema of the configuration file (draft 7, which editors know), made from the settings.

What a schema cannot tell, such as whether a time zone exists, is left to the loader: what the loader accepts
is valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from feedwright.articles.front_matter.schema import DRAFT, Schema
from feedwright.formats.table import FEED_NAMES, NAMES
from feedwright.formats.web_readers import READERS
from feedwright.generators.markdown_dialect import DIALECTS
from feedwright.generators.table import GENERATORS, PRESETS
from feedwright.model import Author
from feedwright.settings.reference import AUTHOR
from feedwright.site import CategorySettings, LanguageSettings, Setting, Settings, Site

_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_NUMBER: Schema = {"type": "integer", "minimum": 1}
_ADDRESS: Schema = {"type": "string", "pattern": "^[^/]*[Hh][Tt][Tt][Pp][Ss]?://"}
_SIMPLE: Mapping[Any, Schema] = {bool: {"type": "boolean"}, int: _NUMBER, str: _TEXT, Path: _TEXT}
_FORMAT: Schema = {"enum": [*NAMES]}
_ALIASES: Schema = {"type": "object", "additionalProperties": _FORMAT}
_FEED_FORMAT: Schema = {"enum": [*FEED_NAMES]}
_TABLES: Mapping[str, Schema] = {
    "aliases": _ALIASES,
    "retired": {
        "type": "object",
        "propertyNames": _FEED_FORMAT,
        "additionalProperties": _FEED_FORMAT,
    },
    "tags": {"type": "object", "additionalProperties": {"type": "string", "examples": ["drop", "keep"]}},
}
_CHECKS: Mapping[str, Schema] = {
    "archives": {
        "anyOf": [{"enum": ["month", "year"]}, _NUMBER, {"type": "string", "pattern": "^ *[0-9]+ *$"}]
    },
    "dialect": {"enum": [*GENERATORS]},
    "format_name": _FORMAT,
    "hierarchy": {"type": "string", "examples": ["list", "/"]},
    "language": {**_TEXT, "pattern": "^ *[A-Za-z]{1,3}(-[A-Za-z0-9]{1,8})* *$"},
    "limit": {"anyOf": [_NUMBER, {"type": "string", "pattern": "^ *[Aa][Ll][Ll] *$", "examples": ["all"]}]},
    "markdown": {
        "anyOf": [
            {"enum": [*DIALECTS]},
            {"type": "string", "pattern": f"^ *({'|'.join(DIALECTS)})( +[a-z_-]+(=(yes|no))?)* *$"},
        ]
    },
    "pages.accent": {**_TEXT, "pattern": "^ *#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}) *$", "examples": ["#0b5394"]},
    "pages.reader": {
        "anyOf": [
            {"enum": [*READERS]},
            {"type": "string", "examples": ["Name https://reader.example.org/add?feed={url}"]},
        ]
    },
    "pages.stylesheet": {**_TEXT, "examples": ["pages.css"]},
    "permalink": {
        "anyOf": [
            {"enum": [*PRESETS]},
            {"type": "string", "pattern": r"\S[{}/: ]|[{}/:]", "examples": ["{year}/{month}/{slug}/"]},
        ]
    },
    "selector": {**_TEXT, "examples": ["main .post-body"]},
    "thumbnail_type": {**_TEXT, "pattern": "^ *[Ii][Mm][Aa][Gg][Ee]/"},
    "urls.folder": _ADDRESS,
    "urls.page": _ADDRESS,
}
"""Schemas of what a named check accepts, where the type says less."""


def settings_schema() -> Schema:
    """Return the schema of `feedwright.toml`; `[tool.feedwright]` has the same keys."""
    return {"$schema": DRAFT, "title": "feedwright.toml", **_table(Site)}


def _table(owner: type[Settings]) -> Schema:
    kinds = owner.__annotations__
    rows = {name: _setting(name, kinds[name], declared) for name, declared in owner.declared.items()}
    return {"type": "object", "properties": rows, "additionalProperties": False}


def _setting(name: str, kind: Any, declared: Setting) -> Schema:
    if get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]  # the others are None and words
    row, default = _value(name, kind, declared.check), declared.default
    if isinstance(default, tuple):
        default = [*default]
    is_simple = isinstance(default, (bool, int, str, list)) and default != "unset"
    return {"description": declared.meaning, **row, **({"default": default} if is_simple else {})}


def _value(name: str, kind: Any, check: str) -> Schema:
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _value(name, get_args(kind)[0], check)}
    if get_origin(kind) is Literal:
        return {"enum": [*get_args(kind)]}
    if kind is Author:
        return {"anyOf": [_TEXT, _author()]}
    if get_origin(kind) is Mapping and get_args(kind)[1] is Author:
        return {"type": "object", "additionalProperties": _author()}
    if name == "categories":
        return {"type": "object", "additionalProperties": _table(CategorySettings)}
    if name == "defaults":
        return {"type": "object", "additionalProperties": {"type": "object"}}
    if name == "languages":
        return {"type": "object", "additionalProperties": _table(LanguageSettings)}
    return _TABLES.get(name) or _CHECKS.get(check) or _SIMPLE[kind]


def _author() -> Schema:
    rows = {name: {"description": row.meaning, **_TEXT} for name, row in AUTHOR.items()}
    return {"type": "object", "properties": rows, "required": ["name"], "additionalProperties": False}
