"""The reference of all settings, for the loader and the documentation.

A setting is declared once, as a field of `feedwright.site.Site`; its row is made from the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from msgspec import Struct

from feedwright.settings import checks, old_addresses, pages, urls
from feedwright.site import REQUIRED, CategorySettings, LanguageSettings, Setting, Settings, Site

Check = Callable[[object], object]

PREFIX = "FEEDWRIGHT_"
_MODULES = {"": checks, "old_addresses": old_addresses, "pages": pages, "urls": urls}
_CHECKS: dict[Any, Check] = {bool: checks.flag, int: checks.count, Path: checks.path}
_SHAPES: dict[Any, str] = {bool: "flag", int: "number", tuple: "list", Mapping: "table"}


class Row(Struct, frozen=True):
    """One setting.

    `check` returns the value to use, or raises `SettingError`; tables are left to the loader. `unset`
    describes a default that depends on other settings. `shape` tells how the environment writes it: a list
    with commas, a flag as true or false, a number, a text; a table not at all.
    """

    name: str
    meaning: str
    check: Check
    default: object = None
    unset: str = ""
    shape: str = "text"

    @property
    def environment(self) -> str | None:
        """The variable that sets it, None for a table."""
        return None if self.shape == "table" else PREFIX + self.name.upper()


def _rows(owner: type[Settings]) -> Mapping[str, Row]:
    kinds = owner.__annotations__
    return MappingProxyType({name: _row(name, kinds[name], row) for name, row in owner.declared.items()})


def _row(name: str, kind: Any, declared: Setting) -> Row:
    if get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]  # the others are None and words
    shape = _SHAPES.get(get_origin(kind) or kind, "text")
    default = None if declared.default in (REQUIRED, {}) else declared.default
    return Row(name, declared.meaning, _check(kind, declared.check), default, declared.unset, shape)


def _check(kind: Any, named: str) -> Check:
    """The check with that name, or that a type stands for."""
    if get_origin(kind) is tuple:
        return partial(checks.each, check=_check(get_args(kind)[0], named))
    if named:
        module, _, name = named.rpartition(".")
        return getattr(_MODULES[module], name)  # type: ignore[no-any-return]
    if get_origin(kind) is Literal:
        return partial(checks.choice, known=get_args(kind))
    return _CHECKS.get(kind, checks.text)


SETTINGS = _rows(Site)
"""All settings by name, in the order of the documentation."""

CATEGORY = _rows(CategorySettings)
"""The settings of one category."""

LANGUAGE = _rows(LanguageSettings)
"""The settings of one language."""

AUTHOR = MappingProxyType(
    {
        "name": Row("name", "name", checks.text, unset="required"),
        "email": Row("email", "e-mail address; published only with `publish_email`", checks.email),
        "uri": Row("uri", "home page", urls.page),
    }
)
"""The keys of an author's table."""

ENVIRONMENT = MappingProxyType({row.environment: row.name for row in SETTINGS.values() if row.environment})
"""The setting that each variable of the environment sets."""
