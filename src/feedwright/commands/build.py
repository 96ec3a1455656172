"""The command `build`: plan, guard, publish; with the cache, no more than has to be done."""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from feedwright.cache import fingerprint, snapshot, unchanged
from feedwright.cache.store import Store
from feedwright.commands import outcome as outcomes
from feedwright.commands.context import Context
from feedwright.disk import CACHE_FOLDER
from feedwright.problems import FeedwrightError, GuardError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from feedwright.cache.memo import BuildCache
    from feedwright.cache.unchanged import LastBuild
    from feedwright.commands.build_order import Plan
    from feedwright.commands.outcome import Outcome
    from feedwright.publication.changes import FeedChange
    from feedwright.publication.record import Record
    from feedwright.site import Site

_PASSING = ("BUG001", "CAT012", "CFG026", "FEED002", "FS005", "FS006", "LIM002", "LIM006")
"""Problems of the machine or of a change."""

_TOLD_ONCE = ("ID002", "ID003", "ID004", "PUB012", "TIME001")
"""Warnings about what the record says: the build that has them writes another."""

_SELECTED = ("files", "left_out", "next_due", "since", "until")
"""The fields that an outcome takes over from the selection of the articles."""


def build_site(context: Context) -> Outcome:
    """Build the site that the context has, and return what was done. Raises as `build_here` does."""
    from feedwright.commands.site_cache import is_own_root

    key, site = "", context.load_site()
    if context.options.cached:
        key = unchanged.key_of((context.site, *context.options.cache_key), start=context.start)
    files = {file for file, _, _ in site.category_places.values()}
    return _build(context, key, [str(site.cache)], files, partial(is_own_root, site))


def build_here(context: Context) -> Outcome:
    """Build in the current folder, with the settings found there, and return what was done.

    Files in problems are named from that folder. Raises what `build` and `load_settings` raise.
    """
    if not context.options.cached:
        return _build(context, "")
    files = unchanged.configurations(context.start, context.options.config)
    key = unchanged.key_of(
        context.options.cache_key, environ=context.environ, start=context.start, files=files
    )
    folders = dict.fromkeys([*(os.path.dirname(path) for path, _ in files), context.start])
    caches = [os.path.join(folder, CACHE_FOLDER) for folder in folders]
    settings = [os.path.abspath(path) for path, _ in files]
    return _build(context, key, caches, settings, partial(_names_no_content, context, files))


def _build(
    context: Context,
    key: str,
    caches: Iterable[str] = (),
    settings: Collection[str] = (),
    is_own_root: Callable[[], bool] = bool,
) -> Outcome:
    """Take the fast path, or build: with the cache if there is a key.

    `settings` are the files with them; `is_own_root` tells whether it can only be the site's generator that
    has its root as the content folder.
    """
    if not key:
        from feedwright.cache.memo import BuildCache

        return _publish(context.load_site(), context, BuildCache())
    read = partial(_read_outcome, start=context.start, settings=settings)
    last = unchanged.last_build(
        key, caches, read=read, is_own_root=is_own_root, now=context.now, began=context.began
    )
    if isinstance(last.value, outcomes.Outcome):
        return last.value
    from feedwright.commands import site_cache  # where nothing changed, it is not needed

    site = context.load_site()
    if reason := site_cache.distrust(site):
        from feedwright.cache.memo import BuildCache

        context.notify(f"the cache in {_shown(str(site.cache))} is not used: {reason}")
        return _publish(site, context, BuildCache())
    store = Store(str(site.cache), fingerprint.fingerprint())
    try:
        return _build_with_cache(site, context, last, store)
    finally:
        store.close()


def _shown(path: str) -> str:
    from feedwright.text import visible  # where nothing changed, it is not needed

    return visible(path)


def _read_outcome(row: dict[str, Any], root: str, *, start: str, settings: Collection[str]) -> Outcome:
    """Return the outcome in a row of the cache.

    Raises ValueError unless its problems are in `root` or in the files that have the `settings`.

    Lines are shown of their files, and the row may be somebody else's.
    """
    outcome = outcomes.from_row(row)
    files = {os.path.join(start, problem.file) for problem in outcome.problems if problem.line}
    folders = {os.path.dirname(file) for file in files.difference(settings)}
    inside = (root, os.path.join(root, ""))
    if not all(os.path.realpath(folder).startswith(inside) for folder in folders):
        raise ValueError("problems of other files")
    return outcome


def _names_no_content(context: Context, files: Iterable[tuple[str, bytes]]) -> bool:
    """Tell whether neither the arguments nor the environment nor one of the files can set `content`."""
    is_named = context.options.content or context.environ.get("FEEDWRIGHT_CONTENT")
    return not is_named and not any(re.search(rb"content\W*=", data) for _, data in files)


def _build_with_cache(site: Site, context: Context, last: LastBuild, store: Store) -> Outcome:
    from feedwright.commands import site_cache

    content = _snapshot(site, last)
    signatures = content.trusted(context.began) if content else {}
    outcome, cache = _publish_with_store(site, context, store, signatures)
    documents = (*outcome.written, *outcome.unchanged)
    if content and documents and not any(map(_is_passing, outcome.problems)):
        output = os.path.realpath(site.output)
        files = [os.path.join(output, path) for path in (*documents, *outcome.stale)]
        validity = unchanged.Validity(
            since=outcome.since,
            until=outcome.until,
            skip=site_cache.skipped(site),
            documents=[*files, str(site.record), *outcome.static],
            digests=cache.digests,
            hashes={os.path.join(output, path): digest for path, digest in cache.new_hashes()},
            states=(*site.examined, *outcome.includes),
            pages=outcome.pages,
            read=outcome.pages_read,
        )
        value = outcomes.to_row(outcome)
        unchanged.save(store, last.key, value, validity, content=content, began=context.began)
    if store.broken or last.broken:
        context.notify(f"the cache in {_shown(store.folder)} was damaged and has been rebuilt")
    return outcome


def _is_passing(problem: Problem) -> bool:
    """Tell whether the next build may not have a problem though no file changed."""
    return problem.code in _PASSING or (problem.code in _TOLD_ONCE and problem.severity == "warning")


def _publish_with_store(
    site: Site, context: Context, store: Store, signatures: Mapping[str, str]
) -> tuple[Outcome, BuildCache]:
    """Publish with what is in the store; if that fails on it, once more without."""
    from feedwright.cache.memo import BuildCache

    try:
        cache = BuildCache(store, signatures)
        return _publish(site, context, cache), cache
    except (FeedwrightError, OSError, MemoryError, ImportError):
        raise
    except Exception:  # DamagedError, or what nobody has thought of that a row may say
        if not store.has_answered:
            raise
    store.discard()
    cache = BuildCache(store, signatures)
    return _publish(site, context, cache), cache


def _snapshot(site: Site, last: LastBuild) -> snapshot.Snapshot | None:
    """The content folder before any article is read; None if it cannot be read."""
    from feedwright.commands.site_cache import content_snapshot

    is_same = last.snapshot is not None and last.snapshot.root == os.path.realpath(site.content)
    return last.snapshot if is_same else content_snapshot(site)


def _publish(site: Site, context: Context, cache: BuildCache) -> Outcome:
    """Plan, guard and publish. Raises as `build` does."""
    from feedwright.commands.build_order import in_order, make_plan
    from feedwright.model import replace
    from feedwright.publication import guards, publish, record

    accept = context.options.accept
    previous = record.load(site.record)
    plan = make_plan(site, context, previous, cache)
    unlisted = bool(plan.unlisted(previous, site.output))
    if previous is None:
        from feedwright.publication import lost_record  # few builds need it

        lost_record.check(site, accept, has_feeds=unlisted)
    if unlisted and (warning := _unrecorded(plan, previous, site, accept)):
        plan = replace(plan, problems=in_order([*plan.problems, warning]))
        accept |= {"foreign"}
    outcome = _unpublished(plan, site, context)
    if (context.options.strict and plan.problems) or (
        not plan.feeds and not guards.check_emptiness(previous, plan.selection.files, accept)
    ):
        cache.save()
        return outcome
    withdrawn: tuple[str, ...] = ()
    if previous and plan.is_risky(previous):
        withdrawn = _withdrawn(plan, previous, _guard(plan, previous, site, accept))
    destination = publish.Destination.of(site)
    published = publish.publish(
        plan.rendered.documents,
        destination,
        record=plan.record,
        previous=previous,
        unchanged=plan.rendered.current,
        accept=accept,
        notify=context.notify,
    )
    removed: tuple[str, ...] = ()
    if site.stale == "delete" and published.stale:
        removed = publish.remove(published.stale, destination, notify=context.notify)
    for target in plan.targets:
        if hashed := published.hashes.get(target.path):
            file = os.path.join(site.output, target.path)
            cache.note_document(target.path, str(plan.inputs.of(target)), hashed, file)
    cache.save()
    return replace(
        outcome,
        home=context.relative(os.path.join(os.path.abspath(site.output), _first_document(site))),
        published=sum(article.path not in plan.held for article in plan.selection.articles),
        written=published.written,
        unchanged=published.unchanged,
        stale=tuple(sorted({*published.stale} - {*removed})),
        removed=removed,
        withdrawn=withdrawn,
    )


def _first_document(site: Site) -> str:
    """The document that tells most at a first look: the site's page, else its list of feeds, else a feed."""
    from feedwright.formats.table import FORMATS

    names = [*site.formats, *site.retired]
    return FORMATS[min(names, key=lambda name: (FORMATS[name].fidelity > 0, FORMATS[name].once))].file


def _guard(plan: Plan, previous: Record | None, site: Site, accept: frozenset[str]) -> tuple[FeedChange, ...]:
    """Return what changes; raise `GuardError` if readers would lose something, unless that is accepted."""
    from feedwright.commands.inspection import Inspection  # few builds need it
    from feedwright.publication import guards

    changes = Inspection(site, previous, plan).changes()
    guards.check_changes(changes, accept)
    return changes


def _withdrawn(plan: Plan, previous: Record, changes: tuple[FeedChange, ...]) -> tuple[str, ...]:
    """The files whose entries leave the feeds though they are still there: they are left out now."""
    left_out = {path for paths in plan.selection.left_out.values() for path in paths}
    sources = {entry.id: path for path, entry in previous.entries.items()}
    gone = {
        sources.get(entry.id) for change in changes for entry in change.entries if entry.fate == "withdrawn"
    }
    return tuple(sorted(path for path in gone if path in left_out))


def _unrecorded(plan: Plan, previous: Record | None, site: Site, accept: frozenset[str]) -> Problem | None:
    """The warning that no record lists our feeds, None if they are not ours.

    Raises `GuardError` for what readers would lose without it.
    """
    from feedwright.commands.inspection import Inspection  # few builds need it
    from feedwright.site import RECORD_NAME

    inspection = Inspection(site, previous, plan)
    if not inspection.are_ours(inspection.unlisted()):
        return None
    try:
        _guard(plan, previous, site, accept)
    except GuardError as error:
        ways = f"bring {RECORD_NAME} back, from version control or with `feedwright restore`, or read the ids"
        feeds = f"feedwright adopt {_pattern(site)}"
        error.hint = f"{ways}\nfrom all feeds that are there: {feeds}\nwithout them: {error.hint}"
        raise
    message = "the feeds stand in no record; no entry comes back as unread, and a record is written"
    hint = f"keep {RECORD_NAME}: commit it with the feeds, or run `feedwright restore` before build"
    return Problem.warning("PUB012", message, hint=hint)


def _pattern(site: Site) -> str:
    """The feeds of a site as `adopt` is given them: RSS or Atom, whichever has more."""
    from feedwright.formats.table import FORMATS, READ_BACK

    files = [FORMATS[name].file for name in READ_BACK if name in site.formats]
    xml = next((file for file in files if file.endswith(".xml")), "*.xml")
    folder = os.path.relpath(site.output, site.root).replace(os.sep, "/")
    return f"'{folder}/**/{xml}'"


def _looked_for(plan: Plan) -> tuple[tuple[str, bool], ...]:
    """The files whose presence alone counts: pages, and static files that were not there."""
    pages = plan.pages.looked_for if plan.pages else ()
    return (*pages, *((file, False) for file in plan.static.absent))


def _unpublished(plan: Plan, site: Site, context: Context) -> Outcome:
    """The outcome of a build that publishes nothing."""
    from msgspec import structs

    from feedwright.settings import listing

    return outcomes.Outcome(
        problems=context.locate(plan.problems, site),
        warnings=() if context.site else site.warnings,
        held=plan.held,
        published=0,
        pages=_looked_for(plan),
        static=tuple(plan.static.present),
        includes=tuple(sorted(plan.includes.items())),
        pages_read=tuple(map(structs.astuple, plan.pages_read)),
        bodies=plan.bodies,
        strict=context.options.strict,
        note=site.note,
        settings=tuple(listing.listed(site)),
        **{name: getattr(plan.selection, name) for name in _SELECTED},
    )
