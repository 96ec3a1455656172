"""The command `build`: plan, guard, publish; with the cache, no more than has to be done."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from feedwright.cache import fingerprint, snapshot, unchanged
from feedwright.cache.store import FOLDER, Store
from feedwright.commands import outcome as outcomes
from feedwright.commands.context import Context, Options
from feedwright.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from feedwright.cache.memo import BuildCache
    from feedwright.cache.unchanged import LastBuild
    from feedwright.commands.outcome import Outcome
    from feedwright.commands.plan import Plan
    from feedwright.publication.publish import Published
    from feedwright.publication.record import Record
    from feedwright.site import Site

_PASSING = ("BUG001", "FS005", "FS006", "LIM001", "LIM002")
"""Problems of the machine, not of an article: the next build may not have them though no file changed."""


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
    context = Context(options, {}, "", now=moment, began=time.time_ns(), notify=notify)
    key = unchanged.key_of((site, *options.cache_key)) if cached else ""
    return _build(context, key, [str(site.cache)], lambda: site, lambda outcome, site: outcome)


def build_here(context: Context) -> Outcome:
    """Return what a build comes to in the current folder, with the settings found there.

    Files in problems are named from that folder. Raises what `build` and `load_settings` raise.
    """
    if not context.options.cached:
        return _build(context, "", (), context.load_site, partial(_located, context))
    files = unchanged.configurations(context.start, context.options.config)
    key = unchanged.key_of(
        context.options.cache_key, environ=context.environ, start=context.start, files=files
    )
    folders = dict.fromkeys([*(os.path.dirname(path) for path, _ in files), context.start])
    caches = [os.path.join(folder, FOLDER) for folder in folders]
    return _build(context, key, caches, context.load_site, partial(_located, context))


def _located(context: Context, outcome: Outcome, site: Site) -> Outcome:
    return replace(outcome, problems=context.locate(outcome.problems, site), warnings=site.warnings)


def _build(
    context: Context,
    key: str,
    caches: Iterable[str],
    load_site: Callable[[], Site],
    locate: Callable[[Outcome, Site], Outcome],
) -> Outcome:
    """Take the fast path, or build: with the cache where there is a key."""
    if not key:
        site = load_site()
        from feedwright.cache.memo import BuildCache

        return locate(_publish(site, context, BuildCache()), site)
    last = unchanged.last_build(key, caches, now=context.now, began=context.began)
    if last.value is not None:
        return outcomes.from_row(last.value)
    site = load_site()
    store = Store(str(site.cache), fingerprint.fingerprint())
    try:
        return _build_with_cache(site, context, last, store, locate)
    finally:
        store.close()


def _build_with_cache(
    site: Site, context: Context, last: LastBuild, store: Store, locate: Callable[[Outcome, Site], Outcome]
) -> Outcome:
    from feedwright.cache.memo import BuildCache

    content = _snapshot(site, last)
    cache = BuildCache(store, content.trusted(context.began) if content else {})
    outcome = locate(_publish(site, context, cache), site)
    documents = (*outcome.written, *outcome.unchanged)
    if content and documents and not any(problem.code in _PASSING for problem in outcome.problems):
        output = os.path.realpath(site.output)
        files = [os.path.join(output, path) for path in (*documents, *outcome.stale)]
        validity = unchanged.Validity(outcome.since, outcome.until, output, [*files, str(site.record)])
        value = outcomes.to_row(outcome)
        unchanged.save(store, last.key, value, validity, content=content, began=context.began)
    if store.broken or last.broken:
        context.notify(f"the cache in {store.folder} was damaged and is made anew")
    return outcome


def _snapshot(site: Site, last: LastBuild) -> snapshot.Snapshot | None:
    """The content folder before anything is read; None where it cannot be read."""
    root = os.path.realpath(site.content)
    if last.snapshot is not None and last.snapshot.root == root:
        return last.snapshot
    try:
        return snapshot.Snapshot(root, skip=os.path.realpath(site.output))
    except OSError:
        return None


def _publish(site: Site, context: Context, cache: BuildCache) -> Outcome:
    """Plan, guard and publish. Raises as `build` does."""
    from feedwright.articles.selection import SelectionOptions
    from feedwright.commands.plan import make_plan
    from feedwright.publication import guards, publish, record

    options, notify = context.options, context.notify
    previous = record.load(site.record)
    selection = SelectionOptions(now=context.now, drafts=options.drafts, future=options.future)
    plan = make_plan(site, options=selection, previous=previous, cache=cache, jobs=options.jobs)
    accept = options.accept
    if previous is None and _is_unrecorded(plan, site):
        _guard_unrecorded(plan, site, accept)
        plan = replace(plan, problems=(*plan.problems, _unrecorded()))
        accept |= {"foreign"}
    if options.strict and plan.problems:
        return _outcome(plan, options, None)
    if not plan.feeds and not guards.check_emptiness(previous, plan.selection.files, accept):
        return _outcome(plan, options, None)
    if previous and guards.is_risky(previous, plan.ids, plan.held):
        _guard(plan, previous, site, accept)
    lock = site.cache / "lock"
    published = publish.publish(
        plan.rendered.documents,
        kept=plan.rendered.kept,
        output=site.output,
        record=plan.record,
        record_path=site.record,
        previous=previous,
        lock=lock,
        accept=accept,
        tell=notify,
    )
    removed: tuple[str, ...] = ()
    if site.stale == "delete" and published.stale:
        removed = publish.remove(
            published.stale, output=site.output, record_path=site.record, lock=lock, tell=notify
        )
    for target in plan.targets:
        if hashed := published.hashes.get(target.path):
            file = os.path.join(site.output, target.path)
            cache.note_document(target.path, plan.inputs.of(target), hashed, file)
    cache.save()
    stale = tuple(sorted({*published.stale} - {*removed}))
    return replace(_outcome(plan, options, published), stale=stale, removed=removed)


def _is_unrecorded(plan: Plan, site: Site) -> bool:
    """Whether feeds of feedwright's are there, though no record says what was published."""
    if not any((site.output / document.path).exists() for document in plan.rendered.documents):
        return False
    from feedwright.commands.inspection import are_ours, reader  # few builds need it

    return are_ours(plan, reader(site))


def _guard(plan: Plan, previous: Record | None, site: Site, accept: frozenset[str]) -> None:
    """Look at what readers would lose."""
    from feedwright.commands.inspection import changes_of, reader  # few builds need it
    from feedwright.publication import guards

    guards.check_changes(changes_of(plan, previous, reader(site)), accept)


def _guard_unrecorded(plan: Plan, site: Site, accept: frozenset[str]) -> None:
    from feedwright.problems import GuardError
    from feedwright.site import RECORD_NAME

    try:
        _guard(plan, None, site, accept)
    except GuardError as error:
        ways = f"bring {RECORD_NAME} back, from version control or with `feedwright restore`"
        error.hint = f"{ways}; without it:\n{error.hint}"
        raise


def _unrecorded() -> Problem:
    from feedwright.site import RECORD_NAME

    message = "there is no record beside the feeds; no entry comes back as unread, and a record is made"
    hint = f"keep {RECORD_NAME}: commit it with the feeds, or run `feedwright restore` before build"
    return Problem.warning("PUB012", message, hint=hint)


def _outcome(plan: Plan, options: Options, published: Published | None) -> Outcome:
    selection = plan.selection
    withheld = {article.path for article in selection.articles} & plan.held
    return outcomes.Outcome(
        problems=tuple(sorted(set(plan.problems), key=lambda problem: problem.place)),
        held=plan.held,
        files=selection.files,
        published=len(selection.articles) - len(withheld) if published else 0,
        drafts=selection.drafts,
        hidden=selection.hidden,
        locked=selection.locked,
        scheduled=selection.scheduled,
        expired=selection.expired,
        skipped=len(selection.skipped),
        next_due=selection.next_due,
        written=published.written if published else (),
        unchanged=published.unchanged if published else (),
        stale=published.stale if published else (),
        strict=options.strict,
        since=selection.since,
        until=selection.until,
    )
