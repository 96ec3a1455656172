"""The assembly of a build: articles that are due become ids, feed specs, bodies, feeds and documents.

An article that breaks on the way is replaced by its last published version, a feed that breaks is left out,
and then everything is put together again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from feedwright.commands import excluded_feeds
from feedwright.commands.inputs import Inputs
from feedwright.commands.progress import Progress, counted, counting
from feedwright.feeds import ids as identity
from feedwright.feeds.build import build_feeds
from feedwright.feeds.feed_specs import FeedSpec, FeedSpecs, feed_specs
from feedwright.feeds.taxonomies import Labels
from feedwright.formats.layout import Target, layout
from feedwright.formats.render import Rendered, render
from feedwright.formats.wire import folder
from feedwright.model import ArticleSummary, Content, Feed, SafeHtml, Term, replace
from feedwright.problems import HeldError, Problem, failure
from feedwright.site import Site

if TYPE_CHECKING:
    from feedwright.commands.stages import Stages
    from feedwright.publication.last_published import LastPublished  # few builds need it
    from feedwright.publication.record import Record


class Assembled(Struct, frozen=True, kw_only=True):
    """What a build would publish, and what became of the articles on the way.

    `articles` are those in feeds, in path order, of which `fallbacks` are as they were last published; `ids`
    and `contents` are theirs by path, `sources` their paths by id. `broken` are the files of all that broke,
    now or before. `problems` are those of articles and feeds, without those of `contents`.
    """

    articles: Sequence[ArticleSummary]
    ids: Mapping[str, str]
    sources: Mapping[str, str]
    specs: FeedSpecs
    contents: Mapping[str, Content]
    fallbacks: Mapping[str, LastPublished]
    broken: Collection[str]
    feeds: Sequence[Feed]
    targets: Sequence[Target]
    inputs: Inputs
    rendered: Rendered
    with_content: Callable[[Feed], Feed]
    problems: Sequence[Problem]

    @property
    def read(self) -> Sequence[ArticleSummary]:
        """The articles as their files say today."""
        if not self.fallbacks:
            return self.articles
        return [article for article in self.articles if article.path not in self.fallbacks]


class Assembly:
    """The state of an assembly until nothing breaks any more."""

    def __init__(
        self,
        site: Site,
        stages: Stages,
        *,
        previous: Record | None,
        known: Record,
        authority: str,
        accept: frozenset[str],
        progress: Progress,
    ) -> None:
        """`previous` is the last record, `known` the same after renames."""
        self._site = site
        self._stages = stages
        self._previous = previous
        self._known = known
        self._authority = authority
        self._accept = accept
        self._progress = progress
        self._unfit: dict[str, Problem] = {}
        self._excluded: dict[str, Problem] = {}
        self._duplicates: list[Problem] = []
        self._contents: dict[str, Content] = {}
        self._fallbacks: dict[str, LastPublished] = {}
        self._tried: set[str] = set()

    def assemble(
        self,
        due: Sequence[ArticleSummary],
        files: Sequence[str],
        *,
        broken: Collection[str],
        unfit: Mapping[str, Problem],
    ) -> Assembled:
        """Put everything together; `broken` is what broke before, `unfit` what may not be published."""
        self._unfit |= unfit
        while True:
            self._replace(broken)
            fit = [a for a in due if a.path not in self._unfit] if self._unfit else due
            articles = _with_fallbacks(fit, self._fallbacks)
            try:
                assembled, broken = self._attempt(articles, files)
            except HeldError as error:
                self._unfit |= {problem.file: problem for problem in error.problems}
                broken = {problem.file for problem in error.problems}
                for path in broken:
                    self._fallbacks.pop(path, None)
                continue
            if assembled:
                return assembled

    def _replace(self, broken: Collection[str]) -> None:
        """Find what was last published in the place of each article that broke."""
        entries = self._known.entries
        lost = {path: entries[path] for path in sorted(set(broken) - self._tried) if path in entries}
        self._tried |= set(broken)
        if not lost:
            return
        from feedwright.publication import last_published  # few builds need it

        self._fallbacks |= last_published.load(lost, self._known, site=self._site)
        for path in lost.keys() & self._fallbacks.keys():
            earlier = self._contents[path].problems if path in self._contents else ()
            self._contents[path] = replace(self._fallbacks[path].restored, problems=earlier)

    def _attempt(
        self, articles: Sequence[ArticleSummary], files: Sequence[str]
    ) -> tuple[Assembled | None, set[str]]:
        """Return what was put together, None if some of it has to be replaced or left out; and what broke.

        Raises `HeldError` for articles at which feedwright itself fails.
        """
        site, stages, known = self._site, self._stages, self._known
        ids, sources, duplicates, specs = stages.recall(_sort, articles, known, files, self._authority, site)
        self._duplicates += [problem for problem in duplicates if problem not in self._duplicates]
        self._excluded |= excluded_feeds.find(
            specs, self._previous, site, articles=len(articles), accept=self._accept
        )
        specs = replace(
            specs,
            specs=[spec for spec in specs.specs if spec.path not in self._excluded],
            terms=stages.recall(_terms, specs.terms),  # entries stay the same where these do
        )
        _make_contents(self._contents, specs.specs, stages, self._progress)
        broken = {problem.file for problem in duplicates} | _held(self._contents)
        if not known.entries.keys().isdisjoint(broken - self._tried):
            return None, broken
        feeds = build_feeds(
            specs,
            self._contents,
            ids,
            site=site,
            feed_ids=known.feeds,
            authority=self._authority,
            known=stages.known_entries,
        )
        inputs = self._inputs(ids)
        targets, taken = layout(
            feeds, {spec.path: spec.settings for spec in specs.specs}, site, authority=self._authority
        )
        with_content = self._with_content(sources)
        rendered = render(
            targets,
            is_current=stages.is_current(inputs, self._previous),
            made_of=inputs.of,
            before=stages.before(self._previous),
            with_content=with_content,
            spread=counting(stages.spread, "rendering feeds", self._progress),
            spread_entries=counting(stages.spread, "rendering groups of entries", self._progress),
            spool=stages.cache.spool,
        )
        if rendered.refused or rendered.refused_feeds:
            self._excluded |= excluded_feeds.refused(feeds, rendered.refused_feeds, specs)
            _hold(self._contents, ids, rendered.refused)
            return None, broken | _held(self._contents)
        rendered.current.update(_documents_of(self._excluded, self._previous, site))
        assembled = Assembled(
            articles=articles,
            ids=ids,
            sources=sources,
            specs=specs,
            contents=self._contents,
            fallbacks=self._fallbacks,
            broken=self._tried | broken,
            feeds=feeds,
            targets=targets,
            inputs=inputs,
            rendered=rendered,
            with_content=with_content,
            problems=[
                *(*self._unfit.values(), *self._excluded.values(), *taken),
                *(*self._duplicates, *specs.problems),
            ],
        )
        return assembled, broken

    def _inputs(self, ids: Mapping[str, str]) -> Inputs:
        """The hashes of what documents are made of, by the ids of entries."""
        hashes = {ids[path]: content.content_hash for path, content in self._contents.items() if path in ids}
        hashes = hashes if self._site.content_mode == "full" else dict.fromkeys(hashes, "")
        return Inputs(hashes, self._stages.known_hashes)

    def _with_content(self, sources: Mapping[str, str]) -> Callable[[Feed], Feed]:
        """Return the function that gives a feed's entries their content, if the site's feeds have any."""
        site, stages, fallbacks = self._site, self._stages, self._fallbacks

        def html(entry_id: str) -> SafeHtml | None:
            path = sources[entry_id]
            return fallbacks[path].content if path in fallbacks else stages.html(path)

        def with_content(feed: Feed) -> Feed:
            if site.content_mode != "full":
                return feed
            return replace(feed, entries=tuple(replace(e, content=html(e.id)) for e in feed.entries))

        return with_content


def _sort(
    articles: Sequence[ArticleSummary], known: Record, files: Sequence[str], authority: str, site: Site
) -> tuple[dict[str, str], dict[str, str], list[Problem], FeedSpecs]:
    """The ids of articles by path and the paths by id, the duplicates among them, and their feeds.

    Raises `HeldError` for the articles at which that fails.
    """

    def sort(
        articles: Sequence[ArticleSummary],
    ) -> tuple[dict[str, str], dict[str, str], list[Problem], FeedSpecs]:
        ids, duplicates = identity.identify(
            articles, authority=authority, recorded=known.entries, files=files
        )
        specs = feed_specs(articles, ids, site, known.slugs)
        return ids, {entry_id: path for path, entry_id in ids.items()}, duplicates, specs

    try:
        return sort(articles)
    except (MemoryError, ImportError):
        raise
    except Exception:
        from feedwright.commands.culprits import find_culprits  # no build should need it

        culprits = find_culprits(sort, articles)
        if not culprits:
            raise
        raise HeldError(tuple(failure(article.path, error) for article, error in culprits)) from None


def _terms(terms: dict[tuple[str, Labels], Term]) -> dict[tuple[str, Labels], Term]:
    """The terms as they are: recalled, they are the same value as long as they say the same."""
    return terms


def _documents_of(excluded: Collection[str], previous: Record | None, site: Site) -> dict[str, str]:
    """The published documents of feeds that are left out: they stay as they are."""
    documents = previous.documents if previous and excluded else {}
    return {
        path: document_hash
        for path, document_hash in documents.items()
        if folder(path) in excluded and os.path.lexists(site.output / path)
    }


def _with_fallbacks(
    articles: Sequence[ArticleSummary], fallbacks: Mapping[str, LastPublished]
) -> Sequence[ArticleSummary]:
    """All articles in path order, the broken ones as they were last published."""
    if not fallbacks:
        return articles
    by_path = {article.path: article for article in articles}
    by_path |= {path: fallback.summary for path, fallback in fallbacks.items()}
    return [by_path[path] for path in sorted(by_path)]


def _held(contents_by_path: Mapping[str, Content]) -> set[str]:
    return {path for path, content in contents_by_path.items() if content.article is None}


def _make_contents(
    contents_by_path: dict[str, Content], specs: Sequence[FeedSpec], stages: Stages, progress: Progress
) -> None:
    """Add the content of every article that some feed shows; held ones are replaced by the next."""
    held = _held(contents_by_path)
    while True:
        shown = {article.path: article.link for spec in specs for article in spec.shown(held)}
        shown |= {a.path: a.link for spec in specs for _, articles in spec.archives(held) for a in articles}
        wanted = {path: shown[path] for path in sorted(shown.keys() - contents_by_path.keys())}
        if not wanted:
            return
        made = stages.make_contents(wanted)
        for content in counted(made, "sanitizing bodies", len(wanted), progress):
            contents_by_path[content.path] = content
            if content.article is None:
                held.add(content.path)


def _hold(contents_by_path: dict[str, Content], ids: Mapping[str, str], refused: Mapping[str, str]) -> None:
    """Hold the entries that no document can carry, so that the others are published without them."""
    for path, entry_id in ids.items():
        if entry_id in refused:
            message = f"no feed can carry this entry: {refused[entry_id]}"
            hint = "correct what it names; if nothing is wrong with that, report a bug"
            problem = Problem.error("PUB008", message, path, hint=hint)
            content = contents_by_path[path]
            contents_by_path[path] = replace(content, article=None, problems=(*content.problems, problem))
