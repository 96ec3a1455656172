"""The article's element in a page: where it is found, and what around it goes."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allowed import faults
from feedwright.bodies import limits, sanitize
from feedwright.bodies.built_page import finder, pruning
from feedwright.bodies.built_page.finder import UnlikeError
from feedwright.bodies.built_page.likeness import GAP, Likeness
from feedwright.bodies.html_tree import Tree
from feedwright.model import Page
from payloads import families

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://example.org/rain/"
TITLE = "Rain on the hills"
SOURCE = """Rain falls *softly* on the [hills](/hills/) of our town.

And when it stops, everybody walks out into the fields: `umbrella.close()`."""
ARTICLE = """<p>Rain falls <em>softly</em> on the <a href="/hills/">hills</a> of our town.</p>
<p>And when it stops, everybody walks out into the fields: <code>umbrella.close()</code>.</p>"""
HEAD = f"<header><h1>{TITLE}</h1><p>Ann Lee wrote this on Monday</p></header>"
ASIDE = "<aside><h3>More to read</h3><ul><li>Snow in the valley</li><li>Wind from the sea</li></ul></aside>"


def found(body: str, *, source: str = SOURCE, selector: str | None = None, url: str = URL) -> str:
    """The article's HTML in a page with this body."""
    page = Page(file="x.html", url=url, data=f"<body>{body}".encode(errors="surrogatepass"), digest="")
    likeness = Likeness(source)
    return finder.article_in(page, likeness, title=TITLE, source=source, selector=selector)[0].strip()


PLACES = {
    "microdata": '<article>{head}<div itemprop="text articleBody">{article}</div>{aside}</article>',
    "microformats": '<div>{head}<section class="x e-content">{article}</section>{aside}</div>',
    "a theme's class": '<main>{head}<div class="post-content">{article}</div>{aside}</main>',
    "several classes, one in another": (
        '<div class="post-content">{head}<div class="markdown-body">{article}</div>{aside}</div>'
    ),
    "comments that look like it": (
        '<div class="prose">{article}</div><div class="prose">I like the hills of our town.</div>'
    ),
    "an excerpt before it": '<div class="prose">Rain falls softly on</div><div class="prose">{article}</div>',
    "an article without more": "{aside}<article>{article}</article>",
    "one element in another": "<main><div><article>{head}{article}{aside}</article></div></main>",
    "an article between others": "<article>{head}{article}{aside}</article>",
    "no name at all": "<div><div>{aside}</div><div>{head}<div>{article}</div>{aside}</div></div>",
    "a cell": "<table><tr><td>{aside}</td><td>{article}</td></tr></table>",
    "a body without elements": "{article}",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_the_article_is_found(place: str) -> None:
    assert found(place.format(head=HEAD, article=ARTICLE, aside=ASIDE)) == ARTICLE


def test_a_picture_beside_one_paragraph_belongs_to_it() -> None:
    source = "One paragraph alone is the text of this article.\n\n![Hills](hills.png)"
    article = '<p>One paragraph alone is the text of this article.</p><p><img src="/hills.abc.png"></p>'
    assert found(f"<div>{ASIDE}<div>{article}</div></div>", source=source) == article
    leading = '<p><img src="hills.png"></p><p>One paragraph alone is the text of this article.</p>'
    assert found(f"<article>{HEAD}{leading}{ASIDE}</article>", source=source) == leading


def test_what_a_tag_makes_at_an_end_stays_where_a_picture_of_the_theme_goes() -> None:
    gallery = '<ul class="gallery"><li>A view from above</li></ul>'
    body = f'<article><p><img src="cover.png"></p>{ARTICLE}{gallery}</article>'
    assert found(body, source=SOURCE + "\n\n{% gallery %}") == ARTICLE + gallery
    assert found(body) == ARTICLE


def test_a_photo_without_words_is_found_by_its_name_alone() -> None:
    photo = '<img src="hills.png">'
    assert (
        found(f"<main>{HEAD}<div class='post-content'>{photo}</div></main>", source="![](hills.png)") == photo
    )
    with pytest.raises(UnlikeError):
        found(f"<div>{photo}</div>", source="![](hills.png)")


AROUND = {
    "share buttons": '<div class="post-share"><a href="#">Share on Mastodon</a></div>',
    "a table of contents": '<div id="toc"><ul><li><a href="#a">On the hills of our town</a></li></ul></div>',
    "a navigation": '<nav class="x"><a href="/a/">Snow in the valley</a></nav>',
    "related posts": '<section class="related-posts"><h3>Related</h3>Snow in the valley</section>',
    "a licence": '<div class="post-copyright">All rights are reserved by Ann Lee</div>',
    "a donation": '<div class="reward-container">Buy me a cup of coffee</div>',
    "what is read aloud": '<span class="sr-only">On the hills of our town</span>',
    "reading time": '<span class="reading-time">3 min read</span>',
    "a form": "<form><label>Your name please</label><input></form>",
    "the title": f"<h1>{TITLE}</h1>",
    "scripts": "<script>var rain = 1;</script><style>p {}</style>",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_what_is_around_and_between_goes(around: str) -> None:
    first, last = ARTICLE.split("\n")
    body = f'<div class="post-content">{around}{first}{around if "h1" not in around else ""}\n{last}</div>'
    assert found(body) == ARTICLE


KEPT = {
    "a box that is called like a button": '<div class="share">How to share an umbrella with a friend</div>',
    "a heading like the title": f"<h1>{TITLE}</h1>",
    "a heading with a number": '<h2 id="about-copy">4 About Copy</h2>',
    "a list of links": '<nav><a href="/a/">How to share an umbrella with a friend</a></nav>',
}


@pytest.mark.parametrize("part", KEPT.values(), ids=KEPT)
def test_what_the_source_says_stays(part: str) -> None:
    source = f"# {TITLE}\n\nHow to share an umbrella with a friend.\n\n## About Copy\n\n{SOURCE}"
    assert part in found(f'<div class="prose">{part}{ARTICLE}</div>', source=source)


@pytest.mark.parametrize("heading", ["## Snow", "## Snow {#a}", "<h2>Snow</h2>"])
def test_a_heading_at_the_beginning_may_have_a_number(heading: str) -> None:
    article = f"<h2>0.1\n Snow</h2>{ARTICLE}"
    assert found(f"<article>{HEAD}{article}{ASIDE}</article>", source=f"{heading}\n\n{SOURCE}") == article
    assert (
        found(f"<article>{HEAD}<h2>1 Wind</h2>{ARTICLE}</article>", source=f"{heading}\n\n{SOURCE}")
        == ARTICLE
    )


def test_a_note_may_be_called_like_what_surrounds_an_article() -> None:
    note = '<sup id="fr-sponsors-1"><a href="#fn-sponsors">1</a></sup>'
    article = f"<p>Rain falls softly{note} on the hills of our town.</p>{ARTICLE}"
    source = f"Rain falls softly[^sponsors] on the hills of our town.\n\n{SOURCE}"
    assert found(f'<div class="e-content">{article}</div>', source=source) == article


def test_a_person_in_a_sentence_stays() -> None:
    person = '<span class="h-card"><span class="p-name fn">Ann Lee</span></span>'
    article = f"<p>This was said by {person}.</p>{ARTICLE}"
    source = f"This was said by{GAP}.\n\n{SOURCE}"
    assert found(f'<div class="e-content">{article}</div>', source=source) == article


def test_a_page_with_half_of_the_article_is_not_its_page() -> None:
    with pytest.raises(UnlikeError) as caught:
        found("<article><p>Rain falls softly on the hills</p></article>")
    assert not caught.value.asks


@pytest.mark.parametrize("charset", ["utf-8-sig", "gb18030", "shift_jis"])
def test_a_page_is_decoded_as_it_says(charset: str) -> None:
    source = "天気の話をする。雨が降る。"
    html = f'<meta charset="{charset}"><article><p>{source}</p></article>'
    page = Page(file="x", url=URL, data=html.encode(charset), digest="")
    html, _ = finder.article_in(page, Likeness(source), title="", source=source, selector=None)
    assert html == f"<p>{source}</p>"


@pytest.mark.parametrize("charset", ["nonsense", "utf-16", "hex"])
def test_a_wrong_encoding_breaks_nothing(charset: str) -> None:
    data = f'<meta charset="{charset}"><article>\xff Rain falls'.encode("latin-1")
    page = Page(file="x", url=URL, data=data, digest="")
    html, _ = finder.article_in(page, Likeness("Rain falls"), title="", source="", selector=None)
    assert "Rain falls" in html


def _pages(payload: str) -> Iterator[str]:
    inside = f'<div class="post-content">{payload}{ARTICLE}{payload}</div>'
    yield f'<article class="x">{payload}{inside}{payload}</article>'
    yield f"<div>{payload}<div>{ARTICLE}{payload}</div></div>{payload}"


@pytest.mark.parametrize("family", families().items(), ids=lambda family: family[0])
def test_hostile_pages_come_out_harmless(family: tuple[str, list[str]]) -> None:
    used = 0
    for payload in family[1]:
        for body in _pages(payload):
            try:
                html = found(body)
            except (UnlikeError, limits.RefusedError):
                continue
            content = sanitize.clean(html, base=URL, file="a.md", engine="nh3").content
            assert sorted(faults(content)) == [], payload
            used += 1
    assert used >= 1.5 * len(family[1])


UNSEEN = ARTICLE.replace("</p>", "</p><p>Nobody sees this.</p>", 1)


@pytest.mark.parametrize(
    "place",
    [
        "<!-- {} -->",
        "<script>x = `{}`</script>",
        "<SCRIPT>x = `{}`</SCRIPT>",
        "<template>{}</template>",
        "<textarea>{}</textarea>",
        "<noscript>{}</noscript>",
        "<xmp>{}</xmp>",
        "<div hidden>{}</div>",
        '<div style="display:none">{}</div>',
        "<div data-x='{}'></div>",
    ],
)
@pytest.mark.parametrize("marks", ['<div class="post-content">{}</div>', "<main>{}</main>"])
def test_a_copy_that_no_one_sees_is_not_the_article(place: str, marks: str) -> None:
    copy = place.format(marks.format(UNSEEN))
    for shown in (f'<div class="prose">{ARTICLE}</div>', f"<section>{ARTICLE}</section>"):
        if shown.startswith("<div") or not place.startswith(("<div", "<noscript")):
            assert found(shown + copy) == found(copy + shown) == ARTICLE


def test_an_answer_that_quotes_the_whole_article_is_not_the_article() -> None:
    answer = f'<div class="e-content">{ARTICLE}<p>I could not agree more.</p></div>'
    assert found(f'<div class="e-content">{ARTICLE}</div>{answer}') == ARTICLE


CODE = "Some code of mine to read:\n\n```python\nprint(1 < 2)\nprint(3)\n```\n"
HIGHLIGHTED = {
    "spans": '<span class="x"><span class="nb">print</span>(1 &lt; 2)</span>\n<span>print(3)</span>',
    "line numbers": '<span class="ln">1</span>print(1 &lt; 2)\n<span class="ln">2</span><b>print(3)</b>',
    "a copy button": 'print(1 &lt; 2)\nprint(3)<span class="copy-btn">Copy</span>',
    "a hidden part": 'print(1 &lt; 2)\nprint(3)<span style="display:none">never</span>',
}


@pytest.mark.parametrize("code", HIGHLIGHTED.values(), ids=HIGHLIGHTED)
def test_code_is_what_a_person_copies(code: str) -> None:
    shown = f"<p>Some code of mine to read:</p><pre><code>{code}</code></pre>"
    html = found(f'<article><div class="prose">{shown}</div></article>', source=CODE)
    body = sanitize.clean(html, base=URL, file="a.md")
    assert body.text == "Some code of mine to read: print(1 < 2) print(3)"


def test_a_comment_in_code_is_no_comment_of_a_visitor() -> None:
    source = "Some code of mine to read:\n\n```js\nlet a = 1;\n//***\n// https://example.com/a\n```\n"
    code = (
        '<span class="title">let</span> a = 1;\n<span class="comment">//***</span>\n'
        '<span class="comment">// https://example.com/a</span>'
    )
    html = found(
        f"<article><p>Some code of mine to read:</p><pre><code>{code}</code></pre></article>", source=source
    )
    assert all(part in html for part in ("let", "//***", "// https://example.com/a"))


def test_code_at_the_end_that_is_but_an_address_stays() -> None:
    code = "<pre><code>wget https://example.com/a/b-c-d/e</code></pre>"
    source = "Some code of mine to read:\n\n    wget https://example.com/a/b-c-d/e\n"
    paragraph = "<p>Some code of mine to read:</p>"
    assert found(f"<article>{paragraph}{code}{ASIDE}</article>", source=source) == paragraph + code


def test_what_highlights_code_is_gone_before_the_body_is_read() -> None:
    code = HIGHLIGHTED["spans"]
    html = found(
        f'<div class="prose"><p>Some code of mine to read:</p><pre><code>{code}</code></pre></div>',
        source=CODE,
    )
    assert html.endswith("<pre><code>print(1 &lt; 2)\nprint(3)</code></pre>")


def test_a_short_beginning_with_a_note_and_the_note_at_the_end_stay() -> None:
    source = "A claim.[^1]\n\n- [x] done\n- [ ] open for all\n\n[^1]: The note of it.\n"
    tasks, note = "<ul><li>done</li><li>open for all</li></ul>", "<ol><li>The note of it.</li></ol>"
    article = f"<p>A claim.<sup>1</sup></p>{tasks}{note}"
    assert found(f"<article>{HEAD}{article}{ASIDE}</article>", source=source) == article


def test_of_two_titles_the_first_is_the_themes() -> None:
    own = f'<h1 id="own">{TITLE}</h1>'
    page = f"<article>{HEAD}{own}{ARTICLE}</article>"
    assert found(page, source=f"# {TITLE}\n\n{SOURCE}") == own + ARTICLE
    flat = f"<article><h1>{TITLE}</h1><p>By Ann Lee</p>{own}{ARTICLE}</article>"
    assert found(flat, source=f"# {TITLE}\n\n{SOURCE}") == own + ARTICLE


def test_text_that_is_in_no_element_of_its_own_stays() -> None:
    article = (
        "Rain falls softly on the hills of our town.<br><br>And when it stops, we walk out into the fields."
    )
    source = article.replace("<br>", "\n")
    html = found(f"<main>{HEAD}{article}<br>{ASIDE}</main>", source=source)
    assert html == article


def test_links_that_the_source_names_stay_at_the_end() -> None:
    links = '<ul><li>one <a href="https://example.com/one">https://example.com/one</a></li></ul>'
    source = SOURCE + "\n\n- one <https://example.com/one>\n"
    assert found(f"<main>{HEAD}{ARTICLE}{links}{ASIDE}</main>", source=source) == ARTICLE + links


def test_a_byline_of_words_that_the_article_has_too_goes() -> None:
    byline = (
        "<aside><ul><li>By Ann Lee</li><li>Jan 3, 2026</li><li>#rain</li><li>3 minute read</li></ul></aside>"
    )
    source = f"My name is Ann Lee, and I live here.\n\n{SOURCE}"
    article = f"<p>My name is Ann Lee, and I live here.</p>{ARTICLE}"
    assert found(f"<article><h1>{TITLE}</h1>{byline}{article}</article>", source=source) == article


def test_tags_and_addresses_in_the_source_are_gaps() -> None:
    source = f"Before it{GAP}and after it: https://example.com/a/b and{GAP}the end."
    article = "<p>Before it something made and after it: <a>elsewhere</a> and more, the end.</p>"
    assert found(f"<main>{HEAD}<div>{article}</div></main>", source=source) == article


def test_names_of_emoji_are_no_words_of_the_article() -> None:
    lines = [f"| :rain_{number}: | `rain{number}` |" for number in range(40)]
    rows = "".join(f"<tr><td>☔</td><td>rain{number}</td></tr>" for number in range(40))
    article = f"<h2>Kinds of rain</h2><table>{rows}</table>"
    source = "\n".join(["## Kinds of rain", "", *lines])
    assert found(f"<main>{HEAD}{article}{ASIDE}</main>", source=source) == article.replace(
        "<table>", "<table><tbody>"
    ).replace("</table>", "</tbody></table>")
    assert Likeness("It is 12:30:45 now").runs == Likeness("It is 12 30 45 now").runs


LINES = "\n\n".join(
    f"The line with the number {number} is about rain on hill {number}." for number in range(9)
)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in LINES.split("\n\n"))
UNMARKED = "<main>{aside}<article>{head}<div>{article}</div>{aside}</article></main>"


@pytest.mark.parametrize("place", [*PLACES.values(), UNMARKED])
def test_a_long_article_is_found_as_a_short_one(place: str) -> None:
    assert found(place.format(head=HEAD, article=PARAGRAPHS, aside=ASIDE), source=LINES) == PARAGRAPHS


@pytest.mark.parametrize("gone", range(9))
def test_what_lacks_a_line_is_not_known_at_a_look(gone: int) -> None:
    lines = LINES.split("\n\n")
    node = Tree(f"<div>{' '.join(lines[:gone] + lines[gone + 1 :])}</div>").body
    assert Likeness(LINES).span_in(node) is None
    assert Likeness(LINES).span_in(Tree(f"<div>x{PARAGRAPHS}</div>").body) is not None
    assert Likeness(LINES).span_in(Tree(" ".join(reversed(lines))).body) is None


@pytest.mark.parametrize(
    ("gone", "is_known"), [((0,), False), ((40,), True), ((21, 61, 71, 75), False), ((79,), False)]
)
def test_of_many_lines_a_few_in_between_may_lack(gone: tuple[int, ...], is_known: bool) -> None:
    lines = [f"The line with the number {number} is about rain." for number in range(80)]
    text = " ".join("" if number in gone else line for number, line in enumerate(lines))
    span = Likeness("\n".join(lines)).span_in(Tree(f"<i>Title</i>{text}").body)
    assert span == (
        None if not is_known else (len("Title"), len("Title" + "".join(filter(str.isalnum, text))))
    )


@pytest.mark.parametrize(
    "theme",
    [
        "<script>var a = '<div class=\"post-content\">';</script>{}",
        '<!-- <div class="post-content"> <body> -->{}',
        "<style>.post-content {{ color: red }}</style>{}",
        '<a data-x="post-content">x</a>{}',
        '<div title="<div class=post-content>">{}</div>',
        "<div><p></div>{}</p>",
        "<!-- </div> -->{}",
    ],
)
def test_what_only_looks_like_the_article_misleads_nobody(theme: str) -> None:
    article = f'<div class="post-content">{ARTICLE}<!-- </div> --><script>"</div>"</script></div>'
    assert found(theme.format(article)).startswith(ARTICLE)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<!--", "-->", "<br>", "a", "<script>"]
        )
    )
)
def test_an_element_that_is_cut_out_is_the_one_that_a_parser_finds(marks: list[str]) -> None:
    html = f'x<div class="prose">{"".join(marks)}</div>y'
    element = limits.checked_element(html, 1)
    if element is not None:
        whole, part = Tree(html).body.css_first(".prose"), Tree(element).body.css_first(".prose")
        assert whole is not None
        assert part is not None
        assert whole.html == part.html


PRUNED = {
    '<pre><span class="k">a</span></pre>': "<pre>a</pre>",
    '<pre><span style="color:#f00;font-weight:bold">a</span></pre>': "<pre>a</pre>",
    '<pre><span style="display:none">a</span></pre>': '<pre><span style="display:none">a</span></pre>',
    '<pre><span class=k data-line><span class="x y">a</span></span></pre>': "<pre>a</pre>",
    "<pre><span HIDDEN>a</span></pre>": "<pre><span HIDDEN>a</span></pre>",
    '<pre><span class="x"hidden>a</span></pre>': '<pre><span class="x"hidden>a</span></pre>',
    "<pre><span style=display:none>a</span></pre>": "<pre><span style=display:none>a</span></pre>",
    '<pre><span class="x">a</span><SPAN hidden>b</SPAN></pre>': (
        '<pre><span class="x">a</span><SPAN hidden>b</SPAN></pre>'
    ),
    '<pre><span class="sr-only">a</span></pre>': '<pre><span class="sr-only">a</span></pre>',
    "<!-- <button> -->a</button>": "<!-- <button> -->a</button>",
    '<pre><span title="<a>">a</span></pre>': '<pre><span title="<a>">a</span></pre>',
    '<pre>a<br>b<br/>c<span class="ln">1</span></pre>': '<pre>a\nb\nc<span class="ln">1</span></pre>',
    '<table><tr><td class="gutter"><pre>1<br>2</pre></td><td><pre>a<br>b</pre></td></tr></table>x': (
        "<pre>a\nb</pre>x"
    ),
    '<table><tr><td class="gutter"><pre>1</pre></td><td><pre>a</pre></td></tr><tr></table>': (
        '<table><tr><td class="gutter"><pre>1</pre></td><td><pre>a</pre></td></tr><tr></table>'
    ),
    "<table><tr><td><pre>1</pre></td><td><pre>2</pre></td></tr></table>": (
        "<table><tr><td><pre>1</pre></td><td><pre>2</pre></td></tr></table>"
    ),
    '<button class="x"><svg><path d="M1"/></svg> Copy</button>a': "a",
    "<button><script>'<button>'</script>a</button>b": "<button><script>'<button>'</script>a</button>b",
    '<button role="tab" tabindex=0>npm</button><button class=tab-link>b</button>': (
        '<button role="tab" tabindex=0>npm</button><button class=tab-link>b</button>'
    ),
    '<button class="stable" tabindex="0">a</button>b': "b",
    '<svg viewBox="0 0 9 9"><g><path d="M1"/><text>a</text></g></svg>b': '<svg viewBox="0 0 9 9"></svg>b',
    "<svg><!-- by Ann --><path/></svg>": "<svg></svg>",
    "<svg><title>Rain</title><path/></svg>": "<svg><title>Rain</title><path/></svg>",
    "<svg><a href=b>a</a></svg>": "<svg><a href=b>a</a></svg>",
    "<!-- <svg> -->a</svg>": "<!-- <svg> -->a</svg>",
    '<a title="<svg ">a</svg></a>': '<a title="<svg ">a</svg></a>',
    '<pre class="gutter"><table><tr><td class="gutter"><pre>1</pre></td><td><pre>a': (
        '<pre class="gutter"><table><tr><td class="gutter"><pre>1</pre></td><td><pre>a'
    ),
}


@pytest.mark.parametrize("html", PRUNED)
def test_what_is_never_published_goes_before_anything_is_parsed(html: str) -> None:
    assert pruning.prune(html) == PRUNED[html]


@pytest.mark.parametrize(
    "unit",
    [
        "<pre>",
        "<pre></pre>",
        "<button>",
        '<table><tr><td class="gutter"><pre>1</pre></td><td><pre>',
        '<div class="prose">',
        '<div class="prose"></div>',
        "<p class=prose",
        "<main>",
        "prose ",
        "<a " + "-body " * 160,
        "<svg>",
        "<svg a" + " a" * 50,
        "<svg><path/>",
    ],
)
def test_a_page_costs_no_more_than_its_length(unit: str) -> None:
    def seconds(size: int) -> float:
        begun = time.process_time()
        with suppress(UnlikeError, limits.RefusedError):
            found(unit * (size // len(unit)))
        return time.process_time() - begun

    longer = min(seconds(400_000) for _ in range(3))  # a busy machine may take long once
    assert longer < 12 * max(seconds(100_000), 0.01)
