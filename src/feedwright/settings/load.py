"""What the user settled: flag, environment, configuration file and default become one `Site`.

Every value given is checked, also one that a stronger one replaces, and every fault is found in one run.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from feedwright.model import Author
from feedwright.problems import GuardError, Problem, UsageError
from feedwright.settings import checks as check
from feedwright.settings import file as settings_file
from feedwright.settings import urls as address
from feedwright.settings.checks import Refused
from feedwright.settings.conflicts import clashes
from feedwright.settings.old_addresses import DOCUMENTS
from feedwright.settings.table import ENVIRONMENT, FORMATS, PREFIX, Setting, reference
from feedwright.site import RECORD_NAME, CategorySettings, Site
from feedwright.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from feedwright.settings.file import Source
    from feedwright.settings.positions import Key

    _Report = Callable[[Key, Refused], None]

__all__ = ["ENVIRONMENT", "FORMATS", "Setting", "load_settings", "reference"]
_CACHE = ".feedwright_cache"
# What other generators call our settings.
_ELSEWHERE = {
    name: ours
    for ours, names in {
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
    }.items()
    for name in names.split()
}


_Origin = Literal["file", "environment", "flag"]


class _Fault(NamedTuple):
    origin: _Origin
    path: Key
    refused: Refused


@dataclass(slots=True, kw_only=True)
class _Sheet:
    """The settings while they are read: checked values, where each is from, and what is wrong."""

    values: dict[str, Any]
    origins: dict[str, _Origin] = field(default_factory=dict)
    faults: list[_Fault] = field(default_factory=list)


def load_settings(
    *,
    config: Path | None = None,
    start: Path,
    environ: Mapping[str, str],
    overrides: Mapping[str, object],
) -> Site:
    """Return the settings that hold in the folder `start`, the current one.

    `config` is the configuration file, else the nearest upward counts; `overrides` are flags by the name of
    the setting (None: not given; a limit may be "all"). Paths in the file are relative to its folder, others
    to `start`. An empty variable of the environment counts as missing. Raises `UsageError` for the first
    fault, with the others in `also`, and `GuardError` CFG020 where the output folder holds the articles.
    """
    start = start.absolute()
    source = settings_file.find(config, start)
    rows = {row.name: row for row in reference()}
    sheet = _Sheet(values={name: row.default for name, row in rows.items()})
    _take(sheet, "file", dict(source.table) if source else {}, rows)
    _take(sheet, "environment", _from_environment(environ, rows), rows)
    _take(sheet, "flag", {name: value for name, value in overrides.items() if value is not None}, rows)
    for path, refused in clashes(sheet.values):
        sheet.faults.append(_Fault(sheet.origins.get(path[0], "file"), path, refused))
    errors = _errors(sheet, source, start)
    if errors:
        first, *others = errors
        first.also = tuple(others)
        raise first
    return _site(sheet, source, start, environ)


def _take(
    sheet: _Sheet,
    origin: _Origin,
    given: Mapping[str, object],
    rows: Mapping[str, Setting],
) -> None:
    """Check what one origin gives, and put it over what weaker ones gave."""
    found = _checked(
        given, rows, (), lambda path, refused: sheet.faults.append(_Fault(origin, path, refused))
    )
    sheet.values.update(found)
    sheet.origins.update(dict.fromkeys(found, origin))


def _checked(
    given: Mapping[str, object], rows: Mapping[str, Setting], above: Key, report: _Report
) -> dict[str, object]:
    """Return the checked values of a table; what is wrong is reported with its path."""
    found: dict[str, object] = {}
    for name, value in given.items():
        path, row = (*above, name), rows.get(name)
        try:
            if row is None:
                raise _unknown(name, value, rows, above)
            if row.pair and isinstance(value, dict):
                found[name] = _pairs(row.pair, value, path, report)
            elif row.rows and isinstance(value, dict):
                found[name] = _table(row, value, path, report)
            else:
                found[name] = row.check(value)
        except Refused as refused:
            report(path, refused)
    return found


def _pairs(
    pair: Callable[[str, object], object], given: Mapping[str, object], above: Key, report: _Report
) -> dict[str, object]:
    """Return the checked values of a table whose keys are checked with them."""
    found: dict[str, object] = {}
    for name, value in given.items():
        try:
            found[name] = pair(name, value)
        except Refused as refused:
            report((*above, name), refused)
    return found


def _table(row: Setting, value: dict[str, object], path: Key, report: _Report) -> object:
    """Return the author that a table is, or the settings of all categories by label."""
    rows = {inner.name: inner for inner in row.rows}
    if not row.named:
        facts: dict[str, Any] = _checked(value, rows, path, report)
        if "name" not in value:
            raise Refused("CFG017", "has no name", 'author = { name = "Name" }')
        return Author(**{"name": "", **facts})
    found: dict[str, CategorySettings] = {}
    for label, settings in value.items():
        try:
            if not isinstance(settings, dict):
                raise Refused(
                    "CFG007", f"must be a table, not {check.described(settings)}", f'[categories."{label}"]'
                )
            own: dict[str, Any] = _checked(settings, rows, (*path, label), report)
            shown = check.label(label)
            if shown in found:
                raise Refused(
                    "CFG014", "is the same category as another table's", "make one table of the two"
                )
            found[shown] = CategorySettings(**own)
        except Refused as refused:
            report((*path, label), refused)
    return found


def _unknown(name: str, value: object, rows: Mapping[str, Setting], above: Key) -> Refused:
    plain = re.sub(r"[^a-z]+", "_", name.lower()).strip("_")
    meant = plain if plain in rows else _ELSEWHERE.get(plain, check.nearest(name, rows))
    if meant in rows:
        hint = f"did you mean `{meant}`?"
    elif above and name in ENVIRONMENT.values():
        hint = f"it is the site's: put `{name}` above the first line in square brackets"
    elif name == "tool" and isinstance(value, dict):
        hint = f"in {settings_file.OWN} the settings stand at the top, without [tool.feedwright]"
    else:
        hint = "there are " + ", ".join(rows)
    return Refused("CFG006", "is no setting", hint)


def _from_environment(environ: Mapping[str, str], rows: Mapping[str, Setting]) -> dict[str, object]:
    """Return what the environment sets, each value in the form that the file would have."""
    named = ((rows[name], environ.get(variable, "").strip()) for variable, name in ENVIRONMENT.items())
    return {row.name: _as_written(row.shape, text) for row, text in named if text}


def _as_written(shape: str, text: str) -> object:
    if shape == "number" and re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    if shape == "flag" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if shape == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _errors(sheet: _Sheet, source: Source | None, start: Path) -> list[UsageError]:
    """Return every fault as an error with its place, the file's first and in order."""
    order = ("file", "environment", "flag")
    found = [(fault.origin, _error(fault, source)) for fault in sheet.faults]
    found.sort(key=lambda row: (order.index(row[0]), row[1].line, row[1].column))
    errors = [error for _, error in found]
    if sheet.values["url"] is None and not any(fault.path == ("url",) for fault in sheet.faults):
        errors.append(_without_url(source, start))
    return errors


def _error(fault: _Fault, source: Source | None) -> UsageError:
    refused, (file, line, column) = fault.refused, _place(fault.origin, fault.path, source)
    assign = {
        "file": f"{fault.path[-1]} = ",
        "environment": f"{_variable(fault.path)}=",
        "flag": f"{_flag(fault.path)} ",
    }
    return UsageError(
        visible(f"{_called(fault)} {refused.message}"),
        code=refused.code,
        hint=visible(refused.hint.replace("{name} = ", assign[fault.origin])),
        file=file,
        line=line,
        column=column,
    )


def _called(fault: _Fault) -> str:
    """Return the name of a setting as the user knows it."""
    if fault.origin == "environment":
        return _variable(fault.path)
    if fault.origin == "flag":
        return _flag(fault.path)
    return (
        "`"
        + ".".join(part if re.fullmatch(r"[\w-]+", part) else check.quoted(part) for part in fault.path)
        + "`"
    )


def _variable(path: Key) -> str:
    return PREFIX + path[0].upper()


def _flag(path: Key) -> str:
    return "--" + path[0].replace("_", "-")


def _place(origin: _Origin, path: Key, source: Source | None) -> tuple[str, int, int]:
    return (source.file, *source.place(path)) if source and origin == "file" else ("", 0, 0)


def _without_url(source: Source | None, start: Path) -> UsageError:
    own, shared = settings_file.OWN, settings_file.SHARED
    where = source.file if source else f"{own} and [tool.feedwright] in {shared}, in {start} and above"
    message = f"the address of the site is not known; looked in {where}"
    hint = (
        f'give it with --url https://example.org/, url = "https://example.org/" in {own}, or FEEDWRIGHT_URL'
    )
    return UsageError(message, code="CFG001", hint=hint, file=source.file if source else "")


def _site(sheet: _Sheet, source: Source | None, start: Path, environ: Mapping[str, str]) -> Site:
    """Fill in what is derived from other settings; all values are good by themselves."""
    values, root = sheet.values, source.folder if source else start

    def absolute(name: str, written: str) -> Path:
        return (root if sheet.origins.get(name, "file") == "file" else start) / written

    def picture(reference: str | None) -> str | None:
        return address.resolved(reference, values["url"]) if reference else None

    url = values["url"]
    title = values["title"] or address.host_of(url)
    output = absolute("output", values["output"])
    derived = {
        "title": title,
        "description": values["description"] or title,
        "feeds_url": values["feeds_url"] or f"{url}feeds/",
        "content": absolute("content", values["content"]),
        "output": output,
        "record": absolute("record", values["record"]) if values["record"] else output / RECORD_NAME,
        "icon": picture(values["icon"]),
        "logo": picture(values["logo"]),
        "follow_symlinks": tuple(absolute("follow_symlinks", folder) for folder in values["follow_symlinks"]),
        "aliases": {
            path: name
            for path, name in sorted((values["aliases"] or {}).items())
            if path != DOCUMENTS.get(name)
        },
        "categories": {
            label: replace(own, image=picture(own.image)) for label, own in values["categories"].items()
        },
    }
    site = Site(
        **{**values, **derived}, timezone_set="timezone" in sheet.origins, root=root, cache=root / _CACHE
    )
    _guard(site)
    warnings = (*_insecure(sheet, source), *_nested(site, sheet, source), *_strangers(environ))
    return replace(site, warnings=warnings)


def _guard(site: Site) -> None:
    """Stop where feeds would be written over articles, or the record over a folder."""
    if _holds(site.output, site.content):
        is_same = _holds(site.content, site.output)
        what = "the output folder too" if is_same else f"inside the output folder {site.output}"
        message = f"the content folder {site.content} is {what}"
        raise GuardError(message, code="CFG020", hint="choose a folder for the feeds alone: -o feeds")
    if site.record.is_dir() or _holds(site.record, site.output) or _holds(site.record, site.content):
        message = f"the record {site.record} is a folder, not a file"
        hint = f'move the folder away, or name a file: record = "{RECORD_NAME}"'
        raise UsageError(message, code="CFG018", hint=hint)
    if alias := next((path for path in site.aliases if _holds(site.record, site.output / path)), None):
        message = f"the record {site.record} is where the alias {check.quoted(alias)} would be written"
        raise UsageError(message, code="CFG018", hint=f'record = "{RECORD_NAME}"')


def _holds(outer: Path, inner: Path) -> bool:
    """Whether the folder `outer` is `inner` or one above it, whatever links lead there."""
    above, below = os.path.realpath(outer), os.path.realpath(inner)
    return below == above or below.startswith(above.rstrip(os.sep) + os.sep)


def _insecure(sheet: _Sheet, source: Source | None) -> Iterator[Problem]:
    for name in ("url", "feeds_url"):
        url = sheet.values[name]
        if url and url.startswith("http:"):
            hint = f"if the site has https: {url.replace('http:', 'https:', 1)}; ids stay the same"
            yield _warning("CFG004", "the address begins with http, not https", sheet, name, source, hint)


def _nested(site: Site, sheet: _Sheet, source: Source | None) -> Iterator[Problem]:
    if _holds(site.content, site.output):
        hint = "choose a folder beside it"
        yield _warning(
            "CFG021",
            "the output folder is inside the content folder, and left out",
            sheet,
            "output",
            source,
            hint,
        )


def _warning(code: str, message: str, sheet: _Sheet, name: str, source: Source | None, hint: str) -> Problem:
    file, line, column = _place(sheet.origins.get(name, "flag"), (name,), source)
    return Problem(
        severity="warning",
        code=code,
        message=message,
        file=file,
        line=line,
        column=column,
        field=name,
        hint=hint,
    )


def _strangers(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Warn of variables that look like settings."""
    for variable in sorted(environ):
        if variable.upper().startswith(PREFIX) and variable not in ENVIRONMENT:
            meant = check.nearest(variable[len(PREFIX) :], ENVIRONMENT.values())
            yield Problem(
                severity="warning",
                code="CFG016",
                message=f"{visible(variable)} in the environment is no setting",
                file="",
                field=visible(variable),
                hint=f"did you mean {_variable((meant,))}?"
                if meant
                else "feedwright build --help lists the settings",
            )
