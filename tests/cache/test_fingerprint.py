"""What decides the bytes decides what the cache may answer: sources, templates, distributions, settings."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import pytest

import feedwright
from feedwright.cache import fingerprint
from feedwright.settings.reference import SETTINGS
from sites import Folder, environment, files_of

SOURCE = Path(feedwright.__file__).parent
FILES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*") if path.is_file())
FILES = [path for path in FILES if "__pycache__" not in path]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(SOURCE, tmp_path_factory.mktemp("lib") / "feedwright"))


def test_every_file_of_the_package_is_in_the_fingerprint(package: Path) -> None:
    before = {fingerprint.of(str(package), ())}
    assert len(FILES) > 50
    assert any(path.endswith(".html") for path in FILES)
    for path in FILES:
        file = package / path
        data = file.read_bytes()
        file.write_bytes(data + b"\n")
        after = fingerprint.of(str(package), ())
        assert after not in before, path
        before.add(after)
        file.unlink()
        assert fingerprint.of(str(package), ()) not in before, path
        file.write_bytes(data)


def test_a_file_that_cannot_be_read_is_not_passed_over(package: Path) -> None:
    (package / "away.py").symlink_to(package / "nowhere.py")
    try:
        with pytest.raises(FileNotFoundError):
            fingerprint.of(str(package), ())
    finally:
        (package / "away.py").unlink()
    with pytest.raises(FileNotFoundError):
        fingerprint.of(str(package / "nowhere"), ())


LINES = ("feedwright/a.py,sha256=x,1", "feedwright/b.py,sha256=y,1")


def _installed(folder: Path, *lines: str) -> str:
    """The fingerprint of a package beside the list of what was installed."""
    (folder / "feedwright").mkdir(parents=True, exist_ok=True)
    (folder / "feedwright" / "a.py").write_bytes(b"1")
    metadata = folder / "feedwright-1.0.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "RECORD").write_text("".join(f"{line}\n" for line in lines))
    return fingerprint.of(str(folder / "feedwright"), ())


def test_the_list_of_what_was_installed_stands_for_the_files(tmp_path: Path) -> None:
    known = _installed(tmp_path / "a", *LINES)
    (tmp_path / "a" / "feedwright" / "a.py").write_bytes(b"2")
    assert fingerprint.of(str(tmp_path / "a" / "feedwright"), ()) == known
    assert _installed(tmp_path / "a", LINES[0]) != known
    assert _installed(tmp_path / "a", LINES[0], LINES[1].replace("y", "z")) != known


def test_what_differs_from_machine_to_machine_is_not_in_the_fingerprint(tmp_path: Path) -> None:
    others = ("feedwright/__pycache__/a.pyc,,", "../bin/feedwright,sha256=q,7", "feedwright-1.0/RECORD,,")
    assert _installed(tmp_path / "b", *others, *reversed(LINES)) == _installed(tmp_path / "a", *LINES)


def test_where_an_installer_only_points_to_a_checkout_its_files_count(tmp_path: Path) -> None:
    known = _installed(tmp_path, "_editable_feedwright.pth,sha256=x,1")
    (tmp_path / "feedwright" / "a.py").write_bytes(b"2")
    assert fingerprint.of(str(tmp_path / "feedwright"), ()) != known


@cache
def _distributions() -> list[str]:
    """All that is installed because feedwright is, by what each says that it requires."""
    found: list[str] = []
    todo = ["feedwright"]
    while todo:
        name = re.split(r"[^\w.-]", todo.pop())[0]
        if name not in found:
            found.append(name)
            required = [line for line in distribution(name).requires or () if "extra ==" not in line]
            todo += [line for line in required if ";" not in line]
    return found


def test_every_distribution_is_in_the_fingerprint(tmp_path: Path) -> None:
    here = {Path(str(distribution(name).locate_file(""))).resolve() for name in _distributions()}
    assert here <= {Path(folder).resolve() for folder in sys.path}
    assert len(_distributions()) > 20
    for name in _distributions():
        folder = tmp_path / f"{name}-1.0.dist-info"
        before = fingerprint.of(str(SOURCE), [str(tmp_path)])
        folder.mkdir()
        first = fingerprint.of(str(SOURCE), [str(tmp_path)])
        folder.rename(tmp_path / f"{name}-1.1.dist-info")
        assert len({before, first, fingerprint.of(str(SOURCE), [str(tmp_path)])}) == 3


def test_it_is_the_same_in_every_process() -> None:
    code = "from feedwright.cache.fingerprint import of; print(of(*__import__('sys').argv[1:2], []))"
    run = [sys.executable, "-c", code, str(SOURCE)]
    told = {subprocess.run(run, check=True, capture_output=True, text=True).stdout for _ in range(2)}
    assert told == {fingerprint.of(str(SOURCE), []) + "\n"}


# The same bytes with a cache as without

ARTICLE = """---
title: An article
date: 2026-01-0{n} 12:00:00
categories: [[Tea, Green], Books]
tags: [leaf]
author: Ann <ann@example.org>
cover: https://img.example.net/{n}
---
# Head

Some **text**, a [link](/a/) and ~~nothing~~. {{% tea leaf %}} {filler}
"""
USUAL = (
    'timezone = "UTC"',
    'url = "https://example.org/"',
    'formats = ["rss", "atom", "opml", "page"]',
)
CATEGORY = """
[categories."Books"]
slug = "shelf"
title = "Shelf"
description = "Of wood"
image = "/b.png"
limit = 1
in_site_feed = false
was = ["books-before"]
"""
OTHERWISE = {
    "url": 'url = "https://example.net/"',
    "title": 'title = "Another"',
    "description": 'description = "Another"',
    "language": 'language = "zh-CN"',
    "author": 'author = "Somebody"',
    "timezone": 'timezone = "Asia/Shanghai"',
    "generator_timezone": 'generator_timezone = "Pacific/Kiritimati"',
    "authority": 'authority = "example.com"',
    "content": 'content = "other"',
    "output": 'output = "public"',
    "site_root": 'site_root = "."\naliases = { "/old.xml" = "rss" }',
    "record": 'record = "record.json"',
    "feeds_url": 'feeds_url = "https://feeds.example.org/"',
    "permalink": 'permalink = "hugo"',
    "formats": 'formats = ["rss", "json"]',
    "limit": "limit = 1",
    "days": "limit = 1\ndays = 2",
    "since": 'since = "2026-01-02"',
    "archives": "limit = 1\narchives = 1",
    "content_mode": 'content_mode = "summary"',
    "taxonomies": 'taxonomies = ["categories", "tags", "authors"]',
    "copyright": 'copyright = "Ours"',
    "icon": 'icon = "/icon.png"',
    "logo": 'logo = "/logo.png"',
    "accent": 'accent = "#a00"',
    "stylesheet": 'stylesheet = "content/pages.css"',
    "readers": 'readers = ["feedly"]',
    "ttl": "ttl = 60",
    "hub": 'hub = "https://hub.example.org/"',
    "encoding": 'encoding = "gb18030"',
    "date_formats": 'date_formats = ["%Y-%d-%m %H:%M:%S"]',
    "hierarchy": 'hierarchy = "list"',
    "ignore": 'ignore = ["1.md"]',
    "dialect": 'dialect = "pelican"',
    "markdown": 'markdown = "kramdown"',
    "thumbnail_type": 'thumbnail_type = "image/webp"',
    "enclose_thumbnail": "enclose_thumbnail = false",
    "publish_email": "publish_email = true",
    "sanitizer": 'sanitizer = "nh3"',
    "body_limit": "body_limit = 100",
    "time_limit": "time_limit = 60",
    "default_category": 'default_category = "Rest"',
    "site_output": 'site_output = "site"',
    "static": 'static = ["elsewhere"]',
    "built_pages": 'site_output = "site"\nbuilt_pages = true',
    "bodies": 'site_output = "site"\nbodies = "pages"',
    "page_selector": 'site_output = "site"\nbodies = "pages"\npage_selector = "p"',
    "folder_categories": "folder_categories = true",
    "titles_from_names": "titles_from_names = true",
    "follow_symlinks": 'follow_symlinks = ["elsewhere"]',
    "stale": 'stale = "delete"',
    "aliases": '[aliases]\n"old.xml" = "atom"',
    "retired": '[retired]\njson = "atom"',
    "authors": '[authors."Ann"]\nname = "Ann Lee"',
    "categories": CATEGORY,
    "defaults": '[defaults."*"]\ncopyright = "x"\nsummary = "Short"',
    "languages": '[languages.en]\npath = "en"',
    "tags": '[tags]\ntea = "<b>{0}</b>"',
}


def _fill(folder: Folder, content: str = "content") -> None:
    for n in range(1, 5):
        text = ARTICLE.format(n=n, filler="More. " * (n * 10)).replace("Ann", "Änn" if n == 2 else "Ann")
        file = folder.root / content / f"{n}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (folder.root / content / "link.md").symlink_to(folder.root / "elsewhere" / "5.md")


def test_every_setting_is_tried() -> None:
    assert OTHERWISE.keys() == SETTINGS.keys()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_changes_the_same_bytes_with_a_cache(tmp_path: Path, name: str) -> None:
    """The cache is that of builds with the settings as they were, and then as they are in turn."""
    made = []
    for cached in (True, False):
        folder = Folder(tmp_path / str(cached))
        for content in ("content", "other", "elsewhere"):
            (folder.root / content).mkdir(parents=True)
        (folder.root / "elsewhere" / "5.md").write_text(ARTICLE.format(n=5, filler=""), "utf-8")
        _fill(folder)
        _fill(folder, "other")
        usual = "\n".join(USUAL)
        changed = OTHERWISE[name]
        before = "\n".join(line for line in USUAL if not line.startswith(f"{name} ="))
        (folder.root / "content" / "pages.css").write_text("a { color: red }", "utf-8")
        page = folder.root / "site" / "2026" / "01" / "01" / "1" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text("<p>", "utf-8")
        accept = frozenset({"id-change", "shrink", "foreign", "no-pages", "record"})
        states = []
        for config in (usual, f"{before}\n{changed}", usual):
            folder.build(config, cached=cached, accept=accept)
            files = files_of(folder.root)
            states.append({path: data for path, data in files.items() if ".feedwright_cache" not in path})
        made.append(states)
    assert made[0] == made[1]


SCRIPT = """
import sys
from pathlib import Path
from datetime import UTC, datetime
import feedwright
site = feedwright.load_settings(start=Path.cwd(), environ={}, overrides={"url": "https://example.org/"})
feedwright.build(site, now=datetime(2026, 11, 22, tzinfo=UTC), cached=sys.argv[1] == "True", jobs=1)
"""


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("bodies/markdown/rendering.py", ', "strikethrough": "strikethrough"', ""),
        ("bodies/policy.py", "strike strong sub", "strike sub"),
        ("formats/templates/page.html", "</body>", "<p>Ours</p></body>"),
        ("formats/templates/feed.css", "/* feedwright", "/* feedwright made anew"),
        ("formats/atom.py", 'rel="self"', 'rel="self", title="x"'),
    ],
)
def test_an_edit_of_the_source_takes_effect_in_a_cached_build(
    package: Path, tmp_path: Path, path: str, before: str, after: str
) -> None:
    folder = Folder(tmp_path)
    _fill(folder)
    (folder.content / "link.md").unlink()
    run = [sys.executable, "-c", SCRIPT]
    env = environment({"PYTHONPATH": str(package.parent)})

    def build(*, cached: bool) -> dict[str, bytes]:
        subprocess.run([*run, str(cached)], cwd=folder.root, env=env, check=True)
        return folder.published()

    first = build(cached=True)
    source = (package / path).read_text("utf-8")
    assert source.count(before) == 1
    (package / path).write_text(source.replace(before, after), "utf-8")
    try:
        second = build(cached=True)
        assert second != first
        assert build(cached=False) == second
    finally:
        (package / path).write_text(source, "utf-8")
