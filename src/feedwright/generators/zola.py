"""Zola (getzola.org/documentation/content/page, getzola.org/documentation/getting-started/configuration)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from feedwright.generators.configuration import Configuration, Given, Settings
from feedwright.generators.generator import HIDES, SHOWS, Archetype, Generator, PermalinkFacts, PermalinkRule
from feedwright.generators.internal_links import markdown_link, split_address
from feedwright.generators.markdown_dialect import described, has_math
from feedwright.generators.notation import packed, unpacked
from feedwright.generators.tags import zola_tags
from feedwright.generators.template_syntax import Page, TemplateSyntax
from feedwright.generators.transliteration import transliterate
from feedwright.generators.url_paths import encode_path, without_suffix
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

# Permalinks

_DATE = lazy_pattern(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:T\S*?)?[-_](?=.)")
_UNSAFE = lazy_pattern(r'[<>:|?*#()\[\]{}\n"\\\r\0]')
_STRATEGIES = ("on", "safe", "off")


def permalink(facts: PermalinkFacts) -> str:
    """Return `path` of the front matter, else the folders and the slug; a bundle is its folder's page."""
    return _path(facts, "on", keeps_dates=False)


def pattern(text: str) -> PermalinkRule:
    """Compile what `[slugify]` says: `on`, `safe` or `off`, and `dates=keep`."""
    strategy, options = unpacked(text)
    if (strategy or "on") not in _STRATEGIES or not options.keys() <= {"dates"}:
        raise ValueError(f"is not on, safe or off, with dates=keep: {text}")
    return lambda facts: _path(facts, strategy or "on", keeps_dates="dates" in options)


def _path(facts: PermalinkFacts, strategy: str, *, keeps_dates: bool) -> str:
    if path := facts.read("path"):
        return encode_path(path.strip().strip("/") + "/")
    *folders, name = without_suffix(facts.path).split("/")
    if name == "index" and folders:
        name = folders.pop()
    if facts.slug:
        slug = _slug(facts.slug, strategy)
    else:
        bare = name if keeps_dates else _DATE.sub("", name, count=1)
        slug = _slug(bare, strategy)
    return encode_path("/".join([*(_slug(folder, strategy) for folder in folders), slug or name]) + "/")


def _written(text: str, facts: PermalinkFacts) -> str:
    return f"{text.strip('/')}/" if "://" not in text and facts.read("path") == text else text


def _slug(text: str, strategy: str) -> str:
    if strategy == "off":
        return text
    if strategy == "safe":
        return _UNSAFE.sub("", re.sub(r"\s+", "_", text.strip()))
    plain = "".join(map(transliterate, text)).lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


# Sections (getzola.org/documentation/content/section)

_UNSEEN_IN_FEEDS = "hide_from_feed"
"""The key of the theme tabi, of a page or of a section."""


def cascade(fields: Mapping[str, object]) -> Iterator[tuple[str, dict[str, str]]]:
    """Hide the articles below a draft, which Zola does not look at, and those that a theme hides."""
    extra = fields.get("extra")
    of_theme = extra.get(_UNSEEN_IN_FEEDS) if isinstance(extra, Mapping) else None
    if "true" in (fields.get("draft"), of_theme):
        yield "", {"hidden": "true"}


# Addresses in articles (getzola.org/documentation/content/linking)


def internal(address: str, page: Page) -> str | None:
    """Return where `@/folder/other.md` leads, "" for nowhere; None for any other address."""
    if not address.startswith("@/"):
        return markdown_link(address, page)
    path, rest = split_address(address[2:])
    folder, _, name = path.rpartition("/")
    if name == "_index.md":
        return f"{page.site_url}{encode_path(folder)}/{rest}" if folder else page.site_url + rest
    target = page.article(path, written=path)
    return target.value + rest if target else ""


# The site's configuration


def _recognizes(site: Configuration) -> bool:
    return bool(site.get("base_url").text)


def _settings(site: Configuration) -> Settings:
    yield "url", site.get("base_url")
    yield "title", site.get("title")
    yield "description", site.get("description")
    yield "language", site.get("default_language")
    languages = site.get("languages")
    yield "languages", replace(languages, value=dict(_languages(site, languages.value)))
    yield "author", site.get("author")
    yield "timezone", site.default("UTC")
    options = {
        "alerts": "github_alerts",
        "definition-lists": "definition_list",
        "smart": "smart_punctuation",
    }
    features = {feature: site.get(f"markdown.{key}").flag for feature, key in options.items()}
    features["math"] = has_math(site)
    yield "markdown", Given(described("pulldown-cmark", features), site.file, "markdown")
    yield "content", site.default("content")
    own = [*filter(site.has_folder, ["static"])]
    yield "static", site.default([*own, *site.theme_folders("themes/{}/static")])
    output = site.get("output_dir")
    yield "site_output", output.otherwise(site.default("public"))
    ignored = site.get("ignored_content")
    yield "ignore", replace(ignored, value=ignored.texts)
    strategy, keep = site.get("slugify.paths"), site.get("slugify.paths_keep_dates")
    words = packed(
        "" if strategy.text in ("", "on") else strategy.text, {"dates": "keep" if keep.is_true else ""}
    )
    place = strategy if strategy.text else keep
    yield "permalink", Given(f"zola {words}" if words else "zola", place.file or site.file, place.key)


def _languages(site: Configuration, tables: object) -> Iterator[tuple[str, dict[str, str]]]:
    for name in tables if isinstance(tables, Mapping) else ():
        texts = {key: site.get(f"languages.{name}.{key}").text for key in ("title", "description")}
        yield name, texts


GENERATOR = Generator(
    keys={
        "categories": "taxonomies.categories taxonomies.category categories category",
        "tags": "taxonomies.tags tags tag keywords",
        "authors": "authors author extra.author extra.authors creator",
        "summary": "description summary excerpt extra.summary",
        # `path` is the whole path of a page, without the folder of its language
        "permalink": "path permalink url",
    },
    hiding={
        **dict.fromkeys(("render", "include_in_feeds"), SHOWS),
        f"extra.{_UNSEEN_IN_FEEDS}": HIDES,
    },
    cascade=cascade,
    cascading=("draft", _UNSEEN_IN_FEEDS),
    undated_pages=True,
    translates=True,
    written=_written,
    internal=internal,
    internal_marks=("@/",),
    templates=TemplateSyntax(
        marks={"{%": "%}", "{{": "}}"},
        escapes={"{{/*": "*/}}", "{%/*": "*/%}"},
        code=frozenset(("code", "codeblock", "highlight", "mermaid", "katex")),
        tags=zola_tags.TAGS,
        expression="{{",
        calls=True,
    ),
    permalink=permalink,
    markdown="pulldown-cmark",
    pattern=pattern,
    configuration_files=("config.toml", "zola.toml"),
    recognizes=_recognizes,
    settings=_settings,
    archetype=Archetype(notation="toml", category="taxonomies.categories"),
    command="zola build",
    feed="atom.xml",
    without_feed="generate_feeds = false in the configuration",
)
