"""Hugo (gohugo.io/content-management/front-matter, gohugo.io/content-management/urls)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from feedwright.generators import hugo_tags
from feedwright.generators.configuration import NOTHING, Configuration, Given, Settings, people
from feedwright.generators.generator import (
    HIDES,
    SHOWS,
    Generator,
    HidingRule,
    PermalinkFacts,
    PermalinkRule,
)
from feedwright.generators.notation import DATE_FIELDS, packed, unpacked
from feedwright.generators.template_syntax import NO_TEMPLATES, TemplateSyntax
from feedwright.generators.url_paths import encode_path, is_word, without_suffix

# Permalinks

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


_TOKEN = re.compile(r":([a-z]+)(\[[^\]]*\])?")
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
_SPLIT = ("params", "permalinks", "languages")
"""Tables that have files of their own in the folder of the configuration."""

_FOLDERS = ("config/_default", "config/production")
_OWN_KEYS = ("baseurl", "languagecode", "contentdir", "publishdir", "permalinks", "markup", "enablegitinfo")


def _recognizes(site: Configuration) -> bool:
    if not all(file.startswith("config.") for file in site.files):
        return True
    return not site.get("base_url").text and bool(site.get(*_OWN_KEYS).value or site.has_folder("archetypes"))


def _merged(site: Configuration) -> Configuration:
    """The configuration with the tables that have files of their own put where they belong."""
    files = {}
    for file, table in site.files.items():
        stem = file.rpartition("/")[2].partition(".")[0]
        files[file] = {stem: table} if stem in _SPLIT else table
    return Configuration(files=files, has_folder=site.has_folder)


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
    yield "author", people(site.get("params.author", f"{main}.params.author", "author"))
    zone = site.get("timeZone")
    yield "timezone", zone.otherwise(site.default("UTC"))
    yield "permalink", _configured_permalink(site)
    folder = site.get(f"{main}.contentDir", "contentDir")
    yield "content", folder.otherwise(site.default("content"))
    folder = site.get("publishDir")
    yield "site_output", folder.otherwise(site.default("public"))
    ignored = site.get("ignoreFiles")
    yield "ignore", ignored._replace(value=[glob for text in ignored.texts if (glob := _glob(text))])


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
)
