"""Eleventy (11ty.dev/docs/data-frontmatter, 11ty.dev/docs/permalinks, 11ty.dev/docs/config)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from feedwright.generators.configuration import Configuration, Given, Settings, people
from feedwright.generators.generator import HIDES, SHOWS, Archetype, Generator, PermalinkFacts
from feedwright.generators.internal_links import beside, split_address
from feedwright.generators.markdown_dialect import PLUG_INS
from feedwright.generators.tags import liquid_tags
from feedwright.generators.tags.expressions import FILTERS
from feedwright.generators.template_syntax import Page, TemplateSyntax, Unserved
from feedwright.generators.url_paths import encode_path, without_suffix
from feedwright.model import replace
from feedwright.patterns import lazy_pattern


def permalink(facts: PermalinkFacts) -> str:
    """Return `/{path}/`; the page of `index`, or of a file named like its folder, is its folder.

    The date at the head of a file name stays: Eleventy leaves it out of `page.fileSlug` only.
    """
    folder, _, name = without_suffix(facts.path).rpartition("/")
    if name == "index" or (folder and name == folder.rpartition("/")[2]):
        return encode_path(folder + "/")
    return encode_path(f"{folder}/{name}/")


_VALUE = lazy_pattern(r"\{\{-?\s*page\.(fileSlug|filePathStem)\s*-?\}\}")
_DATE = lazy_pattern(r"\A\d{4}-\d\d-\d\d-(?=.)")


def _written(text: str, facts: PermalinkFacts) -> str:
    """Follow `permalink` of the front matter or of a folder's data, with what it may name of the file."""
    stem = without_suffix(facts.path)
    folder, _, name = stem.rpartition("/")
    name = folder.rpartition("/")[2] if name == "index" else name
    values = {"fileSlug": _DATE.sub("", name), "filePathStem": f"/{stem}"}
    path = _VALUE.sub(lambda match: encode_path(values[match[1]]), text)
    return path.removesuffix("index.html") if path.endswith("/index.html") else path


_IMAGE_PLUG_IN = "@11ty/eleventy-img"
_INSTALLED = ("dependencies", "devDependencies")
"""Where `package.json` names what a site has installed."""
_PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")


def resource(address: str, page: Page) -> Unserved | None:
    """Return why a picture beside an article is not served there, None if it is or nobody can know.

    Eleventy copies no picture by itself; its plug-in writes them under names that only a build can tell.
    """
    path, _ = split_address(address)
    if ":" in path or path.startswith("/") or not path.lower().endswith(_PICTURES):
        return None
    if not any(page.site_value(f"{table}.{_IMAGE_PLUG_IN}") for table in _INSTALLED):
        return None
    if not page.file(beside(path, page.path)) or page.is_served(urljoin(page.link, path)):
        return None
    reason = "Eleventy's plug-in for images publishes it under a name of its own"
    return Unserved(reason, 'take bodies from the built site: bodies = "pages", built_pages = true')


_PACKAGE = "package.json"
_SCRIPTS = (
    ".eleventy.js",
    *(f"eleventy.config.{suffix}" for suffix in ("cjs", "js", "mjs", "mts", "ts")),
)
_INPUTS = ("content", "src")
_DATA = tuple(
    f"{folder}_data/{name}.json"
    for folder in ("", *(f"{folder}/" for folder in _INPUTS))
    for name in ("metadata", "site")
)


_MARKDOWN = "markdown-it indented-code=no"  # since 2.0


def _recognizes(site: Configuration) -> bool:
    return any(file in _SCRIPTS for file in site.files)


def _settings(site: Configuration) -> Settings:
    """Take what the usual global data say, and the usual folders: its configuration is a program."""
    script = next(file for file in site.files if file in _SCRIPTS)
    data = {file: table for file, table in site.files.items() if file not in (*_SCRIPTS, _PACKAGE)}
    package = Configuration(files={_PACKAGE: site.files.get(_PACKAGE, {})}, has_folder=site.has_folder)
    site = replace(site, files=data)
    yield "url", site.get("url")
    yield "title", site.get("title", "name")
    yield "description", site.get("description", "subtitle")
    yield "language", site.get("language", "lang")
    yield "author", people(site.get("author"))
    yield "timezone", Given("UTC", script, "")
    yield "permalink", Given("eleventy", script, "")
    yield "markdown", Given(_markdown(package), script, "")
    yield "content", Given(next(filter(site.has_folder, _INPUTS), "."), script, "")
    yield "static", Given([folder for folder in ("public", ".") if site.has_folder(folder)], script, "")
    yield "site_output", Given("_site", script, "")
    yield "ignore", Given(["node_modules", "README.md", "_site"], script, "")


def _markdown(package: Configuration) -> str:
    """The dialect, with what the plug-ins bring that the site has installed."""
    installed = {
        name for kind in _INSTALLED if isinstance(table := package.get(kind).value, Mapping) for name in table
    }
    return " ".join([_MARKDOWN, *sorted({PLUG_INS[name] for name in installed & PLUG_INS.keys()})])


# Directory and template data (11ty.dev/docs/data-template-dir/); programs among them are not run
_DATA_SUFFIXES = (".json", ".11tydata.json")


def cascade(fields: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """Give all that data say to the articles that they are of."""
    yield "", dict(fields)


_HIDING = {"eleventyexcludefromcollections": replace(HIDES, lists=True), "permalink": SHOWS}

GENERATOR = Generator(
    keys={
        "categories": "categories category tags",
        "permalink": "eleventycomputed.permalink permalink url",
        "summary": "summary description excerpt",
    },
    permalink=permalink,
    written=_written,
    markdown=_MARKDOWN,
    hiding={f"{table}{key}": rule for table in ("", "eleventycomputed.") for key, rule in _HIDING.items()},
    # Liquid's, which is the default, and Nunjucks'
    templates=TemplateSyntax(
        marks={"{%": "%}", "{{": "}}"},
        comment_marks={"{#": "#}", "{% #": "%}", "{%- #": "%}"},
        raw=frozenset(("raw", "verbatim")),
        code=frozenset(("highlight", "mermaid", "math")),
        comments=frozenset(("comment",)),
        tags=liquid_tags.TAGS,
        values=liquid_tags.values,
        filters=FILTERS,
        expression="{{",
        switches={"templateengineoverride": "md"},
        loops=frozenset(("for", "tablerow")),
    ),
    cascade=cascade,
    cascading=("permalink", "eleventyExcludeFromCollections", "draft"),
    section_files=lambda folder: tuple(folder + suffix for suffix in _DATA_SUFFIXES),
    data_suffixes=_DATA_SUFFIXES,
    configuration_files=(_PACKAGE, *_DATA, *_SCRIPTS),
    resource=resource,
    resources_move=True,
    recognizes=_recognizes,
    settings=_settings,
    dates_of_files=True,
    archetype=Archetype(path="posts/{slug}.md"),
    command="npx @11ty/eleventy",
    feed="feed.xml",
    without_feed="take the feed's template or plugin out of the site",
)
