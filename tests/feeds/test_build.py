"""From a shelf to a feed: addresses, terms, authors and what is odd about a category."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from feedwright.feeds.build import entry, feed, terms_of
from feedwright.feeds.feed_specs import NO_SETTINGS, FeedSpec, feed_specs
from feedwright.feeds.taxonomies import address_problems, addresses, spelling_problems, taxonomy
from feedwright.model import Article, ArticleSummary, Author, Content, Term
from feedwright.site import CategorySettings
from feedwright.text import fold_label
from sites import Folder, codes, text

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright import Site

NOON = datetime(2026, 1, 3, 12, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Folder(tmp_path).settings('title = "Site"\ndescription = "About"')


def _card(path: str = "a.md", *categories: str, **more: Any) -> ArticleSummary:
    return ArticleSummary(
        path=path,
        title="A",
        link="https://example.org/a/",
        published=NOON,
        updated=NOON,
        due=NOON,
        categories=tuple(tuple(c.split("/")) for c in categories),
        **more,
    )


def _entry(site: Site, *, updated: datetime = NOON, guid: str = "urn:x:1", **more: Any) -> Any:
    article = Article(
        path="a.md",
        title="A",
        link="https://example.org/a/",
        published=NOON,
        updated=updated,
        due=NOON,
        **more,
    )
    made = Content(path="a.md", article=article, summary="x")
    return entry(structs.replace(_card(), updated=updated), made, guid, site=site, terms=())


def test_addresses_of_tags_and_categories_are_remembered_apart(tmp_path: Path) -> None:
    site = Folder(tmp_path).settings(taxonomies=("categories", "tags"))
    specs = feed_specs([_card("a.md", "c", tags=("c",))], {"a.md": "urn:x:1"}, site, {})
    found = {key: term.term for key, term in specs.terms.items()}
    assert found == {("categories", ("c",)): "c", ("tags", ("c",)): "c"}
    assert specs.slugs == {"c": "c", "tags/c": "c"}


def test_an_address_once_given_stays() -> None:
    both = taxonomy("categories", [_card("a.md", "C++"), _card("b.md", "C#")])
    first = addresses(both, recorded={}, fixed={})
    assert first["C#",] == "c"
    assert first["C++",].startswith("c-")
    recorded = {slug_path: label for (label,), slug_path in first.items()}
    only = taxonomy("categories", [_card("a.md", "C++")])
    assert addresses(only, recorded=recorded, fixed={}) == {("C++",): first["C++",]}


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("x" * 100, "CAT004"),
        ("!!!", "CAT005"),
        ("..", "CAT005"),
        ("con", "CAT006"),
        ("tags", "CAT006"),
        ("plain", ""),
    ],
)
def test_odd_addresses_are_told_with_the_first_card(label: str, code: str) -> None:
    articles = [_card("a.md"), _card("b.md", label), _card("c.md", label)]
    terms = taxonomy("categories", articles)
    found = addresses(terms, recorded={}, fixed={})
    told = address_problems(terms, found, articles, {})
    assert [(p.severity, p.code, p.file) for p in told] == ([("warning", code, "b.md")] if code else [])
    assert all(f'[categories."{label}"]' in p.hint for p in told)


def test_an_address_that_is_taken_is_told_and_one_that_is_chosen_is_not() -> None:
    articles = [_card("a.md", "C#"), _card("b.md", "C++")]
    terms = taxonomy("categories", articles)
    found = addresses(terms, recorded={}, fixed={})
    assert [(p.code, p.file) for p in address_problems(terms, found, articles, {})] == [("CAT007", "b.md")]
    fixed = {fold_label("C++"): "cpp"}
    found = addresses(terms, recorded={}, fixed=fixed)
    assert found["C++",] == "cpp"
    assert address_problems(terms, found, articles, fixed) == []


def test_other_spellings_are_told_once_each() -> None:
    articles = [
        _card("a.md", "Alpha"),
        _card("b.md", "alpha"),
        _card("c.md", "alpha"),
        _card("d.md", "Alpha"),
    ]
    articles += [_card("e.md", "Alpha"), _card("f.md", "ALPHA")]
    terms = taxonomy("categories", articles)
    told = spelling_problems(terms, articles)
    assert [(p.code, p.file) for p in told] == [("CAT003", "b.md"), ("CAT003", "f.md")]
    assert "'ALPHA' counts as 'Alpha'" in told[1].message


def test_terms_have_every_level_and_no_authors(tmp_path: Path) -> None:
    article = _card("a.md", "Tech/Web", tags=("t",), authors=("Bob",))
    site = Folder(tmp_path).settings(taxonomies=("categories", "tags", "authors"))
    specs = feed_specs([article], {"a.md": "urn:x:1"}, site, {})
    assert [spec.path for spec in specs.specs] == ["", "tech/", "tech/web/", "tags/t/", "authors/bob/"]
    scheme = "https://example.org/feeds/"
    assert terms_of(article, specs, site) == (
        Term(term="tech", label="Tech", scheme=scheme),
        Term(term="tech/web", label="Web", scheme=scheme),
        Term(term="t", label="t", scheme=f"{scheme}tags/"),
    )


def test_who_wrote_it(site: Site, tmp_path: Path) -> None:
    bob = Author(name="Bob", email="bob@e.org", uri="https://e.org/")
    assert _entry(site, authors=(bob,)).authors == (Author(name="Bob", uri="https://e.org/"),)
    assert _entry(site).authors == (Author(name="Site"),)
    own = Folder(tmp_path).settings('author = "Al <al@e.org>"\npublish_email = true')
    assert _entry(own, authors=(bob,)).authors == (bob,)
    assert _entry(own).authors == (Author(name="Al", email="al@e.org"),)


def test_an_update_that_has_not_happened_yet_is_not_told(site: Site) -> None:
    later = NOON + timedelta(days=1)
    assert _entry(site, updated=later).updated == later
    article = Article(path="a.md", title="A", link="https://e.org/", published=NOON, updated=later, due=NOON)
    made = Content(path="a.md", article=article)
    assert entry(_card(), made, "urn:x:1", site=site, terms=()).updated == NOON


def test_what_is_held_has_no_entry(site: Site) -> None:
    with pytest.raises(ValueError, match="held"):
        entry(_card(), Content(path="a.md", article=None), "urn:x:1", site=site, terms=())


def _feed(site: Site, *labels: str, own: CategorySettings = NO_SETTINGS) -> Any:
    old = _entry(site)
    new = _entry(site, updated=NOON + timedelta(days=1), guid="urn:x:2")
    path = "/".join(labels).lower() + "/" if labels else ""
    spec = FeedSpec(
        labels=labels,
        path=path,
        articles=(),
        limit=None,
        settings=own,
    )
    return feed(spec, (old, new), "urn:x:f", site=site)


def test_the_channel(site: Site) -> None:
    own = _feed(site)
    assert (own.title, own.description, own.url) == ("Site", "About", "https://example.org/feeds/")
    assert own.updated == NOON + timedelta(days=1)
    below = _feed(site, "Tech", "新")
    assert (below.title, below.url) == ("Tech / 新 – Site", "https://example.org/feeds/tech/%E6%96%B0/")
    assert below.description == "About"


def test_the_channel_of_a_category_with_settings_of_its_own(site: Site) -> None:
    own = _feed(
        site, "X", own=CategorySettings(title="Ex", description="About x", image="https://e.org/x.png")
    )
    assert (own.title, own.description, own.logo) == ("Ex", "About x", "https://e.org/x.png")
    plain = _feed(site, "X", own=CategorySettings(slug="x"))
    assert (plain.title, plain.description, plain.logo) == ("X – Site", "About", None)


# In builds


def test_full_text_or_summary(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text(body="<p>x</p>"))
    folder.build()
    assert folder.entries()[0].content[0].value == "<p>x</p>"
    folder.build('content_mode = "summary"')
    assert "content" not in folder.entries()[0]
    assert folder.entries()[0].summary == "x"


def test_settings_of_categories_reach_their_feeds(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for n in range(3):
        folder.write(f"{n}.md", text(f"T{n}", categories="[[Tech, C++]]"))
    folder.build(
        'hierarchy = "/"\n[categories."Tech/C++"]\nslug = "cpp"\nlimit = 1\n'
        '[categories.tech]\nslug = "technik"'
    )
    assert sorted(p for p in folder.published() if p.endswith("rss.xml")) == [
        "rss.xml",
        "technik/cpp/rss.xml",
        "technik/rss.xml",
    ]
    assert len(folder.entries("technik/cpp/rss.xml")) == 1
    assert len(folder.entries("technik/rss.xml")) == 3


def test_hierarchy_with_a_separator(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text(categories="Tech / Web"))
    folder.build('hierarchy = "/"')
    assert "tech/web/atom.xml" in folder.published()
    assert [(t.term, t.label) for t in folder.entries("tech/atom.xml")[0].tags] == [
        ("tech", "Tech"),
        ("tech/web", "Web"),
    ]


def test_repairs_of_categories_are_warnings(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text(categories="[con, '!!!', Alpha]"))
    folder.write("b.md", text(categories="[alpha, Beta]", body="Other words"))
    done = folder.build()
    assert done.exit_code == 0
    assert codes(done) == ["CAT005", "CAT006", "CAT003"]
    assert {p.split("/")[0] for p in folder.published()} >= {"con-cat", "alpha", "beta"}
    assert folder.titles("alpha/atom.xml") == ["A title", "A title"]
