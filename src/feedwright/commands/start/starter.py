"""The texts that `init` writes: settings with comments, and a first article."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from feedwright.articles import new_article
from feedwright.commands.start.old_feeds import OldFeed
from feedwright.generators.generator import Archetype
from feedwright.site import RECORD_NAME

SCHEMA_FILE = ".feedwright.schema.json"
"""The JSON Schema of the settings, for editors; generators leave out names that begin with a dot."""

EXAMPLE = "https://example.org/"
"""The address of a site whose own is not known yet."""

FIRST_ARTICLE = "hello.md"

_BODY = """\
This article is in your feeds now. Change it, or delete it once you have others:

```sh
feedwright new "A title"
```
"""


class Start(Struct, frozen=True, kw_only=True):
    """What is known of a site that begins with feedwright.

    `settings` are those to be written, which nothing else tells. `generator` is its name as people write it,
    "" if there is none, `note` what is taken from its files; `site_root` is the folder that it makes, and
    `feed` where its own feed usually is in it. `old_feeds` are those that are there, `of_categories` the
    labels of their categories by the path of the feed.
    """

    settings: Mapping[str, str]
    generator: str = ""
    note: str = ""
    site_root: str = ""
    feed: str = ""
    old_feeds: Sequence[OldFeed] = ()
    of_categories: Mapping[str, str] = field(default_factory=dict)

    @property
    def output(self) -> str:
        """The output folder as the settings have it."""
        return f"{self.site_root}/feeds" if self.site_root else "feeds"

    @property
    def record(self) -> str:
        """The record, if it is not in the output folder."""
        return RECORD_NAME if self.site_root else ""

    @property
    def aliases(self) -> Mapping[str, str]:
        """The paths of the site's old feeds, as the setting has them, and the formats that go on there."""
        return {self._alias(feed.path): feed.format for feed in self.old_feeds if not feed.name}

    @property
    def category_aliases(self) -> Mapping[str, Mapping[str, str]]:
        """The same for categories, by their labels."""
        labels = dict.fromkeys(self.of_categories.values())
        return {label: self._aliases_of(label) for label in labels}

    def _aliases_of(self, label: str) -> Mapping[str, str]:
        return {
            self._alias(feed.path): feed.format
            for feed in self.old_feeds
            if self.of_categories.get(feed.path) == label
        }

    def _alias(self, path: str) -> str:
        """A path below the site's root as an alias; those in the output folder begin there."""
        return path.removeprefix("feeds/") if path.startswith("feeds/") else f"/{path}"


def settings_text(start: Start) -> str:
    """Return the text of `feedwright.toml`: what is not derived, the rest as comments."""
    return "\n".join(_settings(start)) + "\n"


def _settings(start: Start) -> Iterator[str]:
    yield f"#:schema ./{SCHEMA_FILE}"
    yield "# `feedwright help settings` explains all settings, `feedwright list settings` shows their values."
    if start.note:
        yield f"# Not needed here, since it is {start.note}."
    yield ""
    for name, value in start.settings.items():
        if name == "url":
            yield "# The address of your site. Ids begin with its host, so put it right before you publish."
        yield f"{name} = {_quoted(value)}"
    if start.site_root:
        yield from _with_site_root(start)
    else:
        yield from ('# author = "Name"', '# language = "en"')
    yield from ("", "# Feeds of tags and authors, not only of categories:")
    yield '# taxonomies = ["categories", "tags", "authors"]'
    for label, aliases in start.category_aliases.items():
        yield from ("", f"[categories.{_quoted(label)}]", f"aliases = {_table(aliases)}")


def _with_site_root(start: Start) -> Iterator[str]:
    if start.settings:
        yield ""
    yield f"# The feeds lie in the folder that {start.generator} makes: build after it. The record of what"
    yield f"# was published is kept out of it, where {start.generator} deletes nothing: commit it."
    yield f"output = {_quoted(start.output)}"
    yield f"site_root = {_quoted(start.site_root)}"
    yield f"record = {_quoted(start.record)}"
    yield ""
    yield "# Addresses of the site's former feeds, which go on:"
    if start.aliases:
        yield f"aliases = {_table(start.aliases)}"
    else:
        example = {start._alias(start.feed): "rss" if start.feed == "index.xml" else "atom"}
        yield f"# aliases = {_table(example)}"
    yield ""
    yield f"# Publish only articles that have a page in {start.site_root}/:"
    yield "# built_pages = true"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(row: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{_quoted(path)} = {_quoted(name)}' for path, name in row.items())} }}"


def first_article(date: datetime) -> str:
    """Return the text of an article to begin with."""
    return new_article.text_of(Archetype(), "Hello", date, ["Notes"], _BODY)


def without_known(existing: str, lines: Sequence[str]) -> str:
    """Return what to append to a file so that it has these lines; a first word that it has is left alone."""
    known = {words[0] for line in existing.splitlines() if (words := line.split())}
    new = [line for line in lines if line.split()[0] not in known]
    gap = "\n" if existing and new and not existing.endswith("\n") else ""
    return gap + "".join(f"{line}\n" for line in new)
