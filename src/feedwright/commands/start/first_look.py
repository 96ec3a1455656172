"""What is known of a site that begins with feedwright: from its files, and from who is asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from msgspec import Struct

from feedwright.commands.start.likely_folders import Likely, articles_beside, likely_folders
from feedwright.commands.start.old_feeds import old_feeds
from feedwright.commands.start.recipe import CI_FILES
from feedwright.commands.start.starter import EXAMPLE, Start
from feedwright.feeds.slugs import slug
from feedwright.generators.generator import Generator
from feedwright.generators.table import GENERATORS
from feedwright.model import replace
from feedwright.problems import UsageError
from feedwright.settings import derived
from feedwright.settings import file as configuration
from feedwright.settings.checks import SettingError
from feedwright.settings.derived import Derived
from feedwright.settings.file import Source
from feedwright.settings.reference import SETTINGS
from feedwright.text import visible

Check: TypeAlias = Callable[[str], str]
Ask: TypeAlias = Callable[[str, str, Check], str]
"""A function that asks a question until the check raises no ValueError; there is a default."""

_SIGNS: Mapping[str, str] = {"github": ".github", "gitlab": ".gitlab-ci.yml"}
"""What tells that a site uses a CI."""


class FirstLook(Struct, frozen=True, kw_only=True):
    """The settings that a site has in its own folder, what its generator gives, and where articles lie.

    `beside` is the number of articles in the site's folder itself, if they lie in no other.
    """

    source: Source | None
    own: Derived
    likely: Sequence[Likely]
    beside: int = 0

    @property
    def generator(self) -> Generator | None:
        """The site's generator."""
        return GENERATORS[self.own.site.name] if self.own.site else None

    @property
    def known(self) -> Mapping[str, object]:
        """The settings that need not be written."""
        return {**self.own.values, **(self.source.table if self.source else {})}


def first_look(root: Path, url: str) -> FirstLook:
    """Look at a folder; `url` is the address if it was given, which then counts.

    Raises `UsageError` if the address, or the configuration of feedwright or the generator, cannot be used.
    """
    nearest = configuration.find(None, root)
    source = nearest if nearest and nearest.folder == root else None
    given = [source.table if source else {}, {"url": _of_option("url", url)} if url else {}]
    own = derived.derive(given, root, root)
    likely = [] if own.site else likely_folders(root)
    beside = 0 if own.site or likely else articles_beside(root)
    return FirstLook(source=source, own=own, likely=likely, beside=beside)


def start_of(look: FirstLook, root: Path, *, url: str, title: str | None, ask: Ask | None) -> Start:
    """Return what is known after the questions, of which there are none if the site has settings."""
    ask = None if look.source else ask
    settings: dict[str, str] = {}
    if url or "url" not in look.known:
        settings["url"] = _given(url or None, ask, "Address of the site", EXAMPLE, "url")
    if title is not None or "title" not in look.known:
        settings["title"] = _given(title, ask, "Name of the site", _name_of(root), "title")
    if look.own.site is None:
        settings |= {"timezone": zone} if (zone := _local_zone()) else {}
        settings |= {"content": look.likely[0].path} if _is_elsewhere(look.likely) else {}
    site_root = _folder_of_site(look.own)
    return Start(
        settings=settings,
        generator=look.own.site.title if look.own.site else "",
        note=look.own.note,
        site_root=site_root,
        feed=look.generator.feed if look.generator else "",
        old_feeds=old_feeds(root / site_root) if site_root else (),
    )


def with_categories(start: Start, labels: Iterable[str], generator: Generator | None) -> Start:
    """Return it with the categories whose feeds the old ones are, by the names in their addresses."""
    category_slug = generator.category_slug if generator else str
    by_slug = {name: label for label in labels for name in (slug(category_slug(label)), slug(label))}
    named = {feed.path: by_slug.get(slug(feed.name)) for feed in start.old_feeds if feed.name}
    return replace(start, of_categories={path: label for path, label in named.items() if label})


def recipe(root: Path, ask: Ask | None) -> str:
    """Return the name of the CI recipe that is wanted, "none" for none."""

    def check(answer: str) -> str:
        if answer not in (*CI_FILES, "none"):
            raise ValueError(f"is none of {', '.join(CI_FILES)} and none")
        return answer

    if ask is None:
        return "none"
    likely = next((name for name, sign in _SIGNS.items() if (root / sign).exists()), "none")
    return ask(f"CI recipe ({', '.join(CI_FILES)}, none)", likely, check)


def _given(option: str | None, ask: Ask | None, question: str, default: str, name: str) -> str:
    """A setting by its option, else by the answer to a question; the default if nobody is there to answer."""
    if option is not None:
        return _of_option(name, option)
    return ask(question, default, lambda text: _checked(name, text)) if ask else default


def _of_option(name: str, text: str) -> str:
    try:
        return str(SETTINGS[name].check(text))
    except SettingError as error:
        hint = visible(error.hint.replace("{name} = ", f"--{name} "))
        raise UsageError(visible(f"--{name} {error.message}"), code=error.code, hint=hint) from None


def _name_of(root: Path) -> str:
    """The name of the folder, if a site may be called so."""
    try:
        return _checked("title", root.name)
    except ValueError:
        return "Feeds"


def _checked(name: str, text: str) -> str:
    """The value of a setting. Raises ValueError with what is wrong with it."""
    try:
        return str(SETTINGS[name].check(text))
    except SettingError as error:
        raise ValueError(error.message) from None


def _local_zone() -> str:
    """The machine's time zone, "" if it does not tell its name."""
    name = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2].replace("Etc/UTC", "UTC")
    try:
        return _checked("timezone", name) if name else ""
    except ValueError:
        return ""


def _is_elsewhere(likely: Sequence[Likely]) -> bool:
    """Whether the articles lie in another folder than usual."""
    return bool(likely) and all(folder.path != "content" for folder in likely)


def _folder_of_site(own: Derived) -> str:
    """The folder that the generator makes, if it is one of the site's folder."""
    path = PurePosixPath(own.given("site_output").text)
    is_inside = path.parts and not path.is_absolute() and ".." not in path.parts
    return str(path) if is_inside else ""
