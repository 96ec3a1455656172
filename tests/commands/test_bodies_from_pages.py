"""Bodies taken from the pages that the site's generator made."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from desk import Desk
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "It rains on the hills, and {% raincoat %} keeps nobody dry for long today."
RAIN = f"{FIRST}\n\nA second paragraph of it.\n"
PAGE = """<!doctype html><html><head><title>{title}</title></head><body>
<nav><a href="/">Home</a> <a href="/about/">About us all and more</a></nav>
<article><h1>{title}</h1><p class="post-meta">By Ann · 3 min read</p><div class="post-content">{body}</div>
<div class="share">Share this on some network of yours</div></article>
<footer>All rights reserved</footer></body>"""
SHOWN = """<h2>Hills<a class="headerlink" href="#hills">#</a></h2>
<p>It rains on the hills, and <b>a coat</b> keeps nobody dry for long today.</p>
<p>A second paragraph of it.</p><p><img src="rain.png" alt="Rain"></p>"""
USUAL = ('site_output = "public"', 'bodies = "pages"', 'dialect = "hexo"', 'permalink = "{slug}/"')


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure(*USUAL)
    desk.write("rain.md", text("Rain", "2026-01-02", RAIN))
    page(desk, "rain", SHOWN)
    (desk.root / "public" / "rain" / "rain.png").write_bytes(b"GIF89a\x08\0\x08\0\0\0\0;")
    return desk


def page(desk: Desk, slug: str, body: str, *, title: str = "Rain") -> Path:
    return raw_page(desk, f"{slug}/index.html", PAGE.format(title=title, body=body))


def raw_page(desk: Desk, path: str, html: str) -> Path:
    file = desk.root / "public" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, "utf-8")
    return file


def content(desk: Desk, title: str = "Rain") -> str:
    return str(next(entry.content[0].value for entry in desk.entries() if entry.title == title))


def test_the_content_is_the_article_as_it_stands_in_the_page(desk: Desk) -> None:
    done = desk.run("build", "-v")
    assert (done.code, done.codes) == (0, [])
    assert "body of rain.md: from the page rain/index.html" in done.err
    desk.write("sun.md", text("Sun", "2026-01-03", "It shines on the hills, and they dry."))
    page(desk, "sun", "<p>Quite another text that somebody wrote about ships and the sea.</p>", title="Sun")
    rows = desk.run("list", "--report", "json").json["articles"]
    assert {row["file"]: row["body"] for row in rows} == {"rain.md": "rain/index.html", "sun.md": "source"}
    assert "rain/index.html" in desk.run("list").out
    (desk.content / "sun.md").unlink()
    assert content(desk).split("\n") == [
        "<h2>Hills</h2>",
        "<p>It rains on the hills, and <b>a coat</b> keeps nobody dry for long today.</p>",
        '<p>A second paragraph of it.</p><p><img alt="Rain" src="https://example.org/rain/rain.png" /></p>',
    ]
    assert desk.entries()[0].summary.startswith("It rains on the hills, and a coat keeps")
    bodies = desk.run("build", "--report", "json").json["articles"]["bodies"]
    assert bodies == [{"file": "rain.md", "page": "rain/index.html"}]


def test_neither_ids_nor_dates_depend_on_where_the_body_is_from(desk: Desk) -> None:
    desk.configure(*(line for line in USUAL if not line.startswith("bodies")))
    desk.run("build")
    before = desk.entries()[0]
    desk.configure(*USUAL)
    assert desk.run("build").codes == []
    after = desk.entries()[0]
    assert before.content != after.content
    assert [(entry.id, entry.updated, entry.published) for entry in (before, after)] == [
        (before.id, "2026-01-02T00:00:00+00:00", "2026-01-02T00:00:00+00:00")
    ] * 2


def test_a_page_that_changes_makes_its_entry_anew_and_no_other(desk: Desk) -> None:
    file = page(desk, "rain", SHOWN)
    desk.run("build")
    assert "0 documents written" in desk.run("build").err
    os.utime(file, ns=(1, 1))
    assert "0 documents written" in desk.run("build").err
    assert "0 documents written" in desk.run("build").err
    file.write_text(PAGE.format(title="Rain", body=SHOWN.replace("hills", "heels")), "utf-8")
    assert "2 documents written" in desk.run("build").err
    assert "It rains on the heels" in content(desk)
    file.unlink()
    assert desk.run("build").codes == ["PUB015"]


def test_a_page_that_does_not_resemble_the_article_is_not_used_and_that_is_told(desk: Desk) -> None:
    page(desk, "rain", "<p>Something else that nobody has written in this article.</p>")
    done = desk.run("build", "--report", "full", "-v")
    assert (done.code, done.codes) == (0, ["PAGE002", "TPL002"])
    assert "nothing in the page reads like the article; the body is made of the article's file" in done.err
    assert "body of rain.md: from the file" in done.err
    assert "A second paragraph of it." in content(desk)


def test_pages_that_are_not_used_are_told_once_where_they_are_many(desk: Desk) -> None:
    for number in range(6):
        desk.write(
            f"{number}.md", text(f"Number {number}", "2026-01-03", "Nobody will ever find these words.")
        )
        page(desk, str(number), "<p>Other words that stand here.</p>", title=f"Number {number}")
    done = desk.run("build")
    assert done.codes == ["PAGE002"]
    assert "and in 5 more articles" in done.err


def test_an_article_elsewhere_has_no_page(desk: Desk) -> None:
    desk.write("far.md", text("Far", "2026-01-03", "Far away.", permalink="https://example.com/far/"))
    done = desk.run("build")
    assert done.codes == ["PAGE001"]
    assert content(desk, "Far") == "<p>Far away.</p>"


def test_a_page_outside_the_folder_is_not_read(desk: Desk) -> None:
    file = page(desk, "rain", SHOWN)
    file.rename(desk.root / "elsewhere.html")
    file.symlink_to(desk.root / "elsewhere.html")
    assert desk.run("build").codes == ["PAGE001", "TPL002"]
    assert "<h2>" not in content(desk)


def test_a_page_that_is_too_large_or_nested_too_deep_is_not_used(desk: Desk) -> None:
    desk.write("deep.md", text("Deep", "2026-01-03", "Deep down."))
    raw_page(desk, "rain/index.html", PAGE.format(title="Rain", body=SHOWN) + " " * 4 * 2**20)
    page(desk, "deep", "<div>" * 600 + "<p>Deep down.</p>", title="Deep")
    assert desk.run("build").codes == ["PAGE003", "PAGE001", "TPL002"]
    assert content(desk, "Deep") == "<p>Deep down.</p>"


@pytest.mark.parametrize(
    "body", ["{% password x %}For some only.{% endpassword %} For everybody who is here."]
)
def test_what_is_locked_in_the_source_does_not_come_in_from_the_page(desk: Desk, body: str) -> None:
    desk.write("rain.md", text("Rain", "2026-01-02", body))
    page(desk, "rain", "<p>For some only. For everybody who is here.</p>")
    done = desk.run("build")
    assert done.codes == ["PAGE005", "TPL001"]
    assert content(desk) == "<p>For everybody who is here.</p>"


def test_an_article_for_which_its_page_wants_a_password_is_held(desk: Desk) -> None:
    page(desk, "rain", '<div id="hexo-blog-encrypt"><input type="password"></div>')
    done = desk.run("build", "--report", "full")
    assert (done.code, done.codes) == (1, ["PAGE004"])
    assert not desk.output.exists() or desk.entries() == []


def test_what_no_browser_shows_stays_out(desk: Desk) -> None:
    hidden = '<p hidden>Secret.</p><p style="display: none">Secret.</p><!-- Secret. -->'
    page(desk, "rain", SHOWN + hidden)
    desk.run("build")
    assert "Secret" not in content(desk)


def test_the_owner_may_name_the_element(desk: Desk) -> None:
    page(desk, "rain", '<div class="odd"><p>Nothing that the source says.</p></div>')
    desk.configure(*USUAL, 'page_selector = "article .odd"')
    assert desk.run("build").codes == []
    assert content(desk) == "<p>Nothing that the source says.</p>"
    desk.configure(*USUAL, 'page_selector = "article .even"')
    done = desk.run("build")
    assert done.codes == ["PAGE002", "TPL002"]
    assert "no element matches `article .even` in the page" in done.err
    page(desk, "rain", '<div class="even"></div>')
    assert "is empty" in desk.run("build").err
    page(desk, "rain", '<div class="even">a</div><div class="even">b</div>')
    assert "2 elements match" in desk.run("build").err


@pytest.mark.parametrize("selector", ["p:has(a)", "a b:hover", ".1", "", "a ~ b", "a,,b", "[x='"])
def test_a_selector_is_a_plain_one(desk: Desk, selector: str) -> None:
    desk.configure(*USUAL, f"page_selector = '''{selector}'''")
    done = desk.run("build")
    assert (done.code, done.codes) == (2, ["CFG034" if selector else "CFG008"])


def test_settings_that_do_not_fit_are_told(desk: Desk) -> None:
    desk.configure('bodies = "pages"')
    assert desk.run("build").codes == ["CFG033"]
    desk.configure('page_selector = "main"')
    assert desk.run("build").codes == ["CFG035", "TPL007"]


def test_addresses_are_relative_to_the_page_not_to_the_link(desk: Desk) -> None:
    desk.configure(*USUAL[:-1], 'permalink = "{slug}"')
    desk.run("build")
    assert "https://example.org/rain/rain.png" in content(desk)
    html = PAGE.format(title="Rain", body=SHOWN).replace("<head>", '<head><base href="/files/">')
    raw_page(desk, "rain/index.html", html)
    desk.run("build")
    assert "https://example.org/files/rain.png" in content(desk)


@pytest.mark.parametrize("mark", ['<span id="more"></span>', '<a id="more"></a>', "", "<!-- more -->"])
def test_the_summary_ends_at_the_mark(desk: Desk, mark: str) -> None:
    desk.write("rain.md", text("Rain", "2026-01-02", RAIN.replace("\n\n", "\n\n<!-- more -->\n\n")))
    page(desk, "rain", SHOWN.replace("</p>\n", f"</p>\n{mark}", 1).replace("<b>a coat</b>", "{% raincoat %}"))
    desk.run("build")
    assert (
        desk.entries()[0].summary
        == "It rains on the hills, and {% raincoat %} keeps nobody dry for long today."
    )


def test_a_long_page_of_a_short_file_is_read_in_a_process_of_its_own(desk: Desk) -> None:
    rows = "".join(f"<tr><td>{number}</td><td>&lt;&amp;&gt;</td></tr>" for number in range(4_000))
    page(desk, "rain", f"{SHOWN}<table>{rows}</table>")
    done = desk.run("build")
    assert (done.code, done.codes) == (0, [])
    assert content(desk).count("<tr>") == 4_000
