"""Conflicts between settings: two that claim one category, one slug, one old address or one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from feedwright.settings.checks import Fault, Key, SettingError, quoted
from feedwright.settings.reference import SETTINGS
from feedwright.site import RECORD_NAME, CategorySettings
from feedwright.text import caseless, fold_label


def conflicts(values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the path of every setting that claims what another one has, and the error.

    `values` are the checked settings by name.
    """
    categories, aliases, formats = values["categories"] or {}, values["aliases"] or {}, values["formats"]
    if formats != SETTINGS["formats"].default:
        from feedwright.formats.table import FEED_NAMES

        if set(FEED_NAMES).isdisjoint(formats):
            message = f"names no feed: {' or '.join(FEED_NAMES)}" if formats else "is an empty list"
            hint = f"{{name}} = [{', '.join(map(quoted, (FEED_NAMES[0], *formats)))}]"
            yield ("formats",), SettingError("CFG008", message, hint)
            formats = SETTINGS["formats"].default
    yield from _of_categories(categories, is_flat=not values["hierarchy"])
    retired = values["retired"] or {}
    yield from _of_retired(retired, formats)
    given: dict[Key, str] = {("aliases", path): name for path, name in aliases.items()}
    for label, category in categories.items():
        given |= {("categories", label, "aliases", path): name for path, name in category.aliases.items()}
    if given:
        yield from _of_aliases(given, categories, (*formats, *retired))
        if values["site_root"] is None:
            yield from _without_root(given)


def _of_categories(categories: Mapping[str, CategorySettings], *, is_flat: bool) -> Iterator[Fault]:
    """Two tables for one category, one slug of two below one parent, old addresses that another one has."""
    labels: dict[str, str] = {}
    slugs: dict[tuple[str, str | None], str] = {}
    addresses: dict[str, str] = {}
    heirs = {category.slug: label for label, category in categories.items() if is_flat or "/" not in label}
    for label, category in categories.items():
        path, folded = ("categories", label), fold_label(label)
        parent = "" if is_flat else fold_label(label.rpartition("/")[0])
        if (first := labels.setdefault(folded, label)) != label:
            message = f"is the same category as {quoted(first)}"
            yield path, SettingError("CFG014", message, "merge the two tables")
        owner = slugs.setdefault((parent, category.slug), label)
        if category.slug and fold_label(owner) != folded:
            message = f"is the slug of {quoted(owner)} too: {quoted(category.slug)}"
            yield (*path, "slug"), SettingError("CFG014", message, "give each category a slug of its own")
        for address in category.was:
            owner, heir = addresses.setdefault(caseless(address), label), heirs.get(address, label)
            if folded == fold_label(owner) == fold_label(heir):
                continue
            is_old = fold_label(owner) != folded
            other = f"an old address of {quoted(owner)}" if is_old else f"the slug of {quoted(heir)}"
            message = f"contains {quoted(address)}, which is {other}"
            hint = f"leave {quoted(address)} to one of the two"
            yield (*path, "was"), SettingError("CFG014", message, hint)


def _of_retired(retired: Mapping[str, str], formats: Sequence[str]) -> Iterator[Fault]:
    """Formats that are retired and offered, and successors that are not offered."""
    for name, successor in retired.items():
        if name in formats:
            rest = [other for other in formats if other != name]
            hint = f"formats = [{', '.join(map(quoted, rest))}]"
            yield ("retired", name), SettingError("CFG014", "is one of `formats` too", hint)
        elif successor not in formats:
            message = f"names {quoted(successor)}, which `formats` leaves out"
            hint = f"formats = [{', '.join(map(quoted, (*formats, successor)))}]"
            yield ("retired", name), SettingError("CFG012", message, hint)


def _without_root(aliases: Mapping[Key, str]) -> Iterator[Fault]:
    """Aliases that begin at a root that is not named."""
    for setting in aliases:
        if setting[-1].startswith("/"):
            message = "begins with /, which is the site's root, and `site_root` is not set"
            hint = 'site_root = "public" names its folder; without /, a path begins at the output folder'
            yield setting, SettingError("CFG018", message, hint)


def _of_aliases(
    aliases: Mapping[Key, str], categories: Mapping[str, CategorySettings], formats: Sequence[str]
) -> Iterator[Fault]:
    """Formats that are not written, and files that are another one, or below one, on some file system."""
    from feedwright.formats.table import DOCUMENTS

    earlier = {
        caseless(f"{path}/{DOCUMENTS[name]}"): label
        for label, category in categories.items()
        for path in category.was
        for name in formats
    }
    files = {
        caseless(path): path
        for path in (RECORD_NAME, *DOCUMENTS.values(), *(setting[-1] for setting in aliases))
    }
    first: dict[str, Key] = {}
    for setting, name in aliases.items():
        path = setting[-1]
        key, example = caseless(path), f'"old/feed.xml" = "{name}"'
        twin = first.setdefault(key, setting)
        above = [files[folder] for folder in map(str, PurePosixPath(key).parents) if folder in files]
        if name not in formats:
            message = f"asks for {quoted(name)}, which `formats` leaves out"
            hint = f"formats = [{', '.join(map(quoted, (*formats, name)))}]"
            yield setting, SettingError("CFG012", message, hint)
        if twin != setting:
            message = f"is the same file as {quoted(twin[-1])} on some systems"
            yield setting, SettingError("CFG014", message, "keep one of the two")
        elif key == RECORD_NAME:
            yield setting, SettingError("CFG018", "is the file of the record of what was published", example)
        elif key in earlier:
            message = f"is an old address of {quoted(earlier[key])} too"
            yield setting, SettingError("CFG014", message, "remove it from `aliases` or from `was`")
        elif above:
            yield setting, SettingError("CFG018", f"is below {quoted(above[-1])}, which is a file", example)
