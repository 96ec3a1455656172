"""Documents that are no longer generated, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from feedwright.text import some, visible


def stale_notes(stale: Sequence[str], live: Iterable[str]) -> tuple[str, ...]:
    """Return a line for each stale document, but only one for each format that is switched off.

    `live` are the documents that are generated.
    """
    off = switched_off(stale, live)
    told = {path for paths in off.values() for path in paths}
    rest = [f"{visible(path)} is no longer generated" for path in stale if path not in told]
    return (*switched_off_notes(off), *rest)


def switched_off(stale: Iterable[str], live: Iterable[str]) -> dict[str, list[str]]:
    """Return the stale documents of feeds that are generated in other formats, by their format's name."""
    from feedwright.formats.table import DOCUMENTS, FEED_NAMES  # few builds need it
    from feedwright.formats.wire import folder

    names = {DOCUMENTS[name]: name for name in FEED_NAMES}
    feeds = {folder(path) for path in live if path.removeprefix(folder(path)) in names}
    off: dict[str, list[str]] = {}
    for path in stale:
        name = names.get(path.removeprefix(folder(path)))
        if name and folder(path) in feeds:
            off.setdefault(name, []).append(path)
    return off


def switched_off_notes(off: Mapping[str, Sequence[str]], *, deleted: bool = False) -> tuple[str, ...]:
    """Return a line for each format that is switched off, on what its subscribers see."""
    see = "find nothing there" if deleted else "see nothing new"
    return tuple(
        f"{some([visible(path) for path in paths])} {'is' if len(paths) == 1 else 'are'} not made any more: "
        f'subscribers {see} unless `retired` has "{name}"'
        for name, paths in off.items()
    )
