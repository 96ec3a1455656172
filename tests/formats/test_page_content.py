"""The contents of entries in pages: they do not clash with the page, nor make it large, and nothing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from browser import ask, in_browser
from feedwright.bodies import policy, sanitize
from feedwright.formats import page_content
from feedwright.formats.table import FORMATS
from feedwright.model import SafeHtml, SiteIndex, replace
from feedwright.problems import HeldError
from payloads import families
from sample_feeds import entry, feed, refusal_of

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright.model import Entry

PAGE = FORMATS["page"]
INDEX = SiteIndex(formats=("rss", "atom", "json", "opml", "page"), title="Example")
BASE = "https://example.org/posts/0/"


def cleaned(body: str, base: str = BASE) -> SafeHtml:
    return sanitize.clean(body, base=base, file="a.html").content


def page(*entries: Entry) -> bytes:
    data = PAGE.render(replace(feed(*entries), path=""), INDEX)
    assert refusal_of(PAGE.read, data) == ""
    return data


def tree(data: bytes) -> Any:
    return html.document_fromstring(data.decode())


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<h1>a</h1><h2>b</h2>", "<h4>a</h4><h5>b</h5>"),
        ("<h2>a</h2><h4>b</h4><h2>c</h2>", "<h4>a</h4><h5>b</h5><h4>c</h4>"),
        ("".join(f"<h{n}>x</h{n}>" for n in range(1, 6)), "<h4>x</h4><h5>x</h5>" + "<h6>x</h6>" * 3),
        ("<main><nav>a</nav></main>", "<div><div>a</div></div>"),
        (
            "<p><tt>a</tt> <big>b</big> <strike>c</strike></p>",
            "<p><code>a</code> <span>b</span> <s>c</s></p>",
        ),
        ('<p title="<h1>">a</p>', '<p title="&lt;h1&gt;">a</p>'),
        ("<p>1 &lt;h1 2</p>", "<p>1 &lt;h1 2</p>"),
        (
            '<img src="https://example.org/a.png" width="50%" longdesc="https://example.org/b">',
            '<img src="https://example.org/a.png" alt="" loading="lazy">',
        ),
        (
            '<img alt="b" src="https://example.org/a.png" height="9">',
            '<img alt="b" src="https://example.org/a.png" height="9" loading="lazy">',
        ),
        (
            '<audio controls src="https://example.org/a.mp3"></audio>',
            '<audio controls="" src="https://example.org/a.mp3" preload="none"></audio>',
        ),
    ],
)
def test_contents_fit_below_their_entry(body: str, shown: str) -> None:
    assert page_content.adapt(cleaned(body)) == shown
    assert shown.encode() in page(entry(content=cleaned(body)))


def test_cells_keep_their_alignment() -> None:
    body = '<table><tr><td align="RIGHT" colspan="2">1</td><td>2</td></tr></table>'
    shown = page_content.adapt(cleaned(body))
    assert '<td class="right" colspan="2">1</td><td>2</td>' in shown
    page(entry(content=cleaned(body)))


def test_there_is_room_for_so_much_and_small_contents_are_shown_after_a_large_one() -> None:
    large, small = SafeHtml(f"<p>{'x' * 14_000}</p>"), SafeHtml("<p>small</p>")
    entries = [entry(n, content=large) for n in range(20)] + [entry(20, content=small)]
    shown = list(page_content.contents(entries))
    assert [content is not None for content in shown] == [True, True] + [False] * 18 + [True]
    assert len(page(*entries)) < 3 * page_content.LIMIT


def test_footnotes_lead_to_the_entry_and_no_id_is_there_twice() -> None:
    body = '<p>a<a id="fnref:1" href="#fn:1">1</a></p><ol><li id="fn:1">b <a href="#fnref:1">^</a></li></ol>'
    first, again = entry(0, content=cleaned(body)), entry(1, content=cleaned(body))
    other = entry(2, content=cleaned(body, "https://example.org/posts/2/"))
    root = tree(page(first, again, other))
    ids = root.xpath("//article//@id")
    assert len(ids) == len(set(ids)) == 4
    assert {"#" + name for name in ids} == set(root.xpath("//div[@class='content']//a/@href"))
    assert [len(article.xpath("./details")) for article in root.xpath("//article")] == [1, 0, 1]


def test_recordings_may_play_where_there_are_some() -> None:
    recording = cleaned('<video controls src="https://example.org/a.mp4"></video>')
    assert b" media-src https: http:;" in page(entry(content=recording))
    assert b"media-src" not in page(entry())


def test_contents_say_their_language_where_it_is_not_that_of_the_page() -> None:
    root = tree(PAGE.render(feed(entry(), language="de"), INDEX))
    assert root.get("lang") == "en"
    assert root.xpath("//div[@class='content']/@lang") == ["de"]


def test_everything_that_is_permitted_may_stand_in_a_page() -> None:
    for tag in sorted(policy.ELEMENTS):
        for body in (f"<{tag}>x</{tag}>", f"<table><tr><{tag}>x</{tag}></tr></table>"):
            page(entry(content=cleaned(body)))


PAYLOADS = [payload for family in families().values() for payload in family]


@in_browser
def test_no_payload_runs_in_a_page(tmp_path: Path) -> None:
    """All payloads, forty to a page, opened as people open them; the page's own policy is taken away."""
    contents = []
    for number, payload in enumerate(PAYLOADS):
        try:
            contents.append(cleaned(payload, f"https://example.org/{number}/"))
        except HeldError:
            continue
    names = []
    for start in range(0, len(contents), 40):
        entries = [entry(start + n, content=one) for n, one in enumerate(contents[start : start + 40])]
        data = page(*entries)
        assert tree(data).xpath("count(//article)") == len(entries)
        meta = b'<meta http-equiv="Content-Security-Policy"'
        assert meta in data
        names.append(f"{start}.html")
        bare = data.replace(meta, b'<meta name="x"', 1).replace(b'"lazy"', b'"eager"')
        (tmp_path / names[-1]).write_bytes(bare)
    script = """documents => {
      for (const page of documents)
        for (const element of page.querySelectorAll('*')) {
          if (element.localName === 'details') element.open = true;
          for (const name of ['click', 'mouseover', 'focus', 'error', 'load', 'toggle'])
            element.dispatchEvent(new Event(name));
        }
      return {
        pages: documents.length,
        articles: documents.map(page => page.querySelectorAll('ol.entries > li > article').length),
        outside: documents.flatMap(
          page => [...page.querySelectorAll('main > :not(section), body > footer > :not(p)')]
            .map(element => element.outerHTML.slice(0, 100))),
        hits: window.hits || 0,
      };
    }"""
    before = "window.pwned = window.alert = () => { window.hits = (window.hits || 0) + 1; };"
    answer = ask(tmp_path, script, names, before=before)
    assert answer["pages"] == len(names) > 50
    assert sum(answer["articles"]) == len(contents)
    assert answer["outside"] == []
    assert answer["hits"] == 0
