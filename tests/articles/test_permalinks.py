"""Permalinks: templates, and what always holds."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwright import urls
from feedwright.articles.permalinks import TEMPLATE_FIELDS, permalink
from feedwright.generators.generator import PermalinkFacts
from feedwright.generators.table import PRESETS

DATE = datetime(2024, 3, 5, 23, 30, 7, tzinfo=timezone(timedelta(hours=8)))


def facts(
    path: str, *, title: str = "T", slug: str | None = None, categories: tuple[tuple[str, ...], ...] = ()
) -> PermalinkFacts:
    return PermalinkFacts(path=path, title=title, date=DATE, slug=slug, categories=categories)


BELOW_POSTS = [
    ("_posts/a.md", "/a/"),
    ("source/_posts/tea/a.md", "/tea/a/"),
    ("_posts/tea/a.md", "/tea/a/"),
    ("tea/_posts/a.md", "/tea/a/"),
    ("_drafts/a.md", "/a/"),
    ("source/_drafts/a.md", "/a/"),
    ("source/a.md", "/source/a/"),
    ("posts/a.md", "/posts/a/"),
    ("_posts.md", "/_posts/"),
]


@pytest.mark.parametrize(("path", "url"), BELOW_POSTS)
def test_the_folders_of_posts_and_drafts_are_not_in_the_path(path: str, url: str) -> None:
    assert permalink("{path}/", facts(path)) == url


ARTICLE = facts(
    "tea/2024-03-05-Green Tea.md",
    title="Green/Tea: 100%",
    categories=(("Drinks", "Hot Tea"), ("Drinks",), ("a/b",)),
)
TEMPLATES = [
    ("{year}/{month}/{day}/", "/2024/03/05/"),
    ("{i_month}-{i_day}", "/3-5"),
    ("{hour}{minute}{second}.html", "/233007.html"),
    ("/{path}.html", "/tea/2024-03-05-Green%20Tea.html"),
    ("{stem}", "/2024-03-05-Green%20Tea"),
    ("{slug}", "/Green%20Tea"),
    ("{title}", "/Green%2FTea:%20100%25"),
    ("{category}/{slug}/", "/Drinks/Hot%20Tea/Green%20Tea/"),
    ("{categories}/{slug}/", "/Drinks/Hot%20Tea/a%2Fb/Green%20Tea/"),
    ("博客/{slug}", "/%E5%8D%9A%E5%AE%A2/Green%20Tea"),
    ("a%20b/{slug}", "/a%20b/Green%20Tea"),
    ("../{year}/./%2e%2E/{slug}", "/2024/Green%20Tea"),
    ("//{year}//{slug}//", "/2024/Green%20Tea/"),
    ("{{{year}}}", "/%7B2024%7D"),
    ("?p={year}", "/%3Fp=2024"),
    ("", "/"),
]


@pytest.mark.parametrize(("template", "url"), TEMPLATES)
def test_a_template_is_filled(template: str, url: str) -> None:
    assert permalink(template, ARTICLE) == url


def test_the_slug_of_the_front_matter_comes_before_the_file_name() -> None:
    assert permalink("{slug}/", facts("2024-03-05-a.md", slug="B b")) == "/B%20b/"


def test_without_a_category_its_folder_is_left_out() -> None:
    assert permalink("{category}/{slug}/", facts("a.md")) == "/a/"


def test_every_field_can_be_used_and_no_other() -> None:
    for field in TEMPLATE_FIELDS:
        assert "{" not in permalink(f"{{{field}}}/x", ARTICLE)
    with pytest.raises(KeyError):
        permalink("{author}", ARTICLE)
    with pytest.raises(ValueError):
        permalink("{year", ARTICLE)


PATH = re.compile(r"/(?:[A-Za-z0-9/!$&'()*+,;=:@._~-]|%[0-9A-F]{2})*")
NAMES = st.text(st.characters(codec=None), min_size=1, max_size=12)
LABELS = st.text(st.sampled_from("aZ0 ./\\%#?&é中ー！\u0301-_'\"<>\ud800"), max_size=8)


@given(
    template=st.sampled_from([*PRESETS, *(f"{{{field}}}/x" for field in sorted(TEMPLATE_FIELDS))]),
    path=NAMES | LABELS,
    title=NAMES | LABELS,
    slug=st.none() | LABELS,
    categories=st.lists(st.tuples(LABELS, LABELS), max_size=2),
)
def test_a_permalink_is_always_a_url_path(
    template: str, path: str, title: str, slug: str | None, categories: list[tuple[str, ...]]
) -> None:
    found = permalink(template, facts(path + ".md", title=title, slug=slug, categories=tuple(categories)))
    assert PATH.fullmatch(found)
    assert not {".", ".."} & set(found.split("/"))
    assert "//" not in found


@given(
    template=st.sampled_from([*PRESETS, "{slug}/{title}", "100%/%2e/{stem}/../.%2E/{category}//x|y"]),
    path=NAMES | LABELS,
    title=NAMES | LABELS,
    slug=st.none() | LABELS,
    base=st.sampled_from(["https://example.org/", "http://example.org:80/a b/c", "https://例え.jp/道/?x=/"]),
)
def test_joining_a_permalink_to_a_folder_is_what_resolving_it_gives(
    template: str, path: str, title: str, slug: str | None, base: str
) -> None:
    found = permalink(template, facts(path + ".md", title=title, slug=slug, categories=((title, "a"),)))
    folder = urls.folder(base)
    assert folder is not None
    assert folder + found[1:] == urls.web("." + found, base)


@given(path=st.lists(LABELS.filter(lambda part: part.strip("./") != ""), min_size=1, max_size=3))
def test_hexo_and_templates_keep_every_letter_of_the_path(path: list[str]) -> None:
    names = [part.replace("/", "").replace("\ud800", "") or "x" for part in path]
    names = [name if name.strip(".") else "x" for name in names]
    joined = "/".join(names)
    assert unquote(permalink("hexo", facts(joined + ".md"))) == f"/2024/03/05/{joined}/"


@pytest.mark.parametrize(
    ("template", "path", "address"),
    [
        ("{year}/{slug}/", "post/2024-03-05-tea/index.md", "/2024/tea/"),
        ("{year}/{stem}.html", "post/tea/Index.html", "/2024/tea.html"),
        ("{stem}/", "index.md", "/index/"),
        ("{stem}/", "a/_index.md", "/_index/"),
        ("{path}/", "a/index.md", "/a/index/"),
    ],
)
def test_an_index_has_the_name_of_its_folder(template: str, path: str, address: str) -> None:
    assert permalink(template, facts(path)) == address
