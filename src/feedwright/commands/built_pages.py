"""The pages of the built site that bodies are taken from, and what is told of articles without one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from msgspec import Struct

from feedwright import disk
from feedwright.articles.built_site import BuiltSite
from feedwright.bodies.content import LARGEST_PAGE
from feedwright.bodies.options import BodyOptions
from feedwright.cache import snapshot
from feedwright.model import Page
from feedwright.problems import Problem, folded

_FEW = 3
"""How many articles are each told that their page is not used."""

UNUSED_PAGE = frozenset({"PAGE001", "PAGE002", "PAGE003", "PAGE005"})
"""Why the body of an entry is made of the article's own text."""


class PageFile(Struct, frozen=True):
    """A page before bodies were made: its absolute path, its signature, and the SHA-256 of its bytes."""

    path: str
    signature: str
    digest: str

    @property
    def size(self) -> int:
        """The number of its bytes that are read."""
        return int(self.signature.partition(":")[0]) if self.digest else 0


def read(link: str, options: BodyOptions) -> Page | None:
    """Return the page at an article's address; None where there is none that can be read."""
    if options.pages is None:
        return None
    place = BuiltSite(options.pages, options.site_url).page(link)
    if place is None:
        return None
    file, url = place
    try:
        data = disk.read_bytes(options.pages / file, largest=LARGEST_PAGE)
    except OSError:
        return None
    return Page(file=file, url=url, data=data, digest=disk.sha256(data))


def files_of(links: Mapping[str, str], options: BodyOptions) -> dict[str, PageFile]:
    """Return the page of every article, path → link, that has one."""
    if options.pages is None:
        return {}
    site, root = BuiltSite(options.pages, options.site_url), os.path.realpath(options.pages)
    places = ((path, site.page(link)) for path, link in links.items())
    return {path: _file(os.path.join(root, place[0])) for path, place in places if place}


def _file(path: str) -> PageFile:
    signature = snapshot.signature(path)
    is_read = signature and int(signature.partition(":")[0]) <= LARGEST_PAGE
    return PageFile(path, signature, disk.file_sha256(path) if is_read else "")


def fold_unused(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield problems; of pages that are not used for one reason, if they are many, the first with a count."""
    elsewhere = "; -v names all of them"
    return folded(problems, UNUSED_PAGE, alike=attrgetter("code"), few=_FEW, elsewhere=elsewhere)
