"""The settings of a site: one field each, from which its check, the loader and the reference are made.

`settings.reference` reads the types at run time, so annotations are not postponed here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from msgspec import NODEFAULT, Struct, StructMeta, field

from feedwright.model import Author
from feedwright.problems import Problem

T = TypeVar("T")

RECORD_NAME = "feedwright.lock.json"
"""The usual file name of the record of what was published."""

EVERY_LANGUAGE = "*"
"""The name of the settings of every language that an article names and that has none of its own."""

REQUIRED: Any = NODEFAULT
"""The default of a setting that has none, or one that depends on other settings."""


class Setting(Struct, frozen=True):
    """The declaration of a setting.

    `check` names a function in `settings.checks`, or as "urls.page" in another module of `settings`, for what
    the type does not say; it checks each value of a list. `unset` describes a default that depends on other
    settings.
    """

    default: Any
    meaning: str
    check: str = ""
    unset: str = ""

    def field(self) -> Any:
        """The same as a field of a struct."""
        if isinstance(self.default, dict):
            return field(default_factory=self.default.copy)
        return field(default=self.default)


def setting(default: T, meaning: str, check: str = "", unset: str = "") -> T:
    """Declare a setting as a field of `Settings`; the parameters are those of `Setting`."""
    return cast("T", Setting(default, meaning, check, unset))


class _Declaring(StructMeta):
    """The type of a class of settings, which keeps the declarations of its fields by name."""

    declared: Mapping[str, Setting]

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
        declared = {key: value for key, value in namespace.items() if isinstance(value, Setting)}
        fields = {key: value.field() for key, value in declared.items()}
        made = super().__new__(mcs, name, bases, {**namespace, **fields}, **options)
        made.declared = declared
        return made


class Settings(Struct, metaclass=_Declaring, frozen=True, kw_only=True):
    """A group of settings, which are its fields."""


class CategorySettings(Settings, frozen=True, kw_only=True):
    """The settings of one category; None, or a limit of "unset", where those of the site count."""

    slug: str | None = setting(None, "last part of the addresses of its feeds", "slug", "from the label")
    title: str | None = setting(None, "title of its feeds", unset="label – `title`")
    description: str | None = setting(None, "what it is about", unset="`description`")
    image: str | None = setting(None, "its picture", "urls.reference", "`logo`")
    limit: int | Literal["unset"] | None = setting(
        "unset", 'entries in its feeds, or "all"', "limit", "`limit`"
    )
    in_site_feed: bool = setting(True, "whether its articles are in the site's feed too")
    was: tuple[str, ...] = setting((), "its feeds' former slug paths, written too", "old_addresses.slug_path")
    aliases: Mapping[str, str] = setting({}, "old paths of its feed, each with its format")


class LanguageSettings(Settings, frozen=True, kw_only=True):
    """The settings of one language of the site, by the name that files and addresses have for it."""

    tag: str | None = setting(None, "language tag (BCP 47) of its feed", "language", "the table's name")
    title: str | None = setting(None, "title of its feed", unset="language – `title`")
    description: str | None = setting(None, "what it is about", unset="`description`")
    folder: str | None = setting(None, "folder in `content` that holds its articles", "pattern")
    path: str | None = setting(
        None, "folder of its pages on the site", "pattern", "the table's name with Hugo and Zola, else none"
    )


class Site(Settings, frozen=True, kw_only=True):
    """All settings, normalised: URLs and paths are absolute, defaults are filled in.

    `url` and `feeds_url` end in "/". A `limit` of None means all entries; `ttl` is in minutes. `aliases` maps
    further paths of the site's feed to formats, relative to the output folder, without the feed's own files;
    they may lead up into `site_root`, as those of categories may. `retired` maps formats to their successors,
    `categories` is by label, `languages` by the names that files and addresses have for them. `root` is the
    folder of the configuration, `warnings` what is odd about it. `styles` is the text of `stylesheet` if that
    is a file. `origins` tells where a setting comes from that is not a default, `category_places` at which
    line and column of which file the settings of a category begin. `derived` are the settings that the site's
    own generator gives, `note` says so in a line; `own_permalink` is that of the generator,
    whether it counts or not, `generator_values` the texts in its configuration; `examined` are the files and
    folders that were looked at, each with its state.
    """

    url: str = setting(REQUIRED, "address of the site", "urls.folder", "required")
    title: str = setting(REQUIRED, "name of the site", unset="the host of `url`")
    description: str = setting(REQUIRED, "what the site is about", unset="`title`")
    language: str = setting("en", "language tag (BCP 47) of the feeds", "language")
    author: Author | None = setting(
        None, 'author of articles that name none: "Name", "Name <mail>" or a table', unset="`title`"
    )
    timezone: str = setting("UTC", "time zone of dates that name none", "timezone")
    generator_timezone: str | None = setting(
        None,
        "time zone of the machine that Hexo runs on, where it reads dates with another",
        "timezone",
        "that of `timezone`; UTC where Hexo's configuration has a time zone",
    )
    authority: str | None = setting(
        None, "host or e-mail address in ids", "authority", "the host of `url`, for good"
    )
    content: Path = setting(Path("content"), "folder with the articles")
    output: Path = setting(Path("feeds"), "folder for the feeds")
    site_root: Path | None = setting(
        None, "folder around `output` that is served at `url`; aliases that begin with / start there"
    )
    record: Path = setting(REQUIRED, "record of what was published", "", f"{RECORD_NAME} in `output`")
    feeds_url: str = setting(
        REQUIRED, "address of the output folder", "urls.folder", "`url` + feeds/, or its path in `site_root`"
    )
    permalink: str = setting(
        "hexo",
        "addresses of the articles' pages: a generator's name or a template such as {year}/{slug}/",
        "permalink",
    )
    formats: tuple[str, ...] = setting(
        ("rss", "atom", "json", "opml", "page"), "formats to write", "format_name"
    )
    limit: int | None = setting(20, 'entries in a feed, or "all"', "limit")
    days: int | None = setting(None, "days whose articles are shown even beyond `limit`, up to 100")
    since: str | None = setting(None, "day, as 2026-01-31, before which articles are in no feed", "day")
    archives: str | int | None = setting(
        None, 'older entries in documents of their own: "month", "year" or a number of entries', "archives"
    )
    content_mode: Literal["full", "summary"] = setting("full", "full text in entries, or only the summary")
    taxonomies: tuple[Literal["categories", "tags", "authors"], ...] = setting(
        ("categories",), "what has feeds of its own: categories, tags, authors"
    )
    copyright: str | None = setting(None, "rights notice")
    icon: str | None = setting(None, "small square picture of the site", "urls.reference")
    logo: str | None = setting(None, "picture of the site", "urls.reference")
    accent: str | None = setting(None, "colour of links on pages, such as #0b5394", "pages.accent")
    stylesheet: str | None = setting(
        None, "stylesheet for pages beside their own: a file, or an address", "pages.stylesheet"
    )
    readers: tuple[str, ...] = setting(
        (), "readers on the web that pages offer: names, or `Name https://…{url}`", "pages.reader"
    )
    ttl: int | None = setting(None, "minutes that readers may wait between visits")
    hub: str | None = setting(None, "address of the WebSub hub", "urls.page")
    encoding: str = setting("utf-8", "encoding of the article files", "encoding")
    date_formats: tuple[str, ...] = setting((), "further date formats, as strptime patterns", "date_format")
    hierarchy: str = setting(
        "", '"list": a list of categories is a path; else the separator of levels, such as "/"', "hierarchy"
    )
    site_output: Path | None = setting(
        None, "folder with the pages that the generator made: an article without a page there is left out"
    )
    static: tuple[Path, ...] = setting((), "folders beside `content` whose files are at the root of the site")
    built_pages: bool = setting(False, "take `site_output` from the generator's own configuration")
    bodies: Literal["source", "pages"] = setting(
        "source", '"pages": content is the article as it stands in its page in `site_output`'
    )
    page_selector: str | None = setting(
        None, "CSS selector of the article in a page", "selector", "found by its text"
    )
    ignore: tuple[str, ...] = setting((), "files to leave out, as glob patterns", "pattern")
    dialect: str = setting("hexo", "generator whose front-matter keys are read", "dialect")
    markdown: str | None = setting(
        None,
        "dialect of Markdown, and words for what is on or off in it: goldmark mark smart=no",
        "markdown",
        "that of the site's generator, else commonmark",
    )
    thumbnail_type: str = setting(
        "image/jpeg", "media type of remote pictures whose address does not show it", "thumbnail_type"
    )
    enclose_thumbnail: bool = setting(
        True, "whether a thumbnail is the enclosure of an article that has none of its own"
    )
    publish_email: bool = setting(False, "whether e-mail addresses are published")
    sanitizer: Literal["bleach", "nh3"] = setting("bleach", "bleach: two passes over hostile HTML; nh3: one")
    body_limit: int = setting(5_242_880, "characters allowed in a body")
    time_limit: int = setting(10, "seconds allowed for a body")
    default_category: str | None = setting(None, "category of articles that name none", "label")
    folder_categories: bool = setting(False, "whether articles that name none have their folder as category")
    titles_from_names: bool = setting(
        False, "whether articles without a title have the path of their file as title"
    )
    follow_symlinks: tuple[Path, ...] = setting((), "folders elsewhere that links in `content` may lead to")
    stale: Literal["keep", "delete"] = setting("keep", 'whether to "keep" or "delete" feeds no longer made')
    aliases: Mapping[str, str] = setting({}, "old paths of the site's feed in `output`, each with its format")
    retired: Mapping[str, str] = setting(
        {}, "formats no longer offered but still written, each with the one that takes its place"
    )
    authors: Mapping[str, Author] = setting(
        {}, 'who articles mean that name an author by a key; one table each: [authors."key"]'
    )
    categories: Mapping[str, CategorySettings] = setting({}, 'one table each: [categories."label"]')
    defaults: Mapping[str, Mapping[str, Any]] = setting(
        {}, 'front matter of articles that do not write it, one table per pattern: [defaults."notes/**"]'
    )
    languages: Mapping[str, LanguageSettings] = setting(
        {}, 'languages with feeds of their own, one table each: [languages.fr]; "*" is every other one'
    )
    tags: Mapping[str, str] = setting(
        {}, 'what becomes of template tags, by name: "drop", "keep", or HTML with {0}, {name} and {body}'
    )
    timezone_set: bool
    root: Path
    cache: Path
    styles: str = ""
    warnings: tuple[Problem, ...] = ()
    origins: Mapping[str, str] = {}
    category_places: Mapping[str, tuple[str, int, int]] = {}
    derived: frozenset[str] = frozenset()
    own_permalink: str = ""
    generator_values: Mapping[str, str] = {}
    note: str = ""
    examined: tuple[tuple[str, str], ...] = ()

    @property
    def has_known_generator(self) -> bool:
        """Whether something says which generator's articles these are."""
        return "dialect" in self.origins or self.dialect != "hexo"

    @property
    def every_alias(self) -> Mapping[str, str]:
        """The aliases of the site's feed and of all categories."""
        rows = [row.aliases for row in self.categories.values()]
        return {path: name for aliases in (self.aliases, *rows) for path, name in aliases.items()}

    @property
    def home(self) -> str:
        """The path of the output folder below the site's root, ending in "/"; "" if there is no other."""
        if self.site_root is None:
            return ""
        path = self.output.relative_to(self.site_root).as_posix()
        return "" if path == "." else f"{path}/"
