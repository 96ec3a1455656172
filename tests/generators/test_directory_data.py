"""What Eleventy's data of a folder say of the articles below it, and data beside an article of that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from desk import Desk
from sites import text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure('dialect = "eleventy"', 'permalink = "eleventy"')
    desk.write("posts/2026-01-02-a.md", text("A"))
    desk.write("posts/b/index.md", text("B"))
    desk.write("posts/c.md", text("C", permalink="/own/"))
    return desk


def links(desk: Desk, name: str, **data: object) -> dict[str, str]:
    desk.write(name, json.dumps(data))
    assert desk.run("build").code == 0
    return {entry.title: entry.link.removeprefix("https://example.org") for entry in desk.entries()}


@pytest.mark.parametrize("name", ["posts/posts.json", "posts/posts.11tydata.json"])
def test_they_give_addresses_where_an_article_has_none(name: str, desk: Desk) -> None:
    assert links(desk, name, permalink="/blog/{{ page.fileSlug }}/index.html") == {
        "A": "/blog/a/",
        "B": "/blog/b/",
        "C": "/own/",
    }


def test_a_path_of_the_file_is_known(desk: Desk) -> None:
    shown = links(desk, "posts/posts.json", permalink="/x{{page.filePathStem}}.html")
    assert shown["A"] == "/x/posts/2026-01-02-a.html"


def test_data_of_another_folder_say_nothing(desk: Desk) -> None:
    assert links(desk, "posts/b/posts.json", permalink="/blog/{{ page.fileSlug }}/")["B"] == "/posts/b/"


@pytest.mark.parametrize("data", [{"permalink": False}, {"eleventyExcludeFromCollections": True}])
def test_they_hide_articles(data: dict[str, object], desk: Desk) -> None:
    assert links(desk, "posts/b/b.json", **data).keys() == {"A", "C"}


@pytest.mark.parametrize("name", ["posts/c.json", "posts/c.11tydata.json"])
@pytest.mark.parametrize(
    "data",
    [
        {"eleventyExcludeFromCollections": True},
        {"eleventyComputed": {"permalink": False}},
        {"eleventyComputed": {"eleventyExcludeFromCollections": True}},
    ],
)
def test_data_beside_an_article_hide_it_alone(name: str, data: dict[str, object], desk: Desk) -> None:
    assert links(desk, name, **data).keys() == {"A", "B"}


def test_data_beside_an_article_outweigh_those_of_its_folder(desk: Desk) -> None:
    desk.write("posts/posts.json", '{"permalink": "/folder/{{ page.fileSlug }}/"}')
    shown = links(desk, "posts/2026-01-02-a.json", permalink="/alone/{{ page.fileSlug }}/")
    assert shown == {"A": "/alone/a/", "B": "/folder/b/", "C": "/own/"}


def test_a_computed_address_outweighs_the_written_one(desk: Desk) -> None:
    shown = links(desk, "posts/posts.json", eleventyComputed={"permalink": "/{{ page.fileSlug }}/"})
    assert shown == {"A": "/a/", "B": "/b/", "C": "/c/"}


@pytest.mark.parametrize("name", ["[x]", "a*"])
def test_a_name_with_wildcards_is_a_name(name: str, desk: Desk) -> None:
    desk.write(f"{name}/d.md", text("D"))
    desk.write("x/e.md", text("E"))
    assert links(desk, f"{name}/{name}.json", permalink=False).keys() == {"A", "B", "C", "E"}


def test_data_that_mean_nothing_here_may_be_long(desk: Desk) -> None:
    links(desk, "posts/posts.json", people=[{"page": f"{n}.html", "name": "Ann"} for n in range(900)])
    assert len(desk.entries()) == 3


def test_data_of_which_no_one_reads_the_end_hold_what_they_may_hide(desk: Desk) -> None:
    data = {"photos": ["hill.jpg"] * 6000, "permalink": False}
    desk.write("posts/b/b.json", json.dumps(data))
    assert desk.run("build").codes == ["FM029"]
    assert {entry.title for entry in desk.entries()} == {"A", "C"}


def test_values_of_the_settings_stay_beside_those_of_a_folder(desk: Desk) -> None:
    desk.configure(
        'dialect = "eleventy"', 'permalink = "eleventy"', '[defaults."posts/b/*"]', "hidden = true"
    )
    assert links(desk, "posts/b/b.json", permalink="/blog/").keys() == {"A", "C"}


def test_data_may_have_space_before_them(desk: Desk) -> None:
    desk.write("posts/b/b.json", '\n\n  {\n"permalink": false}')
    desk.run("build")
    assert {entry.title for entry in desk.entries()} == {"A", "C"}


@pytest.mark.parametrize("data", ["", "[1, 2]", '"permalink"', "{}", "---\ndraft: true\n---\n"])
def test_what_is_no_object_says_nothing(data: str, desk: Desk) -> None:
    desk.write("posts/b/b.json", data)
    assert desk.run("build").codes == []
    assert len(desk.entries()) == 3


@pytest.mark.parametrize("data", ['{"permalink": fals', '{ // "permalink"\n}', "{'permalink': false}"])
def test_data_that_cannot_be_read_hold_what_they_may_hide(data: str, desk: Desk) -> None:
    desk.write("posts/b/b.json", data)
    done = desk.run("build")
    assert (done.code, done.codes) == (1, ["FM029"])
    assert {entry.title for entry in desk.entries()} == {"A", "C"}
