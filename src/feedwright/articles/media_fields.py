"""The picture and the enclosure of an article, as its front matter names them."""

from __future__ import annotations

import re

from feedwright import media_types, urls
from feedwright.articles.field_reader import FieldReader
from feedwright.articles.front_matter.fields import Field, Value
from feedwright.articles.front_matter.keys import fold_key
from feedwright.model import Enclosure, Picture
from feedwright.patterns import lazy_pattern

_NONE = frozenset(("false", "no", "off", "none"))
_PLAIN = _NONE | {"true"}
_NUMBER = lazy_pattern(r"[-+.\d]+")
_WANTS_NONE = frozenset(("thumbnail", "cover", "image", "featured_image", "feature_image"))
"""Keys that say with a plain no that the article is to have no picture; others speak of a theme's header."""

_TEMPLATE = lazy_pattern(r"\{[{%a-z]|\|[a-z]+\|")
"""What is the address of nothing, though one can be made of it."""

_FEATURED = lazy_pattern(r"(?i)featured?|cover|thumb|teaser")
_PICTURE_FILE = lazy_pattern(r"(?i)(?:https?:/)?/\S|\S+\.[a-z]{3,4}\b")


def find_picture(reader: FieldReader) -> Picture | None:
    """Return the first usable picture among the candidates; one without a source if none is wanted."""
    for at in reader.parsed.pictures:
        key, word = at.key.lower(), at.value.strip().lower() if isinstance(at.value, str) else ""
        if word in _NONE and key.rpartition(".")[2] in _WANTS_NONE:
            return Picture(src="")
        if word in _PLAIN or (key == "background" and not _PICTURE_FILE.match(word)):
            continue
        if picture := _picture(reader, at, _featured(at.value) if key == "resources" else at.value):
            return picture
    return None


def _featured(resources: Value) -> Value:
    """The picture among the resources of a page bundle of Hugo that is meant to stand for it."""
    for resource in resources if isinstance(resources, list) else ():
        texts = [resource.get(key) for key in ("name", "src")] if isinstance(resource, dict) else []
        if any(isinstance(text, str) and _FEATURED.search(text) for text in texts):
            return None if "*" in str(texts[1]) else resource
    return None


def _picture(reader: FieldReader, at: Field, value: Value) -> Picture | None:
    if isinstance(value, list):
        if len(value) > 1 and not fold_key(at.key).endswith("s"):
            reader.warn(at, "IMG006", f"{at.key} is a list; its first picture counts")
        return _picture(reader, at, value[0]) if value else None
    width = height = None
    if isinstance(value, dict):
        facts = {fold_key(k): v for k, v in value.items()}
        value = facts.get("src") or facts.get("url") or facts.get("path") or facts.get("image")
        width, height = _pixels(facts.get("width")), _pixels(facts.get("height"))
    elif value and _NUMBER.fullmatch(value):
        reader.error(at, "IMG001", f"{at.key} is a number", f"{at.key}: /img/picture.jpg")
        return None
    if not isinstance(value, str) or not (src := value.strip()):
        return None
    line, column = at.value_line, at.value_column
    return Picture(src=src, width=width, height=height, field=at.key, line=line, column=column)


def _pixels(value: Value) -> int | None:
    return int(value) if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,4}", value) else None


def find_enclosure(reader: FieldReader) -> Enclosure | None:
    """Return the file that goes with the article (RSS 2.0 `<enclosure>`), None where it names none."""
    at = reader.get("enclosure")
    if at is None:
        return None
    parts = at.value
    if isinstance(parts, list) and len(parts) == 1:
        parts = parts[0]
    if isinstance(parts, str):
        words = parts.split()
        parts = {"url": words[0] if words else None}
        parts["length"] = next((w for w in words[1:] if w.isdigit()), None)
        parts["type"] = next((w for w in words[1:] if "/" in w), None)
    written = parts.get("url") if isinstance(parts, dict) else None
    plain = written if isinstance(written, str) and not _TEMPLATE.search(written) else None
    url = urls.web(plain, reader.options.url) if plain is not None else None
    if url is None or not isinstance(parts, dict):
        hint = f"{at.key}: {{url: https://example.org/a.mp3, type: audio/mpeg, length: 12345}}"
        reader.warn(at, "ENL001", f"{at.key} is not a file on the web and was left out", hint)
        return None
    length = parts.get("length")
    size = int(length) if isinstance(length, str) and re.fullmatch(r"\d{1,15}", length) else 0
    return Enclosure(url=url, type=_media_type(parts.get("type"), url), length=size)


def _media_type(value: Value, url: str) -> str:
    if isinstance(value, str) and re.fullmatch(r"[a-z]+/[\w.+-]+", value.strip().lower(), re.ASCII):
        return value.strip().lower()
    return media_types.type_of(url)
