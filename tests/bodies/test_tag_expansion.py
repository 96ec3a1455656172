"""Template tags give what each generator's give, as far as no code has to run; what is unknown is told."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allowed import faults
from feedwright.bodies import content as contents
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.templates import internal_links
from feedwright.bodies.templates.references import MOST_TOLD, UnansweredError
from feedwright.bodies.templates.templates import Templates
from feedwright.generators.table import GENERATORS
from feedwright.generators.template_syntax import Answer
from feedwright.model import Article, ArticleSource, Content, Picture, SafeHtml
from feedwright.problems import HeldError

SITE = "https://example.org/blog/"
LINK = f"{SITE}2024/a/"
ANSWERS = {
    "article\nother": Answer("https://example.org/blog/other/", "The <other>"),
    "article\n2024-01-02-other": Answer("https://example.org/blog/other/", "Other"),
    "article\n_posts/2024-01-02-other.md": Answer("https://example.org/blog/other/", "Other"),
    "article\nposts/b.md": Answer("https://example.org/blog/b/", "B"),
    "article\nposts/b.md\nb": Answer("https://example.org/blog/b/", "B"),
    "article\nposts/b.md\nposts/b/index.md\nb": Answer("https://example.org/blog/b/", "B"),
    "include\nplain.html": Answer("<p>{{ include.text }} on {{ page.title }}</p>"),
    "include\nlong.html": Answer("<p><b>x" * 8_000),
    "include\nmany.html": Answer("{{ page.long }}" * 4_000),
    "include\nlogic.html": Answer("{% if a %}b{% endif %}"),
}
VALUES = {"cdn": "https://cdn.example.org"}
MAY = "Markdown \\*stays\\* and <p>"


def make(
    body: str,
    dialect: str,
    *,
    path: str = "posts/a.md",
    known: bool = True,
    tags: dict[str, str] | None = None,
    picture: str = "",
    summary: str | None = None,
    fields: dict[str, str] | None = None,
    light: bool = False,
) -> tuple[Content, str]:
    date = datetime(2024, 1, 3, tzinfo=UTC)
    article = Article(
        path=path,
        title="A *title*",
        link=LINK,
        published=date,
        updated=date,
        due=date,
        picture=Picture(src=picture) if picture else None,
        summary=summary,
    )
    source = ArticleSource(article=article, body=body, line=5, digest="", fields=fields or {})
    options = BodyOptions(
        content=Path("/nowhere"),
        site_url=SITE,
        site_title="Site",
        dialect=dialect,
        is_known=known,
        tags=tags or {},
        values=VALUES,
    )
    answers: dict[str, Answer] = {}
    while True:
        try:
            return contents.make(source, options, answers, light=light)
        except UnansweredError as error:
            answers |= {question: ANSWERS.get(question, Answer()) for question in error.questions}


def html(body: str, dialect: str, **more: str) -> str:
    return make(body, dialect, **more)[1].replace(' rel="noopener noreferrer"', "").strip()  # type: ignore[arg-type]


IMG = '<p><img src="{}" alt="{}"></p>'
A = '<p><a href="{}">{}</a></p>'
YOUTUBE = A.format(*["https://www.youtube.com/watch?v=abcdefghijk"] * 2)
CODE = '<pre><code class="language-cpp">#include &lt;vector&gt;\n\n  *a*</code></pre>'
INSIDE = "\n#include <vector>\n\n  *a*\n"
NOTE = "<blockquote>\n<p><em>Take</em> care</p>\n</blockquote>"

INDEX = f'<a href="{SITE}index.html">z</a>'

GIVES = [
    # pictures
    (
        "hexo",
        "{% asset_img left pic.png 400 300 'A t' 'An a' %}",
        f'<p><img src="{LINK}pic.png" alt="An a" title="A t" width="400" height="300"></p>',
    ),
    ("hexo", "{% img /i/pic.png %}", IMG.format("https://example.org/blog/i/pic.png", "")),
    ("hexo", "{% image https://e.org/a.png %}", IMG.format("https://e.org/a.png", "")),
    (
        "hugo",
        '{{< figure src="/a.png" alt="An \\"alt\\"" >}}',
        IMG.format("https://example.org/a.png", "An &quot;alt&quot;"),
    ),
    (
        "hugo",
        '{{< figure src="/a.png" title="T" caption="C" >}}',
        '<figure><img src="https://example.org/a.png" alt="C"><figcaption>T: C</figcaption></figure>',
    ),
    (
        "hugo",
        '{{< figure src="/a.png" alt="x" link="/b/" />}}',
        f'<p><a href="https://example.org/b/">{IMG.format("https://example.org/a.png", "x")[3:-4]}</a></p>',
    ),
    ("zola", '{{ image(src="@/posts/a.png", alt="x") }}', IMG.format(f"{SITE}posts/a.png", "x")),
    ("zola", '{{ image(src="posts/a.png", alt="x") }}', IMG.format(f"{SITE}posts/a.png", "x")),
    ("jekyll", "{% picture large a.jpg %}", IMG.format(f"{LINK}a.jpg", "")),
    ("pelican", "{% img /a.png %}", IMG.format("https://example.org/blog/a.png", "")),
    # code
    ("hexo", "{% codeblock lang:cpp %}" + INSIDE + "{% endcodeblock %}", CODE),
    ("hexo", "{% codeblock A title lang:cpp %}" + INSIDE + "{% endcodeblock %}", "<p>A title</p>" + CODE),
    ("jekyll", "{% highlight cpp linenos %}" + INSIDE + "{% endhighlight %}", CODE),
    (
        "jekyll",
        "{% highlight liquid %}{% raw %}{{ x }}{% endraw %}{% endhighlight %}",
        '<pre><code class="language-liquid">{{ x }}</code></pre>',
    ),
    ("hugo", "{{< highlight cpp >}}" + INSIDE + "{{< /highlight >}}", CODE),
    ("hugo", '{{< highlight "cpp" "linenos=true" >}}' + INSIDE + "{{< /highlight >}}", CODE),
    ("zola", '{% code(lang="cpp") %}' + INSIDE + "{% end %}", CODE),
    (
        "hexo",
        "{% include_code lang:js A file test.js %}",
        A.format(f"{SITE}downloads/code/test.js", "A file"),
    ),
    # what stays as it is
    ("hexo", "{% raw %}<em>{{ a }} {% b %}</em>{% endraw %}", "<em>{{ a }} {% b %}</em>"),
    ("jekyll", "`{{ '{{' }}`", "<p><code>{{</code></p>"),
    ("hexo", "```\n{% youtube abc %}\n```", "<pre><code>{% youtube abc %}\n</code></pre>"),
    (
        "jekyll",
        "```\n{% raw %}{% youtube abc %}{% endraw %}\n```",
        "<pre><code>{% youtube abc %}\n</code></pre>",
    ),
    (
        "jekyll",
        "```\n{{ site.baseurl }}\n{% include plain.html text='x' %}\n```",
        "<pre><code>/blog\n&lt;p&gt;x on A *title*&lt;/p&gt;\n</code></pre>",
    ),
    (
        "hugo",
        "```\n{{</* ref a */>}}\n{{%/* b */%}}\n```",
        "<pre><code>{{&lt; ref a &gt;}}\n{{% b %}}\n</code></pre>",
    ),
    ("hugo", "{{ x }} {% y %} {# z #}", "<p>{{ x }} {% y %} {# z #}</p>"),
    ("zola", "{{ x }} `{{/* f() */}}`", "<p>{{ x }} <code>{{ f() }}</code></p>"),
    (
        "hugo",
        "```\n{{< youtube abcdefghijk >}}\n```",
        '<pre><code>\u2060&lt;a href="https://www.youtube.com/watch?v=abcdefghijk"&gt;'
        "https://www.youtube.com/watch?v=abcdefghijk&lt;/a&gt;\n</code></pre>".replace("\u2060", ""),
    ),
    # links
    ("hexo", "{% link Site https://e.org/ external %}", A.format("https://e.org/", "Site")),
    ("hexo", "{% link A site, a name, https://e.org/, x.png %}", A.format("https://e.org/", "A site")),
    ("hexo", "{% btn https://e.org/, A text, fab fa-x %}", A.format("https://e.org/", "A text")),
    ("hexo", "{% button A text https://e.org/ %}", A.format("https://e.org/", "A text")),
    ("hexo", "{% post_link other %}", A.format("https://example.org/blog/other/", "The &lt;other&gt;")),
    ("hexo", "{% post_link other#b 'A text' %}", A.format("https://example.org/blog/other/#b", "A text")),
    ("hexo", "[x]({% post_path other %})", A.format("https://example.org/blog/other/", "x")),
    ("hexo", "![x]({% asset_path a b.png %})", IMG.format(f"{LINK}a%20b.png", "x")),
    ("hexo", "{% asset_link a.pdf A paper %}", A.format(f"{LINK}a.pdf", "A paper")),
    ("jekyll", "[x]({% post_url 2024-01-02-other %})", A.format("https://example.org/blog/other/", "x")),
    (
        "jekyll",
        "[x]({{ site.baseurl }}{% link _posts/2024-01-02-other.md %})",
        A.format("https://example.org/blog/other/", "x"),
    ),
    (
        "jekyll",
        "<a href='{{ site.url }}{{ site.baseurl }}{% post_url 2024-01-02-other %}#y'>x</a>",
        '<a href="https://example.org/blog/other/#y">x</a>',
    ),
    ("jekyll", "[x]({% link assets/a.pdf %})", A.format(f"{SITE}assets/a.pdf", "x")),
    ("hugo", '[x]({{< ref "b.md" >}})', A.format("https://example.org/blog/b/", "x")),
    ("hugo", '[x]({{% relref "b#y" %}})', A.format("https://example.org/blog/b/#y", "x")),
    # elsewhere
    ("hexo", "{% youtube abcdefghijk %}", YOUTUBE),
    ("hugo", '{{< youtube id="abcdefghijk" autoplay="true" >}}', YOUTUBE),
    ("zola", '{{ youtube(id="abcdefghijk") }}', YOUTUBE),
    ("eleventy", '{% youtube "abcdefghijk" %}', YOUTUBE),
    ("hugo", "{{< vimeo 1 >}}", A.format(*["https://vimeo.com/1"] * 2)),
    ("hugo", "{{< bilibili BV1 >}}", A.format(*["https://www.bilibili.com/video/BV1"] * 2)),
    ("hugo", "{{< gist ann 0abc12 >}}", A.format(*["https://gist.github.com/ann/0abc12"] * 2)),
    ("hexo", "{% gist 0abc12 %}", A.format(*["https://gist.github.com/0abc12"] * 2)),
    ("hugo", '{{< tweet user="ann" id="12" >}}', A.format(*["https://twitter.com/ann/status/12"] * 2)),
    ("hugo", "{{< codepen abc >}}", A.format(*["https://codepen.io/pen/pen/abc"] * 2)),
    ("hexo", "{% jsfiddle a/b %}", A.format(*["https://jsfiddle.net/a/b/"] * 2)),
    ("hugo", '{{< audio src="/a.mp3" >}}', '<audio controls="" src="https://example.org/a.mp3"></audio>'),
    ("hexo", "{% dplayer url=/a.mp4 %}", '<video controls="" src="https://example.org/a.mp4"></video>'),
    ("hexo", "{% iframe https://vimeo.com/1 %}", A.format("https://vimeo.com/1", "vimeo.com")),
    # blocks
    ("hexo", "{% note info %}\n*Take* care\n{% endnote %}", NOTE),
    ("hexo", "{% note info, *Take* care %}", NOTE),
    ("hexo", "{% note %}*Take* care{% endnote %}", NOTE),
    ("hugo", "{{% notice tip %}}\n*Take* care\n{{% /notice %}}", NOTE),
    (
        "hugo",
        '{{< admonition tip "Head" >}}\n*Take* care\n{{< /admonition >}}',
        NOTE.replace("<blockquote>", "<blockquote><p><strong>Head</strong></p>"),
    ),
    ("zola", '{{ admonition(type="tip", text="*Take* care") }}', NOTE),
    ("zola", "{% aside() %}\n*Take* care\n{% end %}", NOTE),
    (
        "hexo",
        "{% blockquote Ann, A book https://e.org/ Its page %}\nx\n{% endblockquote %}",
        '<blockquote>\n<p>x</p>\n<p>— Ann <a href="https://e.org/">Its page</a></p></blockquote>',
    ),
    ("hexo", "{% pullquote %}\nx\n{% endpullquote %}", "<blockquote>\n<p>x</p>\n</blockquote>"),
    (
        "hexo",
        "{% folding green open, A head %}\n*x*\n{% endfolding %}",
        "<details><summary>A head</summary>\n<p><em>x</em></p>\n</details>",
    ),
    (
        "hugo",
        '{{< details "A head" >}}\n*x*\n{{< /details >}}',
        "<details><summary>A head</summary>\n<p><em>x</em></p>\n</details>",
    ),
    (
        "hexo",
        "{% tabs T %}\n<!-- tab One -->\n*x*\n<!-- endtab -->\n<!--tab-->\ny\n<!--endtab-->\n{% endtabs %}",
        "<p><strong>One</strong></p>\n<p><em>x</em></p>\n<p><strong>T 2</strong></p>\n<p>y</p>",
    ),
    (
        "hexo",
        "- a\n\n  {% note %}\n  *x*\n  {% endnote %}\n- b",
        "<ul>\n<li>\n<p>a</p>\n<blockquote>\n<p><em>x</em></p>\n</blockquote>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>",
    ),
    (
        "hexo",
        "{% mermaid %}\na-->b\n{% endmermaid %}",
        '<pre><code class="language-mermaid">a--&gt;b</code></pre>',
    ),
    ("hexo", "a {% label primary @x, y %} b", "<p>a y b</p>"),
    # values
    (
        "jekyll",
        "{{ site.url }}{{ site.baseurl }} {{ page.url }} {{ page.layout }} {{ site.cdn }}",
        "<p>https://example.org/blog /blog/2024/a/ post https://cdn.example.org</p>",
    ),
    (
        "jekyll",
        "{{ '/x/' | prepend: site.baseurl | append: \"y\" }} {{ 'A' | downcase }}",
        "<p>/blog/x/y a</p>",
    ),
    (
        "jekyll",
        '![x]({{ "/i/a b.png" | relative_url }})',
        IMG.format("https://example.org/blog/i/a%20b.png", "x"),
    ),
    ("jekyll", '<img src="{{ site.cdn }}/a.png">', '<img src="https://cdn.example.org/a.png">'),
    ("eleventy", "[x]({{ '/b/' | url }})", A.format("https://example.org/blog/b/", "x")),
    ("hexo", "[x]({{ url_for('/b/') }})", A.format("https://example.org/blog/b/", "x")),
    ("hugo", "{{< param layout >}}", "<p>post</p>"),
    # includes
    ("jekyll", "{% include plain.html text='Hello' %}", "<p>Hello on A *title*</p>"),
    # addresses
    ("pelican", "[x]({filename}b.md#y)", A.format("https://example.org/blog/b/#y", "x")),
    ("pelican", "[x](|filename|/posts/b.md)", A.format("https://example.org/blog/b/", "x")),
    (
        "pelican",
        "![x]({static}/i/a.png) ![x]({static}../i/a.png)",
        f"<p>{' '.join([IMG.format(f'{SITE}i/a.png', 'x')[3:-4]] * 2)}</p>",
    ),
    ("pelican", "![x]({attach}i/a.png)", IMG.format(f"{LINK}i/a.png", "x")),
    ("pelican", "![x]({attach}../a.png)", IMG.format(f"{LINK}a.png", "x")),
    ("pelican", "[x]({tag}A tag)", "<p>[x]({tag}A tag)</p>"),
    (
        "pelican",
        "[x]({category}News) [y]({author}ann-lee) [z]({index})",
        f'<p><a href="{SITE}category/news.html">x</a> <a href="{SITE}author/ann-lee.html">y</a> {INDEX}</p>',
    ),
    ("zola", "[x](@/posts/b.md#y)", A.format("https://example.org/blog/b/#y", "x")),
    (
        "zola",
        "[x](@/posts/_index.md) [y](@/_index.md)",
        f'<p><a href="{SITE}posts/">x</a> <a href="{SITE}">y</a></p>',
    ),
    ("hexo", "[x](b.md?z#y)", A.format("https://example.org/blog/b/?z#y", "x")),
    (
        "hugo",
        "[x](../posts/b.md) [y](https://e.org/b.md) [z](mailto:a@b.md)",
        f'<p><a href="{SITE}b/">x</a> <a href="https://e.org/b.md">y</a> <a href="mailto:a@b.md">z</a></p>',
    ),
    ("hugo", '{{< tab "One" >}}\nx\n{{< /tab >}}', "<p><strong>One</strong></p>\n<p>x</p>"),
    ("hugo", "{{< link href='/a/' >}}A text{{< /link >}}", A.format("https://example.org/a/", "A text")),
    ("hugo", "{{< katex >}}a<b{{< /katex >}}", "<p>$$a&lt;b$$</p>"),
    ("hugo", "{{< tweet https://x.com/a/status/1 >}}", A.format(*["https://x.com/a/status/1"] * 2)),
    ("hugo", "{{< tweet 12 >}}", A.format(*["https://twitter.com/i/web/status/12"] * 2)),
    ("hugo", "{{< codepen https://codepen.io/a/pen/b >}}", A.format(*["https://codepen.io/a/pen/b"] * 2)),
    ("hugo", "{{< gist https://gist.github.com/a/1.js >}}", A.format(*["https://gist.github.com/a/1"] * 2)),
    ("hugo", "{{< youtube abc playlist >}}", A.format(*["https://www.youtube.com/playlist?list=abc"] * 2)),
    ("pelican", "{% include_code a.py %}", A.format(f"{SITE}code/a.py", "a.py")),
    ("pelican", "{% codeblock %}\n<b>\n{% endcodeblock %}", "<pre><code>&lt;b&gt;</code></pre>"),
    ("hexo", "{% youtube https://youtu.be/a %}", A.format(*["https://youtu.be/a"] * 2)),
    ("hexo", "{% hideInline in, show %}", "<p>in</p>"),
    ("hexo", "{% quot A word icon:x %}", "<p>A word</p>"),
    ("hexo", "{% post_link other 'A text' true %}", A.format("https://example.org/blog/other/", "A text")),
    ("jekyll", "{{ 'a-b' | replace: '-', '+' | remove: 'b' | upcase | strip }}", "<p>A+</p>"),
    ("jekyll", "{% picture path='a.jpg' alt='x' %}", IMG.format(f"{LINK}a.jpg", "x")),
    ("zola", '{{ spoiler(text="a *b*") }}', "<p>a <em>b</em></p>"),
]


@pytest.mark.parametrize(
    ("dialect", "body", "expected"), GIVES, ids=[f"{row[0]} {row[1][:40]}" for row in GIVES]
)
def test_tags_give_what_the_generators_give(dialect: str, body: str, expected: str) -> None:
    content, made = make(body, dialect, fields={"layout": "post"})
    made = made.replace(' rel="noopener noreferrer"', "").strip()
    assert made.replace("\n\n", "\n") == expected.replace("\n\n  *a*", "\n  *a*")
    assert [problem.message for problem in content.problems] == []


@pytest.mark.parametrize("dialect", sorted(GENERATORS))
def test_an_article_without_a_tag_is_not_touched(dialect: str) -> None:
    body = "A *text* with `code`, {braces}, 100 %, [a link](https://e.org/)."
    made = (
        '<p>A <em>text</em> with <code>code</code>, {braces}, 100 %, <a href="https://e.org/">a link</a>.</p>'
    )
    assert html(body, dialect) == made


@pytest.mark.parametrize(
    ("dialect", "key", "value"),
    [
        ("jekyll", "render_with_liquid", "false"),
        ("hexo", "disablenunjucks", "true"),
        ("eleventy", "templateengineoverride", "md"),
    ],
)
def test_the_front_matter_turns_tags_off(dialect: str, key: str, value: str) -> None:
    body = "{% youtube a %} {{ b }} {% comment %}c{% endcomment %}"
    content, made = make(body, dialect, fields={key: value}, summary=body)
    assert made.strip() == f"<p>{body}</p>"
    assert content.summary == body
    assert content.problems == ()


REST = " is not known| leads nowhere|, and no article is meant| is published"
INCOMPLETE = {
    "hexo": "img, img x, codeblock, include_code, link x, post_link, post_path, asset_path, tabs x",
    "eleventy": "video, youtube <x>, gallery, mermaid, gist, details, tab, math, tweet, jsfiddle",
    "jekyll": "highlight x, picture, include, post_url, link, note, quote, codepen",
}
"""Tags without what they cannot do without."""

UNKNOWN = [
    ("hexo", "a {{ config.deploy.token }} b", "<p>a  b</p>", ["TPL003 {{ config.deploy.token }}"]),
    ("hexo", "a {% aplayer x %} b", "<p>a  b</p>", ["TPL002 the tag {% aplayer %}"]),
    ("hexo", "{% new %}\n*in*\n{% endnew %}", "<p><em>in</em></p>", ["TPL002 the tag {% new %}"]),
    ("hugo", "a {{% new %}}*in*{{% /new %}}", "<p>a <em>in</em></p>", ["TPL002 the tag {{% new %}}"]),
    ("zola", "a {{ new(x=1) }} b", "<p>a  b</p>", ["TPL002 the tag {{ new }}"]),
    ("jekyll", "a {{ page.new | x }} b", "<p>a  b</p>", ["TPL003 {{ page.new | x }}"]),
    ("jekyll", "a {% for x in y %}{{ x }}{% endfor %} b", "<p>a  b</p>", ["TPL002 the tag {% for %}"]),
    ("jekyll", "{% if x %}a{% else %}b{% endif %}", "<p>ab</p>", ["TPL002 the tag {% if %}"]),
    (
        "jekyll",
        "a {% include none.html %} b",
        "<p>a  b</p>",
        ["TPL005 the include none.html cannot be used: "],
    ),
    ("jekyll", "a {% include logic.html %} b", "<p>a  b</p>", ["TPL002 the tag {% include %}"]),
    ("jekyll", "a ![x]({{ page.new }}/a.png) b", "<p>a x b</p>", ["LNK006 an address with {{ page.new }}"]),
    ("jekyll", "a <a href='{% new %}'>b</a>", "<p>a <a>b</a></p>", ["LNK006 an address with {% new %}"]),
    ("hexo", "a [b]({% youtube c %})", "<p>a <a>b</a></p>", []),
    ("hexo", "a {% post_link none %} b", "<p>a  b</p>", ["LNK005 a link leads to none"]),
    ("hugo", 'a [b]({{< ref "none" >}})', "<p>a <a>b</a></p>", ["LNK005 a link leads to none"]),
    ("zola", "a [b](@/none.md)", "<p>a <a>b</a></p>", ["LNK005 a link leads to none.md"]),
    ("pelican", "a [b]({filename}none.md)", "<p>a <a>b</a></p>", ["LNK005 a link leads to none.md"]),
    (
        "pelican",
        "a [b]({static}../../../c.png)",
        "<p>a <a>b</a></p>",
        ["LNK006 the address {static}../../../c.png"],
    ),
    ("hexo", "a [b](none.md)", f'<p>a <a href="{LINK}none.md">b</a></p>', ["LNK005 a link leads to none.md"]),
    (
        "hexo",
        "a {% note %} b {% endquote %} {% youtube",
        "<p>a  b  {% youtube</p>",
        ["TPL002 the tag {% note %}"],
    ),
    ("jekyll", "100 {% and\n\nb %} c", "<p>100 {% and</p>\n<p>b %} c</p>", []),
    ("pelican", "a {% new %} b", "<p>a {% new %} b</p>", ["TPL007 {% new %}"]),
    *(
        (dialect, f"a {{% {tag} %}} b", "<p>a  b</p>", [f"TPL002 the tag {{% {tag.partition(' ')[0]} %}}"])
        for dialect, tags in INCOMPLETE.items()
        for tag in tags.split(", ")
    ),
    *(
        ("jekyll", f"a {{{{ {expression} }}}} b", "<p>a  b</p>", [f"TPL003 {{{{ {expression} }}}}"])
        for expression in (
            "a b",
            "'a' |",
            "'a' | url: (",
            "'a' | url('b'",
            "'a' | new",
            "url(",
            "'a' ~ 'b'",
            "''|''",
        )
    ),
    ("jekyll", "a {{ 'x' | replace: '' }} b", "<p>a  b</p>", ["TPL003 {{ 'x' | replace: '' }}"]),
]


@pytest.mark.parametrize(
    ("dialect", "body", "expected", "told"), UNKNOWN, ids=[row[1][:40] for row in UNKNOWN]
)
def test_what_is_not_known_is_left_out_and_told(
    dialect: str, body: str, expected: str, told: list[str]
) -> None:
    content, made = make(body, dialect)
    assert made.strip().replace(' rel="noopener noreferrer"', "") == expected
    assert [re.split(REST, f"{problem.code} {problem.message}")[0] for problem in content.problems] == told


def test_without_a_generator_nothing_vanishes_that_may_be_meant() -> None:
    body = (
        "Write `{% youtube a %}` or {{ x }}, {% if y %}, {% else %}, {% new %} and\n\n"
        '```\n{% note %}\n```\n\n{% note %}\nin\n{% endnote %} {{< figure src="/a.png" >}} '
        "{% raw %}{% b %}{% endraw %}"
    )
    content, made = make(body, "hexo", known=False)
    assert "Write <code>{% youtube a %}</code> or {{ x }}, {% if y %}, {% else %}, {% new %} and" in made
    assert "<code>{% note %}\n</code>" in made
    assert (
        '<blockquote>\n<p>in</p>\n</blockquote>\n<p><img src="https://example.org/a.png" alt=""> {% b %}</p>'
        in made
    )
    assert [p.code for p in content.problems] == ["TPL007"] * 3
    assert {p.message.partition(" is ")[0] for p in content.problems} == {
        "{% if %}",
        "{% else %}",
        "{% new %}",
    }


@pytest.mark.parametrize(
    ("dialect", "body"),
    [("hexo", "{% notebook A %}"), ("hugo", "\n{{< a >}}{{< /a >}} {{< b >}}\n"), ("pelican", "{% a %}")],
)
def test_an_article_of_nothing_but_unknown_tags_is_held(dialect: str, body: str) -> None:
    with pytest.raises(HeldError) as held:
        make(body, dialect)
    (problem,) = held.value.problems
    assert (problem.severity, problem.code) == ("error", "TPL004")


OWN = [
    ("drop", "a {% x %}in{% endx %} b", "<p>a  b</p>"),
    ("keep", "a {% x %}*in*{% endx %} b", "<p>a <em>in</em> b</p>"),
    ("keep", "a {% x 1 %} b", "<p>a {% x 1 %} b</p>"),
    ("<b>{0} {k} {2} {arguments}</b>", '{% x "<i>" k=v %}', '<p><b>&lt;i&gt; v  "&lt;i&gt;" k=v</b></p>'),
    ("<b>{body}</b>", "a {% x %}*in*{% endx %} b", "<p>a <b><em>in</em></b> b</p>"),
    ("<p>{body}</p>{body}", "{% x %}", "<p></p>"),
    ('<a href="{0}">x</a>', "{% x javascript:pwned() %}", "<p><a>x</a></p>"),
    (
        '<img src="/a.png" onerror="{0}"><script>{0}</script>',
        "{% x pwned() %}",
        '<p><img src="https://example.org/a.png"></p>',
    ),
]


@pytest.mark.parametrize(("setting", "body", "expected"), OWN)
def test_the_site_says_what_becomes_of_a_tag(setting: str, body: str, expected: str) -> None:
    content, made = make(body, "hexo", tags={"x": setting})
    assert made.strip().replace(' rel="noopener noreferrer"', "") == expected
    assert [p.code for p in content.problems if p.code.startswith("TPL")] == []


def test_a_site_may_change_what_a_known_tag_gives() -> None:
    assert html("{% youtube a %} b", "hexo", tags={"youtube": "drop"}) == "<p>b</p>"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dialect", "written", "src", "codes"),
    [
        ("jekyll", "{{ site.baseurl }}/a.png", "/blog/a.png", []),
        ("pelican", "{static}/a.png", f"{SITE}a.png", []),
        ("hexo", "/a.png", "/a.png", []),
        ("jekyll", "{{ page.none }}/a.png", None, ["LNK006"]),
        ("pelican", "{filename}none.md", None, ["LNK005"]),
    ],
)
def test_a_picture_in_the_front_matter_has_an_address_too(
    dialect: str, written: str, src: str | None, codes: list[str]
) -> None:
    content, _ = make("Text {{ x", dialect, picture=written)
    assert (content.picture.src if content.picture else None) == src
    assert [problem.code for problem in content.problems] == codes


def test_a_summary_has_no_tag() -> None:
    content, _ = make("Text.", "hexo", summary="A {% label x, word %}, {{ none }}{% post_link other %}.")
    assert content.summary == "A word, The <other>."
    assert [problem.code for problem in content.problems] == ["TPL003"]


def test_a_few_unknown_tags_are_told_of_one_body() -> None:
    content, _ = make("a " + "".join(f"{{% x{n} %}}" for n in range(100)), "hexo")
    assert [problem.code for problem in content.problems] == ["TPL002"] * MOST_TOLD


def test_problems_stand_where_the_tag_does() -> None:
    content, _ = make("One\n\n  two {% x %}", "hexo")
    assert [(problem.line, problem.column) for problem in content.problems] == [(7, 7)]


HOSTILE = [
    "{% asset_img x.png \"' onerror=pwned() '\" %}",
    "{% asset_img javascript:pwned()/x.png %}",
    '{% link <img/src=x/onerror=pwned()> https://e.org/"onclick=pwned() %}',
    "{% link x javascript:pwned() %}",
    "{% btn javascript:pwned(), x %}",
    '{% youtube "><script>pwned()</script> %}',
    '{% youtube https://e.org/"onmouseover="pwned() %}',
    "{% iframe javascript:pwned() %}",
    "{% iframe data:text/html,<script>pwned()</script> %}",
    '{% codeblock lang:x"onclick=pwned() %}</code></pre><script>pwned()</script>{% endcodeblock %}',
    "{% codeblock <svg/onload=pwned()> lang:js %}x{% endcodeblock %}",
    "{% raw %}<script>pwned()</script><img src=x onerror=pwned()>{% endraw %}",
    "{% html %}<img src=x onerror=pwned()>{% endhtml %}",
    "{% note %}</blockquote><script>pwned()</script>{% endnote %}",
    "{% folding x, <script>pwned()</script> %}a{% endfolding %}",
    "{% tabs <img> %}<!-- tab <img src=x onerror=pwned()> -->a{% endtabs %}",
    "{% blockquote <b onclick=pwned()>, x javascript:pwned() %}a{% endblockquote %}",
    "{% mermaid %}</code><script>pwned()</script>{% endmermaid %}",
    "{% label x, <img src=x onerror=pwned()> %}",
    "{% dplayer url=javascript:pwned() %}",
    "{{ '<script>pwned()</script>' }}",
    '{{ "<img src=x on" | append: "error=pwned()>" }}',
    "[x]({{ 'javascript:' | append: 'pwned()' }})",
    "<a href=\"{{ 'javas' }}{{ 'cript:pwned()' }}\">x</a>",
    "<a href='{{ \"'onclick='pwned()\" }}'>x</a>",
    '<img src="{{ page.x }}" onerror="{{ page.x }}">',
    "<!--feedwright-0--><img title='<!--feedwright-0-->'>{% codeblock %}'><script>pwned(){% endcodeblock %}",
    '<img title=\'{% note %}{% endnote %}\'><img alt="{% codeblock %}" onerror=pwned() {% endcodeblock %}">',
    "<{% raw %}script>pwned()</script{% endraw %}>",
    "<scr{% x %}ipt>pwned()</scr{% x %}ipt>",
    "<scr{{ '' }}ipt>pwned()</script>",
    "<style>{% note %}</style><script>pwned()</script>{% endnote %}",
    "<textarea>{% codeblock %}</textarea><img src=x onerror=pwned()>{% endcodeblock %}",
    '{{< figure src="javascript:pwned()" link="javascript:pwned()" alt="\\"><script>pwned()</script>" >}}',
    '{{< figure src="x.png" caption="<script>pwned()</script>" title="<img onerror=pwned()>" >}}',
    "{{< rawhtml >}}<script>pwned()</script><svg onload=pwned()>{{< /rawhtml >}}",
    '{{< details "<script>pwned()</script>" >}}x{{< /details >}}',
    '{{< link href="javascript:pwned()" >}}<img onerror=pwned()>{{< /link >}}',
    '{{< gist "../../\\"onclick=pwned()" >}}',
    "{{< tweet javascript:pwned() 1 >}}",
    "{{< param x >}}",
    "{{</* <script>pwned()</script> */>}}",
    '{{ image(src="javascript:pwned()", alt="\'><script>pwned()</script>") }}',
    "[x](@/javascript:pwned().md)",
    '[x]({filename}javascript:pwned().md) [x]({static}javascript:pwned()) ![x]({attach}"onerror=pwned())',
    '[x]({tag}<script>pwned()</script>) [y](|author|"onclick=pwned())',
    '<a href="{static}&quot;onclick=pwned()&quot;">x</a>',
]


@pytest.mark.parametrize("dialect", [*sorted(GENERATORS), ""])
@pytest.mark.parametrize("body", HOSTILE)
def test_no_tag_gives_what_runs(dialect: str, body: str) -> None:
    attack = '"><script>pwned()</script><img src=x onerror=pwned()>'
    known = bool(dialect)
    for path in ("posts/a.md", "posts/a.html"):
        fields = {"x": attack}
        try:
            content, made = make(f"Text. {body}", dialect or "hexo", known=known, path=path, fields=fields)
        except HeldError:
            continue
        assert sorted(faults(made)) == []
        assert content.asked is not None


PIECES = st.sampled_from(
    [
        *("{%", "%}", "{{", "}}", "{{<", ">}}", "{{%", "%}}", "{{</*", "*/>}}", "{% raw %}", "{% endraw %}"),
        *("note", "endnote", "/note", "youtube a", "codeblock", "endcodeblock", "tabs", "include plain.html"),
        *(
            "site.url",
            "'a'",
            "| append: 'b'",
            "(",
            ")",
            "](",
            "[x](",
            "href='",
            "'>",
            "`",
            "```\n",
            "\n\n",
            " ",
        ),
        *(
            "<!-- tab -->",
            "<!--feedwright-0-->",
            "- ",
            "> ",
            "@/posts/b.md",
            "{filename}b.md",
            "b.md",
            "\u2060",
        ),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from([*sorted(GENERATORS), ""]))
def test_any_text_is_safe_and_always_the_same(body: str, dialect: str) -> None:
    def outcome() -> object:
        try:
            return make(body, dialect or "hexo", known=bool(dialect))
        except HeldError as error:
            return error.problems

    first = outcome()
    assert first == outcome()
    if isinstance(first[0], Content):  # type: ignore[index]
        assert sorted(faults(first[1])) == []  # type: ignore[index]


OPENERS = [
    *(
        "{% x ",
        "{% x %}",
        "{% note %}",
        "{% raw %}",
        "{% codeblock %}",
        "{% tabs %}",
        "{{ x ",
        "{{ x }}",
        "{{< x ",
    ),
    *(
        "{{< x >}}",
        "{{%/* x */%}}",
        "]({{ x }}",
        "href={{ site.url }}",
        "{% note %}{% endnote %}",
        "` `` ",
        "{% x '",
    ),
    *(
        "{% x \n\n",
        "<!-- tab ",
        "{% end %}",
        "{{ f(",
        "[x](@/a.md) ",
        "[x]({filename}a) ",
        "- {% note %}\n",
        "{#",
    ),
]
CLOSERS = ["", "%}", "}}", "\n\n%}", "{% endnote %}", ">}}"]


@pytest.mark.parametrize(
    ("dialect", "body"),
    [("jekyll", "{% include plain.html text=page.long %}{{ page.long }}"), ("hexo", "{% x %}{{ long }}")],
)
def test_what_tags_give_has_a_limit(dialect: str, body: str) -> None:
    with pytest.raises(HeldError) as held:
        make(body * 100, dialect, fields={"long": "x" * 60_000}, tags={"x": "<p>{body}</p>" * 100})
    assert [problem.code for problem in held.value.problems] == ["HTML004"]


def test_includes_make_a_body_no_longer_than_it_may_grow() -> None:
    with pytest.raises(HeldError) as held:
        make("{% include long.html %}\n" * 50, "jekyll")
    assert [problem.code for problem in held.value.problems] == ["HTML004"]


def test_a_small_include_may_stand_in_a_body_many_times() -> None:
    body = "{% include plain.html text='x' %}\n\n" * 900
    assert html(body, "jekyll").count("<p>x on A *title*</p>") == 900


def test_what_an_include_gives_beside_its_own_text_has_a_limit() -> None:
    content, _ = make("a {% include many.html %}", "jekyll", fields={"long": "\U0001f600" * 15_000})
    assert [problem.code for problem in content.problems] == ["TPL002"]


def test_only_what_a_process_cannot_know_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []
    once = contents.make

    def make_once(*arguments: Any, **more: Any) -> tuple[Content, SafeHtml]:
        attempts.append(1)
        return once(*arguments, **more)

    monkeypatch.setattr(contents, "make", make_once)
    asked = dict(make("{{ site.cdn }} {% link posts/b.md %}", "jekyll")[0].asked)
    assert asked.keys() == {"site\ncdn", "article\nposts/b.md"}
    assert len(attempts) == 2
    asked = dict(make("{{ site.cdn }} {{ site.none }}", "jekyll")[0].asked)
    assert asked.keys() == {"site\ncdn", "site\nnone"}
    assert len(attempts) == 3


def test_a_light_body_with_a_heavy_include_is_made_where_it_can_be_stopped() -> None:
    with pytest.raises(contents.HeavyError):
        make("{% include long.html %}", "jekyll", light=True)
    assert make("a {% include plain.html %}", "jekyll", light=True)[1]


def _seconds(body: str, dialect: str) -> float:
    generator = GENERATORS[dialect or "hexo"]
    source = ArticleSource(article=make("", dialect or "hexo")[0].article, body=body, line=1, digest="")  # type: ignore[arg-type]
    options = BodyOptions(
        content=Path(), site_url=SITE, dialect=dialect or "hexo", is_known=bool(dialect), longest=10**6
    )
    templates = Templates(source, options, {})
    begun = time.process_time()
    expansion = templates.expand(templates.uncovered(body))
    internal_links.resolve(expansion.fill(expansion.text), generator, templates.page)
    return time.process_time() - begun


@pytest.mark.parametrize("opener", OPENERS)
def test_openers_cost_no_more_than_their_length(opener: str) -> None:
    for dialect in ("hexo", "jekyll", "hugo", "zola", "pelican", ""):
        for closer in CLOSERS:
            few, many = (opener * (size // len(opener)) + closer for size in (3_000, 12_000))
            _seconds(few, dialect)  # what is loaded and compiled once is no part of it
            base = max(_seconds(few, dialect), 0.01)
            assert min(_seconds(many, dialect) for _ in range(3)) < 12 * base, (dialect, closer)
