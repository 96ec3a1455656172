"""Problems of a build that are no single article's: each is told once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from feedwright.articles.selection import Selection, SelectionOptions
from feedwright.problems import Problem
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import count, some, visible


def zone_problems(selection: Selection, site: Site) -> list[Problem]:
    """Return the problem of dates without a zone, said once, where no setting tells the zone."""
    if site.timezone_set or not selection.naive:
        return []
    message = "dates without a zone are taken for UTC, here and wherever there is none"
    hint = 'say where they were written: timezone = "Asia/Shanghai", or "UTC"'
    return [Problem.warning("DATE010", message, selection.naive, field="published", hint=hint)]


def postponed_problems(postponed: Collection[str]) -> list[Problem]:
    """Return the problem of the articles for whose bodies no time was left, said at the first."""
    paths = sorted(postponed)
    if not paths:
        return []
    message = f"no time was left for {count(len(paths), 'body', 'bodies')}: {some(paths)}"
    hint = "simplify those that take long, and build again; `time_limit` allows more"
    return [Problem.error("LIM006", visible(message), paths[0], hint=hint)]


def moved_problems(selection: Selection, site: Site, previous: Record | None) -> list[Problem]:
    """Return what changes for most published entries since the site's own generator tells a setting."""
    if previous is None or site.derived.isdisjoint(("permalink", "url", "timezone")):
        return []
    recorded = previous.entries
    known = [(article, recorded[article.path]) for article in selection.articles if article.path in recorded]
    links = [(entry.link, article.link) for article, entry in known]
    dates = [(entry.published, article.published.isoformat()) for article, entry in known]
    homes = [(old, new) for old, new in links if not old.startswith(site.url)]
    rows = (("permalink", "addresses", links), ("url", "addresses", homes), ("timezone", "dates", dates))
    return [
        problem
        for name, what, pairs in rows
        if name in site.derived and (problem := _moved(name, what, pairs, len(known), site))
    ]


def _moved(name: str, what: str, pairs: Iterable[tuple[str, str]], total: int, site: Site) -> Problem | None:
    changes = [(old, new) for old, new in pairs if old and old != new]
    if len(changes) * 2 <= total:
        return None  # single articles were changed
    old, new = map(visible, changes[0])
    entries = count(len(changes), "published entry", "published entries")
    hint = (
        f"`{name}` is taken from {site.origins[name]}, ids stay the same; if the old {what} are right, set it"
    )
    return Problem.warning("CFG026", f"{entries} will have other {what}: {old} becomes {new}", hint=hint)


def clock_problems(options: SelectionOptions, previous: Record | None) -> list[Problem]:
    """Return the problem of a clock that is behind what was published before."""
    now = options.now
    newest = max((entry.published for entry in previous.entries.values()), default="") if previous else ""
    if options.future or not newest or now - datetime.fromisoformat(newest) >= timedelta(days=-1):
        return []
    message = f"the clock says {now.isoformat()}, but an entry of {newest} was published before"
    hint = "set the clock, or give the time of this build: --now 2026-01-03T12:00:00Z"
    return [Problem.warning("TIME001", message, hint=hint)]
