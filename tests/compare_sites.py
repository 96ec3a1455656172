"""Compare feeds with the sites that real generators make: `python tests/compare_sites.py [GENERATOR …]`.

Small sites of our own writing are built by every generator that is on this machine, and by feedwright, once
from the article files and once from the pages. `--site`, `--built` and `--element` compare a site that is
there. Generators are looked for on the path; `HUGO` names its program, `NODE_MODULES` the folder with those
of Node, `PELICAN` the folder that it was installed into.
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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

URL = "https://example.org/"
_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟″«»", '"'))
_TAG = re.compile(r"\{%|\{\{|\{#")
_BESIDE = (
    ".gutter, .lnt, .ln, .linenos, .headerlink, .anchor, a.footnote-backref, a.reversefootnote,"
    " a.footnote-return, #markdown-toc, script, style"
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
class Row:
    """What a site's feed has in common with its pages."""

    name: str
    entries: int
    own: int
    pages: int
    addresses: int
    tags: int
    different: tuple[str, ...]


def text_of(html: str, title: str) -> str:
    """The text of HTML without its title, what stands beside it and space, with quotes of one kind."""
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    assert body is not None
    for node in body.css(_BESIDE):
        if node.parent is not None:
            node.decompose()
    for heading in body.css("h1"):
        if _folded(heading.text()) == _folded(title):
            heading.decompose()
    for link in body.css("a"):  # one that says its own address, or the host, may stand for a frame
        address = link.attributes.get("href") or ""
        if _folded(link.text()).rstrip("/") in (address.rstrip("/"), urlsplit(address).hostname):
            link.decompose()
    return _folded(_SIGNS.sub("", body.text()))


def _folded(text: str) -> str:
    return "".join(text.translate(_QUOTES).split())


def difference(text: str, other: str) -> str:
    """Where two texts begin to differ."""
    pairs = enumerate(zip(text, other, strict=False))
    at = next((at for at, (one, two) in pairs if one != two), min(len(text), len(other)))
    return f"…{text[max(0, at - 20) : at]}[{text[at : at + 20]} | {other[at : at + 20]}]"


def page_at(built: Path, link: str, element: str, beside: str) -> tuple[str, str]:
    """The address that a page gives for itself, else the entry's, and its article; "" without a page."""
    path = unquote("/".join(link.split("/")[3:]))
    files = [built / path / "index.html", built / f"{path}.html", built / path]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        return "", ""
    page = LexborHTMLParser(file.read_bytes().decode("utf-8", "replace"))
    canonical = page.css_first("link[rel=canonical]")
    address = canonical.attributes.get("href") if canonical is not None else link
    for node in page.css(beside) if beside else []:
        if node.parent is not None:
            node.decompose()
    article = page.css_first(element)
    return address or "", (article.inner_html or "") if article is not None else ""


def entries_of(root: Path, settings: Mapping[str, str], bodies: str) -> dict[str, dict[str, str]]:
    """The entries of the feed that feedwright makes of a site, by id."""
    with tempfile.TemporaryDirectory() as output:
        values = {"formats": "json", "limit": "all", "output": output, "bodies": bodies, **settings}
        env = {**os.environ, **{f"FEEDWRIGHT_{name.upper()}": value for name, value in values.items()}}
        command = [sys.executable, "-m", "feedwright", "build", "--no-cache"]
        command += ["--accept", "no-pages", "--accept", "record"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=env)
        if done.returncode > 1:
            raise SystemExit(done.stderr)
        feed = json.loads((Path(output) / "feed.json").read_text("utf-8"))
    return {item["id"]: item for item in feed["items"]}


def compare(
    name: str, root: Path, built: Path, element: str, settings: Mapping[str, str], beside: str = ""
) -> Row:
    """Compare a built site with its feeds."""
    settings = {"site_output": str(built), **settings}
    own, from_pages = (entries_of(root, settings, bodies) for bodies in ("source", "pages"))
    pages = {key: page_at(built, item["url"], element, beside) for key, item in from_pages.items()}
    shown = {key: text_of(html, from_pages[key]["title"]) for key, (_, html) in pages.items()}
    different: dict[str, list[str]] = {"the file": [], "the page": []}
    for key, item in from_pages.items():
        for kind, items in (("the file", own), ("the page", from_pages)):
            text = text_of(items.get(key, {}).get("content_html", ""), item["title"])
            if text != shown[key]:
                different[kind].append(f"{item['url']} from {kind}: {difference(text, shown[key])}")
    return Row(
        name=name,
        entries=len(from_pages),
        own=len(from_pages) - len(different["the file"]),
        pages=len(from_pages) - len(different["the page"]),
        addresses=sum(item["url"] == pages[key][0] for key, item in from_pages.items()),
        tags=sum(_has_tag(item, shown[key]) for key, item in from_pages.items()),
        different=(*different["the file"], *different["the page"]),
    )


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
            yield compare(name, root, root / generator.built, "[data-article]", settings)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="GENERATOR", help=", ".join(GENERATORS))
    parser.add_argument("--site", type=Path, help="a site's folder, with the generator's configuration")
    parser.add_argument("--built", type=Path, help="the folder with its pages")
    parser.add_argument("--element", default="article", help="selector of the article's element in a page")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting")
    parser.add_argument("--beside", default="", help="selector of what stands in it and is not the article's")
    parser.add_argument("-v", "--verbose", action="store_true", help="name the entries that differ")
    options = parser.parse_args()
    if options.site:
        settings = dict(pair.split("=", 1) for pair in options.set)
        table = [
            compare(
                options.site.name,
                options.site,
                options.built.resolve(),
                options.element,
                settings,
                options.beside,
            )
        ]
    else:
        table = list(rows(options.names))
    print("| Site | Entries | Text as in the page, from the file | from the page | Addresses | Tags left |")
    print("| --- | --- | --- | --- | --- | --- |")
    for row in table:
        print(f"| {row.name} | {row.entries} | {row.own} | {row.pages} | {row.addresses} | {row.tags} |")
        for line in row.different if options.verbose else ():
            print(f"    {line}", file=sys.stderr)


if __name__ == "__main__":
    main()
