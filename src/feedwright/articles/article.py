"""Fields and a file's place become an Article, or every problem in it.

Each `_find_*` function answers for one fact of an article and reports what is wrong with the field it is
read from; `read` asks them all, so that every fault is found in one run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwright import text, urls
from feedwright.articles import dates, values, visibility
from feedwright.articles.field_reader import FieldReader
from feedwright.articles.permalinks import permalink
from feedwright.generators.generator import PermalinkFacts
from feedwright.model import Article

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from feedwright.articles.field_reader import ReadOptions
    from feedwright.articles.front_matter.fields import Field
    from feedwright.articles.front_matter.parse import ParsedFields
    from feedwright.model import Hiding
    from feedwright.problems import Problem

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+|#[xX][0-9a-fA-F]+);")
# What RFC 3987 §2.2 and §4.1 leave out: controls, direction marks, noncharacters, and what delimits an IRI.
_IRI = re.compile(
    '[A-Za-z][A-Za-z0-9+.-]*:[^\\s\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff<>"{}|\\\\^`]+'
)
_TEMPLATE = re.compile(r"\{[{%]|(?:^|/):[a-z_]+")
_LINE = re.compile(r"^(title|date)[ \t]*:[ \t]*(\S[^\n]*?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_NO_NAMES = frozenset(("javascript", "vbscript", "data", "blob"))
"""Schemes of what is run or shown, and names nothing; some readers take an id for an address."""
_TITLE_LIMIT = 1000
_NO, _YES = ("no", "n", "off", "0"), ("yes", "y", "on", "1")
_STATES = {"published": False, "publish": False, "draft": True, "hidden": True, "private": True, "skip": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What one file's front matter says: an article, or why there is none.

    What is a `draft`, or has a `hiding`, may be incomplete; `skipped` is a file that has no front matter at
    all; `naive` tells that a date named no zone. `seal` is the SHA-256 of the file's bytes, "" where they
    could not be read.
    """

    path: str
    article: Article | None = None
    problems: tuple[Problem, ...] = ()
    draft: bool = False
    hiding: Hiding = ""
    skipped: bool = False
    naive: bool = False
    seal: str = ""


def read(
    matter: ParsedFields, *, path: str, reading: ReadOptions, problems: Iterable[Problem] = (), seal: str = ""
) -> Head:
    """Return the article that the fields describe, or none, with every problem found.

    `path` is relative to the content folder; `problems` is what was wrong with the text, `seal` the hash of
    the file. With an error among the problems there is no article.
    """
    sheet = FieldReader(path=path, matter=matter, reading=reading, problems=[*problems, *matter.problems])
    draft, article = is_below_drafts(path), None
    hiding = visibility.hiding(matter.hiding) if matter.hiding else ""
    if matter.fields:
        draft = _find_draft(sheet) or draft
        article = _assemble(sheet, draft=draft)
    elif not _has_error(sheet):
        message = "the front matter is empty: title and date are missing"
        sheet.report(None, "error", "FM003", message, _TITLE_HINT)
    if article is not None and _has_error(sheet):
        article = None
    found = tuple(sheet.problems)
    return Head(
        path=path,
        article=article,
        problems=found,
        draft=draft,
        hiding=hiding,
        naive=sheet.naive,
        seal=seal,
    )


def _has_error(sheet: FieldReader) -> bool:
    return any(p.severity == "error" for p in sheet.problems)


def facts(matter: ParsedFields, text: str, *, path: str, reading: ReadOptions) -> tuple[str, datetime | None]:
    """Return title and date of what is no article, "" and None where nothing tells them.

    Where the front matter cannot be read at all, its lines in `text` tell what they seem to say.
    """
    if matter.fields:
        sheet = FieldReader(path=path, matter=matter, reading=reading)
        return _find_title(sheet) or "", _find_published(sheet)
    lines = {key.lower(): value.strip("\"'") for key, value in _LINE.findall(text[: matter.body_offset])}
    try:
        date = dates.read(lines.get("date", ""), zone=reading.zone, formats=reading.date_formats).at
    except dates.DateError:
        date = None
    return lines.get("title", ""), date


def is_below_drafts(path: str) -> bool:
    """Tell whether a file is a draft by where it lies: below a folder `_drafts`, as Jekyll has it."""
    return "_drafts" in path.split("/")[:-1]


_TITLE_HINT = "begin the file with\n---\ntitle: A title\ndate: 2026-01-03 12:00:00 +0800\n---"


def _assemble(sheet: FieldReader, *, draft: bool) -> Article | None:
    title = _find_title(sheet)
    published = _find_published(sheet)
    updated = _find_updated(sheet, published)
    due = _find_moment(sheet, "due")
    expires = _find_moment(sheet, "expires")
    categories = values.find_categories(sheet)
    tags = values.find_tags(sheet)
    authors = values.find_authors(sheet)
    picture = values.find_picture(sheet)
    guid = _find_guid(sheet)
    enclosure = values.find_enclosure(sheet)
    summary = _find_summary(sheet)
    slug = _find_slug(sheet)
    if title is None or published is None:
        return None
    link = _find_link(sheet, title=title, published=published, categories=categories, slug=slug)
    return Article(
        path=sheet.path,
        title=title,
        link=link,
        published=published,
        updated=updated or published,
        due=max(published, due) if due else published,
        expires=expires,
        draft=draft,
        guid=guid,
        authors=authors,
        categories=categories,
        tags=tags,
        summary=summary,
        picture=picture,
        enclosure=enclosure,
    )


def _find_title(sheet: FieldReader) -> str | None:
    at = sheet.get("title")
    if at is None:
        sheet.report(
            sheet.matter.fields.get("title"), "error", "TTL001", "there is no title", "add `title: …`"
        )
        return None
    if not isinstance(at.value, str):
        sheet.report(at, "error", "TTL002", "the title is not a text", f'{at.key}: "One line of text"')
        return None
    if text.is_blank(at.value):
        sheet.report(at, "error", "TTL001", "the title is blank", f'{at.key}: "One line of text"')
        return None
    title = sheet.line_of_text(at, at.value)
    if _MARKUP.search(title):
        hint = "titles are plain text: readers will show the markup as it is written"
        sheet.report(at, "warning", "TTL003", "the title looks like HTML", hint)
    if len(title) > _TITLE_LIMIT:
        sheet.report(at, "warning", "TTL004", f"the title has {len(title)} characters and was cut")
        title = _shortened(title)
    return title


def _shortened(title: str) -> str:
    head = title[: _TITLE_LIMIT - 1]
    return (head[: head.rfind(" ")] if " " in head[_TITLE_LIMIT // 2 :] else head) + "…"


def _find_moment(sheet: FieldReader, name: str) -> datetime | None:
    at = sheet.get(name)
    if at is None:
        return None
    if not isinstance(at.value, str):
        sheet.report(
            at, "error", "DATE001", f"{at.key} is not one date", f"{at.key}: 2026-01-03 12:00:00 +0800"
        )
        return None
    try:
        found = dates.read(at.value, zone=sheet.reading.zone, formats=sheet.reading.date_formats)
    except dates.DateError as error:
        sheet.report(at, "error", error.code, f"{at.key}: {error.message}", error.hint)
        return None
    if found.repair:
        sheet.report(at, "warning", "DATE004", f"{at.key}: {found.repair}: {found.at.isoformat()}")
    sheet.naive = sheet.naive or found.naive
    return found.at


def _find_published(sheet: FieldReader) -> datetime | None:
    if sheet.get("published") is not None:
        return _find_moment(sheet, "published")
    names = [_name_with_date(sheet.path)]
    at = sheet.get("path")
    if at and isinstance(at.value, str):
        names.insert(0, at.value.strip("/").rpartition("/")[2])
    for name in names:
        if found := dates.from_name(name, zone=sheet.reading.zone):
            sheet.naive = True
            return found
    sheet.report(
        sheet.matter.fields.get("published"),
        "error",
        "DATE007",
        "there is no date, neither in the front matter nor in the file name",
        "add `date: 2026-01-03 12:00:00 +0800`",
    )
    return None


def _name_with_date(path: str) -> str:
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return folder.rpartition("/")[2] if stem == "index" else stem


def _find_updated(sheet: FieldReader, published: datetime | None) -> datetime | None:
    updated = _find_moment(sheet, "updated")
    if updated and published and updated < published:
        sheet.report(
            sheet.get("updated"), "warning", "DATE008", "updated is before date; date counts for both"
        )
        return published
    return updated


def _find_draft(sheet: FieldReader) -> bool:
    hidden = _find_flag(sheet, "draft", default=False) or not _find_flag(sheet, "visible", default=True)
    at = sheet.get("status")
    if at is not None:
        state = _STATES.get(at.value.strip().lower()) if isinstance(at.value, str) else None
        if state is None:
            sheet.report(
                at, "error", "FM005", f"{at.key} is neither published nor draft", f"{at.key}: published"
            )
        hidden = hidden or bool(state)
    return hidden


def _find_flag(sheet: FieldReader, name: str, *, default: bool) -> bool:
    at = sheet.get(name)
    if at is None:
        return default
    word = at.value.strip().lower() if isinstance(at.value, str) else ""
    if word not in ("true", "false"):
        meant = "false" if word in _NO else "true" if word in _YES else "true` or `false"
        sheet.report(
            at, "error", "FM005", f"{at.key} is neither true nor false", f"write `{at.key}: {meant}`"
        )
        return default
    return word == "true"


def _find_guid(sheet: FieldReader) -> str | None:
    at = sheet.get("guid")
    if at is None:
        return None
    written = at.value.strip() if isinstance(at.value, str) else ""
    value = "".join(c for c in written if c.isprintable())
    if _IRI.fullmatch(value) and value.partition(":")[0].lower() not in _NO_NAMES:
        if value != written:
            sheet.report(at, "warning", "UNI001", f"invisible characters removed from {at.key}")
        return value
    if at.key.lower() == "id":
        return None
    hint = f"{at.key}: tag:example.org,2026:a-name-that-never-changes"
    sheet.report(at, "error", "ID001", f"{at.key} is not an absolute IRI (RFC 4287 §4.2.6)", hint)
    return None


def _find_summary(sheet: FieldReader) -> str | None:
    at = sheet.get("summary")
    if at is None or not isinstance(at.value, str) or at.value.lower() in ("true", "false"):
        return None
    return None if text.is_blank(at.value) else sheet.line_of_text(at, at.value)


def _find_slug(sheet: FieldReader) -> str | None:
    at = sheet.get("slug")
    return text.scrub(at.value).strip() or None if at and isinstance(at.value, str) else None


def _find_link(
    sheet: FieldReader,
    *,
    title: str,
    published: datetime,
    categories: tuple[tuple[str, ...], ...],
    slug: str | None,
) -> str:
    at = sheet.get("permalink")
    if at is not None and (own := _own_link(sheet, at)):
        return own
    facts = PermalinkFacts(
        path=sheet.path,
        slug=slug,
        title=title,
        date=published.astimezone(sheet.reading.zone),
        categories=categories,
    )
    folder = urls.folder(sheet.reading.url)
    # a permalink is percent-encoded and has no dots to resolve: joining is all that `urls.web` would do
    return folder + permalink(sheet.reading.permalink, facts)[1:] if folder else sheet.reading.url


def _own_link(sheet: FieldReader, at: Field) -> str | None:
    value = at.value.strip() if isinstance(at.value, str) else ""
    if value and value != "false" and not _TEMPLATE.search(value):
        local = value if re.match(r"https?://", value) else f"./{value.lstrip('/')}"
        if link := urls.web(local, sheet.reading.url):
            return link
    hint = "the site's permalink setting is used instead"
    sheet.report(at, "warning", "LNK001", f"{at.key} is not an address", hint)
    return None
