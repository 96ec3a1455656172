"""Steps on the parsed tree: pictures, videos, code, unknown elements; and what is read from a clean one."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import SelectolaxError

from feedwright.bodies import frames, html_tree, media, sanitize
from feedwright.bodies.html_tree import Tree
from feedwright.model import Picture

BASE = "https://example.org/a/"
GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def repair(html: str) -> tuple[str, Tree]:
    return sanitize.repair(html, BASE)


IMAGE = f'<img src="{BASE}b.png">'
LAZY = {
    "<img data-src=b.png>": IMAGE,
    "<img src='' data-src=b.png>": IMAGE,
    f"<img src='{GIF}' data-original=b.png>": IMAGE,
    "<img src=/img/loading.gif data-lazy-src=b.png>": IMAGE,
    "<img src=about:blank data-actualsrc=b.png>": IMAGE,
    "<img data-src=javascript:1 data-original=b.png>": IMAGE,
    "<img data-srcset='b.png 1x, c.png 2x'>": (
        f'<img srcset="{BASE}b.png 1x, {BASE}c.png 2x" src="{BASE}b.png">'
    ),
    f"<img src='{GIF}'><noscript><img src=b.png></noscript>": IMAGE,
    f"<noscript><img src=b.png></noscript><img src='{GIF}'>": IMAGE,
    f"<p><span><img src='{GIF}'></span> <noscript><img src=b.png></noscript></p>": f"<p>{IMAGE} </p>",
    "<noscript><img src=b.png></noscript>": IMAGE,
    "<picture><source data-srcset='b.webp'><img data-src=b.png></picture>": (
        f'<picture><source srcset="{BASE}b.webp">{IMAGE}</picture>'
    ),
    "<video data-src=b.mp4></video>": f'<video src="{BASE}b.mp4" controls=""></video>',
}


@pytest.mark.parametrize(("html", "expected"), LAZY.items())
def test_a_lazy_picture_gets_its_source(html: str, expected: str) -> None:
    repaired, tree = repair(html)
    assert repaired == expected
    assert tree.promoted


LEFT = {
    "<img src=b.png data-src=c.png>": IMAGE,
    "<img data-src=b.png><noscript><img src=c.png></noscript>": IMAGE,
    "<img src=b.png><noscript><img src=c.png></noscript>": IMAGE,
    "<noscript><img src=b.png width=1 height=1></noscript>": "",
    "<noscript>enable scripts</noscript>": "",
    "<noscript><img></noscript>": "",
    f"<img src='{GIF}'>": "",
    f"<img src='{GIF}' alt=smile>": "smile",
    "<img src=/img/loading.gif>": '<img src="https://example.org/img/loading.gif">',
    "<img srcset='b.png 2x'>": f'<img srcset="{BASE}b.png 2x" src="{BASE}b.png">',
    "<picture><source srcset=javascript:1><img src=b.png></picture>": f"<picture>{IMAGE}</picture>",
    "<picture><source srcset=b.webp></picture>": "",
    "<source src=b.png>": "",
    "<video>no <b>player</b></video>": "no <b>player</b>",
    "<video src=data:x>text</video>": "text",
    "<audio><source src=b.ogg></audio>": f'<audio controls=""><source src="{BASE}b.ogg"></audio>',
}


@pytest.mark.parametrize(("html", "expected"), LEFT.items())
def test_pictures_and_players_that_need_no_promotion(html: str, expected: str) -> None:
    assert repair(html)[0] == expected


PLAYERS = {
    "https://www.youtube.com/embed/a-B_1?start=3": "https://www.youtube.com/watch?v=a-B_1",
    "https://www.youtube-nocookie.com/embed/ab": "https://www.youtube.com/watch?v=ab",
    "https://www.youtube.com/embed/videoseries?list=PL1": "https://www.youtube.com/playlist?list=PL1",
    "https://player.vimeo.com/video/12?h=x": "https://vimeo.com/12",
    "https://player.bilibili.com/player.html?aid=7&bvid=BV1x": "https://www.bilibili.com/video/BV1x",
    "https://player.bilibili.com/player.html?aid=7": "https://www.bilibili.com/video/av7",
    "https://player.youku.com/embed/XNDA==": "https://v.youku.com/v_show/id_XNDA==.html",
    "https://v.qq.com/txp/iframe/player.html?vid=k01": "https://v.qq.com/x/page/k01.html",
    "https://www.dailymotion.com/embed/video/x8": "https://www.dailymotion.com/video/x8",
    "https://geo.dailymotion.com/player.html?video=x8": "https://www.dailymotion.com/video/x8",
    "https://www.youtube.com/embed/": None,
    "https://www.youtube.com/embed/a%22b": None,
    "https://www.youtube.com/watch?v=a": None,
    "https://player.bilibili.com/player.html": None,
    "https://youtube.com.example.net/embed/a": None,
    "https://maps.example.com/embed": None,
}


@pytest.mark.parametrize(("player", "page"), PLAYERS.items())
def test_the_watch_page_of_a_player(player: str, page: str | None) -> None:
    assert frames.watch_page(player) == page


LINK = '<a href="https://vimeo.com/1" rel="noopener noreferrer">'
FRAMES = {
    "<iframe src=//player.vimeo.com/video/1></iframe>": f"<p>{LINK}https://vimeo.com/1</a></p>",
    "<p>a <iframe src=//player.vimeo.com/video/1></iframe></p>": f"<p>a {LINK}https://vimeo.com/1</a></p>",
    "<div><iframe title=' A  film ' src=//player.vimeo.com/video/1></iframe></div>": (
        f"<div><p>{LINK}A film</a></p></div>"
    ),
    "<iframe data-src=//player.vimeo.com/video/1></iframe>": f"<p>{LINK}https://vimeo.com/1</a></p>",
    "<iframe src=//maps.example.com/></iframe>": (
        '<p><a href="https://maps.example.com/" rel="noopener noreferrer">maps.example.com</a></p>'
    ),
    "<iframe src=//example.com/ width=1 height=1></iframe>": "",
    "<iframe src=javascript:a()></iframe>": "",
    "<iframe></iframe>": "",
}


@pytest.mark.parametrize(("html", "expected"), FRAMES.items())
def test_a_frame_becomes_a_link(html: str, expected: str) -> None:
    assert repair(html)[0] == expected


def test_a_video_frame_in_a_link_becomes_text() -> None:
    html, _ = repair("<a href=x><iframe src=//player.vimeo.com/video/1></iframe></a>")
    assert html == f'<a href="{BASE}x" rel="noopener noreferrer">https://vimeo.com/1</a>'


STRUCTURE = {
    "<pre>\n\n\na\n</pre>": "<pre>a\n</pre>",
    "<pre><code>\na</code></pre>": "<pre><code>\na</code></pre>",
    "<pre><code class='hljs language-js copyable'>a<span class=copy-code-btn>Copy</span></code></pre>": (
        '<pre><code class="language-js">a</code></pre>'
    ),
    "<pre>a<button>Copy</button></pre>": "<pre>a</pre>",
    "<span class=x>a</span><span lang=en>b</span>": 'a<span lang="en">b</span>',
    "<center>a</center><center>b</center>": "\na\n\nb\n",
    "<font color=red>a</font><unknown-thing>b</unknown-thing>": "ab",
    "<form>a <label>b</label><input><select><option>c</select></form>": "\na b\n",
    "a<!-- b --><?c?><![CDATA[d]]></ e>f": "af",
    "<p>a<table><tr><td>b": "<p>a</p><table><tbody><tr><td>b</td></tr></tbody></table>",
    "<html lang=en><head><title>a</title></head><body class=b><p>c</body></html>": "<p>c</p>",
    "<a href=# id=b name=c class=d target=_blank rel=me title=e>f</a>": (
        f'<a href="{BASE}#" title="e" rel="noopener noreferrer">f</a>'
    ),
    "<blockquote cite=/b><q cite=c>d</q></blockquote>": (
        f'<blockquote cite="https://example.org/b"><q cite="{BASE}c">d</q></blockquote>'
    ),
    "<img src=b longdesc=c width=10px height=7>": f'<img src="{BASE}b" longdesc="{BASE}c" height="7">',
    "<ruby>a<rt>b</rt></ruby><details open><summary>c</summary></details>": (
        '<ruby>a<rt>b</rt></ruby><details open=""><summary>c</summary></details>'
    ),
}


@pytest.mark.parametrize(("html", "expected"), STRUCTURE.items())
def test_structure(html: str, expected: str) -> None:
    assert repair(html)[0] == expected
    assert repair(expected)[0] == expected


def test_references_to_forbidden_characters_are_removed_and_counted() -> None:
    html, tree = repair("a&#11;b&#0;c&#xD800;d&#xFFFE;e <i title='f&#1;g'>h</i> <a href='i&#2;j'>k</a>")
    assert html == f'abcde <i title="fg">h</i> <a href="{BASE}ij" rel="noopener noreferrer">k</a>'
    assert tree.references == 6


def test_a_replacement_character_of_the_source_stays() -> None:
    assert repair("a\ufffdb&#11;")[0] == "a\ufffdb"


def test_urls_that_are_not_published_are_named() -> None:
    _, tree = repair("<a href=javascript:1>a</a><img src='https://b c/'><p href=ftp:x>d</p>")
    assert tree.refused == ["javascript:1", "https://b c/"]


def test_what_is_read_from_a_clean_tree() -> None:
    html = (
        '<h1>a</h1>b<p>c<b>d</b>e<br>f</p>\n\n<ul><li>g</li><li>h</li></ul><video src="https://i.example/">no</video>'
        '<img src="https://j.example/" width="3" height="4"><img src="https://k.example/" width="1">'
    )
    tree = Tree(html)
    assert tree.html == html
    assert sanitize.look(tree) == ""
    picture = Picture(src="https://j.example/", width=3, height=4)
    assert media.pictures(tree, {"https://k.example/"}) == (picture,)
    assert tree.texts()[0] == "a b cde f g h"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<b>b</b><i><u>c</u></i>d", "abcd"),
        ("a<img>b<wbr>c<br>d<hr>e", "abc d e"),
        ("a<b>b<p>c</p>d</b>e", "ab c de"),
        ("<div>a<p>b</p><em></em>c</div>d", "a b c d"),
        ("a<video><b>b</b><p>c</p><video>d</video></video>e<audio>f</audio>", "ae"),
        ("<table><tbody><tr><td>a</td><td>b<span>c</span></td></tr></tbody></table>", "a bc"),
    ],
)
def test_words_are_parted_where_blocks_are(html: str, text: str) -> None:
    assert Tree(html).texts()[0] == text


@given(st.text(st.sampled_from(" \t\n\n\n中。あＡa한я\u3000\ua000\uff61"), max_size=12))
@example("\u3001\n\u30ff\n \u3400\n\u4dbf\n\t\u4e00\n\u9fff\n\uff00\n\uff60")
def test_no_break_is_left_between_chinese_characters(prose: str) -> None:
    han = r"[\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff60]"
    assert html_tree.join_han(prose) == re.sub(rf"\n(?<={han}\n)[ \t]*(?={han})", "", prose)


@pytest.mark.parametrize(
    ("html", "strange"),
    [
        ("<p>a<object>b</object>", "<object>"),
        ("<p onclick=a>b", "<p onclick>"),
        ("<a href=javascript:1>b</a>", "<a href>"),
        ("<a href=/relative>b</a>", "<a href>"),
        ("<svg></svg>", "<svg>"),
    ],
)
def test_what_is_not_permitted_is_named(html: str, strange: str) -> None:
    assert sanitize.look(Tree(html)) == strange


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p><p>b</p><!-- more --><p>c</p>", "a b"),
        ("a<!--more-->b", "a"),
        ("a<!-- MORE -->b<!-- more -->c", "a"),
        ("a<!--excerpt-->b", "a"),
        ("a<!-- PELICAN_END_SUMMARY -->b", "a"),
        ("<div><p>a <b>b<!-- more -->c</b> d</p><p>e</p></div>f", "a b"),
        ("<style>x</style><!-- y -->a<!-- more -->b", "a"),
        ("a<!-- x -->b<!--\n\tmore -->c", "ab"),
        ("a<!-- x --><!more>b", "a"),
        ("a<!-- x --></ More >b", "a"),
        ("<p>a</p><script><!-- more --></script><p>b", None),
        ("<p title='<!-- more -->'>a", None),
        ("a<!-- moreover -->b", None),
        ("<!-- more -->a", None),
        ('<div class="copy-btn">Copy</div><p>a</p><!-- more --><p>b</p>', "a"),
        ("a", None),
    ],
)
def test_text_before_a_mark(html: str, expected: str | None) -> None:
    assert sanitize.clean(html, base="https://example.org/", file="a").excerpt == expected


def test_what_no_memory_is_left_for_is_no_fault_of_feedwright(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(html: str) -> None:
        raise SelectolaxError("Can't parse HTML.")

    monkeypatch.setattr(html_tree, "LexborHTMLParser", fail)
    with pytest.raises(MemoryError):
        Tree("<p>")
