"""The settings: what is accepted, what is refused and where, who wins, and which file counts."""

from __future__ import annotations

import pickle
import string
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedwright import text
from feedwright.articles import permalinks
from feedwright.disk import is_plain_path
from feedwright.feeds import slugs
from feedwright.formats import table
from feedwright.generators.table import GENERATORS, PRESETS
from feedwright.model import Author
from feedwright.problems import FeedwrightError, GuardError, UsageError
from feedwright.settings.load import ENVIRONMENT, FORMATS, CategorySettings, Site, load_settings, reference
from feedwright.settings.old_addresses import DOCUMENTS
from feedwright.settings.positions import positions
from feedwright.settings.table import RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping

URL = 'url = "https://example.org/"\n'


def load(
    folder: Path,
    text: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config: Path | None = None,
    **overrides: object,
) -> Site:
    if text is not None:
        (folder / "feedwright.toml").write_text(text, encoding="utf-8")
    return load_settings(config=config, start=folder, environ=environ or {}, overrides=overrides)


def refused(folder: Path, text: str | None = None, **given: Any) -> UsageError:
    with pytest.raises(UsageError) as caught:
        load(folder, text, **given)
    return caught.value


# What is accepted: TOML, then fields of the site.
ACCEPTED: list[tuple[str, dict[str, object]]] = [
    (
        "",
        {"title": "example.org", "description": "example.org", "language": "en", "author": None, "limit": 20},
    ),
    (
        "",
        {
            "timezone": "UTC",
            "timezone_set": False,
            "feeds_url": "https://example.org/feeds/",
            "permalink": "hexo",
        },
    ),
    (
        "",
        {
            "formats": ("rss", "atom", "json", "opml", "page"),
            "taxonomies": ("categories",),
            "encoding": "utf-8",
            "hierarchy": "",
        },
    ),
    ("", {"dialect": "hexo", "sanitizer": "bleach", "publish_email": False, "thumbnail_type": "image/jpeg"}),
    ("", {"content_mode": "full", "ttl": None, "hub": None, "categories": {}, "warnings": (), "ignore": ()}),
    ('title = " A \\n B "', {"title": "A B", "description": "A B"}),
    ('title = "A"\ndescription = "about"', {"title": "A", "description": "about"}),
    ('language = "zh-hans-cn"', {"language": "zh-Hans-CN"}),
    ('language = "PT-br"', {"language": "pt-BR"}),
    ('language = "de-CH-1996"', {"language": "de-CH-1996"}),
    ('language = "en-u-ca-gregory"', {"language": "en-u-ca-gregory"}),
    ('language = "x-Klingon"', {"language": "x-klingon"}),
    ('language = "zh-min-nan"', {"language": "zh-min-nan"}),
    ('author = "Ann"', {"author": Author(name="Ann")}),
    ('author = "Ann Lee <a@example.org>"', {"author": Author(name="Ann Lee", email="a@example.org")}),
    ('author = "Bob <b@e.org> & co"', {"author": Author(name="Bob <b@e.org> & co")}),
    (
        'author = { name = "Ann", email = "a@example.org", uri = "https://ann.example" }',
        {"author": Author(name="Ann", email="a@example.org", uri="https://ann.example/")},
    ),
    ('[author]\nname = "Ann"', {"author": Author(name="Ann")}),
    ('timezone = "Asia/Shanghai"', {"timezone": "Asia/Shanghai", "timezone_set": True}),
    ('timezone = "UTC"', {"timezone": "UTC", "timezone_set": True}),
    ('authority = "Example.ORG"', {"authority": "example.org"}),
    ('authority = "me@example.org"', {"authority": "me@example.org"}),
    ("limit = 1", {"limit": 1}),
    ('limit = "all"', {"limit": None}),
    ("limit = 1000000000", {"limit": 10**9}),
    ("ttl = 60", {"ttl": 60}),
    ('feeds_url = "https://feeds.example.org/a"', {"feeds_url": "https://feeds.example.org/a/"}),
    ('permalink = "pelican"', {"permalink": "pelican"}),
    ('permalink = "/{path}.html"', {"permalink": "/{path}.html"}),
    ('permalink = "{year}/{month}/{slug}"', {"permalink": "{year}/{month}/{slug}"}),
    ('permalink = "{slug}"', {"permalink": "{slug}"}),
    ('formats = ["atom", "atom"]', {"formats": ("atom",)}),
    ('taxonomies = ["categories", "tags", "authors"]', {"taxonomies": ("categories", "tags", "authors")}),
    ("taxonomies = []", {"taxonomies": ()}),
    ('content_mode = "summary"', {"content_mode": "summary"}),
    ('icon = "/favicon.ico"', {"icon": "https://example.org/favicon.ico"}),
    ('logo = "//cdn.example.org/图.png"', {"logo": "https://cdn.example.org/%E5%9B%BE.png"}),
    ('hub = "https://hub.example.org/?a=1"', {"hub": "https://hub.example.org/?a=1"}),
    ('encoding = "GB18030"', {"encoding": "gb18030"}),
    ('encoding = "UTF8"', {"encoding": "utf-8"}),
    ('date_formats = ["%d/%m/%Y", "%Y年%m月%d日"]', {"date_formats": ("%d/%m/%Y", "%Y年%m月%d日")}),
    ('date_formats = ["%a, %d %b %y %I:%M %p", "%Y-%j", "%G-%V-%u"]', {}),
    ('hierarchy = "list"', {"hierarchy": "list"}),
    ('hierarchy = "/"', {"hierarchy": "/"}),
    ('hierarchy = " > "', {"hierarchy": ">"}),
    ('ignore = ["./notes/**", "*.tmp.md"]', {"ignore": ("notes/**", "*.tmp.md")}),
    ('dialect = "jekyll"', {"dialect": "jekyll"}),
    ('thumbnail_type = "image/WebP"', {"thumbnail_type": "image/webp"}),
    ("publish_email = true", {"publish_email": True}),
    ('sanitizer = "nh3"', {"sanitizer": "nh3"}),
    ('default_category = " misc "', {"default_category": "misc"}),
    ('copyright = "© 2026 Ann"', {"copyright": "© 2026 Ann"}),
    ("", {"stale": "keep", "aliases": {}}),
    ('stale = "delete"', {"stale": "delete"}),
    (
        'aliases = { "rss2.xml" = "rss", "old/feed.xml" = "rss", "旧/a b/atom.xml" = "atom" }',
        {"aliases": {"old/feed.xml": "rss", "rss2.xml": "rss", "旧/a b/atom.xml": "atom"}},
    ),
    ('[aliases]\n"index.rdf" = "rss"\n"news.d/feed.v2.xml" = "atom"', {}),
    (
        'aliases = { "atom.xml" = "atom", "rss.xml" = "rss", "a/atom.xml" = "rss" }',
        {"aliases": {"a/atom.xml": "rss"}},
    ),
    ("aliases = {}", {"aliases": {}}),
    (
        '[categories.new]\nwas = ["old", "old/sub", "旧", "old"]',
        {"categories": {"new": CategorySettings(was=("old", "old/sub", "旧"))}},
    ),
    (
        'categories.new = { slug = "a", was = ["a"] }',
        {"categories": {"new": CategorySettings(slug="a", was=("a",))}},
    ),
    (
        'hierarchy = "/"\n[categories."a/x"]\nslug = "x"\n[categories.b]\nwas = ["x", "a/x"]',
        {"categories": {"a/x": CategorySettings(slug="x"), "b": CategorySettings(was=("x", "a/x"))}},
    ),
    (
        '[categories."分类"]\nslug = "fenlei"\ntitle = "T"\ndescription = "D"\nimage = "/a"\nlimit = "all"',
        {
            "categories": {
                "分类": CategorySettings(
                    slug="fenlei", title="T", description="D", image="https://example.org/a", limit=None
                )
            }
        },
    ),
    ("[categories.a]\nlimit = 5", {"categories": {"a": CategorySettings(limit=5)}}),
    ("[categories.a]", {"categories": {"a": CategorySettings()}}),
    ('[categories." cafe\u0301 "]', {"categories": {"caf\u00e9": CategorySettings()}}),
    (
        'hierarchy = "/"\n[categories."a/x"]\nslug = "x"\n[categories."b/x"]\nslug = "x"',
        {"categories": {"a/x": CategorySettings(slug="x"), "b/x": CategorySettings(slug="x")}},
    ),
]


@pytest.mark.parametrize(("text", "expected"), ACCEPTED)
def test_accepted(tmp_path: Path, text: str, expected: dict[str, object]) -> None:
    site = load(tmp_path, URL + text)
    assert {name: getattr(site, name) for name in expected} == expected
    assert pickle.loads(pickle.dumps(site)) == site


# Row 192: what an address is normalised to, once.
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/", "https://example.org/"),
        ("https://example.org//", "https://example.org/"),
        ("https://example.org/blog", "https://example.org/blog/"),
        ("HTTPS://Example.ORG/Blog/", "https://example.org/Blog/"),
        ("https://例え.jp/博客", "https://xn--r8jz45g.jp/%E5%8D%9A%E5%AE%A2/"),
        ("https://example.org:443/", "https://example.org/"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://intranet/a/@me/", "https://intranet/a/@me/"),
    ],
)
def test_url_is_normalised(tmp_path: Path, written: str, expected: str) -> None:
    site = load(tmp_path, f'url = "{written}"')
    assert (site.url, site.feeds_url) == (expected, expected + "feeds/")
    assert load(tmp_path, url=site.url).url == expected


# What is refused, one line below `url`: code, column, a part of the message and of the hint.
REFUSED: list[tuple[str, str, int, str, str]] = [
    # row 185
    ('titel = "x"', "CFG006", 1, "`titel` is no setting", "`title`"),
    ('  base_url = "x"', "CFG006", 3, "`base_url`", "`url`"),
    ('content-mode = "full"', "CFG006", 1, "`content-mode`", "`content_mode`"),
    ('"\\u0074itel" = "x"', "CFG006", 1, "`titel`", "`title`"),
    ("zzzzzzz = 1", "CFG006", 1, "`zzzzzzz`", "there are url, title"),
    ('tool.feedwright.title = "x"', "CFG006", 1, "`tool`", "at the top"),
    ('author = { name = "A", mail = "x" }', "CFG006", 24, "`author.mail`", "`email`"),
    ('categories.a.slugg = "x"', "CFG006", 1, "`categories.a.slugg`", "`slug`"),
    ('categories."x y".dialect = "hexo"', "CFG006", 1, '`categories."x y".dialect`', "above the first line"),
    # row 186
    ("title = 5", "CFG007", 1, "a text, not the number 5", 'title = "5"'),
    ("title = true", "CFG007", 1, "a text, not true", "in quotes"),
    ("title = 2026-01-01", "CFG007", 1, "not a date or time", "in quotes"),
    ('title = ["a"]', "CFG007", 1, "not a list", "in quotes"),
    ('publish_email = "no"', "CFG007", 1, 'not the text "no"', "publish_email = false"),
    ("publish_email = 1", "CFG007", 1, "true or false, not the number 1", "publish_email = true"),
    ('formats = "rss"', "CFG007", 1, "a list of texts", 'formats = ["rss"]'),
    ("formats = [1]", "CFG007", 1, "a text, not the number 1", 'formats = "1"'),
    ("author = 5", "CFG007", 1, "a text or a table", "Name <mail@example.org>"),
    ("content = 5", "CFG007", 1, "a path, not the number 5", 'content = "folder"'),
    ('follow_symlinks = "x"', "CFG007", 1, "a list of paths", "follow_symlinks"),
    ("hierarchy = false", "CFG007", 1, "not false", '"list"'),
    ("categories = 5", "CFG007", 1, "a table, not the number 5", "[categories."),
    ("categories.a = 5", "CFG007", 1, "`categories.a` must be a table", "[categories."),
    # row 190
    ('feeds_url = "/feeds/"', "CFG009", 1, "no scheme", "https://example.org/"),
    ('hub = "hub.example.org"', "CFG009", 1, "no scheme", "https://hub.example.org/"),
    ('icon = "javascript:alert(1)"', "CFG009", 1, "no address", "/img/icon.png"),
    (
        'author = { name = "A", uri = "ftp://a/" }',
        "CFG009",
        24,
        "must begin with https://",
        "https://example.org/",
    ),
    # row 193
    ('language = "xx not"', "CFG010", 1, 'no language tag: "xx not"', '"zh-CN"'),
    ('language = "zh_CN.UTF-8"', "CFG010", 1, "no language tag", 'did you mean "zh-CN"?'),
    ('language = "english"', "CFG010", 1, "no language tag", '"en"'),
    ('language = "en-"', "CFG010", 1, "no language tag", '"en"'),
    ('language = ""', "CFG008", 1, "is empty", "leave the line out"),
    # row 194
    ("limit = 0", "CFG008", 1, "a whole number above 0", 'limit = "all"'),
    ("limit = -5", "CFG008", 1, "not -5", 'limit = "all"'),
    ('limit = "20"', "CFG007", 1, 'not the text "20"', "limit = 20"),
    ("limit = 1e9", "CFG007", 1, "not the number 1e+09", "limit = 1000000000"),
    ("limit = 2.5", "CFG007", 1, "not the number 2.5", "limit = 20"),
    ("limit = inf", "CFG007", 1, "not ", "limit = 20"),
    ("limit = true", "CFG007", 1, "not true", "limit = 20"),
    ('limit = "none"', "CFG007", 1, 'not the text "none"', "limit = 20"),
    ("ttl = 0", "CFG008", 1, "a whole number above 0", "ttl = 60"),
    ("categories.a.limit = 0", "CFG008", 1, "`categories.a.limit`", 'limit = "all"'),
    # row 195
    ('timezone = "Asia/Shanghia"', "CFG011", 1, "no time zone", 'did you mean "Asia/Shanghai"?'),
    ('timezone = "shanghai"', "CFG011", 1, "no time zone", 'did you mean "Asia/Shanghai"?'),
    ('timezone = "Asia"', "CFG011", 1, "no time zone", ""),
    ('timezone = "../../etc/localtime"', "CFG011", 1, "no time zone", ""),
    ('timezone = "localtime"', "CFG011", 1, "no time zone", ""),
    ('timezone = "+08:00"', "CFG011", 1, "no time zone", '"Etc/GMT-8"'),
    ('timezone = "UTC-5"', "CFG011", 1, "no time zone", '"Etc/GMT+5"'),
    # row 196
    ('categories.a.slug = "../a"', "CFG015", 1, '"../a"', 'did you mean "a"?'),
    ('categories.a.slug = "/abs"', "CFG015", 1, '"/abs"', 'did you mean "abs"?'),
    ('categories.a.slug = "a.b"', "CFG015", 1, '"a.b"', 'did you mean "a-b"?'),
    ('categories.a.slug = "a\\\\b"', "CFG015", 1, "cannot be", 'did you mean "a-b"?'),
    ('categories.a.slug = ".."', "CFG015", 1, '".."', "did you mean"),
    ('categories.a.slug = "tags"', "CFG015", 1, '"tags"', 'did you mean "tags-cat"?'),
    ('categories.a.slug = "CON"', "CFG015", 1, '"CON"', 'did you mean "con-cat"?'),
    ('ignore = ["../x"]', "CFG018", 1, "leads out of the content folder", "below"),
    ('ignore = ["/x"]', "CFG018", 1, "leads out of the content folder", "below"),
    ('output = ""', "CFG018", 1, "no path", 'output = "folder"'),
    ('output = "a\\u0000"', "CFG018", 1, "no path", 'output = "folder"'),
    # choices
    ('formats = ["rss", "atm"]', "CFG012", 1, 'knows no "atm"', 'did you mean "atom"?'),
    ('formats = ["pdf"]', "CFG012", 1, 'knows no "pdf"', '"rss", "atom"'),
    ("formats = []", "CFG008", 1, "an empty list", 'formats = ["rss"]'),
    (
        'formats = ["opml", "page"]',
        "CFG008",
        1,
        "names no feed: rss or atom or json",
        '["rss", "opml", "page"]',
    ),
    ('taxonomies = ["tag"]', "CFG012", 1, 'knows no "tag"', 'did you mean "tags"?'),
    ('dialect = "Hexo"', "CFG012", 1, 'knows no "Hexo"', 'did you mean "hexo"?'),
    ('content_mode = "excerpt"', "CFG012", 1, 'knows no "excerpt"', '"full", "summary"'),
    ('sanitizer = "none"', "CFG012", 1, 'knows no "none"', '"bleach", "nh3"'),
    # permalinks
    ('permalink = "heko"', "CFG012", 1, 'knows no "heko"', 'did you mean "hexo"?'),
    ('permalink = "{yaer}/{slug}"', "CFG013", 1, "knows no {yaer}", "did you mean {year}?"),
    ('permalink = "{year:04}/{slug}"', "CFG013", 1, "knows no {year:04}", "{year}"),
    ('permalink = "{slug!r}"', "CFG013", 1, "knows no {slug!r}", "{slug}"),
    ('permalink = "{0}{}"', "CFG013", 1, "knows no {0}", "slug"),
    ('permalink = "{slug.__class__}"', "CFG013", 1, "knows no {slug.__class__}", "slug, stem"),
    ('permalink = "{slug"', "CFG013", 1, "a brace", "{path}"),
    ('permalink = "{year}/{month}/"', "CFG013", 1, "one address", "{slug}"),
    ('permalink = "../{slug}"', "CFG013", 1, "no path", "{slug}"),
    ('permalink = "{slug}?x=1"', "CFG013", 1, "no path", "{slug}"),
    ('permalink = "https://example.org/{slug}"', "CFG013", 1, "no path", "{slug}"),
    ('permalink = ":year/:title/"', "CFG013", 1, "{year}/{month}/{slug}", 'did you mean "{year}/{path}/"?'),
    # other texts
    ('title = "a\\u0000b"', "CFG008", 1, "U+0000", "remove"),
    ('title = "  "', "CFG008", 1, "is empty", "leave the line out"),
    ('default_category = "\\u200b"', "CFG008", 1, "nothing that can be seen", ""),
    ('author = "a@example.org"', "CFG017", 1, "without a name", 'author = "Name <a@example.org>"'),
    ('author = { email = "a@example.org" }', "CFG017", 1, "has no name", "name ="),
    ('author = { name = "A", email = "a" }', "CFG017", 24, "no e-mail address", "mail@example.org"),
    (
        'authority = "https://example.org/a"',
        "CFG017",
        1,
        "neither a host name",
        'did you mean "example.org"?',
    ),
    ('authority = "example.org,2026"', "CFG017", 1, "neither a host name", 'did you mean "example.org"?'),
    ('authority = "-"', "CFG017", 1, "neither a host name", "example.org"),
    ('encoding = "gb18300"', "CFG017", 1, "no text encoding", 'did you mean "gb18030'),
    ('encoding = "base64"', "CFG017", 1, "no text encoding", ""),
    ('encoding = "undefined"', "CFG017", 1, "no text encoding", ""),
    ('date_formats = ["%d/%m"]', "CFG017", 1, "year, month and day", "%d/%m/%Y"),
    ('date_formats = ["%H:%M %Y"]', "CFG017", 1, "year, month and day", "%d/%m/%Y"),
    ('date_formats = ["%Y-%m-%d %Y"]', "CFG017", 1, "year, month and day", "%d/%m/%Y"),
    ('date_formats = ["%Q"]', "CFG017", 1, "%Q cannot be used", "strptime"),
    ('date_formats = ["%c"]', "CFG017", 1, "%c cannot be used", "strptime"),
    ('date_formats = ["%Y-%m-%-d"]', "CFG017", 1, "%-d cannot be used", "%d reads it"),
    ('date_formats = ["%Y-%m-%d %"]', "CFG017", 1, "cannot be used", "strptime"),
    ('thumbnail_type = "text/html"', "CFG017", 1, "no picture's media type", "image/jpeg"),
    ('thumbnail_type = "jpg"', "CFG017", 1, "no picture's media type", 'did you mean "image/jpeg"?'),
    ('thumbnail_type = "image/jpg"', "CFG017", 1, "no picture's media type", 'did you mean "image/jpeg"?'),
    # what subscribers of old addresses get
    ('stale = "remove"', "CFG012", 1, 'knows no "remove"', '"keep", "delete"'),
    ("stale = true", "CFG007", 1, "a text, not true", "in quotes"),
    ('aliases = "rss2.xml"', "CFG007", 1, "a table, not the text", 'aliases = { "old/feed.xml" = "rss" }'),
    ('aliases = ["rss2.xml"]', "CFG007", 1, "a table, not a list", 'aliases = { "old/feed.xml" = "rss" }'),
    ('aliases = { "a.xml" = 5 }', "CFG007", 13, "not the number 5", '"a.xml" = "rss"'),
    ('aliases = { rss2.xml = "atom" }', "CFG007", 13, "not a table", '"rss2.xml" = "atom"'),
    ('aliases.feed.v2.xml = "rss"', "CFG007", 1, "not a table", '"feed.v2.xml" = "rss"'),
    ('aliases = { "a.xml" = "" }', "CFG008", 13, "is empty", "leave the line out"),
    ('aliases = { "a.xml" = "atm" }', "CFG012", 13, 'knows no "atm"', 'did you mean "atom"?'),
    ('aliases."/a.xml" = "rss"', "CFG018", 1, "no plain path", '"a.xml" = "rss"'),
    ('aliases."./a.xml" = "rss"', "CFG018", 1, "no plain path", '"a.xml" = "rss"'),
    ('aliases."a\\\\b.xml" = "rss"', "CFG018", 1, "no plain path", '"a/b.xml" = "rss"'),
    ('aliases."feed/" = "rss"', "CFG018", 1, "no plain path", '"feed/index.xml" = "rss"'),
    ('aliases."https://e.org/a/b.xml" = "rss"', "CFG018", 1, "no plain path", '"a/b.xml" = "rss"'),
    ('aliases."%E6%97%A7/a.xml" = "rss"', "CFG018", 1, "no plain path", '"旧/a.xml" = "rss"'),
    ('aliases."../a.xml" = "rss"', "CFG018", 1, "no plain path", '"old/feed.xml" = "rss"'),
    ('aliases."/atom.xml" = "atom"', "CFG018", 1, "no plain path", '"old/feed.xml" = "rss"'),
    ('aliases."a\\u0001.xml" = "rss"', "CFG018", 1, "no plain path", '"old/feed.xml" = "rss"'),
    ('aliases."a\\u2028b.xml" = "rss"', "CFG018", 1, "no plain path", '"old/feed.xml" = "rss"'),
    ('aliases."a\\uFFFEb.xml" = "rss"', "CFG018", 1, "no plain path", '"old/feed.xml" = "rss"'),
    ('aliases."" = "rss"', "CFG018", 1, "no plain path", '"old/feed.xml" = "rss"'),
    ('aliases.".feed.xml" = "rss"', "CFG018", 1, "a dot", '"feed.xml" = "rss"'),
    ('aliases."a/.b/c.xml" = "rss"', "CFG018", 1, "a dot", '"a/b/c.xml" = "rss"'),
    ('aliases."feed" = "rss"', "CFG018", 1, "a suffix", '"feed.xml" = "rss"'),
    ('aliases."a.b/feed" = "rss"', "CFG018", 1, "a suffix", '"a.b/feed.xml" = "rss"'),
    ('aliases."atom.xml" = "rss"', "CFG018", 1, "the site's own atom document", '"atom.xml" = "atom"'),
    ('aliases."RSS.xml" = "rss"', "CFG018", 1, "the site's own rss document", '"rss.xml" = "rss"'),
    ('aliases."rss.xml/a.xml" = "rss"', "CFG018", 1, 'below "rss.xml"', '"old/feed.xml" = "rss"'),
    ('aliases."FeedWright.lock.json" = "rss"', "CFG018", 1, "the record", '"old/feed.xml" = "rss"'),
    ('aliases = { "a.xml" = "rss", "A.XML" = "atom" }', "CFG014", 30, 'same file as "a.xml"', "keep one"),
    ('aliases = { "a.xml/b.xml" = "atom", "A.xml" = "rss" }', "CFG018", 13, 'below "A.xml"', '= "atom"'),
    ('categories.a.was = "old"', "CFG007", 1, "a list of texts", 'was = ["old"]'),
    ('categories.a.was = [""]', "CFG008", 1, "is empty", "leave the line out"),
    ('categories.a.was = ["/old"]', "CFG015", 1, 'cannot have "/old"', 'was = ["old"]'),
    ('categories.a.was = ["old/"]', "CFG015", 1, 'cannot have "old/"', 'was = ["old"]'),
    ('categories.a.was = ["ok", "../Old"]', "CFG015", 1, '"../Old"', 'was = ["old"]'),
    ('categories.a.was = ["old/rss.xml"]', "CFG015", 1, "one slug", 'was = ["old"]'),
    ('categories.a.was = ["https://e.org/a/b/"]', "CFG015", 1, "one slug", 'was = ["a/b"]'),
    ('categories.a.was = ["a\\\\B c"]', "CFG015", 1, "one slug", 'was = ["a/b-c"]'),
    (f'categories.a.was = ["a{"-0123abcd" * 12}"]', "CFG015", 1, "one slug", "-"),
    ('categories.a.was = [".."]', "CFG015", 1, "one slug", 'was = ["old"]'),
    ('categories.a.was = ["a/con"]', "CFG015", 1, "one slug", 'was = ["a/con-cat"]'),
    ('categories.a.was = ["tags"]', "CFG015", 1, "the feeds of tags", 'was = ["tags-cat"]'),
    ('categories.a.was = ["Authors/ann"]', "CFG015", 1, "the feeds of authors", 'was = ["authors-cat/ann"]'),
]


@pytest.mark.parametrize(("text", "code", "column", "message", "hint"), REFUSED)
def test_refused(tmp_path: Path, text: str, code: str, column: int, message: str, hint: str) -> None:
    error = refused(tmp_path, f"{URL}# a line between\n{text}\n")
    assert (error.file, error.line, error.column, error.code) == ("feedwright.toml", 3, column, code)
    assert message in error.message
    assert hint in error.hint
    assert error.hint
    assert error.also == ()
    assert "{name}" not in error.hint


# Rows 188 to 191: what the site's address may not be.
@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("", "is empty", 'url = "https://example.org/"'),
        ("example.org", "no scheme", "did you mean https://example.org/ ?"),
        ("example.org:8080/a", "no scheme", "did you mean https://example.org:8080/a ?"),
        ("//example.org", "no scheme", "did you mean https://example.org/ ?"),
        ("https:example.org", "no scheme", "did you mean https://example.org/ ?"),
        ("/blog/", "no scheme", 'url = "https://example.org/"'),
        ("ftp://example.org/", '"ftp:"', 'url = "https://example.org/"'),
        ("javascript:alert(1)", '"javascript:"', 'url = "https://example.org/"'),
        ("https://ann:secret@example.org/", "a user name", 'url = "https://example.org/"'),
        ("https://ann@example.org/a@b", "a user name", 'url = "https://example.org/a@b"'),
        ("https://example.org/?a=1", "a query", 'url = "https://example.org/"'),
        ("https://example.org/#top", "a fragment", 'url = "https://example.org/"'),
        ("https://localhost:4000/", "this machine only: localhost", "readers use"),
        ("http://127.1/", "this machine only: 127.0.0.1", "readers use"),
        ("http://[::1]:80/", "this machine only: [::1]", "readers use"),
        ("http://0/", "this machine only: 0.0.0.0", "readers use"),
        ("http://blog.localhost/", "this machine only", "readers use"),
        ("https://", "no address", 'url = "https://example.org/"'),
        ("https://exa mple.org/", "no address", 'url = "https://example.org/"'),
    ],
)
def test_url_refused(tmp_path: Path, written: str, message: str, hint: str) -> None:
    error = refused(tmp_path, f'\nurl = "{written}"')
    assert (error.file, error.line, error.column, error.code) == ("feedwright.toml", 2, 1, "CFG009")
    assert message in error.message
    assert hint in error.hint
    assert error.also == ()
    assert "secret" not in error.message + error.hint


def test_every_fault_is_found_in_one_run(tmp_path: Path) -> None:
    text = (
        'titel = "x"\n\n[categories.b]\nlimit = 0\n[categories.a]\nslug = "."\nx = 1\n[author]\nemail = "a"\n'
    )
    error = refused(tmp_path, text, environ={"FEEDWRIGHT_TTL": "x"}, limit=0)
    found = [(e.code, e.line, e.column, e.message.split()[0]) for e in (error, *error.also)]
    assert found == [
        ("CFG006", 1, 1, "`titel`"),
        ("CFG008", 4, 1, "`categories.b.limit`"),
        ("CFG015", 6, 1, "`categories.a.slug`"),
        ("CFG006", 7, 1, "`categories.a.x`"),
        ("CFG017", 8, 2, "`author`"),
        ("CFG017", 9, 1, "`author.email`"),
        ("CFG007", 0, 0, "FEEDWRIGHT_TTL"),
        ("CFG008", 0, 0, "--limit"),
        ("CFG001", 0, 0, "the"),
    ]


# Row 187.
@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = \n", 1, 5),
        ('title = "x\n', 1, 11),
        (URL + "title = x\n", 2, 9),
        (URL + "[categories\n", 2, 12),
        (URL + URL, 2, 29),
        ("a = [", 1, 6),
        ("a = " + "[" * 5000, 0, 0),
        ("a = " + "9" * 5000, 0, 0),
    ],
)
def test_broken_toml(tmp_path: Path, text: str, line: int, column: int) -> None:
    error = refused(tmp_path, text)
    assert (error.file, error.line, error.column, error.code) == ("feedwright.toml", line, column, "CFG005")
    assert "(at " not in error.message


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "feedwright.toml").write_bytes(URL.encode() + 'title = "分类"'.encode("gb18030"))
    error = refused(tmp_path)
    assert (error.code, error.line, error.column) == ("CFG002", 2, 10)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "feedwright.toml").write_bytes(
        b"\xef\xbb\xbf" + URL.encode().replace(b"\n", b"\r\n") + b"limit = 3\r\n"
    )
    assert load(tmp_path).limit == 3
    (tmp_path / "feedwright.toml").write_bytes(URL.encode().replace(b"\n", b"\r\n") + b"\r\n\tlimit = 0\r\n")
    error = refused(tmp_path)
    assert (error.line, error.column) == (3, 2)


def test_two_categories_with_one_slug(tmp_path: Path) -> None:
    error = refused(tmp_path, URL + '[categories.a]\nslug = "x"\n[categories.b]\ntitle = "B"\nslug = "x"\n')
    assert (error.code, error.line, error.column) == ("CFG014", 6, 1)
    assert '"a"' in error.message


@pytest.mark.parametrize(("one", "other"), [("Tech", "tech"), ("a b", " a  b "), ("caf\u00e9", "cafe\u0301")])
def test_two_tables_for_one_category(tmp_path: Path, one: str, other: str) -> None:
    error = refused(tmp_path, f'{URL}[categories."{one}"]\n[categories."{other}"]\n')
    assert (error.code, error.line, error.also) == ("CFG014", 3, ())


# What two settings cannot both have: lines below `url`, then the code, the line and parts of the words.
@pytest.mark.parametrize(
    ("text", "code", "line", "message", "hint"),
    [
        (
            'formats = ["rss"]\n[aliases]\n"a.xml" = "atom"',
            "CFG012",
            4,
            '"atom"',
            'formats = ["rss", "atom"]',
        ),
        ('[categories.a]\nwas = ["x"]\n[categories.b]\nwas = ["y", "x"]', "CFG014", 5, '"a" has', '"x"'),
        ('[categories.a]\nwas = ["x"]\n[categories.b]\nslug = "x"', "CFG014", 3, 'the slug of "b"', '"x"'),
        (
            'aliases."x/Atom.xml" = "rss"\n[categories.b]\nwas = ["x"]',
            "CFG014",
            2,
            'an old address of "b"',
            "`was`",
        ),
    ],
)
def test_an_old_address_has_one_heir(
    tmp_path: Path, text: str, code: str, line: int, message: str, hint: str
) -> None:
    error = refused(tmp_path, URL + text)
    assert (error.file, error.line, error.column, error.code) == ("feedwright.toml", line, 1, code)
    assert message in error.message
    assert hint in error.hint
    assert error.also == ()


@pytest.mark.parametrize("formats", [("rss",), ("atom",)])
def test_an_alias_is_where_no_written_feed_of_a_category_is(tmp_path: Path, formats: tuple[str]) -> None:
    text = (
        f'{URL}formats = ["{formats[0]}"]\naliases."x/rss.xml" = "{formats[0]}"\n[categories.b]\nwas = ["x"]'
    )
    if formats == ("atom",):
        assert load(tmp_path, text).aliases == {"x/rss.xml": "atom"}
    else:
        assert refused(tmp_path, text).code == "CFG014"


@given(st.text(max_size=120), st.sampled_from(["", "-0123abcd"]))
@example("a" * 120, "-0123abcd")
@example("长" * 120, "-0123abcd")
def test_every_address_that_a_category_had_is_accepted(label: str, ending: str) -> None:
    path = slugs.slug(label) + ending
    overrides = {"url": "https://a/", "categories": {"new": {"was": [path, f"{path}/{path}"]}}}
    site = load_settings(start=Path("/nowhere"), environ={}, overrides=overrides)
    assert site.categories["new"].was == (path, f"{path}/{path}")


_FOLDERS = st.sampled_from(["a", "A", "旧", "x.xml", "RSS.xml", "..", "", ".b"])
_FILES = st.sampled_from(
    ["x.xml", "X.XML", "b.rdf", "é.xml", "atom.xml", "Rss.xml", "b", "c:.xml", "a\\b.xml", "%41.xml", RECORD]
)
_ALIASES = st.tuples(st.lists(_FOLDERS, max_size=1), _FILES).map(lambda one: "/".join((*one[0], one[1])))


@given(st.dictionaries(_ALIASES, st.sampled_from(FORMATS), min_size=1, max_size=2))
def test_aliases_that_are_accepted_are_files_of_their_own(aliases: dict[str, str]) -> None:
    given = {"url": "https://a/", "aliases": aliases}
    try:
        site = load_settings(start=Path("/nowhere"), environ={}, overrides=given)
    except UsageError as error:
        for one in (error, *error.also):
            assert one.hint
        return
    files = {text.caseless(path) for path in (*site.aliases, "rss.xml", "atom.xml", RECORD)}
    assert len(files) == len(site.aliases) + 3
    for path in site.aliases:
        assert is_plain_path(path)
        assert not path.startswith(".")
        assert Path(path).suffix
        assert files.isdisjoint(text.caseless(str(above)) for above in Path(path).parents)


@pytest.mark.parametrize(
    "written", ["/x.xml", "./a/x", "feed/", "https://e.org/a.xml", "%41.xml", ".a.xml", "é"]
)
def test_the_line_that_is_hinted_is_accepted(tmp_path: Path, written: str) -> None:
    error = refused(tmp_path, f'{URL}aliases = {{ "{written}" = "atom" }}')
    (path,) = load(tmp_path, f"{URL}aliases = {{ {error.hint} }}").aliases
    assert path != "old/feed.xml"


# Who wins.
def test_precedence(tmp_path: Path) -> None:
    text = URL + 'title = "file"\nlimit = 1\nlanguage = "de"\n'
    environ = {"FEEDWRIGHT_LIMIT": "2", "FEEDWRIGHT_TITLE": "environment"}
    assert load(tmp_path, text).limit == 1
    assert load(tmp_path, environ=environ).limit == 2
    site = load(tmp_path, environ=environ, limit=3)
    assert (site.limit, site.title, site.language, site.dialect) == (3, "environment", "de", "hexo")
    assert load(tmp_path, environ=environ, limit="all").limit is None
    assert load(tmp_path, environ=environ, limit=None).limit == 2


def test_a_replaced_value_is_checked_too(tmp_path: Path) -> None:
    assert refused(tmp_path, 'url = "example.org"', url="https://example.org/").code == "CFG009"


def test_a_flag_is_named_as_it_is_written(tmp_path: Path) -> None:
    error = refused(tmp_path, URL, url="example.org", content_mode="x")
    assert [e.message.split()[0] for e in (error, *error.also)] == ["--url", "--content-mode"]
    assert refused(tmp_path, URL, limit="x").hint == "--limit 20"
    clash = refused(tmp_path, URL, aliases={"a.xml": "rss", "A.xml": "rss"})
    assert (clash.code, clash.message.split()[0], clash.file) == ("CFG014", "--aliases", "")
    assert (error.file, error.line) == ("", 0)
    assert refused(tmp_path, URL, ulr="x").hint == "did you mean `url`?"


ENVIRON: list[tuple[str, str, str, object]] = [
    ("FEEDWRIGHT_URL", "https://a.example", "url", "https://a.example/"),
    ("FEEDWRIGHT_AUTHOR", "Ann <a@example.org>", "author", Author(name="Ann", email="a@example.org")),
    ("FEEDWRIGHT_LIMIT", "all", "limit", None),
    ("FEEDWRIGHT_LIMIT", " 7 ", "limit", 7),
    ("FEEDWRIGHT_TTL", "60", "ttl", 60),
    ("FEEDWRIGHT_PUBLISH_EMAIL", "True", "publish_email", True),
    ("FEEDWRIGHT_PUBLISH_EMAIL", "false", "publish_email", False),
    ("FEEDWRIGHT_FORMATS", "atom, rss", "formats", ("atom", "rss")),
    ("FEEDWRIGHT_IGNORE", "a/**", "ignore", ("a/**",)),
    ("FEEDWRIGHT_STALE", "delete", "stale", "delete"),
    ("FEEDWRIGHT_TITLE", "20", "title", "20"),
    ("FEEDWRIGHT_TITLE", "", "title", "example.org"),
]


@pytest.mark.parametrize(("variable", "text", "name", "expected"), ENVIRON)
def test_environment(tmp_path: Path, variable: str, text: str, name: str, expected: object) -> None:
    site = load(tmp_path, URL, environ={variable: text})
    assert getattr(site, name) == expected
    assert site.warnings == ()


@pytest.mark.parametrize(
    ("variable", "text", "code", "hint"),
    [
        ("FEEDWRIGHT_LIMIT", "0", "CFG008", 'FEEDWRIGHT_LIMIT="all" leaves no entry out'),
        ("FEEDWRIGHT_LIMIT", "many", "CFG007", "FEEDWRIGHT_LIMIT=20"),
        ("FEEDWRIGHT_LIMIT", "9" * 5000, "CFG007", "FEEDWRIGHT_LIMIT="),
        ("FEEDWRIGHT_PUBLISH_EMAIL", "1", "CFG007", "FEEDWRIGHT_PUBLISH_EMAIL=true"),
        ("FEEDWRIGHT_URL", "example.org", "CFG009", "did you mean https://example.org/ ?"),
        ("FEEDWRIGHT_TITLE", "a\udcffb", "CFG008", "remove it"),
        ("FEEDWRIGHT_FORMATS", "rss,atm", "CFG012", 'did you mean "atom"?'),
        ("FEEDWRIGHT_STALE", "Delete", "CFG012", 'did you mean "delete"?'),
    ],
)
def test_environment_refused(tmp_path: Path, variable: str, text: str, code: str, hint: str) -> None:
    error = refused(tmp_path, URL, environ={variable: text})
    assert (error.code, error.file, error.line) == (code, "", 0)
    assert error.message.startswith(variable + " ")
    assert hint in error.hint


def test_every_scalar_has_a_variable() -> None:
    assert set(ENVIRONMENT.values()) == {row.name for row in reference()} - {"aliases", "categories"}
    assert all(name == "FEEDWRIGHT_" + setting.upper() for name, setting in ENVIRONMENT.items())


def test_an_unknown_variable_is_a_warning(tmp_path: Path) -> None:
    environ = {
        "FEEDWRIGHT_LIMITT": "3",
        "feedwright_url": "x",
        "FEEDWRIGHTER": "x",
        "FEEDWRIGHT_QQQQ": "\x1b[2J",
    }
    warnings = load(tmp_path, URL, environ=environ).warnings
    assert [(w.code, w.severity, w.field, w.hint) for w in warnings] == [
        ("CFG016", "warning", "FEEDWRIGHT_LIMITT", "did you mean FEEDWRIGHT_LIMIT?"),
        ("CFG016", "warning", "FEEDWRIGHT_QQQQ", "feedwright build --help lists the settings"),
        ("CFG016", "warning", "feedwright_url", "did you mean FEEDWRIGHT_URL?"),
    ]


# Row 191.
def test_http_is_a_warning_with_its_place(tmp_path: Path) -> None:
    site = load(tmp_path, 'limit = 1\nurl = "http://example.org/a"\nfeeds_url = "https://example.org/f/"')
    [warning] = site.warnings
    assert (warning.code, warning.severity, warning.field) == ("CFG004", "warning", "url")
    assert (warning.file, warning.line, warning.column) == ("feedwright.toml", 2, 1)
    assert "https://example.org/a/" in warning.hint
    [flagged] = load(tmp_path, URL, url="http://example.org/").warnings
    assert (flagged.file, flagged.line) == ("", 0)


# Which file counts.
def test_the_nearest_folder_counts(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "feedwright.toml").write_text(URL + 'title = "top"')
    assert load(deep).title == "top"
    assert load(deep).root == tmp_path
    (tmp_path / "a" / "pyproject.toml").write_text(
        '[tool.feedwright]\nurl = "https://example.org/"\ntitle = "mid"'
    )
    assert load(deep).title == "mid"
    (deep / "pyproject.toml").write_text('[project]\nname = "other"\ndependencies = ["feedwright"]')
    assert load(deep).title == "mid"
    (deep / "feedwright.toml").write_text(URL + 'title = "near"')
    assert load(deep).title == "near"
    assert load(deep, config=Path("../pyproject.toml")).title == "mid"
    assert load(deep, config=tmp_path / "feedwright.toml").title == "top"


def test_places_in_pyproject(tmp_path: Path) -> None:
    text = '[project]\nlimit = 0\n[tool.feedwright]\nurl = "https://example.org/"\n  limit = 0\n'
    (tmp_path / "pyproject.toml").write_text(text + '[tool.feedwright.categories."分类"]\nslug = "a b"\n')
    error = refused(tmp_path)
    assert [(e.file, e.line, e.column, e.message.split()[0]) for e in (error, *error.also)] == [
        ("pyproject.toml", 5, 3, "`limit`"),
        ("pyproject.toml", 7, 1, "`categories.分类.slug`"),
    ]


def test_a_file_above_is_named_in_full(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "feedwright.toml").write_text("limit = 0")
    assert refused(tmp_path / "a").file == str(tmp_path / "feedwright.toml")


def test_two_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.feedwright]\n" + URL)
    error = refused(tmp_path, URL)
    assert (error.code, error.file, error.line, error.column) == ("CFG003", "pyproject.toml", 1, 2)
    assert "feedwright.toml" in error.message
    assert load(tmp_path, config=Path("feedwright.toml")).url == "https://example.org/"


@pytest.mark.parametrize("text", ["this is not TOML", "[tool.other]\nx = 1", "tool = 5", "[tool]"])
def test_foreign_pyproject_files_are_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert load(tmp_path, url="https://example.org/").limit == 20
    assert refused(tmp_path).code == "CFG001"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("pyproject.toml", "[tool.feedwright\n", "CFG005"),
        ("pyproject.toml", "[tool]\nfeedwright = 5", "CFG007"),
    ],
)
def test_pyproject_of_ours_is_read_strictly(tmp_path: Path, name: str, text: str, code: str) -> None:
    (tmp_path / name).write_text(text)
    assert refused(tmp_path, url="https://example.org/").code == code


@pytest.mark.parametrize("name", ["missing.toml", "pyproject.toml", "folder"])
def test_a_named_configuration_must_be_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    error = refused(tmp_path, config=Path(name), url="https://example.org/")
    assert (error.code, error.file) == ("CFG002", name)


def test_a_named_pyproject_needs_the_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]")
    error = refused(tmp_path, config=Path("pyproject.toml"), url="https://example.org/")
    assert error.code == "CFG002"
    assert "[tool.feedwright]" in error.message


# Row 188.
def test_without_a_url(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert (error.code, error.exit_code) == ("CFG001", 2)
    assert str(tmp_path) in error.message
    for way in (
        "--url https://example.org/",
        'url = "https://example.org/" in feedwright.toml',
        "FEEDWRIGHT_URL",
    ):
        assert way in error.hint
    error = refused(tmp_path, "limit = 1")
    assert (error.code, error.file) == ("CFG001", "feedwright.toml")
    assert refused(tmp_path, 'url = "example.org"').also == ()


def test_no_file_is_needed(tmp_path: Path) -> None:
    for site in (
        load(tmp_path, url="https://example.org/"),
        load(tmp_path, environ={"FEEDWRIGHT_URL": "https://example.org/"}),
    ):
        assert site.url == "https://example.org/"
        assert site.root == tmp_path
        assert site.content == tmp_path / "content"
        assert site.output == tmp_path / "feeds"
        assert site.record == tmp_path / "feeds" / RECORD
        assert site.cache == tmp_path / ".feedwright_cache"


# Paths.
def test_paths_start_from_where_they_are_written(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    text = URL + 'content = "articles"\noutput = "../out"\nfollow_symlinks = ["shared", "/srv"]\n'
    (tmp_path / "feedwright.toml").write_text(text)
    site = load(here)
    assert (site.content, site.output) == (tmp_path / "articles", tmp_path / "../out")
    assert site.follow_symlinks == (tmp_path / "shared", Path("/srv").absolute())
    site = load(here, content="own", output=Path("feeds"))
    assert (site.content, site.output, site.record) == (here / "own", here / "feeds", here / "feeds" / RECORD)
    assert load(here, environ={"FEEDWRIGHT_RECORD": "r.json"}).record == here / "r.json"
    assert load(here, content=str(tmp_path / "x")).content == tmp_path / "x"
    assert load(here, url="https://example.org/").root == tmp_path


# Row 174.
@pytest.mark.parametrize(
    ("content", "output"),
    [("a", "a"), ("a", "."), ("a/b", "a"), ("a/../c", "c"), ("a", "link"), ("link/b", "a")],
)
def test_content_inside_the_output_is_a_guard(tmp_path: Path, content: str, output: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    with pytest.raises(GuardError) as caught:
        load(tmp_path, URL, content=content, output=output)
    assert (caught.value.code, caught.value.exit_code) == ("CFG020", 4)
    assert "-o " in caught.value.hint


def test_output_inside_the_content_is_a_warning(tmp_path: Path) -> None:
    site = load(tmp_path, URL + 'content = "."')
    assert [w.code for w in site.warnings] == ["CFG021"]
    assert load(tmp_path, URL + 'content = "feed"\noutput = "feeds"').warnings == ()


def test_content_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "content").symlink_to("articles")
    assert load(tmp_path, URL).content == tmp_path / "content"


def test_a_link_to_itself_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "content").symlink_to("content")
    assert load(tmp_path, URL).content == tmp_path / "content"


@pytest.mark.parametrize("record", ["feeds", "content", "sub", "."])
def test_the_record_is_a_file(tmp_path: Path, record: str) -> None:
    (tmp_path / "sub").mkdir()
    assert refused(tmp_path, f'{URL}record = "{record}"').code == "CFG018"


def test_no_alias_is_written_over_the_record(tmp_path: Path) -> None:
    text = URL + 'record = "feeds/published.json"\naliases = { "published.json" = "rss" }\n'
    error = refused(tmp_path, text)
    assert (
        error.code,
        "`" in error.message,
        str(tmp_path / "feeds" / "published.json") in error.message,
    ) == (
        "CFG018",
        False,
        True,
    )
    assert load(tmp_path, text, output="public").aliases == {"published.json": "rss"}


# The table.
def test_the_table_is_complete() -> None:
    rows = {row.name: row for row in reference()}
    derived = {"root", "cache", "warnings", "timezone_set"}
    assert set(rows) == {f.name for f in fields(Site)} - derived
    categories, author = rows["categories"], rows["author"]
    assert {row.name for row in categories.rows} == {f.name for f in fields(CategorySettings)}
    assert {row.name for row in author.rows} == {f.name for f in fields(Author)}
    for row in (*rows.values(), *categories.rows, *author.rows):
        assert row.help, row.name
        assert row.help[0] != " ", row.name


def test_defaults_pass_their_own_checks() -> None:
    for row in reference():
        if row.default is not None and not row.named:
            assert row.check(row.default) == row.default


def test_known_names_are_those_of_the_rooms() -> None:
    assert set(FORMATS) <= set(table.FORMATS)
    assert dict(DOCUMENTS) == {name: one.file for name, one in table.FORMATS.items()}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_accepted(tmp_path: Path, name: str) -> None:
    assert load(tmp_path, f'{URL}permalink = "{name}"').permalink == name


@pytest.mark.parametrize("name", sorted(permalinks.TEMPLATE_FIELDS))
def test_every_template_field_is_accepted(tmp_path: Path, name: str) -> None:
    template = f"{{slug}}/{{{name}}}"
    assert load(tmp_path, f'{URL}permalink = "{template}"').permalink == template


@pytest.mark.parametrize("name", GENERATORS)
def test_every_dialect_is_accepted(tmp_path: Path, name: str) -> None:
    assert load(tmp_path, f'{URL}dialect = "{name}"').dialect == name


# Places.
def test_positions() -> None:
    text = """# url = "no"
url = "x" # y = 1
author = { name = "A, b = 1", email="e", deep = {a=1, b=[{c=2},{d=3}]} }
list = [ # q = 1
  "a = 1", "]",
  { k = 1 },
]
text = \"\"\"
fake = 1
"" x\"\"\"\"
lit = '''a
"b = 1'''
a.b . "c.d" = 3.5
[categories."分类"] # z
slug = 'x'
'limit' = 2020-01-01T00:00:00.5Z
[[x.y]]
  q=1
[[x.y]]
  q=2
"""
    assert {".".join(path): tuple(at) for path, at in positions(text).items()} == {
        "url": (2, 1),
        "author": (3, 1),
        "author.name": (3, 12),
        "author.email": (3, 31),
        "author.deep": (3, 42),
        "author.deep.a": (3, 50),
        "author.deep.b": (3, 55),
        "author.deep.b.c": (3, 59),
        "author.deep.b.d": (3, 65),
        "list": (4, 1),
        "list.k": (6, 5),
        "text": (8, 1),
        "lit": (11, 1),
        "a": (13, 1),
        "a.b": (13, 1),
        "a.b.c.d": (13, 1),
        "categories": (14, 2),
        "categories.分类": (14, 2),
        "categories.分类.slug": (15, 1),
        "categories.分类.limit": (16, 1),
        "x": (17, 3),
        "x.y": (17, 3),
        "x.y.q": (18, 3),
    }


def _paths(table: Mapping[str, object], above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found = set()
    for name, value in table.items():
        found.add((*above, name))
        inner = value if isinstance(value, list) else [value]
        for item in inner:
            if isinstance(item, dict):
                found |= _paths(item, (*above, name))
    return found


_LINES = st.sampled_from(
    [
        "a = 1",
        'b.c = "x # = y"  # d = 1',
        "  \"q r\" = '='",
        "'t' = [ 1, 'a = [', [ \"]\" ] ]",
        "s = {}",
        'u = { v = 1, "w=" = { x.y = [] } , z = [{ k = 1 }, { k = 2, l = 3 }] }',
        "f = 1.5e3",
        "g = 1979-05-27T07:32:00.5Z",
        "[h]",
        "[h.'i j']",
        "[[k]]",
        "[[ k ]]",
        "  [k.l]",
        '[m . "n.o"]',
        "not TOML",
        'n = """\no = 1\n""p\\"""""',
        "p = '''\n[r]\n'''",
        "r = [\n  1, # =\n  { a = 1 },\n]",
        "",
        "# e = 1",
        "\t",
    ]
)


@given(st.lists(_LINES, max_size=12, unique=True), st.sampled_from(["\n", "\r\n"]))
def test_every_key_of_an_accepted_document_has_a_place(lines: list[str], end: str) -> None:
    text = end.join(lines)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(positions(text)) == _paths(table)


_NAMES = st.sampled_from([row.name for row in reference()])
_SCALARS = st.one_of(
    st.text(string.printable + "分é\u202e", max_size=12),
    st.integers(),
    st.booleans(),
    st.floats(),
    st.none(),
    st.sampled_from(["https://example.org/", "{slug}", "UTC+99", "%Y-%m-%d", "en-US", "a@b"]),
)
_VALUES = st.one_of(
    _SCALARS, st.lists(_SCALARS, max_size=3), st.dictionaries(st.text(max_size=5), _SCALARS, max_size=3)
)


@given(st.dictionaries(_NAMES, _VALUES, max_size=6))
def test_any_value_is_accepted_or_refused(overrides: dict[str, object]) -> None:
    error: FeedwrightError | None = None
    try:
        site = load_settings(start=Path("/nowhere"), environ={}, overrides={"url": "https://a/", **overrides})
    except FeedwrightError as raised:
        error = raised
    if error is None:
        assert site.url.endswith("/")
        assert site.limit is None or site.limit > 0
    else:
        assert error.code.startswith("CFG")
        assert (error.message + error.hint).isprintable()
