"""The facts about a site generator, and the rules by which front matter keeps an article from the public."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

from feedwright.generators.configuration import Configuration, Settings
from feedwright.generators.internal_links import markdown_link
from feedwright.generators.template_syntax import NO_TEMPLATES, Page, TemplateSyntax, Unserved
from feedwright.model import Hiding


class PermalinkFacts(Struct, frozen=True, kw_only=True):
    """The facts of an article that a permalink may use.

    `path` is relative to the content folder, with `/` and suffix; `date` is in the site's zone; `slug` is
    the front matter's; each of `categories` is a path of labels, root first. `read` returns the text of a
    front-matter key, None where there is none; `written` is the date in the zone it was written in;
    `language` is the name of the article's language in addresses, "" for the site's main one, and `prefix`
    the folder of that language's pages, "" or with a slash at its end; `slugify` is what the generator makes
    of a slug.
    """

    path: str
    title: str
    date: datetime
    slug: str | None = None
    categories: tuple[tuple[str, ...], ...] = ()
    read: Callable[[str], str | None] = lambda key: None
    written: datetime | None = None
    language: str = ""
    prefix: str = ""
    slugify: Callable[[str], str] = str

    @property
    def local(self) -> datetime:
        """The date in the zone that it was written in, else the site's."""
        return self.written or self.date

    def require(self, key: str) -> str:
        """Return the text of a front-matter key. Raises `MissingKeyError` where there is none."""
        text = self.read(key)
        if text is None:
            raise MissingKeyError(key)
        return text


class MissingKeyError(Exception):
    """An article lacks a front-matter key without which it has no address."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


PermalinkRule: TypeAlias = Callable[[PermalinkFacts], str]
"""The path of an article's page, percent-encoded. Raises `MissingKeyError`."""


class HidingRule(Struct, frozen=True):
    """Hide an article whose key has one of the `words` as its value or, with `unless`, any other value.

    With `lists`, a list hides it if one of its texts is among the words or, with `unless`, if none is; and
    so does a table with `unless`. Without, no list or table does.
    """

    hiding: Hiding
    words: frozenset[str]
    unless: bool = False
    lists: bool = False


NO = frozenset(("false", "no", "n", "off", "0", "none", "null", ""))
LOCKS = HidingRule("locked", NO, unless=True, lists=True)
HIDES = HidingRule("hidden", NO, unless=True)
"""Any value but a plain no locks or hides the article."""

SHOWS = HidingRule("hidden", NO - {""} | {"never", "local"})
"""A plain no hides the article."""


Notation: TypeAlias = Literal["yaml", "toml", "headers"]
"""The notation of front matter; headers are those of Pelican, `Title: …` and a blank line."""


class Archetype(Struct, frozen=True, kw_only=True):
    """The form of new articles.

    `path` is relative to the content folder and has `{year}`, `{month}`, `{day}` and `{slug}`. `date` is a
    `strftime` pattern, "" for ISO 8601 with the offset. `category` is the key of the categories, which takes
    one text if it is a `single` one; `a.b` is the key b of the table a. With `paths`, a list of categories is
    a path of levels, so that several are lists of their own.
    """

    path: str = "{slug}.md"
    notation: Notation = "yaml"
    date: str = ""
    category: str = "categories"
    single: bool = False
    paths: bool = False


_SECTION_FILES = ("_index.md", "_index.markdown", "_index.html")


class Generator(Struct, frozen=True, kw_only=True):
    """A site generator, where it differs from what all have in common.

    `keys`: canonical field → its front-matter keys in lower case, separated by spaces; the first that is
    present and not empty counts; `a.b` is the key b of the table a. `splits`: key → separators; a text (never
    a list) under that key is cut at the first of them that occurs in it. `permalink`: the default, a template
    or a function; None if it has no preset. `hiding`: the keys that may hide an article; set in the site of
    another generator they hide it too, and are told. `folders`: folders that are read though they begin with
    `_`, and are not in URLs; where a site has `posts`, what lies in none of them is a page.
    `category_folders`: whether the folders above `posts` are categories. `pages`: folders at the top of the
    content folder that hold pages. `title_of_name`: the title of an article without one, by the stem of its
    file. `slugify`: what it makes of a slug or a file's name, `category_slug` of a category's name in the
    address of its feed. `utc_timestamps`: whether a plain date with hours, minutes and seconds is in UTC.
    `undated_pages`: whether what has no date is a page; `dates_of_files`: whether it has the time of its
    file; without a title too, it is a page. `dated_names_first`: whether a date in a file's name counts
    before one that the site gives to all. `requires_title`: whether what has no title is not shown.
    `translates`: whether files of other languages are named as `post.fr.md`, and their pages lie below a
    folder of the language. `cascade` returns what the front matter of a section, by key in lower case, gives
    to the articles below it, by pattern, "" for all; without one of the words `cascading` it gives nothing.
    `section_files` returns the names of the files of a section, by the name of its folder, the weakest first;
    `data_suffixes`: what follows an article's own stem in the names of files that say the same of it alone.
    `templates`: the tags in its articles' bodies. `markdown`: their dialect of Markdown where its
    configuration is not known, as `markdown_dialect` reads it. `page_permalink` returns the path of a page
    that is no article, by the site's `permalink` and the facts, of which the date means nothing; None if
    pages and articles have one rule. `internal` returns where an address in an article leads that names a
    file of the site, "" for nowhere, None for any other address; `internal_marks`: what such addresses begin
    with, unless they end in `.md`. `resource` returns where a file is that an article names by a relative
    path, None for beside its page; of an article in the site's main language it is asked only if
    `resources_move`.

    `pattern` compiles a permalink in the generator's own notation; it raises ValueError, with what is wrong,
    for one that it cannot follow. `configuration_files`: names below the site's folder, the weakest first;
    without any, `marks` are the folders that a site of this generator has. `recognizes` tells whether those
    that exist are this generator's, `settings` what they say. `archetype` is that of articles where none
    shows it; `command` builds the site; `feed` is where its own feed usually is, below the site's root, and
    `without_feed` how that is switched off, "" where nobody can know. `exclude` is how files at the site's
    root are kept out of the built site, with `{}` for their names, "" where they are.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    splits: Mapping[str, str] = field(default_factory=dict)
    permalink: str | PermalinkRule | None = None
    pattern: Callable[[str], PermalinkRule] | None = None
    written: Callable[[str, PermalinkFacts], str] = lambda text, facts: text
    hiding: Mapping[str, HidingRule] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()
    posts: str = ""
    category_folders: bool = False
    pages: frozenset[str] = frozenset()
    title_of_name: Callable[[str], str] | None = None
    slugify: Callable[[str], str] = str
    category_slug: Callable[[str], str] = str
    utc_timestamps: bool = False
    undated_pages: bool = False
    dates_of_files: bool = False
    dated_names_first: bool = False
    requires_title: bool = False
    translates: bool = False
    cascade: Callable[[Mapping[str, object]], Iterator[tuple[str, dict[str, Any]]]] = lambda fields: iter(())
    cascading: tuple[str, ...] = ()
    section_files: Callable[[str], Sequence[str]] = lambda folder: _SECTION_FILES
    data_suffixes: tuple[str, ...] = ()
    templates: TemplateSyntax = NO_TEMPLATES
    markdown: str = "commonmark"
    page_permalink: Callable[[str, PermalinkFacts], str] | None = None
    internal: Callable[[str, Page], str | None] = markdown_link
    internal_marks: tuple[str, ...] = ()
    resource: Callable[[str, Page], str | Unserved | None] | None = None
    resources_move: bool = False
    configuration_files: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    recognizes: Callable[[Configuration], bool] = lambda configuration: True
    settings: Callable[[Configuration], Settings] = lambda configuration: iter(())
    archetype: Archetype = Archetype()
    command: str = ""
    feed: str = ""
    without_feed: str = ""
    exclude: str = ""
