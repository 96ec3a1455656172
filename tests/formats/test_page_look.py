"""The look of pages: an accent that can be read, a stylesheet of the owner's, and a policy that allows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from browser import ask, in_browser
from feedwright.formats.page_colours import DARK, LIGHT, readable
from feedwright.formats.resources import text
from feedwright.formats.table import FORMATS
from feedwright.model import SiteIndex, Term, Thumbnail, replace
from sample_feeds import entry, feed, refusal_of
from sites import Folder
from sites import text as article

if TYPE_CHECKING:
    from pathlib import Path

PAGE = FORMATS["page"]
LOGO = "https://example.org/logo.png"
ADDRESS = "https://example.net/pages.css"


def rendered(**facts: Any) -> bytes:
    index = SiteIndex(formats=("rss", "atom", "page"), title="Example", **facts)
    data = PAGE.render(replace(feed(entry(thumbnail=None)), path="", language="en"), index)
    assert refusal_of(PAGE.read, data) == ""
    return data


def tree(data: bytes) -> Any:
    return html.document_fromstring(data.decode())


def contrast(first: str, second: str) -> float:
    """By WCAG 2.2, written a second time."""

    def luminance(colour: str) -> float:
        values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


@given(colour=st.integers(0, 0xFFFFFF).map("#{:06x}".format), paper=st.sampled_from([LIGHT, DARK]))
def test_every_accent_can_be_read_by_day_and_by_night(colour: str, paper: str) -> None:
    assert contrast(readable(colour, paper), paper) >= 4.5


def test_an_accent_that_can_be_read_stays_as_it_is() -> None:
    assert readable("#0b5394", LIGHT) == "#0b5394"
    assert readable("#8fbdf5", DARK) == "#8fbdf5"


def test_the_papers_are_those_of_the_stylesheet() -> None:
    assert re.findall(r"--paper: (#\w+)", text("templates/page.css")) == [LIGHT, DARK]


def test_a_page_tells_browsers_its_colour_and_what_it_is() -> None:
    plain = tree(rendered())
    assert plain.xpath("//meta[@name='theme-color']/@content") == [LIGHT, DARK]
    assert plain.xpath("//meta[@name='description']/@content") == ["Everything new."]
    root = tree(rendered(accent="#aa0000"))
    assert root.xpath("//meta[@name='theme-color']/@content") == ["#aa0000"]
    assert "--link: #aa0000;" in root.findtext("head/style")


def test_the_logo_stands_at_the_top_and_for_the_icon_where_there_is_none() -> None:
    index = SiteIndex(formats=("atom", "page"))
    for icon, wanted in ((None, LOGO), ("https://example.org/icon.png", "https://example.org/icon.png")):
        root = tree(PAGE.render(feed(entry(), logo=LOGO, icon=icon), index))
        assert root.xpath("//header/img/@src") == [LOGO]
        assert root.xpath("//header/img/@alt") == [""]
        assert root.xpath("//link[@rel='icon']/@href") == [wanted]
    assert tree(PAGE.render(feed(entry()), index)).xpath("//link[@rel='icon'] | //header/img") == []


@pytest.mark.parametrize("title", ["Example", "新媒体 – Example"])
def test_a_description_that_says_what_the_title_says_is_left_out(title: str) -> None:
    shown = feed(entry(), description=title, title="新媒体 – Example")
    root = tree(PAGE.render(shown, SiteIndex(formats=("atom", "page"), title="Example")))
    assert root.xpath("//p[@class='about'] | //meta[@name='description']") == []


def test_categories_lead_to_their_feeds_from_anywhere() -> None:
    terms = [Term(term=term, label=term, scheme="s/") for term in ("tea", "tea/green", "making", "no-feed")]
    folders = {"s/tea": "tea/", "s/tea/green": "tea/green/", "s/making": "making/"}
    index = SiteIndex(formats=("atom", "page"), folders=folders)
    shown = replace(feed(entry(categories=tuple(terms))), path="tea/green/")
    links = tree(PAGE.render(shown, index)).xpath("//p[@class='facts']/a")
    assert [(link.get("href"), link.text_content()) for link in links] == [
        ("../../tea/index.html", "tea"),
        ("../../making/index.html", "making"),
    ]


BREAKS = "</style><script>pwned()</script><style>"


def test_a_stylesheet_of_the_owner_stays_in_its_place() -> None:
    root = tree(rendered(styles=f'a::after {{ content: "{BREAKS}"; }}\n@media (width < 9px) {{ }} /*'))
    assert len(root.xpath("//style")) == 1
    assert root.xpath("//script") == []
    assert r"<\/style><script>pwned()<\/script>" in root.findtext("head/style")


def test_a_stylesheet_elsewhere_is_linked_and_nothing_else_is_allowed() -> None:
    data = rendered(stylesheet=ADDRESS)
    assert tree(data).xpath("//link[@rel='stylesheet']/@href") == [ADDRESS]
    (policy,) = tree(data).xpath("//meta[@http-equiv]/@content")
    assert f"' {ADDRESS}; base-uri" in policy
    other = data.replace(
        b'rel="stylesheet" href="https://example.net/', b'rel="stylesheet" href="https://e.org/'
    )
    assert other != data
    assert "not that of its stylesheets" in refusal_of(PAGE.read, other)
    gone = data.replace(f'<link rel="stylesheet" href="{ADDRESS}">'.encode(), b"")
    assert "not that of its stylesheets" in refusal_of(PAGE.read, gone)


def test_feeds_know_the_feeds_around_them_and_how_much_is_in_them(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    paths = ("Tea", "Tea/Green", "Tea/Green/Sencha", "Books")
    for number, path in enumerate(paths):
        categories = f"categories: [[{', '.join(path.split('/'))}]]"
        folder.write(f"{number}.md", article(f"T{number}").replace("---\n", f"---\n{categories}\n", 1))
    settings = 'hierarchy = "list"\nlimit = 1\nformats = ["atom", "page"]\n'
    folder.build(settings)
    published = folder.published()
    site, tea, sencha = (tree(published[f"{path}index.html"]) for path in ("", "tea/", "tea/green/sencha/"))

    def listed(root: Any) -> list[tuple[str, str]]:
        items = root.xpath("//section[@class='feeds']//li")
        return [(item.findtext("a/bdi"), item.findtext("span")) for item in items]

    assert listed(site) == [("Books", "1"), ("Tea", "3"), ("Green", "2"), ("Sencha", "1")]
    assert listed(tea) == [("Green", "2"), ("Sencha", "1")]
    assert listed(sencha) == []
    assert sencha.xpath("//nav/a/@href") == [
        "../../../index.html", "../../../tea/index.html", "../../../tea/green/index.html",
    ]  # fmt: skip


def test_a_stylesheet_that_changes_changes_the_pages_of_a_cached_build(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article("A"))
    file = tmp_path / "pages.css"
    for colour in ("red", "blue"):
        file.write_text(f"a {{ color: {colour} }}", "utf-8")
        folder.build('stylesheet = "pages.css"\nformats = ["atom", "page"]\n', cached=True)
        assert f"a {{ color: {colour} }}".encode() in folder.published()["index.html"]


@in_browser
def test_a_browser_applies_what_is_allowed_and_runs_nothing(tmp_path: Path) -> None:
    styles = f'h1 {{ color: rgb(1, 2, 3) }}\np::after {{ content: "{BREAKS}" }}\nh2 {{ color: rgb(4, 5, 6) }}'
    (tmp_path / "a.html").write_bytes(rendered(styles=styles, accent="#aa0000"))
    broken = Thumbnail(url="https://example.invalid/a.png", type="image/png", width=640, height=480)
    index = SiteIndex(formats=("atom", "page"))
    (tmp_path / "b.html").write_bytes(PAGE.render(feed(entry(thumbnail=broken)), index))
    script = """async documents => {
      const [page, other] = documents;
      const colour = name => getComputedStyle(page.querySelector(name)).color;
      const address = page.querySelector('.address');
      const picture = other.querySelector('.picture');
      return {
        colours: ['h1', 'h2', 'nav a, footer a'].map(colour),
        select: getComputedStyle(address).userSelect,
        wraps: getComputedStyle(address).overflowWrap,
        cover: getComputedStyle(picture, '::before').content,
        hits: window.hits || 0,
      };
    }"""
    before = "window.pwned = () => { window.hits = (window.hits || 0) + 1; };"
    assert ask(tmp_path, script, ["a.html", "b.html"], before=before) == {
        "colours": ["rgb(1, 2, 3)", "rgb(4, 5, 6)", "rgb(170, 0, 0)"],
        "select": "all",
        "wraps": "anywhere",
        "cover": '""',
        "hits": 0,
    }
