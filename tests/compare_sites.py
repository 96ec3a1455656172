"""Compare feeds with the sites that real generators make: `python tests/compare_sites.py [GENERATOR …]`.

Small sites of our own writing are built by every generator that is on this machine, and by feedwright, once
from the article files and once from the pages. `--site`, `--built` and `--element` compare a site that is
there; each further `--element` names what belongs to the article and stands beside it, such as a gallery.
Generators are looked for on the path; `HUGO` and `ZOLA` name their programs, `NODE_MODULES` the folder
with those of Node, `PELICAN` the folder that it was installed into.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

URL = "https://example.org/"
_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟″«»", '"'))
_TEX = re.compile(r"\\[()]|(?<!\\)\\[\[\]]|\$\$")
_TAG = re.compile(r"\{%|\{\{|\{#")
_BESIDE = (
    ".gutter, .lnt, .ln, .linenos, .headerlink, .header-anchor, .anchor, a.footnote-backref,"
    " a.reversefootnote, a.footnote-return, #markdown-toc, script, style"
)
"""What stands in an article's element and is not the article's."""

_SIGNS = re.compile("[↩\ufe0e☐☑]")
"""What marks a note and a task; in the page a task has a box of a form."""

# The articles: title, and the body.
PLAIN = {
    "Hills in the rain": """Rain falls on the *hills*, and nobody minds.

A [link](https://example.com/), **bold**.
""",
    "Code and tables": """Some code:

```python
def rain(hills):
    return [hill < 3 for hill in hills]
```

| Day | Rain |
| --- | --- |
| Monday | 3 mm |
| Tuesday | none |

That is all there is to say.
""",
    "Lists of things": """Things to take:

- a coat
- an umbrella

1. go out
2. come back

> Said the hare.
""",
    "Headings and a rule": """Before.

## The first part

One.

### Within it

Two.

---

The end of it.
""",
    "A short one": "It rains.\n",
    "雨の日": "今日は雨が降っています。\n\n傘を持って出かけましょう。とても**楽しい**一日です。\n",
    "Quotes and dashes": 'She said "it\'s raining" -- and it was... Was it? 3 < 4 & 5 > 2.\n',
    "A picture": """Look at this hill of ours.

![The hill](/hill.png)

There are more of them.
""",
    "HTML inside": """Water is H<sub>2</sub>O.

<div class="note">A note of <b>mine</b>.</div>

And then on.
""",
}
HUGO = {
    "Shortcodes": """Before it.

{{< figure src="/hill.png" alt="A hill" caption="A hill of ours" >}}

{{< highlight go >}}
func main() { fmt.Println(1 < 2) }
{{< /highlight >}}

See [this]({{< ref "a0.md" >}}) and {{< param title >}}.

{{< box >}}In a **box**.{{< /box >}}
""",
    "Notes": """A claim.[^1]

- [x] done
- [ ] open

Term
: Meaning

[^1]: The note of it.
""",
    "Attributes": """## Part {#own}

Text with a ~~mistake~~ and https://example.com/bare in it.
""",
}
HEXO = {
    "Tags": """Before it.

{% codeblock lang:js %}
let a = 1 < 2;
{% endcodeblock %}

{% blockquote Ann Lee %}
Rain is only water.
{% endblockquote %}

{% raw %}{{ raw }}{% endraw %}
""",
    "Line breaks": """One line
and another
and a third.

https://example.com/bare is bare.
""",
    "More": """The beginning of it all.

<!-- more -->

The rest of it all.
""",
}
JEKYLL = {
    "Liquid": """Before {{ site.title }}.

{% highlight ruby %}
puts 1 < 2
{% endhighlight %}

{% include box.html text='In a box' %}

{% for i in (1..3) %}{{ i }} {% endfor %}
""",
    "Kramdown": """* toc
{:toc}

## Part
{: .big}

Text of it.[^1]

Term
: Meaning

*[HTML]: Hyper Text

HTML here.

[^1]: The note of it.
""",
}
PELICAN = {
    "Links": "See [the hills]({filename}a0.md) and ![a hill]({static}/hill.png) too.\n",
    "Admonition": """Before.

!!! note
    Take a coat with you.

After it.
""",
}
ELEVENTY = {
    "Nunjucks": """Before {{ page.fileSlug }}.

{% set a = 3 %}The number is {{ a }}.

{% raw %}{{ raw }}{% endraw %}
"""
}
ZOLA = {
    "Links": """See [the hills](@/posts/a0.md#top).

A claim.[^1]

[^1]: The evidence.
""",
    "Shortcodes": """Before it.

{% quote() %}
In a **box**.
{% end %}

{{/* quote() */}} is how.
""",
}
LAYOUT = """<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>
<link rel="canonical" href="{link}"></head><body>
<header><nav><a href="/">Home of it all</a></nav></header><main>
<article><h1>{title}</h1><p class="post-meta">Written by Ann Lee · 3 min read</p>
<{element} class="{class_}" data-article>{content}</{element}>
<div class="share">Share it on a network of yours</div></article>
<aside><h2>Related</h2><p>The rain of another day</p></aside></main>
<footer>All rights reserved by Ann Lee</footer></body></html>
"""


@dataclass(frozen=True, kw_only=True)
class Generator:
    """A generator: what runs it, its site without the articles, and where these and its pages lie."""

    command: tuple[str, ...]
    files: Mapping[str, str]
    articles: str
    built: str
    own: Mapping[str, str] = field(default_factory=dict)
    head: str = "---\ntitle: {title}\ndate: 2026-01-{day:02} 12:00:00\n---\n"
    dated: bool = False
    node: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


def _layout(
    title: str, link: str, content: str, *, element: str = "div", class_: str = "post-content"
) -> str:
    return LAYOUT.format(title=title, link=link, content=content, element=element, class_=class_)


NODE = os.environ.get("NODE_MODULES", "node_modules")
GENERATORS = {
    "hugo": Generator(
        command=(os.environ.get("HUGO", "hugo"), "--quiet"),
        files={
            "hugo.toml": f"baseURL = '{URL}'\ntitle = 'Rain'\ndisableKinds = ['taxonomy', 'term', 'RSS']\n"
            "[markup.goldmark.renderer]\nunsafe = true\n",
            "layouts/single.html": _layout(
                "{{ .Title }}", "{{ .Permalink }}", "{{ .Content }}", class_="body"
            ),
            "layouts/home.html": "<p>home",
            "layouts/section.html": "<p>list",
            "layouts/shortcodes/box.html": '<div class="box">{{ .Inner | markdownify }}</div>',
        },
        articles="content/posts",
        built="public",
        own=HUGO,
        head="---\ntitle: {title}\ndate: 2026-01-{day:02}T12:00:00Z\n---\n",
    ),
    "zola": Generator(
        command=(os.environ.get("ZOLA", "zola"), "build", "--force"),
        files={
            "config.toml": f"base_url = '{URL.rstrip('/')}'\ntitle = 'Rain'\n",
            "templates/page.html": _layout(
                "{{ page.title }}", "{{ page.permalink }}", "{{ page.content | safe }}", class_="body"
            ),
            "templates/index.html": "<p>home",
            "templates/section.html": "<p>list",
            "templates/shortcodes/quote.html": "<blockquote>{{ body | markdown | safe }}</blockquote>",
            "content/posts/_index.md": "+++\n+++\n",
        },
        articles="content/posts",
        built="public",
        own=ZOLA,
        head="+++\ntitle = {title}\ndate = 2026-01-{day:02}T12:00:00Z\n+++\n",
    ),
    "hexo": Generator(
        command=(f"{NODE}/.bin/hexo", "generate", "--silent"),
        files={
            "_config.yml": f"url: {URL}\ntitle: Rain\npermalink: :year/:month/:day/:title/\n"
            "timezone: UTC\ntheme: own\n",
            "package.json": '{"name": "rain", "hexo": {}, "dependencies": {"hexo-renderer-marked": "*",'
            ' "hexo-renderer-ejs": "*"}}',
            "themes/own/layout/post.ejs": _layout(
                "<%= page.title %>", "<%= page.permalink %>", "<%- page.content %>", class_="article-entry"
            ),
            "themes/own/layout/index.ejs": "<p>home",
        },
        articles="source/_posts",
        built="public",
        own=HEXO,
        node=True,
    ),
    "jekyll": Generator(
        command=("jekyll", "build", "--quiet"),
        files={
            "_config.yml": f"url: {URL.rstrip('/')}\ntitle: Rain\ntimezone: UTC\npermalink: /:year/:title/\n"
            "defaults: [{scope: {path: '', type: posts}, values: {layout: post}}]\n",
            "_layouts/post.html": _layout(
                "{{ page.title }}",
                "{{ page.url | absolute_url }}",
                "{{ content }}",
                class_="post-content e-content",
            ),
            "_includes/box.html": "<div>{{ include.text }}</div>\n",
            "index.html": "---\n---\n<p>home",
        },
        articles="_posts",
        built="_site",
        own=JEKYLL,
        head="---\ntitle: {title}\ndate: 2026-01-{day:02} 12:00:00 +0000\n---\n",
        dated=True,
    ),
    "pelican": Generator(
        command=(sys.executable, "-m", "pelican", "--quiet", "-s", "pelicanconf.py"),
        files={
            "pelicanconf.py": f"SITEURL = '{URL.rstrip('/')}'\nSITENAME = 'Rain'\nTIMEZONE = 'UTC'\n"
            "PATH = 'content'\nTHEME = 'own'\nDEFAULT_LANG = 'en'\nTHEME_STATIC_PATHS = []\n"
            "DIRECT_TEMPLATES = []\n"
            "CATEGORY_SAVE_AS = ''\nAUTHOR_SAVE_AS = ''\nTAG_SAVE_AS = ''\nFEED_ALL_ATOM = None\n"
            "CATEGORY_FEED_ATOM = None\nTRANSLATION_FEED_ATOM = None\n"
            "MARKDOWN = {'extension_configs': {'markdown.extensions.extra': {},\n"
            " 'markdown.extensions.admonition': {}, 'markdown.extensions.meta': {},\n"
            " 'markdown.extensions.codehilite': {'css_class': 'highlight'}}}\n",
            "own/templates/article.html": _layout(
                "{{ article.title }}",
                "{{ SITEURL }}/{{ article.url }}",
                "{{ article.content }}",
                element="section",
                class_="entry-content",
            ),
        },
        articles="content",
        built="output",
        own=PELICAN,
        head="Title: {title}\nDate: 2026-01-{day:02} 12:00\n\n",
    ),
    "eleventy": Generator(
        command=(f"{NODE}/.bin/eleventy", "--quiet"),
        files={
            ".eleventy.js": "module.exports = c => ({ dir: { includes: '_includes', output: '_site' },"
            " markdownTemplateEngine: 'njk' });\n",
            "posts/posts.json": '{"layout": "post.njk"}',
            "_includes/post.njk": _layout(
                "{{ title }}", URL.rstrip("/") + "{{ page.url }}", "{{ content | safe }}", class_="x"
            ),
        },
        articles="posts",
        built="_site",
        own=ELEVENTY,
        settings={"url": URL, "dialect": "eleventy", "content": "posts", "permalink": "posts/{slug}/"},
    ),
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page says of itself: its address, its date, and the HTML of its article."""

    address: str
    date: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The address of a site, the entries of its feeds, by address, and the files that were held back."""

    url: str
    entries: Mapping[str, Mapping[str, str]]
    held: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a site's feed has in common with its pages."""

    name: str
    shown: int
    """Articles with a page."""
    entries: int
    missing: tuple[str, ...]
    """Addresses of articles with a page that are not in the feed."""
    extra: tuple[str, ...]
    """Addresses of entries without a page."""
    addresses: int
    dates: int
    own: int
    pages: int
    tags: int
    pictures: int
    lost_pictures: tuple[str, ...]
    held: tuple[str, ...]
    different: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        numbers = (self.shown, self.entries, len(self.missing), len(self.extra), self.addresses, self.dates)
        bodies = (self.own, self.pages, self.tags)
        pictures = f"{self.pictures - len(self.lost_pictures)}/{self.pictures}"
        return (self.name, *map(str, (*numbers, *bodies)), pictures, str(len(self.held)))

    def details(self) -> Iterator[str]:
        """What differs, a line each."""
        yield from (f"only the site has {address}" for address in self.missing)
        yield from (f"only the feed has {address}" for address in self.extra)
        yield from (f"held back: {file}" for file in self.held)
        yield from (f"no picture at {address}" for address in self.lost_pictures)
        yield from self.different


HEADINGS = (
    "Site",
    "Articles with a page",
    "Entries",
    "Only the site has",
    "Only the feed has",
    "Addresses equal",
    "Dates equal",
    "Text equal, from the file",
    "Text equal, from the page",
    "Tags left",
    "Local pictures there",
    "Held back",
)


def text_of(html: str, title: str, *, addresses: bool = True) -> str:
    """The text of HTML without title, space and what is beside it; quotes and marks of TeX are of one kind.

    What no feed can carry says what stands for it: frames, drawings, gauges and formulas. Without `addresses`
    links that say their own address or its host are left out: they may stand for a frame.
    """
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    assert body is not None
    for node in body.css(_BESIDE):
        if node.parent is not None:
            node.decompose()
    for line_break in body.css("br"):
        line_break.insert_before("\n")  # no text on both sides of it is one formula's mark
    for node in body.css(".katex, iframe, meter, progress, svg"):
        if node.parent is not None:
            tex = node.css_first("annotation")
            node.replace_with(f" ${tex.text()}$ " if tex is not None else _label(node))
    for heading in body.css("h1"):
        if _folded(heading.text()) == _folded(title):
            heading.decompose()
    for link in body.css("a") if not addresses else ():
        address = link.attributes.get("href") or ""
        if _folded(link.text()).rstrip("/") in (address.rstrip("/"), urlsplit(address).hostname):
            link.decompose()
    return _folded(_SIGNS.sub("", body.text()))


def _label(node: LexborNode) -> str:
    """The title of a frame or a drawing, the value of a gauge."""
    title = node.css_first("title")
    attributes = node.attributes
    if attributes.get("value"):
        return node.text().strip() or f"{attributes['value']}/{attributes.get('max') or 1}"
    return attributes.get("title") or attributes.get("aria-label") or (title.text() if title else "") or ""


def _folded(text: str) -> str:
    return "".join(_TEX.sub(r"$", text.translate(_QUOTES)).split())


def texts_of(html: str, title: str) -> tuple[str, str]:
    """The text with all links, and without those that may stand for a frame."""
    return text_of(html, title), text_of(html, title, addresses=False)


def difference(text: str, other: str) -> str:
    """Where two texts begin to differ."""
    pairs = enumerate(zip(text, other, strict=False))
    at = next((at for at, (one, two) in pairs if one != two), min(len(text), len(other)))
    return f"…{text[max(0, at - 20) : at]}[{text[at : at + 20]} | {other[at : at + 20]}]"


def path_of(address: str) -> str:
    """The path that an address names, however it is written."""
    path = unquote(urlsplit(address).path)
    return path.removesuffix("index.html").removesuffix(".html").rstrip("/")


def pages_of(built: Path, elements: Sequence[str], beside: str, url: str) -> dict[str, Page]:
    """The pages of a site built for `url` that have an article, by path.

    `elements` are the selectors of the article's element, and of others that belong to it where they are. A
    page that names no address there, another site's, or one without a page, has that of its file.
    """
    pages = {}
    for file in sorted(built.rglob("*.html")):
        page = LexborHTMLParser(file.read_bytes().decode("utf-8", "replace"))
        shown = _shown(page, elements)
        if not shown:
            continue
        for node in [node for part in shown for node in part.css(beside)] if beside else []:
            if node.parent is not None:
                node.decompose()
        address = _value(page, "link[rel=canonical]", "href")
        if not address.startswith(url) or not _is_there(built, path_in_site(address, url)):
            address = url + file.relative_to(built).as_posix().removesuffix("index.html")
        date = _value(page, "time[datetime]", "datetime")
        date = date or _value(page, "meta[property='article:published_time']", "content")
        pages[path_of(address)] = Page(
            address=address, date=date, html="".join(part.inner_html or "" for part in shown)
        )
    return pages


def _is_there(built: Path, path: str) -> bool:
    return (built / path).exists() or (built / f"{path}.html").exists()


def _shown(page: LexborHTMLParser, elements: Sequence[str]) -> list[LexborNode]:
    """The elements of an article in the order of the page; those in others of them are shown with these."""
    first = {node.mem_id for element in elements if (node := page.css_first(element)) is not None}
    if page.css_first(elements[0]) is None or page.body is None:
        return []
    shown: list[LexborNode] = []
    for node in page.body.traverse():
        if node.mem_id in first and not any(_is_in(node, part) for part in shown):
            shown.append(node)
    return shown


def _is_in(node: LexborNode, other: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.mem_id != other.mem_id:
        above = above.parent
    return above is not None


def _value(page: LexborHTMLParser, selector: str, attribute: str) -> str:
    node = page.css_first(selector)
    return (node.attributes.get(attribute) or "") if node is not None else ""


def feed_of(root: Path, settings: Mapping[str, str], bodies: str) -> Feed:
    """The entries of the feeds that feedwright makes of a site."""
    with tempfile.TemporaryDirectory() as output:
        values = {"formats": "json", "limit": "all", "output": output, "bodies": bodies, **settings}
        env = {**os.environ, **{f"FEEDWRIGHT_{name.upper()}": value for name, value in values.items()}}
        command = [sys.executable, "-m", "feedwright", "build", "--no-cache", "--report", "json"]
        command += ["--accept", "no-pages", "--accept", "record"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=env)
        if done.returncode > 1:
            raise SystemExit(done.stdout + done.stderr)
        feeds = [json.loads(file.read_text("utf-8")) for file in Path(output).rglob("feed.json")]
    return Feed(
        url=min((feed["home_page_url"] for feed in feeds), key=len),
        entries={path_of(item["url"]): item for feed in feeds for item in feed["items"]},
        held=tuple(json.loads(done.stdout)["articles"]["held"]),
    )


def compare(
    name: str,
    root: Path,
    built: Path,
    elements: Sequence[str],
    settings: Mapping[str, str],
    beside: str = "",
) -> Row:
    """Compare a built site with its feeds: without the pages, and with bodies from these."""
    own = feed_of(root, settings, "source")
    from_pages = feed_of(root, {"site_output": str(built), **settings}, "pages").entries
    pages = pages_of(built, elements, beside, own.url)
    both = {path: item for path, item in own.entries.items() if path in pages}
    different: dict[str, list[str]] = {"the file": [], "the page": []}
    for path, item in both.items():
        shown = texts_of(pages[path].html, item["title"])
        for kind, items in (("the file", own.entries), ("the page", from_pages)):
            texts = texts_of(items.get(path, {}).get("content_html", ""), item["title"])
            if not any(map(str.__eq__, texts, shown)):
                different[kind].append(f"{item['url']} from {kind}: {difference(texts[0], shown[0])}")
    addresses = [item["url"] for path, item in both.items() if item["url"] != pages[path].address]
    dates = [path for path, item in both.items() if not _same_time(item["date_published"], pages[path].date)]
    hosts = {urlsplit(page.address).hostname for page in pages.values()}
    shown_pictures = {one for page in pages.values() for one in _pictures(page.html, page.address, hosts)}
    pictures = {
        one for item in both.values() for one in _pictures(item.get("content_html", ""), item["url"], hosts)
    }
    there = {
        one for one in pictures if (built / path_in_site(one, own.url)).is_file() or one in shown_pictures
    }
    return Row(
        name=name,
        shown=len(pages),
        entries=len(own.entries),
        missing=tuple(page.address for path, page in pages.items() if path not in own.entries),
        extra=tuple(item["url"] for path, item in own.entries.items() if path not in pages),
        addresses=len(both) - len(addresses),
        dates=len(both) - len(dates),
        own=len(both) - len(different["the file"]),
        pages=len(both) - len(different["the page"]),
        tags=sum(_has_tag(item, text_of(pages[path].html, "")) for path, item in both.items()),
        pictures=len(pictures),
        lost_pictures=tuple(sorted(pictures - there)),
        held=own.held,
        different=(
            *(f"{address} is not the address of its page" for address in addresses),
            *(f"{both[path]['url']} is dated {both[path]['date_published']}" for path in dates),
            *different["the file"],
            *different["the page"],
        ),
    )


def _same_time(one: str, other: str) -> bool:
    """Whether two times are the same; where the page tells none they are."""
    if not other:
        return True
    times = [datetime.fromisoformat(text) for text in (one, other)]
    return len({time if time.tzinfo else time.replace(tzinfo=UTC) for time in times}) == 1


def path_in_site(address: str, url: str) -> str:
    """The path of a file of the site at `url` below the folder with its pages."""
    return unquote(urlsplit(address).path).removeprefix(unquote(urlsplit(url).path)).lstrip("/")


def _pictures(html: str, address: str, hosts: set[str | None]) -> Iterator[str]:
    """The addresses of pictures that lie on the site; what the site itself has not is not missing."""
    for node in LexborHTMLParser(html).css("img"):
        picture = urljoin(address, node.attributes.get("data-src") or node.attributes.get("src") or "")
        if urlsplit(picture).hostname in hosts:
            yield picture


def _has_tag(item: Mapping[str, str], shown: str) -> bool:
    """Whether an entry has a tag of a template that the page does not show."""
    texts = [text_of(item.get("content_html", ""), ""), item.get("summary", "")]
    return any(mark not in shown for text in texts for mark in _TAG.findall(text))


def write_site(root: Path, generator: Generator) -> None:
    """Write a small site for a generator."""
    for path, text in generator.files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    folder = root / generator.articles
    folder.mkdir(parents=True, exist_ok=True)
    for number, (title, body) in enumerate({**PLAIN, **generator.own}.items()):
        head = generator.head.format(title=json.dumps(title, ensure_ascii=False), day=number + 1)
        head = head if "Title:" not in head else head.replace('"', "")
        name = f"2026-01-{number + 1:02}-a{number}.md" if generator.dated else f"a{number}.md"
        (folder / name).write_text(head + body, "utf-8")
    if generator.node:
        (root / "node_modules").symlink_to(Path(NODE).resolve())


def rows(names: list[str]) -> Iterator[Row]:
    """Build and compare the small sites of the generators that are here."""
    for name in names or GENERATORS:
        generator = GENERATORS[name]
        if shutil.which(generator.command[0]) is None:
            print(f"{name} is not here", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            write_site(root, generator)
            python = os.pathsep.join(filter(None, [os.environ.get("PELICAN"), os.environ.get("PYTHONPATH")]))
            env = {**os.environ, **({"PYTHONPATH": python} if name == "pelican" else {})}
            done = subprocess.run(
                generator.command, cwd=root, capture_output=True, text=True, check=False, env=env
            )
            if done.returncode:
                print(f"{name} failed: {done.stderr or done.stdout}", file=sys.stderr)
                continue
            settings = {"timezone": "UTC", **generator.settings}
            yield compare(name, root, root / generator.built, ["[data-article]"], settings)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="GENERATOR", help=", ".join(GENERATORS))
    parser.add_argument("--site", type=Path, help="a site's folder, with the generator's configuration")
    parser.add_argument("--built", type=Path, help="the folder with its pages")
    parser.add_argument(
        "--element",
        action="append",
        metavar="SELECTOR",
        help="the article's element in a page (default: article), then others that belong to it",
    )
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting")
    parser.add_argument("--beside", default="", help="selector of what stands in it and is not the article's")
    parser.add_argument("-v", "--verbose", action="store_true", help="name the entries that differ")
    options = parser.parse_args()
    table = [_row(options)] if options.site else rows(options.names)
    print(f"| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}")
    for row in table:
        print(f"| {' | '.join(row.cells())} |", flush=True)
        for line in row.details() if options.verbose else ():
            print(f"    {line}", file=sys.stderr)


def _row(options: argparse.Namespace) -> Row:
    """The row of the site that was asked for."""
    settings = dict(pair.split("=", 1) for pair in options.set)
    built = options.built.resolve()
    return compare(
        options.site.name, options.site, built, options.element or ["article"], settings, options.beside
    )


if __name__ == "__main__":
    main()
