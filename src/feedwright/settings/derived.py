"""Settings that nobody made for feedwright, derived from the configuration of the site's own generator."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from feedwright.generators.configuration import NOTHING, Given
from feedwright.model import replace
from feedwright.problems import Problem, UsageError
from feedwright.settings import checks, site_generator
from feedwright.settings import file as configuration
from feedwright.settings.checks import SettingError, quoted
from feedwright.settings.reference import AUTHOR, LANGUAGE, SETTINGS, Row
from feedwright.settings.site_generator import SiteGenerator
from feedwright.site import EVERY_LANGUAGE
from feedwright.text import language_tag, visible

_DECISIVE = ("url", "permalink", "content")
"""What leads readers nowhere, or finds no article, if it is wrong: a build must not go on without it."""

_COMPARED = ("url", "timezone", "permalink")
"""What must not differ from what the site shows."""


class Derived(Struct, frozen=True, kw_only=True):
    """The derived settings by name, in the form that they have in the file, and where they come from.

    `problems` are values that could not be taken, and what contradicts the site; `examined` is what was
    looked at, path → state.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    site: SiteGenerator | None = None
    problems: tuple[Problem, ...] = ()
    examined: Mapping[str, str] = field(default_factory=dict)

    def given(self, name: str) -> Given:
        """Return what the generator gives for a setting, whether it counts or not."""
        return self.site.settings.get(name, NOTHING) if self.site else NOTHING

    def position(self, name: str) -> tuple[str, int, int]:
        """Return file, line and column that a setting was derived from."""
        given = self.given(name)
        if not self.site:
            return "", 0, 0
        return self.site.position(given if given.file else replace(given, file=[*self.site.fields][-1]))

    @property
    def texts(self) -> dict[str, str]:
        """The texts in the configuration of the site's generator; `a.b` is the key b of the table a."""
        fields = self.site.fields.values() if self.site else ()
        return {
            key: text
            for raw in fields
            for at in raw.fields.values()
            for key, text in _texts(at.key, at.value)
        }

    @property
    def note(self) -> str:
        """One line that says what was taken from where; "" where nothing was."""
        if not self.site or not self.values:
            return ""
        given = [self.site.settings[name] for name in self.values if name in self.site.settings]
        files = dict.fromkeys(given.file for given in given)
        names = ", ".join(name for name in SETTINGS if name in self.values)
        return f"taken from {' and '.join(files)} ({self.site.title}): {names}"


def derive(given: Iterable[Mapping[str, object]], root: Path, start: Path) -> Derived:
    """Return what the generator in the folder `root` says where none of the tables `given` does.

    Raises `UsageError` where its configuration cannot be read, or has an address that cannot be used.
    """
    stronger: dict[str, object] = {name: value for table in given for name, value in table.items()}
    dialect = stronger.get("dialect")

    def shown(name: str) -> str:
        return configuration.shown(root / name, start)

    generators, examined = site_generator.find(root, dialect, stronger.get("content"))
    if not generators:
        return Derived(examined=examined)
    site = generators[0].named(shown)
    if dialect not in (None, site.name):
        return Derived(problems=(_of_another(site, dialect),), examined=examined)
    if fault := site.fault():
        return Derived(problems=(_unread(fault, stronger),), examined=examined)
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name, value in site.settings.items():
        if name in stronger or (name == "site_output" and stronger.get("built_pages") is not True):
            continue
        try:
            values[name] = _value(name, value, root)
        except SettingError as error:
            problems.append(_refused(name, value, error, site))
    values |= {} if dialect else {"dialect": site.name}
    problems += [*site.data_faults(), *_contradictions(stronger, site)]
    if {"languages", "content"} <= values.keys():
        problems += _languages_elsewhere(site)
    return Derived(values=values, site=site, problems=tuple(problems), examined=examined)


def _texts(key: str, value: object, deepest: int = 3) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict) and deepest:
        for name, inner in value.items():
            yield from _texts(f"{key}.{name}", inner, deepest - 1)


def _value(name: str, given: Given, root: Path) -> object:
    """Return a value that the setting accepts. Raises `SettingError`."""
    value = _FORMS.get(name, lambda given: given.value)(given)
    if name in ("author", "authors", "defaults", "languages"):
        return value
    checked = SETTINGS[name].check(value)
    for path in checked if isinstance(checked, tuple) else (checked,):
        if isinstance(path, Path) and not _is_inside(root / path, root):
            raise SettingError("CFG018", f"leads out of the site: {quoted(str(path))}", f'{name} = "…"')
    return value


def _is_inside(path: Path, root: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _language(given: Given) -> str:
    """The first of several, with hyphens, without an encoding."""
    return next(iter(given.texts), "").partition(".")[0].replace("_", "-")


def _patterns(given: Given) -> list[str]:
    """The patterns below the content folder, a folder's as all that is in it."""
    plain = (text.removeprefix("./").strip("/") for text in given.texts)
    return [pattern for pattern in plain if _is_fit(SETTINGS["ignore"], [pattern])]


def _author(given: Given) -> object:
    """A name, or a table without what cannot be published, such as a home page without its host."""
    if not isinstance(given.value, dict):
        checks.author(given.value)
        return given.value
    AUTHOR["name"].check(given.value["name"])
    return {key: value for key, value in given.value.items() if _is_fit(AUTHOR[key], value)}


def _authors(given: Given) -> object:
    """Authors by key, those with a name that can be published."""
    rows = given.value if isinstance(given.value, dict) else {}
    fit = {key: row for key, row in rows.items() if _is_fit(AUTHOR["name"], row["name"])}
    return {key: _author(replace(given, value=row)) for key, row in fit.items()}


def _languages(given: Given) -> object:
    """The languages by name, each without what cannot be used; one without tag or articles is left out."""
    rows = given.value if isinstance(given.value, dict) else {}
    rows = {name: row for name, row in rows.items() if not _is_elsewhere(row)}
    fit = {
        name: {key: value for key, value in row.items() if value and _is_fit(LANGUAGE[key], value)}
        for name, row in rows.items()
    }
    return {
        name: row for name, row in fit.items() if name == EVERY_LANGUAGE or row.get("tag", language_tag(name))
    }


def _is_elsewhere(row: Mapping[str, str]) -> bool:
    """Tell whether the articles in a language lie outside of the content folder."""
    return row.get("folder", "").startswith("../")


def _languages_elsewhere(site: SiteGenerator) -> Iterator[Problem]:
    given = site.settings["languages"]
    for name, row in given.value.items() if isinstance(given.value, dict) else ():
        if _is_elsewhere(row):
            folder = os.path.normpath(os.path.join(site.settings["content"].text, row["folder"]))
            message = f"the articles in {name} lie in {folder}, outside of the content folder; none is read"
            hint = "put the folders of all languages into one, as content/en and content/fr"
            place = site.position(replace(given, key=f"{given.key}.{name}"))
            yield Problem.warning("LANG003", visible(message), *place, field="languages", hint=hint)


def _defaults(given: Given) -> object:
    """Values of front matter by those of the patterns that stay in the content folder."""
    rows = given.value if isinstance(given.value, dict) else {}
    return {pattern: row for pattern, row in rows.items() if _is_fit(SETTINGS["ignore"], [pattern])}


def _is_fit(row: Row, value: object) -> bool:
    try:
        row.check(value)
    except SettingError:
        return False
    return True


_FORMS: Mapping[str, Any] = {
    "author": _author,
    "authors": _authors,
    "defaults": _defaults,
    "language": _language,
    "languages": _languages,
    "ignore": _patterns,
}


def _refused(name: str, given: Given, error: SettingError, site: SiteGenerator) -> Problem:
    """The warning that a value is not used. Raises `UsageError` for one that a build cannot go without."""
    file, line, column = site.position(given)
    message = visible(f"`{given.key or name}` of {site.title} {error.message}")
    hint = visible(error.hint.replace("{name}", name))
    hint = f"correct it, or set `{name}` in {configuration.OWN}: {hint}"
    if name in _DECISIVE:
        raise UsageError(message, code=error.code, hint=hint, file=file, line=line, column=column)
    text = f"{message}; it is not used"
    return Problem.warning("CFG024", text, file, line, column, field=name, hint=hint)


def _unread(fault: Problem, stronger: Mapping[str, object]) -> Problem:
    """The warning that a file cannot be read. Raises `UsageError` unless where links lead is set anyhow."""
    if {"url", "permalink"} <= stronger.keys():
        return replace(fault, severity="warning", code="CFG022")
    message, hint, file = visible(fault.message), visible(fault.hint), fault.file
    raise UsageError(message, code="CFG022", hint=hint, file=file, line=fault.line, column=fault.column)


def _of_another(site: SiteGenerator, dialect: object) -> Problem:
    file = next(iter(site.fields), "")
    message = visible(f"`dialect` is {quoted(str(dialect))}, but {file} is {site.title}'s")
    hint = f'dialect = "{site.name}", if the site is made by {site.title}'
    return Problem.warning("CFG023", message, file, field="dialect", hint=hint)


def _contradictions(stronger: Mapping[str, object], site: SiteGenerator) -> Iterator[Problem]:
    """What feedwright is told otherwise than the generator."""
    for name in _COMPARED:
        given = site.settings.get(name)
        if given is None or name not in stronger:
            continue
        try:
            wanted, shown = SETTINGS[name].check(given.value), SETTINGS[name].check(stronger[name])
        except SettingError:
            continue  # the one is told elsewhere, the other cannot be compared
        if not _is_same(name, wanted, shown):
            message = f"`{name}` is {quoted(str(shown))}, but {site.title} has {quoted(str(wanted))}"
            hint = f"leave `{name}` out to take what the site has"
            yield Problem.warning("CFG023", visible(message), *site.position(given), field=name, hint=hint)


def _is_same(name: str, one: object, other: object) -> bool:
    if name == "permalink":
        from feedwright.articles.permalinks import are_same

        return are_same(str(one), str(other))
    return one == other
