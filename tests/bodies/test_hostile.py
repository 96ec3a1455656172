"""Thousands of hostile payloads, in bodies and in every field: nothing runs in whatever reads the feeds."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import feedparser
import pytest
from lxml import etree
from lxml import html as other_parser

from allowed import ALLOWED, EVERYWHERE, faults
from browser import ask, in_browser
from desk import Desk
from feedwright.bodies import sanitize
from feedwright.problems import HeldError
from payloads import families
from sites import Folder, codes, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from feedwright.bodies.sanitize import Engine

BASE = "https://example.org/2026/a/"
FAMILIES = families()
PAYLOADS = [payload for family in FAMILIES.values() for payload in family]
ENGINES: tuple[Engine, ...] = ("bleach", "nh3")


MOST_HELD = 5
"""Payloads of all families that may be held: what is not published shows nothing about sanitizing."""


@cache
def cleaned(payload: str, engine: Engine) -> str | None:
    """The content that a payload becomes; None where it is held."""
    try:
        return sanitize.clean(payload, base=BASE, file="a.html", engine=engine).content
    except HeldError:
        return None


def contents(payloads: Iterable[str], engine: Engine) -> dict[str, str]:
    """The contents that payloads become, by payload; fails where hardly any is left to judge."""
    payloads = list(payloads)
    published = {
        payload: content for payload in payloads if (content := cleaned(payload, engine)) is not None
    }
    assert len(published) >= len(set(payloads)) - MOST_HELD
    assert any(published.values())
    return published


def test_there_are_payloads_of_every_family() -> None:
    written = [
        family for name, family in FAMILIES.items() if name not in ("schemes", "disguises", "handlers")
    ]
    assert len({payload for family in written for payload in family}) == sum(map(len, written)) >= 700
    assert len(set(PAYLOADS)) >= 2300


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("family", FAMILIES)
def test_bodies_come_out_harmless(family: str, engine: Engine) -> None:
    for payload, content in contents(FAMILIES[family], engine).items():
        assert sorted(faults(content)) == [], payload


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_clean_stays_as_it_is(family: str, engine: Engine) -> None:
    once = set(contents(FAMILIES[family], engine).values())
    assert [content for content in once if cleaned(content, engine) != content] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_hardly_any_body_is_held(engine: Engine) -> None:
    held = [payload for payload in PAYLOADS if cleaned(payload, engine) is None]
    assert len(held) <= MOST_HELD, held


# In Chromium

# hits: calls by content; strange: nodes that are not allowed; moved: contents that changed when set once more
_TRY = """async () => {
  const allowed = ALLOWED, everywhere = EVERYWHERE, contents = CONTENTS;
  const hits = {}, strange = [], moved = [];
  let current = -1, tried = 0;
  window.pwned = () => { hits[current] = (hits[current] || 0) + 1; };
  window.alert = window.confirm = window.prompt = window.print = window.open = () => null;
  document.addEventListener('click', event => {
    const link = event.target.closest && event.target.closest('a[href]');
    if (link && link.protocol !== 'javascript:') event.preventDefault();
  }, true);
  document.addEventListener('submit', event => event.preventDefault(), true);
  const events = ['click', 'mouseover', 'mouseenter', 'focus', 'focusin', 'error', 'load', 'toggle',
    'animationstart', 'animationend', 'transitionend', 'keydown', 'input', 'pointerdown', 'play', 'begin'];
  const look = (root, i) => {
    for (const element of root.querySelectorAll('*')) {
      const tag = element.localName;
      if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !(tag in allowed)) {
        strange.push([i, tag]);
        continue;
      }
      for (const attribute of element.attributes) {
        if (!allowed[tag].includes(attribute.name) && !everywhere.includes(attribute.name))
          strange.push([i, tag + ' ' + attribute.name]);
      }
      for (const name of ['href', 'src', 'poster', 'cite', 'longDesc', 'currentSrc']) {
        const value = element[name];
        if (typeof value !== 'string' || !value || !(element.hasAttribute(name) || name === 'currentSrc'))
          continue;
        let kind = 'none';
        try { kind = new URL(value, 'https://example.org/').protocol; } catch { }
        const fine = name === 'href' ? ['http:', 'https:', 'mailto:', 'tel:'] : ['http:', 'https:'];
        if (name === 'href' && element.getAttribute(name).startsWith('#fn-')) continue;
        if (!fine.includes(kind)) strange.push([i, tag + ' ' + name + '=' + value]);
      }
      for (const name of events) element.dispatchEvent(new Event(name, {bubbles: true}));
      if (element.click) element.click();
    }
  };
  const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));
  for (let i = 0; i < contents.length; i++) {
    current = i;
    const first = document.createElement('div'), second = document.createElement('div');
    document.body.append(first, second);
    first.innerHTML = contents[i];
    const once = first.innerHTML;
    second.innerHTML = once;
    if (second.innerHTML !== once) moved.push(i);
    look(first, i);
    look(second, i);
    await pause(1);
    first.remove();
    second.remove();
    const frame = document.createElement('iframe');
    frame.srcdoc = '<!DOCTYPE html><meta charset="utf-8"><title>x</title>' + contents[i];
    const loaded = new Promise(done => { frame.onload = done; });
    document.body.append(frame);
    await Promise.race([loaded, pause(100)]);
    if (frame.contentDocument && frame.contentDocument.body) look(frame.contentDocument.body, i);
    await pause(1);
    frame.remove();
    tried++;
  }
  await pause(200);
  return {tried, hits, strange, moved};
}"""


def _try(folder: Path, contents: Iterable[str]) -> dict[str, Any]:
    """Put contents into a page, twice, and into documents of their own, and do what readers may do."""
    allowed = {tag: names.split() for tag, names in ALLOWED.items()}
    script = _TRY.replace("ALLOWED", json.dumps(allowed)).replace(
        "EVERYWHERE", json.dumps(sorted(EVERYWHERE))
    )
    listed = json.dumps(list(contents)).replace("<", "\\u003c")
    folder.mkdir(exist_ok=True)
    found: dict[str, Any] = ask(folder, script.replace("CONTENTS", listed))
    return found


@in_browser
@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_runs_in_a_page_or_as_a_document(engine: Engine, tmp_path: Path) -> None:
    tried = sorted(set(contents(PAYLOADS, engine).values()))
    found = _try(tmp_path, tried)
    assert found["tried"] == len(tried) > 200
    assert {tried[int(i)]: count for i, count in found["hits"].items()} == {}
    assert [(tried[i], what) for i, what in found["strange"]] == []
    assert [tried[i] for i in found["moved"]] == []


@in_browser
def test_what_is_not_sanitized_does_run_there(tmp_path: Path) -> None:
    payloads = FAMILIES["media"] + FAMILIES["mutation"] + FAMILIES["handlers"]
    found = _try(tmp_path, payloads)
    assert len(found["hits"]) > 100
    assert len({i for i, _ in found["strange"]}) > 200
    assert found["moved"]


# In every field

FIELDS = (
    "title", "author", "uri", "category", "tag", "cover", "link", "id", "summary", "enclosure", "language",
)  # fmt: skip
SHORT = [payload for payload in PAYLOADS if len(payload) < 120][:: max(1, len(PAYLOADS) // 160)]


def _article(number: int, payload: str) -> str:
    legal = payload.encode("utf-8", "replace").decode()
    quoted = json.dumps(legal, ensure_ascii=False)
    category = json.dumps(legal.replace("/", " ")[:60], ensure_ascii=False)
    rows = [
        f"title: {quoted}",
        f"date: 2026-01-{number % 28 + 1:02d}",
        f"author: {{name: {quoted}, uri: {quoted}, email: {quoted}}}",
        f"category: {category}",
        f"tags: [{quoted}]",
        f"cover: {quoted}",
        f"excerpt: {quoted}",
        f"enclosure: {{url: {quoted}, length: 1, type: {quoted}}}",
        *([f"permalink: {quoted}"] if number % 3 == 0 else []),
        *([f"guid: {quoted}"] if number % 3 == 1 else []),
    ]
    return "---\n" + "\n".join(rows) + f"\n---\n<p>{escape(str(number))}</p>{payload}\n"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A site whose every field is hostile, built in every format."""
    desk = Desk(tmp_path_factory.mktemp("hostile"))
    quoted = json.dumps('"><img src=x onerror=top.pwned()><script>top.pwned()</script>]]>')
    desk.configure(
        'formats = ["rss", "atom", "json", "opml", "page"]',
        'limit = "all"',
        f"title = {quoted}",
        f"description = {quoted}",
        f"copyright = {quoted}",
        f"author = {{ name = {quoted} }}",
    )
    for number, payload in enumerate(SHORT):
        data = _article(number, payload).encode("utf-8", "replace")
        desk.write(f"{number}.html", data)
    done = desk.run("build")
    assert done.code in (0, 1)
    assert len(desk.titles("rss.xml")) > 60
    return desk


def test_feeds_of_hostile_fields_are_well_formed_and_lead_to_the_web_only(hostile: Desk) -> None:
    documents = {path: data for path, data in hostile.published().items() if path.endswith((".xml", ".opml"))}
    assert {"rss.xml", "atom.xml"} < documents.keys()
    for path, data in documents.items():
        addresses = list(_addresses(etree.fromstring(data)))
        assert addresses, path
        for address in addresses:
            assert urlsplit(address).scheme in ("http", "https") or address == "feed.css", (path, address)


def _addresses(root: Any) -> Iterator[str]:
    for element in root.iter():
        for name, value in element.attrib.items():
            if str(name).rpartition("}")[2] in ("href", "url", "xmlUrl", "htmlUrl", "src"):
                yield value
        if str(element.tag).rpartition("}")[2] in ("uri", "link", "logo", "icon") and element.text:
            yield element.text.strip()


@pytest.mark.parametrize("path", ["rss.xml", "atom.xml"])
def test_contents_in_feeds_are_what_is_allowed(hostile: Desk, path: str) -> None:
    entries = feedparser.parse((hostile.output / path).read_bytes(), sanitize_html=False).entries
    assert len(entries) > 60
    published = [content.value for entry in entries for content in entry.content]
    assert len(published) == len(entries)
    for content in published:
        assert sorted(faults(content)) == []


_SCHEMES = {"src": ("http", "https"), "href": ("", "http", "https", "mailto", "tel", "feed")}


def test_pages_of_hostile_fields_have_the_elements_of_any_page(hostile: Desk) -> None:
    pages = {path: data for path, data in hostile.published().items() if path.endswith(".html")}
    assert len(pages) > 60
    for path, data in pages.items():
        for element in other_parser.document_fromstring(data.decode()).iter():
            assert element.tag not in ("script", "iframe", "object", "embed", "form", "base", "svg"), path
            for name, value in element.attrib.items():
                assert str(name)[:2] != "on", (path, name)
                assert name not in ("style", "srcdoc"), (path, name)
                if name in ("href", "src"):
                    assert urlsplit(value).scheme in _SCHEMES[name], (path, value)
            if element.tag == "meta" and element.get("http-equiv"):
                assert element.get("http-equiv") == "Content-Security-Policy"


@in_browser
def test_feeds_and_pages_of_hostile_fields_run_nothing_when_they_are_opened(hostile: Desk) -> None:
    files = [path for path in hostile.published() if path.endswith((".xml", ".html"))]
    control = "control.xml"
    (hostile.output / control).write_text(
        '<rss><script xmlns="http://www.w3.org/1999/xhtml">top.pwned()</script></rss>', "utf-8"
    )
    chosen = [path for path in files if path.count("/") == 0] + files[:: max(1, len(files) // 60)]
    script = """documents => ({opened: documents.filter(page => page && page.documentElement).length,
      hits: window.hits || 0})"""
    before = "window.pwned = () => { window.hits = (window.hits || 0) + 1; };"
    answer = ask(hostile.output, script, chosen, before=before)
    assert answer == {"opened": len(chosen), "hits": 0}
    assert ask(hostile.output, script, [control], before=before) == {"opened": 1, "hits": 1}


# In bytes

BYTES = {
    "overlong bracket": b"\xc0\xbcscript>pwned()\xc0\xbc/script>",
    "overlong bracket of three": b"\xe0\x80\xbcscript>pwned()",
    "surrogates": b"\xed\xa0\xbd\xed\xb8\x80<script>pwned()</script>",
    "a lead byte that would eat a quote": b'<p title="\xe0">x" onclick=pwned() y="</p>',
    "a lead byte that would eat a bracket": b"<p title=\xf0>x onclick=pwned()</p>",
    "a continuation alone": b"<scr\x80ipt>pwned()</scr\x80ipt>",
    "five bytes": b"\xf8\x88\x80\x80\x80<script>pwned()</script>",
    "beyond Unicode": b"\xf4\x90\x80\x80<script>pwned()</script>",
    "a cut character": b"<script>pwned()</script>\xe4\xb8",
    "UTF-16 inside": "<script>pwned()</script>".encode("utf-16-le"),
    "UTF-7": b"+ADw-script+AD4-pwned()+ADw-/script+AD4-",
    "ISO 2022": b"\x1b$B<script>\x1b(Bpwned()</script>",
    "a byte order mark inside": b"\xef\xbb\xbf<script>pwned()</script>",
    "a null in a tag": b"<scr\x00ipt>pwned()</scr\x00ipt>",
}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "shift_jis", "utf-7", "iso2022_jp"])
def test_bytes_that_are_not_text_harm_nothing(encoding: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("good.html", text("Good"))
    for number, data in enumerate(BYTES.values()):
        folder.write(f"{number}.html", text(f"T{number}", body="BODY").encode().replace(b"BODY", data))
    done = folder.build(f'encoding = "{encoding}"\n')
    assert done.exit_code in (0, 1)
    assert set(codes(done)) <= {"ENC001", "ENC002", "XML001", "HTML007", "HTML013", "HTML014"}
    entries = folder.entries()
    assert "Good" in [entry.title for entry in entries]
    published = [content.value for entry in entries for content in entry.get("content", ())]
    assert len(published) > 1
    for content in published:
        assert sorted(faults(content)) == []
