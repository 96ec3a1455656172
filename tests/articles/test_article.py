"""From fields to an article: every shape that front matter has, and every fault, at its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from matter import DAY, good, head, told
from sites import URL

# Title


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("no", "no"),
        ("2026", "2026"),
        ("1e3", "1e3"),
        ("2026-01-03", "2026-01-03"),
        ("true", "true"),
        ('"  a\\n\\tb  "', "a b"),
        ('"\\u00a0x\\u2028y"', "x y"),
        ("标题，“引”", "标题，“引”"),
        ("a < b & c", "a < b & c"),
        ("|\n  two\n  lines", "two lines"),
    ],
)
def test_titles_are_the_text_as_written(written: str, title: str) -> None:
    assert good(f"title: {written}\n{DAY}").title == title


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("AT&amp;T", "AT&T"),
        ("x &#8212; y &#x2013; z", "x — y – z"),
        ("Espa&ntilde;a & t&ecirc;te &nosuch; &amp;amp;", "España & tête &nosuch; &amp;"),
        ("a &copy 2026", "a &copy 2026"),
    ],
)
def test_references_in_titles_are_decoded_once(written: str, title: str) -> None:
    assert good(f"title: {written}\n{DAY}").title == title


@pytest.mark.parametrize("written", ["'&nbsp;'", "'&#8203; &nbsp;'"])
def test_a_title_of_references_to_nothing_is_blank(written: str) -> None:
    assert told(head(f"title: {written}\n{DAY}")) == ["warning TTL005 2:8"]


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        (DAY, ["warning TTL005 0:0"]),
        (f"title:\n{DAY}", ["warning TTL005 2:7"]),
        (f"title: ~\n{DAY}", ["warning TTL005 2:8"]),
        (f'{DAY}\ntitle: "\\u200b\\u3164"', ["warning TTL005 3:8"]),
        (f"{DAY}\ntitle: [a, b]", ["error TTL002 3:8"]),
        (f"{DAY}\ntitle: {{a: b}}", ["error TTL002 3:8"]),
    ],
)
def test_titles_that_hold_an_article_or_are_left_to_its_body(matter: str, expected: list[str]) -> None:
    found = head(matter)
    assert told(found) == expected
    assert (found.article is None) == expected[0].startswith("error")


def test_where_no_title_means_no_page_the_article_is_held() -> None:
    assert told(head(DAY, dialect="pelican")) == ["error TTL001 0:0"]
    assert told(head(f"titel: A\n{DAY}")) == ["warning FM018 2:1", "error TTL001 0:0"]


def test_a_name_that_nobody_sees_gives_way_to_the_path() -> None:
    found = head(DAY, path="notes/\u200b.md")
    assert found.article
    assert found.article.title == "notes/\u200b.md"


@pytest.mark.parametrize(
    ("written", "code", "title"),
    [
        ("<b>x</b>", "TTL003", "<b>x</b>"),
        ("'&lt;b>x'", "TTL003", "<b>x"),
        ("photo&#8238;gpj.exe", "UNI001", "photogpj.exe"),
        ('"photo\\u202egpj.exe"', "UNI001", "photogpj.exe"),
        ('"a\\x0bb"', "XML001", "ab"),
        ('"a\\ufffeb"', "XML001", "ab"),
        ("w " * 800, "TTL004", "w " * 498 + "w…"),
        ("字" * 1200, "TTL004", "字" * 999 + "…"),
    ],
)
def test_titles_that_are_repaired(written: str, code: str, title: str) -> None:
    found = head(f"title: {written}\n{DAY}")
    assert told(found) == [f"warning {code} 2:8"]
    assert found.article
    assert found.article.title == title


def test_every_fault_is_found_in_one_run() -> None:
    found = head(
        "title: [x]\ndate: tomorrow\nupdated: 1\ndraft: perhaps\nguid: <no>\ncategories: {a: b}\ncover: 5"
    )
    expected = [
        "FM005 5:8",
        "TTL002 2:8",
        "DATE001 3:7",
        "DATE001 4:10",
        "CAT002 7:13",
        "IMG001 8:8",
        "ID001 6:7",
    ]
    assert sorted(told(found)) == sorted(f"error {row}" for row in expected)


def test_an_empty_front_matter() -> None:
    found = head("")
    assert (told(found), found.article) == (["error FM003 0:0"], None)


def test_a_front_matter_that_cannot_be_read_is_reported_once() -> None:
    assert [p.code for p in head("title: a: b").problems] == ["FM011"]


# Dates


def test_dates_keep_their_zone_and_naive_ones_take_the_sites() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert (
        good("title: a\ndate: 2026-01-03", zone=shanghai).published.isoformat() == "2026-01-03T00:00:00+08:00"
    )
    own = good("title: a\ndate: Sat, 09 Apr 2022 13:05:33 GMT", zone=shanghai)
    assert own.published == datetime(2022, 4, 9, 13, 5, 33, tzinfo=UTC)
    assert own.updated == own.published
    assert own.due == own.published


@pytest.mark.parametrize(
    ("path", "matter", "day"),
    [
        ("2019-12-15-title.md", "", "2019-12-15"),
        ("_posts/2019-1-5-x.md", "", "2019-01-05"),
        ("2019-12-15.md", "", "2019-12-15"),
        ("blog/2019-12-15-a-bundle/index.md", "", "2019-12-15"),
        ("2019-12-15-title.md", "\ndate:", "2019-12-15"),
        ("2019-12-15-title.md", "\ndate: 2020-02-02", "2020-02-02"),
        ("a.md", "\npath: /blog/2018-03-04-x/", "2018-03-04"),
        ("2019-12-15-title.md", "\npath: 2018-03-04-x", "2018-03-04"),
        ("2019-12-15-title.md", "\npath: [2018-03-04-x]", "2019-12-15"),
    ],
)
def test_where_the_date_comes_from(path: str, matter: str, day: str) -> None:
    assert good(f"title: a{matter}", path=path).published.date().isoformat() == day


@pytest.mark.parametrize(
    "path",
    ["a.md", "2019-13-45-x.md", "20191215-x.md", "2019-12-150.md", "2019-12-15/a.md", "1066-10-14-x.md"],
)
def test_without_a_date_an_article_is_held(path: str) -> None:
    assert told(head("title: a", path=path)) == ["error DATE007 0:0"]
    assert told(head("title: a\ndate: ~", path=path)) == ["error DATE007 3:7"]


def test_where_the_generator_would_take_the_time_of_the_file_that_is_said() -> None:
    def held(**settings: Any) -> tuple[str, str]:
        problem = head("title: a", path="a.md", zone=ZoneInfo("Asia/Shanghai"), **settings).problems[0]
        return problem.message, problem.hint

    message, hint = held(has_known_generator=True, generator_zone=UTC)
    assert message.endswith("; Hexo shows the time of the file, which every copy of the site may change")
    assert hint.startswith("add `date: 2026-01-03 12:30:00`, with the date")
    message, hint = held(has_known_generator=True, dialect="pelican")
    assert (message, hint) == held()
    assert "time of the file" not in message
    assert hint == "add `date: 2026-01-03 12:30:00 +0800`"


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("tomorrow", "DATE001"),
        ("2026-02-30", "DATE001"),
        ("03/01/2026", "DATE002"),
        ("2026-01-03 12:00 EST", "DATE003"),
        ("0001-01-01", "DATE005"),
        ("1767225600", "DATE006"),
        ("[2026-01-03]", "DATE001"),
    ],
)
def test_dates_that_hold_an_article(date: str, code: str) -> None:
    for name in ("date", "updated", "expires"):
        more = "" if name == "date" else f"{DAY}\n"
        found = head(f"{more}title: a\n{name}: {date}")
        assert told(found) == [f"error {code} {4 if more else 3}:{len(name) + 3}"]
        assert found.article is None
        assert found.problems[0].hint


def test_dates_that_are_repaired() -> None:
    new_york = ZoneInfo("America/New_York")
    found = head("title: a\ndate: 2026-03-08 02:30:00", zone=new_york)
    assert told(found) == ["warning DATE004 3:7"]
    assert found.article
    assert found.article.published.isoformat() == "2026-03-08T03:30:00-04:00"


def test_updated_before_date_and_after() -> None:
    found = head(f"title: a\n{DAY}\nupdated: 2025-01-01")
    assert told(found) == ["warning DATE008 4:10"]
    assert found.article
    assert found.article.updated == found.article.published
    assert good(f"title: a\n{DAY}\nupdated: 2026-02-01").updated == datetime(2026, 2, 1, tzinfo=UTC)


def test_due_is_never_before_the_date() -> None:
    assert good(f"title: a\n{DAY}\npublishDate: 2026-05-05").due == datetime(2026, 5, 5, tzinfo=UTC)
    assert good(f"title: a\n{DAY}\npublishDate: 2025-05-05").due == datetime(2026, 1, 3, tzinfo=UTC)
    assert good(f"title: a\n{DAY}\nexpiryDate: 2026-05-05").expires == datetime(2026, 5, 5, tzinfo=UTC)


def test_further_date_formats() -> None:
    own = good("title: a\ndate: 2026年1月3日", date_formats=("%Y年%m月%d日",))
    assert own.published == datetime(2026, 1, 3, tzinfo=UTC)


# Drafts


@pytest.mark.parametrize(
    ("matter", "draft"),
    [
        ("draft: true", True),
        ("draft: True", True),
        ('draft: " true "', True),
        ("draft: false", False),
        ("draft: ~", False),
        ("published: false", True),
        ("published: true", False),
        ("status: draft", True),
        ("status: Published", False),
        ("status: publish", False),
        ("status: hidden", True),
        ("status: private", True),
        ("draft: false\nstatus: draft", True),
        ("draft: true\npublished: true", True),
    ],
)
def test_flags(matter: str, draft: bool) -> None:
    own = good(f"title: a\n{DAY}\n{matter}")
    assert own.draft is draft
    assert head(f"title: a\n{DAY}\n{matter}").draft is draft


@pytest.mark.parametrize(
    "row", ["draft: yes", "draft: 1", "draft: [true]", "published: 'off'", "status: x", "status: [draft]"]
)
def test_what_is_neither_true_nor_false_holds_an_article(row: str) -> None:
    found = head(f"title: a\n{DAY}\n{row}")
    assert told(found) == [f"error FM005 4:{row.index(':') + 3}"]
    assert found.article is None


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        ("draft: no", "`draft: false`"),
        ("published: off", "`published: false`"),
        ("draft: yes", "`draft: true`"),
        ("draft: perhaps", "`draft: true` or `false`"),
    ],
)
def test_the_hint_never_turns_a_flag_round(row: str, meant: str) -> None:
    assert head(f"title: a\n{DAY}\n{row}").problems[0].hint == f"write {meant}"


@pytest.mark.parametrize("names", ["a, b", "技术，生活", "技术、生活"])
def test_a_name_with_commas_of_any_kind_is_pointed_out(names: str) -> None:
    found = head(f"title: a\n{DAY}\ncategories: {names}")
    assert [p.code for p in found.problems] == ["CAT001"]
    assert found.article is not None
    assert found.article.categories == ((names,),)


def test_the_drafts_folder() -> None:
    assert good(f"title: a\n{DAY}", path="x/_drafts/a.md").draft
    assert not good(f"title: a\n{DAY}", path="x/_drafts.md").draft


# Guid


@pytest.mark.parametrize(
    "guid",
    [
        "tag:example.org,2026:a",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "https://e.org/?p=1#x",
        "tag:例,2026:文",
    ],
)
def test_absolute_iris_are_ids(guid: str) -> None:
    assert good(f'title: a\n{DAY}\nguid: "{guid}"').guid == guid
    assert good(f'title: a\n{DAY}\nid: "{guid}"').guid == guid


@pytest.mark.parametrize(
    "guid", ["5", "5f3c9a80e668000000000018", "123 at https://example.org", "/a/b", "tag:a b", "AT&T 5"]
)
def test_what_rss_takes_for_a_guid_is_an_id(guid: str) -> None:
    assert good(f'title: a\n{DAY}\nguid: "{guid}"').guid == guid
    assert good(f'title: a\n{DAY}\nid: "{guid}"').guid is None


@pytest.mark.parametrize(
    "guid",
    [
        "tag:<x>",
        "j&#97;vascript:alert(1)",
        "javascript&colon;alert(1)",
        "\\u200b",
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "java\\u200bscript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
    ],
)
def test_what_is_no_line_of_text_or_is_run_is_no_id(guid: str) -> None:
    found = head(f'title: a\n{DAY}\nguid: "{guid}"')
    assert "error ID001 4:7" in told(found)
    assert good(f"title: a\n{DAY}\nid: 5").guid is None


@pytest.mark.parametrize("unseen", ["\\u0001", "\\u202e", "\\x7f", "\\u200b", "\\uffff", "\\ue000"])
def test_what_cannot_be_seen_is_no_part_of_an_id(unseen: str) -> None:
    found = head(f'title: a\n{DAY}\nguid: "tag:a{unseen}b"')
    assert told(found) == ["warning UNI001 4:7"]
    assert found.article
    assert found.article.guid == "tag:ab"


def test_an_id_that_is_too_long() -> None:
    longest = "tag:" + "a" * 2044
    assert good(f"title: a\n{DAY}\nguid: {longest}").guid == longest
    assert told(head(f"title: a\n{DAY}\nguid: {longest}a")) == ["error ID001 4:7"]


def test_a_guid_that_is_a_list() -> None:
    assert told(head(f"title: a\n{DAY}\nguid: [tag:a]")) == ["error ID001 4:7"]


# Links


@pytest.mark.parametrize("slug", ["x" * 2048, "\u0344" * 9000, "科" * 400])
@pytest.mark.parametrize("preset", ["jekyll", "/{slug}/"])
def test_an_address_that_is_too_long_holds_the_article(slug: str, preset: str) -> None:
    found = head(f"title: a\n{DAY}\nslug: {slug}", permalink=preset)
    assert told(found) == ["error LNK002 4:7"]


def test_a_written_address_that_is_too_long_is_none() -> None:
    found = head(f"title: a\n{DAY}\npermalink: /{'x' * 2048}/")
    assert told(found) == ["warning LNK001 4:12"]


@pytest.mark.parametrize(
    ("row", "link"),
    [
        ("", "https://example.org/2026/01/03/a/"),
        ("slug: 'b c'", "https://example.org/2026/01/03/a/"),
        ("permalink: /x/y/", "https://example.org/x/y/"),
        ("permalink: x.html", "https://example.org/x.html"),
        ("permalink: //evil.example/x", "https://example.org/evil.example/x"),
        ("permalink: https://other.example/x", "https://other.example/x"),
        ("permalink: 'javascript:alert(1)'", "https://example.org/javascript:alert(1)"),
        ("permalink: 文 章/", "https://example.org/%E6%96%87%20%E7%AB%A0/"),
        ("url: 73.html", "https://example.org/2026/01/03/a/"),
        ("permalink: ~", "https://example.org/2026/01/03/a/"),
    ],
)
def test_links(row: str, link: str) -> None:
    assert good(f"title: a\n{DAY}\n{row}").link == link


@pytest.mark.parametrize(
    "value", ["/:year/:title/", ":title", "'{{ page.url }}'", "'{% x %}'", "false", "[a]"]
)
def test_a_permalink_that_is_no_address_is_left_out(value: str) -> None:
    found = head(f"title: a\n{DAY}\npermalink: {value}")
    assert told(found) == ["warning LNK001 4:12"]
    assert found.article
    assert found.article.link == "https://example.org/2026/01/03/a/"


@pytest.mark.parametrize("value", ["https://", "http://[", "https://user:secret@e.org/"])
def test_a_permalink_with_a_broken_host_is_left_out(value: str) -> None:
    assert told(head(f"title: a\n{DAY}\npermalink: '{value}'")) == ["warning LNK001 4:12"]


def test_an_address_that_is_too_long() -> None:
    written = head(f"title: a\n{DAY}\npermalink: {'a' * 2_100}")
    assert told(written) == ["warning LNK001 4:12"]
    derived = head(f"title: a\n{DAY}\nslug: {'字' * 300}", permalink="{slug}/")
    assert (told(derived), derived.article) == (["error LNK002 4:7"], None)


def test_the_link_follows_the_sites_template_zone_and_folder() -> None:
    own = good(
        "title: a\ndate: 2026-01-03T20:00:00Z\nslug: s",
        url="https://example.org/blog/",
        permalink="{year}/{day}/{slug}/",
        zone=ZoneInfo("Asia/Shanghai"),
    )
    assert own.link == "https://example.org/blog/2026/04/s/"


@pytest.mark.parametrize(
    ("row", "slug"), [("slug: s", "s"), ("slug: [s]", "a"), ('slug: " "', "a"), ('slug: "\\x0b"', "a")]
)
def test_slugs(row: str, slug: str) -> None:
    found = head(f"title: a\n{DAY}\n{row}", permalink="{slug}/")
    assert found.article
    assert found.article.link == f"https://example.org/{slug}/"


# Summary


@pytest.mark.parametrize(
    ("row", "summary"),
    [
        ("excerpt: Short", "Short"),
        ("description: |\n  two\n  lines", "two lines"),
        ("excerpt: true", None),
        ("excerpt: [a]", None),
        ('excerpt: "\\u200b"', None),
        ("", None),
    ],
)
def test_summaries(row: str, summary: str | None) -> None:
    assert good(f"title: a\n{DAY}\n{row}").summary == summary


def test_an_address_may_be_made_of_any_key() -> None:
    assert good(f"title: A\n{DAY}\nAbbrLink: 6a", permalink="{key.abbrlink}/").link == f"{URL}6a/"
    held = head(f"title: A\n{DAY}\nabbrlink: [6a]", permalink="{key.abbrlink}/")
    assert held.article is None
    assert told(held) == ["error LNK004 0:0"]


# As the site's generator has them

SHANGHAI: dict[str, Any] = {"zone": ZoneInfo("Asia/Shanghai"), "dialect": "jekyll", "permalink": "jekyll"}


@pytest.mark.parametrize(
    ("written", "shown", "codes"),
    [
        ("2024-03-07 20:30:00", "2024-03-08T04:30:00+08:00", ["warning FM023 3:7"]),
        ("2024-03-07T20:30:00.5", "2024-03-08T04:30:00+08:00", ["warning FM023 3:7"]),
        ("2024-03-07 9:30:00", "2024-03-07T17:30:00+08:00", []),
        ("'2024-03-07 20:30:00'", "2024-03-07T20:30:00+08:00", []),
        ("2024-03-07 20:30", "2024-03-07T20:30:00+08:00", []),
        ("2024-03-07", "2024-03-07T00:00:00+08:00", []),
        ("2024-03-07 20:30:00 +0800", "2024-03-07T20:30:00+08:00", []),
    ],
)
def test_to_jekyll_a_plain_timestamp_is_in_utc(written: str, shown: str, codes: list[str]) -> None:
    found = head(f"title: a\ndate: {written}", **SHANGHAI)
    assert found.article
    assert found.article.published.isoformat() == shown
    assert told(found) == codes
    elsewhere = head(f"title: a\ndate: {written}", zone=SHANGHAI["zone"])
    assert elsewhere.article
    assert elsewhere.article.published.isoformat()[:10] == "2024-03-07"


@pytest.mark.parametrize(
    ("written", "shown", "address", "codes"),
    [
        ("2024-03-07 20:30:00", "2024-03-07T20:30:00+08:00", "2024/03/07", []),
        ("2024-03-07", "2024-03-07T00:00:00+08:00", "2024/03/06", ["warning FM025 3:7"]),
        ("2024/3/7 7:59", "2024-03-07T07:59:00+08:00", "2024/03/06", ["warning FM025 3:7"]),
        ("2024-03-07 20:30:00 +0800", "2024-03-07T12:30:00+08:00", "2024/03/07", ["warning FM024 3:7"]),
        ("2024-03-07T03:30:00+08:00", "2024-03-06T19:30:00+08:00", "2024/03/06", ["warning FM024 3:7"]),
        ("'2024-03-07T20:30:00Z'", "2024-03-07T20:30:00+08:00", "2024/03/07", ["warning FM024 3:7"]),
        ("Thu, 07 Mar 2024 20:30:00 GMT", "2024-03-07T20:30:00+08:00", "2024/03/07", ["warning FM024 3:7"]),
    ],
)
def test_hexo_takes_the_clock_of_its_machine_for_one_in_the_zone_of_the_site(
    written: str, shown: str, address: str, codes: list[str]
) -> None:
    # as Hexo 8.1.2 with `timezone: Asia/Shanghai` has them under TZ=UTC
    hexo: dict[str, Any] = {"zone": ZoneInfo("Asia/Shanghai"), "permalink": "hexo :year/:month/:day/"}
    found = head(f"title: a\ndate: {written}", generator_zone=UTC, **hexo)
    assert found.article
    assert found.article.published.isoformat() == shown
    assert found.article.link == f"{URL}{address}/"
    assert told(found) == codes
    elsewhere = head(f"title: a\ndate: {written}", **hexo)
    assert told(elsewhere) == []
    # where the address has no day, only the moment matters
    without = head(f"title: a\ndate: {written}", generator_zone=UTC, **{**hexo, "permalink": "hexo :title/"})
    assert told(without) == [code for code in codes if "FM025" not in code]


@pytest.mark.parametrize(
    ("written", "shown", "address"),
    [
        ("2020-07-29 00:02:51", "2020-07-28T16:02:51Z", "2020/07/29"),
        ("2020-07-29T20:50:00+08:00", "2020-07-29T04:50:00Z", "2020/07/29"),
        ("2020-07-29T20:50:00-05:00", "2020-07-29T17:50:00Z", "2020/07/30"),
        ("'2020-07-29T20:50:00+08:00'", "2020-07-29T12:50:00Z", "2020/07/29"),
        ("Wed, 29 Jul 2020 20:50:00 +0800", "2020-07-29T12:50:00Z", "2020/07/29"),
        ("2020-07-29T20:50:00Z", "2020-07-29T12:50:00Z", "2020/07/29"),
    ],
)
def test_dates_that_yaml_reads_are_in_utc_to_hexo_wherever_its_machine_is(
    written: str, shown: str, address: str
) -> None:
    # as Hexo 8.1.2 with `timezone: Asia/Shanghai` has them under TZ=Asia/Shanghai
    zone = ZoneInfo("Asia/Shanghai")
    settings: dict[str, Any] = {"zone": zone, "generator_zone": zone, "permalink": "hexo :year/:month/:day/"}
    found = head(f"title: a\ndate: {written}", **settings)
    assert found.article
    assert found.article.published == datetime.fromisoformat(shown)
    assert found.article.link == f"{URL}{address}/"


@pytest.mark.parametrize(
    ("path", "title"),
    [("_posts/a b.md", "a b"), ("source/_posts/x/2026-01-03-y.md", "source/x/2026-01-03-y")],
)
def test_a_path_is_the_title_where_the_site_has_it_so(path: str, title: str) -> None:
    named: dict[str, Any] = {"path": path, "titles_from_names": True}
    assert good(DAY, **named).title == title
    assert good(f"{DAY}\ntitle: A", **named).title == "A"
    assert not good(DAY, **named).is_untitled


def test_a_date_that_only_the_machine_has_stays_as_it_is_written() -> None:
    far = head("title: a\ndate: 9998-12-31 23:00:00 +0000", generator_zone=ZoneInfo("Etc/GMT-14"))
    assert far.article
    assert far.article.published.isoformat() == "9998-12-31T23:00:00+00:00"


def test_a_template_has_slugs_as_jekyll_makes_them() -> None:
    settings: dict[str, Any] = {"permalink": "{year}/{slug}/", "dialect": "jekyll"}
    article = good(f"title: a\n{DAY}", path="_posts/2026-01-03-one--two three.md", **settings)
    assert article.link == "https://example.org/2026/one-two-three/"
    assert good(f"title: a\n{DAY}\nslug: --", **settings).link == "https://example.org/2026/--/"


@pytest.mark.parametrize(
    ("dialect", "row", "link"),
    [
        ("hugo", "url: /custom/path", "https://example.org/custom/path/"),
        ("hugo", "url: Custom/a.html", "https://example.org/Custom/a.html"),
        ("hugo", "url: /:year/:slug", "https://example.org/2026/green-tea/"),
        ("hugo", "url: https://example.net/x", "https://example.net/x"),
        ("jekyll", "permalink: /:year/:title:output_ext", "https://example.org/2026/a.html"),
        ("jekyll", "permalink: pretty", "https://example.org/2026/01/03/a/"),
        ("zola", "path: /x/y", "https://example.org/x/y/"),
        ("hexo", "url: 73.html", "https://example.org/2026/01/03/a/"),
    ],
)
def test_a_written_address_means_what_it_means_to_the_generator(dialect: str, row: str, link: str) -> None:
    assert good(f"title: Green tea\n{DAY}\n{row}", dialect=dialect).link == link


UNKNOWN = [("hugo", "url: /:nonsense/"), ("jekyll", "permalink: /:nonsense/")]


@pytest.mark.parametrize(("dialect", "row"), UNKNOWN)
def test_tokens_that_the_generator_does_not_know_make_no_address(dialect: str, row: str) -> None:
    found = head(f"title: a\n{DAY}\n{row}", dialect=dialect)
    assert [line[:14] for line in told(found)] == ["warning LNK001"]


def test_zola_has_dates_in_paths_too() -> None:
    article = good("title: a\npath: 2026/05/17/tea", dialect="zola")
    assert article.published.isoformat() == "2026-05-17T00:00:00+00:00"
    assert article.link == "https://example.org/2026/05/17/tea/"
    within = good("title: a\npath: notes/2026/05/17/tea", dialect="zola")
    assert within.published == article.published


def test_folders_above_the_posts_of_jekyll_are_categories() -> None:
    article = good(f"title: a\n{DAY}\ncategories: x", path="Tea/green/_posts/a.md", dialect="jekyll")
    assert article.categories == (("Tea",), ("green",), ("x",))
    assert good(f"title: a\n{DAY}", path="Tea/_posts/a.md", dialect="jekyll").categories == (("Tea",),)
    assert good(f"title: a\n{DAY}", path="Tea/_posts/a.md").categories == ()
