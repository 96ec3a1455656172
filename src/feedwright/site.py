"""The settings of a site: one field each, from which its check, the loader and the reference are made.

`settings.table` reads the types at run time, so annotations are not postponed here.
"""

# ruff: noqa: RUF009 - `setting` declares fields

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from feedwright.model import Author
from feedwright.problems import Problem

T = TypeVar("T")

RECORD_NAME = "feedwright.lock.json"
"""The usual file name of the record of what was published."""

_NO_DEFAULT: Any = MISSING


def setting(meaning: str, check: str = "", unset: str = "", *, default: T = _NO_DEFAULT) -> T:
    """Declare a setting as a field of a dataclass.

    `check` names a function in `settings.checks`, or as "urls.page" in another module of `settings`, for what
    the type does not say; it checks each value of a list. `unset` describes a default that depends on other
    settings.
    """
    row = {"meaning": meaning, "check": check, "unset": unset}
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=row)  # type: ignore[return-value]
    return field(default=default, metadata=row)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySettings:
    """The settings of one category; None, or a limit of "unset", where those of the site count."""

    slug: str | None = setting(
        "last part of the addresses of its feeds", "slug", "from the label", default=None
    )
    title: str | None = setting("title of its feeds", unset="label – `title`", default=None)
    description: str | None = setting("what it is about", unset="`description`", default=None)
    image: str | None = setting("its picture", "urls.reference", "`logo`", default=None)
    limit: int | Literal["unset"] | None = setting(
        'entries in its feeds, or "all"', "limit", "`limit`", default="unset"
    )
    was: tuple[str, ...] = setting(
        "slug paths that its feeds had before; they are written there too",
        "old_addresses.slug_path",
        default=(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All settings, normalised: URLs and paths are absolute, defaults are filled in.

    `url` and `feeds_url` end in "/". A `limit` of None means all entries; `ttl` is in minutes. `aliases` maps
    further paths of the site's feed below the output folder to formats, without the feed's own files.
    `categories` is by label. `root` is the folder of the configuration, `warnings` what is odd about it.
    """

    url: str = setting("address of the site", "urls.folder", "required")
    title: str = setting("name of the site", unset="the host of `url`")
    description: str = setting("what the site is about", unset="`title`")
    language: str = setting("language tag (BCP 47) of the feeds", "language", default="en")
    author: Author | None = setting(
        'author of articles that name none: "Name", "Name <mail>" or a table', unset="`title`", default=None
    )
    timezone: str = setting("time zone of dates that name none", "timezone", default="UTC")
    authority: str | None = setting(
        "host or e-mail address in ids", "authority", "the host of `url`, for good", default=None
    )
    content: Path = setting("folder with the articles", default=Path("content"))
    output: Path = setting("folder for the feeds", default=Path("feeds"))
    record: Path = setting("file that remembers what was published", unset=f"{RECORD_NAME} in `output`")
    feeds_url: str = setting("address of the output folder", "urls.folder", "`url` + feeds/")
    permalink: str = setting(
        "addresses of the articles' pages: a generator's name or a template such as {year}/{slug}/",
        "permalink",
        default="hexo",
    )
    formats: tuple[str, ...] = setting(
        "formats to write", "format_name", default=("rss", "atom", "json", "opml", "page")
    )
    limit: int | None = setting('entries in a feed, or "all"', "limit", default=20)
    content_mode: Literal["full", "summary"] = setting(
        "whether entries hold the full text or only the summary", default="full"
    )
    taxonomies: tuple[Literal["categories", "tags", "authors"], ...] = setting(
        "what has feeds of its own: categories, tags, authors", default=("categories",)
    )
    copyright: str | None = setting("rights notice", default=None)
    icon: str | None = setting("small square picture of the site", "urls.reference", default=None)
    logo: str | None = setting("picture of the site", "urls.reference", default=None)
    ttl: int | None = setting("minutes that readers may wait between visits", default=None)
    hub: str | None = setting("address of the WebSub hub", "urls.page", default=None)
    encoding: str = setting("encoding of the article files", "encoding", default="utf-8")
    date_formats: tuple[str, ...] = setting(
        "further date formats, as strptime patterns", "date_format", default=()
    )
    hierarchy: str = setting(
        '"list": a list of categories is a path; else the separator of levels, such as "/"',
        "hierarchy",
        default="",
    )
    ignore: tuple[str, ...] = setting("files to leave out, as glob patterns", "pattern", default=())
    dialect: str = setting("generator whose front-matter keys are read", "dialect", default="hexo")
    thumbnail_type: str = setting(
        "media type of remote pictures whose address does not show it", "thumbnail_type", default="image/jpeg"
    )
    publish_email: bool = setting("whether e-mail addresses are published", default=False)
    sanitizer: Literal["bleach", "nh3"] = setting(
        "bleach: both passes against hostile HTML; nh3: only the fast one", default="bleach"
    )
    body_limit: int = setting("characters allowed in a body", default=5_242_880)
    time_limit: int = setting("seconds allowed for a body", default=10)
    default_category: str | None = setting("category of articles that name none", "label", default=None)
    follow_symlinks: tuple[Path, ...] = setting(
        "folders elsewhere that links in the content folder may lead to", default=()
    )
    stale: Literal["keep", "delete"] = setting(
        'what to do with feeds that are no longer made: "keep" or "delete"', default="keep"
    )
    aliases: Mapping[str, str] = setting(
        "old addresses of the site's feed: paths below the output folder, each with its format", default={}
    )
    categories: Mapping[str, CategorySettings] = setting(
        'one table for each category: [categories."label"]', default={}
    )
    timezone_set: bool
    root: Path
    cache: Path
    warnings: tuple[Problem, ...] = ()
