"""What its author locked or hid is in no feed, whatever else is asked for; it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk import Desk
from feedwright.articles.front_matter.keys import join_words
from feedwright.generators.table import GENERATORS, HIDING

if TYPE_CHECKING:
    from pathlib import Path

YAML = {
    "password: secret": "locked",
    "password: 0": "locked",
    "password: [a, b]": "locked",
    "encrypted: true": "locked",
    "encrypt: true": "locked",
    "private: true": "locked",
    "Private: yes": "locked",
    "hidden: true": "hidden",
    "hidden: false\nunlisted: true": "hidden",
    "hide: true": "hidden",
    "unlisted: 1": "hidden",
    "hiddenFromRss: true": "hidden",
    "headless: true": "hidden",
    "eleventyExcludeFromCollections: true": "hidden",
    "feed: false": "hidden",
    "rss: false": "hidden",
    "render: false": "hidden",
    "permalink: false": "hidden",
    "visibility: private": "hidden",
    "status: hidden": "hidden",
    "status: private": "hidden",
    "status: skip": "hidden",
    "build: {list: never}": "hidden",
    "build:\n  list: local": "hidden",
    "_build: {render: never}": "hidden",
    "_build: {list: false}": "hidden",
    "hidden: true\npassword: x": "locked",
    "pwd: x": "locked",
    "passwd: 1": "locked",
    "passphrase: x": "locked",
    "protected: true": "locked",
    "locked: true": "locked",
    "lock: true": "locked",
    "encrypted: [a]": "locked",
    "noFeed: true": "hidden",
    "no_feed: true": "hidden",
    "norss: true": "hidden",
    "exclude-from-feed: true\nexcludeFromFeed:": "hidden",
    "hiddenFromFeed: true": "hidden",
    "public: false": "hidden",
    "listed: no": "hidden",
    "outputs: [html, json]": "hidden",
    "include_in_feeds: false": "hidden",
    "extra: {hide_from_feed: true}": "hidden",
    "eleventyExcludeFromCollections: [post]": "hidden",
    "eleventyComputed:\n  eleventyExcludeFromCollections: true": "hidden",
    "permalink: a/b/\neleventyComputed: {permalink: false}": "hidden",
    "layout: page": "page",
    "type: tags": "page",
    "layout: page\nhidden: true": "page",
}
OPEN = (
    *("password:", "password: ''", "password: false", "encrypted: false", "private: no", "hidden: false"),
    *("hide: [toc, nav]", "unlisted: off", "feed: true", "rss: true", "render: true", "permalink: a/b/"),
    *(
        "visibility: public",
        "visibility:",
        "status: published",
        "build: {list: always}",
        "build: {list: true}",
    ),
    *("outputs: [html, RSS]", "outputs: []", "layout: post", "type: posts", "layout: [page]"),
    *("feed: {excerpt_only: true}", "public: true", "lock: false"),
    *("build: {list: true}", "headless: false", "eleventyExcludeFromCollections: false", "sitemap: false"),
    "eleventyComputed: {permalink: a/b/}",
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("open.md", "---\ntitle: Open\ndate: 2026-01-02\n---\n<p>For all.</p>\n")
    return desk


def _write(desk: Desk, matter: str) -> None:
    desk.write("shut.md", f"---\ntitle: Shut\ndate: 2026-01-01\n{matter}\n---\n<p>Nobody reads it.</p>\n")


@pytest.mark.parametrize("dialect", GENERATORS)
@pytest.mark.parametrize(("matter", "kind"), YAML.items())
def test_what_is_hidden_is_published_in_no_dialect(desk: Desk, matter: str, kind: str, dialect: str) -> None:
    desk.configure(f'dialect = "{dialect}"')
    _write(desk, matter)
    told = desk.run("build", "--drafts", "--future")
    assert (told.code, desk.titles()) == (0, ["Open"])
    assert f", 1 {kind} ·" in told.err
    assert not any(b"Nobody" in data or b"Shut" in data for data in desk.published().values())


@pytest.mark.parametrize(
    "matter",
    [
        "draft\u200b: true",
        "\u2060draft: true",
        "dr\u00adaft: true",
        "DRAFT\ufeff: true",
        "ｄｒａｆｔ: true",
        '"draft ": true',
        '"draft\\n": true',
        "pub\u200dlished: false",
        "private\u200b: true",
        "Ｐassword: x",
        "build: {li\u200bst: never}",
    ],
)
def test_a_key_is_read_as_it_looks(desk: Desk, matter: str) -> None:
    _write(desk, matter)
    told = desk.run("build")
    assert (told.code, desk.titles()) == (0, ["Open"])


def test_a_header_is_read_as_it_looks(desk: Desk) -> None:
    desk.write("shut.md", "Title: Shut\nDate: 2026-01-01\nＳtatus\u200b: draft\n\nNobody reads it.\n")
    told = desk.run("build")
    assert (told.code, desk.titles()) == (0, ["Open"])


def test_a_key_that_looks_like_another_is_the_same_key(desk: Desk) -> None:
    _write(desk, "draft: false\ndraft\u200b: true")
    told = desk.run("build")
    assert (told.code, told.codes, desk.titles()) == (1, ["FM012"], ["Open"])


@pytest.mark.parametrize("matter", OPEN)
def test_what_plainly_says_that_nothing_is_hidden_hides_nothing(desk: Desk, matter: str) -> None:
    _write(desk, matter)
    desk.run("build")
    assert desk.titles() == ["Open", "Shut"]


def test_every_key_that_may_hide_is_tried() -> None:
    tried = {line.strip().partition(":")[0].lower() for matter in YAML for line in matter.split("\n")}
    tried |= {join_words(key) for key in tried}
    assert {key.partition(".")[0] for key in HIDING} <= tried


def test_toml_and_json_hide_too(desk: Desk) -> None:
    desk.write("toml.md", '+++\ntitle = "T"\ndate = 2026-01-01\n[build]\nlist = "never"\n+++\n<p>x</p>\n')
    desk.write("json.md", '{"title": "J", "date": "2026-01-01", "password": 1}\n<p>x</p>\n')
    told = desk.run("build", "--report", "json").json["articles"]
    assert (told["hidden"], told["locked"], told["published"]) == (1, 1, 1)


def test_what_a_hidden_article_lacks_is_no_problem(desk: Desk) -> None:
    desk.write("shut.md", "---\npassword: x\n---\n<p>No title, no date.</p>\n")
    told = desk.run("build")
    assert (told.code, told.codes) == (0, [])


def test_an_article_that_is_hidden_later_leaves_the_feeds(desk: Desk) -> None:
    _write(desk, "tags: []")
    desk.run("build")
    assert desk.titles() == ["Open", "Shut"]
    _write(desk, "password: x")
    assert desk.run("build").code == 0
    assert desk.titles() == ["Open"]
    assert desk.run("build").err.count("1 locked") == 1  # from the cache too


def test_a_build_names_what_is_left_out_if_asked_and_what_leaves_the_feeds_once(desk: Desk) -> None:
    _write(desk, "tags: []")
    desk.write("about.md", "---\ntitle: About\n---\n<p>Not Found is another one.</p>\n")
    desk.run("build")
    _write(desk, "unlisted: true")
    rows = desk.run("build", "-v").err.splitlines()
    assert [row for row in rows if row.startswith(("withdrawn", "left out"))] == [
        "withdrawn: shut.md leaves the feeds: hidden",
        "left out: about.md: a page, not an article",
        "left out: shut.md: hidden",
    ]
    assert "2 articles, 1 published, 1 hidden, 1 page ·" in rows[-1]
    again = desk.run("build", "--report", "json").json["articles"]
    assert again["withdrawn"] == []
    assert again["left_out"] == [
        {"file": "shut.md", "reason": "hidden"},
        {"file": "about.md", "reason": "pages"},
    ]


def test_a_published_page_beside_new_posts_leaves_the_feeds(desk: Desk) -> None:
    desk.write("trip.md", "---\ntitle: Trip\ndate: 2026-01-01\n---\n<p>By train.</p>\n")
    desk.write("rain.md", "---\ntitle: Rain\ndate: 2026-01-01\n---\n<p>All day.</p>\n")
    desk.run("build")
    for name in ("rain", "trip"):
        (desk.content / f"{name}.md").rename(desk.content / f"{name}.tmp")
        text = (desk.content / f"{name}.tmp").read_text("utf-8")
        desk.write(f"_posts/{name}.md", text)
    told = desk.run("build")
    assert "withdrawn: open.md leaves the feeds: a page, not an article" in told.err
    assert sorted(desk.titles()) == ["Rain", "Trip"]


def test_an_undated_page_is_none_in_zola_and_an_error_elsewhere(desk: Desk) -> None:
    desk.write("me/long.md", "---\ntitle: Me\n---\n<p>A life.</p>\n")
    assert desk.run("build").codes == ["DATE007"]
    desk.configure('dialect = "zola"')
    assert desk.run("build").codes == []


def test_what_has_neither_title_nor_date_is_a_page_in_eleventy(desk: Desk) -> None:
    desk.write("trip/map.html", "---\nlayout: false\npermalink: trip/map.html\n---\n<p>A map.</p>\n")
    assert desk.run("build").codes == ["TTL005", "DATE007"]
    desk.configure('dialect = "eleventy"')
    done = desk.run("build")
    assert (done.codes, desk.titles()) == ([], ["Open"])
    assert ", 1 page ·" in done.err
    desk.write("trip/map.html", "---\ntitel: A map\n---\n<p>A map.</p>\n")
    assert "DATE007" in desk.run("build").codes
    desk.write("trip/map.html", "---\ntitle: A map\n---\n<p>A map.</p>\n")
    assert desk.run("build").codes == ["DATE007"]


def test_the_first_file_in_a_folder_of_posts_takes_no_article_out(desk: Desk) -> None:
    for name in ("rain", "trip"):
        desk.write(f"{name}.md", f"---\ntitle: {name}\ndate: 2026-01-01\n---\n<p>About {name}.</p>\n")
    desk.run("build")
    before = set(desk.titles())
    desk.write("_posts/new.md", "---\ntitle: New\ndate: 2026-01-02\n---\n<p>News.</p>\n")
    desk.write("page.md", "---\ntitle: Page\ndate: 2026-01-02\n---\n<p>Else.</p>\n")
    assert desk.run("build").code == 0
    assert set(desk.titles()) == {*before, "New"}
