"""The order of a build, up to the plan: the documents that would be published; nothing is written.

Files, articles, ids, feed specs, bodies, feeds, documents. An article that breaks on the way is replaced by
its last published version, and then everything is put together again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feedwright import workers
from feedwright.articles import reader
from feedwright.articles.selection import Selection, SelectionOptions, select
from feedwright.bodies import enclosure, thumbnail
from feedwright.cache.memo import BuildCache
from feedwright.commands.content_files import content_files
from feedwright.commands.context import Context
from feedwright.commands.renamed import follow_renames
from feedwright.commands.stages import PRELOAD, Inputs, Stages
from feedwright.feeds import ids as identity
from feedwright.feeds.build import build_feeds
from feedwright.feeds.feed_specs import FeedSpec, feed_specs
from feedwright.formats.layout import Target, layout
from feedwright.formats.render import Rendered, render
from feedwright.formats.table import FORMATS
from feedwright.model import ArticleSummary, Content, Feed, SafeHtml
from feedwright.problems import Problem
from feedwright.publication.record import Record, next_record
from feedwright.site import Site

if TYPE_CHECKING:
    from feedwright.publication.last_published import LastPublished  # few builds need it

_NO_ARTICLE = frozenset({"FM001", "FM007"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a build would publish: feeds without content, and the record without its documents.

    `ids` are those of all articles that are due, by path. `with_content` gives a feed its content; `limits`
    are the feeds' by path; `inputs` are hashes of what documents are made of. `problems` are located and
    complete; `held` are the files with an error among them.
    """

    feeds: tuple[Feed, ...]
    targets: tuple[Target, ...]
    ids: Mapping[str, str]
    rendered: Rendered
    inputs: Inputs
    limits: Mapping[str, int | None]
    with_content: Callable[[Feed], Feed]
    record: Record
    selection: Selection
    problems: tuple[Problem, ...]
    held: frozenset[str]


def make_plan(site: Site, context: Context, previous: Record | None, cache: BuildCache) -> Plan:
    """Plan the publication of a site. Without a store behind the cache, everything is worked out again.

    Raises `UsageError` or `MachineError` if the content folder cannot be read.
    """
    jobs = context.options.jobs
    engine = "bleach.sanitizer" if site.sanitizer == "bleach" else "nh3"
    needs = dict.fromkeys(module for name in site.formats for module in FORMATS[name].needs)
    with workers.processes(jobs, preload=(*PRELOAD, engine, *needs)) as spread:
        return _plan(site, context, previous, Stages(site, cache, spread, jobs=jobs))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.place))


def _plan(site: Site, context: Context, previous: Record | None, stages: Stages) -> Plan:
    files = content_files(site)
    paths = files.paths
    options = SelectionOptions(now=context.now, drafts=context.options.drafts, future=context.options.future)
    selection = select(stages.read_heads(files.articles), options, files.pages)
    known, possible_renames = follow_renames(previous, selection, paths, stages)
    authority = authority_of(site, previous)
    contents_by_path: dict[str, Content] = {}
    fallbacks: dict[str, LastPublished] = {}
    duplicates: list[Problem] = []
    broken = {*selection.held, *selection.left_out.get("skipped", ())}
    broken |= {problem.file for problem in files.problems if problem.severity == "error"}
    broken |= {*files.unread}
    tried: set[str] = set()
    while True:
        lost = {path: known.entries[path] for path in sorted(broken - tried) if path in known.entries}
        tried |= broken
        if lost:
            from feedwright.publication import last_published  # few builds need it

            fallbacks |= last_published.load(lost, known, site=site)
        for path in lost.keys() & fallbacks.keys():
            earlier = contents_by_path[path].problems if path in contents_by_path else ()
            contents_by_path[path] = replace(fallbacks[path].restored, problems=earlier)
        articles = _with_fallbacks(selection.articles, fallbacks)
        ids, new_duplicates = identity.identify(articles, authority=authority, recorded=known.entries)
        duplicates += [problem for problem in new_duplicates if problem not in duplicates]
        specs = feed_specs(articles, ids, site, known.slugs)
        _make_contents(contents_by_path, specs.specs, stages)
        broken = {problem.file for problem in new_duplicates} | _held(contents_by_path)
        if not known.entries.keys().isdisjoint(broken - tried):
            continue
        feeds = build_feeds(
            specs, contents_by_path, ids, site=site, feed_ids=known.feeds, authority=authority
        )
        with_content = _with_content(site, ids, fallbacks, stages)
        hashes = {ids[p]: content.content_hash for p, content in contents_by_path.items() if p in ids}
        inputs = Inputs(hashes if site.content_mode == "full" else dict.fromkeys(hashes, ""))
        old_paths = {spec.path: spec.settings.was for spec in specs.specs}
        targets, taken = layout(feeds, old_paths, site)
        rendered = render(
            targets,
            is_current=_is_current(stages.cache, inputs, site),
            with_content=with_content,
            spread=stages.spread,
            spool=stages.cache.spool,
        )
        if not rendered.refused:
            break
        _hold(contents_by_path, ids, rendered.refused)
        broken |= _held(contents_by_path)
    problems = [
        *files.problems,
        *taken,
        *selection.problems,
        *duplicates,
        *specs.problems,
        *possible_renames,
        *(problem for path in sorted(contents_by_path) for problem in contents_by_path[path].problems),
        *_clock_problems(options, previous),
        *_zone_problems(selection, site),
    ]
    located = reader.located(problems, content=site.content, options=stages.read_options)
    marked = [_with_kept_version(problem, fallbacks) for problem in located]
    record = next_record(
        feeds,
        ids=ids,
        contents=contents_by_path,
        articles=[article for article in articles if article.path not in fallbacks],
        files=paths if feeds else (),
        slugs=specs.slugs,
        authority=authority,
        previous=known,
    )
    return Plan(
        feeds=tuple(feeds),
        targets=tuple(targets),
        ids=ids,
        rendered=rendered,
        inputs=inputs,
        limits={spec.path: spec.limit for spec in specs.specs},
        with_content=with_content,
        record=record,
        selection=selection,
        problems=in_order(marked),
        held=selection.held | {problem.file for problem in marked if problem.severity == "error"},
    )


def authority_of(site: Site, previous: Record | None) -> str:
    """Return the authority that ids begin with: the setting, else the pinned one, else the site's host."""
    return site.authority or (previous.authority if previous else identity.authority_of(site.url))


def _with_fallbacks(
    articles: Sequence[ArticleSummary], fallbacks: Mapping[str, LastPublished]
) -> list[ArticleSummary]:
    """All articles in path order, the broken ones as they were last published."""
    if not fallbacks:
        return list(articles)
    by_path = {article.path: article for article in articles}
    by_path |= {path: fallback.summary for path, fallback in fallbacks.items()}
    return [by_path[path] for path in sorted(by_path)]


def _held(contents_by_path: Mapping[str, Content]) -> set[str]:
    return {path for path, content in contents_by_path.items() if content.article is None}


def _make_contents(contents_by_path: dict[str, Content], specs: Sequence[FeedSpec], stages: Stages) -> None:
    """Add the content of every article that some feed shows; held ones are replaced by the next."""
    held = _held(contents_by_path)
    while True:
        shown = {article.path for spec in specs for article in spec.shown(held)}
        wanted = shown - contents_by_path.keys()
        if not wanted:
            return
        for content in stages.make_contents(sorted(wanted)):
            resolved = thumbnail.resolve(content, stages.body_options)
            contents_by_path[content.path] = enclosure.measure(resolved, stages.body_options)
            if content.article is None:
                held.add(content.path)


def _is_current(cache: BuildCache, inputs: Inputs, site: Site) -> Callable[[Target], str | None]:
    def is_current(target: Target) -> str | None:
        return cache.is_current(target.path, inputs.of(target), os.path.join(site.output, target.path))

    return is_current if cache.has_documents else lambda target: None


def _hold(contents_by_path: dict[str, Content], ids: Mapping[str, str], refused: Mapping[str, str]) -> None:
    """Hold the entries that no document can carry, so that the others are published without them."""
    for path, entry_id in ids.items():
        if entry_id in refused:
            message = f"no feed can carry this entry: {refused[entry_id]}"
            hint = "correct what it names; if nothing is wrong with that, report a bug"
            problem = Problem.error("PUB008", message, path, hint=hint)
            content = contents_by_path[path]
            contents_by_path[path] = replace(content, article=None, problems=(*content.problems, problem))


def _with_kept_version(problem: Problem, fallbacks: Mapping[str, LastPublished]) -> Problem:
    """The problem, with the date of the version that readers keep if it holds its article."""
    holds = problem.severity == "error" or problem.code in _NO_ARTICLE
    fallback = fallbacks.get(problem.file) if holds else None
    return replace(problem, kept=fallback.summary.updated.isoformat()) if fallback else problem


def _zone_problems(selection: Selection, site: Site) -> list[Problem]:
    if site.timezone_set or not selection.naive:
        return []
    message = "dates without a zone are taken for UTC, here and wherever there is none"
    hint = 'say where they were written: timezone = "Asia/Shanghai", or "UTC"'
    return [Problem.warning("DATE010", message, selection.naive, field="published", hint=hint)]


def _clock_problems(options: SelectionOptions, previous: Record | None) -> list[Problem]:
    now = options.now
    newest = max((entry.published for entry in previous.entries.values()), default="") if previous else ""
    if options.future or not newest or now >= datetime.fromisoformat(newest) - timedelta(days=1):
        return []
    message = f"the clock says {now.isoformat()}, but an entry of {newest} was published before"
    hint = "set the clock, or give the time of this build: --now 2026-01-03T12:00:00Z"
    return [Problem.warning("TIME001", message, hint=hint)]


def _with_content(
    site: Site, ids: Mapping[str, str], fallbacks: Mapping[str, LastPublished], stages: Stages
) -> Callable[[Feed], Feed]:
    """Return the function that gives a feed's entries their content, if the site's feeds have any."""
    paths = {entry_id: path for path, entry_id in ids.items()}

    def html(entry_id: str) -> SafeHtml | None:
        path = paths[entry_id]
        return fallbacks[path].content if path in fallbacks else stages.html(path)

    def with_content(feed: Feed) -> Feed:
        if site.content_mode != "full":
            return feed
        return replace(feed, entries=tuple(replace(e, content=html(e.id)) for e in feed.entries))

    return with_content
