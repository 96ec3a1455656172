"""The settings: what is accepted, what is refused and where, who wins, and which file counts."""

from __future__ import annotations

import os
import pickle
import string
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from configured import FILE, URL, load, refused
from feedwright.articles import permalinks
from feedwright.disk import CACHE_FOLDER, is_plain_path
from feedwright.feeds import slugs
from feedwright.formats.table import FORMATS
from feedwright.generators.table import GENERATORS, PRESETS
from feedwright.model import Author
from feedwright.problems import FeedwrightError, GuardError, UsageError
from feedwright.settings.load import load_settings
from feedwright.settings.reference import AUTHOR, CATEGORY, ENVIRONMENT, SETTINGS
from feedwright.site import RECORD_NAME, CategorySettings, Site
from feedwright.text import caseless

EXAMPLE = URL.strip()


def refused_alone(folder: Path, text: str) -> tuple[str, int, int, str]:
    """Code, line, column and hint of the only fault."""
    error = refused(folder, text)
    assert (error.file, error.also) == (FILE, ())
    assert error.message[0] == "`"
    assert error.hint
    assert "{name}" not in error.hint
    return error.code, error.line, error.column, error.hint


def test_defaults(tmp_path: Path) -> None:
    site = load(tmp_path, URL)
    derived = ("title", "description", "author", "authority", "feeds_url", "timezone_set", "warnings")
    assert [getattr(site, name) for name in derived] == [
        *("example.org", "example.org", None, None, "https://example.org/feeds/", False, ())
    ]
    paths = {"content": tmp_path / "content", "output": tmp_path / "feeds"}
    for name, row in SETTINGS.items():
        if row.default is not None:
            assert getattr(site, name) == paths.get(name, row.default), name
    assert (site.language, site.limit, site.formats[:2]) == ("en", 20, ("rss", "atom"))
    assert (site.aliases, site.categories, site.ttl) == ({}, {}, None)


# What a site has beside its settings.
FACTS = {
    *("timezone_set", "root", "cache", "styles", "warnings", "origins", "category_places", "derived"),
    *("own_permalink", "generator_values", "note", "examined"),
}

# One setting in TOML, and its value.
VALUES: dict[str, object] = {
    'language = "zh-hans-cn"': "zh-Hans-CN",
    'language = "PT-br"': "pt-BR",
    'language = "de-CH-1996"': "de-CH-1996",
    'language = "en-u-ca-gregory"': "en-u-ca-gregory",
    'language = "x-Klingon"': "x-klingon",
    'language = "zh-min-nan"': "zh-min-nan",
    'author = "Ann"': Author(name="Ann"),
    'author = "Ann Lee <a@example.org>"': Author(name="Ann Lee", email="a@example.org"),
    'author = "Bob <b@e.org> & co"': Author(name="Bob <b@e.org> & co"),
    'author = { name = "Ann", email = "a@e.org", uri = "https://ann.example" }': Author(
        name="Ann", email="a@e.org", uri="https://ann.example/"
    ),
    'authority = "Example.ORG"': "example.org",
    'authority = "me@example.org"': "me@example.org",
    "limit = 1": 1,
    'limit = "all"': None,
    "limit = 1000000000": 10**9,
    "ttl = 60": 60,
    'feeds_url = "https://feeds.example.org/a"': "https://feeds.example.org/a/",
    'permalink = "pelican"': "pelican",
    'permalink = "/{path}.html"': "/{path}.html",
    'permalink = "{year}/{month}/{slug}"': "{year}/{month}/{slug}",
    'permalink = "{slug}"': "{slug}",
    'formats = ["atom", "atom"]': ("atom",),
    'taxonomies = ["categories", "tags", "authors"]': ("categories", "tags", "authors"),
    "taxonomies = []": (),
    'content_mode = "summary"': "summary",
    'icon = "/favicon.ico"': "https://example.org/favicon.ico",
    'logo = "//cdn.example.org/图.png"': "https://cdn.example.org/%E5%9B%BE.png",
    'hub = "https://hub.example.org/?a=1"': "https://hub.example.org/?a=1",
    'encoding = "GB18030"': "gb18030",
    'encoding = "UTF8"': "utf-8",
    'date_formats = ["%d/%m/%Y", "%Y年%m月%d日"]': ("%d/%m/%Y", "%Y年%m月%d日"),
    'date_formats = ["%a, %d %b %y %I:%M %p"]': ("%a, %d %b %y %I:%M %p",),
    'date_formats = ["%Y-%j", "%G-%V-%u"]': ("%Y-%j", "%G-%V-%u"),
    'hierarchy = "list"': "list",
    'hierarchy = "/"': "/",
    'hierarchy = " > "': ">",
    'ignore = ["./notes/**", "*.tmp.md"]': ("notes/**", "*.tmp.md"),
    'dialect = "jekyll"': "jekyll",
    'thumbnail_type = "image/WebP"': "image/webp",
    "publish_email = true": True,
    'sanitizer = "nh3"': "nh3",
    'default_category = " misc "': "misc",
    'copyright = "© 2026 Ann"': "© 2026 Ann",
    'stale = "delete"': "delete",
    'accent = "#0B5394"': "#0b5394",
    'accent = " #fA0 "': "#ffaa00",
    'stylesheet = "https://example.org/%E8%8C%B6.css"': "https://example.org/%E8%8C%B6.css",
    'readers = ["Feedly", "The Old Reader"]': ("feedly", "theoldreader"),
    'readers = ["My Own https://reader.example.com/add?u={url}&x=1"]': (
        "My Own https://reader.example.com/add?u={url}&x=1",
    ),
    "aliases = {}": {},
    'aliases = { "i.rdf" = "rss", "v.d/f.v2.xml" = "atom" }': {"i.rdf": "rss", "v.d/f.v2.xml": "atom"},
    'aliases = { "b.xml" = "rss", "a/b.xml" = "rss", "旧/a b/c.xml" = "atom" }': dict(
        zip(("a/b.xml", "b.xml", "旧/a b/c.xml"), ("rss", "rss", "atom"), strict=True)
    ),
    'aliases = { "atom.xml" = "atom", "rss.xml" = "rss", "a/atom.xml" = "rss" }': {"a/atom.xml": "rss"},
}
# Further lines of TOML, and the settings of categories.
CATEGORIES: dict[str, dict[str, CategorySettings]] = {
    '[categories.new]\nwas = ["old", "old/sub", "旧", "old"]': {
        "new": CategorySettings(was=("old", "old/sub", "旧"))
    },
    'categories.new = { slug = "a", was = ["a"] }': {"new": CategorySettings(slug="a", was=("a",))},
    'hierarchy = "/"\n[categories."a/x"]\nslug = "x"\n[categories.b]\nwas = ["x", "a/x"]': {
        "a/x": CategorySettings(slug="x"),
        "b": CategorySettings(was=("x", "a/x")),
    },
    '[categories."分类"]\nslug = "fenlei"\ntitle = "T"\ndescription = "D"\nimage = "/a"\nlimit = "all"': {
        "分类": CategorySettings(
            slug="fenlei", title="T", description="D", image="https://example.org/a", limit=None
        )
    },
    "[categories.a]\nlimit = 5": {"a": CategorySettings(limit=5)},
    "[categories.a]": {"a": CategorySettings()},
    '[categories." cafe\u0301 "]': {"caf\u00e9": CategorySettings()},
    'hierarchy = "/"\n[categories."a/x"]\nslug = "x"\n[categories."b/x"]\nslug = "x"': {
        "a/x": CategorySettings(slug="x"),
        "b/x": CategorySettings(slug="x"),
    },
}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [(text, text.partition(" = ")[0], value) for text, value in VALUES.items()]
    + [(text, "categories", value) for text, value in CATEGORIES.items()],
)
def test_accepted(tmp_path: Path, text: str, name: str, expected: object) -> None:
    site = load(tmp_path, URL + text)
    assert getattr(site, name) == expected
    assert pickle.loads(pickle.dumps(site)) == site


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('title = " A \\n B "', ("A B", "A B")),
        ('title = "A"\ndescription = "about"', ("A", "about")),
        ("[author]\nname = 'Ann'", ("example.org", "example.org")),
    ],
)
def test_title_and_description(tmp_path: Path, text: str, expected: tuple[str, str]) -> None:
    site = load(tmp_path, URL + text)
    assert (site.title, site.description) == expected
    assert (site.author == Author(name="Ann")) is ("author" in text)


@pytest.mark.parametrize("name", ["Asia/Shanghai", "UTC"])
def test_a_time_zone_that_is_set_is_known_to_be(tmp_path: Path, name: str) -> None:
    site = load(tmp_path, f'{URL}timezone = "{name}"')
    assert (site.timezone, site.timezone_set) == (name, True)


# An address, and what it is normalised to.
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


# What is refused, by code: a part of the hint, and lines of TOML; ▸ marks the place that is named.
REFUSED: dict[str, tuple[tuple[str, ...], ...]] = {
    "CFG006": (
        ("`title`", 'titel = "x"', '"\\u0074itel" = "x"'),
        ("`url`", '  base_url = "x"'),
        ("`content_mode`", 'content-mode = "full"'),
        ("url, title", "zzzzzzz = 1"),
        ("at the top", 'tool.feedwright.title = "x"'),
        ("`email`", 'author = { name = "A", ▸mail = "x" }'),
        ("`slug`", 'categories.a.slugg = "x"'),
        ("above the first line", 'categories."x y".dialect = "hexo"'),
    ),
    "CFG007": (
        ('title = "5"', "title = 5"),
        ("in quotes", "title = true", "title = 2026-01-01", 'title = ["a"]', "stale = true"),
        ("in quotes", f"title = 0x{'f' * 5000}"),
        ("publish_email = false", 'publish_email = "no"'),
        ("publish_email = true", "publish_email = 1"),
        ('formats = ["rss"]', 'formats = "rss"'),
        ('formats = "1"', "formats = [1]"),
        ("Name <mail@example.org>", "author = 5"),
        ('content = "folder"', "content = 5"),
        ("follow_symlinks", 'follow_symlinks = "x"'),
        ('"list"', "hierarchy = false"),
        ("[categories.", "categories = 5", "categories.a = 5"),
        ("limit = 20", 'limit = "20"', "limit = 2.5", "limit = inf", "limit = true", 'limit = "none"'),
        ("limit = 1000000000", "limit = 1e9"),
        ('aliases = { "old/feed.xml" = "rss" }', 'aliases = "rss2.xml"', 'aliases = ["rss2.xml"]'),
        ('"a.xml" = "rss"', 'aliases = { "a.xml" = ▸5 }'),
        ('"rss2.xml" = "atom"', 'aliases = { ▸rss2.xml = "atom" }'),
        ('"feed.v2.xml" = "rss"', '▸aliases.feed.v2.xml = "rss"'),
        ('was = ["old"]', 'categories.a.was = "old"'),
        ("[tags]", 'tags = "drop"'),
        ("<p>{0}</p>", "tags = { note = ▸5 }"),
    ),
    "CFG008": (
        ("leave the line out", 'language = ""', 'title = "  "', 'aliases = { ▸"a.xml" = "" }'),
        ("leave the line out", 'categories.a.was = [""]'),
        ('limit = "all"', "limit = 0", "limit = -5", "categories.a.limit = 0"),
        ("ttl = 60", "ttl = 0"),
        ('"2026-01-31"', 'since = "last year"', 'since = "2026-02-30"'),
        ('formats = ["rss"]', "formats = []"),
        ('["rss", "opml", "page"]', 'formats = ["opml", "page"]'),
        ("remove", 'title = "a\\u0000b"'),
        ("", 'default_category = "\\u200b"'),
    ),
    "CFG009": (
        ("https://example.org/", 'feeds_url = "/feeds/"', 'author = { name = "A", ▸uri = "ftp://a/" }'),
        ("https://hub.example.org/", 'hub = "hub.example.org"'),
        ("/img/icon.png", 'icon = "javascript:alert(1)"'),
    ),
    "CFG010": (
        ('"zh-CN"', 'language = "xx not"'),
        ('did you mean "zh-CN"?', 'language = "zh_CN.UTF-8"'),
        ('"en"', 'language = "english"', 'language = "en-"'),
    ),
    "CFG011": (
        ('did you mean "Asia/Shanghai"?', 'timezone = "Asia/Shanghia"', 'timezone = "shanghai"'),
        ("", 'timezone = "Asia"', 'timezone = "../../etc/localtime"', 'timezone = "localtime"'),
        ('"Etc/GMT-8"', 'timezone = "+08:00"'),
        ('"Etc/GMT+5"', 'timezone = "UTC-5"'),
    ),
    "CFG012": (
        ('did you mean "atom"?', 'formats = ["rss", "▸atm"]', 'aliases = { "a.xml" = "▸atm" }'),
        ('"rss", "atom"', 'formats = ["▸pdf"]'),
        ('did you mean "tags"?', 'taxonomies = ["▸tag"]'),
        ('did you mean "hexo"?', 'dialect = "▸Hexo"', 'permalink = "▸heko"'),
        ('"full", "summary"', 'content_mode = "▸excerpt"'),
        ('"bleach", "nh3"', 'sanitizer = "▸none"'),
        ('"keep", "delete"', 'stale = "▸remove"'),
        ('did you mean "kramdown"?', 'markdown = "▸kramdwn"', 'markdown = "▸kramdwn breaks"'),
    ),
    "CFG013": (
        ("did you mean {year}?", 'permalink = "{yaer}/{slug}"'),
        ("{year}", 'permalink = "{year:04}/{slug}"'),
        ("{slug}", 'permalink = "{slug!r}"', 'permalink = "{year}/{month}/"', 'permalink = "../{slug}"'),
        ("{slug}", 'permalink = "{slug}?x=1"', 'permalink = "https://example.org/{slug}"'),
        ("slug", 'permalink = "{0}{}"'),
        ("slug, stem", 'permalink = "{slug.__class__}"'),
        ("{path}", 'permalink = "{slug"'),
        ('did you mean "{year}/{path}/"?', 'permalink = ":year/:title/"'),
    ),
    "CFG014": (("keep one", 'aliases = { "a.xml" = "rss", ▸"A.XML" = "atom" }'),),
    "CFG015": (
        ('did you mean "a"?', 'categories.a.slug = "../a"'),
        ('did you mean "abs"?', 'categories.a.slug = "/abs"'),
        ('did you mean "a-b"?', 'categories.a.slug = "a.b"', 'categories.a.slug = "a\\\\b"'),
        ("did you mean", 'categories.a.slug = ".."'),
        ('did you mean "tags-cat"?', 'categories.a.slug = "tags"'),
        ('did you mean "con-cat"?', 'categories.a.slug = "CON"'),
        ('was = ["old"]', 'categories.a.was = ["/old"]', 'categories.a.was = ["old/"]'),
        ('was = ["old"]', 'categories.a.was = ["ok", "../Old"]', 'categories.a.was = ["old/rss.xml"]'),
        ('was = ["old"]', 'categories.a.was = [".."]'),
        ('was = ["a/b"]', 'categories.a.was = ["https://e.org/a/b/"]'),
        ('was = ["a/b-c"]', 'categories.a.was = ["a\\\\B c"]'),
        ("-", f'categories.a.was = ["a{"-0123abcd" * 12}"]'),
        ('was = ["a/con-cat"]', 'categories.a.was = ["a/con"]'),
        ('was = ["tags-cat"]', 'categories.a.was = ["tags"]'),
        ('was = ["authors-cat/ann"]', 'categories.a.was = ["Authors/ann"]'),
    ),
    "CFG017": (
        ('author = "Name <a@example.org>"', 'author = "a@example.org"'),
        ("name =", 'author = { email = "a@example.org" }'),
        ("mail@example.org", 'author = { name = "A", ▸email = "a" }'),
        ('did you mean "example.org"?', 'authority = "https://example.org/a"'),
        ('did you mean "example.org"?', 'authority = "example.org,2026"'),
        ("example.org", 'authority = "-"'),
        ('did you mean "gb18030', 'encoding = "gb18300"'),
        ("", 'encoding = "base64"', 'encoding = "undefined"'),
        ("%d/%m/%Y", 'date_formats = ["%d/%m"]', 'date_formats = ["%H:%M %Y"]'),
        ("%d/%m/%Y", 'date_formats = ["%Y-%m-%d %Y"]'),
        ("strptime", 'date_formats = ["%Q"]', 'date_formats = ["%c"]', 'date_formats = ["%Y-%m-%d %"]'),
        ("%d reads it", 'date_formats = ["%Y-%m-%-d"]'),
        ("image/jpeg", 'thumbnail_type = "text/html"'),
        ('did you mean "image/jpeg"?', 'thumbnail_type = "jpg"', 'thumbnail_type = "image/jpg"'),
    ),
    "CFG042": (
        ('did you mean "feedly"?', 'readers = ["feedlly"]'),
        ("choose from feedly", 'readers = ["https://reader.example.com/?u={url}"]', 'readers = ["-"]'),
        ("feed={url}", 'readers = ["A https://reader.example.com/"]'),
        ("feed={url}", 'readers = ["A https://reader.example.com/{url}/{url}"]'),
        ("feed={url}", 'readers = ["A https://{url}/"]', 'readers = ["A https://{url}.example.com/"]'),
    ),
    "CFG043": (
        ('did you mean "#0b5394"?', 'accent = "0b5394"'),
        ('accent = "#0b5394"', 'accent = "red"', 'accent = "#12345"', 'accent = "#0b5394}*{}"'),
        ('accent = "#0b5394"', 'accent = "rgb(0, 0, 0)"', 'accent = "#0b53９4"', 'accent = "url(//e.org)"'),
    ),
    "CFG044": (
        ("128 KiB", 'stylesheet = "nowhere.css"'),
        ('stylesheet = "pages.css"', 'stylesheet = "page.txt"', 'stylesheet = "/"'),
        ('stylesheet = "pages.css"', 'stylesheet = "https://e.org/a.css?b"'),
        ('stylesheet = "pages.css"', 'stylesheet = "https://e.org/a.css;script-src *"'),
        ('stylesheet = "pages.css"', 'stylesheet = "https://e.org/a,b\'.css"'),
    ),
    "CFG027": (("aplayer", 'tags = { ▸"a b" = "drop" }', 'tags = { ▸"{% x %}" = "drop" }'),),
    "CFG028": (("<p>{0}</p>", 'tags = { ▸x = "remove" }', 'tags = { ▸x = "" }'),),
    "CFG018": (
        ("below", 'ignore = ["../x"]', 'ignore = ["/x"]'),
        ('output = "folder"', 'output = ""', 'output = "a\\u0000"'),
        ('"a.xml" = "rss"', 'aliases."//a.xml" = "rss"', 'aliases."./a.xml" = "rss"'),
        ('site_root = "public"', 'aliases."/a.xml" = "rss"', 'aliases."/atom.xml" = "atom"'),
        ('"a/b.xml" = "rss"', 'aliases."a\\\\b.xml" = "rss"', 'aliases."https://e.org/a/b.xml" = "rss"'),
        ('"feed/index.xml" = "rss"', 'aliases."feed/" = "rss"'),
        ('"旧/a.xml" = "rss"', 'aliases."%E6%97%A7/a.xml" = "rss"'),
        ('"/a.xml" = "rss", and site_root = "…"', 'aliases."../a.xml" = "rss"'),
        ('"old/feed.xml" = "rss"', 'aliases."../../a.xml" = "rss"', 'aliases."a/../b.xml" = "rss"'),
        ('"old/feed.xml" = "rss"', 'aliases."a\\u0001.xml" = "rss"', 'aliases."a\\u2028b.xml" = "rss"'),
        ('"old/feed.xml" = "rss"', 'aliases."a\\uFFFEb.xml" = "rss"', 'aliases."" = "rss"'),
        ('"old/feed.xml" = "rss"', 'aliases."rss.xml/a.xml" = "rss"'),
        ('"old/feed.xml" = "rss"', 'aliases."FeedWright.lock.json" = "rss"'),
        ('"feed.xml" = "rss"', 'aliases.".feed.xml" = "rss"', 'aliases."feed" = "rss"'),
        ('"a/b/c.xml" = "rss"', 'aliases."a/.b/c.xml" = "rss"'),
        ('"a.b/feed.xml" = "rss"', 'aliases."a.b/feed" = "rss"'),
        ('"atom.xml" = "atom"', 'aliases."atom.xml" = "rss"'),
        ('"rss.xml" = "rss"', 'aliases."RSS.xml" = "rss"'),
        ('= "atom"', 'aliases = { ▸"a.xml/b.xml" = "atom", "A.xml" = "rss" }'),
    ),
    "CFG039": (
        ("autolinks", 'markdown = "hexo wide"', 'markdown = "hexo breaks=maybe"'),
        ("smarty", 'markdown = "python-markdown tabels"'),
    ),
}


@pytest.mark.parametrize(
    ("code", "hint", "text"),
    [(code, hint, text) for code, rows in REFUSED.items() for hint, *texts in rows for text in texts],
)
def test_refused(tmp_path: Path, code: str, hint: str, text: str) -> None:
    begin = text.index("= ") + 2 if code == "CFG007" else len(text) - len(text.lstrip())
    column = text.find("▸") + 1 or begin + 1
    *place, shown = refused_alone(tmp_path, f"{URL}# a line between\n{text.replace('▸', '')}\n")
    assert place == [code, 3, column]
    assert hint in shown


def test_a_wrong_word_is_found_in_its_list(tmp_path: Path) -> None:
    text = f"{URL}formats = [  # no atm\n  'rss',\n  'atm',\n]\ntitle = 'atm'\n"
    assert refused_alone(tmp_path, text)[:3] == ("CFG012", 4, 4)
    escaped = text.replace("'atm',", '"\\u0061tm",')
    assert refused_alone(tmp_path, escaped)[:3] == ("CFG012", 2, 1)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("example.org", "did you mean https://example.org/ ?"),
        ("example.org:8080/a", "did you mean https://example.org:8080/a ?"),
        ("//example.org", "did you mean https://example.org/ ?"),
        ("https:example.org", "did you mean https://example.org/ ?"),
        ("https://ann@example.org/a@b", 'url = "https://example.org/a@b"'),
        *[(url, "readers use") for url in ("https://localhost:4000/", "http://127.1/", "http://[::1]:80/")],
        *[(url, "readers use") for url in ("http://0/", "http://blog.localhost/")],
        *[(url, EXAMPLE) for url in ("", "/blog/", "https://", "https://exa mple.org/", "ftp://e.org/")],
        *[(f"https://example.org/{end}", EXAMPLE) for end in ("?a=1", "#top")],
        *[(url, EXAMPLE) for url in ("javascript:alert(1)", "https://ann:secret@example.org/")],
        ("https://ann:secret@example.org/#top", 'url = "https://example.org/#top"'),
    ],
)
def test_url_refused(tmp_path: Path, written: str, hint: str) -> None:
    *place, shown = refused_alone(tmp_path, f'\nurl = "{written}"')
    assert place == ["CFG009", 2, 1]
    assert hint in shown
    assert "secret" not in refused(tmp_path).message + shown


def test_every_fault_is_found_in_one_run(tmp_path: Path) -> None:
    text = (
        'titel = "x"\n\n[categories.b]\nlimit = 0\n[categories.a]\nslug = "."\nx = 1\n[author]\nemail = "a"\n'
    )
    error = refused(tmp_path, text, environ={"FEEDWRIGHT_TTL": "x"}, limit=0)
    assert [(e.code, e.line, e.column, e.message.split()[0]) for e in (error, *error.also)] == [
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
    odd = refused(tmp_path, f'{URL}categories."x y".z = 1')
    assert odd.message.startswith('`categories."x y".z` ')


@pytest.mark.parametrize(
    ("text", "code", "line", "hint"),
    [
        ('[categories.a]\nslug = "x"\n[categories.b]\ntitle = "B"\nslug = "x"', "CFG014", 6, "of its own"),
        *[
            (f'[categories."{label}"]\n[categories."{other}"]', "CFG014", 3, "merge")
            for label, other in (("Tech", "tech"), ("a b", " a  b "), ("caf\u00e9", "cafe\u0301"))
        ],
        ('formats = ["rss"]\n[aliases]\n"a.xml" = "atom"', "CFG012", 4, 'formats = ["rss", "atom"]'),
        ('[categories.a]\nwas = ["x"]\n[categories.b]\nwas = ["y", "x"]', "CFG014", 5, '"x"'),
        ('[categories.a]\nwas = ["x"]\n[categories.b]\nslug = "x"', "CFG014", 3, '"x"'),
        (f"ignore = {[f'*{number}' for number in range(1001)]}", "CFG018", 2, "notes/*"),
        ('aliases."x/Atom.xml" = "rss"\n[categories.b]\nwas = ["x"]', "CFG014", 2, "`was`"),
    ],
)
def test_conflicts(tmp_path: Path, text: str, code: str, line: int, hint: str) -> None:
    *place, _, shown = refused_alone(tmp_path, URL + text)
    assert place == [code, line]
    assert hint in shown


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_an_alias_is_where_no_written_feed_of_a_category_is(tmp_path: Path, name: str) -> None:
    text = f'{URL}formats = ["{name}"]\naliases."x/rss.xml" = "{name}"\n[categories.b]\nwas = ["x"]'
    if name == "atom":
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
_NAMES = ["x.xml", "X.XML", "b.rdf", "é.xml", "atom.xml", "Rss.xml", "b", "c:.xml", "a\\b.xml", "%41.xml"]
_PATHS = st.tuples(st.lists(_FOLDERS, max_size=1), st.sampled_from([*_NAMES, RECORD_NAME])).map(
    lambda parts: "/".join((*parts[0], parts[1]))
)


@given(st.dictionaries(_PATHS, st.sampled_from(["rss", "atom", "json", "page"]), min_size=1, max_size=2))
def test_aliases_that_are_accepted_are_files_of_their_own(aliases: dict[str, str]) -> None:
    overrides = {"url": "https://a/", "aliases": aliases}
    try:
        site = load_settings(start=Path("/nowhere"), environ={}, overrides=overrides)
    except UsageError as error:
        hints = [fault.hint for fault in (error, *error.also)]
        assert all(hints)
        return
    files = {caseless(path) for path in (*site.aliases, "rss.xml", "atom.xml", RECORD_NAME)}
    assert len(files) == len(site.aliases) + 3
    for path in site.aliases:
        assert is_plain_path(path)
        assert not path.startswith(".")
        assert Path(path).suffix
        assert files.isdisjoint(caseless(str(above)) for above in Path(path).parents)


@pytest.mark.parametrize(
    "written", ["//x.xml", "./a/x", "feed/", "https://e.org/a.xml", "%41.xml", ".a.xml", "é"]
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
    assert (error.file, error.line) == ("", 0)
    assert refused(tmp_path, URL, limit="x").hint == "--limit 20"
    assert refused(tmp_path, URL, ulr="x").hint == "did you mean `url`?"
    clash = refused(tmp_path, URL, aliases={"a.xml": "rss", "A.xml": "rss"})
    assert (clash.code, clash.message.split()[0], clash.file) == ("CFG014", "--aliases", "")


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("URL", "https://a.example", "https://a.example/"),
        ("AUTHOR", "Ann <a@example.org>", Author(name="Ann", email="a@example.org")),
        ("LIMIT", "all", None),
        ("LIMIT", " 7 ", 7),
        ("TTL", "60", 60),
        ("PUBLISH_EMAIL", "True", True),
        ("PUBLISH_EMAIL", "false", False),
        ("FORMATS", "atom, rss", ("atom", "rss")),
        ("IGNORE", "a/**", ("a/**",)),
        ("STALE", "delete", "delete"),
        ("TITLE", "20", "20"),
        ("TITLE", "", "example.org"),
    ],
)
def test_environment(tmp_path: Path, variable: str, text: str, expected: object) -> None:
    site = load(tmp_path, URL, environ={f"FEEDWRIGHT_{variable}": text})
    assert getattr(site, variable.lower()) == expected
    assert site.warnings == ()


@pytest.mark.parametrize(
    ("variable", "text", "code", "hint"),
    [
        ("FEEDWRIGHT_LIMIT", "0", "CFG008", 'FEEDWRIGHT_LIMIT="all"'),
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


def test_an_unknown_variable_is_a_warning(tmp_path: Path) -> None:
    names = ("FEEDWRIGHT_LIMITT", "feedwright_url", "FEEDWRIGHTER", "FEEDWRIGHT_ALIASES")
    warnings = load(tmp_path, URL, environ=dict.fromkeys(names, "\x1b[2J")).warnings
    assert [(w.code, w.severity, w.field, w.hint) for w in warnings] == [
        ("CFG016", "warning", "FEEDWRIGHT_ALIASES", "feedwright build --help lists the settings"),
        ("CFG016", "warning", "FEEDWRIGHT_LIMITT", "did you mean FEEDWRIGHT_LIMIT?"),
        ("CFG016", "warning", "feedwright_url", "did you mean FEEDWRIGHT_URL?"),
    ]


def test_http_is_a_warning_with_its_place(tmp_path: Path) -> None:
    site = load(tmp_path, 'limit = 1\nurl = "http://example.org/a"\nfeeds_url = "https://example.org/f/"')
    [warning] = site.warnings
    assert (warning.code, warning.severity, warning.field) == ("CFG004", "warning", "url")
    assert (warning.file, warning.line, warning.column) == (FILE, 2, 1)
    assert "https://example.org/a/" in warning.hint
    [flagged] = load(tmp_path, URL, url="http://example.org/").warnings
    assert (flagged.file, flagged.line) == ("", 0)


def test_without_a_url(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert (error.code, error.exit_code) == ("CFG001", 2)
    assert str(tmp_path) in error.message
    ways = ("--url https://example.org/", f'url = "https://example.org/" in {FILE}', "FEEDWRIGHT_URL")
    assert all(way in error.hint for way in ways)
    error = refused(tmp_path, "limit = 1")
    assert (error.code, error.file) == ("CFG001", FILE)
    assert refused(tmp_path, 'url = "example.org"').also == ()


@pytest.mark.parametrize(
    "way", [{"url": "https://a.org/"}, {"environ": {"FEEDWRIGHT_URL": "https://a.org/"}}]
)
def test_no_file_is_needed(tmp_path: Path, way: dict[str, Any]) -> None:
    site = load(tmp_path, **way)
    assert (site.url, site.root, site.cache) == ("https://a.org/", tmp_path, tmp_path / CACHE_FOLDER)
    assert (site.content, site.output) == (tmp_path / "content", tmp_path / "feeds")
    assert site.record == tmp_path / "feeds" / RECORD_NAME


# Paths.
def test_paths_start_from_where_they_are_written(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    text = URL + 'content = "articles"\noutput = "../out"\nfollow_symlinks = ["shared", "/srv"]\n'
    (tmp_path / FILE).write_text(text)
    site = load(here)
    assert (site.content, site.output) == (tmp_path / "articles", tmp_path / "../out")
    assert site.follow_symlinks == (tmp_path / "shared", Path("/srv").absolute())
    site = load(here, content="own", output=Path("feeds"))
    assert (site.content, site.output) == (here / "own", here / "feeds")
    assert site.record == here / "feeds" / RECORD_NAME
    assert load(here, environ={"FEEDWRIGHT_RECORD": "r.json"}).record == here / "r.json"
    assert load(here, content=str(tmp_path / "x")).content == tmp_path / "x"
    assert load(here, url="https://example.org/").root == tmp_path


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


@pytest.mark.parametrize("target", ["articles", "content"])
def test_content_may_be_a_link_even_to_itself(tmp_path: Path, target: str) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "content").symlink_to(target)
    assert load(tmp_path, URL).content == tmp_path / "content"


@pytest.mark.parametrize("record", ["feeds", "content", "sub", "."])
def test_the_record_is_a_file(tmp_path: Path, record: str) -> None:
    (tmp_path / "sub").mkdir()
    assert refused(tmp_path, f'{URL}record = "{record}"').code == "CFG018"


def test_no_alias_is_written_over_the_record(tmp_path: Path) -> None:
    text = URL + 'record = "feeds/published.json"\naliases = { "published.json" = "rss" }\n'
    error = refused(tmp_path, text)
    assert (error.code, "`" in error.message) == ("CFG018", False)
    assert str(tmp_path / "feeds" / "published.json") in error.message
    assert load(tmp_path, text, output="public").aliases == {"published.json": "rss"}


# The table.
def test_the_table_is_complete() -> None:
    assert {*SETTINGS} == {*Site.__struct_fields__} - FACTS
    assert {*CATEGORY} == {*CategorySettings.__struct_fields__}
    assert AUTHOR.keys() == {*Author.__struct_fields__}
    for row in (*SETTINGS.values(), *CATEGORY.values(), *AUTHOR.values()):
        assert row.meaning.strip() == row.meaning != "", row.name
    tables = {name for name, row in SETTINGS.items() if row.shape == "table"}
    assert tables == {"aliases", "authors", "retired", "categories", "defaults", "languages", "tags"}
    assert set(ENVIRONMENT.values()) == SETTINGS.keys() - tables
    assert all(name == "FEEDWRIGHT_" + setting.upper() for name, setting in ENVIRONMENT.items())


def test_defaults_pass_their_own_checks() -> None:
    defaults = [row for row in SETTINGS.values() if row.default is not None]
    assert len(defaults) > 10
    assert [row.name for row in defaults if row.check(row.default) != row.default] == []


KNOWN = {
    "permalink": [
        *PRESETS,
        *(f"{{slug}}/{{{name}}}" for name in sorted(permalinks.TEMPLATE_FIELDS)),
    ],
    "dialect": [*GENERATORS],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in KNOWN for value in KNOWN[name]])
def test_every_name_that_the_rooms_know_is_accepted(tmp_path: Path, name: str, value: str) -> None:
    assert getattr(load(tmp_path, f'{URL}{name} = "{value}"'), name) == value


def test_every_format_but_the_style_is_accepted(tmp_path: Path) -> None:
    names = tuple(name for name in FORMATS if name != "style")
    assert load(tmp_path, URL, formats=names).formats == names
    assert refused(tmp_path, URL, formats=("rss", "style")).code == "CFG012"


_SETTINGS = st.sampled_from([*SETTINGS])
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


@given(st.dictionaries(_SETTINGS, _VALUES, max_size=6))
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


def test_a_stylesheet_is_a_small_file_of_text_seen_from_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "look" / "pages.css"
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbfa {\r\n  color: red\r}\x0c\x00")
    line = 'stylesheet = "look/pages.css"'
    site = load(tmp_path, URL + line)
    assert site.styles == "a {\n  color: red\n}\n\ufffd"
    assert (str(file), sha256(file.read_bytes()).hexdigest()) in site.examined
    for fault, data in (("UTF-8", b"\xff"), ("128 KiB", b"x" * 200_000)):
        file.write_bytes(data)
        error = refused(tmp_path, URL + line)
        assert (error.code, error.line) == ("CFG044", 2)
        assert fault in f"{error.message} {error.hint}"
    file.unlink()
    os.mkfifo(file)
    assert refused(tmp_path, URL + line).code == "CFG044"
    outside = refused(tmp_path, URL, environ={"FEEDWRIGHT_STYLESHEET": "pages.css"})
    assert outside.message.startswith("FEEDWRIGHT_STYLESHEET cannot be read")
