"""Fields and a file's place become an Article, or every problem in it.

Each `_find_*` function answers for one fact of an article and reports what is wrong with the field it is
read from; `read` asks them all, so that every fault is found in one run.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from html import unescape

from feedwright import text, urls
from feedwright.articles import dates
from feedwright.articles.authors import find_authors
from feedwright.articles.categories import Categories, find_categories, find_tags
from feedwright.articles.field_reader import FieldReader
from feedwright.articles.front_matter.fields import Field
from feedwright.articles.front_matter.keys import fold_key
from feedwright.articles.languages import Language, find_language
from feedwright.articles.media_fields import find_enclosure, find_picture
from feedwright.articles.permalinks import page_permalink, permalink
from feedwright.articles.steps import Steps, alone
from feedwright.generators.generator import MissingKeyError, PermalinkFacts
from feedwright.generators.table import FOLDERS, GENERATORS
from feedwright.generators.url_paths import stem, without_suffix
from feedwright.model import Article, replace
from feedwright.patterns import lazy_pattern

_MARKUP = lazy_pattern(r"</?[a-zA-Z][^<>]*>|<![a-zA-Z-]")
_ENTITY = lazy_pattern(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TEMPLATE = r"\{[{%]|(?:^|/):[a-z_]+"
_LINE = r"(?im)^(title|date)[ \t]*+:[ \t]*+(\S[^\n]*+)"
TITLE_LIMIT = 1000
"""Most characters of a title."""

_NEVER = datetime.min.replace(tzinfo=UTC)
_NO, _YES = ("no", "n", "off", "0"), ("yes", "y", "on", "1")
_STATES = {"published": False, "publish": False, "draft": True, "hidden": True, "private": True, "skip": True}
_TIMESTAMP = r"(?a)\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?"
"""A date and time of YAML 1.1 without a zone, which is in UTC (yaml.org/type/timestamp)."""

_ZONE = r"[ \t]*(?:Z|[+-]\d{1,2}(?::\d{2})?)"
_ID_EXAMPLE = "tag:example.org,2026:a-name-that-never-changes"
EXAMPLE_HINT = "begin the file with\n---\ntitle: A title\ndate: 2026-01-03 12:00:00 +0800\n---"


def read(reader: FieldReader) -> Article | None:
    """Return the article that the fields describe, None with an error among the reader's problems.

    What was wrong with the front matter as a whole becomes one of these.
    """
    return alone(read_in_steps(reader))


def read_in_steps(reader: FieldReader) -> Steps[Article | None]:
    """Do what `read` does."""
    reader.problems += reader.parsed.problems
    reader.draft = is_below_drafts(reader.path)
    article = None
    if reader.parsed.fields or not (reader.parsed.is_empty or reader.has_error()):
        reader.draft = _find_draft(reader) or reader.draft
        yield
        article = yield from _assemble(reader)
    elif reader.parsed.is_empty and not reader.has_error():
        message = "the front matter is empty: title and date are missing"
        reader.error(None, "FM003", message, EXAMPLE_HINT)
    return None if reader.has_error() else article


def title_and_date(reader: FieldReader, head: str) -> tuple[str, datetime | None]:
    """Return title and date of a file that is not an article, "" and None where nothing tells them.

    Where its front matter cannot be read at all, the lines of the text before the body, `head`, tell what
    they seem to say.
    """
    if reader.parsed.fields:
        return _find_title(reader), _find_published(reader)
    lines = {key.lower(): value.rstrip(" \t").strip("\"'") for key, value in re.findall(_LINE, head)}
    options, date = reader.options, None
    with suppress(dates.DateError):
        date = dates.read(lines.get("date", ""), zone=options.zone, formats=options.date_formats).at
    return lines.get("title", ""), date


def page_link(reader: FieldReader) -> tuple[str, str]:
    """Return the address and the title of a page of the site that is no article, "" for what is not known."""
    at, slug, options = reader.get("permalink"), reader.get("slug"), reader.options
    title = reader.text_of("title") or ""
    facts = PermalinkFacts(
        path=reader.path,
        slug=_slug(slug.value) if slug and isinstance(slug.value, str) else None,
        title=title,
        date=_NEVER,
        read=reader.text_of,
    )
    if at is not None and (link := _written_link(reader, at, facts)):
        return link, title
    folder = urls.folder(options.url)
    path = page_permalink(options.permalink, options.dialect, facts)
    return (urls.web(folder + path[1:], options.url) or "" if folder else ""), title


def is_below_drafts(path: str) -> bool:
    """Tell whether a file is a draft by where it lies: below a folder `_drafts`, as Jekyll has it."""
    return "_drafts" in path and "_drafts" in path.split("/")[:-1]


def _assemble(reader: FieldReader) -> Steps[Article]:
    """Return the article; one without title or date, which is an error by then, has no link either."""
    title = _find_title(reader)
    yield
    date = _find_published(reader)
    yield
    is_untitled = not title and not reader.has_error()
    title = title or _name(reader.path)
    published = date or _NEVER
    categories, language = find_categories(reader), find_language(reader)
    yield
    link, is_written = ("", False)
    if date:
        link, is_written = _find_link(reader, title, date, categories, language)
    yield
    updated = _find_updated(reader, published)
    due, expires = _find_moment(reader, "due") or published, _find_moment(reader, "expires")
    guid = _find_guid(reader)
    yield
    authors, tags, summary = find_authors(reader), find_tags(reader), _find_summary(reader)
    yield
    picture, enclosure = find_picture(reader), find_enclosure(reader)
    yield
    return Article(
        path=reader.path,
        title=title,
        is_untitled=is_untitled,
        link=link,
        published=published,
        updated=updated,
        due=max(published, due),
        expires=expires,
        draft=reader.draft,
        guid=guid,
        written_link=is_written,
        authors=authors,
        categories=categories,
        tags=tags,
        language=language.tag,
        summary=summary,
        picture=picture,
        enclosure=enclosure,
    )


def _find_title(reader: FieldReader) -> str:
    """The title, "" where there is none."""
    at = reader.parsed.fields.get("title")
    is_missing = at is None or at.value is None
    if is_missing and reader.options.titles_from_names:
        return text.line(_path_below_posts(reader.path))
    if is_missing and (title_of_name := GENERATORS[reader.options.dialect].title_of_name):
        title = text.line(title_of_name(stem(reader.path)))
        if not text.is_blank(title):
            return title
    if at is None or at.value is None:
        _tell_untitled(reader, at)
        return ""
    hint = f'{at.key}: "One line of text"'
    if not isinstance(at.value, str):
        reader.error(at, "TTL002", "the title is not a text", hint)
        return ""
    written = at.value
    if "&" in written:
        written = _ENTITY.sub(lambda entity: unescape(entity[0]), written)
    if text.is_blank(written):
        _tell_untitled(reader, at)
        return ""
    title = reader.line_of_text(at, written)
    if "<" in title and _MARKUP.search(title):
        hint = "titles are plain text: most readers show the markup as it is written, some drop it from RSS"
        reader.warn(at, "TTL003", "the title looks like HTML", hint)
    if len(title) > TITLE_LIMIT:
        reader.warn(at, "TTL004", f"the title has {len(title)} characters and was cut")
        title = title[: TITLE_LIMIT - 1]
        title = (title[: title.rfind(" ")] if " " in title[TITLE_LIMIT // 2 :] else title) + "…"
    return title


def _tell_untitled(reader: FieldReader, at: Field | None) -> None:
    """Report that there is no title, an error where one is misspelt or the generator wants one."""
    is_misspelt = any(p.code == "FM018" and p.hint.startswith("title:") for p in reader.problems)
    if is_misspelt or GENERATORS[reader.options.dialect].requires_title:
        reader.error(at, "TTL001", "there is no title", "add `title: …`")
    else:
        message = "there is no title; readers are shown the heading or the words that its text begins with"
        reader.warn(at, "TTL005", message, "add `title: …`")


def _path_below_posts(path: str) -> str:
    """The path of an article's file without its suffix and the folders that no address has."""
    return "/".join(part for part in without_suffix(path).split("/") if part not in FOLDERS)


def _name(path: str) -> str:
    """The name of an article's file as a title."""
    name = text.line(stem(path))
    return text.line(path) if text.is_blank(name) else name


def _find_moment(reader: FieldReader, name: str) -> datetime | None:
    at = reader.get(name)
    if at is None:
        return None
    if not isinstance(at.value, str):
        reader.error(
            at, "DATE001", f"{at.key} is not one date", f"{at.key}: {dates.example(reader.options.zone)}"
        )
        return None
    try:
        moment = dates.read(at.value, zone=reader.options.zone, formats=reader.options.date_formats)
    except dates.DateError as error:
        reader.error(at, error.code, f"{at.key}: {error.message}", error.hint)
        return None
    if moment.repair:
        reader.warn(at, "DATE004", f"{at.key}: {moment.repair}: {moment.at.isoformat()}")
    reader.naive = reader.naive or moment.naive
    if moment.naive and _is_in_utc(reader, at.key, at.value):
        return _in_utc(reader, at, moment.at)
    if reader.options.generator_zone and not moment.naive and name in ("published", "updated"):
        # YAML makes it one in UTC, and the clock of the machine that Hexo puts in between falls out again
        is_timestamp = _is_timestamp(reader, at.key, at.value, f"{_TIMESTAMP}{_ZONE}")
        return _by_clock(reader, at, moment.at, UTC if is_timestamp else reader.options.generator_zone)
    return moment.at


def _is_in_utc(reader: FieldReader, key: str, written: str) -> bool:
    """Tell whether the site's generator takes a date without a zone for one in UTC."""
    if not GENERATORS[reader.options.dialect].utc_timestamps or reader.options.zone is UTC:
        return False
    return _is_timestamp(reader, key, written, _TIMESTAMP)


def _is_timestamp(reader: FieldReader, key: str, written: str, form: str) -> bool:
    """Tell whether YAML itself reads a date, before the site's generator does."""
    return key not in reader.parsed.quoted and re.fullmatch(form, written.strip()) is not None


def _in_utc(reader: FieldReader, at: Field, local: datetime) -> datetime:
    moment = local.replace(tzinfo=UTC).astimezone(reader.options.zone)
    if moment.date() != local.date():
        name = reader.options.dialect.capitalize()
        message = f"{at.key} is in UTC to {name}, so that its day is another: {moment.isoformat()}"
        hint = f"write the zone: {at.key}: {local.strftime('%Y-%m-%d %H:%M:%S %z')}"
        reader.warn(at, "FM023", message, hint)
    return moment


def _by_clock(reader: FieldReader, at: Field, written: datetime, other: tzinfo) -> datetime:
    """Return the moment at which clocks in the site's zone show what those in another do at `written`."""
    with suppress(dates.DateError, OverflowError):
        moment = dates.in_zone(written.astimezone(other).replace(tzinfo=None), zone=reader.options.zone)
        if moment != written:
            generator, example = reader.options.dialect.capitalize(), written.astimezone(reader.options.zone)
            message = f"to {generator} {at.key} is another moment, since it names its zone"
            hint = f"leave the zone out: {at.key}: {example:%Y-%m-%d %H:%M:%S}"
            reader.warn(at, "FM024", message, hint)
        return moment
    return written


def _find_published(reader: FieldReader) -> datetime | None:
    written = reader.get("published")
    is_default = written is not None and not written.line
    if written is not None and not (is_default and GENERATORS[reader.options.dialect].dated_names_first):
        return _find_moment(reader, "published")
    folder, _, name = reader.path.rpartition("/")
    stem = name.rpartition(".")[0]
    names = [folder.rpartition("/")[2] if stem == "index" else stem]
    at = reader.get("path")
    if at and isinstance(at.value, str):
        folders, _, last = at.value.strip("/").rpartition("/")
        names = [last, folders[-10:].replace("/", "-"), *names]
    for name in names:
        if date := dates.from_name(name, zone=reader.options.zone):
            reader.naive = True
            return date
    if written is not None:
        return _find_moment(reader, "published")
    _tell_undated(reader)
    return None


def _tell_undated(reader: FieldReader) -> None:
    reader.undated = True
    options, at = reader.options, reader.parsed.fields.get("published")
    message = "there is no date, neither in the front matter nor in the file name"
    example = dates.example(options.zone, has_offset=options.generator_zone is None)
    hint = f"add `date: {example}`"
    if GENERATORS[options.dialect].dates_of_files and options.has_known_generator:
        name = options.dialect.capitalize()
        message += f"; {name} shows the time of the file, which every copy of the site may change"
        hint += ", with the date that its page shows or that it was first committed"
    reader.error(at, "DATE007", message, hint)


def _find_updated(reader: FieldReader, published: datetime) -> datetime:
    updated = _find_moment(reader, "updated") or published
    if updated < published:
        reader.warn(reader.get("updated"), "DATE008", "updated is before date; date counts for both")
    return max(updated, published)


def _find_draft(reader: FieldReader) -> bool:
    draft = _find_flag(reader, "draft", default=False) or not _find_flag(reader, "visible", default=True)
    at = reader.get("status")
    if at is not None:
        state = _STATES.get(at.value.strip().lower()) if isinstance(at.value, str) else None
        if state is None:
            reader.error(at, "FM005", f"{at.key} is neither published nor draft", f"{at.key}: published")
        draft = draft or bool(state)
    return draft


def _find_flag(reader: FieldReader, name: str, *, default: bool) -> bool:
    at = reader.get(name)
    if at is None:
        return default
    word = at.value.strip().lower() if isinstance(at.value, str) else ""
    if word not in ("true", "false"):
        proposal = "false" if word in _NO else "true" if word in _YES else "true` or `false"
        reader.error(at, "FM005", f"{at.key} is neither true nor false", f"write `{at.key}: {proposal}`")
        return default
    return word == "true"


def _find_guid(reader: FieldReader) -> str | None:
    at = reader.get("guid")
    if at is None:
        return None
    written = at.value.strip() if isinstance(at.value, str) else ""
    guid = "".join(c for c in written if c.isprintable())
    if urls.is_id(guid) and (fold_key(at.key) != "id" or urls.is_absolute_iri(guid)):
        if guid != written:
            reader.warn(at, "UNI001", f"invisible characters removed from {at.key}")
        if len(guid) > urls.LONGEST:
            message = f"{at.key} has {len(guid):,} characters; the limit is {urls.LONGEST:,}"
            reader.error(at, "ID001", message, f"{at.key}: {_ID_EXAMPLE}")
        return guid
    if fold_key(at.key) != "id":
        hint = f"{at.key}: {_ID_EXAMPLE}"
        reader.error(
            at, "ID001", f"{at.key} is neither an IRI (RFC 4287 §4.2.6) nor a line of plain text", hint
        )
    return None


def _find_summary(reader: FieldReader) -> str | None:
    at = reader.get("summary")
    if at is None or not isinstance(at.value, str) or at.value.lower() in ("true", "false"):
        return None
    return None if text.is_blank(at.value) else reader.line_of_text(at, at.value)


def _find_link(
    reader: FieldReader, title: str, date: datetime, categories: Categories, language: Language
) -> tuple[str, bool]:
    """The link, and whether the front matter names it, or the slug in it."""
    at, options = reader.get("permalink"), reader.options
    slug = reader.get("slug")
    facts = PermalinkFacts(
        path=language.path,
        slug=_slug(slug.value) if slug and isinstance(slug.value, str) else None,
        title=title,
        date=date.astimezone(options.generator_zone or options.zone),
        categories=categories,
        read=reader.text_of,
        written=date,
        language=language.name,
        prefix=language.prefix,
        slugify=GENERATORS[options.dialect].slugify,
    )
    if at is not None and (link := _written_link(reader, at, facts)):
        return link, True
    folder = urls.folder(options.url)
    try:
        path = permalink(options.permalink, facts)
        if options.generator_zone:
            _tell_another_day(reader, facts, path)
    except MissingKeyError as error:
        hint = f"write `{error.key}: …`, or let the site's generator write it, and build again"
        reader.error(None, "LNK004", f"its address needs the key `{error.key}`, which it does not have", hint)
        path = "/"
    # a permalink is percent-encoded and has no dots to resolve: joining is all that `urls.web` would do
    link = folder + language.prefix + path[1:] if folder else options.url
    if len(link) > urls.LONGEST:
        message = f"the address of the page has {len(link):,} characters; the limit is {urls.LONGEST:,}"
        reader.error(at or slug, "LNK002", message, "give it a short one with `permalink`")
    return link, facts.slug is not None


def _tell_another_day(reader: FieldReader, facts: PermalinkFacts, path: str) -> None:
    """Report an address that would be another if the generator's machine were in the site's zone."""
    options, at = reader.options, reader.get("published")
    here = facts.date.astimezone(options.zone)
    if here.date() != facts.date.date() and path != permalink(options.permalink, replace(facts, date=here)):
        message = "its address has another day than its date, as the site is built on a machine elsewhere"
        hint = f'if that machine is in the same time zone: generator_timezone = "{options.zone}"'
        reader.warn(at, "FM025", message, hint)


def _slug(written: str) -> str:
    """The slug as it is written, too long for an address where it is: to normalize more would take long."""
    return text.scrub(written[: urls.LONGEST + 1]).strip()


def _written_link(reader: FieldReader, at: Field, facts: PermalinkFacts) -> str | None:
    value = at.value.strip() if isinstance(at.value, str) else ""
    with suppress(ValueError):
        value = GENERATORS[reader.options.dialect].written(value, facts) if value else ""
    if value and value != "false" and not re.search(_TEMPLATE, value):
        local = value if re.match(r"https?://", value) else f"./{value.lstrip('/')}"
        if link := urls.web(local, reader.options.url):
            return link
    hint = "the site's permalink setting is used instead"
    reader.warn(at, "LNK001", f"{at.key} is not an address", hint)
    return None
