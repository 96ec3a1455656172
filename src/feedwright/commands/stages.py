"""The stages of a build that cost time: front matter is read, contents are made, documents are compared.

Each asks the cache first, spreads the rest over processes, and isolates what breaks one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import structs

from feedwright import disk, workers
from feedwright.articles import reader, soundness
from feedwright.articles.field_reader import ReadOptions
from feedwright.articles.known_heads import KnownHeads
from feedwright.articles.sections import cascades
from feedwright.articles.selection import Selection, SelectionOptions, select
from feedwright.bodies import body_pictures, enclosure, thumbnail
from feedwright.bodies import content as contents
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.static_files import StaticFiles
from feedwright.bodies.templates.references import hash_of
from feedwright.cache import codec
from feedwright.cache.database import DamagedError
from feedwright.cache.memo import BuildCache
from feedwright.commands import built_pages
from feedwright.commands.built_pages import PageFile
from feedwright.commands.content_files import ContentFiles, content_files
from feedwright.commands.inputs import Inputs, KnownHashes
from feedwright.commands.progress import Progress, counted
from feedwright.commands.references import References
from feedwright.commands.rows import (
    HEAD_SECONDS,
    LIGHT_SECONDS,
    Asked,
    Order,
    Result,
    Row,
    make_row,
    make_rows,
    read_row,
    read_rows,
)
from feedwright.feeds.build import KnownEntries
from feedwright.formats.earlier import Before, MadeOf
from feedwright.formats.layout import Target
from feedwright.model import Content, ReadResult, SafeHtml, replace
from feedwright.problems import HeldError, blaming
from feedwright.site import Site
from feedwright.workers import Map

if TYPE_CHECKING:
    from feedwright.publication.record import KnownRecords, Record

T = TypeVar("T")

_LIGHT_PAGE = 2**20
"""The bytes of a page up to which the search for the article in it takes little time and memory."""

_GRACE = 1
"""Seconds that a process may work besides those that a body may take, before the system ends it."""

_PATIENCE = 6
"""How many times its CPU time a body may take on the clock, on a busy machine; then its process is killed."""

_MANY = 50_000
"""The number of articles from which it pays to look for what they have in common: memory."""

PRELOAD = ("feedwright.commands.rows", "feedwright.bodies.sanitize", "feedwright.bodies.html_tree")
"""Modules that every process needs to make contents."""

_decode_head = codec.decoder(ReadResult)
_decode_heads = codec.decoder(list[ReadResult])
_decode_content = codec.decoder(Content)
_decode_answers = codec.decoder(dict[str, bool])


def read_options(site: Site) -> ReadOptions:
    """Return the settings that decide how articles are read."""
    zones = ("zone", "generator_zone")
    same = {name: getattr(site, name) for name in ReadOptions.__struct_fields__ if name not in zones}
    rows = cascades(site.content, site.dialect)
    same["defaults"] = {**site.defaults, **{key: {**site.defaults.get(key, {}), **rows[key]} for key in rows}}
    generator_zone = _zone(site.generator_timezone) if site.generator_timezone else None
    return ReadOptions(zone=_zone(site.timezone), generator_zone=generator_zone, **same)


def _is_same(moment: datetime, other: datetime) -> bool:
    """Tell whether two moments are the same on the same clock."""
    return moment == other and moment.utcoffset() == other.utcoffset()


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # few sites need it

    return ZoneInfo(name)


class Stages:
    """The stages of one build, which share the options, the cache and the processes."""

    def __init__(self, site: Site, cache: BuildCache, spread: Map, *, jobs: int | None) -> None:
        """`spread` calls a function on many files; `jobs` is a number of processes, default by the cores."""
        self.site = site
        self.content = site.content
        self.own_permalink = site.own_permalink
        self.read_options = read_options(site)
        self.body_options = BodyOptions(
            content=site.content,
            site_url=site.url,
            dialect=site.dialect,
            markdown=site.markdown,
            engine=site.sanitizer,
            longest=site.body_limit,
            seconds=site.time_limit,
            site_title=site.title,
            is_known=site.has_known_generator,
            tags=site.tags,
            values=site.generator_values,
            thumbnail_type=site.thumbnail_type,
            enclose_thumbnail=site.enclose_thumbnail,
            pages=site.site_output if site.bodies == "pages" else None,
            selector=site.page_selector,
        )
        self.pages: dict[str, PageFile] = {}
        self.cache = cache
        self.spread = spread
        self.jobs = jobs or workers.default_jobs()
        self.known_entries: KnownEntries = {}
        self.known_hashes: KnownHashes = {}
        self.known_records: KnownRecords = {}
        self.static = StaticFiles((*site.static, *filter(None, [site.site_output])))
        self._known_heads = KnownHeads()
        self._same: dict[tuple[object, ...], Any] | None = None
        self._unseen: dict[str, str] = {}
        self.postponed: list[str] = []
        self.references = References((), folders=(), values={})
        self._budget = workers.Budget(seconds=contents.base_budget(self.body_options))

    def find_files(self, published: Container[str]) -> ContentFiles:
        """Return the files of the content folder. Raises as `content_files` does."""
        return content_files(self.site, published)

    def select(self, files: ContentFiles, options: SelectionOptions, progress: Progress) -> Selection:
        """Read the front matter of all articles and return those that are due."""
        heads = self.read_heads(files.articles)
        return select(counted(heads, "reading articles", len(files.articles), progress), options, files.pages)

    def recall(self, function: Callable[..., T], *arguments: object) -> T:
        """Return what a pure function gives, which a build that follows another in memory may know."""
        return function(*arguments)

    def is_current(self, inputs: Inputs, previous: Record | None) -> Callable[[Target], str | None]:
        """Return the function that asks the cache about a document.

        What the cache says must be in the record too.
        """
        recorded = previous.files if previous and self.cache.has_documents else {}

        def is_current(target: Target) -> str | None:
            path = target.path
            if path not in recorded:
                return None
            file = os.path.join(self.site.output, path)
            hashed = self.cache.is_current(path, str(inputs.of(target)), file)
            return hashed if hashed == recorded[path] else None

        return is_current

    def before(self, previous: Record | None) -> Callable[[Target], Before | None]:
        """Return the function that finds the document that was published in the place of a target.

        It is taken only if its bytes are those in the record.
        """
        recorded = previous.files if previous and self.cache.has_documents else {}

        def before(target: Target) -> Before | None:
            hashed = recorded.get(target.path, "")
            made_of = self.cache.inputs(target.path, hashed) if hashed else ""
            if not made_of:
                return None
            return Before(MadeOf.parse(made_of), partial(self._published, target.path, hashed))

        return before

    def _published(self, path: str, hashed: str, largest: int) -> bytes | None:
        try:
            data = disk.read_bytes(self.site.output / path, follow=False, largest=largest)
        except OSError:
            return None
        return data if disk.document_hash(data) == hashed else None

    def read_heads(self, paths: Sequence[str]) -> Iterator[ReadResult]:
        """Yield the front matter of every file, in the order of `paths`; only what changed is read.

        Raises `DamagedError` where the cache says what no file could.
        """
        self._same = {} if len(paths) >= _MANY else None
        heads = dict(self._unchanged_heads(paths))
        changed = [path for path in paths if path not in heads]
        results = workers.surviving(
            self.spread,
            partial(read_row, content=self.content, options=self.read_options),
            changed,
            jobs=self.jobs,
            seconds=HEAD_SECONDS * _PATIENCE,
            together=partial(read_rows, content=self.content, options=self.read_options),
        )
        for path in paths:
            if head := heads.pop(path, None):
                yield head
                continue
            _, result = next(results)
            if isinstance(result, workers.Lost):
                yield reader.lost(path, result.by)
            else:
                digest, row, known = result
                self.cache.note_head(path, digest, row)
                head = self._shared(path, _decode_head(row))
                if known and head.article:
                    self._known_heads.keep(path, head.article.published, known)
                yield head

    def _unchanged_heads(self, paths: Sequence[str]) -> Iterator[tuple[str, ReadResult]]:
        """Yield path and front matter of every file that is as it was when an earlier build read it."""
        folder = os.fspath(self.content)
        for unchanged, rows in self.cache.heads(repr(self.read_options), paths, folder):
            heads = _decode_heads(rows)
            if not soundness.are_sound(heads, unchanged):
                raise DamagedError
            shared = heads if self._same is None else map(self._shared, unchanged, heads)
            yield from zip(unchanged, shared, strict=True)

    def _shared(self, path: str, head: ReadResult) -> ReadResult:
        """The same front matter; what others say too is the same value, where there are very many."""
        if self._same is None or (article := head.article) is None:
            return head
        same, published = self._same.setdefault, article.published
        article = structs.replace(
            article,
            path=path,
            updated=published if _is_same(article.updated, published) else article.updated,
            due=published if _is_same(article.due, published) else article.due,
            categories=same(article.categories, article.categories),
            tags=same(article.tags, article.tags),
            authors=same(article.authors, article.authors),
        )
        return structs.replace(head, path=path, article=article)

    def links(self, paths: Sequence[str], permalink: str) -> Iterator[str]:
        """Yield the links that articles would have with another `permalink`."""
        options = replace(self.read_options, permalink=permalink)
        for path in paths:
            if article := reader.read_head(path, content=self.content, options=options).article:
                yield article.link

    def make_contents(self, links: Mapping[str, str]) -> Iterator[Content]:
        """Yield the content of every article, path → link, in any order; only what the cache lacks is made.

        Raises as `read_heads` does.
        """
        options, paths = self.body_options, [*links]
        pages = built_pages.files_of(links, options)
        self.pages |= pages
        facts = (options.engine, options.longest, options.seconds, options.markdown, options.site_title)
        sources = (options.is_known, *options.tags.items(), str(options.pages or ""), options.selector)
        digests = {path: f"{page.path} {page.digest}" for path, page in pages.items()}
        rows = self.cache.contents(repr((*facts, *sources)), paths, digests)
        known = [*map(_decode_content, rows.values())]
        if not soundness.are_sound_contents(known, [*rows]):
            raise DamagedError
        current = {content.path: content for content in known if self._is_answered(content)}
        for path, content in current.items():
            self._unseen[path] = content.content_hash
            yield self._with_files(content)
        new = [path for path in paths if path not in current]
        with self._remembering() if new and options.engine == "bleach" else nullcontext():
            for path, digest, row, html in self._new_contents(new):
                content = _decode_content(row)
                page = pages.get(path)
                is_current = content.page_digest == (page.digest if page else "")
                self.cache.note_content(path, digest if is_current else "", row, html)
                yield self._with_files(content)

    def _is_answered(self, content: Content) -> bool:
        """Tell whether the questions of a body that an earlier build made have the same answers."""
        return all(hash_of(self.references.answer(question)) == known for question, known in content.asked)

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        """Spare bleach what it answered an earlier build, and keep what it answers this process.

        Whoever wrote an answer: a body is published only if nh3 and the last look leave it as it is.
        """
        from feedwright.bodies import sanitize  # where no body is made, nobody needs it

        forms = sanitize.tag_forms()
        known = self.cache.answers()
        answers = _decode_answers(known.encode()) if known else {}
        forms.learn(answers)
        yield
        if forms.answers != answers:
            self.cache.keep_answers(codec.encode(dict(sorted(forms.answers.items()))).decode())

    def _with_files(self, content: Content) -> Content:
        """The content with its pictures and enclosure as they are now: their files may have changed."""
        try:
            with blaming(content.path):
                shown = thumbnail.resolve(content, self.body_options, self.static)
                shown = body_pictures.check(shown, self.body_options, self.static)
                return enclosure.measure(shown, self.body_options, self.static)
        except HeldError as error:
            return contents.held(content.path, (*content.problems, *error.problems))

    def _new_contents(self, paths: Sequence[str]) -> Iterator[Row]:
        """Make contents; what refers to others is made again with the answers, until it asks for no more."""
        orders = [Order(path, self._known_heads.take(path)) for path in paths]
        while orders:
            again: list[Order] = []
            for order, result in self._attempts(orders):
                if isinstance(result, Asked):
                    again.append(self._answered(order, result))
                else:
                    yield self._row(order.path, result)
            orders = again

    def _answered(self, order: Order, asked: Asked) -> Order:
        answers = ((question, self.references.answer(question)) for question in asked.questions)
        return replace(order, answers=(*order.answers, *answers))

    def _attempts(self, orders: Sequence[Order]) -> Iterator[tuple[Order, Result]]:
        """Make contents; those that may take long are made in processes that can be stopped.

        Those of heavy files begin at once, those of light files that take long when all others are done.
        """
        heavy: list[Order] = []
        light: list[Order] = []
        for order in orders:
            (light if self._is_light(order.path) else heavy).append(order)
        options = self.body_options
        late: list[Order] = []
        with self._isolated(heavy) as heavy_results:
            seconds = min(LIGHT_SECONDS, options.seconds)
            how: dict[str, Any] = {
                "read_options": self.read_options,
                "options": options,
                "seconds": seconds,
            }
            light_results = workers.surviving(
                self.spread,
                partial(make_row, **how, light=True),
                light,
                together=partial(make_rows, **how),
                jobs=self.jobs,
                seconds=options.seconds * _PATIENCE,
                preload=self._preload,
            )
            for order, result in light_results:
                if isinstance(result, workers.Lost) and result.by == "time":
                    self._budget.seconds -= 0 if result.postponed else seconds
                    late.append(order)
                else:
                    yield order, result
            for order, result in heavy_results:
                if isinstance(result, workers.Lost) and result.by == "memory":
                    late.append(order)  # perhaps another body had left too little in its process
                else:
                    yield order, result
        with self._isolated(late) as late_results:
            yield from late_results

    def _is_light(self, path: str) -> bool:
        page = self.pages.get(path)
        is_small = page is None or page.size <= _LIGHT_PAGE
        return is_small and contents.is_light(path, content=self.content)

    def _size(self, path: str) -> int:
        """The bytes that an article's content is made of."""
        page = self.pages.get(path)
        return contents.size_of(path, content=self.content) + (page.size if page else 0)

    @property
    def _preload(self) -> tuple[str, ...]:
        return (*PRELOAD, self.body_options.engine)

    def _isolated(self, orders: Sequence[Order]) -> AbstractContextManager[Iterator[tuple[Order, Result]]]:
        """Make contents in processes that can be stopped, within the build's budget."""
        options = self.body_options
        self._budget.seconds += contents.budget(sum(self._size(order.path) for order in orders), options)
        return workers.isolated(
            partial(make_row, read_options=self.read_options, options=options, seconds=options.seconds),
            orders,
            jobs=self.jobs,
            seconds=options.seconds * _PATIENCE,
            preload=self._preload,
            memory=lambda order: contents.memory(self._size(order.path)),
            work=options.seconds + _GRACE,
            budget=self._budget,
        )

    def _row(self, path: str, result: Row | workers.Lost) -> Row:
        """The row of a content, of a lost one too: what was given up is not tried again until it changes."""
        if not isinstance(result, workers.Lost):
            return result
        if result.postponed:
            self.postponed.append(path)
            return path, "", codec.encode(Content(path=path, article=None)), None
        digest = "" if result.by == "death" else self.cache.digest(path)
        return path, digest, codec.encode(contents.lost(path, result.by, self.body_options)), None

    def html(self, path: str) -> SafeHtml | None:
        """Return the HTML of an article whose content was made; the cache has it, or it is made again.

        Raises `DamagedError` where the cache has something else.
        """
        html = self.cache.new_html(path)
        if html is None:
            html = self._cached_html(path)
        if html is None:
            options = self.body_options
            make = partial(make_row, read_options=self.read_options, options=options, seconds=options.seconds)
            order = Order(path)
            while isinstance(row := make(order), Asked):
                order = self._answered(order, row)
            html = None if isinstance(row, workers.Lost) else row[3]
            self.cache.keep_html(path, html)
        return None if html is None else SafeHtml(html)

    def _cached_html(self, path: str) -> str | None:
        """The HTML that an earlier build made; where this one first publishes it, it gets a last look."""
        html = self.cache.old_html(path)
        if html is not None and (expected := self._unseen.pop(path, None)) is not None:
            from feedwright.bodies import sanitize  # where no body is made, few builds need it

            if contents.hash_of(html) != expected or sanitize.recheck(html) is None:
                raise DamagedError
        return html
