"""Permalinks: the presets against what the generators themselves made, templates, and what always holds.

`data/permalinks.json` holds the URLs that Hexo 8.1.2, Jekyll 4.3.1, Hugo 0.168.0, Pelican 4.12.0 and
Eleventy 3.1.2 gave for articles of 2024-03-05T23:30 with their default settings, percent-encoded once.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwright import urls
from feedwright.articles.permalinks import PRESETS, TEMPLATE_FIELDS, Place, permalink
from paths import DATA

DATE = datetime(2024, 3, 5, 23, 30, 7, tzinfo=timezone(timedelta(hours=8)))
GOLDEN: list[dict[str, Any]] = json.loads((DATA / "permalinks.json").read_text(encoding="utf-8"))


def place(
    path: str, *, title: str = "T", slug: str | None = None, categories: tuple[tuple[str, ...], ...] = ()
) -> Place:
    return Place(path=path, title=title, date=DATE, slug=slug, categories=categories)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['preset']}-{row['path']}")
def test_a_preset_gives_what_its_generator_gives(row: dict[str, Any]) -> None:
    categories = tuple(map(tuple, row["categories"]))
    found = permalink(
        row["preset"], place(row["path"], title=row["title"], slug=row["slug"], categories=categories)
    )
    assert found == row["url"]


def test_every_preset_is_in_the_golden_table() -> None:
    counts = {name: sum(row["preset"] == name for row in GOLDEN) for name in PRESETS}
    assert min(counts.values()) >= 50


# Where a generator fails or makes a dead link: the preset, the article, what we give, what it does.
OTHERWISE = [
    ("hexo", place("100% sure.md"), "/2024/03/05/100%25%20sure/", "stops: malformed URI"),
    ("hexo", place("C#.md"), "/2024/03/05/C%23/", "leaves # bare, so the page is never found"),
    ("hexo", place("why?.md"), "/2024/03/05/why%3F/", "leaves ? bare, so the page is never found"),
    ("jekyll", place("2024-03-05-！？.md"), "/2024/03/05/%EF%BC%81%EF%BC%9F.html", "/2024/03/05/.html"),
    ("jekyll", place("a.md", slug="???"), "/2024/03/05/a.html", "/2024/03/05/.html"),
    (
        "jekyll",
        place("a.md", categories=(("Tech", "Python"),)),
        "/tech/python/2024/03/05/a.html",
        'adds /["tech", "python"] as Ruby writes a list',
    ),
    ("hugo", place("！？.md"), "/%EF%BC%81%EF%BC%9F/", "/, the home page"),
    ("hugo", place("notes/a.md", slug="???"), "/notes/a/", "/notes/, the section's page"),
    ("hugo", place("100%41.md"), "/100%2541/", "/100%41/, which is /100A/"),
    ("hugo", place("notes/a.md", slug="../up/../x"), "/notes/up/x/", "/notes/../up/../x/"),
    ("pelican", place("a.md", title="！？"), "/a.html", "/.html"),
    ("pelican", place("a.md", slug="../up/../x"), "/up/x.html", "leaves the article out"),
]


@pytest.mark.parametrize(
    ("preset", "article", "url"), [row[:3] for row in OTHERWISE], ids=[row[3] for row in OTHERWISE]
)
def test_a_preset_never_gives_a_dead_link(preset: str, article: Place, url: str) -> None:
    assert permalink(preset, article) == url


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
    assert permalink("{path}/", place(path)) == url


ARTICLE = place(
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
    assert permalink("{slug}/", place("2024-03-05-a.md", slug="B b")) == "/B%20b/"


def test_without_a_category_its_folder_is_left_out() -> None:
    assert permalink("{category}/{slug}/", place("a.md")) == "/a/"


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
    found = permalink(template, place(path + ".md", title=title, slug=slug, categories=tuple(categories)))
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
    found = permalink(template, place(path + ".md", title=title, slug=slug, categories=((title, "a"),)))
    folder = urls.folder(base)
    assert folder is not None
    assert folder + found[1:] == urls.web("." + found, base)


@given(path=st.lists(LABELS.filter(lambda part: part.strip("./") != ""), min_size=1, max_size=3))
def test_hexo_and_templates_keep_every_letter_of_the_path(path: list[str]) -> None:
    names = [part.replace("/", "").replace("\ud800", "") or "x" for part in path]
    names = [name if name.strip(".") else "x" for name in names]
    joined = "/".join(names)
    assert unquote(permalink("hexo", place(joined + ".md"))) == f"/2024/03/05/{joined}/"


def test_only_pelican_s_preset_loads_the_transliteration() -> None:
    code = "import sys, feedwright.articles.permalinks; print('text_unidecode' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
