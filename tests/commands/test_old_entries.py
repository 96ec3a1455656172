"""Old entries that a changed setting would bring into feeds at once: told once, before readers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk import Desk
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

FEW = "limit = 3"


def _site(root: Path, *settings: str, **fields: str) -> Desk:
    """Twelve articles on tea, of which every second has no category, published with these settings."""
    desk = Desk(root)
    desk.configure(*settings)
    for number in range(1, 13):
        categories = {} if number % 2 else {"categories": "Tea"}
        given = {name: value.format(number) for name, value in fields.items()}
        desk.write(f"p{number}.md", text(f"P{number}", f"2026-01-{number:02}", **categories, **given))
    assert desk.run("build").codes == []
    return desk


@pytest.mark.parametrize(
    ("before", "after", "entries", "feeds"),
    [
        (FEW, "limit = 8", 5, "rss.xml: "),
        (FEW, "", 9, "rss.xml: "),
        (FEW, f"{FEW}\ndays = 8", 6, "rss.xml: "),
        ('since = "2026-01-08"', "", 7, "rss.xml: "),
        ("limit = 1", "", 11, "rss.xml, tea/rss.xml: "),
        ("", 'default_category = "Tea"', 6, "tea/rss.xml: "),
        ("[categories.Tea]\nin_site_feed = false", "", 6, "rss.xml: "),
    ],
)
def test_old_entries_that_a_setting_brings_are_told_once(
    tmp_path: Path, before: str, after: str, entries: int, feeds: str
) -> None:
    desk = _site(tmp_path, before)
    desk.configure(after)
    message = f"{entries} old entries would be new to subscribers of {feeds}"
    for command in ("check", "diff", "build"):
        told = desk.run(command)
        assert told.codes.count("FEED002") == 1, command
        assert message in told.err
    assert told.code == 0
    again = desk.run("build")
    assert (again.code, again.codes) == (0, [])
    assert desk.run("build", "--no-cache").codes == []


@pytest.mark.parametrize("guid", ["5f3c9a80e66800000000{:04}", "https://example.org/?a&p={}"])
@pytest.mark.parametrize("formats", ['["atom"]', '["json"]', '["rss"]'])
def test_no_entry_is_old_that_is_there_already(tmp_path: Path, guid: str, formats: str) -> None:
    desk = _site(tmp_path, f"formats = {formats}", "limit = 6", guid=guid)
    desk.configure(f"formats = {formats}", "limit = 6", 'title = "Another title"')
    assert desk.run("build").codes == []
    desk.configure(f"formats = {formats}", "limit = 11")
    told = desk.run("build")
    assert (told.codes, "5 old entries" in told.err) == (["FEED002"], True)


def test_what_an_author_does_brings_no_warning(tmp_path: Path) -> None:
    desk = _site(tmp_path, "limit = 8")
    for number in (12, 11, 10, 9):
        (desk.root / "content" / f"p{number}.md").unlink()
    assert desk.run("build", "--accept", "shrink").codes == []
    for number in range(13, 25):
        desk.write(f"p{number}.md", text(f"P{number}", f"2026-01-{number:02}", categories="Tea"))
    assert desk.run("build").codes == []


def test_a_published_feed_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    desk = _site(tmp_path, FEW)
    desk.configure("limit = 12")
    (desk.output / "rss.xml").write_bytes(b"<rss>")
    assert desk.run("build", "--accept", "foreign").codes == []
    desk.configure(FEW)
    assert desk.run("build").codes == []
    desk.configure("limit = 12")
    (desk.output / "rss.xml").unlink()
    assert desk.run("build").codes == []
