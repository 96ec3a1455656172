"""Pages for people: what they say, in which language, and that nothing in them can run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

import pytest
from lxml import html

from browser import ask, in_browser
from feedwright.formats.resources import date, direction, phrases
from feedwright.formats.table import FORMATS
from feedwright.model import Author, Feed, SiteIndex, Term, Thumbnail, replace
from paths import SOURCE
from sample_feeds import FEEDS, PICTURE, SCHEME, entry, feed, refusal_of

if TYPE_CHECKING:
    from pathlib import Path

PAGE, STYLE = FORMATS["page"], FORMATS["style"]
ALL = ("rss", "atom", "json", "opml", "page")
SITE = feed(entry(), entry(1), path="", url="https://example.org/feeds/", title="Example")
NESTED = tuple(
    replace(
        feed(entry()),
        path=path,
        url=f"https://example.org/feeds/{path}",
        title=f"{title} – Example",
        entries=(),
    )
    for path, title in (
        ("茶/", "茶"),
        ("making/", "Making"),
        ("making/bicycles/", "Making / Bicycles"),
        ("making-of/", "Making of"),
    )
)


def index(*formats: str, **facts: Any) -> SiteIndex:
    return SiteIndex(formats=formats or ALL, title="Example", **facts)


def page(shown: Feed, site_index: SiteIndex | None = None) -> html.HtmlElement:
    data = PAGE.render(shown, site_index or index())
    assert refusal_of(PAGE.read, data) == ""
    return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))


def texts(root: html.HtmlElement, path: str) -> list[str]:
    found = root.xpath(path)
    assert isinstance(found, list)
    return [" ".join(str(getattr(one, "text_content", lambda one=one: one)()).split()) for one in found]


@pytest.mark.parametrize("case", FEEDS)
def test_every_form_of_a_feed_is_a_page(case: str) -> None:
    original = FEEDS[case]
    root = page(original)
    assert texts(root, "//h1") == [original.title]
    assert texts(root, "//article//h3") == [one.title for one in original.entries]
    assert [one.get("href") for one in root.xpath("//article//h3/a")] == [e.link for e in original.entries]
    assert len(root.xpath("//article//img")) == sum(one.thumbnail is not None for one in original.entries)


def test_an_entry_is_shown_as_readers_show_it() -> None:
    authors = (Author(name="甲"), Author(name="乙"))
    terms = (Term(term="a", label="茶", scheme=SCHEME), Term(term="b", label="茶", scheme=SCHEME))
    root = page(feed(entry(authors=authors, categories=terms)))
    (article,) = root.xpath("//article")
    assert texts(article, ".//time") == ["2022年4月9日"]
    assert article.xpath(".//time/@datetime") == ["2022-04-09T21:05:33+08:00"]
    assert texts(article, ".//bdi") == ["甲、乙", "茶"]
    assert texts(article, './/p[@class="summary"]') == ["Summary of 0."]
    (picture,) = article.xpath(".//img")
    wanted = {"src": PICTURE.url, "alt": "", "loading": "lazy", "width": "640", "height": "480"}
    assert dict(picture.attrib) == {"class": "picture", **wanted}
    assert texts(article, "./details/div") == ["正文 & 链接 ]]> 👩\u200d💻 a b"]


@pytest.mark.parametrize(
    ("picture", "size", "small"),
    [
        (Thumbnail(url="https://example.org/a", type="image/jpeg"), ("600", "400"), False),
        (Thumbnail(url="https://example.org/a", type="image/jpeg", width=10), ("600", "400"), False),
        (Thumbnail(url="https://example.org/a", type="image/png", width=64, height=64), ("64", "64"), True),
    ],
)
def test_a_picture_keeps_its_room(picture: Thumbnail, size: tuple[str, str], small: bool) -> None:
    (shown,) = page(feed(entry(thumbnail=picture))).xpath("//article//img")
    assert (shown.get("width"), shown.get("height")) == size
    assert (shown.get("class") == "small picture") is small


def test_the_best_address_is_large_and_the_others_are_there() -> None:
    root = page(feed(entry()))
    folder = "https://example.org/feeds/media/"
    wanted = [folder + name for name in ("atom.xml", "rss.xml", "feed.json")]
    assert root.xpath("//link[@rel='alternate']/@href") == wanted
    assert root.xpath("//link[@rel='alternate']/@type") == [
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    ]
    assert texts(root, "//section[@class='subscribe']/code") == wanted[:1]
    assert texts(root, "//section[@class='subscribe']/details//code") == wanted[1:]
    assert root.xpath("//p[@class='ways']/a/@href") == ["feed://example.org/feeds/media/atom.xml", wanted[0]]
    assert root.xpath("//section[@class='subscribe']//li/a/@href") == wanted[1:]
    only = page(feed(entry()), index("rss", "page"))
    assert only.xpath("//link[@rel='alternate']/@href") == [wanted[1]]
    assert only.xpath("//section[@class='subscribe']/details") == []


def test_readers_on_the_web_are_offered_where_the_owner_wants_it() -> None:
    readers = ("feedly", "My Reader https://reader.example.com/add?tag=x&feed={url}")
    root = page(replace(feed(entry()), url="https://example.org/feeds/%E8%8C%B6/"), index(readers=readers))
    address = "https%3A%2F%2Fexample.org%2Ffeeds%2F%25E8%258C%25B6%2Fatom.xml"
    links = root.xpath("//p[@class='ways']/a")
    assert [(link.text_content(), link.get("href")) for link in links[1:-1]] == [
        ("Feedly", f"https://feedly.com/i/subscription/feed%2F{address}"),
        ("My Reader", f"https://reader.example.com/add?tag=x&feed={address}"),
    ]


def test_the_front_page_lists_all_feeds() -> None:
    root = page(SITE, index(feeds=(replace(SITE, entries=()), *NESTED)))
    links = root.xpath("//section[@class='feeds']//li/a")
    assert [(one.get("href"), one.text_content()) for one in links] == [
        ("making/index.html", "Making"),
        ("making/bicycles/index.html", "Bicycles"),
        ("making-of/index.html", "Making of"),
        ("%E8%8C%B6/index.html", "茶"),
    ]
    assert texts(root, "//section[@class='feeds']/ul/li/ul//bdi") == ["Bicycles"]
    assert root.xpath("//a[@type='text/x-opml']/@href") == ["feeds.opml"]
    assert root.xpath("//nav") == []


def test_a_page_leads_to_the_front_page_from_anywhere() -> None:
    for path in ("media/", "a/b/", "茶/"):
        root = page(replace(feed(entry()), path=path))
        (home,) = root.xpath("//nav/a")
        assert home.text_content() == "Example"
        assert (
            unquote(urljoin(f"https://x.org/feeds/{path}", home.get("href")))
            == "https://x.org/feeds/index.html"
        )
        assert root.xpath("//section[@class='feeds']") == []


def test_without_the_list_nothing_leads_to_it() -> None:
    root = page(SITE, index("rss", "page", feeds=(SITE, *NESTED)))
    assert root.xpath("//a[@type='text/x-opml']") == []


@pytest.mark.parametrize(
    ("language", "spoken", "way", "said"),
    [
        ("zh-CN", "zh-CN", "ltr", "订阅"),
        ("zh-TW", "zh-TW", "ltr", "訂閱"),
        ("zh-Hant-HK", "zh-Hant-HK", "ltr", "訂閱"),
        ("zh-Hans-HK", "zh-Hans-HK", "ltr", "订阅"),
        ("ar", "ar", "rtl", "اشترك"),
        ("en-GB", "en-GB", "ltr", "Subscribe"),
        ("he", "en", "rtl", "Subscribe"),
        ("de", "en", "ltr", "Subscribe"),
        ("az-Arab", "en", "rtl", "Subscribe"),
        ("ku-Latn", "en", "ltr", "Subscribe"),
    ],
)
def test_a_page_speaks_the_language_of_its_feed(language: str, spoken: str, way: str, said: str) -> None:
    root = page(feed(entry(), language=language))
    assert (root.get("lang"), root.get("dir")) == (spoken, way)
    assert texts(root, "//h2[@id='subscribe']") == [said]
    own = {language} if language != spoken else set()
    assert set(root.xpath("//h1/@lang | //h3/@lang | //bdi/@lang")) == own
    style = STYLE.render(feed(language=language), index()).decode()
    assert f"direction: {way};" in style
    assert phrases(language)[1]["raw"] in style
    assert direction(language) == way


def test_every_translation_is_complete() -> None:
    names = sorted(path.stem for path in (SOURCE / "formats" / "translations").glob("*.toml"))
    assert {"ar", "en", "zh", "zh-hant"} <= {*names}
    moments = [entry().published.replace(month=month) for month in range(1, 13)]
    for name in names:
        language, words = phrases(name)
        assert language == name
        assert words.keys() == phrases("en")[1].keys()
        assert all(words.values())
        assert len({date(moment, words) for moment in moments}) == 12


@pytest.mark.parametrize(
    ("language", "day"), [("en", "9 April 2022"), ("ar", "9 أبريل 2022"), ("zh", "2022年4月9日")]
)
def test_days_are_written_as_people_write_them(language: str, day: str) -> None:
    assert date(entry().published, phrases(language)[1]) == day


def test_headings_and_landmarks() -> None:
    root = page(SITE, index(feeds=(SITE, *NESTED)))
    order = [str(one.tag) for one in root.iter("h1", "h2", "h3")]
    assert order == ["h1", "h2", "h2", "h2", "h3", "h3"]
    assert [one.tag for one in root.find("body")] == ["a", "header", "main", "footer"]
    ids = set(root.xpath("//@id"))
    assert {name.removeprefix("#") for name in root.xpath("//a/@href") if name.startswith("#")} <= ids
    assert set(root.xpath("//@aria-labelledby")) <= ids


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a stylesheet of feedwright's"),
        (b"a { color: red }", "not a stylesheet of feedwright's"),
        (b'/* feedwright */ a { content: "$explain" }', "a placeholder"),
        (b"/* feedwright */ a { background: URL(//example.org) }", "it leads elsewhere"),
        (b"/* feedwright */ @IMPORT '//example.org';", "it leads elsewhere"),
        (b"/* feedwright */ a { background: u\\72l(//example.org) }", "it leads elsewhere"),
    ],
)
def test_a_stylesheet_is_feedwrights_own(data: bytes, reason: str) -> None:
    assert reason in refusal_of(STYLE.read, data)
    STYLE.read(STYLE.render(feed(), index()))


def test_the_policy_knows_the_stylesheet_and_nothing_else() -> None:
    from base64 import b64encode
    from hashlib import sha256

    root = page(feed(entry()))
    style = root.findtext("head/style") or ""
    own = b64encode(sha256(style.encode()).digest()).decode()
    allowed = f"default-src 'none'; img-src https: http:; style-src 'sha256-{own}'"
    assert root.xpath("//meta[@http-equiv]/@content") == [f"{allowed}; base-uri 'none'; form-action 'none'"]
    assert "url(" not in style
    assert "@import" not in style


HOSTILE = [
    "<script>pwned()</script>",
    '"><img src=x onerror=pwned()>',
    "' onmouseover='pwned()' x='",
    "</title></style></head><svg onload=pwned()>",
    "{{ 7*7 }}{% set x = 1 %}{# #}",
    "--><iframe srcdoc='<script>parent.pwned()</script>'>",
    "\u202e\u2066&lt;script&gt;\x00\ufffe\ud800",
    "]]></textarea><style>*{}</style>",
]


def hostile(text: str) -> tuple[Feed, SiteIndex]:
    one = entry(
        title=text,
        summary=text,
        authors=(Author(name=text),),
        categories=(Term(term=text, label=text, scheme=SCHEME),),
        link='https://example.org/"onclick="pwned()',
        thumbnail=Thumbnail(url="https://example.org/'\"><script>pwned()</script>", type="image/png"),
    )
    original = feed(
        one, path="", title=text, description=text, copyright=text, icon="https://example.org/\"'>"
    )
    listed = (original, *(replace(each, title=text) for each in NESTED))
    return original, SiteIndex(formats=ALL, title=text, feeds=listed)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_said_stays_text(text: str) -> None:
    root = page(*hostile(text))
    shown = text.translate({0: "\ufffd", 0xFFFE: "\ufffd", 0xD800: "\ufffd"})
    assert [one.text_content() for one in root.xpath("//h1 | //h3/a")] == [shown, shown]
    assert root.xpath("//script | //iframe | //svg | //textarea") == []
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on")]


POST = b'href="https://example.org/posts/0/"'
FAULTS = [
    (b"<main>", b"<main><script>x</script>", "<script> is not an element of a page"),
    (b"<main>", b"<main><svg></svg>", "<svg> is not an element of a page"),
    (b"<main>", b"<main><!-- x -->", "'<!-- x -->' is not a tag of a page"),
    (b"<main>", b"<main><![CDATA[x]]>", "is not a tag of a page"),
    (b"<main>", b"<main><P>x</P>", "'<P>' is not a tag of a page"),
    (b"<main>", b"<main><p title='x'>x</p>", "is not a tag of a page"),
    (b"<main>", b"<main><p title=x>x</p>", "is not a tag of a page"),
    (b"<main>", b'<main><p title="x"onclick="x">x</p>', "is not a tag of a page"),
    (b"<main>", b"<main><", "is neither text nor a tag"),
    (b"<main>", b"<main>>", "is neither text nor a tag"),
    (b"<main>", b"<main></div>", "<div> is opened 1 times, and closed 2 times"),
    (b"<main>", b"<main></br>", "<br> is opened 0 times, and closed 1 times"),
    (b"<main>", b'<main onclick="x">', "<main> must not have onclick"),
    (b"<main>", b'<main style="x">', "<main> must not have style"),
    (b"<main>", b'<main><p class="language-x">x</p>', "<p> must not have class"),
    (b"<main>", b'<main><link rel="preload" href="https://example.org/">', "<link> must not have rel"),
    (POST, b'href="javascript:x"', "<a> leads to 'javascript:x'"),
    (POST, b'href="JaVa&#9;script:x"', "<a> leads to"),
    (POST, b'href="&#1;javascript:x"', "<a> leads to"),
    (POST, b'href="data:text/html,x"', "<a> leads to"),
    (POST, b'href="//example.net/"', "<a> leads to"),
    (b'src="https://img', b'src="data:image/png,x', "<img> leads to"),
    (b'id="entries"', b'id="subscribe"', "'subscribe' is the id of 2 elements"),
    (b"<title>", b"<title></title><title>", "no title"),
    (b"<main>", b"<main><title>x</title>", "exactly one <title>"),
    (b"<main>", b"<main><style>x</style>", "exactly one <style>"),
    (b"default-src", b"img-src x; default-src", "exactly one Content-Security-Policy"),
    (b"img-src https:", b"script-src https:; img-src https:", "exactly one Content-Security-Policy"),
    (b'<meta name="referrer"', b'<meta http-equiv="refresh"', "<meta> must not have http-equiv"),
    (b"<main>", b'<main><meta content="" http-equiv="Content-Security-Policy">', "<meta> must begin with"),
    (b"<main>", b'<main><link href="https://a.b/" rel="stylesheet">', "<link> must begin with rel"),
    (b"<style>", b"<style> ", "the Content-Security-Policy is not that of its stylesheets"),
    (b"<style>", b'<link rel="stylesheet" href="https://a.b/"><style>', "not that of its stylesheets"),
]


@pytest.mark.parametrize(("old", "new", "reason"), FAULTS)
def test_a_faulty_page_is_refused(old: bytes, new: bytes, reason: str) -> None:
    good = PAGE.render(feed(entry()), index())
    assert old in good
    assert reason in refusal_of(PAGE.read, good.replace(old, new, 1))


@pytest.mark.parametrize("data", [b"", b"\x00", b"<!-- -->", b"plain text", b"\xff\xfe"])
def test_what_is_not_a_page_is_refused(data: bytes) -> None:
    assert refusal_of(PAGE.read, data)


def test_a_stylesheet_with_a_placeholder_left_is_refused() -> None:
    data = STYLE.render(SITE, index())
    assert refusal_of(STYLE.read, data) == ""
    assert refusal_of(STYLE.read, data + b"$explain") == "a placeholder of the template is left"


@pytest.mark.parametrize("name", ["rss", "atom"])
@pytest.mark.parametrize(
    ("path", "href"), [("", "feed.css"), ("a/", "../feed.css"), ("a/b/", "../../feed.css")]
)
def test_feeds_point_to_their_stylesheet(name: str, path: str, href: str) -> None:
    original = replace(feed(entry()), path=path)
    data = FORMATS[name].render(original, index())
    first, second, _ = data.split(b"\n", 2)
    assert first.startswith(b"<?xml version=")
    assert second == f'<?xml-stylesheet type="text/css" href="{href}"?>'.encode()
    bare = FORMATS[name].render(original, index("rss", "atom"))
    assert data.replace(second + b"\n", b"") == bare


DOM = """documents => documents.map(one => [...one.querySelectorAll('*')].map(
  element => [element.localName, [...element.attributes].map(attribute => attribute.name)]))"""

PAINTED = """documents => documents.map(one => {
  const shown = element => getComputedStyle(element).display !== 'none';
  const seen = element => !element || (shown(element) && seen(element.parentElement));
  const isAddress = element => getComputedStyle(element, '::after').content.includes('http');
  const text = element => isAddress(element) ? element.getAttribute('href') : element.textContent;
  return [...one.querySelectorAll('*')]
    .filter(element => !element.children.length && text(element).trim() && seen(element))
    .map(element => [element.localName, text(element)]);
})"""


@in_browser
def test_nothing_foreign_gets_into_a_browser(tmp_path: Path) -> None:
    names = [f"{number}.html" for number in range(len(HOSTILE))]
    for name, text in zip(names, HOSTILE, strict=True):
        (tmp_path / name).write_bytes(PAGE.render(*hostile(text)))
    plain = texts_of(PAGE.render(*hostile("plain")))
    for found in ask(tmp_path, DOM, names):
        assert [(tag, sorted(attributes)) for tag, attributes in found] == plain


def texts_of(data: bytes) -> list[tuple[str, list[str]]]:
    root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    return [(str(one.tag), sorted(map(str, one.attrib))) for one in root.iter()]


@in_browser
def test_feeds_are_readable_in_a_browser(tmp_path: Path) -> None:
    """What Chromium paints of a feed: its title and its entries, but not what is for machines only."""
    original = replace(feed(entry(0, title="A title"), entry(1, summary="In short.")), path="")
    (tmp_path / "feed.css").write_bytes(STYLE.render(original, index()))
    files = [FORMATS[name].file for name in ("rss", "atom")]
    for name, file in zip(("rss", "atom"), files, strict=True):
        (tmp_path / file).write_bytes(FORMATS[name].render(original, index()))
    for painted in ask(tmp_path, PAINTED, files):
        words = {text for _, text in painted}
        assert {"A title", "In short.", original.title, original.description, "趣头条"} <= words
        assert [text for tag, text in painted if tag == "link"] == [one.link for one in original.entries]
        machines = {
            "id",
            "guid",
            "updated",
            "lastBuildDate",
            "content",
            "encoded",
            "generator",
            "docs",
        }
        assert not {tag for tag, _ in painted} & machines
