"""The loader: flags, environment, configuration file, the generator's own and defaults become one `Site`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from feedwright.disk import CACHE_FOLDER
from feedwright.generators.table import GENERATORS
from feedwright.model import Author, replace
from feedwright.problems import GuardError, Problem, UsageError
from feedwright.settings import checks, derived, old_addresses, pages, patterns, template_tags, urls
from feedwright.settings import file as configuration
from feedwright.settings.checks import Fault, Key, SettingError
from feedwright.settings.conflicts import conflicts
from feedwright.settings.derived import Derived
from feedwright.settings.file import Place, Source
from feedwright.settings.reference import AUTHOR, CATEGORY, ENVIRONMENT, LANGUAGE, PREFIX, SETTINGS, Row
from feedwright.site import EVERY_LANGUAGE, RECORD_NAME, CategorySettings, LanguageSettings, Site
from feedwright.text import language_tag, tidy_label, visible
from feedwright.urls import web

Origin = Literal["generator", "file", "environment", "flag"]
T = TypeVar("T")
_SYNONYMS = {
    "url": "base_url baseurl base site_url siteurl link root",
    "language": "lang languagecode default_lang locale",
    "timezone": "tz time_zone",
    "limit": "items max_items feed_limit feed_items size",
    "description": "subtitle tagline",
    "copyright": "license rights",
    "icon": "favicon",
    "output": "public dest destination output_path output_dir public_dir",
    "content": "source source_dir content_dir path articles posts",
    "ignore": "exclude ignore_files",
    "authority": "domain",
}
"""The names that other generators give to our settings."""


def load_settings(
    *, config: Path | None = None, start: Path, environ: Mapping[str, str], overrides: Mapping[str, object]
) -> Site:
    """Return the settings that hold in the folder `start`, the current one.

    `config` is the configuration file, else the nearest upward counts; `overrides` are flags by the name of
    the setting (None: not given; a limit may be "all"). Paths in the file are relative to its folder, others
    to `start`. What none of them says is taken from the site's own generator, if its configuration is in the
    folder of the file, else in `start`. An empty variable of the environment counts as missing. Raises
    `UsageError` for the first fault, with the others in `also`, and `GuardError` CFG020 where the output
    folder holds the articles.
    """
    start = start.absolute()
    source = configuration.find(config, start)
    root = source.folder if source else start
    given: dict[Origin, Mapping[str, object]] = {
        "generator": {},
        "file": source.table if source else {},
        "environment": _from_environment(environ),
        "flag": {name: value for name, value in overrides.items() if value is not None},
    }
    own = derived.derive(given.values(), root, start)
    given["generator"] = own.values
    values: dict[str, Any] = {name: row.default for name, row in SETTINGS.items()}
    origins: dict[str, Origin] = {}
    faults: dict[Origin, list[Fault]] = {origin: [] for origin in given}
    for origin, table in given.items():
        checked = _checked(table, SETTINGS, (), faults[origin])
        values |= checked
        origins |= dict.fromkeys(checked, origin)
    for path, error in (*conflicts(values), *patterns.excess(values)):
        faults[origins.get(path[0], "file")].append((path, error))
    styles, stylesheet = _styles(values["stylesheet"], origins, faults, root, start)
    errors = [error for origin in faults for error in _errors(source, origin, faults[origin])]
    if not any("url" in table for table in given.values()):
        errors.append(_without_url(source, start, own))
    if errors:
        errors[0].also = tuple(errors[1:])
        raise errors[0]
    if values["built_pages"] and not values["site_output"]:
        message = "`built_pages` is true, but no generator's configuration tells where the pages are"
        hint = 'name the folder instead: site_output = "public"'
        raise UsageError(message, code="CFG025", hint=hint)
    if values["bodies"] == "pages" and not values["site_output"]:
        message = '`bodies` is "pages", but nothing tells where the pages are'
        hint = 'name their folder, site_output = "public", or set built_pages = true'
        raise UsageError(message, code="CFG033", hint=hint)
    site = replace(_site(values, origins, root, start), styles=styles)
    _check_folders(site)
    if origins.get("content") == "generator" and _holds(site.content, site.output):
        # nobody chose to put one into the other
        inside = os.path.relpath(os.path.realpath(site.output), os.path.realpath(site.content))
        site = replace(site, ignore=(*site.ignore, inside))
    return replace(
        site,
        warnings=(*own.problems, *_warnings(site, source, own, origins, environ)),
        origins={
            name: _shown_origin(source, own, origins[name], name) for name in SETTINGS if name in origins
        },
        category_places=source.places("categories", start) if source else {},
        derived=frozenset(name for name in origins if origins[name] == "generator"),
        own_permalink=str(own.given("permalink").value),
        generator_values=own.texts,
        note=own.note,
        examined=tuple(sorted({**own.examined, **stylesheet}.items())),
    )


def _errors(source: Source | None, origin: Origin, faults: list[Fault]) -> list[UsageError]:
    """The faults of one origin as the user reads them, in the order of the file."""
    errors = []
    for path, error in faults:
        name, assignment = _spelled(origin, path)
        message, hint = f"{name} {error.message}", error.hint.replace("{name} = ", assignment)
        file, line, column = _position(source, origin, path, error.word)
        shown = {"message": visible(message), "hint": visible(hint)}
        errors.append(UsageError(**shown, code=error.code, file=file, line=line, column=column))
    return sorted(errors, key=attrgetter("line", "column"))


def _position(source: Source | None, origin: Origin | None, path: Key, word: str | None = None) -> Place:
    """The file, line and column of a setting, or of a word in it; "" and 0 where it is not in a file."""
    return (source.file, *source.position(path, word)) if source and origin == "file" else ("", 0, 0)


def _shown_origin(source: Source | None, own: Derived, origin: Origin, name: str) -> str:
    """Where a setting comes from, in words: an option, a variable, or a file and its line."""
    if origin in ("flag", "environment"):
        return _spelled(origin, (name,))[0]
    file, line, _ = own.position(name) if origin == "generator" else _position(source, origin, (name,))
    return f"{file}:{line}" if line else file


def _without_url(source: Source | None, start: Path, own: Derived) -> UsageError:
    name, file = configuration.OWN, source.file if source else ""
    searched = file or f"{name} and {configuration.SHARED}, in {start} and above"
    if own.site:
        searched += f"; {' and '.join(own.site.fields)} does not tell it either"
    message = f"the address of the site is not known; looked in {searched}"
    ways = f'--url https://example.org/, url = "https://example.org/" in {name}, or FEEDWRIGHT_URL'
    hint = f"`feedwright init` writes settings; or use {ways}"
    return UsageError(message, code="CFG001", hint=hint, file=file)


def _checked(given: object, rows: Mapping[str, Row], above: Key, faults: list[Fault], hint: str = "") -> Any:
    """Return the checked values of a table of settings; faults are reported with their paths."""

    def check(name: str, value: object) -> object:
        if name not in rows:
            raise _unknown(name, value, rows)
        table = _TABLES.get(name)
        return table(value, (*above, name), faults) if table else rows[name].check(value)

    return _each(given, check, above, faults, hint)


def _each(
    given: object, check: Callable[[str, object], T], above: Key, faults: list[Fault], hint: str = ""
) -> dict[str, T]:
    """Return what `check` makes of each key and value of a table; faults are reported."""
    if not isinstance(given, dict):
        raise checks.mistyped("a table", given, hint)
    values: dict[str, T] = {}
    for name, value in given.items():
        try:
            values[name] = check(name, value)
        except SettingError as error:
            faults.append(((*above, name), error))
    return values


def _author(value: object, path: Key, faults: list[Fault]) -> Author:
    if not isinstance(value, dict):
        return checks.author(value)
    facts = _checked(value, AUTHOR, path, faults)
    if "name" not in value:
        raise SettingError("CFG017", "has no name", 'author = { name = "Name" }')
    return Author(**{"name": "", **facts})


def _authors(value: object, path: Key, faults: list[Fault]) -> dict[str, Author]:
    """Authors by the key that articles name them by."""
    hint = '[authors."key"]'
    return _each(value, lambda key, facts: _author(facts, (*path, key), faults), path, faults, hint)


def _aliases(value: object, path: Key, faults: list[Fault]) -> dict[str, str]:
    return _each(value, old_addresses.alias, path, faults, f"{{name}} = {{ {old_addresses.EXAMPLE} }}")


def _categories(value: object, path: Key, faults: list[Fault]) -> dict[str, CategorySettings]:
    """The settings of categories by label as it is written."""

    def check(label: str, value: object) -> CategorySettings:
        facts = _checked(value, CATEGORY, (*path, label), faults, f'[categories."{label}"]')
        checks.label(label)
        return CategorySettings(**facts)

    return _each(value, check, path, faults, '[categories."label"]')


def _languages(value: object, path: Key, faults: list[Fault]) -> dict[str, LanguageSettings]:
    """The settings of languages by name; one that is no tag itself has a `tag`."""

    def check(name: str, value: object) -> LanguageSettings:
        row = LanguageSettings(**_checked(value, LANGUAGE, (*path, name), faults, f"[languages.{name}]"))
        if name != EVERY_LANGUAGE and row.tag is None:
            checks.language(name)
        return row

    return _each(value, check, path, faults, "[languages.fr]")


def _defaults(value: object, path: Key, faults: list[Fault]) -> dict[str, dict[str, object]]:
    """Values of front matter by pattern, as texts."""
    hint = '[defaults."notes/**"]'

    def check(pattern: str, value: object) -> dict[str, object]:
        checks.pattern(pattern)
        return _each(value, lambda key, value: checks.front_matter(value), (*path, pattern), faults, hint)

    return _each(value, check, path, faults, hint)


def _retired(value: object, path: Key, faults: list[Fault]) -> dict[str, str]:
    """The formats that are retired, each with its successor."""

    def check(name: str, value: object) -> str:
        checks.feed_format(name)
        return checks.feed_format(value)

    return _each(value, check, path, faults, '{name} = { rss = "atom" }')


def _tags(value: object, path: Key, faults: list[Fault]) -> dict[str, str]:
    return _each(value, template_tags.template_tag, path, faults, "[tags]")


_TABLES = {
    "author": _author,
    "authors": _authors,
    "aliases": _aliases,
    "categories": _categories,
    "defaults": _defaults,
    "languages": _languages,
    "retired": _retired,
    "tags": _tags,
}
"""The settings that are or may be tables."""


def _unknown(name: str, value: object, rows: Mapping[str, Row]) -> SettingError:
    plain = re.sub(r"[^a-z]+", "_", name.lower()).strip("_")
    synonyms = (ours for ours, words in _SYNONYMS.items() if plain in words.split())
    meant = plain if plain in rows else next(synonyms, None) or checks.nearest(name, rows)
    if meant in rows:
        hint = f"did you mean `{meant}`?"
    elif name in SETTINGS:
        hint = f"it is a setting of the site: put `{name}` above the first line in square brackets"
    elif name == "tool" and isinstance(value, dict):
        hint = f"in {configuration.OWN} the settings stand at the top, without [tool.feedwright]"
    else:
        hint = "choose from " + ", ".join(rows)
    return SettingError("CFG006", "is not a setting", hint)


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """Return what the environment sets, each value in the form that it has in the file."""
    texts = {name: environ.get(variable, "").strip() for variable, name in ENVIRONMENT.items()}
    return {name: _parsed(SETTINGS[name].shape, text) for name, text in texts.items() if text}


def _parsed(shape: str, text: str) -> object:
    if shape == "number" and re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    if shape == "flag" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if shape == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _spelled(origin: Origin, path: Key) -> tuple[str, str]:
    """The name of a setting as the user writes it, and what comes before its value."""
    if origin == "environment":
        return PREFIX + path[0].upper(), f"{PREFIX}{path[0].upper()}="
    if origin == "flag":
        option = "--" + path[0].replace("_", "-")
        return option, f"{option} "
    parts = (part if re.fullmatch(r"[\w-]+", part) else checks.quoted(part) for part in path)
    return f"`{'.'.join(parts)}`", f"{path[-1]} = "


def _styles(
    value: str | None,
    origins: Mapping[str, Origin],
    faults: Mapping[Origin, list[Fault]],
    root: Path,
    start: Path,
) -> tuple[str, dict[str, str]]:
    """The text of the owner's stylesheet, and the state of its file by its path; a fault is reported."""
    origin = origins.get("stylesheet", "file")
    try:
        styles, file = pages.read_stylesheet(value, start if origin in ("environment", "flag") else root)
    except SettingError as error:
        faults[origin].append((("stylesheet",), error))
        return "", {}
    return styles, dict([file]) if file else {}


def _site(values: dict[str, Any], origins: Mapping[str, Origin], root: Path, start: Path) -> Site:
    """Fill in what is derived from other settings; each value is valid by itself."""

    def absolute(name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(absolute(name, item) for item in value)
        base = start if origins.get(name) in ("environment", "flag") else root
        return base / value if isinstance(value, Path) else value

    def picture(reference: str | None) -> str | None:
        return web(reference, values["url"]) if reference else None

    values = {name: absolute(name, value) for name, value in values.items()}
    if values["markdown"] is None and "dialect" in origins:
        values["markdown"] = GENERATORS[values["dialect"]].markdown
    values["title"] = values["title"] or urls.host_of(values["url"])
    values["description"] = values["description"] or values["title"]
    home = _settle_root(values) if values["site_root"] else "feeds/"
    values["feeds_url"] = values["feeds_url"] or values["url"] + quote(home)
    values["record"] = values["record"] or values["output"] / RECORD_NAME
    values["icon"], values["logo"] = picture(values["icon"]), picture(values["logo"])
    aliases = _from_output("aliases", values["aliases"] or {}, home)
    values["aliases"] = old_addresses.without_documents(aliases)
    values["retired"] = values["retired"] or {}
    values["authors"] = values["authors"] or {}
    values["defaults"] = values["defaults"] or {}
    values["languages"] = _settled(values["languages"] or {}, values["language"], values["dialect"])
    values["tags"] = values["tags"] or {}
    values["categories"] = {
        tidy_label(label): replace(
            category,
            image=picture(category.image),
            aliases=_from_output(f'categories."{label}".aliases', category.aliases, home),
        )
        for label, category in (values["categories"] or {}).items()
    }
    return Site(**values, timezone_set="timezone" in origins, root=root, cache=root / CACHE_FOLDER)


def _settle_root(values: dict[str, Any]) -> str:
    """The path of the output folder below the site's root, ending in "/", "" where they are the same.

    Raises `UsageError` CFG018 where it is not there, or not at the address that this means: documents above
    it could not be found.
    """
    output, root = (Path(os.path.normpath(values[name])) for name in ("output", "site_root"))
    values |= {"output": output, "site_root": root}
    real = Path(os.path.relpath(os.path.realpath(output), os.path.realpath(root)))
    if not output.is_relative_to(root) or real != output.relative_to(root):
        message = f"`site_root` {root} does not hold the output folder {output}, or through a link"
        raise UsageError(message, code="CFG018", hint='output = "public/feeds" with site_root = "public"')
    home = "" if real == Path() else f"{real.as_posix()}/"
    feeds_url = values["url"] + quote(home)
    if values["feeds_url"] not in (None, feeds_url):
        message = f"`feeds_url` does not fit `site_root`, where the output folder is at {feeds_url}"
        raise UsageError(message, code="CFG018", hint=f'feeds_url = "{feeds_url}"')
    return home


def _settled(
    languages: Mapping[str, LanguageSettings], main: str, dialect: str
) -> dict[str, LanguageSettings]:
    """Return the settings of languages with tag and folder filled in, `main` among them."""
    rows = {}
    for name, row in languages.items():
        tag = row.tag or language_tag(name)
        tag = main if main.lower() == name.lower() or f"{main}-".startswith(f"{tag}-") else tag
        is_below = GENERATORS[dialect].translates and tag != main and re.fullmatch(r"\w[\w-]*", name)
        rows[name] = replace(row, tag=tag, path=row.path or (name if is_below else None))
    if rows and all(row.tag != main for row in rows.values()):
        rows[main.lower()] = LanguageSettings(tag=main)
    return rows


def _from_output(setting: str, aliases: Mapping[str, str], home: str) -> dict[str, str]:
    """The aliases with their paths as seen from the output folder."""
    try:
        return {old_addresses.from_output(path, home): name for path, name in sorted(aliases.items())}
    except SettingError as error:
        message = f"an alias in `{visible(setting)}` {error.message}"
        raise UsageError(message, code=error.code, hint=visible(error.hint)) from None


def _check_folders(site: Site) -> None:
    """Stop where feeds would be written over articles, or the record over a folder or an alias."""
    if _holds(site.output, site.content):
        is_same = _holds(site.content, site.output)
        relation = "the output folder too" if is_same else f"inside the output folder {site.output}"
        message = f"the content folder {site.content} is {relation}"
        raise GuardError(message, code="CFG020", hint="choose a folder for the feeds alone: -o feeds")
    if site.record.is_dir() or _holds(site.record, site.output) or _holds(site.record, site.content):
        message = f"the record {site.record} is a folder, not a file"
        hint = f'move the folder away, or name a file: record = "{RECORD_NAME}"'
        raise UsageError(message, code="CFG018", hint=hint)
    if alias := next((path for path in site.every_alias if _holds(site.record, site.output / path)), None):
        message = f"the record {site.record} is where the alias {checks.quoted(alias)} would be written"
        raise UsageError(message, code="CFG018", hint=f'record = "{RECORD_NAME}"')


def _holds(outer: Path, inner: Path) -> bool:
    """Whether the folder `outer` is `inner` or one above it, whatever links lead there."""
    return Path(os.path.realpath(inner)).is_relative_to(os.path.realpath(outer))


def _warnings(
    site: Site,
    source: Source | None,
    own: Derived,
    origins: Mapping[str, Origin],
    environ: Mapping[str, str],
) -> Iterator[Problem]:
    def warning(code: str, message: str, name: str, hint: str) -> Problem:
        is_own = origins.get(name) == "generator"
        position = own.position(name) if is_own else _position(source, origins.get(name), (name,))
        return Problem.warning(code, message, *position, field=name, hint=hint)

    for name, url in (("url", site.url), ("feeds_url", site.feeds_url)):
        if name in origins and url.startswith("http:"):
            hint = f"if the site has https: {url.replace('http:', 'https:', 1)}; ids stay the same"
            yield warning("CFG004", "the address begins with http, not https", name, hint)
    if site.page_selector and site.bodies != "pages":
        message = "is set, but bodies are not taken from pages"
        yield warning("CFG035", f"`page_selector` {message}", "page_selector", 'bodies = "pages"')
    if origins.get("content") != "generator" and _holds(site.content, site.output):
        message = "the output folder is inside the content folder, and left out"
        yield warning("CFG021", message, "output", "choose a folder beside it")
    for variable in sorted(environ):
        if variable.upper().startswith(PREFIX) and variable not in ENVIRONMENT:
            meant = checks.nearest(variable[len(PREFIX) :], ENVIRONMENT.values())
            usual = "feedwright build --help lists the settings"
            hint = f"did you mean {PREFIX}{meant.upper()}?" if meant else usual
            shown = visible(variable)
            yield warning("CFG016", f"{shown} in the environment is not a setting", shown, hint)
