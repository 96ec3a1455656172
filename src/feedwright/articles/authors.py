"""Authors: a name, `Name <mail>`, a map, the key of an author in the settings, or a list of these."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from feedwright import text, urls
from feedwright.articles.field_reader import LONGEST_NAME, FieldReader
from feedwright.articles.front_matter.fields import Field, Value
from feedwright.articles.front_matter.keys import fold_key
from feedwright.model import Author


def find_authors(reader: FieldReader) -> tuple[Author, ...]:
    """Return the authors, each once, in order."""
    at = reader.get("authors")
    if at is None:
        return ()
    authors = [_author(reader, at, value) for value in reader.values("authors")]
    return reader.first(at, filter(None, authors))


def _author(reader: FieldReader, at: Field, value: Value) -> Author | None:
    if isinstance(value, list):
        reader.warn(at, "AUT003", "a list inside the list of authors was left out")
        return None
    if isinstance(value, dict):
        return _from_map(reader, at, value)
    line = reader.shortened(at, reader.line_of_text(at, value or ""))
    return reader.options.authors.get(line) or _from_line(line)


@lru_cache(1024)
def _from_line(line: str) -> Author | None:
    name = unicodedata.normalize("NFC", line)
    if name.endswith(">") and (mailbox := text.MAILBOX.fullmatch(name)):
        name, email = mailbox[1].strip(), mailbox[2]
        name = email.partition("@")[0] if text.is_blank(name) else name
        return None if text.is_blank(name) else Author(name=name, email=email)
    return None if text.is_blank(name) else Author(name=name)


def _from_map(reader: FieldReader, at: Field, value: dict[str, Value]) -> Author | None:
    facts = {fold_key(k): reader.line_of_text(at, v) for k, v in value.items() if isinstance(v, str)}
    link = facts.get("uri") or facts.get("url") or facts.get("link")
    uri = urls.web(link, reader.options.url) if link else None
    if link and not uri:
        reader.warn(at, "AUT001", f"the author's address {link[:80]!r} is not a web address")
    email = facts.get("email") or facts.get("mail")
    name = facts.get("name") or facts.get("display_name") or _full_name(facts)
    name = reader.shortened(at, name or facts.get("login") or (email or "").partition("@")[0])
    name = unicodedata.normalize("NFC", name)
    if text.is_blank(name):
        reader.warn(at, "AUT003", "an author without a name was left out", "name: Somebody")
        return None
    is_valid = len(email or "") <= LONGEST_NAME and text.MAIL_ADDRESS.fullmatch(email or "")
    return Author(name=name, email=email if is_valid else None, uri=uri)


def _full_name(facts: Mapping[str, str]) -> str:
    return text.fold_space(f"{facts.get('first_name', '')} {facts.get('last_name', '')}")
