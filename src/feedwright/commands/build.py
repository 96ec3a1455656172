"""The whole road: what a site's articles come to is planned, judged and published."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from feedwright import disk, workers
from feedwright.articles.selection import SelectionOptions
from feedwright.cache import fingerprint, snapshot, unchanged
from feedwright.cache.store import Cache
from feedwright.commands.outcome import Outcome
from feedwright.commands.plan import make_plan, preloaded
from feedwright.commands.recall import BuildCache
from feedwright.problems import GuardError, Problem
from feedwright.publication import guards, publish, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from feedwright.commands.plan import Plan
    from feedwright.publication.publish import Published
    from feedwright.publication.record import Record
    from feedwright.settings.load import Site

_UNRECORDED = Problem(
    severity="warning",
    code="PUB012",
    message="there is no record beside the feeds; no entry comes back as unread, and a record is made",
    file="",
    hint="keep feedwright.lock.json: commit it with the feeds, or run `feedwright restore` before build",
)


def build(
    site: Site,
    *,
    now: datetime | None = None,
    drafts: bool = False,
    future: bool = False,
    strict: bool = False,
    jobs: int | None = None,
    accept: frozenset[str] = frozenset(),
    tell: Callable[[str], None] = lambda message: None,
    cached: bool = True,
) -> Outcome:
    """Publish the site's feeds and return what was done; problems in articles are in the outcome.

    `now` is an aware datetime, default the clock's; `jobs` is a number of processes, default by the work;
    `accept` names the guards to pass; `tell` is told what the build waits for; `cached` is whether the site's
    cache spares what earlier builds did. Raises `UsageError`, `MachineError` or `GuardError`; nothing is
    published then.
    """
    began, moment = time.time_ns(), now or datetime.now(UTC)
    choice = SelectionOptions(now=moment, drafts=drafts, future=future)
    publish_all = partial(published, site, choice=choice, strict=strict, jobs=jobs, accept=accept, tell=tell)
    if not cached:
        return publish_all(recall=BuildCache(None, {}, jobs=jobs))
    arguments = (site, drafts, future, strict, sorted(accept))
    seen = unchanged.glance(unchanged.key_of(arguments), [str(site.cache)], now=moment, began=began)
    if seen.outcome is not None:
        return seen.outcome
    return with_cache(site, seen, publish_all, jobs=jobs, began=began, tell=tell)


def with_cache(
    site: Site,
    seen: unchanged.LastBuild,
    publish_all: Callable[..., Outcome],
    *,
    jobs: int | None,
    began: int,
    tell: Callable[[str], None],
) -> Outcome:
    """Return what `publish_all`, given a `recall`, comes to with the site's cache; keep it for the next time.

    `seen` is the glance that found it necessary; `began` is the clock in ns when that was.
    """
    cache = Cache(str(site.cache), fingerprint.fingerprint())
    try:
        found = _tree(site, seen)
        stamps = found.trusted(began) if found else {}
        outcome = publish_all(recall=BuildCache(cache, stamps, jobs=jobs))
        if found:
            output, record = os.path.realpath(site.output), str(site.record)
            unchanged.keep(seen, cache, outcome, found, skip=output, record=record, began=began)
        if cache.broken or seen.broken:
            tell(f"the cache in {cache.folder} was damaged and is made anew")
        return outcome
    finally:
        cache.close()


def _tree(site: Site, seen: unchanged.LastBuild) -> snapshot.Tree | None:
    """The tree below the content folder before anything is read."""
    root, skip = os.path.realpath(site.content), os.path.realpath(site.output)
    if seen.tree is not None and seen.content == root:
        return seen.tree
    try:
        return snapshot.look(root, skip=skip)
    except OSError:
        return None


def published(
    site: Site,
    *,
    choice: SelectionOptions,
    strict: bool,
    jobs: int | None,
    accept: frozenset[str],
    tell: Callable[[str], None],
    recall: BuildCache,
) -> Outcome:
    """Plan, judge and publish; `recall` spares what earlier builds did. Raises as `build` does."""
    previous = record.load(site.record)
    with workers.processes(jobs, preload=preloaded(site)) as spread:
        plan = make_plan(site, choice=choice, previous=previous, recall=recall, spread=spread)
    if previous is None and _is_unrecorded(plan, site):
        _judge_unrecorded(plan, site, accept)
        plan = replace(plan, problems=(*plan.problems, _UNRECORDED))
        accept |= {"foreign"}
    outcome = partial(_outcome, plan, strict=strict)
    if strict and plan.problems:
        return outcome(done=None)
    if not plan.feeds and not guards.check_emptiness(previous, plan.found.files, accept):
        return outcome(done=None)
    if previous and guards.is_risky(previous, plan.ids, plan.held):
        _judge(plan, previous, site, accept)
    done = publish.publish(
        plan.rendered.documents,
        kept=plan.rendered.kept,
        output=site.output,
        record=plan.record,
        record_path=site.record,
        previous=previous,
        lock=site.cache / "lock",
        accept=accept,
        tell=tell,
    )
    removed: tuple[str, ...] = ()
    if site.stale == "delete" and done.stale:
        removed = publish.remove(
            done.stale, output=site.output, record_path=site.record, lock=site.cache / "lock", tell=tell
        )
    recall.note_documents(plan.places, done.hashes, hashes=plan.hashes, output=site.output)
    recall.keep()
    return replace(outcome(done=done), stale=tuple(sorted({*done.stale} - {*removed})), removed=removed)


def _is_unrecorded(plan: Plan, site: Site) -> bool:
    """Whether feeds of feedwright's lie there, though nothing tells what was published."""
    if not any((site.output / document.path).exists() for document in plan.rendered.documents):
        return False
    from feedwright.commands import seen  # few builds need it

    return seen.are_ours(plan, partial(_on_disk, site.output))


def _judge(plan: Plan, previous: Record | None, site: Site, accept: frozenset[str]) -> None:
    """Look at what readers would lose."""
    from feedwright.commands import seen  # few builds need it

    guards.check_changes(seen.changes(plan, previous, partial(_on_disk, site.output)), accept)


def _judge_unrecorded(plan: Plan, site: Site, accept: frozenset[str]) -> None:
    try:
        _judge(plan, None, site, accept)
    except GuardError as error:
        ways = "bring feedwright.lock.json back, from version control or with `feedwright restore`"
        error.hint = f"{ways}; without it:\n{error.hint}"
        raise


def _on_disk(output: Path, path: str) -> bytes | None:
    try:
        return disk.read_bytes(output / path, follow=False)
    except OSError:
        return None


def _outcome(plan: Plan, *, strict: bool, done: Published | None) -> Outcome:
    found, held = plan.found, plan.held
    withheld = frozenset(a.path for a in found.articles) & held
    return Outcome(
        problems=tuple(sorted(set(plan.problems), key=lambda p: p.place)),
        held=held,
        files=found.files,
        published=len(found.articles) - len(withheld) if done else 0,
        drafts=found.drafts,
        hidden=found.hidden,
        locked=found.locked,
        scheduled=found.scheduled,
        expired=found.expired,
        skipped=len(found.skipped),
        next_due=found.next_due,
        written=done.written if done else (),
        unchanged=done.unchanged if done else (),
        stale=done.stale if done else (),
        strict=strict,
        since=found.since,
        until=found.until,
    )
