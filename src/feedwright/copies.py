"""Feeds at the addresses they had before: the same bytes once more, so that no subscriber loses anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from feedwright import tree
from feedwright.formats import FORMATS
from feedwright.model import Document
from feedwright.problems import Problem
from feedwright.slugs import caseless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from feedwright.model import Feed
    from feedwright.rendering import Rendered
    from feedwright.settings import Site


def with_copies(
    rendered: Rendered, feeds: Sequence[Feed], former: Mapping[str, Sequence[str]], site: Site
) -> tuple[Rendered, list[Problem]]:
    """Add a document for every former address, and tell of those that another feed has now (CAT010).

    `former` are the slug paths that feeds had before, by the feed's path. A copy whose original needs not be
    made is kept where it is on disk, and else made of the original there.
    """
    taken = {caseless(document.path) for document in rendered.documents} | set(map(caseless, rendered.kept))
    documents = {document.path: document.data for document in rendered.documents}
    added: list[Document] = []
    kept = dict(rendered.kept)
    problems: list[Problem] = []
    for path, original in _pairs(feeds, former, site):
        if path == original:
            continue
        if caseless(path) in taken:
            problems.append(_taken(path))
        elif original in documents:
            added.append(Document(path=path, data=documents[original]))
        elif f"sha256:{tree.content_hash(str(site.output / path))}" == kept[original]:
            kept[path] = kept[original]
        else:
            added.append(Document(path=path, data=(site.output / original).read_bytes()))
        taken.add(caseless(path))
    return replace(rendered, documents=[*rendered.documents, *added], kept=kept), problems


def _pairs(
    feeds: Sequence[Feed], former: Mapping[str, Sequence[str]], site: Site
) -> Iterator[tuple[str, str]]:
    """Every former address with the document that belongs there."""
    for feed in feeds:
        if not feed.path:
            for path, name in sorted(site.aliases.items()):
                yield path, FORMATS[name].file
        for old in former.get(feed.path, ()):
            for name in site.formats:
                yield f"{old}/{FORMATS[name].file}", feed.path + FORMATS[name].file


def _taken(path: str) -> Problem:
    return Problem(
        severity="warning",
        code="CAT010",
        message=f"the former address {path} is that of another feed now; it stays with that one",
        file="",
        hint="remove it from `was` or `aliases`, or give the other feed another slug",
    )
