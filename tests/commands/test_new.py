"""The command `new`: an article in the form of the site's others, that is read back as it was meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import Desk
from feedwright.articles import article, new_article
from feedwright.articles.field_reader import FieldReader
from feedwright.articles.front_matter import parse
from feedwright.cli import questions
from feedwright.generators.generator import Archetype
from feedwright.generators.table import GENERATORS
from feedwright.text import fold_label, tidy_label
from sites import reading, text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DATE = ("--date", "2026-11-29T14:03:05")
SITES = {
    "hexo": (
        "_config.yml",
        "url: https://example.org\ntimezone: Asia/Shanghai\nsource_dir: source\nnew_post_name: x\n",
        "source/_posts/tea.md",
        "---\ntitle: Tea\ndate: 2026-11-29 14:03:05\ncategories:\n  - Tea\n---\n\n",
    ),
    "jekyll": (
        "_config.yml",
        "url: https://example.org\ntimezone: Asia/Shanghai\n",
        "_posts/2026-11-29-tea.md",
        "---\ntitle: Tea\ndate: 2026-11-29 14:03:05 +0800\ncategories:\n  - Tea\n---\n\n",
    ),
    "hugo": (
        "hugo.toml",
        'baseURL = "https://example.org/"\ntimeZone = "Asia/Shanghai"\n',
        "content/posts/tea.md",
        '+++\ntitle = "Tea"\ndate = 2026-11-29T14:03:05+08:00\ncategories = ["Tea"]\n+++\n\n',
    ),
    "zola": (
        "config.toml",
        'base_url = "https://example.org/"\n',
        "content/tea.md",
        '+++\ntitle = "Tea"\ndate = 2026-11-29T14:03:05+00:00\n[taxonomies]\ncategories = ["Tea"]\n+++\n\n',
    ),
    "pelican": (
        "pelicanconf.py",
        'SITEURL = "https://example.org"\nPATH = "content"\nTIMEZONE = "Asia/Shanghai"\n',
        "content/tea.md",
        "Title: Tea\nDate: 2026-11-29 14:03\nCategory: Tea\n\n",
    ),
    "eleventy": (
        "eleventy.config.js",
        "export default 1\n",
        "posts/tea.md",
        "---\ntitle: Tea\ndate: 2026-11-29T14:03:05+00:00\ncategories:\n  - Tea\n---\n\n",
    ),
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure()
    return desk


@pytest.mark.parametrize("generator", SITES)
def test_the_first_article_is_as_its_generator_has_it(tmp_path: Path, generator: str) -> None:
    file, settings, path, expected = SITES[generator]
    (tmp_path / file).write_text(settings, "utf-8")
    if generator == "hexo":
        (tmp_path / "source").mkdir()
    words = ("Tea", "--category", "Tea", *DATE, "--url", "https://example.org/")
    output = Desk(tmp_path).run("new", *words)
    assert (output.code, output.out) == (0, f"{path}\n"), output.err
    assert (tmp_path / path).read_text("utf-8") == expected


def test_every_generator_is_tried() -> None:
    assert SITES.keys() == GENERATORS.keys()


def test_without_a_generator_it_lies_in_the_content_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    output = desk.run("new", "茶馆：雨", *DATE, "--url", "https://example.org/")
    assert output.out == "content/茶馆-雨.md\n"
    assert (
        (desk.content / "茶馆-雨.md")
        .read_text("utf-8")
        .startswith('---\ntitle: "茶馆：雨"\ndate: 2026-11-29T')
    )
    assert desk.run("build", "--url", "https://example.org/", "--now", "2026-11-30").code == 0
    assert desk.ids() == {"茶馆：雨": "tag:example.org,2026-11-29:%E8%8C%B6%E9%A6%86-%E9%9B%A8.md"}


def test_it_is_like_most_of_the_newest_articles(desk: Desk) -> None:
    for day in (1, 2, 3):
        desk.write(f"blog/2026/0{day}/2026-0{day}-05-n.md", f'+++\ntitle = "N"\ndate = 2026-0{day}-05\n+++\n')
    desk.write("old/2019.md", text("Old", "2019-01-01"))
    output = desk.run("new", "Tea", *DATE)
    assert output.out == "content/blog/2026/11/2026-11-29-tea.md\n"
    assert (desk.root / output.out.strip()).read_text("utf-8").startswith("+++\n")


def test_the_key_of_categories_is_the_one_in_use(desk: Desk) -> None:
    desk.configure('dialect = "jekyll"')
    desk.write("a.md", text("A", category="Green tea"))
    made = desk.root / desk.run("new", "Tea", "--category", "Black tea", *DATE).out.strip()
    assert "\ncategory: Black tea\n" in made.read_text("utf-8")


def test_yaml_without_a_fence_is_no_header_of_pelican(desk: Desk) -> None:
    desk.write("a.md", "title: A\ndate: 2026-01-03\n---\ntext\n")
    made = desk.root / desk.run("new", "Tea", *DATE).out.strip()
    assert made.read_text("utf-8").startswith("---\ntitle: Tea\n")


def test_several_categories_of_hexo_are_no_path(tmp_path: Path) -> None:
    file, settings, path, _ = SITES["hexo"]
    (tmp_path / file).write_text(settings, "utf-8")
    (tmp_path / "source").mkdir()
    Desk(tmp_path).run("new", "Tea", "--category", "Tea, green", "--category", "Rain")
    written = (tmp_path / path).read_text("utf-8")
    assert 'categories:\n  - ["Tea, green"]\n  - ["Rain"]\n' in written


def test_categories_that_a_key_cannot_take_are_told(desk: Desk) -> None:
    desk.configure('dialect = "pelican"')
    output = desk.run("new", "Tea", "--category", "Leaves", "--category", "Rain")
    assert output.err == '`category` takes one category; left out: "Rain"\n'


def test_nothing_is_overwritten(desk: Desk) -> None:
    desk.write("tea.md", "mine")
    output = desk.run("new", "Tea")
    assert (output.code, output.codes, output.out) == (2, ["USE006"], "")
    assert (desk.content / "tea.md").read_text("utf-8") == "mine"


@pytest.mark.parametrize("title", ["", " ", "\u200b"])
def test_a_blank_title_is_refused(desk: Desk, title: str) -> None:
    assert desk.run("new", title).codes == ["USE007"]
    assert not desk.content.exists()


def test_an_odd_date_is_refused(desk: Desk) -> None:
    assert desk.run("new", "Tea", "--date", "tomorrow").code == 2


def test_a_date_of_another_zone_is_written_in_the_site_s(desk: Desk) -> None:
    made = desk.run("new", "Tea", "--date", "2026-01-01T01:00:00+08:00", FEEDWRIGHT_TIMEZONE="Europe/Paris")
    assert "2025-12-31T18:00:00+01:00" in (desk.root / made.out.strip()).read_text("utf-8")


def test_a_new_category_that_is_close_to_one_in_use_is_asked_about(desk: Desk) -> None:
    desk.write("a.md", text("A", categories="Gardening"))
    output = desk.run("new", "Tea", "--category", "gardning", "--category", "GARDENING")
    assert output.err == '"gardning" is a new category: did you mean "Gardening"?\n'


def test_categories_in_use_are_offered_on_a_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        desk.write(f"{number}.md", text(f"N{number}", categories="News" if number else "Tea"))
    offered: list[Sequence[str]] = []

    def answer(in_use: Sequence[str]) -> Sequence[str]:
        offered.append(in_use)
        return ["Tea", "Tea leaves"]

    monkeypatch.setattr(questions, "is_possible", lambda: True)
    monkeypatch.setattr(questions, "categories", answer)
    output = desk.run("new", "Rain", "--report", "json")
    assert offered == [["News", "Tea"]]
    assert output.json["categories"] == ["Tea", "Tea leaves"]
    desk.run("new", "Snow", "--category", "News")
    desk.run("new", "Ice", "--quiet")
    assert len(offered) == 1


@pytest.mark.parametrize(
    ("answer", "meant"), [("", []), ("1, Tea", ["News", "Tea"]), ("3,0", ["3", "0"]), (" News ,, ", ["News"])]
)
def test_an_answer_is_names_or_numbers(
    answer: str, meant: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.prompt", lambda *_, **__: answer)
    assert questions.categories(["News", "Tea"]) == meant


TITLES = st.text(min_size=1, max_size=40).map(tidy_label).filter(bool)


@given(
    TITLES,
    st.lists(TITLES.filter(lambda label: not set(label) & set(",;")), max_size=2, unique_by=fold_label),
    st.sampled_from(
        [
            Archetype(),
            Archetype(paths=True),
            Archetype(notation="toml"),
            Archetype(notation="toml", category="taxonomies.categories"),
        ]
    ),
)
def test_what_is_written_is_read_back(title: str, labels: list[str], archetype: Archetype) -> None:
    moment = datetime(2026, 11, 29, 14, 3, 5, tzinfo=timezone(timedelta(hours=8)))
    written = new_article.text_of(archetype, title, moment, labels)
    options = reading(dialect="zola", zone=moment.tzinfo)
    parsed = parse.read(written, file="a.md", dialect="zola")
    assert parsed
    reader = FieldReader(path="a.md", parsed=parsed, options=options)
    found = article.read(reader)
    assert found
    assert parsed.fields["title"].value == title
    assert found.published == moment.replace(second=0 if archetype.date else 5)
    assert [path[-1] for path in found.categories] == labels[: 1 if archetype.single else None]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("a.md", "{slug}.md"),
        ("2026/11/29/a.md", "{year}/{month}/{day}/{slug}.md"),
        ("11/2026/11/a.markdown", "11/{year}/{month}/{slug}.markdown"),
        ("2026-11/a.md", "{year}-{month}/{slug}.md"),
        ("posts/a/index.md", "posts/{slug}/index.md"),
        ("posts/2026-11-29-a/index.md", "posts/{year}-{month}-{day}-{slug}/index.md"),
        ("_posts/2020-01-01_a.md", "_posts/{year}-{month}-{day}_{slug}.md"),
        ("{x}/index.html", "{slug}/index.html"),
        ("{x}/a.md", "{{x}}/{slug}.md"),
        ("2026-11-29.md", "{slug}.md"),
    ],
)
def test_the_form_of_a_path(path: str, form: str) -> None:
    date = datetime(2026, 11, 29, tzinfo=UTC)
    assert new_article.path_form(path, date) == form
    assert new_article.path_of(Archetype(path=form), "a", date).count("{") == path.count("{x}/a")
