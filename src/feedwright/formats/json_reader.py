"""Judges JSON Feed 1.1 documents of feedwright's, and reads them back; door to msgspec."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, MsgspecError, Struct, field
from msgspec.json import Decoder

from feedwright.formats.wire import folder, read_entries, read_rfc3339, web
from feedwright.model import Author, Enclosure, PublishedEntry, PublishedFeed, Term, Thumbnail

_Text = Annotated[str, Meta(pattern=r"\S")]


class _Author(Struct):
    name: _Text
    url: _Text = ""


class _Attachment(Struct):
    url: _Text
    mime_type: Annotated[str, Meta(pattern="/")]
    size_in_bytes: Annotated[int, Meta(ge=0)] = 0


class _Item(Struct):
    id: _Text
    url: _Text
    title: _Text
    date_published: _Text
    summary: _Text
    image: _Text = ""
    date_modified: _Text = ""
    authors: tuple[_Author, ...] = ()
    tags: tuple[_Text, ...] = ()
    content_html: str | None = None
    content_text: str | None = None
    attachments: Annotated[tuple[_Attachment, ...], Meta(max_length=1)] = ()


class _Hub(Struct):
    url: _Text


class _Extension(Struct):
    id: _Text


class _Feed(Struct):
    version: Literal["https://jsonfeed.org/version/1.1"]
    title: _Text
    home_page_url: _Text
    feed_url: _Text
    description: _Text
    extension: _Extension = field(name="_feedwright")
    items: Annotated[tuple[_Item, ...], Meta(min_length=1)]
    icon: _Text = ""
    favicon: _Text = ""
    authors: tuple[_Author, ...] = ()
    language: _Text = ""
    hubs: tuple[_Hub, ...] = ()


_DECODER = Decoder(_Feed)


def read(data: bytes) -> PublishedFeed:
    """The feed in a JSON Feed document that feedwright wrote.

    It leaves out the feed's `path`, `ttl` and copyright, terms and schemes of categories (each label is there
    once), e-mail addresses, size and type of a thumbnail; a feed's only icon comes back as the logo too. A
    title, description or summary that was empty comes back as the text that stood in for it.

    Unknown keys are passed over, as the specification asks. Raises ValueError with a one-line reason for
    anything else: broken JSON, another version, keys that are missing, blank or of another type, an item
    without content or with two, broken dates, addresses that are not http(s), an id of two items, no items.
    """
    try:
        feed = _DECODER.decode(data)
    except (MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"it is not a JSON Feed 1.1 of feedwright's: {error}") from error
    entries = read_entries(_entry, feed.items, "item")
    return PublishedFeed(
        id=feed.extension.id,
        url=folder(web(feed.feed_url)),
        link=web(feed.home_page_url),
        title=feed.title,
        description=feed.description,
        language=feed.language,
        updated=max(entry.updated or entry.published for entry in entries),
        author=next(map(_author, feed.authors), None),
        entries=entries,
        icon=_optional(feed.favicon),
        logo=_optional(feed.icon),
        hub=next((web(hub.url) for hub in feed.hubs), None),
    )


def _entry(item: _Item) -> PublishedEntry:
    if bool(item.content_html) == bool(item.content_text):
        raise ValueError("not one of content_html and content_text")
    image = _optional(item.image)
    files = [Enclosure(url=web(f.url), type=f.mime_type, length=f.size_in_bytes) for f in item.attachments]
    return PublishedEntry(
        id=item.id,
        title=item.title,
        link=web(item.url),
        published=read_rfc3339(item.date_published),
        updated=read_rfc3339(item.date_modified or item.date_published),
        authors=tuple([_author(author) for author in item.authors]),
        categories=tuple([Term(term="", label=tag, scheme="") for tag in item.tags]),
        summary=item.summary,
        content=item.content_html,
        thumbnail=Thumbnail(url=image, type="") if image else None,
        enclosure=next(iter(files), None),
    )


def _author(author: _Author) -> Author:
    return Author(name=author.name, uri=_optional(author.url))


def _optional(address: str) -> str | None:
    return web(address) if address else None
