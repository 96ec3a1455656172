"""The settings as one table: names, checks, defaults and help; the documentation comes from it too."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from feedwright.formats.table import DEFAULT_NAMES, FEED_NAMES, NAMES
from feedwright.settings import checks as check
from feedwright.settings import old_addresses
from feedwright.settings import urls as address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FORMATS = NAMES
TAXONOMIES = ("categories", "tags", "authors")
RECORD = "feedwright.lock.json"
PREFIX = "FEEDWRIGHT_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting: `default` is its value, `unset` says in words what it is where that is derived.

    `shape` tells how the environment writes it: a list with commas, a flag as true or false, a table not at
    all. `rows` are the keys of a table; with `named` it is a table of such tables. `pair` checks each key of
    a table with its value.
    """

    name: str
    check: Callable[[object], object]
    default: object = None
    help: str
    unset: str = ""
    shape: Literal["text", "number", "flag", "list", "table"] = "text"
    rows: tuple[Setting, ...] = ()
    named: bool = False
    pair: Callable[[str, object], object] | None = None

    @property
    def environment(self) -> str | None:
        """The variable that sets it, None for a table."""
        return None if self.shape == "table" else PREFIX + self.name.upper()


def _not_a_table(value: object) -> object:
    raise check.Refused("CFG007", f"must be a table, not {check.described(value)}", '[categories."label"]')


_AUTHOR = (
    Setting(name="name", check=check.text, help="name", unset="required"),
    Setting(name="email", check=check.email, help="e-mail address; published only with `publish_email`"),
    Setting(name="uri", check=address.page, help="home page"),
)
_CATEGORY = (
    Setting(
        name="slug", check=check.slug, help="its part of the addresses of its feeds", unset="from the label"
    ),
    Setting(name="title", check=check.text, help="title of its feeds", unset="label – `title`"),
    Setting(name="description", check=check.text, help="what it is about", unset="`description`"),
    Setting(name="image", check=address.reference, help="its picture", unset="`logo`"),
    Setting(
        name="limit",
        check=check.limit,
        default="unset",
        help='entries in its feeds, or "all"',
        unset="`limit`",
        shape="number",
    ),
    Setting(
        name="was",
        check=old_addresses.slug_paths,
        default=(),
        help="slug paths that its feeds had before; they are written there too",
        shape="list",
    ),
)
_SETTINGS = (
    Setting(name="url", check=address.folder, help="address of the site", unset="required"),
    Setting(name="title", check=check.text, help="name of the site", unset="the host of `url`"),
    Setting(name="description", check=check.text, help="what the site is about", unset="`title`"),
    Setting(name="language", check=check.language, default="en", help="language tag (BCP 47) of the feeds"),
    Setting(
        name="author",
        check=check.author,
        help='author of articles that name none: "Name", "Name <mail>" or a table',
        unset="`title`",
        rows=_AUTHOR,
    ),
    Setting(name="timezone", check=check.timezone, default="UTC", help="time zone of dates that name none"),
    Setting(
        name="authority",
        check=check.authority,
        help="host or e-mail in ids",
        unset="the host of `url`, for good",
    ),
    Setting(name="content", check=check.path, default="content", help="folder of the articles"),
    Setting(name="output", check=check.path, default="feeds", help="folder for the feeds"),
    Setting(
        name="record",
        check=check.path,
        help="file that remembers what was published",
        unset=f"{RECORD} in `output`",
    ),
    Setting(
        name="feeds_url",
        check=address.folder,
        help="address of the output folder",
        unset="`url` + feeds/",
    ),
    Setting(
        name="permalink",
        check=check.permalink,
        default="hexo",
        help="addresses of the articles' pages: a generator's name or a template such as {year}/{slug}/",
    ),
    Setting(
        name="formats",
        check=check.choices(*FORMATS, one_of=FEED_NAMES),
        default=DEFAULT_NAMES,
        help="formats to write: " + ", ".join(FORMATS),
        shape="list",
    ),
    Setting(name="limit", check=check.limit, default=20, help='entries in a feed, or "all"', shape="number"),
    Setting(
        name="content_mode",
        check=check.choice("full", "summary"),
        default="full",
        help="whether entries hold the full text or the summary only",
    ),
    Setting(
        name="taxonomies",
        check=check.choices(*TAXONOMIES),
        default=("categories",),
        help="what has feeds of its own: " + ", ".join(TAXONOMIES),
        shape="list",
    ),
    Setting(name="copyright", check=check.text, help="rights notice"),
    Setting(name="icon", check=address.reference, help="small square picture of the site"),
    Setting(name="logo", check=address.reference, help="picture of the site"),
    Setting(
        name="ttl", check=check.count, help="minutes that readers may wait between visits", shape="number"
    ),
    Setting(name="hub", check=address.page, help="WebSub hub that is told of news"),
    Setting(name="encoding", check=check.encoding, default="utf-8", help="encoding of the article files"),
    Setting(
        name="date_formats",
        check=check.date_formats,
        default=(),
        help="further date forms, as strptime patterns",
        shape="list",
    ),
    Setting(
        name="hierarchy",
        check=check.hierarchy,
        default="",
        help='"list": a list of categories is a path; else what separates levels, such as "/"',
    ),
    Setting(
        name="ignore",
        check=check.patterns,
        default=(),
        help="files to leave out, as glob patterns",
        shape="list",
    ),
    Setting(
        name="dialect",
        check=check.dialect,
        default="hexo",
        help="whose front matter it is where generators differ",
    ),
    Setting(
        name="thumbnail_type",
        check=check.thumbnail_type,
        default="image/jpeg",
        help="media type of remote pictures whose address does not tell",
    ),
    Setting(
        name="publish_email",
        check=check.flag,
        default=False,
        help="whether e-mail addresses are published",
        shape="flag",
    ),
    Setting(
        name="sanitizer",
        check=check.choice("bleach", "nh3"),
        default="bleach",
        help="bleach: both walls against hostile HTML; nh3: the quick one alone",
    ),
    Setting(
        name="body_limit",
        check=check.count,
        default=5_242_880,
        help="characters that a body may have",
        shape="number",
    ),
    Setting(
        name="time_limit",
        check=check.count,
        default=10,
        help="seconds that one body may take, after which it is given up",
        shape="number",
    ),
    Setting(name="default_category", check=check.label, help="category of articles that name none"),
    Setting(
        name="follow_symlinks",
        check=check.paths,
        default=(),
        help="folders elsewhere that links in the content folder may lead to",
        shape="list",
    ),
    Setting(
        name="stale",
        check=check.choice("keep", "delete"),
        default="keep",
        help='what becomes of feeds that are not made any more: "keep" or "delete"',
    ),
    Setting(
        name="aliases",
        check=old_addresses.no_table,
        help="old addresses of the site's feed: a path below the output folder for each, and its format",
        shape="table",
        pair=old_addresses.alias(*FORMATS),
    ),
    Setting(
        name="categories",
        check=_not_a_table,
        default=MappingProxyType({}),
        help='one table for a category: [categories."label"]',
        shape="table",
        rows=_CATEGORY,
        named=True,
    ),
)
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {row.environment: row.name for row in _SETTINGS if row.environment}
)
"""The setting that each variable of the environment sets."""


def reference() -> list[Setting]:
    """Return every setting, in the order of the documentation."""
    return list(_SETTINGS)
