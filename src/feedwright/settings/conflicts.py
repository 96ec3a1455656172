"""Conflicts between settings: two that claim one category, one slug, one old address or one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedwright.settings.checks import SettingError, quoted
from feedwright.settings.old_addresses import document_names
from feedwright.site import RECORD_NAME
from feedwright.text import caseless, fold_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from feedwright.settings.positions import Key
    from feedwright.site import CategorySettings

    Conflict = tuple[Key, SettingError]
    Categories = Mapping[str, CategorySettings]


def conflicts(values: Mapping[str, Any]) -> Iterator[Conflict]:
    """Yield the path of every setting that claims what another one has, and the error.

    `values` are the checked settings by name.
    """
    categories, aliases, formats = values["categories"] or {}, values["aliases"] or {}, values["formats"]
    is_flat = not values["hierarchy"]
    yield from _duplicate_categories(categories)
    yield from _shared_slugs(categories, is_flat=is_flat)
    yield from _shared_addresses(categories, is_flat=is_flat)
    if aliases:
        yield from _unwritten_aliases(aliases, formats)
        yield from _shared_files(aliases, _earlier_documents(categories, formats))


def _duplicate_categories(categories: Categories) -> Iterator[Conflict]:
    labels: dict[str, str] = {}
    for label in categories:
        first = labels.setdefault(fold_label(label), label)
        if first != label:
            message = f"is the same category as {quoted(first)}"
            yield ("categories", label), SettingError("CFG014", message, "merge the two tables")


def _shared_slugs(categories: Categories, *, is_flat: bool) -> Iterator[Conflict]:
    """Slugs of two categories below one parent."""
    owners: dict[tuple[str, str], str] = {}
    for label, category in categories.items():
        if category.slug is None:
            continue
        parent = "" if is_flat else fold_label(label.rpartition("/")[0])
        owner = owners.setdefault((parent, category.slug), label)
        if fold_label(owner) != fold_label(label):
            message = f"is the slug of {quoted(owner)} too: {quoted(category.slug)}"
            hint = "give each category a slug of its own"
            yield ("categories", label, "slug"), SettingError("CFG014", message, hint)


def _shared_addresses(categories: Categories, *, is_flat: bool) -> Iterator[Conflict]:
    """Old addresses of two categories, and those that are another category's slug."""
    slugs = {category.slug: label for label, category in categories.items() if is_flat or "/" not in label}
    owners: dict[str, str] = {}
    for label, category in categories.items():
        for path in category.was:
            owner, heir = owners.setdefault(caseless(path), label), slugs.get(path, label)
            if fold_label(owner) != fold_label(label):
                message = f"contains {quoted(path)}, as that of {quoted(owner)} does"
            elif fold_label(heir) != fold_label(label):
                message = f"contains {quoted(path)}, which is the slug of {quoted(heir)}"
            else:
                continue
            hint = f"leave {quoted(path)} to one of the two"
            yield ("categories", label, "was"), SettingError("CFG014", message, hint)


def _unwritten_aliases(aliases: Mapping[str, str], formats: Sequence[str]) -> Iterator[Conflict]:
    for path, name in aliases.items():
        if name not in formats:
            message = f"asks for {quoted(name)}, which `formats` leaves out"
            hint = f"formats = [{', '.join(map(quoted, (*formats, name)))}]"
            yield ("aliases", path), SettingError("CFG012", message, hint)


def _earlier_documents(categories: Categories, formats: Sequence[str]) -> dict[str, str]:
    """The label of the category that had each document."""
    names = document_names()
    return {
        caseless(f"{path}/{names[name]}"): label
        for label, category in categories.items()
        for path in category.was
        for name in formats
    }


def _shared_files(aliases: Mapping[str, str], earlier: Mapping[str, str]) -> Iterator[Conflict]:
    """Aliases that are one file with another document on some file system, or lie below one."""
    first: dict[str, str] = {}
    files = {caseless(path): path for path in (RECORD_NAME, *document_names().values(), *aliases)}
    for path, name in aliases.items():
        key = caseless(path)
        twin = first.setdefault(key, path)
        above = next((files[folder] for folder in _folders(key) if folder in files), None)
        code, hint = "CFG018", f'"old/feed.xml" = "{name}"'
        if twin != path:
            code, hint = "CFG014", "keep one of the two"
            message = f"is the same file as {quoted(twin)} on some systems"
        elif key == RECORD_NAME:
            message = "is the file of the record of what was published"
        elif key in earlier:
            code, hint = "CFG014", "remove it from `aliases` or from `was`"
            message = f"is an old address of {quoted(earlier[key])} too"
        elif above:
            message = f"is below {quoted(above)}, which is a file"
        else:
            continue
        yield ("aliases", path), SettingError(code, message, hint)


def _folders(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts)))
