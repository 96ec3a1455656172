"""The command `build`: plan, guard, publish; with the cache, no more than has to be done."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feedwright.cache import fingerprint, snapshot, unchanged
from feedwright.cache.store import FOLDER, Store
from feedwright.commands import outcome as outcomes
from feedwright.commands.context import Context, Options
from feedwright.problems import GuardError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from feedwright.cache.memo import BuildCache
    from feedwright.cache.unchanged import LastBuild
    from feedwright.commands.build_order import Plan
    from feedwright.commands.outcome import Outcome
    from feedwright.publication.changes import FeedChange
    from feedwright.publication.record import Record
    from feedwright.site import Site

_PASSING = ("BUG001", "FS005", "FS006", "LIM001", "LIM002")
"""Problems of the machine, not of an article: the next build may not have them though no file changed."""

_SELECTED = ("files", "left_out", "next_due", "since", "until")
"""The fields that an outcome takes over from the selection of the articles."""


def build(
    site: Site,
    *,
    now: datetime | None = None,
    drafts: bool = False,
    future: bool = False,
    strict: bool = False,
    jobs: int | None = None,
    accept: frozenset[str] = frozenset(),
    notify: Callable[[str], None] = lambda message: None,
    cached: bool = True,
) -> Outcome:
    """Publish the site's feeds and return what was done; problems in articles are in the outcome.

    `now` is an aware datetime, default the clock's; `jobs` is a number of processes, default by the work;
    `accept` names the guards to pass; `notify` is called with what the build waits for; `cached` is whether
    to use the site's cache. Raises `UsageError`, `MachineError` or `GuardError`; nothing is published then.
    """
    options = Options(
        drafts=drafts, future=future, strict=strict, jobs=jobs, accept=frozenset(accept), cached=cached
    )
    moment = now or datetime.now(UTC)
    context = Context(options, {}, "", now=moment, began=time.time_ns(), notify=notify, site=site)
    key = unchanged.key_of((site, *options.cache_key)) if cached else ""
    return _build(context, key, [str(site.cache)])


def build_here(context: Context) -> Outcome:
    """Build in the current folder, with the settings found there, and return what was done.

    Files in problems are named from that folder. Raises what `build` and `load_settings` raise.
    """
    if not context.options.cached:
        return _build(context, "", ())
    files = unchanged.configurations(context.start, context.options.config)
    key = unchanged.key_of(
        context.options.cache_key, environ=context.environ, start=context.start, files=files
    )
    folders = dict.fromkeys([*(os.path.dirname(path) for path, _ in files), context.start])
    return _build(context, key, [os.path.join(folder, FOLDER) for folder in folders])


def _build(context: Context, key: str, caches: Iterable[str]) -> Outcome:
    """Take the fast path, or build: with the cache if there is a key."""
    if not key:
        from feedwright.cache.memo import BuildCache

        return _publish(context.load_site(), context, BuildCache())
    last = unchanged.last_build(key, caches, now=context.now, began=context.began)
    if last.value is not None:
        return outcomes.from_row(last.value)
    site = context.load_site()
    store = Store(str(site.cache), fingerprint.fingerprint())
    try:
        return _build_with_cache(site, context, last, store)
    finally:
        store.close()


def _build_with_cache(site: Site, context: Context, last: LastBuild, store: Store) -> Outcome:
    from feedwright.cache.memo import BuildCache

    content = _snapshot(site, last)
    cache = BuildCache(store, content.trusted(context.began) if content else {})
    outcome = _publish(site, context, cache)
    documents = (*outcome.written, *outcome.unchanged)
    if content and documents and not any(problem.code in _PASSING for problem in outcome.problems):
        output = os.path.realpath(site.output)
        files = [os.path.join(output, path) for path in (*documents, *outcome.stale)]
        validity = unchanged.Validity(outcome.since, outcome.until, output, [*files, str(site.record)])
        value = outcomes.to_row(outcome)
        unchanged.save(store, last.key, value, validity, content=content, began=context.began)
    if store.broken or last.broken:
        context.notify(f"the cache in {store.folder} was damaged and has been rebuilt")
    return outcome


def _snapshot(site: Site, last: LastBuild) -> snapshot.Snapshot | None:
    """The content folder before any article is read; None if it cannot be read."""
    root = os.path.realpath(site.content)
    if last.snapshot is not None and last.snapshot.root == root:
        return last.snapshot
    try:
        return snapshot.Snapshot(root, skip=os.path.realpath(site.output))
    except OSError:
        return None


def _publish(site: Site, context: Context, cache: BuildCache) -> Outcome:
    """Plan, guard and publish. Raises as `build` does."""
    from feedwright.commands.build_order import in_order, make_plan
    from feedwright.publication import guards, publish, record

    accept = context.options.accept
    previous = record.load(site.record)
    plan = make_plan(site, context, previous, cache)
    if previous is None and _is_unrecorded(plan, site):
        plan = replace(plan, problems=in_order([*plan.problems, _unrecorded(plan, site, accept)]))
        accept |= {"foreign"}
    outcome = _unpublished(plan, site, context)
    if context.options.strict and plan.problems:
        return outcome
    if not plan.feeds and not guards.check_emptiness(previous, plan.selection.files, accept):
        return outcome
    withdrawn: tuple[str, ...] = ()
    if previous and guards.is_risky(previous, plan.ids, plan.held):
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
            cache.note_document(target.path, plan.inputs.of(target), hashed, file)
    cache.save()
    return replace(
        outcome,
        published=sum(article.path not in plan.held for article in plan.selection.articles),
        written=published.written,
        unchanged=published.unchanged,
        stale=tuple(sorted({*published.stale} - {*removed})),
        removed=removed,
        withdrawn=withdrawn,
    )


def _is_unrecorded(plan: Plan, site: Site) -> bool:
    """Whether there are feeds by feedwright, though no record says what was published."""
    if not any((site.output / document.path).exists() for document in plan.rendered.documents):
        return False
    from feedwright.commands.inspection import Inspection  # few builds need it

    return Inspection(site, None, plan).are_ours()


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


def _unrecorded(plan: Plan, site: Site, accept: frozenset[str]) -> Problem:
    """The warning that there is no record. Raises `GuardError` for what readers would lose without it."""
    from feedwright.site import RECORD_NAME

    try:
        _guard(plan, None, site, accept)
    except GuardError as error:
        ways = f"bring {RECORD_NAME} back, from version control or with `feedwright restore`"
        error.hint = f"{ways}; without it:\n{error.hint}"
        raise
    message = "there is no record beside the feeds; no entry comes back as unread, and a record is written"
    hint = f"keep {RECORD_NAME}: commit it with the feeds, or run `feedwright restore` before build"
    return Problem.warning("PUB012", message, hint=hint)


def _unpublished(plan: Plan, site: Site, context: Context) -> Outcome:
    """The outcome of a build that publishes nothing."""
    return outcomes.Outcome(
        problems=context.locate(plan.problems, site),
        warnings=() if context.site else site.warnings,
        held=plan.held,
        published=0,
        strict=context.options.strict,
        **{name: getattr(plan.selection, name) for name in _SELECTED},
    )
