"""Jekyll (jekyllrb.com/docs/front-matter, jekyllrb.com/docs/permalinks, jekyllrb.com/docs/configuration)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from feedwright.generators.configuration import Configuration, Given, Settings, authors, merged_url, people
from feedwright.generators.generator import Archetype, Generator, PermalinkFacts, PermalinkRule
from feedwright.generators.markdown_dialect import described, has_math
from feedwright.generators.notation import DATE_FIELDS
from feedwright.generators.tags import liquid_tags
from feedwright.generators.tags.expressions import FILTERS
from feedwright.generators.template_syntax import TemplateSyntax
from feedwright.generators.url_paths import encode_path, is_word, page_of, stem, without_suffix
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

# Permalinks

_DATE = r"\d{2,4}-\d{1,2}-\d{1,2}-(?=.)"
_SLUG_MARKS = frozenset("._~!$&'()+,;=@")


def permalink(facts: PermalinkFacts) -> str:
    """Return `/:categories/:year/:month/:day/:title.html`; a title is the front matter's slug or the name.

    Dots are treated as Jekyll's `sanitize_url` does.
    """
    date = facts.date.strftime("/%m/%d/")
    path = "/".join([*_categories(facts), f"{facts.date.year:04}"]) + date + _title(facts) + ".html"
    return encode_path(_without_dots(path))


def _written(text: str, facts: PermalinkFacts) -> str:
    """Follow a permalink of the front matter, which may be a style or have placeholders."""
    path = pattern(text)(facts) if text in _STYLES or _PLACEHOLDER.search(text) else text
    return path if "://" in text else facts.prefix + path.lstrip("/")


def _without_dots(path: str) -> str:
    return path.replace("..", "/").replace("./", "")


def _title(facts: PermalinkFacts) -> str:
    file_stem = stem(facts.path)
    name = re.sub(_DATE, "", file_stem, count=1).rstrip(".")
    return _slug(facts.slug or name) or _slug(name) or name or file_stem


def _categories(facts: PermalinkFacts) -> tuple[str, ...]:
    folders = facts.path.split("/")[:-1]
    above = folders[: folders.index("_posts")] if "_posts" in folders else []
    labels = [*above, *(label for category in facts.categories for label in category)]
    # Letter by letter, since Ruby's `downcase` doesn't know the final sigma.
    return tuple(dict.fromkeys("".join(map(str.lower, label)) for label in labels))


def _slug(text: str, marks: frozenset[str] = _SLUG_MARKS) -> str:
    """Return the slug of `slugify` in its mode "pretty", letters in their case."""
    return "-".join("".join(c if c in marks or is_word(c) else " " for c in text).split())


def _plain_slug(text: str) -> str:
    """Return the slug of `slugify` in its default mode."""
    return "".join(map(str.lower, _slug(text, frozenset())))


def _category_slugs(facts: PermalinkFacts) -> str:
    return "/".join(dict.fromkeys(map(_plain_slug, _categories(facts))))


def _path(facts: PermalinkFacts) -> str:
    return without_suffix("/".join(part for part in facts.path.split("/") if part != "_posts"))


_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_PLACEHOLDER = lazy_pattern(":([a-z_]+)")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _of_date(name: str) -> Callable[[PermalinkFacts], str]:
    return lambda facts: DATE_FIELDS[name](facts.date)


_FIELDS: Mapping[str, Callable[[PermalinkFacts], str]] = {
    **{name: _of_date(name) for name in DATE_FIELDS},
    "short_year": lambda facts: f"{facts.date.year % 100:02}",
    "y_day": lambda facts: f"{facts.date.timetuple().tm_yday:03}",
    "short_month": lambda facts: _MONTHS[facts.date.month - 1][:3],
    "long_month": lambda facts: _MONTHS[facts.date.month - 1],
    "short_day": lambda facts: _DAYS[facts.date.weekday()][:3],
    "long_day": lambda facts: _DAYS[facts.date.weekday()],
    "w_year": lambda facts: str(facts.date.isocalendar().year),
    "week": lambda facts: f"{facts.date.isocalendar().week:02}",
    "w_day": lambda facts: str(facts.date.isocalendar().weekday),
    "title": _title,
    "slug": lambda facts: _plain_slug(_title(facts)),
    "name": lambda facts: _plain_slug(stem(facts.path)),
    "path": _path,
    "categories": lambda facts: "/".join(_categories(facts)),
    "slugified_categories": _category_slugs,
    "collection": lambda facts: "posts",
    "output_ext": lambda facts: ".html",
}


def pattern(text: str) -> PermalinkRule:
    """Compile a permalink: a style such as `pretty`, or placeholders such as `/:year/:title/`."""
    template = _STYLES.get(text, text)
    pieces = _PLACEHOLDER.split(template)
    if len(pieces) == 1:
        raise ValueError(f"is neither a style ({', '.join(_STYLES)}) nor has a placeholder: {text}")
    # `:title_` is `:title` and an underscore
    names = [name if name in _FIELDS else name.rstrip("_") for name in pieces[1::2]]
    if unknown := next((name for name in names if name not in _FIELDS), None):
        raise ValueError(f"has the placeholder :{unknown}, which Jekyll does not know")
    tails = [name[len(known) :] for name, known in zip(pieces[1::2], names, strict=True)]
    texts = [tail + literal for tail, literal in zip(tails, pieces[2::2], strict=True)]

    def permalink(facts: PermalinkFacts) -> str:
        path = pieces[0] + "".join(
            _FIELDS[name](facts) + text for name, text in zip(names, texts, strict=True)
        )
        return encode_path(_without_dots(path))

    return permalink


def page_permalink(permalink: str, facts: PermalinkFacts) -> str:
    """Return the path of a page's file; where articles' addresses end in a slash, its own does too."""
    is_pretty = _STYLES.get(permalink.partition(" ")[2], permalink).endswith("/")
    return page_of(without_suffix(facts.path), "/" if is_pretty else ".html")


# The site's configuration

_EXCLUDED = ("Gemfile", "Gemfile.lock", "gemfiles", "node_modules", "vendor")
_UNSET = ("http://example.com", "http://yourdomain.com", "http://localhost:4000")


def _recognizes(site: Configuration) -> bool:
    is_hexo = site.has_folder("source/_posts") and not site.has_folder("_posts")
    return not is_hexo


def _settings(site: Configuration) -> Settings:
    url = site.get("url")
    if not url.text or url.text.rstrip("/") in _UNSET:
        url = _of_repository(site.get("repository", "github"))
    yield "url", merged_url(url, site.get("baseurl").text)
    for name in ("title", "description", "timezone"):
        yield name, site.get(name)
    yield "title", site.get("name")
    yield "description", site.get("tagline", "subtitle")
    main = site.get("default_lang")  # jekyll-polyglot's
    yield "language", main.otherwise(site.get("lang", "language", "locale"))
    languages = site.get("languages")
    if main.text and isinstance(languages.value, list):
        rows = {name: {} if name == main.text else {"path": name} for name in languages.texts}
        yield "languages", replace(languages, value=rows)
    yield "author", people(site.get("author"))
    yield "markdown", _markdown(site)
    yield "authors", authors(site, site.get("data_dir").text or "_data")
    yield "permalink", _configured_permalink(site)
    yield "defaults", _defaults(site)
    source, collections = site.get("source").text.rstrip("/"), site.get("collections_dir").text.strip("/")
    folders = [folder for folder in (source, collections) if folder not in ("", ".")]
    yield "content", Given("/".join(folders) or ".", site.file, "source" if source else "collections_dir")
    destination = site.get("destination").otherwise(site.default("_site"))
    excluded = [*_EXCLUDED, *site.get("exclude").texts, *destination.texts]
    yield "ignore", Given(excluded, site.file, "exclude")
    yield "site_output", destination


def _markdown(site: Configuration) -> Given:
    """The dialect of `markdown`, with the options of kramdown."""
    given = site.get("markdown")
    plug_ins = {*site.get("plugins").texts, *site.get("gems").texts}
    features: dict[str, bool | None] = {"math": has_math(site), "emoji": "jemoji" in plug_ins or None}
    if given.text.lower().startswith("commonmark"):
        options = {text.lower() for text in site.get("commonmark.options").texts}
        features |= {"smart": "smart" in options, "footnotes": "footnotes" in options}
        return replace(given, value=described("commonmark", features))
    quotes, quirks = site.get("kramdown.smart_quotes").text, site.get("kramdown.gfm_quirks").texts
    if "apos" in quotes or "quot," in quotes or "no_auto_typographic" in quirks:
        features["smart"] = False
    features["breaks"] = site.get("kramdown.hard_wrap").flag
    return Given(described("kramdown", features), site.file, "kramdown")


def _of_repository(given: Given) -> Given:
    """The address of a site on GitHub Pages, as jekyll-github-metadata derives it."""
    owner, _, name = given.text.partition("/")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", given.text):
        return Given("", "", "")
    host = f"{owner.lower()}.github.io"
    return replace(given, value=f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/")


def _configured_permalink(site: Configuration) -> Given:
    collection = _collection(site)
    given = site.get(f"collections.{collection}.permalink")
    given = _of_defaults(site.get("defaults"), collection) or (given if given.text else site.get("permalink"))
    template = given.text or "date"
    if collection != "posts":
        if given.key == "permalink" or not given.text:
            template = f"/:collection/:path{_suffix(template)}"
        template = template.replace(":collection", collection)
    words = "" if template in ("date", _STYLES["date"]) else f" {template.replace(' ', '%20')}"
    return Given(f"jekyll{words}", given.file or site.file, given.key)


def _collection(site: Configuration) -> str:
    """The name of the collection that the content folder is, "posts" for another folder."""
    name = site.content.rstrip("/").rpartition("/")[2]
    known = site.get("collections").value
    is_known = isinstance(known, (list, Mapping)) and name[1:] in known
    return name[1:] if name.startswith("_") and is_known else "posts"


def _suffix(style: str) -> str:
    """What the addresses of collections end in on a site with such a `permalink`."""
    if style in ("date", "ordinal", "none") or style.endswith(":output_ext"):
        return ":output_ext"
    return "/" if style == "pretty" or style.endswith("/") else ""


def _of_defaults(given: Given, collection: str) -> Given | None:
    """The permalink that front-matter defaults give to all articles of a collection."""
    for path, kind, values in reversed([*_rows(given)]):
        permalink = values.get("permalink")
        is_for_all = path in ("", f"_{collection}") and kind in ("", collection)
        if is_for_all and isinstance(permalink, str) and ":" in permalink:
            return replace(given, value=permalink)
    return None


def _defaults(site: Configuration) -> Given:
    """What front-matter defaults give to articles, by pattern; and that none is written, where that is so."""
    given = site.get("defaults")
    collection = _collection(site)
    kinds = _KINDS if collection == "posts" else {"": ("*",), collection: ("*",)}
    patterns: dict[str, dict[str, object]] = {}
    for path, kind, values in _rows(given):
        is_for_all = path in ("", f"_{collection}")
        values = {key: value for key, value in values.items() if key != "permalink" or not is_for_all}
        for pattern in kinds.get(kind, ()):
            whole = pattern if is_for_all else f"{path}/*"
            patterns.setdefault(whole, {}).update(values)
    patterns |= _languages_of_paths(site)
    output = site.get(f"collections.{collection}.output")
    if output.text == "false" or (collection != "posts" and not output.is_true):
        return Given({"*": {"published": "false"}}, output.file or site.file, output.key)
    return Given(patterns, given.file or site.file, given.key)


def _languages_of_paths(site: Configuration) -> dict[str, dict[str, object]]:
    """The languages that jekyll-polyglot finds in a path, between slashes and dots (`lang_from_path`)."""
    if not site.get("lang_from_path").is_true:
        return {}
    forms = ("{}/*", "*/{}/*", "*.{}.*")
    names = [name for name in site.get("languages").texts if name != site.get("default_lang").text]
    return {form.format(name): {"lang": name} for name in names for form in forms}


_KINDS = {"": ("*",), "posts": ("_posts/*", "*/_posts/*"), "drafts": ("_drafts/*",)}
"""The types of a scope that are about articles, each with patterns for all of them."""


def _rows(given: Given) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Yield path, type and values of front-matter defaults."""
    for row in given.value if isinstance(given.value, list) else ():
        scope, values = (row.get("scope"), row.get("values")) if isinstance(row, dict) else (None, None)
        if isinstance(scope, dict) and isinstance(values, dict):
            path, kind = (str(scope.get(key) or "") for key in ("path", "type"))
            yield path.strip("/"), kind, values


def title_of_name(stem: str) -> str:
    """Return `titleize_slug` of a file's name without its date and suffix."""
    return " ".join(map(str.capitalize, re.sub(_DATE, "", stem, count=1).split("-")))


GENERATOR = Generator(
    keys={
        # the singular key is one category with its spaces, and comes first
        "categories": "category categories",
        "tags": "tag tags keywords",
        "summary": "description excerpt summary",
    },
    splits={"categories": " ", "tags": " "},
    permalink=permalink,
    folders=frozenset(("_posts", "_drafts")),
    posts="_posts",
    category_folders=True,
    page_permalink=page_permalink,
    templates=TemplateSyntax(
        marks={"{%": "%}", "{{": "}}"},
        comment_marks={"{% #": "%}", "{%- #": "%}"},
        raw=frozenset(("raw",)),
        code=frozenset(("highlight", "mermaid", "math")),
        comments=frozenset(("comment",)),
        tags=liquid_tags.TAGS,
        values=liquid_tags.values,
        filters=FILTERS,
        expression="{{",
        switches={"render_with_liquid": "false"},
        loops=frozenset(("for", "tablerow")),
    ),
    markdown="kramdown",
    title_of_name=title_of_name,
    utc_timestamps=True,
    slugify=lambda text: _slug(text) or text,
    written=_written,
    pattern=pattern,
    configuration_files=("_config.toml", "_config.yaml", "_config.yml"),
    marks=("_posts", "_layouts"),
    recognizes=_recognizes,
    settings=_settings,
    archetype=Archetype(path="_posts/{year}-{month}-{day}-{slug}.md", date="%Y-%m-%d %H:%M:%S %z"),
    command="bundle exec jekyll build",
    feed="feed.xml",
    without_feed="take jekyll-feed out of `plugins` in the configuration",
    exclude="add to `exclude` in the configuration: {}",
)
