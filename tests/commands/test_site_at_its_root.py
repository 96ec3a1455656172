"""Builds at the root of a generator's site: without a setting, and judged by the site that was built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from desk import FORMATS, Desk
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "title: A tea house\nurl: https://example.org\ntimezone: UTC\npermalink: :year/:title/\n"
NOTE = (
    "taken from _config.yml (Hexo): url, title, timezone, generator_timezone, content, permalink, ignore,"
    " dialect, markdown"
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A Hexo site with two articles, and nothing for feedwright but its formats."""
    desk = Desk(tmp_path)
    for name in ("rain", "snow"):
        file = tmp_path / "source" / "_posts" / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(name.title()), "utf-8")
    (tmp_path / "_config.yml").write_text(CONFIG, "utf-8")
    (tmp_path / "feedwright.toml").write_text(FORMATS, "utf-8")
    return desk


def _links(desk: Desk) -> dict[str, str]:
    return {entry.title: entry.link for entry in desk.entries()}


def _pages(desk: Desk, *paths: str) -> None:
    for path in paths:
        page = desk.root / "public" / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("<p>", "utf-8")


def test_a_build_without_settings_says_what_it_took_from_where(desk: Desk) -> None:
    (desk.root / "feedwright.toml").unlink()
    done = desk.run("build")
    assert (done.code, done.err.splitlines()[0]) == (0, NOTE)
    assert _links(desk) == {
        "Rain": "https://example.org/2026/rain/",
        "Snow": "https://example.org/2026/snow/",
    }
    again = desk.run("build", "-v")
    lines = again.err.splitlines()
    assert lines[0] == NOTE
    assert 'url = "https://example.org/" (_config.yml:2)' in lines
    assert 'permalink = "hexo :year/:title/" (_config.yml:4)' in lines
    assert 'content = "source" (_config.yml)' in lines
    assert "author = – (default)" in lines
    assert "0 documents written" in lines[-1]
    assert desk.run("build", "-q").err == ""
    assert "note" not in json.loads(desk.run("build", "--report", "json").out)


def test_every_kind_of_setting_is_listed(desk: Desk) -> None:
    desk.configure(
        'author = "Kim"', 'aliases = { "old.xml" = "rss" }', 'follow_symlinks = ["/srv"]', "limit = 3"
    )
    lines = desk.run("build", "-v", "--url", "https://example.org/").err.splitlines()
    assert 'url = "https://example.org/" (--url)' in lines
    assert 'author = "Kim" (feedwright.toml:4)' in lines
    assert 'aliases = {"old.xml"} (feedwright.toml:5)' in lines
    assert 'follow_symlinks = ["/srv"] (feedwright.toml:6)' in lines
    assert "limit = 3 (feedwright.toml:7)" in lines


def test_the_fast_path_notices_the_generator_s_configuration(desk: Desk) -> None:
    desk.configure()
    desk.run("build")
    assert "0 documents written" in desk.run("build").err
    (desk.root / "_config.yml").write_text(CONFIG.replace("tea", "milk"), "utf-8")
    assert "0 documents written" not in desk.run("build").err
    assert "A milk house" in (desk.output / "rss.xml").read_text("utf-8")
    (desk.root / "_config.yml").unlink()
    assert desk.run("build").codes == ["USE001"]  # there is no folder `content`
    (desk.root / "hugo.toml").write_text('contentDir = "source"\n', "utf-8")
    assert "taken from hugo.toml (Hugo)" in desk.run("build").err


def test_published_entries_keep_their_ids_and_new_addresses_are_told(desk: Desk) -> None:
    (desk.root / "feedwright.toml").write_text(f'{FORMATS}permalink = "hexo"\n', "utf-8")
    assert desk.run("build").codes == ["CFG023"]
    ids = desk.ids()
    (desk.root / "feedwright.toml").write_text(FORMATS, "utf-8")
    done = desk.run("build", "--report", "concise")
    assert done.codes == ["CFG026"]
    old, new = "https://example.org/2026/01/03/rain/", "https://example.org/2026/rain/"
    assert f"2 published entries will have other addresses: {old} becomes {new}" in done.err
    assert desk.ids() == ids
    assert desk.run("build").codes == []


def test_another_time_zone_is_told_and_single_changes_are_not(desk: Desk) -> None:
    desk.run("build")
    (desk.root / "_config.yml").write_text(CONFIG.replace("UTC", "Asia/Tokyo"), "utf-8")
    done = desk.run("build")
    assert done.codes == ["CFG026"]
    assert "2 published entries will have other dates" in done.err
    (desk.root / "source" / "_posts" / "rain.md").write_text(text("Rain", "2025-01-03"), "utf-8")
    assert desk.run("build").codes == []


def test_an_article_without_a_key_that_its_address_needs_is_held(desk: Desk) -> None:
    (desk.root / "_config.yml").write_text(CONFIG.replace(":title/", ":abbrlink/"), "utf-8")
    (desk.root / "source" / "_posts" / "rain.md").write_text(text("Rain", abbrlink="6a"), "utf-8")
    done = desk.run("build")
    assert (done.code, done.codes) == (1, ["LNK004"])
    assert "abbrlink: …" in done.err
    assert _links(desk) == {"Rain": "https://example.org/2026/6a/"}


# The built site as the judge.


def test_an_article_without_a_page_is_left_out_and_told(desk: Desk) -> None:
    _pages(desk, "2026/rain/index.html", "elsewhere/snow/index.html")
    (desk.root / "feedwright.toml").write_text(f"{FORMATS}built_pages = true\n", "utf-8")
    done = desk.run("build", "--report", "full")
    assert (done.code, done.codes) == (0, ["LNK003"])
    assert "the site has no page at https://example.org/2026/snow/" in done.err
    assert "the nearest page is /elsewhere/snow/" in done.err
    assert "2 articles, 1 published, 1 without a page" in done.err
    assert [*_links(desk)] == ["Rain"]
    assert desk.run("build", "--report", "json").json["articles"]["pageless"] == 1


@pytest.mark.parametrize("page", ["2026/snow/index.html", "2026/snow.html", "2026/snow"])
def test_pages_are_found_as_servers_find_them(page: str, desk: Desk) -> None:
    permalink = "{year}/{slug}/" if page.endswith("index.html") else "{year}/{slug}"
    _pages(desk, page, page.replace("snow", "rain"))
    desk.configure('site_output = "public"', f'permalink = "{permalink}"', 'content = "source"')
    assert "2 published ·" in desk.run("build").err


def test_the_fast_path_notices_a_page_that_comes_or_goes(desk: Desk) -> None:
    (desk.root / "feedwright.toml").write_text(f"{FORMATS}built_pages = true\n", "utf-8")
    _pages(desk, "2026/rain/index.html")
    assert [*desk.run("build").codes] == ["LNK003"]
    assert "0 documents written" in desk.run("build").err
    _pages(desk, "2026/snow/index.html")
    assert "2 published" in desk.run("build").err
    (desk.root / "public/2026/rain/index.html").unlink()
    assert desk.run("build").codes == ["LNK003"]
    assert [*_links(desk)] == ["Snow"]


def test_addresses_elsewhere_are_taken_for_granted_and_none_leads_out(desk: Desk) -> None:
    (desk.root / "secret.html").write_text("x", "utf-8")
    posts = desk.root / "source" / "_posts"
    (posts / "rain.md").write_text(text("Rain", permalink="https://example.com/rain/"), "utf-8")
    (posts / "snow.md").write_text(text("Snow", permalink="a/%252e%252e/%2e%2e/secret.html"), "utf-8")
    desk.configure('site_output = "public"')
    _pages(desk, "index.html")
    assert desk.run("build").codes == ["LNK003"]
    assert [*_links(desk)] == ["Rain"]


def test_wrong_addresses_stop_the_build_with_what_was_meant(desk: Desk) -> None:
    _pages(desk, "2026/rain/index.html", "2026/snow/index.html")
    lines = f'{FORMATS}built_pages = true\npermalink = "hugo"\n'
    (desk.root / "feedwright.toml").write_text(lines, "utf-8")
    done = desk.run("build")
    assert (done.code, done.codes) == (4, ["PUB015"])
    assert "2 of 2 articles have no page in" in done.err
    assert 'did you mean permalink = "hexo :year/:title/"?' in done.err
    assert not desk.output.exists()
    assert desk.run("check").code == 4
    accepted = desk.run("build", "--accept", "no-pages")
    assert "2 without a page" in accepted.err


def test_a_folder_of_pages_must_exist(desk: Desk) -> None:
    (desk.root / "feedwright.toml").write_text("built_pages = true\n", "utf-8")
    done = desk.run("build")
    assert (done.code, done.codes) == (2, ["USE003"])
    assert desk.run("check", "--site", "nowhere").codes == ["USE003"]


def test_check_names_the_entries_without_a_page(desk: Desk) -> None:
    desk.run("build")
    _pages(desk, "2026/rain/index.html", "2026/snow/index.html")
    good = desk.run("check", "--site", "public")
    assert (good.code, good.codes) == (0, [])
    assert good.err.splitlines()[-1] == "every document is up to date, every entry has its page"
    (desk.root / "public/2026/snow/index.html").unlink()
    bad = desk.run("check", "--site", "public")
    assert (bad.code, bad.codes) == (5, ["LNK003"])
    assert "source/_posts/snow.md" in bad.err
    assert bad.err.splitlines()[-1] == "every document is up to date, 1 entry without a page"


# Pictures that the generator publishes under other names.

PLUG_IN = '{"name": "no title", "devDependencies": {"@11ty/eleventy-img": "6"}}'


@pytest.fixture
def eleventy(tmp_path: Path) -> Desk:
    """An Eleventy site with an article and two pictures beside it, of which one is missing."""
    desk = Desk(tmp_path)
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "rain.md").write_text(
        text("Rain", body="Wet. ![A cloud](./cloud.png) ![Sun](sun.png) ![Sea](/sea.png)"), "utf-8"
    )
    (tmp_path / "posts" / "cloud.png").write_bytes(b"")
    (tmp_path / ".eleventy.js").write_text("", "utf-8")
    (tmp_path / "package.json").write_text(PLUG_IN, "utf-8")
    (tmp_path / "feedwright.toml").write_text(f'{FORMATS}url = "https://example.org/"\n', "utf-8")
    return desk


def test_a_picture_that_eleventy_publishes_under_another_name_is_told(eleventy: Desk) -> None:
    done = eleventy.run("build", "--report", "full")
    assert done.codes.count("IMG009") == 1
    assert "./cloud.png is served nowhere" in done.err
    feed = (eleventy.output / "atom.xml").read_text("utf-8")
    assert "cloud.png" not in feed
    assert "Wet. A cloud" in feed
    assert "https://example.org/posts/rain/sun.png" in feed
    assert "no title" not in feed


def test_a_picture_that_eleventy_publishes_is_told_by_the_built_site(eleventy: Desk) -> None:
    with (eleventy.root / "feedwright.toml").open("a", encoding="utf-8") as file:
        file.write("built_pages = true\n")
    folder = eleventy.root / "_site" / "posts" / "rain"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<p>", "utf-8")
    assert "IMG009" in eleventy.run("build").codes
    (folder / "cloud.png").write_bytes(b"")
    assert "IMG009" not in eleventy.run("build").codes
    assert "https://example.org/posts/rain/cloud.png" in (eleventy.output / "atom.xml").read_text("utf-8")


def test_without_the_plug_in_pictures_of_eleventy_are_beside_their_pages(eleventy: Desk) -> None:
    (eleventy.root / "package.json").write_text("{}", "utf-8")
    assert "IMG009" not in eleventy.run("build").codes
    assert "https://example.org/posts/rain/cloud.png" in (eleventy.output / "atom.xml").read_text("utf-8")
