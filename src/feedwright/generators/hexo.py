"""Hexo (hexo.io/docs/front-matter, hexo.io/docs/permalinks, hexo.io/docs/configuration)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping

from feedwright.generators.configuration import Configuration, Given, Settings, merged_url, people
from feedwright.generators.generator import Archetype, Generator, PermalinkFacts, PermalinkRule
from feedwright.generators.markdown_dialect import PLUG_INS, described, has_math
from feedwright.generators.notation import DATE_FIELDS, packed, unpacked
from feedwright.generators.tags import hexo_tags
from feedwright.generators.template_syntax import TemplateSyntax
from feedwright.generators.url_paths import encode_path, page_of, without_suffix
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

# Permalinks

_PERMALINK = ":year/:month/:day/:title/"
_FILE_NAME = ":title.md"
_PARAMETER = lazy_pattern(r":(\w*[^_\W])", re.ASCII)
_SEGMENTS = {
    "year": r"(\d{4})",
    "month": r"(\d{2})",
    "day": r"(\d{2})",
    "i_month": r"(\d{1,2})",
    "i_day": r"(\d{1,2})",
    "hash": "([0-9a-f]{12})",
}
_SPECIAL = r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+"


def pattern(text: str) -> PermalinkRule:
    """Compile `:year/:title/`, with options: `file=`, the pattern of file names, and defaults by their names.

    `category=` is the category of articles without one, `map:Label=` the slug of a category; a name that
    Hexo does not know is a front-matter key.
    """
    rule, options = unpacked(text)
    if not _PARAMETER.search(rule):
        raise ValueError(f"has no parameter such as :title: {rule}")
    pieces = _PARAMETER.split(rule)
    from_name = _file_names(options.get("file", _FILE_NAME))

    def permalink(facts: PermalinkFacts) -> str:
        parsed = from_name(facts.path)
        values = (_parameter(name, facts, parsed, options) for name in pieces[1::2])
        return encode_path(pieces[0] + "".join(a + b for a, b in zip(values, pieces[2::2], strict=True)))

    return permalink


def _file_names(name: str) -> Callable[[str], Mapping[str, str]]:
    """Return what reads the parameters of `new_post_name` from a path; its `title` is the slug."""
    rule = without_suffix(name)
    names = _PARAMETER.findall(rule)
    literal, *others = _PARAMETER.split(rule)
    expression = re.escape(literal)
    for parameter, after in zip(others[::2], others[1::2], strict=True):
        expression += _SEGMENTS.get(parameter, "(.+?)") + re.escape(after)
    compiled = re.compile(expression)

    def parse(path: str) -> Mapping[str, str]:
        below = without_suffix(path.rpartition("_posts/")[2] if "_posts/" in path else path)
        match = compiled.fullmatch(below)
        values = dict(zip(names, match.groups(), strict=True)) if match else {}
        return values if "title" in values else {**values, "title": _slug(below)}

    return parse


def _parameter(
    name: str, facts: PermalinkFacts, parsed: Mapping[str, str], options: Mapping[str, str]
) -> str:
    slug = parsed["title"]
    if name in DATE_FIELDS:
        return DATE_FIELDS[name](facts.date)
    if name in _FIELDS:
        return _FIELDS[name](facts, slug)
    if name == "category":
        return _category(facts, options)
    if name != "id" and name in parsed:
        return parsed[name]
    written = facts.read(name)
    return written if written is not None else options.get(name) or facts.require(name)


def _stamp(facts: PermalinkFacts) -> str:
    return str(int(facts.date.timestamp()))


_FIELDS: Mapping[str, Callable[[PermalinkFacts, str], str]] = {
    "title": lambda facts, slug: slug,
    "name": lambda facts, slug: slug.rpartition("/")[2],
    "post_title": lambda facts, slug: _slug(facts.title).lower(),
    "timestamp": lambda facts, slug: _stamp(facts),
    "hash": lambda facts, slug: hashlib.sha1((slug + _stamp(facts)).encode()).hexdigest()[:12],  # noqa: S324
}


def _category(facts: PermalinkFacts, options: Mapping[str, str]) -> str:
    """The slug path of the last category; a plain list is one path."""
    if not facts.categories:
        return options.get("category", "uncategorized")
    is_plain = all(len(labels) == 1 for labels in facts.categories)
    labels = [labels[0] for labels in facts.categories] if is_plain else facts.categories[-1]
    return "/".join(_slug(options.get(f"map:{label}", label)) for label in labels)


def _slug(text: str) -> str:
    """Return `slugize` of hexo-util: letters without diacritics, in their case."""
    letters = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in letters if not 0x300 <= ord(c) < 0x370)
    return re.sub(_SPECIAL, "-", unicodedata.normalize("NFC", plain)).strip("-")


def page_permalink(permalink: str, facts: PermalinkFacts) -> str:
    """Return the path of a page's file, as HTML; `index` is the page of its folder."""
    return page_of(without_suffix(facts.path), ".html")


# The site's configuration

_OWN_KEYS = (
    *("source_dir", "public_dir", "tag_dir", "archive_dir", "category_dir", "code_dir", "i18n_dir"),
    *("skip_render", "new_post_name", "default_layout", "titlecase", "external_link", "filename_case"),
    *("render_drafts", "post_asset_folder", "relative_link", "default_category", "category_map", "tag_map"),
    *("per_page", "pagination_dir", "date_format", "time_format", "index_generator", "permalink_defaults"),
)
_PLACEHOLDERS = ("http://example.com", "http://yoursite.com")


_PACKAGE = "package.json"


def _recognizes(site: Configuration) -> bool:
    if [*site.files] == [_PACKAGE]:
        return False
    return site.has_folder("source/_posts") or (
        site.has_key(*_OWN_KEYS) and not site.has_folder("_posts") and site.has_folder("source")
    )


def _settings(site: Configuration) -> Settings:
    package = Configuration(files={_PACKAGE: site.files.get(_PACKAGE, {})}, has_folder=site.has_folder)
    files = {file: table for file, table in site.files.items() if file != _PACKAGE}
    site = Configuration(files=files, has_folder=site.has_folder)
    yield "markdown", _markdown(site, package)
    url = site.get("url")
    if url.text.rstrip("/") not in _PLACEHOLDERS:
        yield "url", merged_url(url, site.get("root").text)
    for name in ("title", "description", "timezone"):
        yield name, site.get(name)
    # the clock of its machine is taken for one in that zone, and the machine is most often one in UTC
    yield (
        "generator_timezone",
        replace(site.get("timezone"), value="UTC" if site.get("timezone").text else ""),
    )
    yield "description", site.get("subtitle")
    language = site.get("language")
    yield "language", language
    if isinstance(language.value, list) or ":lang" in site.get("permalink").text:
        yield "languages", replace(language, value={name: {} for name in [*language.texts, "*"]})
    named = site.get("use_slug_as_post_title")
    yield "titles_from_names", replace(named, value=named.is_true or "")
    author = site.get("author")
    if author.text != "John Doe":
        yield "author", people(author)
    yield "permalink", _configured_permalink(site)
    source = site.get("source_dir")
    yield "content", source.otherwise(site.default("source"))
    yield "static", site.default(site.theme_folders("themes/{}/source", "node_modules/hexo-theme-{}/source"))
    yield "site_output", site.get("public_dir").otherwise(site.default("public"))
    yield "ignore", site.default(["node_modules", *_below(site, source.text or "source")])


def _below(site: Configuration, source: str) -> list[str]:
    return [glob.removeprefix(f"{source}/") for glob in site.get("exclude", "ignore").texts]


def _configured_permalink(site: Configuration) -> Given:
    given = site.get("permalink")
    rule, file_name = given.text or _PERMALINK, site.get("new_post_name").text or _FILE_NAME
    if site.get("pretty_urls.trailing_index").text == "false":
        rule = rule.removesuffix("index.html")
    if site.get("pretty_urls.trailing_html").text == "false":
        rule = rule.removesuffix(".html")
    if site.get("post_asset_folder").is_true and not rule.endswith(("/", ".html")):
        rule += "/"
    options = {"file": "" if without_suffix(file_name) == ":title" else file_name}
    if ":category" in rule:
        options["category"] = site.get("default_category").text
        options |= _texts(site.get("category_map"), "map:")
    options |= _texts(site.get("permalink_defaults"))
    words = packed(rule, options)
    is_default = words.strip("/") == _PERMALINK.strip("/") and rule.endswith("/")
    return Given("hexo" if is_default else f"hexo {words}", given.file or site.file, given.key)


_FOOTNOTES = ("hexo-footnotes", "hexo-reference", "hexo-renderer-markdown-it-plus")
_MATH = ("hexo-katex", "hexo-filter-mathjax", "hexo-math", "hexo-mathjax", "hexo-renderer-mathjax")
_PLUS = ("subscript", "superscript", "definition-lists", "abbreviations", "insert", "mark", "math")
"""What the renderer markdown-it-plus turns on by itself."""

_ALL_PLUG_INS = "hexo-renderer-markdown"
"""A renderer that brings the plug-ins along, and uses them unless it is told not to."""


def _markdown(site: Configuration, package: Configuration) -> Given:
    """The dialect of the renderer that the site has installed, with its options."""

    def has(*names: str) -> bool | None:
        return any(package.get(f"dependencies.{name}").text for name in names) or None

    features: dict[str, bool | None] = {
        "footnotes": has(*_FOOTNOTES),
        "math": has_math(site) or has(*_MATH),
        "emoji": has("hexo-filter-github-emojis"),
    }
    if has("hexo-renderer-markdown-it", "hexo-renderer-markdown-it-plus", _ALL_PLUG_INS):
        table, name = "markdown", "markdown-it"
        render = {"breaks": "breaks", "autolinks": "linkify", "smart": "typographer", "html": "html"}
        features |= dict.fromkeys((*render, "captions"), True)
        features |= dict.fromkeys(_PLUS if has("hexo-renderer-markdown-it-plus") else (), True)
        if has(_ALL_PLUG_INS):
            features |= dict.fromkeys(sorted({*PLUG_INS.values()} - {"containers"}), True)
        features |= _given_flags(site, {key: f"markdown.render.{value}" for key, value in render.items()})
        names = site.get("markdown.plugins").value
        for plug_in in names if isinstance(names, list) else []:
            known = plug_in.get("name") if isinstance(plug_in, Mapping) else plug_in
            features |= {PLUG_INS[known]: True} if isinstance(known, str) and known in PLUG_INS else {}
    elif has("hexo-renderer-pandoc"):
        table, name = "pandoc", "commonmark"
        features |= dict.fromkeys(
            ("math", "smart", "definition-lists", "containers", "heading-attributes"), True
        )
    else:
        table, name = "marked", "hexo"
        options = {"breaks": "breaks", "autolinks": "autolink", "smart": "smartypants"}
        features |= _given_flags(site, {key: f"marked.{value}" for key, value in options.items()})
        features["math"] = features["math"] or has("hexo-renderer-kramed")
    if site.get("highlight.enable").flag is False and not site.get("prismjs.enable").is_true:
        features["captions"] = False
    return Given(described(name, features), site.file, table)


def _given_flags(site: Configuration, keys: Mapping[str, str]) -> dict[str, bool | None]:
    flags = {feature: site.get(key).flag for feature, key in keys.items()}
    return {feature: flag for feature, flag in flags.items() if flag is not None}


def _texts(given: Given, prefix: str = "") -> dict[str, str]:
    table = given.value if isinstance(given.value, Mapping) else {}
    return {prefix + str(key): value for key, value in table.items() if isinstance(value, str)}


GENERATOR = Generator(
    # its migration plug-ins write `url` into articles; Hexo does not know it
    keys={"permalink": "permalink"},
    permalink="{year}/{month}/{day}/{path}/",
    folders=frozenset(("_posts", "_drafts")),
    pattern=pattern,
    configuration_files=(_PACKAGE, "_config.json", "_config.yaml", "_config.yml"),
    recognizes=_recognizes,
    settings=_settings,
    dates_of_files=True,
    archetype=Archetype(path="_posts/{slug}.md", date="%Y-%m-%d %H:%M:%S", paths=True),
    command="npx hexo generate",
    feed="atom.xml",
    without_feed="npm uninstall hexo-generator-feed",
    posts="_posts",
    # what the renderer leaves as it is unless a plug-in reads it is more likely meant than not
    markdown="hexo footnotes",
    page_permalink=page_permalink,
    templates=TemplateSyntax(
        marks={"{%": "%}", "{{": "}}"},
        comment_marks={"{#": "#}"},
        raw=frozenset(("raw",)),
        code=frozenset(("codeblock", "code", "mermaid", "html")),
        comments=frozenset(("comment",)),
        in_fences=False,
        tags=hexo_tags.TAGS,
        values=hexo_tags.values,
        filters=hexo_tags.EXPRESSION_FILTERS,
        expression="{{",
        switches={"disablenunjucks": "true"},
    ),
)
