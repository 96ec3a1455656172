"""A life of seventy edits of a site of 200 articles, under the eyes of readers that remember what was read.

newsboat and lemon24's reader take part where they are installed. A build may refuse to publish instead
(exit 4); then nothing on disk has changed. Here none does.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from feedwright.cache import fingerprint
from feedwright.disk import CACHE_FOLDER
from feedwright.model import replace
from history import BROKEN, START, Piece, Site, empty, written
from readers import LemonReader, Newsboat, StatefulReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# The site

CATEGORIES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("Tech",),),
    (("Tech", "Web"),),
    (("Life",),),
    (("生活", "茶"),),
    (("Travel",), ("Life",)),
    (),
    (("Tech", "Web"), ("生活",)),
)


def _article(n: int) -> Piece:
    return Piece(
        name=f"{n:03}",
        path=("posts/{:03}-tea.md", "notes/2025/第{:03}篇.md", "茶/{:03}.html")[n % 3].format(n),
        title=f"Notes on tea {n}" if n % 2 else f"第{n}篇：茶与路",
        date=written(START + timedelta(hours=37 * n), n),
        words=f"茶 and its {n} cups &amp; more <b>bold</b>",
        categories=CATEGORIES[n % len(CATEGORIES)],
        tags=(("green", "绿茶"), ("oolong",), ())[n % 3] if n % 4 == 0 else (),
        author=("Ann", "", "", "李雷")[n % 4],
        updated="2026-03-01 10:00:00" if n % 50 == 49 else "",
    )


def _rename(site: Site) -> None:
    site.change("199", path="posts/another-name.md")


def _move_folder(site: Site) -> None:
    for piece in list(site.pieces.values()):
        if piece.path.startswith("notes/2025/"):
            site.change(piece.name, path=piece.path.replace("notes/2025/", "archive/old 笔记/"))


def _retitle(site: Site) -> None:
    site.change("198", title="从前的另一个题目")
    site.change("197", title="Quite another title")


def _recategorize(site: Site) -> None:
    site.change("196", categories=(("Travel",),), tags=("oolong",), author="李雷")
    site.change("194", categories=())


def _domain(site: Site) -> None:
    site.url = "http://tea.example.net/blog/"


def _redate(site: Site) -> None:
    site.change("195", date="2025-03-03 03:03:03")
    site.change("150", date="2025-11-20 20:20:20+08:00")


def _delete(site: Site) -> None:
    for name in ("193", "192", "012"):
        del site.pieces[name]


def _split(site: Site) -> None:
    for n, piece in enumerate(list(site.pieces.values())):
        if ("Life",) in piece.categories:
            rest = tuple(path for path in piece.categories if path != ("Life",))
            site.change(piece.name, categories=(*rest, ("Home",) if n % 2 else ("Garden",)))


def _https(site: Site) -> None:
    site.url = "https://tea.example.net/blog/"


def _permalink(site: Site) -> None:
    site.settings["permalink"] = '"{year}/{month}/{slug}/"'


def _bleach(site: Site) -> None:
    site.settings["sanitizer"] = '"bleach"'


def _nh3(site: Site) -> None:
    site.settings["sanitizer"] = '"nh3"'


def _policy(site: Site) -> None:
    site.policy = "another"


def _break(site: Site) -> None:
    for name, how in zip(("199", "198", "191", "189"), BROKEN, strict=False):
        site.change(name, broken=how)


def _break_more(site: Site) -> None:
    site.change("191", title="A title that nobody sees yet", words="New")
    site.add(replace(_article(200), broken="date"))
    site.change("188", categories=(("Tech",),))


def _repair(site: Site) -> None:
    for piece in list(site.pieces.values()):
        site.change(piece.name, broken="")


def _break_bodies(site: Site) -> None:
    site.change("197", "190", broken="body", title="Not told", categories=(("Elsewhere",),))


def _mend_bodies(site: Site) -> None:
    site.change("197", "190", broken="", title="Told now", categories=(("Tech",),))


def _withdraw(site: Site) -> None:
    site.change("199", "187", draft=True)


def _publish_again(site: Site) -> None:
    site.change("199", draft=False)
    site.change("187", draft=False, title="Written anew")


def _new_category(site: Site) -> None:
    site.change("186", "020", categories=(("Music", "Jazz"),))


def _rewrite(site: Site) -> None:
    site.change("199", "185", words="Quite another text")


def _update(site: Site) -> None:
    site.change("184", updated="2026-04-01 12:00:00+08:00")


def _shorter(site: Site) -> None:
    site.limit = 4


def _longer(site: Site) -> None:
    site.limit = 12


def _no_cache(site: Site) -> None:
    shutil.rmtree(site.twin.root / CACHE_FOLDER)


def _rename_and_retitle(site: Site) -> None:
    site.change("199", path="posts/third name.md", title="A third title")


def _rename_and_rewrite(site: Site) -> None:
    site.change("198", path="archive/新名.md", words="Rewritten while it was renamed")


def _rename_and_redate(site: Site) -> None:
    site.change("185", path="archive/later.md", date="2025-11-21 01:00:00")


def _case(site: Site) -> None:
    site.change("199", path="posts/Third Name.md")


def _atom_only(site: Site) -> None:
    site.formats = ("atom",)


def _rss_only(site: Site) -> None:
    site.formats = ("rss",)


def _both(site: Site) -> None:
    site.formats = ("rss", "atom")


def _nothing(site: Site) -> None:
    pass


def _away(*beginnings: str) -> Callable[[Site], None]:
    def leave(site: Site) -> None:
        site.away = beginnings

    return leave


def _set(*away: str, **settings: str) -> Callable[[Site], None]:
    """Settings as they are written; an empty one goes. `away` are the articles that it leaves out."""

    def change(site: Site) -> None:
        site.settings |= settings
        site.settings = {name: value for name, value in site.settings.items() if value}
        site.away = away

    return change


def _form(form: Callable[[str], bytes]) -> Callable[[Site], None]:
    def write(site: Site) -> None:
        site.form = form

    return write


def _fields(whole: str) -> tuple[list[tuple[str, str]], str]:
    _, matter, body = whole.split("---\n", 2)
    rows = [line.partition(": ")[::2] for line in matter.splitlines()]
    return rows, body


def _value(value: str) -> object:
    return json.loads(value.replace("'", '"')) if value.startswith("[") else value


def _as_toml(whole: str) -> bytes:
    rows, body = _fields(whole)
    matter = "".join(f"{name} = {json.dumps(_value(value), ensure_ascii=False)}\n" for name, value in rows)
    return f"+++\n{matter}+++\n{body}".encode()


def _as_json(whole: str) -> bytes:
    rows, body = _fields(whole)
    values = {name: _value(value) for name, value in rows}
    return f"{json.dumps(values, ensure_ascii=False, indent=2)}\n\n{body}".encode()


def _crlf(whole: str) -> bytes:
    return whole.replace("\n", "\r\n").encode()


def _with_mark(whole: str) -> bytes:
    return b"\xef\xbb\xbf" + whole.encode()


def _to_jekyll(site: Site) -> None:
    """Every file and every address at once."""
    site.settings["permalink"] = '"jekyll"'
    for piece in list(site.pieces.values()):
        day = datetime.fromtimestamp(piece.instant, UTC)
        stem, suffix = piece.path.rpartition("/")[2].rsplit(".", 1)
        site.change(piece.name, path=f"_posts/{day:%Y-%m-%d}-{stem}.{suffix}")


def _to_bundles(site: Site) -> None:
    site.settings["permalink"] = '"hugo"'
    for piece in list(site.pieces.values()):
        stem, suffix = piece.path.rpartition("/")[2].rsplit(".", 1)
        site.change(piece.name, path=f"posts/{stem}/index.{suffix}")


def _other_suffix(site: Site) -> None:
    for piece in list(site.pieces.values()):
        if piece.path.endswith(".md"):
            site.change(piece.name, path=piece.path.removesuffix(".md") + ".markdown")


def _taxonomies(*names: str) -> Callable[[Site], None]:
    def choose(site: Site) -> None:
        site.taxonomies = names

    return choose


def _say_the_id(site: Site) -> None:
    for name in sorted(site.shown)[-3:]:
        site.change(name, guid=site.subscriber.ids[name])


def _copy(site: Site) -> None:
    site.others["posts/a copy.md"] = site.pieces["183"].written()


def _delete_the_original(site: Site) -> None:
    del site.others["posts/a copy.md"]
    site.change("183", path="posts/a copy.md")


def _keep_the_cache(site: Site) -> None:
    shutil.copytree(site.twin.root / CACHE_FOLDER, site.twin.root / "old cache")


def _old_cache(site: Site) -> None:
    shutil.rmtree(site.twin.root / CACHE_FOLDER)
    (site.twin.root / "old cache").rename(site.twin.root / CACHE_FOLDER)


def _same_times(site: Site) -> None:
    for folder in (site.folder, site.twin):
        for file in folder.content.rglob("*.*"):
            os.utime(file, (0, 0))


def _rename_a_category(site: Site) -> None:
    site.settings["categories"] = '{ "Melodies" = { was = ["music"] } }'
    site.was = {"melodies/": "music/"}
    for piece in list(site.pieces.values()):
        renamed = tuple(("Melodies", *path[1:]) if path[0] == "Music" else path for path in piece.categories)
        if renamed != piece.categories:
            site.change(piece.name, categories=renamed)


def _other_case(site: Site) -> None:
    for piece in list(site.pieces.values()):
        if ("Tech",) in piece.categories:
            site.change(piece.name, categories=(("TECH",),))


def _flood(site: Site) -> None:
    for n in range(201, 213):
        site.add(_article(n))


def _schedule(site: Site) -> None:
    site.add(replace(_article(213), date="2026-12-24 18:00:00"))
    site.change("212", expires="2026-12-01 00:00:00+00:00")


def _later(site: Site) -> None:
    site.now += timedelta(days=40)


def _drafts_folder(site: Site) -> None:
    site.change("211", path="_drafts/211.md", draft=True)


def _from_drafts(site: Site) -> None:
    site.change("211", path="posts/211-at-last.md", draft=False)


def _accented(site: Site) -> None:
    site.change("210", path="posts/caf\u00e9.md")


def _decomposed(site: Site) -> None:
    site.change("210", path="posts/cafe\u0301.md")


def _new_name(site: Site) -> None:
    for piece in list(site.pieces.values()):
        if piece.author == "Ann":
            site.change(piece.name, author="Anna")


def _many(site: Site) -> None:
    site.limit = 40


def _idn(site: Site) -> None:
    site.url = "https://茶.example.net/"


HISTORY: tuple[tuple[str, Callable[[Site], None]], ...] = (
    ("the first build", _nothing),
    ("a file renamed", _rename),
    ("a folder moved", _move_folder),
    ("retitled", _retitle),
    ("recategorized", _recategorize),
    ("another domain", _domain),
    ("redated", _redate),
    ("deleted", _delete),
    ("a category split in two", _split),
    ("from http to https", _https),
    ("other permalinks", _permalink),
    ("another sanitizer", _bleach),
    ("another sanitizer again", _nh3),
    ("another version of the sanitizer", _policy),
    ("broken files", _break),
    ("edits beside broken files", _break_more),
    ("repaired", _repair),
    ("broken bodies", _break_bodies),
    ("mended bodies", _mend_bodies),
    ("drafts again", _withdraw),
    ("published again", _publish_again),
    ("a new category", _new_category),
    ("a body rewritten", _rewrite),
    ("an update date", _update),
    ("a lower limit", _shorter),
    ("a higher limit", _longer),
    ("the cache deleted", _no_cache),
    ("renamed and retitled", _rename_and_retitle),
    ("renamed and rewritten", _rename_and_rewrite),
    ("renamed and redated", _rename_and_redate),
    ("renamed in case only", _case),
    ("Atom only", _atom_only),
    ("a title while there is no RSS", _retitle),
    ("both formats", _both),
    ("a submodule is not checked out", _away("archive/")),
    ("it is checked out again", _away()),
    ("ignored for a day", _set("茶/", ignore='["茶/**"]')),
    ("not ignored any more", _set(ignore="")),
    ("line ends of Windows in the whole repository", _form(_crlf)),
    ("byte order marks", _form(_with_mark)),
    ("front matter in TOML", _form(_as_toml)),
    ("front matter in JSON", _form(_as_json)),
    ("front matter in YAML again", _form(str.encode)),
    ("the cache of this day is kept", _keep_the_cache),
    ("another title and language", _set(title='"Tea and trails"', language='"en"')),
    ("the feeds are served elsewhere", _set(feeds_url='"https://feeds.example.net/"')),
    ("summaries only", _set(content_mode='"summary"')),
    ("whole bodies", _set(content_mode="")),
    ("no feeds of tags and authors", _taxonomies("categories")),
    ("feeds of tags and authors", _taxonomies("categories", "tags", "authors")),
    ("ids are written into articles", _say_the_id),
    ("an article is copied", _copy),
    ("the original is deleted", _delete_the_original),
    ("all times of files alike", _same_times),
    ("a category gets another name", _rename_a_category),
    ("a category in capitals", _other_case),
    ("an older cache comes back", _old_cache),
    ("twelve articles at once", _flood),
    ("one is due later, one expires", _schedule),
    ("later", _later),
    ("moved to the drafts", _drafts_folder),
    ("published from there", _from_drafts),
    ("an accent in a name", _accented),
    ("the accent decomposed", _decomposed),
    ("an author's new name", _new_name),
    ("another suffix", _other_suffix),
    ("a much higher limit", _many),
    ("an address in Chinese", _idn),
    ("every file and address as Jekyll has them", _to_jekyll),
    ("every file and address as Hugo has them", _to_bundles),
)


UNNOTICED = (_nothing, _no_cache, _keep_the_cache, _old_cache, _same_times)
"""Edits that are none of the site."""


@pytest.fixture
def stateful(tmp_path: Path) -> Iterator[tuple[StatefulReader, ...]]:
    """The readers that are here."""
    readers: list[StatefulReader] = []
    if shutil.which("newsboat"):
        readers.append(Newsboat(tmp_path / "newsboat"))
    if find_spec("reader"):
        readers.append(LemonReader(tmp_path / "plain" / "feeds"))
    yield tuple(readers)
    for reader in readers:
        reader.close()


def test_the_readers_tell_what_is_unread_again(stateful: tuple[StatefulReader, ...], tmp_path: Path) -> None:
    feeds = tmp_path / "plain" / "feeds"
    feeds.mkdir(parents=True)
    feed = (
        "<rss version='2.0'><channel><title>T</title><link>https://example.org/</link><description/>"
        "<item><guid isPermaLink='false'>{}</guid><title>A</title><description>mark-a</description></item>"
        "</channel></rss>"
    )
    for guid, harmed in (("1", False), ("1", False), ("2", True)):
        (feeds / "rss.xml").write_text(feed.format(guid), "utf-8")
        for reader in stateful:
            assert bool(reader.poll(feeds, ["rss.xml"])) is harmed
            assert reader.known == {"a"}


def test_a_long_history_hurts_no_subscriber(
    tmp_path: Path, stateful: tuple[StatefulReader, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = empty(tmp_path)
    site.readers = stateful
    monkeypatch.setattr(fingerprint, "fingerprint", lambda: f"{site.policy}")
    for n in range(200):
        site.add(_article(n))
    harms = {}
    for what, edit in HISTORY:
        before = site.state()
        edit(site)
        assert site.state() != before or edit in UNNOTICED, what
        if found := site.build():
            harms[what] = found
    assert harms == {}
    assert site.refused == 0
    assert len(site.shown) >= site.limit
    assert [site.subscriber.ids.keys() - reader.known for reader in stateful] == [set()] * len(stateful)
