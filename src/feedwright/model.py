"""The field's words as frozen values; nothing here reads, writes or decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any, Literal, NewType, TypeVar

from msgspec import Meta, Struct, field, structs

from feedwright.problems import Problem

T = TypeVar("T")

Hiding = Literal["", "hidden", "locked", "page"]
"""How a file is kept out of all feeds; a page of the site, such as About, is no article."""

Moment = Annotated[datetime, Meta(tz=True)]
"""A date and time with a zone."""

SafeHtml = NewType("SafeHtml", str)
"""HTML that went through the passes of `sanitize`; only that module may create it."""


def replace(value: T, /, **changes: Any) -> T:
    """Return a frozen value with some fields changed, as `copy.replace` of Python 3.13 does."""
    if isinstance(value, Struct):
        return structs.replace(value, **changes)
    if isinstance(value, tuple):
        return value._replace(**changes)  # type: ignore[attr-defined, no-any-return]
    return dataclasses.replace(value, **changes)  # type: ignore[type-var]


class Author(Struct, frozen=True, kw_only=True):
    """A person as a feed names them; `email` and `uri` are published when they are set."""

    name: str
    email: str | None = None
    uri: str | None = None


class Thumbnail(Struct, frozen=True, kw_only=True):
    """An entry's picture: absolute http(s) URL, media type, pixels and bytes (0 = unknown).

    `enclosed` tells that it is the enclosure of an entry that has none of its own.
    """

    url: str
    type: str
    width: int | None = None
    height: int | None = None
    length: int = 0
    enclosed: bool = True


class Enclosure(Struct, frozen=True, kw_only=True):
    """A file of an entry's own: absolute http(s) URL, media type, bytes (0 = unknown)."""

    url: str
    type: str
    length: int = 0


class Term(Struct, frozen=True, kw_only=True):
    """One category of an entry (RFC 4287 §4.2.2): `term` is the slug path, `label` its name."""

    term: str
    label: str
    scheme: str


class Picture(Struct, frozen=True, kw_only=True):
    """A picture as an article's front matter or body names it, not yet resolved, and its position there.

    A `src` of "" says that the article is to have none.
    """

    src: str
    width: int | None = None
    height: int | None = None
    field: str = ""
    line: int = 0
    column: int = 0


class Article(Struct, frozen=True, kw_only=True):
    """The front matter of one file; the body is read only when a feed shows it.

    `path` is relative to the content folder, with `/`. `guid` is the id that the front matter asks for;
    `written_link` says that it gives the link, or a part of it, too. Where it `is_untitled`, its title is the
    name of its file until its body tells one.
    `categories` holds a path of labels, root first, per category. `due` is when it may be published,
    `expires` when it no longer is; a draft is published only on request. `language` is its tag, "" for the
    main language of the site.
    """

    path: str
    title: str
    link: str
    published: Moment
    updated: Moment
    due: Moment
    expires: Moment | None = None
    draft: bool = False
    is_untitled: bool = False
    guid: str | None = None
    written_link: bool = False
    authors: tuple[Author, ...] = ()
    categories: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    summary: str | None = None
    picture: Picture | None = None
    enclosure: Enclosure | None = None


class ArticleSummary(Struct, frozen=True, array_like=True, gc=False):
    """The facts of an article that selecting and sorting need: a hundred thousand fit in memory.

    They are those of `Article`, except that `authors` are names.
    """

    path: str
    title: str
    link: str
    published: Moment
    updated: Moment
    due: Moment
    expires: Moment | None = None
    guid: str | None = None
    written_link: bool = False
    categories: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    authors: tuple[str, ...] = ()


class ReadResult(Struct, frozen=True, array_like=True, gc=False):
    """The outcome of reading one file's front matter: an article, or why there is none.

    A `draft`, or a file with a `hiding`, may be incomplete; `skipped` is a file without front matter;
    `naive` says that a date has no zone. `digest` is the SHA-256 of the file's bytes, "" if they could not be
    read.
    """

    path: str
    article: ArticleSummary | None = None
    problems: tuple[Problem, ...] = ()
    draft: bool = False
    hiding: Hiding = ""
    skipped: bool = False
    naive: bool = False
    digest: str = ""


_all_but_authors = attrgetter(*ArticleSummary.__struct_fields__[:-1])


def summary_of(article: Article) -> ArticleSummary:
    """Return the facts of an article that sorting needs."""
    facts = (*_all_but_authors(article), tuple(author.name for author in article.authors))
    return ArticleSummary(*facts)


class ArticleHead(Struct, frozen=True, array_like=True, gc=False):
    """An article, and where its body begins in the text of its file: at an offset, on a line.

    `digest` is the SHA-256 of the file's bytes; `switches` and `fields` are those of an `ArticleSource`.
    """

    article: Article
    offset: int
    line: int
    digest: str
    switches: Mapping[str, bool]
    fields: Mapping[str, str]


class ArticleSource(Struct, frozen=True, kw_only=True):
    """An article with its body as written, which begins on `line` of the file.

    `digest` is the SHA-256 of the file's bytes; `problems` are those of the body's text; `switches` are the
    features of Markdown that its front matter turns on or off, `fields` its texts, by key in lower case,
    where it may have template tags.
    """

    article: Article
    body: str
    line: int
    digest: str
    problems: tuple[Problem, ...] = ()
    switches: Mapping[str, bool] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


class Page(Struct, frozen=True, kw_only=True):
    """A page of the built site: its file below the site's folder, its address, and its bytes.

    `digest` is the SHA-256 of the bytes.
    """

    file: str
    url: str
    data: bytes
    digest: str


class PublishedEntry(Struct, frozen=True, kw_only=True):
    """An Atom entry or RSS item as it is read back from a document.

    `content` is HTML that nobody vouches for: it has to be sanitized before it is published again.
    `updated` is None if the format has no such date; `language` is "" if it is the feed's.
    """

    id: str
    title: str
    link: str
    published: datetime
    updated: datetime | None
    authors: tuple[Author, ...]
    categories: tuple[Term, ...]
    summary: str
    content: str | None
    thumbnail: Thumbnail | None = None
    enclosure: Enclosure | None = None
    language: str = ""


class Entry(PublishedEntry, frozen=True, kw_only=True):
    """An article as a feed shows it: an Atom entry, an RSS item; `language` is "" for the site's main one."""

    updated: datetime
    content: SafeHtml | None


class PublishedFeed(Struct, frozen=True, kw_only=True):
    """A feed as it is read back from a document: the channel's own facts and its entries, newest first.

    `url` is the absolute URL of its folder, ending in "/"; `link` is the page for people. `ttl` is in
    minutes. `id` and `author` are None if the format does not have them. The ids of its entries are unique.
    """

    id: str | None
    url: str
    link: str
    title: str
    description: str
    language: str
    updated: datetime
    author: Author | None
    entries: tuple[PublishedEntry, ...]
    copyright: str | None = None
    icon: str | None = None
    logo: str | None = None
    ttl: int | None = None
    hub: str | None = None


class Archived(Struct, frozen=True, kw_only=True):
    """The place of a document among those that hold all entries of a feed (RFC 5005 §4).

    The folders, as addresses, of the archives before and after it, "" where there is none; `current` is that
    of the feed itself, "" in the feed.
    """

    current: str = ""
    previous: str = ""
    next: str = ""


class Feed(PublishedFeed, frozen=True, kw_only=True):
    """One feed, not yet in any format; its facts are those of `PublishedFeed`.

    `path` is its folder below the output folder, "" for the site's own, else ending in "/". `archived` says
    what it is among its archives, if it has any. `articles` is the number of all its articles, also of those
    that it no longer shows.
    """

    id: str
    path: str
    author: Author
    entries: tuple[Entry, ...]
    archived: Archived | None = None
    articles: int = 0

    @property
    def is_archive(self) -> bool:
        """Whether it holds older entries, and nobody subscribes to it."""
        return self.archived is not None and self.archived.current != ""


class SiteIndex(Struct, frozen=True, kw_only=True):
    """The context of a feed: names of formats, the site's title, the look of pages, and the feeds around it.

    `authority` is the site's, with which ids begin.
    `home` is the path of the output folder below the site's root, where documents may lie above it.
    `successors` are the file and the media type that take the place of a retired format, by its name. Only
    the site's own feed, in the output folder itself, has `feeds`: itself first.

    Of other feeds, `above` are those whose folders hold its own, the outermost first, and `below` those in
    its folder. `folders` are the paths of the feeds of its entries' categories, by scheme and term. None of
    these feeds has its entries.

    `accent` is a colour as #rrggbb, `stylesheet` the address of a stylesheet, `styles` the text of one, each
    "" if there is none. `readers` are those on the web, as the setting lists them.
    """

    formats: tuple[str, ...] = ()
    authority: str = ""
    home: str = ""
    successors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    title: str = ""
    feeds: tuple[Feed, ...] = ()
    above: tuple[Feed, ...] = ()
    below: tuple[Feed, ...] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    accent: str = ""
    stylesheet: str = ""
    styles: str = ""
    readers: tuple[str, ...] = ()


NO_INDEX = SiteIndex()
"""The context of a feed that stands alone."""


class Content(Struct, frozen=True, kw_only=True):
    """Everything that a file decides about an entry except its HTML; `article` is None if it is held.

    `picture` is the candidate for a thumbnail, `thumbnail` what it resolves to; `pictures` are those of the
    body that have an address on the site. `digest` is the SHA-256 of
    the file's bytes, "" if they were not read. `fingerprint` identifies the body as it is written;
    `content_hash` is the hash of the HTML. `asked` is what it was made of beside the file: questions of
    `bodies.templates.references`, each with a hash of its answer. `page` is the file of the built site that
    the HTML was taken from, "" where it was made of the body; `page_digest` that of the page that was looked
    at.
    """

    path: str
    article: Article | None
    summary: str = ""
    picture: Picture | None = None
    thumbnail: Thumbnail | None = None
    pictures: tuple[Picture, ...] = ()
    problems: tuple[Problem, ...] = ()
    digest: str = ""
    fingerprint: str = ""
    content_hash: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    page: str = ""
    page_digest: str = ""


class Document(Struct, frozen=True, kw_only=True):
    """The bytes of one file to publish; `path` is relative to the output folder, with `/`.

    Those whose bytes are elsewhere, or are made when they are asked for, have `data` as a property.
    """

    path: str
    data: bytes


class EntryRecord(Struct, frozen=True, kw_only=True):
    """One entry that was published: `source` is the article's path, dates are ISO 8601.

    `fingerprint` is that of the article's body; `gone` is the day on which its file was first missed, "" if
    nobody looked.
    """

    id: str
    source: str
    published: str
    updated: str
    title: str
    fingerprint: str
    link: str = ""
    gone: str = ""
