"""Every setting as the loader and the documentation need it, made from the fields of `feedwright.site`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union, get_args, get_origin

from feedwright.settings import checks, old_addresses, urls
from feedwright.site import CategorySettings, Site

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import Field

    Check = Callable[[object], object]

PREFIX = "FEEDWRIGHT_"
_MODULES = {"": checks, "old_addresses": old_addresses, "urls": urls}
_CHECKS: dict[Any, Check] = {bool: checks.flag, int: checks.count, Path: checks.path}
_SHAPES = {bool: "flag", int: "number", tuple: "list", Mapping: "table"}


class Row(NamedTuple):
    """One setting.

    `check` returns the value to use, or raises `SettingError`; a table is given to it only where it should
    be something else. `unset` describes a default that depends on other settings. `shape` tells how the
    environment writes it: a list with commas, a flag as true or false, a number, a text; a table not at all.
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


def _rows(owner: type[Site | CategorySettings]) -> Mapping[str, Row]:
    return MappingProxyType({field.name: _row(field) for field in fields(owner) if field.metadata})


def _row(field: Field[Any]) -> Row:
    kind: Any = field.type
    if get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]  # the others are None and words
    module, _, name = field.metadata["check"].rpartition(".")
    return Row(
        name=field.name,
        meaning=field.metadata["meaning"],
        check=getattr(_MODULES[module], name) if name else _check(kind),
        default=None if field.default is MISSING else field.default,
        unset=field.metadata["unset"],
        shape=_SHAPES.get(get_origin(kind) or kind, "text"),
    )


def _check(kind: Any) -> Check:
    """The check that a type stands for."""
    if get_origin(kind) is Literal:
        return checks.choice(*get_args(kind))
    if get_origin(kind) is tuple:
        return checks.each(_check(get_args(kind)[0]))
    return _CHECKS.get(kind, checks.text)


SETTINGS = _rows(Site)
"""All settings by name, in the order of the documentation."""

CATEGORY = _rows(CategorySettings)
"""The settings of one category."""

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
