"""Settings that are taken from the configuration of the site's own generator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from configured import URL, load, refused
from feedwright import disk
from feedwright.articles.front_matter.fields import RawFields
from feedwright.model import Author
from feedwright.problems import UsageError
from feedwright.settings.python_values import read_python
from feedwright.settings.site_generator import LARGEST

if TYPE_CHECKING:
    from feedwright.site import Site

HEXO = """\
title: A tea house
subtitle: of tea
language: [zh_CN, en]
timezone: Asia/Shanghai
author: Lin
url: https://example.org
root: /tea/
permalink: posts/:abbrlink.html
new_post_name: :year-:month-:day-:title.md
source_dir: src
exclude: [src/notes/**]
default_category: none
"""
JEKYLL = """\
title: A site
tagline: of all things
url: https://example.org
baseurl: /blog
lang: fr
author:
  name: Ada
  email: ada@example.org
  url: https://example.org/ada/
permalink: pretty
timezone: Europe/Paris
exclude: [/notes/, README.md, ../up]
destination: out
"""
HUGO = """\
title = "A site"
baseURL = "https://example.org/blog/"
languageCode = "de-at"
timeZone = "Europe/Vienna"
contentDir = "texts"
publishDir = "docs"
ignoreFiles = ['template\\.md$', '^x', '(a|b)']
[params]
description = "About"
author = { name = "Eva" }
[permalinks]
posts = "/:year/:slug/"
"""
ZOLA = """\
base_url = "https://example.org/"
title = "A site"
description = "About"
default_language = "nl"
author = "Jan"
output_dir = "out"
ignored_content = ["*.draft.md"]
[slugify]
paths = "safe"
paths_keep_dates = true
"""
PELICAN = """\
import os
HOST = 'example.org'
SITENAME = 'A' + ' site'
SITEURL = ''
AUTHOR: str = "Eve"
TIMEZONE = "Europe/Rome"
DEFAULT_LANG = 'it'
PATH = 'content'
PAGE_PATHS = ('pages', 'info')
ARTICLE_EXCLUDES = ['old']
ARTICLE_URL = '{date:%Y}/{slug}/'
DEFAULT_CATEGORY = 'Various'
OUTPUT_PATH = os.path.join('a', 'b')
"""
PUBLISH = "from pelicanconf import *\nSITEURL = f'https://{HOST}/it'\nHOST = 'x'\nSITEURL = 'https://example.org/it'\n"

SITES: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "hexo": (
        {"_config.yml": HEXO, "src/_posts/a.md": "", "source/_posts/a.md": ""},
        {
            "url": "https://example.org/tea/",
            "title": "A tea house",
            "description": "of tea",
            "language": "zh-CN",
            "timezone": "Asia/Shanghai",
            "generator_timezone": "UTC",
            "permalink": "hexo posts/:abbrlink.html file=:year-:month-:day-:title.md",
            "content": "src",
            "site_output": "public",
            "ignore": ("node_modules", "notes/**"),
        },
    ),
    "jekyll": (
        {"_config.yml": JEKYLL, "_posts/a.md": ""},
        {
            "url": "https://example.org/blog/",
            "description": "of all things",
            "language": "fr",
            "timezone": "Europe/Paris",
            "permalink": "jekyll pretty",
            "content": ".",
            "site_output": "out",
            "ignore": (
                *("Gemfile", "Gemfile.lock", "gemfiles", "node_modules", "vendor"),
                *("notes", "README.md", "out", "feeds"),
            ),
        },
    ),
    "hugo": (
        {"hugo.toml": HUGO},
        {
            "url": "https://example.org/blog/",
            "title": "A site",
            "description": "About",
            "language": "de-AT",
            "timezone": "Europe/Vienna",
            "permalink": "hugo posts=/:year/:slug/",
            "content": "texts",
            "site_output": "docs",
            "ignore": ("*template.md", "*x*"),
        },
    ),
    "zola": (
        {"config.toml": ZOLA},
        {
            "url": "https://example.org/",
            "description": "About",
            "language": "nl",
            "timezone": "UTC",
            "permalink": "zola safe dates=keep",
            "content": "content",
            "site_output": "out",
            "ignore": ("*.draft.md",),
        },
    ),
    "pelican": (
        {"pelicanconf.py": PELICAN, "publishconf.py": PUBLISH},
        {
            "url": "https://example.org/it/",
            "title": "A site",
            "language": "it",
            "timezone": "Europe/Rome",
            "permalink": "pelican {date:%Y}/{slug}/",
            "content": "content",
            "site_output": "output",
            "default_category": "Various",
            "folder_categories": True,
            "ignore": ("pages/**", "info/**", "old"),
        },
    ),
    "eleventy": (
        {
            "eleventy.config.js": "throw new Error('never run')",
            "_data/metadata.json": '{"url": "https://example.org/", "title": "A site", "author": "Kim"}',
            "content/a.md": "",
        },
        {
            "url": "https://example.org/",
            "title": "A site",
            "timezone": "UTC",
            "permalink": "eleventy",
            "content": "content",
            "site_output": "_site",
            "ignore": ("node_modules", "README.md", "_site"),
        },
    ),
}


def place(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of a site."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _shown(site: Site, name: str) -> object:
    value = getattr(site, name)
    return os.path.relpath(value, site.root) if name in ("content", "site_output") else value


@pytest.mark.parametrize("name", SITES)
def test_a_site_needs_no_setting(name: str, tmp_path: Path) -> None:
    files, expected = SITES[name]
    site = load(place(tmp_path, files), built_pages=True)
    assert {key: _shown(site, key) for key in expected} == expected
    assert site.dialect == name
    assert site.timezone_set
    assert site.warnings == ()
    assert site.author is None or site.author.name in ("Lin", "Ada", "Eva", "Jan", "Eve", "Kim")
    assert site.note.startswith("taken from ")
    assert f"({name.capitalize()}): url, " in site.note


def test_without_built_pages_nobody_looks_for_pages(tmp_path: Path) -> None:
    site = load(place(tmp_path, SITES["hugo"][0]))
    assert site.site_output is None
    assert "site_output" not in site.note


def test_origins_name_file_and_line(tmp_path: Path) -> None:
    place(tmp_path, SITES["hexo"][0])
    config = 'title = "Mine"\nlimit = 5\n'
    site = load(tmp_path, config, environ={"FEEDWRIGHT_LANGUAGE": "en"}, timezone="UTC")
    assert site.origins == {
        "url": "_config.yml:6",
        "title": "feedwright.toml:1",
        "description": "_config.yml:2",
        "language": "FEEDWRIGHT_LANGUAGE",
        "author": "_config.yml:5",
        "timezone": "--timezone",
        "generator_timezone": "_config.yml:4",
        "content": "_config.yml:10",
        "languages": "_config.yml:3",
        "permalink": "_config.yml:8",
        "limit": "feedwright.toml:2",
        "ignore": "_config.yml",
        "markdown": "_config.yml",
        "dialect": "_config.yml",
    }
    assert site.title == "Mine"
    names = ("url", "description", "author", "content", "permalink", "ignore", "markdown", "dialect")
    assert site.derived == {*names, "languages", "generator_timezone"}


def test_split_files_of_hugo(tmp_path: Path) -> None:
    files = {
        "config/_default/hugo.toml": 'baseURL = "https://example.org/"\ndefaultContentLanguage = "fr"\n',
        "config/_default/languages.toml": '[fr]\ntitle = "Un site"\ncontentDir = "content/fr"\n',
        "config/_default/params.yaml": "description: En bref\n",
        "config/_default/permalinks.json": '{"page": {"posts": "/:slug/"}, "term": {"tags": "/x/"}}',
        "config/production/hugo.toml": 'baseURL = "https://example.org/prod/"\n',
    }
    site = load(place(tmp_path, files))
    assert (site.url, site.title, site.language) == ("https://example.org/prod/", "Un site", "fr")
    assert (site.description, site.permalink) == ("En bref", "hugo posts=/:slug/")
    assert site.origins["content"] == "config/_default/languages.toml:3"
    assert site.origins["description"] == "config/_default/params.yaml:1"


@pytest.mark.parametrize(
    ("name", "text", "theme", "folders"),
    [
        ("hugo.toml", 'baseURL = "https://e.org/"\ntheme = ["a", "../b", "gone"]\n', "a/static", ["static"]),
        ("zola.toml", 'base_url = "https://e.org/"\ntheme = "a"\n', "a/static", ["static"]),
        ("_config.yml", "url: https://e.org\ntheme: a\npermalink: :title/\n", "a/source", []),
    ],
)
def test_files_of_a_theme_are_files_of_the_site(
    name: str, text: str, theme: str, folders: list[str], tmp_path: Path
) -> None:
    for folder in (f"themes/{theme}", "static", "b/static", "source/_posts", "content"):
        (tmp_path / folder).mkdir(parents=True)
    site = load(place(tmp_path, {name: text}))
    assert [path.relative_to(tmp_path).as_posix() for path in site.static] == [*folders, f"themes/{theme}"]


def test_files_of_a_language_of_hugo(tmp_path: Path) -> None:
    files = {
        "config/_default/hugo.toml": 'baseURL = "https://example.org/"\ntitle = "A site"\n',
        "config/_default/hugo.en.toml": 'locale = "en-GB"\n',
        "config/_default/hugo.fr.toml": 'title = "Un site"\nlocale = "fr"\n',
        "config/_default/params.fr.toml": 'description = "En bref"\n',
        "config/_default/menu.de.toml": "[[main]]\nname = 'x'\n",
    }
    site = load(place(tmp_path, files))
    assert (site.title, site.language) == ("A site", "en-GB")
    assert [(name, row.title, row.description) for name, row in site.languages.items()] == [
        ("en", None, None),
        ("fr", "Un site", "En bref"),
    ]


def test_a_language_of_hugo_whose_articles_lie_elsewhere_is_told(tmp_path: Path) -> None:
    config = 'baseURL = "https://e.org/"\n[languages.en]\nweight = 1\n[languages.fr]\ncontentDir = "french"\n'
    files = {"hugo.toml": config, "french/a.md": ""}
    site = load(place(tmp_path, files))
    assert [*site.languages] == ["en"]
    assert [(p.code, p.file, p.line) for p in site.warnings] == [("LANG003", "hugo.toml", 4)]
    assert "the articles in fr lie in french" in site.warnings[0].message
    assert load(place(tmp_path, files | {"feedwright.toml": 'content = "french"\n'})).warnings == ()


DEFAULTS: dict[str, tuple[dict[str, str], dict[str, dict[str, object]]]] = {
    "jekyll": (
        {
            "_config.yml": "url: https://e.org\ndefaults:\n"
            "- scope: {path: ''}\n  values: {author: Ann, permalink: '/:title'}\n"
            "- scope: {path: _posts, type: posts}\n  values: {image: /a.png}\n"
            "- scope: {path: blog/, type: posts}\n  values: {hidden: true, permalink: '/:title/'}\n"
            "- scope: {path: '', type: pages}\n  values: {published: false}\n"
            "- scope: {path: ../x}\n  values: {author: No}\n",
            "_posts/a.md": "",
        },
        {
            "*": {"author": "Ann"},
            "_posts/*": {"image": "/a.png"},
            "*/_posts/*": {"image": "/a.png"},
            "blog/*": {"hidden": "true", "permalink": "/:title/"},
        },
    ),
    "languages in paths": (
        {
            "_config.yml": "url: https://e.org\nlanguages: [en, de]\n"
            "default_lang: en\nlang_from_path: true\n",
            "_posts/a.md": "",
        },
        {"de/*": {"lang": "de"}, "*/de/*": {"lang": "de"}, "*.de.*": {"lang": "de"}},
    ),
    "unwritten": (
        {"_config.yml": "url: https://e.org\ncollections: {posts: {output: false}}\n", "_posts/a.md": ""},
        {"*": {"published": "false"}},
    ),
    "pelican": (
        {"pelicanconf.py": "SITEURL = 'https://e.org'\nDEFAULT_DATE = (2012, 3, 2, 14, 1)\n"},
        {"*": {"date": "2012-03-02 14:01:00"}},
    ),
    "pelican's day": (
        {"pelicanconf.py": "SITEURL = 'https://e.org'\nDEFAULT_DATE = '2012-03-02'\n"},
        {"*": {"date": "2012-03-02"}},
    ),
    "the time of files": ({"pelicanconf.py": "SITEURL = 'https://e.org'\nDEFAULT_DATE = 'fs'\n"}, {}),
    "no date": ({"pelicanconf.py": "SITEURL = 'https://e.org'\nDEFAULT_DATE = (2012, 'May')\n"}, {}),
    "hugo": (
        {
            "hugo.toml": 'baseURL = "https://e.org/"\n[[cascade]]\ndraft = true\n[cascade.target]\n'
            'path = "{/news/**,/a}"\n[[cascade]]\nauthor = "Ann"\n[[cascade]]\ndraft = true\n'
            '[cascade._target]\nkind = "{section,term}"\n'
            '[[cascade]]\ndraft = true\n[cascade.target]\nlang = "fr"\n'
        },
        {
            "news/*": {"draft": "true"},
            "a.*": {"draft": "true"},
            "a/*": {"draft": "true"},
            "*": {"author": "Ann"},
        },
    ),
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_front_matter_that_a_configuration_gives_to_articles(name: str, tmp_path: Path) -> None:
    files, expected = DEFAULTS[name]
    assert load(place(tmp_path, files)).defaults == expected


AUTHORS: dict[str, dict[str, str]] = {
    "_config.yml": {
        "_config.yml": "url: https://e.org\n",
        "_posts/a.md": "",
        "_data/authors.yml": "ann:\n  display_name: Ann Lee\n  email: nobody\n  website: https://ann.example/\n"
        "bo: Bo Ek\nnobody: {bio: x}\n",
    },
    "_config.toml": {
        "_config.toml": 'url = "https://e.org"\ndata_dir = "facts"\n',
        "_posts/a.md": "",
        "facts/authors.toml": '[ann]\nname = "Ann Lee"\nurl = "https://ann.example/"\n[bo]\nname = "Bo Ek"\n',
    },
    "hugo.toml": {
        "hugo.toml": 'baseURL = "https://e.org/"\n',
        "data/authors/ann.json": '{"name": "Ann Lee", "uri": "https://ann.example/"}',
        "data/authors/bo.yaml": "name: Bo Ek\n",
        "data/authors/README.md": "x",
    },
}


@pytest.mark.parametrize("name", AUTHORS)
def test_authors_are_those_of_the_data_files(name: str, tmp_path: Path) -> None:
    site = load(place(tmp_path, AUTHORS[name]))
    assert site.authors == {
        "ann": Author(name="Ann Lee", uri="https://ann.example/"),
        "bo": Author(name="Bo Ek"),
    }
    assert site.warnings == ()
    examined = dict(site.examined)
    for path, state in examined.items():
        assert disk.state_of(path) == state, path
    folder = next(path for path in examined if path.endswith("/authors/*"))
    place(Path(folder[:-1]), {"new.yml": "name: New"})
    assert disk.state_of(folder) != examined[folder]


def test_a_data_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    site = load(place(tmp_path, {**AUTHORS["_config.yml"], "_data/authors.yml": "ann: x\nbo: : y\n"}))
    assert [(w.code, w.file, w.line) for w in site.warnings] == [("CFG030", "_data/authors.yml", 2)]


LANGUAGES: dict[str, tuple[dict[str, str], dict[str, tuple[str, str | None, str | None]]]] = {
    "hexo": (
        {"_config.yml": "url: https://e.org\nlanguage: [zh-CN, en, default]\n", "source/_posts/a.md": ""},
        {"zh-CN": ("zh-CN", None, None), "en": ("en", None, None), "*": ("", None, None)},
    ),
    "jekyll": (
        {
            "_config.yml": "url: https://e.org\nlanguages: [en, pt-BR]\ndefault_lang: en\n",
            "_posts/a.md": "",
        },
        {"en": ("en", None, None), "pt-BR": ("pt-BR", None, "pt-BR")},
    ),
    "hugo": (
        {
            "hugo.toml": 'baseURL = "https://e.org/"\nlanguageCode = "en-us"\n[languages.en]\n'
            '[languages.cn]\nlocale = "zh_CN"\n[languages.de]\ndisabled = true\n[languages.klingon]\n'
        },
        {"en": ("en-US", None, None), "cn": ("zh-CN", None, "cn")},
    ),
    "hugo-folders": (
        {
            "hugo.yaml": "baseURL: https://e.org/\ndefaultContentLanguageInSubdir: true\nlanguages:\n"
            "  en: {contentDir: content/english}\n  fr: {contentDir: content/fr, title: Un site}\n"
        },
        {"en": ("en", "english", "en"), "fr": ("fr", "fr", "fr")},
    ),
    "hugo-elsewhere": (
        {
            "hugo.yaml": "baseURL: https://e.org/\nlanguages:\n"
            "  en: {}\n  fr: {contentDir: french}\n  it: {}\n"
        },
        {"en": ("en", None, None), "it": ("it", None, "it")},
    ),
    "zola": (
        {"config.toml": 'base_url = "https://e.org"\ndefault_language = "fr"\n[languages.en]\ntitle = "x"\n'},
        {"en": ("en", None, "en"), "fr": ("fr", None, None)},
    ),
    "pelican": (
        {"pelicanconf.py": "SITEURL = 'https://e.org'\nDEFAULT_LANG = 'it'\n"},
        {"*": ("", None, None), "it": ("it", None, None)},
    ),
    "one": ({"hugo.toml": 'baseURL = "https://e.org/"\n[languages.en]\ntitle = "x"\n'}, {}),
}


@pytest.mark.parametrize("name", LANGUAGES)
def test_languages(name: str, tmp_path: Path) -> None:
    files, expected = LANGUAGES[name]
    site = load(place(tmp_path, files))
    assert {key: (row.tag, row.folder, row.path) for key, row in site.languages.items()} == expected
    assert site.content.name == {"hexo": "source", "jekyll": tmp_path.name}.get(
        name, tmp_path.name if name == "pelican" else "content"
    )


@pytest.mark.parametrize(
    ("text", "permalink"),
    [
        ("", "hexo"),
        ("permalink: :year/:month/:day/:title/\n", "hexo"),
        ("permalink: :title.html\npretty_urls:\n  trailing_html: false\n", "hexo :title"),
        ("permalink: :title/index.html\npretty_urls:\n  trailing_index: false\n", "hexo :title/"),
        ("permalink: :title\npost_asset_folder: true\n", "hexo :title/"),
        (
            "permalink: :category/:title/\ncategory_map:\n  茶 馆: tea\n  n: [x]\n",
            "hexo :category/:title/ map:%E8%8C%B6%20%E9%A6%86=tea",
        ),
        ("permalink: :lang/:title/\npermalink_defaults:\n  lang: en\n", "hexo :lang/:title/ lang=en"),
    ],
)
def test_permalinks_of_hexo(text: str, permalink: str, tmp_path: Path) -> None:
    place(tmp_path, {"_config.yml": f"url: https://example.org\n{text}", "source/_posts/a.md": ""})
    assert load(tmp_path).permalink == permalink


@pytest.mark.parametrize(
    ("text", "permalink"),
    [
        ("", "jekyll"),
        ("permalink: date\n", "jekyll"),
        ("permalink: /:categories/:year/:month/:day/:title:output_ext\n", "jekyll"),
        ("collections:\n  posts:\n    permalink: /p/:title/\npermalink: none\n", "jekyll /p/:title/"),
        (
            "defaults:\n- 1\n- scope: {path: _posts}\n  values: {permalink: /d/:slug/}\n- values: {}\n",
            "jekyll /d/:slug/",
        ),
        ("defaults:\n- scope: {path: ''}\n  values: {permalink: /fixed/}\n", "jekyll"),
    ],
)
def test_permalinks_of_jekyll(text: str, permalink: str, tmp_path: Path) -> None:
    place(tmp_path, {"_config.yml": f"url: https://example.org\n{text}", "_posts/a.md": ""})
    assert load(tmp_path).permalink == permalink


@pytest.mark.parametrize("value", ["true", "false"])
def test_titles_of_hexo_may_be_those_of_files(value: str, tmp_path: Path) -> None:
    config = f"url: https://example.org\nuse_slug_as_post_title: {value}\n"
    site = load(place(tmp_path, {"_config.yml": config, "source/_posts/a.md": ""}))
    assert site.titles_from_names == (value == "true")


@pytest.mark.parametrize(
    ("text", "permalink"),
    [
        ("collections: [notes]", "/notes/:path:output_ext"),
        ("collections: {notes: {}}", "/notes/:path:output_ext"),
        ("permalink: pretty\ncollections: {notes: {}}", "/notes/:path/"),
        ("permalink: /:year/:title:output_ext\ncollections: {notes: {}}", "/notes/:path:output_ext"),
        ("permalink: /:year/:title\ncollections: {notes: {}}", "/notes/:path"),
        ("collections: {notes: {permalink: '/:collection/:name/'}}", "/notes/:name/"),
        (
            "collections: [notes]\ndefaults: [{scope: {type: notes}, values: {permalink: '/n/:title'}}]",
            "/n/:title",
        ),
    ],
)
def test_permalinks_of_a_collection_of_jekyll(text: str, permalink: str, tmp_path: Path) -> None:
    # as Jekyll 4.3.1 has them
    files = {"_config.yml": f"url: https://example.org\n{text}\n", "_notes/a.md": ""}
    place(tmp_path, files | {"feedwright.toml": 'content = "_notes"\n'})
    assert load(tmp_path).permalink == f"jekyll {permalink}"


@pytest.mark.parametrize(
    ("options", "defaults"),
    [
        ("output: true", {"*": {"author": "Ann"}}),
        ("output: false", {"*": {"published": "false"}}),
        ("permalink: /:name/", {"*": {"published": "false"}}),
    ],
)
def test_a_collection_of_jekyll_has_its_own_defaults_and_may_have_no_pages(
    options: str, defaults: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    config = (
        f"url: https://example.org\ncollections:\n  notes:\n    {options}\ndefaults:\n"
        "- scope: {path: '', type: notes}\n  values: {author: Ann}\n"
        "- scope: {path: '', type: posts}\n  values: {author: Bo}\n"
    )
    files = {"_config.yml": config, "_notes/a.md": "", "feedwright.toml": 'content = "_notes"\n'}
    assert load(place(tmp_path, files)).defaults == defaults


def test_a_site_of_jekyll_without_a_configuration(tmp_path: Path) -> None:
    place(tmp_path, {"_posts/a.md": "", "_layouts/post.html": ""})
    site = load(tmp_path, url="https://example.org/")
    assert (site.content, site.permalink) == (tmp_path, "jekyll")
    assert site.note.startswith("taken from _posts (Jekyll): content, permalink")
    with pytest.raises(UsageError) as caught:
        load(tmp_path)
    assert caught.value.code == "CFG001"


PELICAN_PERMALINKS = [
    ("", ""),
    ("ARTICLE_URL = False", ""),
    ("ARTICLE_SAVE_AS = 'p/{slug}/index.html'", " p/{slug}/"),
    ("SLUGIFY_SOURCE = 'basename'", " {slug}.html source=basename"),
    ("SLUGIFY_USE_UNICODE = True", " {slug}.html unicode=yes"),
    (r"FILENAME_METADATA = r'(?P<date>\d{4}-\d{2}-\d{2})_(?P<slug>.*)'", " {slug}.html filename=date-slug"),
    ("FILENAME_METADATA = '(?P<slug>(a+)+)'", ""),
    ("ARTICLE_URL = '{author}/{lang}/{slug}'\nAUTHOR = 'A B'", " {author}/{lang}/{slug} author=A%20B"),
    ("ARTICLE_LANG_URL = '{lang}/{slug}/'", " {slug}.html translation={lang}/{slug}/"),
    ("ARTICLE_URL = '{category}/{slug}'\nDEFAULT_CATEGORY = 'x'", " {category}/{slug} category=x"),
]


@pytest.mark.parametrize(("text", "words"), PELICAN_PERMALINKS)
def test_permalinks_of_pelican(text: str, words: str, tmp_path: Path) -> None:
    place(tmp_path, {"pelicanconf.py": f"SITEURL = 'https://example.org'\n{text}\n"})
    assert load(tmp_path).permalink == f"pelican{words}"


@pytest.mark.parametrize(
    ("files", "dialect"),
    [
        ({"_config.yml": "title: x\n", "source/_posts/a.md": ""}, "hexo"),
        ({"_config.yml": "title: x\n", "_posts/a.md": ""}, "jekyll"),
        ({"_config.yml": "source_dir: source\n", "source/x.md": ""}, "hexo"),
        ({"_config.yml": "title: x\n"}, "jekyll"),
        ({"_posts/a.md": "", "_layouts/post.html": ""}, "jekyll"),
        ({"_posts/a.md": "", "_layouts/post.html": "", ".eleventy.js": ""}, "eleventy"),
        ({"_posts/a.md": ""}, "hexo"),
        ({"config.toml": 'base_url = "https://example.org"\n'}, "zola"),
        ({"config.toml": 'baseurl = "https://example.org/"\n'}, "hugo"),
        ({"config.yaml": "title: x\n", "archetypes/a.md": ""}, "hugo"),
        ({"hugo.yaml": "title: x\n"}, "hugo"),
        ({"config.json": '{"debug": true}'}, "hexo"),
        ({"config.toml": "not TOML at all"}, "hexo"),
        ({"eleventy.config.mjs": ""}, "eleventy"),
        ({"_data/site.json": '{"title": "x"}'}, "hexo"),
        ({}, "hexo"),
    ],
)
def test_whose_configuration_it_is(files: dict[str, str], dialect: str, tmp_path: Path) -> None:
    assert load(place(tmp_path, files), url="https://example.org/").dialect == dialect


BROKEN = [
    ({"_config.yml": "url: https://example.org\ntitle: a: b\n", "source/_posts/a.md": ""}, "_config.yml", 2),
    ({"hugo.toml": 'baseURL = "https://example.org/"\ntitle = x\n'}, "hugo.toml", 2),
    ({"config.toml": 'base_url = "https://example.org/"\ntitle = x\n'}, "config.toml", 2),
    ({"hugo.json": '{"baseURL": }'}, "hugo.json", 1),
    ({"pelicanconf.py": "SITEURL = 'https://example.org'\nPATH = (\n"}, "pelicanconf.py", 2),
    ({"pelicanconf.py": "SITEURL = 'https://example.org'\n\0"}, "pelicanconf.py", 1),
    ({"_config.yml": "a: &x [*x]\n", "_posts/a.md": ""}, "_config.yml", 1),
    ({"_config.yml": f"a: {'[' * 5000}\n", "_posts/a.md": ""}, "_config.yml", 1),
    ({"_config.yml": "- a\n", "_posts/a.md": ""}, "_config.yml", 1),
    ({"_config.yml": "#" * (LARGEST + 1), "_posts/a.md": ""}, "_config.yml", 1),
]


@pytest.mark.parametrize(("files", "file", "line"), BROKEN)
def test_a_broken_configuration_stops_with_its_line(
    files: dict[str, str], file: str, line: int, tmp_path: Path
) -> None:
    error = refused(place(tmp_path, files), url="https://example.org/")
    assert (error.code, error.file, error.line) == ("CFG022", file, line)
    assert error.hint
    assert "front matter" not in error.message


def test_a_broken_configuration_that_nobody_needs_is_told(tmp_path: Path) -> None:
    place(tmp_path, {"_config.yml": "url: https://example.org\ntitle: a: b\n", "_posts/a.md": ""})
    site = load(tmp_path, f'{URL}permalink = "jekyll"\n')
    assert [(w.code, w.severity, w.file, w.line) for w in site.warnings] == [
        ("CFG022", "warning", "_config.yml", 2)
    ]
    assert site.note == ""


def test_a_configuration_in_another_encoding_stops(tmp_path: Path) -> None:
    (tmp_path / "hugo.yaml").write_bytes("title: x\nb: 茶".encode("gb18030"))
    error = refused(tmp_path, url="https://example.org/")
    assert (error.code, error.file, error.line) == ("CFG022", "hugo.yaml", 2)


def test_the_configuration_of_another_tool_is_not_our_business(tmp_path: Path) -> None:
    place(tmp_path, {"config.yml": "a: b: c\n", "hugo.toml": "x"})
    site = load(tmp_path, URL + 'dialect = "jekyll"\n')
    assert [w.code for w in site.warnings] == ["CFG023"]
    assert site.note == ""
    assert site.dialect == "jekyll"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("url: example.org", "CFG009"),
        ("permalink: /:nonsense/", "CFG013"),
        ("source: ../elsewhere", "CFG018"),
        ("source: /etc", "CFG018"),
    ],
)
def test_what_a_build_needs_must_be_usable(line: str, code: str, tmp_path: Path) -> None:
    key = line.partition(":")[0]
    rest = "" if key == "url" else "url: https://example.org\n"
    place(tmp_path, {"_config.yml": f"{rest}{line}\n", "_posts/a.md": ""})
    error = refused(tmp_path)
    assert (error.code, error.file, error.line) == (code, "_config.yml", 1 if key == "url" else 2)
    assert f"`{key}` of Jekyll" in error.message
    assert "feedwright.toml" in error.hint


def test_what_a_build_can_go_without_is_told(tmp_path: Path) -> None:
    text = "url: https://example.org\nlang: default\ntimezone: Asia/Bejing\ntitle: [a]\ndestination: ../x\n"
    place(tmp_path, {"_config.yml": text, "_posts/a.md": ""})
    site = load(tmp_path, "built_pages = false\n")
    told = [(w.code, w.file, w.line, w.field) for w in site.warnings]
    assert told == [
        ("CFG024", "_config.yml", 4, "title"),
        ("CFG024", "_config.yml", 3, "timezone"),
        ("CFG024", "_config.yml", 2, "language"),
    ]
    assert (site.language, site.timezone, site.timezone_set) == ("en", "UTC", False)
    error = refused(tmp_path, "built_pages = true\n")
    assert error.code == "CFG025"


@pytest.mark.parametrize(
    ("author", "told", "name", "uri"),
    [
        ("{name: Ada, email: nobody, url: /ada/}", [], "Ada", None),
        ("{name: Ada, url: https://example.org/ada/}", [], "Ada", "https://example.org/ada/"),
        ("[Ada, Kim]", [], "Ada", None),
        ("{email: ada@example.org}", [], None, None),
        ("ada@example.org", ["CFG024"], None, None),
    ],
)
def test_of_an_author_what_can_be_published_is_taken(
    author: str, told: list[str], name: str | None, uri: str | None, tmp_path: Path
) -> None:
    place(tmp_path, {"_config.yml": f"url: https://example.org\nauthor: {author}\n", "_posts/a.md": ""})
    site = load(tmp_path)
    assert [w.code for w in site.warnings] == told
    assert (site.author and site.author.name, site.author and site.author.uri) == (name, uri)


@pytest.mark.parametrize("url", ["http://example.com", "http://yoursite.com/"])
def test_an_address_that_nobody_set_is_none(url: str, tmp_path: Path) -> None:
    place(tmp_path, {"_config.yml": f"url: {url}\nauthor: John Doe\n", "source/_posts/a.md": ""})
    error = refused(tmp_path)
    assert error.code == "CFG001"
    assert "_config.yml does not tell it" in error.message
    assert load(tmp_path, url="https://example.org/").author is None


def test_an_address_on_github_pages(tmp_path: Path) -> None:
    place(tmp_path, {"_config.yml": 'url: ""\nrepository: Ada/notes\n', "_posts/a.md": ""})
    assert load(tmp_path).url == "https://ada.github.io/notes/"
    place(tmp_path, {"_config.yml": "repository: ada/ada.github.io\n"})
    assert load(tmp_path).url == "https://ada.github.io/"
    place(tmp_path, {"_config.yml": "repository: https://github.com/ada/x\n"})
    assert refused(tmp_path).code == "CFG001"


CONTRADICTIONS: list[tuple[str, list[tuple[str, str, int]]]] = [
    ("", []),
    ('url = "https://example.org/tea/"', []),
    ('permalink = "posts/{key.abbrlink}.html"', []),
    ('url = "https://example.org/"', [("CFG023", "url", 6)]),
    ('permalink = "hexo"', [("CFG023", "permalink", 8)]),
    ('timezone = "UTC"', [("CFG023", "timezone", 4)]),
]


@pytest.mark.parametrize(("line", "told"), CONTRADICTIONS)
def test_a_contradiction_is_told(line: str, told: list[Any], tmp_path: Path) -> None:
    site = load(place(tmp_path, SITES["hexo"][0]), f"{line}\n")
    assert [(w.code, w.field, w.line) for w in site.warnings] == told


def test_what_cannot_be_compared_is_told_elsewhere(tmp_path: Path) -> None:
    place(tmp_path, {"_config.yml": "url: https://example.org\ntimezone: Nowhere/Land\n", "_posts/a.md": ""})
    assert load(tmp_path, 'timezone = "UTC"\n').warnings == ()
    assert refused(tmp_path, "permalink = 1\n").code == "CFG007"


def test_duplicates_and_tags_leave_the_rest_readable(tmp_path: Path) -> None:
    text = "url: https://example.org\ntitle: A\ntitle: B\nx: !ruby/regexp /a/\n? [a]\n: 1\n"
    assert load(place(tmp_path, {"_config.yml": text, "_posts/a.md": ""})).title == "A"


def test_a_configuration_is_looked_for_beside_ours(tmp_path: Path) -> None:
    place(tmp_path, {**SITES["hexo"][0], "feedwright.toml": "limit = 3\n"})
    site = load(tmp_path / "source")
    assert site.content == tmp_path / "src"
    assert site.origins["url"] == f"{tmp_path / '_config.yml'}:6"
    assert str(tmp_path / "_config.yml") in dict(site.examined)


def test_python_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    lines = [
        f"open({str(mark)!r}, 'w')",
        "A = B = 'x'",
        "C = A + 'y'",
        "D = f'{A}-{C}'",
        "E = A + 1",
        "F = print('x')",
        "G = f'{A!r}'",
        "H = f'{A:>3}'",
        "I = {'a': (1, None, True)}",
        "J = {1, 2}",
        "K = A.upper()",
        "A = print()",
        "(L, M) = 1, 2",
        "N: int",
        "O = f'{I}'",
        f"P = {'[' * 50}{']' * 50}",
    ]
    raw = RawFields(file="x.py")
    read_python("\n".join(lines), raw)
    assert not mark.exists()
    assert {key: at.value for key, at in raw.fields.items() if key != "J"} == {
        "B": "x",
        "C": "xy",
        "D": "x-xy",
        "I": {"a": ["1", None, "true"]},
    }
    assert sorted(str(raw.fields["J"].value)) == sorted("['1', '2']")
    assert raw.fields["C"].line == 3


@pytest.mark.parametrize(
    "value",
    ["-" * 100_000 + "1", "(" * 100_000, "1" + "+1" * 100_000, "a" + ".b" * 100_000, '"x"' + '+"x"' * 3000],
)
def test_python_without_end_stops_nothing_but_the_build(value: str) -> None:
    raw = RawFields(file="x.py")
    read_python(f"A = {value}", raw)
    assert not raw.fields
    assert [problem.severity for problem in raw.problems] == ["error"]
