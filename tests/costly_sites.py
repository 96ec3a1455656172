"""Sites of less than a megabyte, grown from constructs that are repeated: each seed is one site."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import TypeAlias

from feedwright.generators.markdown_dialect import DIALECTS, features_of
from feedwright.generators.table import GENERATORS
from feedwright.generators.template_syntax import TemplateSyntax

Files: TypeAlias = dict[str, bytes]
"""The files of a site by their paths below its folder; the articles are in `content`."""

SIZE = 1_000_000

_HTML = [
    *("<b>", "<b {}>", "<i>", "<a href={}>", "</a>", "<font {}>", "<nobr>", "<p>", "</p>", "<div>", "</div>"),
    *(
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "<ul>",
        "<li>",
        "<svg>",
        "<math>",
        "<select>",
        "<template>",
        "</b>",
    ),
    *(
        "<form>",
        "<button>",
        "<style>",
        "<script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<pre>\n",
        "<noscript>",
    ),
    *(
        "<img src=a>",
        "<img srcset='{} 1x, b 2x'>",
        '<img srcset="',
        " x,",
        '">',
        "<picture>",
        "<source srcset=a>",
    ),
    *(
        "<video>",
        "<iframe src=https://www.youtube.com/embed/a>",
        "<img data-src={}>",
        "&amp",
        "&#0;",
        "&",
        "&#x",
    ),
    *(
        "<span class='language-{}'>",
        "</span>",
        "<br>",
        "<hr>",
        "<!-- more -->",
        "<x-{}>",
        "<a",
        " a",
        "='",
        '"',
    ),
    *("\u0344", "\u0316", "\u200b", "\ufffd", "e\u0301", "\U0001f468\u200d", "\u202e", "字", "。", "? ", "<"),
]
_MARKDOWN = [
    *("> ", "> > > ", "- ", "* ", "1. ", "  ", "    ", "\t", "\n", "\n\n", "# ", "===\n", "---\n", "```\n"),
    *("~~~\n", "|", "||\n", "|-|-|\n", "|a|b|\n", "[", "]", "](", ")", "![", "[a]: b\n", "[a]", "[a]: <b\n"),
    *("[^{}]: ", "[^{}]", "^[", "*", "**", "_", "*a_", "~~", "`", "``", "\\", "<a:", "<div>\n", "<pre>\n"),
    *("</div>\n", "<!--", "<?", "<!A", "a\n", "x ", "'", '"', '[a]: b "', "&copy;", "|x\n", ": ", "- - - "),
]
_FIELDS = [
    *("{}: x\n", "tags: [a, {}]\n", "categories: [a/b/{}]\n", "x: &a{} [1]\n", "x{}: *a\n", "- ", "  - a\n"),
    *(
        "{{",
        "}}",
        "[",
        "]",
        ": ",
        "? ",
        "'",
        '"',
        "\\",
        "|\n",
        ">\n",
        "#",
        "!!str ",
        "%",
        "a.",
        "a = 1\n",
        "{} = 1\n",
    ),
    *("[a.{}]\n", "[[a]]\n", "'''", '"""', "= {{a = 1}}\n", '"{}": 1,\n', '"a": [', '"a": {{', "Title: {}\n"),
    *(
        " go on\n",
        "Category: {}\n",
        "Tags: a, {}\n",
        "date: 2026\n",
        "title: x",
        " ",
        "\n",
        "\u0344",
        "\u3000",
    ),
    *("photos: [a{}.png]\n", "author: a <a@b>\n", "author: [{}]\n", "summary: <b>{}\n", "permalink: /{}/\n"),
]
_NOTATIONS = {
    "yaml": "---\ntitle: T\ndate: 2026-01-03 12:00:00 +0100\n{}---\n",
    "toml": "+++\ntitle = 'T'\ndate = 2026-01-03T12:00:00Z\n{}+++\n",
    "json": '{{"title": "T", "date": "2026-01-03 12:00:00 +0100", {}"z": 0}}\n',
    "headers": "Title: T\nDate: 2026-01-03 12:00\n{}\n\n",
}
_SIZES = (500, 4_000, 16_000, 31_000, 60_000, 200_000, 900_000)


_DIALECTS = [
    *("{: .a}", "{:a: b}\n", "{::comment}", "{:/}", "{:toc}\n", "*[{}]: a\n", "*[a", "$$", "$", "\\[", "\\]"),
    *("\\(", "\\)", "a\n: b\n", ": ", "{#a}", "# a {#a .b c=d", "www.a.b", "http://a.b/(", "ftp://", "a@b.c"),
    *("'", '"', "''", "--", "---", "...", "<<", ">>", "> [!NOTE]\n", "- [ ] ", "~", "~a~", "^", "^a^", "=="),
    *("[[", "]]", "!!! note\n    ", "!!! ", "[TOC]\n", ":::python\n", "    :::", "<div markdown=1>\n", "\\|"),
    *(
        '<p markdown="span">',
        "markdown=1",
        "</div>\n\n",
        "+---+\n",
        "|a|\n",
        "|",
        "``` {",
        "``` a\n",
        "`` ` ",
    ),
    *(
        "[a][",
        "[a] [",
        "&lt",
        "==a==",
        "\\\\\n",
        "  \n",
        "1) ",
        "a\n=\n",
        "a\n-\n",
        "{",
        "}",
        "#",
        "[^a]",
        "__a",
    ),
]
_ARGUMENTS = [
    *(
        "",
        " a",
        ' "a"',
        ' "',
        " '",
        " \\",
        ' \\"',
        " a=",
        ' a="b"',
        " src={}.png",
        " {}",
        " a:b",
        "|",
        ",",
        " (",
        ")",
    ),
    *(
        " include.x",
        " | append: page.title",
        " | append:",
        "/",
        " https://a.b/{}",
        "::",
        "`",
        " 1",
        "\n",
        "\n\n",
    ),
]
_PAGES = [
    *(
        "<article>",
        "</article>",
        "<main>",
        "<div class=content>",
        "<div class=post-content>",
        "<div class=share>",
    ),
    *(
        "<div class=toc>",
        "<p class=toc>",
        "<a href=#{}>a</a>",
        "<nav>",
        "</nav>",
        "<h1>T</h1>",
        "<h2>a</h2>",
        "</div>",
    ),
    *(
        "<pre>",
        "<code>",
        "<span class=lineno>1</span>",
        "<span class=a>",
        "<td class=gutter>",
        "<base href=/{}/>",
    ),
    *(
        "<input type=password>",
        "<template>",
        "<script>",
        "a b c ",
        "a ",
        "字",
        "<span id=more></span>",
        "<img src={}>",
    ),
    *(
        "<a href=http://a.b/{}>a</a>",
        "<div class=sr-only>",
        "<td>",
        "<section>",
        "<details>",
        "<svg>",
        "&amp;",
    ),
]
_NAMES = ("a", "b", "ab", "{}", "aaaaaaaaaaaaaaaa", "-", "字", "\u0344")
_GLOBS = ("*", "**", "?", "a", "[ab]", "[", "/", "{}", "*/*", ".md")


def site(seed: int) -> Files:
    """Return the files of a site; one seed in `FORMS` has nothing but an article, or several alike."""
    random = Random(seed)
    files = FORMS[seed % len(FORMS)](random)
    room = SIZE - 1
    for path, data in files.items():
        files[path] = data[:room]
        room -= len(files[path])
    return {path: data for path, data in files.items() if data}


def _articles(random: Random) -> Files:
    suffix = random.choice(("html", "md"))
    notation = random.choice(list(_NOTATIONS))
    size = random.choice(_SIZES)
    in_head = random.random() < 0.3
    head = (
        _grown(random, _FIELDS, min(size, 62_000))
        if in_head
        else random.choice(("", "permalink: /%s/\n" % ("a" * 1900)))
    )
    if not in_head and notation != "yaml":
        head = ""
    constructs = _HTML if suffix == "html" else _MARKDOWN + random.sample(_HTML, 12)
    body = "text" if in_head else _grown(random, constructs, size)
    text = _NOTATIONS[notation].format(head) + body
    data = text.encode("utf-8", "replace")
    number = random.choice((1, 1, 1, 3)) if len(data) * 3 < SIZE else 1
    return {f"content/a{at}.{suffix}": data for at in range(number)}


def _in_a_dialect(random: Random) -> Files:
    name = random.choice(list(DIALECTS))
    features = random.sample(sorted(features_of(name)), random.randint(0, 6))
    constructs = _DIALECTS + random.sample(_MARKDOWN, 20) + random.sample(_HTML, 6)
    body = _grown(random, constructs, random.choice(_SIZES))
    return {**_settings(markdown=" ".join([name, *features])), "content/a.md": _article(body)}


def _with_tags(random: Random) -> Files:
    name = random.choice(list(GENERATORS))
    constructs = (
        _tags(random, GENERATORS[name].templates) + random.sample(_MARKDOWN, 4) + ["a ", "\n", "\n\n"]
    )
    body = _grown(random, constructs, random.choice(_SIZES))
    suffix = random.choice(("html", "md"))
    is_known = random.random() < 0.8
    return {**(_settings(dialect=name) if is_known else {}), f"content/a.{suffix}": _article(body)}


def _with_includes(random: Random) -> Files:
    name = random.choice(("jekyll", "eleventy"))
    constructs = random.choice((_HTML, _MARKDOWN, _DIALECTS))
    constructs = [*constructs, "{{ include.x }}", "{{ page.x }}", "{{ page.title | append: include.x }}"]
    include = _grown(random, constructs, random.choice((500, 4_000, 60_000)))
    argument = _grown(random, constructs, random.choice((0, 500, 30_000))).replace('"', "")
    units = [
        f'{{% include a.html x="{argument}" %}}\n',
        "{% include a.html %}",
        "[a]({% include a.html %})",
        "a\n\n",
    ]
    body = _grown(random, units, random.choice((500, 30_000, 200_000)))
    article = _article(body, x=_grown(random, constructs, random.choice((0, 30_000))))
    number = random.choice((1, 1, 3, 100)) if len(article) < 5_000 else 1
    return {
        **_settings(dialect=name),
        "content/_includes/a.html": include.encode("utf-8", "replace"),
        **{f"content/a{at}.{random.choice(('html', 'md'))}": article for at in range(number)},
    }


def _with_pages(random: Random) -> Files:
    constructs = _PAGES + random.sample(_HTML, 12)
    page = _grown(random, constructs, random.choice(_SIZES))
    source = _grown(
        random, random.choice((["a ", "b ", "c "], constructs)), random.choice((5, 500, 30_000, 200_000))
    )
    settings = _settings(bodies="pages", site_output="public", permalink="{slug}.html")
    return {**settings, "content/a.md": _article(source), "public/a.html": page.encode("utf-8", "replace")}


def _with_neighbours(random: Random) -> Files:
    """Many small articles with names, defaults and languages, of which one refers to others."""
    number = random.choice((3, 30, 300, 2_000))
    dialect = random.choice(list(GENERATORS))
    folders = [_name(random, 40) for _ in range(random.choice((1, 3, 300)))]
    paths = [f"{random.choice(folders)}/{_name(random, random.choice((20, 200)))}.md" for _ in range(number)]
    sections = {
        f"content/{folder}/_index.md": _cascade(random) for folder in folders if random.random() < 0.5
    }
    patterns = [_sequence(random, list(_GLOBS), 6).strip("/").replace("{}", str(at)) for at in range(number)]
    patterns = [*dict.fromkeys(filter(None, patterns))]
    body = "".join(_reference(random, dialect, _name(random, 200)) for _ in range(100))
    written = f'dialect = "{dialect}"\nlimit = "all"\n'
    written += (
        f"ignore = {json.dumps(patterns[:: random.choice((1, 100))])}\n" if random.random() < 0.2 else ""
    )
    written += "".join(f"[defaults.{json.dumps(pattern)}]\ntags = 'a'\n" for pattern in patterns)
    return {
        "feedwright.toml": written.encode(),
        "content/z.md": _article(body),
        **sections,
        **{f"content/{path}": _article("a") for path in paths},
    }


def _with_configuration(random: Random) -> Files:
    name = random.choice(
        ("_config.yml", "hugo.toml", "hugo.yaml", "zola.toml", "pelicanconf.py", "_data/a.yml")
    )
    text = _grown(random, _FIELDS, random.choice((4_000, 60_000, 900_000)))
    return {"content/a.md": _article("a"), name: f"title: a\n{text}".encode("utf-8", "replace")}


FORMS: tuple[Callable[[Random], Files], ...] = (
    _articles,
    _in_a_dialect,
    _with_tags,
    _with_includes,
    _with_pages,
    _with_neighbours,
    _with_configuration,
)


def _settings(**values: str) -> Files:
    return {
        "feedwright.toml": "".join(f"{name} = {json.dumps(text)}\n" for name, text in values.items()).encode()
    }


def _article(body: str, **fields: str) -> bytes:
    head = {"title": "T", "date": "2026-01-03 12:00:00 +0100", **fields}
    return f"{json.dumps(head, ensure_ascii=False)}\n{body}".encode("utf-8", "replace")


def _tags(random: Random, syntax: TemplateSyntax) -> list[str]:
    """Tags of a generator, whole ones and parts."""
    marks = [*syntax.marks.items(), *syntax.comment_marks.items(), *syntax.escapes.items()] or [("{{", "}}")]
    names = [
        *random.sample([*syntax.tags] or ["a"], min(6, len(syntax.tags) or 1)),
        *syntax.raw,
        *syntax.locks,
    ][:10]
    constructs = [part for pair in marks for part in pair]
    for name in names:
        opening, closing = random.choice(marks)
        arguments = _sequence(random, _ARGUMENTS, random.randint(0, 3))
        constructs += [
            f"{opening} {name}{arguments} {closing}",
            f"{opening} end{name} {closing}",
            f"{opening} /{name} {closing}",
        ]
    return constructs + [f"{random.choice(names)}{argument}" for argument in random.sample(_ARGUMENTS, 4)]


def _name(random: Random, longest: int) -> str:
    name = "".join(random.choice(_NAMES) for _ in range(longest)).format(*[random.randint(0, 9)] * longest)
    return "a" + name.encode()[: longest - 1].decode(errors="ignore")


def _cascade(random: Random) -> bytes:
    rows = "".join(
        f"- a{at}: b\n  _target: {{path: '/{_sequence(random, ['*', 'a', '/'], 8)}'}}\n"
        for at in range(random.choice((1, 50)))
    )
    return f"---\ncascade:\n{rows}---\n".encode()


def _reference(random: Random, dialect: str, name: str) -> str:
    forms = {"hugo": '{{{{< ref "{}" >}}}}', "jekyll": "{{% post_url {} %}}", "zola": "[a](@/{}.md)"}
    return forms.get(dialect, "{{% post_link {} %}}").format(name) + "\n"


def _grown(random: Random, constructs: list[str], size: int) -> str:
    """A beginning, a unit that is repeated and an end; or several of them one after another."""
    parts: list[str] = []
    for _ in range(random.choice((1, 1, 2, 3))):
        share = size // random.choice((1, 2, 3))
        unit = _sequence(random, constructs, random.choice((1, 1, 2, 2, 3, 5, 8)))
        numbered = "{}" in unit and random.random() < 0.7
        before = _sequence(random, constructs, random.randint(0, 4)).replace("{}", "b")
        if random.random() < 0.4:
            before *= random.choice((1, 3, 30, 300))
        count = max(1, (share - len(before)) // max(1, len(unit)))
        units = (
            (unit.replace("{}", str(at)) for at in range(count))
            if numbered
            else (unit.replace("{}", "a"),) * count
        )
        parts += [before[:share], *units]
    return "".join(parts)[:size]


def _sequence(random: Random, constructs: list[str], number: int) -> str:
    return "".join(random.choice(constructs) for _ in range(number))
