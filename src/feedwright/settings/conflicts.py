"""What two settings must not both claim: one category, one slug, one old address, one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedwright.settings.checks import Refused, quoted
from feedwright.settings.old_addresses import DOCUMENTS
from feedwright.site import RECORD_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from feedwright.settings.positions import Key
    from feedwright.site import CategorySettings

    _Clash = tuple[Key, Refused]
    _Categories = Mapping[str, CategorySettings]


def clashes(values: Mapping[str, Any]) -> Iterator[_Clash]:
    """Yield the path of every setting that claims what another has, and why it is refused.

    `values` are the checked settings by name.
    """
    categories, aliases = values["categories"], values["aliases"]
    if categories:
        yield from _twins(categories)
        yield from _slugs(categories, is_flat=not values["hierarchy"])
        yield from _addresses(categories, is_flat=not values["hierarchy"])
    if aliases:
        yield from _off(aliases, values["formats"])
        yield from _files(aliases, _of_categories(categories, values["formats"]))


def _twins(categories: _Categories) -> Iterator[_Clash]:
    """Two tables must not be for one category."""
    from feedwright.text import fold_label

    labels: dict[str, str] = {}
    for label in categories:
        twin = labels.setdefault(fold_label(label), label)
        if twin != label:
            message = f"is the same category as {quoted(twin)}"
            yield ("categories", label), Refused("CFG014", message, "make one table of the two")


def _slugs(categories: _Categories, *, is_flat: bool) -> Iterator[_Clash]:
    """Two categories must not have one slug below the same parent."""
    from feedwright.text import fold_label

    slugs: dict[tuple[str, str], str] = {}
    for label, own in categories.items():
        if own.slug is None:
            continue
        parent = "" if is_flat else fold_label(label.rpartition("/")[0])
        other = slugs.setdefault((parent, own.slug), label)
        if fold_label(other) != fold_label(label):
            message = f"is the slug of {quoted(other)} too: {quoted(own.slug)}"
            hint = "give each category a slug of its own"
            yield ("categories", label, "slug"), Refused("CFG014", message, hint)


def _addresses(categories: _Categories, *, is_flat: bool) -> Iterator[_Clash]:
    """No old address may be that of two categories, nor one that another category is given."""
    from feedwright.text import caseless, fold_label

    given = {own.slug: label for label, own in categories.items() if is_flat or "/" not in label}
    before: dict[str, str] = {}
    for label, own in categories.items():
        for path in own.was:
            other = before.setdefault(caseless(path), label)
            now = given.get(path, label)
            message = ""
            if fold_label(other) != fold_label(label):
                message = f"has {quoted(path)}, as that of {quoted(other)} has"
            elif fold_label(now) != fold_label(label):
                message = f"has {quoted(path)}, which is the slug of {quoted(now)}"
            if message:
                hint = f"leave {quoted(path)} to one of the two"
                yield ("categories", label, "was"), Refused("CFG014", message, hint)


def _off(aliases: Mapping[str, str], formats: Sequence[str]) -> Iterator[_Clash]:
    """An alias must be of a format that is written."""
    for path, name in aliases.items():
        if name not in formats:
            listed = ", ".join(map(quoted, (*formats, name)))
            message = f"asks for {quoted(name)}, which `formats` leaves out"
            yield ("aliases", path), Refused("CFG012", message, f"formats = [{listed}]")


def _of_categories(categories: _Categories, formats: Sequence[str]) -> dict[str, str]:
    """The documents at old addresses of categories, with the labels."""
    from feedwright.text import caseless

    files = [DOCUMENTS[name] for name in formats if name in DOCUMENTS]
    return {
        caseless(f"{path}/{file}"): label
        for label, own in categories.items()
        for path in own.was
        for file in files
    }


def _files(aliases: Mapping[str, str], before: Mapping[str, str]) -> Iterator[_Clash]:
    """No file may be where another one is, nor below one, on any file system."""
    from feedwright.text import caseless

    met: dict[str, str] = {}
    files = {caseless(path): path for path in (RECORD_NAME, *DOCUMENTS.values(), *aliases)}
    for path, name in aliases.items():
        key = caseless(path)
        twin = met.setdefault(key, path)
        above = next((files[folder] for folder in _above(key) if folder in files), None)
        elsewhere = f'"old/feed.xml" = "{name}"'
        if twin != path:
            message, hint = f"is the same file as {quoted(twin)} on some systems", "keep one of the two"
            yield ("aliases", path), Refused("CFG014", message, hint)
        elif key == RECORD_NAME:
            message = "is where the record of what was published stands"
            yield ("aliases", path), Refused("CFG018", message, elsewhere)
        elif key in before:
            message = f"is an old address of {quoted(before[key])} too"
            yield ("aliases", path), Refused("CFG014", message, "leave it out of `aliases` or of `was`")
        elif above:
            message = f"lies below {quoted(above)}, which is a file"
            yield ("aliases", path), Refused("CFG018", message, elsewhere)


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]
