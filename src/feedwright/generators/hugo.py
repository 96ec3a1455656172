"""Hugo (gohugo.io/content-management/front-matter, gohugo.io/content-management/urls)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from posixpath import relpath
from typing import Any

from feedwright.generators.configuration import (
    NOTHING,
    Configuration,
    Given,
    Settings,
    Table,
    authors,
    people,
)
from feedwright.generators.generator import (
    HIDES,
    SHOWS,
    Archetype,
    Generator,
    HidingRule,
    PermalinkFacts,
    PermalinkRule,
)
from feedwright.generators.hugo_resources import resource
from feedwright.generators.markdown_dialect import described, has_math
from feedwright.generators.notation import DATE_FIELDS, packed, unpacked
from feedwright.generators.tags import hugo_tags
from feedwright.generators.template_syntax import NO_TEMPLATES, TemplateSyntax
from feedwright.generators.url_paths import encode_path, is_word, without_suffix
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

# Permalinks


def _written(text: str, facts: PermalinkFacts) -> str:
    """Follow `url` of the front matter: its tokens, and the slash at its end, unless it names a file.

    What begins with a slash is not below the folder of the article's language.
    """
    if "://" in text:
        return text
    path = _rule(text)(facts) if _TOKEN.search(text) else text
    name = path.rpartition("/")[2]
    path = path if not name or "." in name else f"{path}/"
    return path if path.startswith("/") else facts.prefix + path


_MARKS = frozenset("./\\_#+~-@")


def permalink(facts: PermalinkFacts) -> str:
    """Return `/:sections/:slugorcontentbasename/`; an `index` file (a leaf bundle) is its folder's page."""
    parts = without_suffix(facts.path).split("/")
    if parts[-1].lower() == "index":
        del parts[-1]
    if facts.slug and (slug := _segment(facts.slug)):
        return encode_path("/".join([*map(_name, parts[:-1]), slug]) + "/")
    return encode_path("/".join(map(_name, parts)) + "/")


def _name(name: str) -> str:
    return _segment(name.replace(" ", "-")) or name


def _segment(text: str) -> str:
    """Return what `paths.Sanitize` lets stand, in lower case: runs of space are one hyphen."""
    letters: list[str] = []
    gap = False
    for offset, character in enumerate(text):
        code = character == "%" and re.match("%[0-9a-fA-F]{2}", text[offset : offset + 3])
        if code or character in _MARKS or is_word(character):
            if gap and character != "-":
                letters.append("-")
            gap = False
            # Go maps one letter to one: İ becomes i, and Σ is σ at the end of a word too.
            letters.append(character.lower()[0])
        elif letters and letters[-1] != "-" and character.isspace():
            gap = True
    return "".join(letters)


_TOKEN = lazy_pattern(r":([a-z]+)(\[[^\]]*\])?")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def _sections(facts: PermalinkFacts) -> list[str]:
    """The folders above an article's page: a bundle's own folder is none of them."""
    *folders, name = without_suffix(facts.path).split("/")
    return folders[:-1] if name.lower() == "index" else folders


def _base_name(facts: PermalinkFacts) -> str:
    *folders, name = without_suffix(facts.path).split("/")
    return _name(folders[-1] if name.lower() == "index" and folders else name)


def _slug_or(facts: PermalinkFacts, otherwise: Callable[[PermalinkFacts], str]) -> str:
    return _segment(facts.slug) if facts.slug else otherwise(facts)


def _title(facts: PermalinkFacts) -> str:
    return _segment(facts.title)


def _day_of_week(facts: PermalinkFacts) -> int:
    return facts.local.isoweekday() % 7


_TOKENS: Mapping[str, Callable[[PermalinkFacts], str]] = {
    "year": lambda facts: DATE_FIELDS["year"](facts.local),
    "month": lambda facts: DATE_FIELDS["month"](facts.local),
    "day": lambda facts: DATE_FIELDS["day"](facts.local),
    "monthname": lambda facts: _MONTHS[facts.local.month - 1],
    "weekday": lambda facts: str(_day_of_week(facts)),
    "weekdayname": lambda facts: _DAYS[_day_of_week(facts)],
    "yearday": lambda facts: str(facts.local.timetuple().tm_yday),
    "section": lambda facts: "/".join(map(_name, _sections(facts)[:1])),
    "title": _title,
    "slug": lambda facts: _slug_or(facts, _title),
    "slugorfilename": lambda facts: _slug_or(facts, _base_name),
    "slugorcontentbasename": lambda facts: _slug_or(facts, _base_name),
    "filename": _base_name,
    "contentbasename": _base_name,
}


def pattern(text: str) -> PermalinkRule:
    """Compile `[permalinks]`: `posts=/:year/:slug/` for each section; `.html` is for ugly URLs."""
    first, options = unpacked(text)
    suffix = ".html" if first == ".html" or options.pop(".html", "") else "/"
    rules = {section.strip("/"): _rule(rule) for section, rule in options.items()}
    everywhere = _rule(first) if first.startswith((":", "/")) else permalink
    if first not in ("", ".html") and everywhere is permalink:
        raise ValueError(f"is neither section=pattern nor a pattern such as /:year/:slug/: {first}")

    def path(facts: PermalinkFacts) -> str:
        section = next(iter(_sections(facts)), "")
        return rules.get(section, everywhere)(facts).rstrip("/") + suffix

    return path


def _rule(text: str) -> PermalinkRule:
    pieces = _TOKEN.split(text)
    names, ranges = pieces[1::3], pieces[2::3]
    for name, part in zip(names, ranges, strict=True):
        if name not in (*_TOKENS, "sections") or (part and name != "sections") or not _is_range(part):
            raise ValueError(f"has the token :{name}{part or ''}, which cannot be followed")

    def rule(facts: PermalinkFacts) -> str:
        parts = [pieces[0]]
        for name, part, literal in zip(names, ranges, pieces[3::3], strict=True):
            parts += [_of_sections(facts, part) if name == "sections" else _TOKENS[name](facts), literal]
        return encode_path("".join(parts))

    return rule


def _is_range(text: str | None) -> bool:
    return text is None or re.fullmatch(r"\[(?:(?:\d+|last)?:(?:\d+|last)?|\d+|last)\]", text) is not None


def _of_sections(facts: PermalinkFacts, part: str | None) -> str:
    """The sections from the root on; `[1:]` is a part of them, `last` the last."""
    sections = list(map(_name, _sections(facts)))
    if part is None:
        return "/".join(sections)
    begin, colon, end = part[1:-1].partition(":")
    last = len(sections) - 1
    first = last if begin == "last" else int(begin or 0)
    if not colon:
        return sections[first] if 0 <= first < len(sections) else ""
    return "/".join(sections[first : last if end == "last" else int(end) if end else None])


# The site's configuration

_SUFFIXES = ("json", "yml", "yaml", "toml")
_SPLIT = ("markup", "params", "permalinks", "languages")
"""Tables that have files of their own in the folder of the configuration."""

_FOLDERS = ("config/_default", "config/production")
_OWN_KEYS = ("baseurl", "languagecode", "contentdir", "publishdir", "permalinks", "markup", "enablegitinfo")


def _recognizes(site: Configuration) -> bool:
    if not all(file.startswith("config.") for file in site.files):
        return True
    return not site.get("base_url").text and bool(site.get(*_OWN_KEYS).value or site.has_folder("archetypes"))


def _merged(site: Configuration) -> Configuration:
    """The configuration with the tables that have files of their own put where they belong."""
    files = _of_languages(site)
    for file, table in site.files.items():
        stem = file.rpartition("/")[2].partition(".")[0]
        files[file] = {stem: table} if stem in _SPLIT else table
    return replace(site, files=files)


def _of_languages(site: Configuration) -> dict[str, Table]:
    """What the files of languages hold, such as `params.fr.toml`, as the table `languages` of the first."""
    languages: dict[str, dict[str, object]] = {}
    first = ""
    for file, table in (row for folder in _FOLDERS for row in site.data(folder).items()):
        name, *language = file.rpartition("/")[2].split(".")[:-1]
        if len(language) == 1 and name in ("config", "hugo", *_SPLIT):
            first = first or file
            languages.setdefault(language[0], {}).update({name: table} if name in _SPLIT else table)
    return {first: {"languages": languages}} if languages else {}


def _settings(site: Configuration) -> Settings:
    site = _merged(site)
    language = site.get("defaultContentLanguage")
    main = f"languages.{language.text or 'en'}"
    yield "url", site.get("baseURL")
    yield "title", site.get(f"{main}.title", "title")
    yield (
        "description",
        site.get("params.description", f"{main}.params.description", "description", "params.subtitle"),
    )
    codes = (f"{main}.languageCode", f"{main}.locale", "languageCode", "locale")
    yield "language", site.get(*codes, "defaultContentLanguage")
    folder, languages = _languages(site, language.text or "en", site.get(*codes, "defaultContentLanguage"))
    yield "languages", languages
    yield "author", people(site.get("params.author", f"{main}.params.author", "author"))
    yield "authors", authors(site, "data")
    zone = site.get("timeZone")
    yield "timezone", zone.otherwise(site.default("UTC"))
    yield "markdown", _markdown(site)
    yield "permalink", _configured_permalink(site)
    folder = folder or site.get(f"{main}.contentDir", "contentDir")
    yield "content", folder.otherwise(site.default("content"))
    static = site.get("staticDir")
    static = static if static.key else site.default(["static"])
    folders = [*filter(site.has_folder, static.texts), *site.theme_folders("themes/{}/static")]
    yield "static", replace(static, value=folders)
    folder = site.get("publishDir")
    yield "site_output", folder.otherwise(site.default("public"))
    given = site.get("cascade")
    rows: dict[str, dict[str, Any]] = {}
    for target, values in cascade(given.value):
        rows.setdefault(target or "*", {}).update(values)
    yield "defaults", replace(given, value=rows)
    ignored = site.get("ignoreFiles")
    yield "ignore", replace(ignored, value=[glob for text in ignored.texts if (glob := _glob(text))])


_EXTENSIONS = {
    "autolinks": "linkify",
    "definition-lists": "definitionList",
    "footnotes": "footnote",
    "insert": "extras.insert",
    "mark": "extras.mark",
    "math": "passthrough",
    "smart": "typographer",
    "strikethrough": "strikethrough",
    "subscript": "extras.subscript",
    "superscript": "extras.superscript",
    "tables": "table",
    "tasks": "taskList",
}


def _markdown(site: Configuration) -> Given:
    """The dialect that `markup.goldmark` tells; raw HTML stays, as shortcodes need it."""
    features: dict[str, bool | None] = {}
    for feature, name in _EXTENSIONS.items():
        key = f"markup.goldmark.extensions.{name}"
        plain, enabled, disabled = (site.get(f"{key}{end}").flag for end in ("", ".enable", ".disable"))
        features[feature] = enabled if plain is None else plain
        if disabled is not None:
            features[feature] = not disabled
    features["math"] = features["math"] or has_math(site)
    features["emoji"] = site.get("enableEmoji").flag
    features["breaks"] = site.get("markup.goldmark.renderer.hardWraps").flag
    features["attributes"] = site.get("markup.goldmark.parser.attribute.block").flag
    return Given(described("goldmark", features), site.file, "markup")


def _languages(site: Configuration, main: str, tag: Given) -> tuple[Given | None, Given]:
    """The languages by name, and the folder that holds the folders of their articles, None without these."""
    tables = site.get("languages")
    table = tables.value if isinstance(tables.value, Mapping) else {}
    names = [str(name) for name in table if not site.get(f"languages.{name}.disabled").is_true]
    if len(names) < 2:
        return None, NOTHING
    folders = {name: site.get(f"languages.{name}.contentDir").text.strip("/") for name in names}
    above = {folder.rpartition("/")[0] for folder in folders.values()}
    in_folders = len(above) == 1 and all(above)
    home = folders.get(main) or site.get("contentDir").text.strip("/") or "content"
    rows: dict[str, dict[str, str]] = {}
    for name in names:
        of = f"languages.{name}."
        is_main = name.lower() == main.lower()
        if folders[name] and not in_folders and not is_main:
            rows[name.lower()] = {"folder": relpath(folders[name], home)}
            continue
        code = tag if is_main else site.get(f"{of}languageCode", f"{of}locale")
        rows[name.lower()] = {
            "tag": code.text.replace("_", "-"),
            "title": "" if is_main else site.get(f"{of}title").text,
            "description": "" if is_main else site.get(f"{of}params.description").text,
            "folder": folders[name].rpartition("/")[2] if in_folders else "",
            "path": main.lower() if is_main and site.get("defaultContentLanguageInSubdir").is_true else "",
        }
    return replace(tables, value=above.pop()) if in_folders else None, replace(tables, value=rows)


def cascade(value: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the values that a cascade gives to pages, each with the pattern of its target."""
    for row in value if isinstance(value, list) else [value]:
        if not isinstance(row, dict):
            continue
        targets = [row[key] for key in ("target", "_target") if isinstance(row.get(key), dict)]
        target = {str(key).lower(): str(text) for key, text in (targets[0] if targets else {}).items()}
        if "lang" in target or "page" not in target.get("kind", "page"):
            continue
        values = {key: text for key, text in row.items() if key not in ("target", "_target")}
        for pattern in _targets(target.get("path", "")):
            yield pattern, values


def _targets(path: str) -> list[str]:
    """The patterns over files for a glob over pages, such as `{/posts/**,/news}`."""
    plain = (text.strip().strip("/").replace("**", "*") for text in path.strip("{}").split(","))
    forms = ([text] if text[-1:] in ("", "*") else [f"{text}.*", f"{text}/*"] for text in plain)
    return [form for pair in forms for form in pair]


def _glob(expression: str) -> str:
    """Return the pattern for a plain regular expression of `ignoreFiles`, "" where it is not plain."""
    end = "" if expression.endswith("$") else "*"
    plain = expression.removeprefix("^").removesuffix("$").replace("\\", "")
    return f"*{plain}{end}" if re.fullmatch(r"[\w./ -]+", plain) else ""


def _configured_permalink(site: Configuration) -> Given:
    """The patterns for pages of sections; tables for taxonomies and lists are not about articles."""
    given = site.get("permalinks.page")
    given = given if isinstance(given.value, Mapping) else site.get("permalinks")
    table = given.value if isinstance(given.value, Mapping) else {}
    options = {str(section): rule for section, rule in table.items() if isinstance(rule, str)}
    ugly = ".html" if site.get("uglyURLs").is_true else ""
    words = packed(ugly, options)
    place = given if table else site.get("uglyURLs") if ugly else NOTHING
    return Given(f"hugo {words}" if words else "hugo", place.file or site.file, place.key)


GENERATOR = Generator(
    keys={
        # the date of its own feeds (`PublishDate`, since 0.125)
        "published": "publishdate pubdate publish_date date created",
        "updated": "lastmod modified updated last_modified_at last_modified datemodified",
        "summary": "summary description excerpt",
        "permalink": "url permalink",
    },
    permalink=permalink,
    markdown="goldmark",
    hiding={
        # the second and the third are those of the themes LoveIt, DoIt and FixIt
        **dict.fromkeys(("headless", "hiddenfromrss", "hiddenfromfeed"), HIDES),
        "outputs": HidingRule("hidden", frozenset(("rss", "")), unless=True, lists=True),
        **dict.fromkeys(("build.list", "build.render", "_build.list", "_build.render"), SHOWS),
    },
    # the shortcodes with passwords are those of hugo_encryptor, hugo-encrypt and FixIt
    templates=TemplateSyntax(
        marks={"{{<": ">}}", "{{%": "%}}"},
        comment_marks={"{{/*": "*/}}", "{{- /*": "*/ -}}"},
        escapes={"{{</*": "*/>}}", "{{%/*": "*/%}}"},
        code=frozenset(
            ("highlight", "code", "codeblock", "mermaid", "math", "katex", "rawhtml", "html", "unsafe")
        ),
        comments=frozenset(("comment",)),
        tags=hugo_tags.TAGS,
        locks=NO_TEMPLATES.locks | {"hugo-encryptor", "hugo-encrypt", "fixit-encryptor"},
    ),
    pattern=pattern,
    written=_written,
    translates=True,
    resource=resource,
    undated_pages=True,
    cascade=lambda fields: cascade(fields.get("cascade")),
    cascading=("cascade",),
    configuration_files=(
        *(f"{name}.{suffix}" for name in ("config", "hugo") for suffix in _SUFFIXES),
        *(
            f"{folder}/{name}.{suffix}"
            for folder in _FOLDERS
            for name in ("config", "hugo", *_SPLIT)
            for suffix in _SUFFIXES
        ),
    ),
    recognizes=_recognizes,
    settings=_settings,
    archetype=Archetype(path="posts/{slug}.md", notation="toml"),
    command="hugo",
    feed="index.xml",
    without_feed='disableKinds = ["rss"] in the configuration',
)
