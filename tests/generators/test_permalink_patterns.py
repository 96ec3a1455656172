"""Permalinks in the generators' own notations, against what the generators themselves made.

`data/patterns.json` holds, for each pattern, the URLs that Hexo 8.1.2, Jekyll 4.3.1, Hugo 0.168.0 and Pelican
4.12.0 gave to the articles below with the configuration that the pattern was derived from.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwright.articles.permalinks import are_same, permalink
from feedwright.generators.generator import MissingKeyError, PermalinkFacts
from feedwright.generators.notation import packed, unpacked
from feedwright.settings.checks import SettingError
from feedwright.settings.checks import permalink as check
from paths import DATA

GOLDEN: list[dict[str, Any]] = json.loads((DATA / "patterns.json").read_text(encoding="utf-8"))
LATE = datetime(2024, 12, 30, 23, 30, tzinfo=timezone(timedelta(hours=8)))


def _facts(path: str, title: str, date: datetime, **more: Any) -> PermalinkFacts:
    keys = more.pop("keys", {})
    here = date.replace(tzinfo=date.tzinfo or UTC)
    return PermalinkFacts(
        path=path, title=title, date=here.astimezone(UTC), written=here, read=keys.get, **more
    )


def _hugo(path: str) -> PermalinkFacts:
    return _facts(path, f"A Title, of {path.rpartition('/')[2]}: Ça & b", LATE)


ARTICLES = {
    "hexo": [
        _facts(
            "_posts/2024-03-05-Green_Tea.md",
            "Green tea, again: Ça va",
            datetime(2024, 3, 5, 6, 7, 8),
            categories=(("Deep Water",), ("Fish",)),
            keys={"abbrlink": "6a1b", "id": "7"},
        ),
        _facts(
            "_posts/sub/b c.md",
            "中文 标题!",
            datetime(2024, 12, 31, 23, 7, 8),
            categories=(("One",), ("编程", "技术")),
            keys={"abbrlink": "33", "id": "9", "lang": "fr"},
        ),
        _facts("_posts/d.md", "D", datetime(2024, 12, 31, 23, 7, 8), keys={"abbrlink": "34", "id": "10"}),
    ],
    "jekyll": [
        _facts(
            "_posts/2024-03-05-One--two three.md",
            "A",
            datetime(2024, 3, 5),
            categories=(("Deep",), ("Water",)),
        ),
        _facts(
            "_posts/2024-03-06-b.md",
            "B",
            datetime(2024, 12, 30, 1, 2, 3),
            slug="My Slug",
            categories=(("Big Fish",),),
        ),
        _facts(
            "food/_posts/sub/2024-01-01-c.d.md",
            "C",
            datetime(2024, 1, 1),
            categories=(("中文",), ("C++",)),
        ),
    ],
    "hugo": [
        *map(_hugo, ["posts/first/index.md", "posts/2024-03-05-Green_Tea.md", "news/b.md", "top.md"]),
        _facts("posts/s.md", "S", datetime(2024, 2, 3), slug="My Slug"),
    ],
    "pelican": [
        _facts(
            "2024-03-05-Green_Tea.md",
            "Green tea, again: Ça va <b>x</b>",
            datetime(2024, 3, 5, 6, 7),
            categories=(("Deep Water",),),
            keys={"author": "Jo Doe"},
        ),
        _facts(
            "Big Fish/b.md",
            "北京 x",
            datetime(2024, 12, 31, 23, 7),
            slug="my-slug",
            categories=(("Big Fish",),),
            keys={"lang": "en"},
        ),
        _facts("2024-12-01_third one.md", "Third", datetime(2024, 12, 1)),
    ],
}
ROWS = [
    pytest.param(row["permalink"], facts, row["urls"][facts.path], id=f"{row['permalink']}-{facts.path}")
    for row in GOLDEN
    for facts in ARTICLES[row["permalink"].partition(" ")[0]]
]


@pytest.mark.parametrize(("template", "facts", "url"), ROWS)
def test_a_pattern_gives_what_its_generator_gives(template: str, facts: PermalinkFacts, url: str) -> None:
    assert unquote(permalink(template, facts)) == unquote(url)
    assert check(template) == template


def test_the_golden_urls_are_of_these_articles() -> None:
    for row in GOLDEN:
        assert set(row["urls"]) == {facts.path for facts in ARTICLES[row["permalink"].partition(" ")[0]]}


# What getzola.org/documentation/content/page and …/overview say; Zola is in no registry that CI reaches.
ZOLA = [
    ("zola", "blog/2024-05-06-hello/index.md", {}, None, "/blog/hello/"),
    ("zola", "blog/2024-05-07-file.md", {}, None, "/blog/file/"),
    ("zola", "blog/2018-10-10T12:00:00Z_a-page.md", {}, None, "/blog/a-page/"),
    ("zola", "blog/c.md", {"path": "/x/y"}, None, "/x/y/"),
    ("zola", "blog/Ünder water.md", {}, None, "/blog/under-water/"),
    ("zola", "blog/c.md", {}, "My Slug", "/blog/my-slug/"),
    ("zola", "about.md", {}, None, "/about/"),
    ("zola", "2024-05-07.md", {}, None, "/2024-05-07/"),
    ("zola dates=keep", "blog/2024-05-07-file.md", {}, None, "/blog/2024-05-07-file/"),
    ("zola safe", "blog/Über dem Berg (2).md", {}, None, "/blog/Über_dem_Berg_2/"),
    ("zola off", "blog/Ünder water.md", {}, None, "/blog/Ünder water/"),
]


@pytest.mark.parametrize(("template", "path", "keys", "slug", "url"), ZOLA)
def test_zola_addresses(template: str, path: str, keys: dict[str, str], slug: str | None, url: str) -> None:
    assert unquote(permalink(template, _facts(path, "T", LATE, slug=slug, keys=keys))) == url
    assert check(template) == template


REFUSED = [
    ("hexo posts/", "has no parameter"),
    ("jekyll fancy", "is neither a style"),
    ("jekyll /:titel/", ":titel, which Jekyll does not know"),
    ("hugo posts=/:sluggish/", "the token :sluggish"),
    ("hugo posts=/:slug[1]/", "the token :slug[1]"),
    ("hugo posts=/:sections[x]/", "the token :sections[x]"),
    ("hugo fancy", "is neither section=pattern"),
    ("pelican {slug", "has an unmatched brace"),
    ("pelican posts/", "has no field"),
    ("pelican {date:%Q}/{slug}", "the form {date:%Q}"),
    ("pelican {slug:%Y}", "the form {slug:%Y}"),
    ("zola loud", "is not on, safe or off"),
    ("zola safe case=no", "is not on, safe or off"),
    ("eleventy {slug}/", "has none of its own"),
]


@pytest.mark.parametrize(("template", "message"), REFUSED)
def test_a_pattern_that_cannot_be_followed_is_refused(template: str, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        check(template)
    assert caught.value.code == "CFG013"
    assert message in caught.value.message


@pytest.mark.parametrize("template", ["{key.abbrlink}.html", "hexo :abbrlink/", "pelican {abbrlink}.html"])
def test_an_article_without_a_key_that_its_address_needs_has_none(template: str) -> None:
    facts = _facts("a.md", "T", LATE, keys={"abbrlink": "6a/1b"})
    assert unquote(permalink(template, facts)).startswith("/6a")
    with pytest.raises(MissingKeyError, match="abbrlink"):
        permalink(template, _facts("a.md", "T", LATE))


def test_a_pattern_for_all_sections_of_hugo() -> None:
    assert permalink("hugo /:year/:slug/", _hugo("news/b.md")).startswith("/2024/a-title")
    assert permalink("hugo .html", _hugo("news/b.md")) == "/news/b.html"
    assert permalink("hugo x=/:sections[last:]/:sections[0:last]/:title/", _hugo("y/b.md")) == "/y/b/"
    nested = _hugo("posts/one/two/b.md")
    assert permalink("hugo posts=/:sections[1:last]/-/:sections[last]/", nested) == "/one/-/two/"


def test_words_survive_packing() -> None:
    options = {"file": ":year-:title.md", "map:深 水": "a=b", "empty": ""}
    assert unpacked(packed(":category/:title/", options)) == (
        ":category/:title/",
        {"file": ":year-:title.md", "map:深 水": "a=b"},
    )
    assert unpacked(packed("", {"a": "b"})) == ("", {"a": "b"})
    assert unpacked(".html word") == (".html", {"word": "yes"})


@given(
    st.text(min_size=1).filter(lambda text: "=" not in text), st.dictionaries(st.text(), st.text(min_size=1))
)
def test_packing_is_undone(pattern: str, options: dict[str, str]) -> None:
    first, others = unpacked(packed(pattern, options))
    assert (unquote(first), others) == (unquote(pattern), options)


def test_two_templates_are_compared_by_what_they_give() -> None:
    assert are_same("hexo", "{year}/{month}/{day}/{path}/")
    assert are_same("hexo", "hexo :year/:month/:day/:title/")
    assert not are_same("hexo", "hexo :abbrlink/")
    assert not are_same("hugo", "zola")
    assert are_same("{key.shelf}/", "hexo :shelf/")
    assert not are_same("{key.shelf}/", "{key.row}/")
    assert are_same("jekyll", "jekyll date")
