"""Ways in: feeds that come back from where they are served (`restore`), and those of others (`adopt`)."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree, rmtree

import pytest

from desk import Desk, served
from paths import DATA
from sites import run, text

FOREIGN = DATA / "foreign"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A published site whose ids only its record knows: one file was renamed and redated since."""
    desk = Desk(tmp_path / "site")
    desk.configure()
    desk.write("a.md", text("A", "2026-01-01", permalink="/a/"))
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Tea"))
    assert desk.run("build").code == 0
    (desk.content / "a.md").unlink()
    desk.write("renamed.md", text("A", "2026-01-03", permalink="/a/"))
    assert desk.run("build").code == 0
    assert desk.ids()["A"] == "tag:example.org,2026-01-01:a.md"
    return desk


@pytest.fixture
def there(desk: Desk) -> Path:
    """The published folder, where a server has it; the site itself is a fresh checkout without feeds."""
    there = desk.root.parent / "there"
    copytree(desk.output, there)
    rmtree(desk.output)
    rmtree(desk.root / ".feedwright_cache")
    return there


# restore


def test_a_fresh_checkout_goes_on_where_the_last_one_ended(desk: Desk, there: Path) -> None:
    with served(there) as url:
        told = desk.run("restore", url)
        assert (told.code, told.out) == (0, "")
        assert told.err == "4 documents restored, 0 there already\n"
        first = desk.published()
        assert first == {p.relative_to(there).as_posix(): p.read_bytes() for p in there.rglob("*.*")}
        assert "0 documents written, 4 unchanged" in desk.run("build").err
        assert desk.run("check").code == 0
        assert desk.published() == first
        told = desk.run("restore", url, "--report", "json")
        assert told.json == {
            "schema_version": 1,
            "exit_code": 0,
            "written": [],
            "unchanged": ["atom.xml", "rss.xml", "tea/atom.xml", "tea/rss.xml"],
            "problems": [],
        }
        assert desk.run("restore", url, "-q").err == ""


def test_without_an_address_it_is_that_of_the_settings(desk: Desk, there: Path) -> None:
    told = desk.run("restore", FEEDWRIGHT_FEEDS_URL="https://feeds.invalid/of mine/")
    assert (told.code, told.codes) == (3, ["NET002"])
    assert "https://feeds.invalid/of%20mine/feedwright.lock.json cannot be reached" in told.err
    assert there.is_dir()
    assert not desk.output.exists()


def test_a_broken_article_is_still_there_after_a_restore(desk: Desk, there: Path) -> None:
    desk.write("renamed.md", text("A", "tomorrow", permalink="/a/"))
    with served(there) as url:
        assert desk.run("restore", url).code == 0
    first = desk.published()
    told = desk.run("build")
    assert (told.code, told.codes) == (1, ["DATE001"])
    assert desk.published() == first


def test_feeds_that_are_not_made_any_more_come_back_too(desk: Desk) -> None:
    desk.write("tea.md", text("Tea", "2026-01-02"))
    assert desk.run("build").code == 0
    there = desk.root.parent / "there"
    copytree(desk.output, there)
    first = desk.published()
    rmtree(desk.output)
    with served(there) as url:
        assert desk.run("restore", url).code == 0
        assert desk.published() == first
        assert desk.run("check").code == 0
        assert desk.run("build").code == 0
        assert desk.published() == first
        told = desk.run("restore", url)
    assert (told.code, told.err) == (0, "0 documents restored, 4 there already\n")


def test_nothing_there_is_3_and_touches_nothing(desk: Desk, there: Path) -> None:
    with served(there.parent / "empty") as url:
        address = url
        told = desk.run("restore", url)
        assert (told.code, told.codes) == (3, ["RES001"])
    told = desk.run("restore", address, "--report", "json")
    assert (told.code, told.json["error"]["code"]) == (3, "NET002")
    assert not desk.output.exists()


def test_before_the_first_publication_there_may_be_nothing(desk: Desk, there: Path) -> None:
    with served(there.parent / "empty") as url:
        told = desk.run("restore", url, "--if-published")
        assert (told.code, told.err) == (0, f"nothing is published at {url} yet\n")
        told = desk.run("restore", url, "--if-published", "--report", "json")
        assert (told.code, told.json["written"], told.json["unchanged"]) == (0, [], [])
    told = desk.run("restore", url, "--if-published")
    assert (told.code, told.codes) == (3, ["NET002"])  # the server is down: who knows what is there
    assert not desk.output.exists()


def test_feeds_without_their_record_are_not_nothing(desk: Desk, there: Path) -> None:
    (there / "feedwright.lock.json").unlink()
    (there / "rss.xml").unlink()
    with served(there) as url:
        told = desk.run("restore", url, "--if-published")
    assert (told.code, told.codes) == (3, ["RES001"])
    assert "feedwright.lock.json" in told.err
    assert not desk.output.exists()


def test_feeds_of_another_generator_are_not_ours(desk: Desk, there: Path) -> None:
    (there / "feedwright.lock.json").unlink()
    for path in there.rglob("*.xml"):
        path.write_bytes(path.read_bytes().replace(b"feedwright", b"Hexo"))
    with served(there) as url:
        assert desk.run("restore", url, "--if-published").code == 0


def test_what_is_published_is_restored_with_the_option_too(desk: Desk, there: Path) -> None:
    with served(there) as url:
        told = desk.run("restore", url, "--if-published")
    assert (told.code, told.err) == (0, "4 documents restored, 0 there already\n")


def test_what_is_not_as_the_record_says_is_told_and_made_again(desk: Desk, there: Path) -> None:
    first = (there / "atom.xml").read_bytes()
    (there / "tea" / "rss.xml").unlink()
    (there / "atom.xml").write_bytes(b"edited")
    with served(there) as url:
        told = desk.run("restore", url, "--report", "concise")
        assert (told.code, told.codes) == (0, ["RES003", "RES002"])
        assert desk.run("restore", url).code == 0
    assert "2 documents written, 2 unchanged" in desk.run("build").err
    assert desk.published()["atom.xml"] == first


def test_another_record_is_replaced_only_if_that_is_meant(desk: Desk, there: Path) -> None:
    assert desk.run("build").code == 0
    own = desk.published()
    assert desk.ids()["A"] == "tag:example.org,2026-01-03:renamed.md"
    with served(there) as url:
        told = desk.run("restore", url)
        assert (told.code, told.codes) == (4, ["PUB011"])
        assert "this folder has a record of its own that differs" in told.err.lower()
        assert "--accept record" in told.err
        assert desk.published() == own
        assert desk.run("restore", url, "--accept", "record").code == 0
    assert desk.ids()["A"] == "tag:example.org,2026-01-01:a.md"
    assert "0 documents written" in desk.run("build").err


def test_documents_that_differ_are_no_reason(desk: Desk, there: Path) -> None:
    copytree(there, desk.output)
    desk.configure('title = "Another name"')
    assert desk.run("build").code == 0
    with served(there) as url:
        told = desk.run("restore", url)
        assert (told.code, told.err) == (0, "4 documents restored, 0 there already\n")


def test_files_of_others_are_not_replaced(desk: Desk, there: Path) -> None:
    desk.output.mkdir()
    (desk.output / "rss.xml").write_text("theirs", "utf-8")
    with served(there) as url:
        assert (desk.run("restore", url).code, desk.run("restore", url).codes) == (4, ["FS010"])
        assert desk.published() == {"rss.xml": b"theirs"}
        assert desk.run("restore", url, "--accept", "foreign").code == 0


def test_a_build_beside_feeds_without_a_record_says_the_ways_out(desk: Desk, there: Path) -> None:
    copytree(there, desk.output)
    (desk.output / "feedwright.lock.json").unlink()
    before = desk.published()
    told = desk.run("build")
    assert (told.code, told.codes) == (4, ["PUB009"])
    for way in ("feedwright restore", "version control", "--accept id-change"):
        assert way in told.err
    assert desk.published() == before
    told = desk.run("check")
    assert (told.code, told.codes[-1]) == (4, "PUB009")
    with served(there) as url:
        assert desk.run("restore", url).code == 0
    assert "0 documents written" in desk.run("build").err


def test_a_build_without_a_record_that_hurts_nobody_warns_once(desk: Desk) -> None:
    rmtree(desk.output)
    desk.run("build", "--accept", "record")
    first = desk.ids()
    (desk.output / "feedwright.lock.json").unlink()
    desk.write("new.md", text("New", "2026-01-09"))
    told = desk.run("check")
    assert (told.code, "OUT001" in told.codes) == (5, True)
    told = desk.run("build")
    assert (told.code, told.codes) == (0, ["PUB012"])
    assert "feedwright restore" in told.err
    assert set(first.items()) < set(desk.ids().items())
    assert desk.run("build").codes == []


def test_own_feeds_give_a_lost_record_its_ids_back(desk: Desk) -> None:
    first = desk.ids()
    (desk.output / "feedwright.lock.json").unlink()
    told = desk.run("adopt", "feeds/atom.xml")
    assert (told.code, told.err) == (0, "2 adopted, 0 not, 0 articles in no feed\n")
    desk.run("build", "--accept", "foreign")
    assert desk.ids() == first


# adopt

_SITES: dict[str, tuple[list[str], list[tuple[str, str]], dict[str, str], int]] = {
    "hexo": (
        ["hexo-atom", "hexo-rss2"],
        [
            ("雨后的山路.md", text("雨后的山路", "2021-05-01 00:00:00 +0800")),
            (
                "tea.md",
                text(
                    "Tea &amp; tables", "2020-12-31 23:59:59 +0800", permalink="/2020/12/31/tea-and-tables/"
                ),
            ),
        ],
        {
            "雨后的山路": "https://example.org/2021/05/01/%E9%9B%A8%E5%90%8E%E7%9A%84%E5%B1%B1%E8%B7%AF/",
            "Tea & tables": "https://example.org/2020/12/31/tea-and-tables/",
        },
        0,
    ),
    "jekyll": (
        ["jekyll"],
        [
            (
                "_posts/2023-11-05-its-raining.md",
                text("It's raining… – again", "2023-11-05 06:30:00", permalink="/x/"),
            ),
            (
                "_posts/2023-01-01-salt-pepper.md",
                text("S", "2023-01-01", permalink="/2023/01/01/salt-pepper.html"),
            ),
        ],
        {"S": "https://example.org/2023/01/01/salt-pepper"},
        1,
    ),
    "wordpress": (
        ["wordpress-rss2", "wordpress-atom"],
        [
            ("panic.md", text('"Don\'t panic: 3 & 4 cups"', "2024-03-04 23:30:00")),
            ("aside.md", text("An aside", "2024-02-17", permalink="/2024/02/17/")),
        ],
        {"Don't panic: 3 & 4 cups": "http://old.example.net/?p=42", "An aside": "https://example.org/?p=17"},
        0,
    ),
    "hugo": (
        ["hugo"],
        [("creme-sugar.md", text("Sugar", "2024-01-01", permalink="/posts/creme-sugar/"))],
        {"Sugar": "https://example.org/posts/creme-sugar/"},
        1,
    ),
    "pelican": (
        ["pelican-atom", "pelican-rss"],
        [("trees.md", text("Above the tree line", "2022-07-14", permalink="/above-the-tree-line.html"))],
        {"Above the tree line": "tag:example.org,2022-07-14:/above-the-tree-line.html"},
        0,
    ),
}


@pytest.mark.parametrize("name", _SITES)
def test_the_first_build_publishes_the_ids_that_readers_know(tmp_path: Path, name: str) -> None:
    feeds, articles, ids, left = _SITES[name]
    desk = Desk(tmp_path)
    desk.configure()
    for path, data in articles:
        desk.write(path, data)
    names = [FOREIGN / f"{feed}.xml" for feed in feeds]
    told = desk.run("adopt", *names)
    assert told.code == bool(left)
    assert set(desk.published()) == {"feedwright.lock.json"}
    record = desk.published()
    assert desk.run("adopt", *names).code == told.code
    assert desk.published() == record
    assert desk.run("build").code == 0
    assert ids.items() <= desk.ids().items()
    record = desk.published()
    assert desk.run("adopt", *names).code == told.code
    assert desk.published() == record
    assert desk.run("check").code == 0


def _desk_of_one(folder: Path) -> tuple[Desk, Path]:
    desk = Desk(folder)
    desk.configure()
    desk.write("a.md", text("Above the tree line", "2022-07-14", permalink="/above-the-tree-line.html"))
    return desk, FOREIGN / "pelican-atom.xml"


THEIRS = "tag:example.org,2022-07-14:/above-the-tree-line.html"


def test_it_says_what_matched_and_what_did_not_and_why(tmp_path: Path) -> None:
    desk, feed = _desk_of_one(tmp_path)
    desk.write("b.md", text("B", "2026-01-01"))
    hugo = FOREIGN / "hugo.xml"
    told = desk.run("adopt", feed, hugo)
    assert told.code == 1
    lines = told.out.splitlines()
    assert lines[0] == f"adopted      a.md  {THEIRS}"
    assert len(lines) > 1
    assert all(line.startswith("not adopted  ") and ": no article has its link" in line for line in lines[1:])
    assert told.err == f"1 adopted, {len(lines) - 1} not, 1 article in no feed\n"
    report = desk.run("adopt", feed, hugo, "--report", "json").json
    assert report.keys() == {
        "schema_version",
        "exit_code",
        "adopted",
        "given",
        "older",
        "unmatched",
        "refused",
        "alone",
        "problems",
    }
    assert report["adopted"] == [{"file": "a.md", "id": THEIRS}]
    assert len(report["unmatched"]) == len(lines) - 1
    assert all(row["reason"] and row["id"] for row in report["unmatched"])
    assert (report["refused"], report["alone"]) == ([], 1)


def test_what_feedwright_published_stays_unless_that_is_meant(tmp_path: Path) -> None:
    desk, feed = _desk_of_one(tmp_path)
    assert desk.run("build").code == 0
    first = desk.published()
    told = desk.run("adopt", feed)
    assert told.code == 1
    assert told.out == (
        "not adopted  a.md: was published under another id; to change that: --accept id-change\n"
    )
    assert desk.run("adopt", feed, "--report", "json").json["refused"] == ["a.md"]
    assert desk.published() == first
    assert desk.run("adopt", feed, "--accept", "id-change").code == 0
    assert (desk.run("check").code, desk.run("diff").code) == (5, 5)
    assert desk.run("build").code == 0
    assert desk.ids() == {"Above the tree line": THEIRS}


def test_articles_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    desk, feed = _desk_of_one(tmp_path)
    desk.write("b.md", text("B", "tomorrow", titel="x"))
    told = desk.run("adopt", feed, "--report", "concise")
    assert (told.code, told.codes) == (1, ["DATE001"])
    assert told.err.startswith(f"{Path('content', 'b.md')}:3:7: error DATE001 ")
    assert told.out == f"adopted      a.md  {THEIRS}\n"


def test_a_guid_of_its_own_comes_first(tmp_path: Path) -> None:
    desk, feed = _desk_of_one(tmp_path)
    desk.write("a.md", text("Trees", "2022-07-14", permalink="/above-the-tree-line.html", guid="urn:mine"))
    told = desk.run("adopt", feed)
    assert told.code == 1
    assert "has a guid of its own: urn:mine" in told.out
    assert not desk.output.exists()


def test_feeds_come_from_addresses_too(tmp_path: Path) -> None:
    desk, _ = _desk_of_one(tmp_path)
    with served(FOREIGN) as url:
        assert desk.run("adopt", f"{url}pelican-rss.xml").code == 0
    desk.run("build")
    assert desk.ids() == {"Above the tree line": THEIRS}


@pytest.mark.parametrize(
    ("feed", "code", "told"),
    [("missing.xml", 3, "FS022"), ("feedwright.toml", 2, "FEED001"), ("https://u@example.org/", 3, "NET001")],
)
def test_what_is_no_feed_touches_nothing(tmp_path: Path, feed: str, code: int, told: str) -> None:
    desk, good = _desk_of_one(tmp_path)
    done = desk.run("adopt", good, feed)
    assert (done.code, done.codes) == (code, [told])
    assert not desk.output.exists()
    assert desk.run("adopt").code == 2


def test_adopted_ids_of_articles_that_are_not_due_wait_for_them(tmp_path: Path) -> None:
    desk, feed = _desk_of_one(tmp_path)
    desk.write(
        "a.md", text("Above the tree line", "2022-07-14", permalink="/above-the-tree-line.html", draft="true")
    )
    assert desk.run("adopt", feed, "--content", "content").code == 0
    desk.write("b.md", text("B", "2026-01-01"))
    assert desk.run("build").code == 0
    assert desk.run("build", "--drafts").code == 0
    assert desk.ids()["Above the tree line"] == THEIRS


def test_of_two_formats_with_different_ids_the_first_named_counts(tmp_path: Path) -> None:
    desk, atom = _desk_of_one(tmp_path)
    link = "https://example.org/above-the-tree-line.html"
    item = f"<item><title>Above the tree line</title><link>{link}</link><guid>{link}</guid></item>"
    rss = desk.root / "rss.xml"
    rss.write_text(f'<rss version="2.0"><channel><title>T</title>{item}</channel></rss>', "utf-8")
    told = desk.run("adopt", "rss.xml", atom)
    assert (told.code, told.out.splitlines()) == (
        1,
        [
            f"adopted      a.md  {link}",
            f"not adopted  Above the tree line: rss.xml, which is named first, has {link}",
        ],
    )
    rmtree(desk.output)
    assert desk.run("adopt", atom, "rss.xml").out.startswith(f"adopted      a.md  {THEIRS}\n")


def test_an_article_that_is_held_is_named(tmp_path: Path) -> None:
    desk, feed = _desk_of_one(tmp_path)
    desk.write("a.md", text("Above the tree line", "tomorrow"))
    told = desk.run("adopt", feed)
    assert (told.code, told.codes) == (1, ["DATE001"])
    assert told.out == "not adopted  Above the tree line: a.md has its title, and is held\n"


@pytest.mark.parametrize(("key", "why"), [("hidden", "hidden"), ("password", "locked")])
def test_an_article_that_is_left_out_is_named(tmp_path: Path, key: str, why: str) -> None:
    desk, feed = _desk_of_one(tmp_path)
    desk.write("a.md", text("Above the tree line", **{key: "true"}))
    told = desk.run("adopt", feed)
    assert (told.code, told.codes) == (1, [])
    assert told.out == f"not adopted  Above the tree line: a.md has its title, and is {why}\n"


def test_other_addresses_are_told(tmp_path: Path) -> None:
    desk, feed = _desk_of_one(tmp_path)
    desk.write("a.md", text("Above the tree line", "2022-07-13 22:00:00"))
    told = desk.run("adopt", feed)
    assert (told.code, told.codes) == (0, ["FEED003"])
    assert (
        "1 of 1 addresses differ from those in the feed: https://example.org/above-the-tree-line.html is "
        "https://example.org/2022/07/13/a/ here" in told.err
    )
    told = desk.run("diff", "--against", feed)
    assert (told.code, "link" in told.out) == (5, True)


def test_ids_like_the_adopted_ones_are_given_once_and_to_nobody_who_has_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure('permalink = "{slug}/"', "limit = 3")
    for number in range(1, 7):
        guid = {"guid": "urn:own"} if number == 2 else {}
        desk.write(f"p{number}.md", text(f"P{number}", f"2026-01-0{number}", **guid))
    desk.write("p0.md", text("P0", "2026-01-01", draft="true"))
    items = "".join(
        f"<item><title>P{n}</title><link>https://example.org/p{n}/</link><guid>https://example.org/p{n}/</guid></item>"
        for n in (6, 5)
    )
    (desk.root / "old.xml").write_text(f'<rss version="2.0"><channel>{items}</channel></rss>', "utf-8")
    told = desk.run("adopt", "old.xml")
    assert (told.code, told.codes) == (1, ["FEED002"])
    for way in ("limit = 2", "such as https://example.org/p4/: --older-ids", 'since = "2026-01-05"'):
        assert way in told.err
    assert desk.run("adopt", "old.xml", "--report", "json").json["older"] == ["p4.md"]
    told = desk.run("adopt", "old.xml", "--older-ids", "--report", "json")
    assert (told.code, told.json["older"]) == (0, [])
    assert [row["file"] for row in told.json["given"]] == ["p1.md", "p3.md", "p4.md"]
    assert desk.run("adopt", "old.xml", "--older-ids", "--report", "json").json["given"] == []
    desk.configure('permalink = "{slug}/"', 'limit = "all"')
    assert desk.run("build").code == 0
    assert desk.ids() == {f"P{n}": "urn:own" if n == 2 else f"https://example.org/p{n}/" for n in range(1, 7)}


def test_a_page_that_names_no_feed_that_is_there_is_no_feed(tmp_path: Path) -> None:
    desk, _ = _desk_of_one(tmp_path)
    (desk.root / "index.html").write_text(
        '<link rel=alternate type="application/rss+xml" href="/no.xml">', "utf-8"
    )
    with served(desk.root) as url:
        told = desk.run("adopt", url)
        assert (told.code, told.codes) == (2, ["FEED001"])
    told = desk.run("adopt", "index.html")
    assert (told.code, told.codes) == (2, ["FEED001"])


def test_a_broken_article_keeps_its_entry_under_an_id_that_is_no_iri(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure()
    guid = "5f3c9a80e668000000000018"
    desk.write("a.md", text("A", "2026-01-01", guid=guid))
    desk.write("b.md", text("B", "2026-01-02"))
    assert desk.run("build").code == 0
    first = desk.published()
    desk.write("a.md", text("A", "tomorrow", guid=guid))
    told = desk.run("build")
    assert (told.code, told.codes, desk.published()) == (1, ["DATE001"], first)
    (desk.output / "feedwright.lock.json").unlink()
    desk.write("a.md", text("A", "2026-01-01"))
    told = desk.run("adopt", "feeds/atom.xml")
    assert told.out.splitlines()[0] == f"adopted      a.md  {guid}"
    assert desk.run("build", "--accept", "foreign").code == 0
    assert {name: first[name] for name in ("atom.xml", "rss.xml")}.items() <= desk.published().items()


# In a process of its own


def test_every_command_runs_and_helps(tmp_path: Path) -> None:
    desk, feed = _desk_of_one(tmp_path)
    for arguments, code in (
        (["check"], 5),
        (["diff"], 5),
        (["adopt", str(feed)], 0),
        (["build"], 0),
        (["check"], 0),
        (["diff"], 0),
        (["clean"], 0),
    ):
        done = run(*arguments, cwd=desk.root)
        assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr
    for name in ("check", "diff", "adopt", "restore", "clean"):
        told = desk.run(name, "--help")
        assert (told.code, told.err) == (0, "")
        assert f"feedwright {name} [OPTIONS]" in told.out


# A record that has another name or place


@pytest.mark.parametrize("record", ["feeds/state.json", "state.json"])
def test_a_vanished_feed_is_noticed_whatever_the_record_is_called(tmp_path: Path, record: str) -> None:
    desk = Desk(tmp_path / "site")
    desk.configure(f'record = "{record}"')
    desk.write("a.md", text("A", "2026-01-01"))
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Tea"))
    assert desk.run("build").code == 0
    there = tmp_path / "there"
    copytree(desk.output, there)
    desk.write("tea.md", text("Tea", "2026-01-02"))
    with served(there) as url:
        for against in (str(there), url):
            told = desk.run("diff", "--against", against)
            assert (told.code, "- vanishes" in told.out) == (5, True)


def test_a_record_of_another_name_comes_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "site")
    desk.configure('record = "feeds/data/state.json"')
    desk.write("a.md", text("A", "2026-01-01"))
    assert desk.run("build").code == 0
    there = tmp_path / "there"
    desk.output.rename(there)
    with served(there) as url:
        told = desk.run("restore", url)
    assert (told.code, sorted(desk.published())) == (0, ["atom.xml", "data/state.json", "rss.xml"])
