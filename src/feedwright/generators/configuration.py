"""What a site generator's own configuration says, as values with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from feedwright.generators.url_paths import stem
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

_NAME = lazy_pattern(r"[\w-][\w.-]*")

Table: TypeAlias = Mapping[str, object]
"""The values of a file: texts (scalars as they were written), lists, tables, None."""


class Given(Struct, frozen=True):
    """A value that a configuration file gives, and its key there; `a.b` is the key b of the table a."""

    value: object
    file: str
    key: str

    @property
    def text(self) -> str:
        """The value as one text; "" where it is a list or a table."""
        return self.value.strip() if isinstance(self.value, str) else ""

    def otherwise(self, other: Given) -> Given:
        """Return this, or the other where this is no text."""
        return self if self.text else other

    @property
    def is_true(self) -> bool:
        """Whether it is a plain yes."""
        return self.text.lower() in ("true", "yes", "on")

    @property
    def flag(self) -> bool | None:
        """Whether it is a plain yes or a plain no; None where it is neither."""
        return True if self.is_true else False if self.text.lower() in ("false", "no", "off") else None

    @property
    def texts(self) -> list[str]:
        """The texts of a list, or the one text."""
        values = self.value if isinstance(self.value, list) else [self.value]
        return [value.strip() for value in values if isinstance(value, str) and value.strip()]


NOTHING = Given("", "", "")
"""What is given where nothing is."""

Settings: TypeAlias = Iterator[tuple[str, Given]]
"""Names of settings, each with what it is derived from, in the form that `feedwright.toml` has."""


class Configuration(Struct, frozen=True, kw_only=True):
    """The configuration files of one generator that a site has, and its folders.

    `files`: name below the site's folder, with `/`, → table, the weakest first. `has_folder` tells whether
    there is a folder of that name, `data` returns the tables of all data files of a name without suffix,
    or in a folder of that name. `content` is the folder of the articles that the user has chosen, "" where
    the generator's counts.
    """

    files: Mapping[str, Table]
    has_folder: Callable[[str], bool]
    data: Callable[[str], Mapping[str, Table]] = lambda name: {}
    content: str = ""

    @property
    def file(self) -> str:
        """The name of the strongest file."""
        return next(reversed([*self.files]), "")

    def default(self, value: object) -> Given:
        """Return what the generator does where its configuration says nothing."""
        return Given(value, self.file, "")

    def theme_folders(self, *forms: str) -> list[str]:
        """Return the folders of the site's themes that exist; `{}` in a form stands for a theme's name."""
        names = filter(_NAME.fullmatch, self.get("theme").texts)
        return [*filter(self.has_folder, (form.format(name) for name in names for form in forms))]

    def get(self, *keys: str) -> Given:
        """Return the value of the first of the keys that is present and not empty, from the strongest file.

        Case does not matter. `NOTHING` where there is none.
        """
        found = (self._given(key, file) for key in keys for file in reversed([*self.files]))
        return next(filter(None, found), NOTHING)

    def _given(self, key: str, file: str) -> Given | None:
        value: object = self.files[file]
        names = []
        for part in key.split("."):
            name = _spelled(part, value)
            if name is None or not isinstance(value, Mapping):
                return None
            names.append(name)
            value = value[name]
        is_empty = value is None or value in ("", [], {})
        return None if is_empty else Given(value, file, ".".join(names))

    def has_key(self, *keys: str) -> bool:
        """Tell whether one of the keys is at the top of a file, in these letters, also without a value."""
        return any(key in table for table in self.files.values() for key in keys)


def _spelled(key: str, table: object) -> str | None:
    """Return the key as the table writes it, None where there is none."""
    if not isinstance(table, Mapping):
        return None
    if key in table:
        return key
    return next((name for name in table if name.lower() == key.lower()), None)


def merged_url(url: Given, folder: str) -> Given:
    """Return the address of a site with the folder that it is served in, unless it has one."""
    path = folder.strip("/")
    bare = url.text.rstrip("/")
    is_host = bare.partition("://")[2] and "/" not in bare.partition("://")[2]
    return replace(url, value=f"{bare}/{path}/") if path and is_host else url


def authors(site: Configuration, folder: str) -> Given:
    """Return the authors by key of the data files `authors` in a folder, a file each or all in one."""
    files = site.data(f"{folder}/authors")
    tables = {
        key: person
        for file, table in files.items()
        for key, person in (table.items() if stem(file) == "authors" else [(stem(file), table)])
    }
    rows = {key: _person(value) for key, value in tables.items()}
    return Given({key: row for key, row in rows.items() if "name" in row}, next(iter(files), ""), "")


def _person(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {"name": value} if isinstance(value, str) and value.strip() else {}
    facts = {
        "name": value.get("name") or value.get("display_name"),
        "email": value.get("email"),
        "uri": value.get("uri") or value.get("url") or value.get("website"),
    }
    return {key: fact for key, fact in facts.items() if isinstance(fact, str) and fact.strip()}


def people(given: Given) -> Given:
    """Return an author: a text, the first of a list, or a table with `name`, `email` and `uri`."""
    value = given.value[0] if isinstance(given.value, list) and given.value else given.value
    if isinstance(value, Mapping):
        table = _person(value)
        return replace(given, value=table) if "name" in table else NOTHING
    return replace(given, value=value)
