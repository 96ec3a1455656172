"""The dialect of Markdown that a site's configuration tells."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from feedwright.generators.configuration import Configuration, Table
from feedwright.generators.markdown_dialect import DIALECTS, described, markdown_dialect, switches
from feedwright.generators.table import GENERATORS

HEXO, PACKAGE, HUGO = "_config.yml", "package.json", "hugo.toml"
RENDERER = {"dependencies": {"hexo-renderer-markdown-it": "^7"}}
TOLD: list[tuple[str, Mapping[str, Table], str]] = [
    ("hexo", {HEXO: {"title": "T"}}, "hexo"),
    ("hexo", {HEXO: {"marked": {"breaks": "false", "smartypants": "false"}}}, "hexo breaks=no smart=no"),
    ("hexo", {HEXO: {"marked": {"autolink": "false"}, "mathjax": "true"}}, "hexo math autolinks=no"),
    (
        "hexo",
        {PACKAGE: {"dependencies": {"hexo-footnotes": "1", "hexo-math": "4"}}, HEXO: {"a": "b"}},
        "hexo footnotes math",
    ),
    ("hexo", {PACKAGE: RENDERER, HEXO: {"title": "T"}}, "markdown-it breaks autolinks smart captions"),
    (
        "hexo",
        {
            PACKAGE: RENDERER,
            HEXO: {
                "markdown": {
                    "render": {"breaks": "false", "typographer": "false"},
                    "plugins": ["markdown-it-footnote", {"name": "markdown-it-sub"}, "other"],
                }
            },
        },
        "markdown-it footnotes autolinks captions subscript",
    ),
    (
        "hexo",
        {PACKAGE: {"dependencies": {"hexo-renderer-markdown-it-plus": "1"}}, HEXO: {"title": "T"}},
        (
            "markdown-it footnotes math breaks autolinks smart captions subscript superscript"
            " definition-lists abbreviations insert mark"
        ),
    ),
    (
        "hexo",
        {PACKAGE: {"dependencies": {"hexo-renderer-markdown": "1"}}, HEXO: {"title": "T"}},
        (
            "markdown-it footnotes math emoji breaks autolinks smart captions abbreviations attributes"
            " definition-lists insert mark subscript superscript tasks"
        ),
    ),
    ("hexo", {HEXO: {"highlight": {"enable": "false"}}}, "hexo captions=no"),
    ("hexo", {HEXO: {"highlight": {"enable": "false"}, "prismjs": {"enable": "true"}}}, "hexo"),
    (
        "hexo",
        {PACKAGE: {"dependencies": {"hexo-renderer-pandoc": "1"}}, HEXO: {"title": "T"}},
        "commonmark math smart definition-lists containers heading-attributes",
    ),
    (
        "hexo",
        {
            PACKAGE: RENDERER,
            HEXO: {
                "markdown": {"plugins": [{"name": "markdown-it-container"}, "markdown-it-attrs", {"a": "b"}]}
            },
        },
        "markdown-it breaks autolinks smart captions containers attributes",
    ),
    ("eleventy", {".eleventy.js": {}}, "markdown-it indented-code=no"),
    (
        "eleventy",
        {
            ".eleventy.js": {},
            PACKAGE: {
                "author": "Ann",
                "dependencies": {"markdown-it-attrs": "4"},
                "devDependencies": {"markdown-it-container": "4", "other": "1"},
            },
        },
        "markdown-it indented-code=no attributes containers",
    ),
    ("jekyll", {HEXO: {"title": "T"}}, "kramdown"),
    ("jekyll", {HEXO: {"kramdown": {"hard_wrap": "true"}, "use_math": "true"}}, "kramdown math breaks"),
    ("jekyll", {HEXO: {"kramdown": {"smart_quotes": "apos,apos,quot,quot"}}}, "kramdown smart=no"),
    (
        "jekyll",
        {HEXO: {"markdown": "CommonMark", "commonmark": {"options": ["SMART", "FOOTNOTES"]}}},
        "commonmark smart",
    ),
    ("hugo", {HUGO: {"title": "T"}}, "goldmark"),
    (
        "hugo",
        {
            HUGO: {
                "markup": {
                    "goldmark": {
                        "extensions": {
                            "typographer": {"disable": "true"},
                            "linkify": "false",
                            "passthrough": {"enable": "true"},
                            "extras": {"superscript": {"enable": "true"}, "mark": {"enable": "true"}},
                        },
                        "renderer": {"hardWraps": "true"},
                    }
                }
            }
        },
        "goldmark autolinks=no mark math smart=no superscript breaks",
    ),
    (
        "hugo",
        {"config/_default/markup.toml": {"goldmark": {"extensions": {"typographer": "false"}}}},
        "goldmark smart=no",
    ),
    ("hugo", {HUGO: {"params": {"math": "true"}}}, "goldmark math"),
    ("hugo", {HUGO: {"enableEmoji": "true"}}, "goldmark emoji"),
    ("jekyll", {HEXO: {"plugins": ["jekyll-feed", "jemoji"]}}, "kramdown emoji"),
    ("zola", {"config.toml": {"base_url": "/"}}, "pulldown-cmark"),
    (
        "zola",
        {"config.toml": {"markdown": {"smart_punctuation": "true"}, "extra": {"katex": "true"}}},
        "pulldown-cmark smart math",
    ),
    ("pelican", {"pelicanconf.py": {"SITENAME": "S"}}, "python-markdown"),
    (
        "pelican",
        {
            "pelicanconf.py": {
                "MARKDOWN": {
                    "extension_configs": {"markdown.extensions.extra": {}, "markdown.extensions.toc": {}},
                    "extensions": ["smarty", "pymdownx.emoji"],
                },
                "PLUGINS": ["render_math"],
            }
        },
        "python-markdown codehilite=no meta=no smarty toc math",
    ),
    ("eleventy", {"eleventy.config.js": {}}, "markdown-it indented-code=no"),
]


@pytest.mark.parametrize(("generator", "files", "expected"), TOLD)
def test_the_configuration_tells_the_dialect(
    generator: str, files: Mapping[str, Table], expected: str
) -> None:
    site = Configuration(files=files, has_folder=lambda name: name == "source/_posts")
    given = dict(GENERATORS[generator].settings(site))["markdown"]
    assert given.value == expected
    markdown_dialect(expected)


def test_a_package_alone_is_no_site_of_hexo() -> None:
    site = Configuration(files={PACKAGE: RENDERER}, has_folder=lambda name: True)
    assert not GENERATORS["hexo"].recognizes(site)


@pytest.mark.parametrize("name", GENERATORS)
def test_every_generator_has_a_dialect(name: str) -> None:
    assert markdown_dialect(GENERATORS[name].markdown).name in DIALECTS


def test_what_is_described_is_read_back() -> None:
    dialect = markdown_dialect("goldmark smart=no breaks")
    assert (
        markdown_dialect(described("goldmark", {"smart": False, "breaks": True, "tables": None})) == dialect
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("textile", "is none of"),
        ("hexo extra", "does not know"),
        ("hexo breaks=maybe", "neither breaks=yes nor breaks=no"),
        ("python-markdown tables nosuch", "does not know"),
        ("", "is none of"),
    ],
)
def test_what_is_no_dialect_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        markdown_dialect(text)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Math": "true", "title": "T"}, {"math": True}),
        ({"use_math": "no"}, {"math": False}),
        ({"math": {"enable": "true"}}, {"math": True}),
        ({"math": {"engine": "katex"}}, {}),
        ({"params": {"katex": "on"}, "breaks": "false"}, {"math": True, "breaks": False}),
        ({"mathjax": "false", "katex": "true"}, {"math": True}),
        ({"math": None, "breaks": ["a"]}, {}),
    ],
)
def test_switches(values: Mapping[str, object], expected: Mapping[str, bool]) -> None:
    assert switches(values) == expected
