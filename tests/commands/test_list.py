"""The command `list`: what would be published, what would not and why; nothing is written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from desk import Desk, Output
from feedwright.cli.report import columns
from feedwright.settings.reference import SETTINGS
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

NOW = ("--now", "2026-11-22T00:00:00Z")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site with an article of every fate."""
    desk = Desk(tmp_path)
    desk.configure("limit = 2")
    desk.write("rain.md", text("雨", "2026-01-03 22:30:00 +0000", categories="Weather"))
    desk.write("tea.md", text("Tea", "2026-02-01", categories="Tea"))
    desk.write("old.md", text("Old", "2020-01-01"))
    desk.write("soon.md", text("Soon", "2027-01-01"))
    desk.write("later.md", text("Later", "2028-01-01"))
    desk.write("draft.md", text("Draft", draft="true"))
    desk.write("secret.md", text("Secret", password="x"))
    desk.write("broken.md", text("Broken: so", "2026-03-01"))
    desk.write("note.md", "no front matter\n")
    return desk


def _articles(output: Output) -> dict[str, Any]:
    return {row["file"]: row for row in output.json["articles"]}


def test_every_file_is_listed_with_its_feeds_or_why_it_is_in_none(desk: Desk) -> None:
    before = desk.everything()
    output = desk.run("list", *NOW, "--report", "json")
    assert output.code == 0
    rows = _articles(output)
    assert {file: row["left_out"] or row["feeds"] for file, row in rows.items()} == {
        "rain.md": ["/", "weather/"],
        "tea.md": ["/", "tea/"],
        "old.md": "older than what its feeds show",
        "soon.md": "not due yet",
        "later.md": "not due yet",
        "draft.md": "a draft",
        "secret.md": "locked",
        "broken.md": "held: FM011",
        "note.md": "no front matter",
    }
    assert rows["rain.md"]["address"] == "https://example.org/2026/01/03/rain/"
    assert rows["rain.md"]["id"] == "tag:example.org,2026-01-03:rain.md"
    assert rows["rain.md"]["date"] == "2026-01-03T22:30:00+00:00"
    assert desk.everything() == before


WHAT = ("articles", "feeds", "categories", "problems")


def _lists(desk: Desk) -> list[Output]:
    return [*(desk.run("list", what, *NOW) for what in WHAT), desk.run("diff", *NOW, "--against", "there")]


def test_what_builds_have_read_is_not_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what a build left out of its report since the cache knew it is in the lists all the same."""
    _published_elsewhere(desk)
    before = _lists(desk)
    desk.run("build")
    files = desk.everything()
    monkeypatch.setattr("feedwright.commands.rows.reader.read_heads", _refuse)
    monkeypatch.setattr("feedwright.commands.rows.contents", None)
    assert _lists(desk) == before
    assert desk.everything() == files


def _published_elsewhere(desk: Desk) -> None:
    """Leave feeds in the folder `there` that differ in an entry from what would be published."""
    tea = (desk.content / "tea.md").read_bytes()
    desk.write("tea.md", tea.replace(b"title: Tea", b"title: Old tea"))
    desk.run("build", "--no-cache")
    shutil.copytree(desk.output, desk.root / "there", dirs_exist_ok=True)
    desk.write("tea.md", tea)


def _refuse(*_: object, **__: object) -> object:
    raise AssertionError


@pytest.mark.parametrize("at", [0, 100, 5000])
def test_a_damaged_cache_is_not_used_and_stays(desk: Desk, at: int) -> None:
    _published_elsewhere(desk)
    before = _lists(desk)
    desk.run("build")
    (cache,) = (desk.root / ".feedwright_cache").glob("*.sqlite3")
    cache.write_bytes(cache.read_bytes()[:at] + b"x" * 5000)
    files = desk.everything()
    assert _lists(desk) == before
    assert desk.everything() == files


def test_a_cache_that_came_with_the_content_is_not_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _published_elsewhere(desk)
    desk.run("build")
    before = _lists(desk)
    monkeypatch.setattr("feedwright.cache.place._is_tracked", lambda folder: True)
    monkeypatch.setattr("feedwright.commands.inspection.Store", _refuse)
    assert _lists(desk) == before


def test_ids_are_those_that_a_build_gives(desk: Desk) -> None:
    desk.run("build")
    (desk.content / "tea.md").rename(desk.content / "green.md")
    rows = _articles(desk.run("list", *NOW, "--report", "json"))
    assert rows["green.md"]["id"] == "tag:example.org,2026-02-01:tea.md"


def test_the_table_has_the_newest_first_in_the_site_s_zone(desk: Desk) -> None:
    output = desk.run("list", *NOW, FEEDWRIGHT_TIMEZONE="Asia/Shanghai", COLUMNS="")
    lines = output.out.splitlines()
    assert lines[0].split() == ["Date", "File", "Feeds,", "or", "why", "in", "none", "Address", "Id"]
    files = [line.split()[2] for line in lines[1:] if line[0].isdecimal()]
    assert files == ["later.md", "soon.md", "tea.md", "rain.md", "draft.md", "secret.md", "old.md"]
    assert lines[4].startswith("2026-01-04 06:30  rain.md")
    assert "9 articles, 2 in feeds" in output.err
    assert "`feedwright list problems`" in output.err


def test_what_is_dated_in_the_future_is_listed_by_date(desk: Desk) -> None:
    output = desk.run("list", "--due", *NOW, COLUMNS="")
    assert [line.split()[:3] for line in output.out.splitlines()[1:]] == [
        ["2027-01-01", "00:00", "soon.md"],
        ["2028-01-01", "00:00", "later.md"],
    ]


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("what", ["articles", "feeds", "categories", "settings"])
def test_a_table_fits_the_terminal(desk: Desk, what: str, width: int) -> None:
    output = desk.run("list", what, *NOW, COLUMNS=str(width))
    for line in output.out.splitlines():
        assert columns(line) <= width or max(map(columns, line.split())) > width - 20, line


def test_nothing_in_a_table_steers_the_terminal(desk: Desk) -> None:
    desk.write("x.md", text("X", categories='"a\\e[2Jb"'))
    output = desk.run("list", "categories", *NOW)
    assert "\x1b" not in output.out


def test_feeds_have_their_addresses(desk: Desk) -> None:
    feeds = desk.run("list", "feeds", *NOW, "--report", "json").json["feeds"]
    assert [(feed["path"], feed["entries"]) for feed in feeds] == [("/", 2), ("tea/", 1), ("weather/", 1)]
    assert feeds[1]["addresses"] == {
        "rss": "https://example.org/feeds/tea/rss.xml",
        "atom": "https://example.org/feeds/tea/atom.xml",
    }


def test_the_links_for_the_head_lead_to_the_site_s_feed(desk: Desk) -> None:
    desk.configure("title = 'Tea \"&\" <b>'", 'formats = ["atom", "json", "page", "opml"]')
    output = desk.run("list", "--head", *NOW)
    assert output.out.splitlines() == [
        f'<link rel="alternate" type="application/{kind}" '
        f'title="Tea &quot;&amp;&quot; &lt;b&gt; ({label})" href="https://example.org/feeds/{file}">'
        for kind, label, file in (
            ("atom+xml", "Atom", "atom.xml"),
            ("feed+json", "JSON Feed", "feed.json"),
        )
    ]
    assert desk.run("list", "settings", "--head", *NOW).out == output.out


def test_categories_are_counted_and_slips_are_asked_about(desk: Desk) -> None:
    for number in range(3):
        desk.write(f"{number}.md", text(f"N{number}", categories="News"))
    desk.write("typo.md", text("T", categories="Newz"))
    desk.configure('[categories."Nwes"]', "limit = 3", '[categories."tea"]', "limit = 3")
    rows = desk.run("list", "categories", *NOW, "--report", "json").json["categories"]
    assert {row["category"]: (row["articles"], row["path"], row["similar"]) for row in rows} == {
        "News": (3, "news/", ""),
        "Newz": (1, "newz/", "News"),
        "Nwes": (0, "", "News"),
        "Tea": (1, "tea/", ""),
        "Weather": (1, "weather/", ""),
    }
    assert 'did you mean "News"?' in desk.run("list", "categories", *NOW).out


def test_problems_are_those_of_a_build(desk: Desk) -> None:
    output = desk.run("list", "problems", *NOW)
    assert (output.code, output.out) == (1, "")
    assert output.codes == desk.run("build").codes
    (desk.content / "broken.md").unlink()
    (desk.content / "note.md").unlink()
    assert desk.run("list", "problems", *NOW).err == "no problems\n"


def test_every_setting_has_its_origin(desk: Desk) -> None:
    rows = desk.run("list", "settings", "--report", "json", FEEDWRIGHT_TITLE="T").json["settings"]
    assert [row["name"] for row in rows] == [*SETTINGS]
    origins = {row["name"]: (row["value"], row["origin"]) for row in rows}
    assert origins["title"] == ('"T"', "FEEDWRIGHT_TITLE")
    assert origins["limit"] == ("2", "feedwright.toml:4")
    assert origins["ttl"] == ("–", "default")
