"""All site generators, by the names of their modules, and the tables that are made of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from feedwright import generators
from feedwright.generators import common
from feedwright.generators.generator import Generator, HidingRule, PermalinkFacts


def _generators() -> Iterator[tuple[str, Generator]]:
    files = {name for folder in generators.__path__ for name in os.listdir(folder) if name[0] != "_"}
    for name in sorted(file[:-3] for file in files if file.endswith(".py")):  # pkgutil takes 1 ms to import
        generator = getattr(import_module(f"{generators.__name__}.{name}"), "GENERATOR", None)
        if generator is not None:
            yield name, generator


GENERATORS: Mapping[str, Generator] = MappingProxyType(dict(_generators()))

PRESETS: Mapping[str, str | Callable[[PermalinkFacts], str]] = MappingProxyType(
    {name: one.permalink for name, one in GENERATORS.items() if one.permalink is not None}
)
"""The default permalinks of the generators that have a preset."""

HIDING: Mapping[str, HidingRule] = MappingProxyType(
    {key: rule for one in GENERATORS.values() for key, rule in one.hiding.items()} | dict(common.HIDING)
)
"""Key in lower case → how it may hide an article in any dialect: when in doubt, nothing is published."""

FOLDERS = frozenset().union(*(one.folders for one in GENERATORS.values()))
"""Folders whose names begin with `_` that are read, and that no URL has."""
