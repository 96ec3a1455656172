"""Pelican (docs.getpelican.com/en/latest/content.html, docs.getpelican.com/en/latest/settings.html)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from string import Formatter

from feedwright.generators.configuration import Configuration, Given, Settings
from feedwright.generators.generator import Archetype, Generator, PermalinkFacts, PermalinkRule
from feedwright.generators.internal_links import beside, markdown_link, split_address
from feedwright.generators.markdown_dialect import DIALECTS, EXTENSIONS, described, has_math
from feedwright.generators.notation import packed, unpacked
from feedwright.generators.tags import pelican_tags
from feedwright.generators.template_syntax import Page, TemplateSyntax
from feedwright.generators.transliteration import transliterate
from feedwright.generators.url_paths import encode_path, stem
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

# Permalinks

# The whole definition of a tag in markupsafe's `striptags`, which Pelican's `slugify` begins with.
_TAG = r"(?s)<!--.*?-->|<.*?>"


_TRANSLATION = "{slug}-{lang}.html"


def permalink(facts: PermalinkFacts) -> str:
    """Return `{slug}.html`; without a slug in the front matter it is made of the title.

    In another language than the site's it is `{slug}-{lang}.html`.
    """
    return encode_path(_article_slug(facts, {}) + (f"-{facts.language}.html" if facts.language else ".html"))


def _article_slug(facts: PermalinkFacts, options: Mapping[str, str]) -> str:
    name = stem(facts.path)
    if facts.slug:
        return facts.slug
    if match := re.fullmatch(_SLUGS_IN_NAMES.get(options.get("filename", ""), "(?!)"), name):
        return match["slug"]
    return _slug(name if options.get("source") == "basename" else facts.title, options) or name


def _slug(title: str, options: Mapping[str, str]) -> str:
    """Return `pelican.utils.slugify` with the default `SLUG_REGEX_SUBSTITUTIONS`.

    The options `unicode` and `case` leave letters of other scripts and capitals as they are.
    """
    from html import unescape

    text = unescape(" ".join(re.sub(_TAG, "", title).split()))
    text = unicodedata.normalize("NFKC", text)
    if "unicode" not in options:
        text = "".join(map(transliterate, text))
    text = re.sub(r"[^\w\s-]", "", text).strip()
    text = re.sub(r"[-\s]+", "-", text)
    return text if "case" in options else text.lower()


_SLUGS_IN_NAMES = {
    "date-slug": r"\d{4}-\d{2}-\d{2}[-_](?P<slug>.*)",
    "date-any": r"\d{4}-\d{2}-\d{2}.(?P<slug>.*)",
    "slug": r"(?P<slug>.*)",
}
"""Forms of `FILENAME_METADATA` that are known, by name: an expression of the site's is never run."""

_ARTICLES = (".md", ".markdown", ".mkd", ".mdown", ".rst", ".html", ".htm")
_DIRECTIVES = frozenset("YymdHMSjBbaA")


def pattern(text: str) -> PermalinkRule:
    """Compile an `ARTICLE_URL` such as `{date:%Y}/{slug}.html`, with options for slugs.

    `source=basename`, `filename=date-slug`, `unicode=yes` and `case=yes` tell how a slug is made;
    `category=` and `author=` are those of articles that name none, `translation=` is `ARTICLE_LANG_URL`.
    """
    rule, options = unpacked(text)
    usual = _rule(rule, options)
    translation = _rule(options.get("translation", _TRANSLATION), options)
    return lambda facts: translation(facts) if facts.language else usual(facts)


def _rule(rule: str, options: Mapping[str, str]) -> PermalinkRule:
    try:
        pieces = [(literal, name, form or "") for literal, name, form, _ in Formatter().parse(rule)]
    except ValueError:
        raise ValueError(f"has an unmatched brace: {rule}") from None
    if not any(name for _, name, _ in pieces):
        raise ValueError(f"has no field such as {{slug}}: {rule}")
    fields = [(literal, _field(name, form, options) if name else None) for literal, name, form in pieces]

    def permalink(facts: PermalinkFacts) -> str:
        path = "".join(literal + (field(facts) if field else "") for literal, field in fields)
        return encode_path(path.removesuffix("index.html"))

    return permalink


def _field(name: str, form: str, options: Mapping[str, str]) -> Callable[[PermalinkFacts], str]:
    if form and (name != "date" or not set(re.findall("%-?(.)", form)) <= _DIRECTIVES):
        raise ValueError(f"has the form {{{name}:{form}}}, which cannot be followed")
    if name == "slug":
        return lambda facts: _article_slug(facts, options)
    if name == "date":
        return lambda facts: facts.local.strftime(form) if form else facts.local.isoformat(" ")
    if name == "category":
        return lambda facts: _slug(_category(facts, options), options)
    if name == "author":
        return lambda facts: _slug(facts.read("author") or options.get("author", ""), options)
    if name == "lang":
        return lambda facts: facts.language or facts.read("lang") or options.get("lang", "en")
    return lambda facts: facts.require(name)


def _category(facts: PermalinkFacts, options: Mapping[str, str]) -> str:
    return facts.categories[0][0] if facts.categories else options.get("category", "misc")


def page_permalink(permalink: str, facts: PermalinkFacts) -> str:
    """Return `pages/{slug}.html`."""
    return encode_path(f"pages/{_article_slug(facts, {})}.html")


# Addresses in articles (docs.getpelican.com/en/latest/content.html#linking-to-internal-content)

_INTERNAL = lazy_pattern(r"[{|](filename|static|attach|tag|category|author|index)[|}](.*)", re.DOTALL)
_LISTS = ("tag", "category", "author")


def internal(address: str, page: Page) -> str | None:
    """Return where `{filename}other.md` and the like lead, "" for nowhere; None for any other address."""
    match = _INTERNAL.match(address)
    if match is None:
        return markdown_link(address, page)
    kind, (name, rest) = match[1], split_address(match[2])
    if kind == "index":
        return f"{page.site_url}index.html{rest}"
    if kind in _LISTS:
        return f"{page.site_url}{kind}/{encode_path(_slug(name, {}))}.html{rest}"
    path = beside(name, page.path)
    if kind == "filename" and path.lower().endswith(_ARTICLES):
        target = page.article(path, written=name)
        return target.value + rest if target else ""
    if path.startswith("../"):
        return ""
    if kind == "attach":
        folder = page.path.rpartition("/")[0]
        is_below = not folder or path.startswith(f"{folder}/")
        path = path[len(folder) :].lstrip("/") if is_below else path.rpartition("/")[2]
        return f"{page.link.rpartition('/')[0]}/{encode_path(path)}{rest}"
    return page.site_url + encode_path(path) + rest


# The site's configuration


def _settings(site: Configuration) -> Settings:
    yield "url", site.get("SITEURL")
    yield "title", site.get("SITENAME")
    yield "description", site.get("SITEDESCRIPTION", "SITESUBTITLE")
    yield "language", site.get("DEFAULT_LANG")
    yield "languages", site.default({"*": {}})
    yield "author", site.get("AUTHOR")
    yield "timezone", site.get("TIMEZONE")
    yield "markdown", _markdown(site)
    yield "permalink", _configured_permalink(site)
    path = site.get("PATH")
    yield "content", path.otherwise(site.default("."))
    output = site.get("OUTPUT_PATH")
    yield "site_output", output.otherwise(site.default("output"))
    category = site.get("DEFAULT_CATEGORY")
    if site.get("USE_FOLDER_AS_CATEGORY").text != "false":
        yield "folder_categories", site.default(True)
    yield "default_category", category.otherwise(site.default("misc"))
    date = site.get("DEFAULT_DATE")
    yield "defaults", replace(date, value={"*": {"date": text}} if (text := _default_date(date)) else {})
    pages, excluded = site.get("PAGE_PATHS"), site.get("ARTICLE_EXCLUDES", "IGNORE_FILES")
    folders = [f"{folder.strip('/')}/**" for folder in (pages.texts if pages.key else ["pages"])]
    if not path.text or path.text in (".", "./"):
        folders += [f"{name}/**" for name in ("output", "theme", "themes", "plugins", "node_modules")]
    yield "ignore", Given([*folders, *excluded.texts], site.file, pages.key)


def _default_date(given: Given) -> str:
    """The date of articles without one; "" where it is that of their files (`fs`), which nobody else has."""
    numbers = given.texts if isinstance(given.value, list) else []
    if not numbers:
        return given.text if given.text != "fs" else ""
    if not 3 <= len(numbers) <= 6 or not all(text.isdecimal() for text in numbers):
        return ""
    year, month, day, *clock = (text.zfill(2) for text in [*numbers, "0", "0", "0"][: max(6, len(numbers))])
    return f"{year}-{month}-{day} {':'.join(clock[:3])}"


def _configured_permalink(site: Configuration) -> Given:
    """The address that `ARTICLE_URL` gives; where only `ARTICLE_SAVE_AS` is set, that of the file."""
    given = site.get("ARTICLE_URL").otherwise(site.get("ARTICLE_SAVE_AS"))
    rule = given.text.removesuffix("index.html") if "{" in given.text else "{slug}.html"
    name = site.get("FILENAME_METADATA").text
    translation = site.get("ARTICLE_LANG_URL", "ARTICLE_LANG_SAVE_AS").text.removesuffix("index.html")
    translation = translation if "{" in translation else _TRANSLATION
    options = {
        "source": "basename" if site.get("SLUGIFY_SOURCE").text == "basename" else "",
        "filename": _form_of_names(name) if "(?P<slug>" in name else "",
        "unicode": "yes" if site.get("SLUGIFY_USE_UNICODE").is_true else "",
        "case": "yes" if site.get("SLUGIFY_PRESERVE_CASE").is_true else "",
        "category": site.get("DEFAULT_CATEGORY").text if "{category}" in rule else "",
        "author": site.get("AUTHOR").text if "{author}" in rule else "",
        "lang": site.get("DEFAULT_LANG").text if "{lang}" in rule else "",
        "translation": "" if translation == _TRANSLATION else translation,
    }
    words = packed(rule, options)
    is_default = words == "{slug}.html"
    file = given.file or site.file
    return Given("pelican" if is_default else f"pelican {words}", file, given.key)


def _markdown(site: Configuration) -> Given:
    """The extensions of Python-Markdown that `MARKDOWN` names and that come with it."""
    given = site.get("MARKDOWN")
    configured, listed = site.get("MARKDOWN.extension_configs"), site.get("MARKDOWN.extensions")
    names = {*listed.texts, *(configured.value if isinstance(configured.value, Mapping) else ())}
    extensions = {name.rpartition(".")[2] for name in names} & EXTENSIONS
    features: dict[str, bool | None] = {}
    if isinstance(given.value, Mapping):
        features |= dict.fromkeys(sorted(DIALECTS["python-markdown"]), False)
    features |= dict.fromkeys(sorted(extensions), True)
    plug_ins = {name.rpartition(".")[2] for name in site.get("PLUGINS").texts}
    features["math"] = has_math(site) or "render_math" in plug_ins or None
    return Given(described("python-markdown", features), given.file or site.file, given.key)


def _form_of_names(expression: str) -> str:
    """The name of a form of `FILENAME_METADATA` with a slug, "" for one that is not known."""
    plain = re.sub(r"\\d\{4\}-\\d\{2\}-\\d\{2\}|\\d\{4\}-\\d\d-\\d\d|\\d\+-\\d\+-\\d\+", "DATE", expression)
    plain = plain.removeprefix("^").removesuffix("$").replace("[^.]*).*", ".*)").replace(".+", ".*")
    known = {
        "(?P<date>DATE)-(?P<slug>.*)": "date-slug",
        "(?P<date>DATE)_(?P<slug>.*)": "date-slug",
        "(?P<date>DATE)[-_](?P<slug>.*)": "date-slug",
        "(?P<date>DATE).(?P<slug>.*)": "date-any",
        "(?P<slug>.*)": "slug",
    }
    return known.get(plain, "")


GENERATOR = Generator(
    keys={
        "updated": "modified updated lastmod last_modified_at last_modified datemodified",
        "categories": "category categories",
        "summary": "summary description excerpt",
        "permalink": "url permalink",
    },
    splits={"tags": ";,", "authors": ";,", "keywords": ";,"},
    permalink=permalink,
    category_slug=lambda name: _slug(name, {}),
    markdown="python-markdown",
    pages=frozenset(("pages",)),
    dated_names_first=True,
    requires_title=True,
    page_permalink=page_permalink,
    internal=internal,
    internal_marks=("{", "|"),
    # those of the plug-in liquid_tags; a site without it has none
    templates=TemplateSyntax(
        marks={"{%": "%}"},
        code=frozenset(("codeblock",)),
        in_fences=False,
        tags=pelican_tags.TAGS,
        locks=frozenset(),
        keeps_unknown=True,
    ),
    pattern=pattern,
    configuration_files=("pelicanconf.py", "publishconf.py"),
    settings=_settings,
    archetype=Archetype(notation="headers", date="%Y-%m-%d %H:%M", category="category", single=True),
    command="pelican",
    feed="feeds/all.atom.xml",
    without_feed="FEED_ALL_ATOM = None and CATEGORY_FEED_ATOM = None in the configuration",
)
