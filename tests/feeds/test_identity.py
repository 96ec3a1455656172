"""Ids are for good: what they are made of, and that no edit changes them."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from msgspec import structs

from feedwright.feeds.ids import authority_of, derived_id, feed_id, identify
from feedwright.model import ArticleSummary, EntryRecord
from sites import Folder, codes, text

if TYPE_CHECKING:
    from pathlib import Path

DAY = datetime(2026, 1, 3, tzinfo=UTC)


def _article(
    path: str = "a.md", *, guid: str | None = None, published: datetime = DAY, link: str = ""
) -> ArticleSummary:
    return ArticleSummary(
        path=path,
        title="A",
        link=link or f"https://example.org/{path}",
        published=published,
        updated=published,
        due=published,
        guid=guid,
    )


def _recorded(own: str, link: str = "") -> EntryRecord:
    return EntryRecord(id=own, source="", published="", updated="", title="", fingerprint="", link=link)


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://example.org/", "example.org"),
        ("https://EXAMPLE.org:8080/blog/", "example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://例え.jp/", "xn--r8jz45g.jp"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
    ],
)
def test_the_authority_is_the_host(url: str, authority: str) -> None:
    assert authority_of(url) == authority


@pytest.mark.parametrize(
    ("path", "specific"),
    [
        ("a.md", "a.md"),
        ("blog/2026/a b.md", "blog/2026/a%20b.md"),
        ("新/é.md", "%E6%96%B0/%C3%A9.md"),
        ("100%#?&[x].md", "100%25%23%3F%26%5Bx%5D.md"),
        ("it's(1)~a,b;c.md", "it's(1)~a,b;c.md"),
        ('q"<>\\\n.md', "q%22%3C%3E%5C%0A.md"),
    ],
)
def test_the_derived_id_is_a_tag_uri(path: str, specific: str) -> None:
    assert derived_id(_article(path), "example.org") == f"tag:example.org,2026-01-03:{specific}"


def test_the_day_is_that_of_utc() -> None:
    late = datetime(2026, 1, 3, 20, tzinfo=timezone(-timedelta(hours=8)))
    assert derived_id(_article(published=late), "e.org") == "tag:e.org,2026-01-04:a.md"


def test_a_path_is_the_same_in_every_normal_form() -> None:
    forms = [_article(unicodedata.normalize(form, "café/naïve.md")) for form in ("NFC", "NFD")]
    assert forms[0].path != forms[1].path
    assert derived_id(forms[0], "e.org") == derived_id(forms[1], "e.org")
    ids, _ = identify([forms[1]], authority="e.org", recorded={forms[0].path: _recorded("urn:x:recorded")})
    assert ids == {forms[1].path: "urn:x:recorded"}


def test_what_comes_first_guid_record_tag() -> None:
    own, known, plain = _article("a.md", guid="urn:x:own"), _article("b.md"), _article("c.md")
    ids, problems = identify(
        [own, known, plain],
        authority="e.org",
        recorded={"a.md": _recorded("urn:x:old"), "b.md": _recorded("urn:x:old-b")},
    )
    assert not problems
    assert ids == {"a.md": "urn:x:own", "b.md": "urn:x:old-b", "c.md": "tag:e.org,2026-01-03:c.md"}


def test_of_two_articles_with_one_id_the_later_is_held() -> None:
    twins = [_article(f"{name}.md", guid="urn:x:1") for name in "abc"]
    ids, problems = identify(twins, authority="e.org", recorded={})
    assert ids == {"a.md": "urn:x:1"}
    assert [(p.severity, p.code, p.file, p.field) for p in problems] == [
        ("error", "PUB002", "b.md", "guid"),
        ("error", "PUB002", "c.md", "guid"),
    ]
    assert "a.md" in problems[0].message


def test_of_two_articles_with_one_address_the_later_is_held() -> None:
    twins = [_article(f"{name}.md", link="https://example.org/same/") for name in "ab"]
    ids, problems = identify(twins, authority="e.org", recorded={})
    assert list(ids) == ["a.md"]
    assert [(p.code, p.file, p.field) for p in problems] == [("PUB003", "b.md", "permalink")]


def test_who_was_published_comes_before_who_is_new() -> None:
    new, old = _article("a.md", guid="urn:x:1"), _article("b.md", guid="urn:x:1")
    ids, problems = identify([new, old], authority="e.org", recorded={"b.md": _recorded("urn:x:1")})
    assert ids == {"b.md": "urn:x:1"}
    assert [(p.code, p.file) for p in problems] == [("PUB002", "a.md")]


def test_who_was_published_with_an_id_or_an_address_keeps_it() -> None:
    page = "https://example.org/p/"
    for claims in ({"guid": "urn:x:2"}, {"link": page}):
        first, second = _article("a.md", **claims), _article("b.md", link=page)  # type: ignore[arg-type]
        recorded = {"a.md": _recorded("urn:x:1", first.link), "b.md": _recorded("urn:x:2", page)}
        if "link" in claims:
            recorded["a.md"] = _recorded("urn:x:1", "https://example.org/old/")
        ids, problems = identify([first, second], authority="e.org", recorded=recorded)
        assert ids == {"b.md": "urn:x:2"}
        assert [p.file for p in problems] == ["a.md"]


OWN = "tag:example.org,2026-01-03:b.md"


def _identified(*articles: ArticleSummary, **recorded: EntryRecord) -> tuple[dict[str, str], list[str]]:
    files = [article.path for article in articles]
    known = {f"{name}.md": entry for name, entry in recorded.items()}
    ids, problems = identify(articles, authority="example.org", recorded=known, files=[*files, "draft.md"])
    return ids, [f"{problem.code} {problem.file}" for problem in problems]


@pytest.mark.parametrize("known", [False, True])
def test_nobody_takes_the_id_or_the_address_that_a_file_has_of_itself(*, known: bool) -> None:
    victim = _article("b.md")
    recorded = {"a": _recorded("urn:x:a", "https://example.org/a/")} if known else {}
    for thief, code in (
        (_article("a.md", guid=OWN), "PUB002"),
        (structs.replace(_article("a.md", link=victim.link), written_link=True), "PUB003"),
    ):
        ids, problems = _identified(thief, victim, **recorded)
        assert ids == {"b.md": OWN}
        assert problems == [f"{code} a.md"]


def test_who_was_published_with_a_claimed_address_keeps_it() -> None:
    page = "https://example.org/p/"
    first = structs.replace(_article("z.md", link=page), written_link=True)
    ids, problems = _identified(_article("b.md", link=page), first, z=_recorded("urn:x:z", page))
    assert ids == {"z.md": "urn:x:z"}
    assert problems == ["PUB003 b.md"]


@pytest.mark.parametrize(
    ("guid", "is_free"),
    [
        ("tag:example.org,2026-01-02:draft.md", False),  # that file's, on whatever day it was published
        ("tag:example.org,2026-01-02:dr%61ft.md", False),
        ("tag:example.org,2026-01-02:gone.md", True),
        ("tag:example.org,2026:a-name-that-never-changes", True),
        ("tag:example.com,2026-01-02:draft.md", True),
        ("urn:x:withdrawn", False),  # the id of a file that is there, and not published now
    ],
)
def test_an_id_in_the_sites_own_space_belongs_to_the_file_that_it_names(guid: str, *, is_free: bool) -> None:
    ids, problems = _identified(_article("a.md", guid=guid), hidden=_recorded("urn:x:withdrawn"))
    assert ids == ({"a.md": guid} if is_free else {})
    assert problems == ([] if is_free else ["PUB002 a.md"])


def test_an_id_in_the_sites_own_space_belongs_to_whom_it_was_published_for() -> None:
    guid = "tag:example.org,2026-01-02:draft.md"
    ids, problems = _identified(_article("a.md", guid=guid), a=_recorded(guid))
    assert ids == {"a.md": guid}
    assert problems == []


def test_an_article_that_is_held_for_its_id_does_not_keep_its_address_from_others() -> None:
    first = _article("a.md", guid="urn:x:1")
    second = structs.replace(first, path="b.md", link="https://example.org/c/")
    third = _article("c.md", link="https://example.org/c/")
    ids, problems = identify([first, second, third], authority="e.org", recorded={})
    assert list(ids) == ["a.md", "c.md"]
    assert [p.code for p in problems] == ["PUB002"]


def test_feed_ids_are_uuids_of_their_own() -> None:
    ids = {feed_id(authority, path) for authority in ("a.org", "b.org") for path in ("", "x/", "tags/x/")}
    assert len(ids) == 6
    assert all(UUID(one).version == 5 and one.startswith("urn:uuid:") for one in ids)
    assert feed_id("a.org", "x/") == feed_id("a.org", "x/")


# In builds


@pytest.mark.parametrize(
    "edited",
    [
        text("Another title"),
        text(date="2025-12-24"),
        text(date="2026-01-03", permalink="/elsewhere/"),
        text(categories="[other]"),
        text(body="<p>Rewritten</p>", updated="2026-02-02"),
    ],
)
def test_an_id_outlives_every_edit(tmp_path: Path, edited: str) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text())
    folder.build()
    published = [e.id for e in folder.entries()]
    folder.write("a.md", edited)
    for _ in range(2):
        assert folder.build().exit_code == 0
        assert [e.id for e in folder.entries()] == published == ["tag:example.org,2026-01-03:a.md"]


def test_ids_outlive_a_move_of_the_site(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text(categories="x"))
    folder.build(flags={"url": "http://old.example/"})
    before = json.loads(folder.published()["feedwright.lock.json"])
    folder.build(flags={"url": "https://new.example/blog/"})
    folder.write("b.md", text("B"))
    folder.build(flags={"url": "https://new.example/blog/"})
    after = json.loads(folder.published()["feedwright.lock.json"])
    assert after["authority"] == before["authority"] == "old.example"
    assert after["feeds"] == before["feeds"]
    assert sorted(e.id for e in folder.entries()) == [f"tag:old.example,2026-01-03:{n}.md" for n in "ab"]
    assert {e.link for e in folder.entries()} == {f"https://new.example/blog/2026/01/03/{n}/" for n in "ab"}


def test_an_article_has_one_id_in_every_feed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text(categories="[[x, y], z]", tags="[t]", author="Bob"))
    folder.build('taxonomies = ["categories", "tags", "authors"]')
    feeds = [path for path in folder.published() if path.endswith(".xml")]
    assert len(feeds) == 2 * 6
    assert {e.id for path in feeds for e in folder.entries(path)} == {"tag:example.org,2026-01-03:a.md"}


def test_one_guid_twice_in_a_build(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for name in ("b.md", "a.md"):
        folder.write(name, text(name, guid="urn:x:1"))
    done = folder.build()
    assert (done.exit_code, codes(done), done.held) == (1, ["PUB002"], frozenset({"b.md"}))
    assert folder.titles() == ["a.md"]


def test_the_authority_setting_counts_from_the_first_build_on(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text())
    folder.build('authority = "names.example"')
    assert folder.entries()[0].id == "tag:names.example,2026-01-03:a.md"
