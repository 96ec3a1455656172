"""A preview in memory: after any changes it shows what a build would publish, and it publishes nothing."""

from __future__ import annotations

import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import Desk, desk_with_tea
from feedwright.cli.build_notes import notes
from feedwright.commands.preview import build as preview_build
from feedwright.commands.preview.addresses import Addresses
from feedwright.commands.preview.comparison import compare
from feedwright.commands.preview.files import open_medium
from feedwright.commands.stages import Stages
from feedwright.model import replace
from previews import PICTURE_BYTES, preview
from sites import files_of, text

if TYPE_CHECKING:
    from feedwright.commands.preview.build import Preview


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site of two articles, one of them on tea."""
    return desk_with_tea(tmp_path)


def shown(desk: Desk, *changed: str, seen: Preview) -> dict[str, bytes]:
    """The documents after changes of these files of the site."""
    seen.update({os.path.realpath(desk.root / path) for path in changed})
    return dict(seen.build.documents)


def test_the_documents_are_those_of_a_build_which_is_not_made(desk: Desk) -> None:
    seen = preview(desk.root)
    assert not desk.output.exists()
    desk.run("build")
    published = {path: data for path, data in desk.published().items() if not path.endswith(".lock.json")}
    assert published == seen.build.documents


def test_a_change_shows_in_the_feeds_of_its_article_alone(desk: Desk) -> None:
    seen = preview(desk.root)
    desk.write("tea.md", text("Tea", "2026-01-02", "<p>Oolong</p>", categories="Tea"))
    documents = shown(desk, "content/tea.md", seen=seen)
    assert b"Oolong" in documents["tea/atom.xml"]
    assert b"Oolong" in documents["atom.xml"]
    desk.write("a.md", text("A", "2026-01-01", "<p>No leaf</p>"))
    again = shown(desk, "content/a.md", seen=seen)
    assert seen.build.changed == ("atom.xml", "rss.xml")
    assert again["tea/atom.xml"] is documents["tea/atom.xml"]


def test_only_what_changed_is_read_and_made(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = preview(desk.root)
    asked: list[tuple[str, ...]] = []
    for name in ("read_heads", "make_contents"):
        original = getattr(Stages, name)

        def spy(self: Stages, paths: list[str], original: object = original) -> object:
            asked.append(tuple(paths))
            assert callable(original)
            return original(self, paths)

        monkeypatch.setattr(Stages, name, spy)
    desk.write("a.md", text("A", "2026-01-01", "<p>Other</p>"))
    shown(desk, "content/a.md", seen=seen)
    assert asked == [("a.md",), ("a.md",)]


_NAMES = st.sampled_from(["a.md", "tea.md", "b.md", "deep/c.md", "deep/d.md"])
_BODIES = st.sampled_from(["<p>One</p>", "<p>Two</p>", '<img src="p.png"><p>P</p>', "<p>{{ x }}", ""])
_EDITS = st.one_of(
    st.tuples(st.just("write"), _NAMES, _BODIES, st.sampled_from(["Tea", "Water", "tea"])),
    st.tuples(st.just("break"), _NAMES),
    st.tuples(st.just("delete"), _NAMES),
    st.tuples(st.just("draw"), st.sampled_from(["p.png", "deep/p.png"])),
    st.tuples(st.just("erase"), st.sampled_from(["p.png", "deep/p.png"])),
    st.tuples(st.just("move"), st.just("deep"), st.just("deeper")),
    st.tuples(st.just("move"), st.just("deeper"), st.just("deep")),
    st.tuples(st.just("limit"), st.integers(1, 3)),
)


def _edit(desk: Desk, kind: str, *facts: object) -> str:
    """Change the site and return the path of what changed."""
    if kind == "limit":
        desk.configure(f"limit = {facts[0]}")
        return "feedwright.toml"
    path = str(facts[0])
    file = desk.content / path
    if kind == "write":
        desk.write(path, text(path, "2026-01-05", str(facts[1]), categories=str(facts[2])))
    elif kind == "break":
        desk.write(path, text(path, "2026-99-99"))
    elif kind == "draw":
        desk.write(path, PICTURE_BYTES)
    elif kind == "move":
        if file.exists() and not (desk.content / str(facts[1])).exists():
            shutil.move(file, desk.content / str(facts[1]))
    else:
        file.unlink(missing_ok=True)
    return f"content/{path}"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(_EDITS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_after_any_changes_it_is_what_a_new_preview_is(rounds: list[list[tuple[object, ...]]]) -> None:
    """The law of the memory: what it keeps is never older than the files."""
    with TemporaryDirectory() as folder:
        desk = desk_with_tea(Path(folder))
        seen = preview(desk.root)
        for edits in rounds:
            changed = [_edit(desk, str(kind), *facts) for kind, *facts in edits]
            documents = shown(desk, *changed, seen=seen)
            new = preview(desk.root)
            assert documents == new.build.documents
            assert seen.build.problems == new.build.problems


def test_a_folder_that_moves_is_looked_at_again(desk: Desk) -> None:
    desk.write("deep/c.md", text("C", "2026-01-03"))
    seen = preview(desk.root)
    shutil.move(desk.content / "deep", desk.root / "away")
    assert b"<title>C</title>" not in shown(desk, "content/deep", seen=seen)["rss.xml"]


def test_what_an_editor_leaves_for_a_moment_is_no_reason_to_look_around(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = preview(desk.root)
    monkeypatch.setattr(preview_build.Preview, "_look_around", lambda self: pytest.fail("looked around"))
    desk.write("a.md", text("A", "2026-01-01", "<p>Saved</p>"))
    assert b"Saved" in shown(desk, "content/a.md", "content/a.md.x1y2", seen=seen)["rss.xml"]


def test_a_broken_article_is_told_and_the_others_are_shown(desk: Desk) -> None:
    seen = preview(desk.root)
    desk.write("tea.md", text("Tea", "2026-99-99"))
    assert b"Tea" not in shown(desk, "content/tea.md", seen=seen)["rss.xml"]
    (problem,) = seen.build.problems
    assert (problem.code, problem.file, problem.line) == ("DATE001", "content/tea.md", 3)
    desk.write("tea.md", text("Tea", "2026-01-02"))
    assert b"Tea" in shown(desk, "content/tea.md", seen=seen)["rss.xml"]
    assert not seen.build.problems


def test_broken_settings_are_told_and_the_last_build_stays(desk: Desk) -> None:
    seen = preview(desk.root)
    before = seen.build.documents
    (desk.root / "feedwright.toml").write_text("url = ", "utf-8")
    assert shown(desk, "feedwright.toml", seen=seen) == before
    assert seen.build.error
    assert seen.build.error.code == "CFG005"
    desk.configure("limit = 1")
    assert len(shown(desk, "feedwright.toml", seen=seen)["rss.xml"]) < len(before["rss.xml"])
    assert seen.build.error is None


def test_everything_that_is_wrong_with_the_settings_is_told(desk: Desk) -> None:
    seen = preview(desk.root)
    before = seen.build
    desk.configure("limit = 0", "ttl = 0")
    shown(desk, "feedwright.toml", seen=seen)
    said = notes(seen.build, before, 0.1)
    assert re.findall(r"error\[\w+\]: `(\w+)`", click.unstyle(said)) == ["limit", "ttl"]
    desk.configure()
    shown(desk, "feedwright.toml", seen=seen)
    assert notes(seen.build, before, 0.1).count("\n") == 0


def test_a_content_folder_that_goes_and_comes_back(desk: Desk) -> None:
    seen = preview(desk.root)
    desk.content.rename(desk.root / "away")
    shown(desk, "content", seen=seen)
    assert seen.build.error
    assert seen.build.error.code == "USE001"
    (desk.root / "away").rename(desk.content)
    shown(desk, "content", seen=seen)
    assert seen.build.error is None


def test_a_bug_is_told_and_the_next_build_begins_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = preview(desk.root)
    documents = seen.build.documents
    with monkeypatch.context() as patch:
        patch.setattr(preview_build, "plan_through", lambda *_: 1 / 0)
        assert shown(desk, "content/a.md", seen=seen) == documents
        assert seen.build.error
        assert seen.build.error.code == "SRV001"
        assert "ZeroDivisionError" in seen.build.error.message
    assert shown(desk, "content/a.md", seen=seen) == documents
    assert seen.build.error is None


def test_drafts_and_the_future_are_shown_on_request(desk: Desk) -> None:
    desk.write("draft.md", text("Draft", "2026-01-03", draft="true"))
    desk.write("later.md", text("Later", "2031-01-03"))
    seen = preview(desk.root)
    assert seen.until is not None
    assert seen.until.year == 2031
    assert b"Draft" not in seen.build.documents["rss.xml"]
    with_all = preview(desk.root, drafts=True, future=True).build.documents["rss.xml"]
    assert b"Draft" in with_all
    assert b"Later" in with_all


def test_an_article_appears_when_its_time_has_come(desk: Desk) -> None:
    desk.write("old.md", text("Old", "2019-01-01"))
    desk.write("soon.md", text("Soon", "2020-01-02"))
    seen = preview(desk.root, now=datetime(2020, 1, 1, tzinfo=UTC))
    assert seen.until == datetime(2020, 1, 2, tzinfo=UTC)
    assert b"Soon" not in seen.build.documents["rss.xml"]
    assert b"Soon" in shown(desk, seen=seen)["rss.xml"]  # the clock is past that


def test_published_ids_stay_and_the_record_as_it_is(desk: Desk) -> None:
    desk.run("build")
    before = files_of(desk.output)
    seen = preview(desk.root)
    desk.write("new.md", text("New", "2026-01-03"))
    shown(desk, "content/new.md", seen=seen)
    comparison = compare(seen.build)
    assert [(change.path, [e.title for e in change.entries]) for change in comparison.changes] == [
        ("", ["New"])
    ]
    assert (comparison.differing, comparison.stop) == (2, None)
    assert files_of(desk.output) == before


def test_nothing_differs_after_a_build(desk: Desk) -> None:
    seen = preview(desk.root)
    assert compare(seen.build).differing == 4
    desk.run("build")
    shown(desk, "feeds/feedwright.lock.json", seen=seen)
    assert (compare(seen.build).differing, compare(seen.build).changes) == (0, ())


def test_what_would_stop_a_build_is_told(desk: Desk) -> None:
    desk.run("build")
    seen = preview(desk.root)
    for name in ("a.md", "tea.md"):
        (desk.content / name).unlink()
    shown(desk, "content/a.md", "content/tea.md", seen=seen)
    stop = compare(seen.build).stop
    assert stop is not None
    assert stop.code == "PUB004"


def test_the_cache_of_builds_is_used_and_left(desk: Desk) -> None:
    preview(desk.root)
    assert (desk.root / ".feedwright_cache").is_dir()
    assert preview(desk.root).build.documents.keys() >= {"rss.xml", "tea/rss.xml"}


def test_a_cache_that_lies_is_not_believed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    preview(desk.root)
    right = preview(desk.root).build.documents
    monkeypatch.setattr("feedwright.articles.soundness.are_sound", lambda *_: False)
    seen = preview_build.Preview(preview(desk.root)._context)
    assert seen.begin().documents == right


# Addresses and files


def test_addresses_of_what_the_server_has_lead_there_and_no_others(desk: Desk) -> None:
    desk.write("img/p.png", PICTURE_BYTES)
    addresses = Addresses(preview(desk.root).build)
    own, elsewhere = b"http://127.0.0.1:1", b"https://example.org"
    for path, there in (
        (b"/feeds/tea/atom.xml", own),
        (b"/feeds/none.xml", elsewhere),
        (b"/img/p.png?w=1", own),
        (b"/img/none.png", elsewhere),
        (b"/tea.md", elsewhere),
        (b"/a/", elsewhere),
    ):
        found = addresses.localized(b'<a href="https://example.org%s">' % path, own.decode())
        assert found == b'<a href="%s%s">' % (there, path)


def test_pictures_beside_an_article_are_found_by_its_address(desk: Desk) -> None:
    desk.write("trip/index.md", text("Trip", "2026-01-03", '<img src="p.png">'))
    desk.write("trip/p.png", PICTURE_BYTES)
    desk.write("walk.md", text("Walk", "2026-01-04", '<img src="w.png">'))
    desk.write("walk/w.png", PICTURE_BYTES)
    build = preview(desk.root).build
    addresses = Addresses(build)
    for article in build.plan.selection.articles:
        if article.path in ("trip/index.md", "walk.md"):
            name = "p.png" if article.path[0] == "t" else "w.png"
            path = article.link.removeprefix("https://example.org").rpartition("/")[0]
            file = addresses.open_medium(f"{path}/{name}")
            assert file is not None, article.link
            with file:
                assert file.read() == PICTURE_BYTES


def test_feeds_on_another_host_are_on_this_one_too(desk: Desk) -> None:
    desk.configure('feeds_url = "https://feeds.example.net/all/"')
    build = preview(desk.root).build
    addresses = Addresses(build)
    assert addresses.document("/all/tea/rss.xml") == "tea/rss.xml"
    local = addresses.localized(build.documents["rss.xml"], "http://127.0.0.1:1")
    assert b"http://127.0.0.1:1/all/rss.xml" in local
    assert b"feeds.example.net" not in local


@pytest.mark.parametrize(
    "path",
    [
        "../secret.png",
        "img/../../secret.png",
        "/etc/secret.png",
        "img//p.png",
        ".git/p.png",
        "img/.p.png",
        "out.png",
        "hidden.png",
        "disguised.png",
        "folder.png",
        "pipe.png",
        "a.md",
        "img/p.png\0",
        "img\\p.png",
        "C:/p.png",
    ],
)
def test_no_other_file_is_opened(desk: Desk, path: str) -> None:
    (desk.root / "secret.png").write_bytes(PICTURE_BYTES)
    for name in ("img/p.png", ".git/p.png", "img/.p.png"):
        desk.write(name, PICTURE_BYTES)
    desk.write("secret.txt", b"secret")
    (desk.content / "folder.png").mkdir()
    os.mkfifo(desk.content / "pipe.png")
    for name, goal in (("out", "../secret.png"), ("hidden", ".git/p.png"), ("disguised", "secret.txt")):
        (desk.content / f"{name}.png").symlink_to(goal)
    site = desk.settings()
    file = open_medium("img/p.png", site)
    assert file is not None
    file.close()
    assert open_medium(path, site) is None


def test_links_lead_where_the_settings_allow(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "p.png").write_bytes(PICTURE_BYTES)
    desk.content.mkdir(parents=True, exist_ok=True)
    (desk.content / "album").symlink_to(tmp_path / "album")
    site = desk.settings()
    assert open_medium("album/p.png", site) is None
    allowed = replace(site, follow_symlinks=(tmp_path / "album",))
    file = open_medium("album/p.png", allowed)
    assert file is not None
    file.close()
