"""A site's cache: whether it may be used, and what of the content it may be asked for."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from feedwright.cache import place
from feedwright.cache.snapshot import Snapshot

if TYPE_CHECKING:
    from feedwright.site import Site


def distrust(site: Site) -> str:
    """Return why the site's cache is not used, "" if it is: it may have come with the content."""
    cache, content = os.path.realpath(site.cache), os.path.realpath(site.content)
    return place.distrust(cache, content, is_own_root=is_own_root(site))


def is_own_root(site: Site) -> bool:
    """Tell whether the content folder is the site's root since the site's own generator has it so."""
    return "content" in site.derived and os.path.realpath(site.content) == os.path.realpath(site.root)


def skipped(site: Site) -> tuple[str, ...]:
    """Return the folders that are no part of the content: the output, and what the generator leaves out."""
    root = os.path.realpath(site.content)
    ignored = site.ignore if "ignore" in site.derived else ()
    names = (name for name in ignored if re.fullmatch(r"[\w-][\w.-]*", name))
    return (os.path.realpath(site.output), *(os.path.join(root, name) for name in names))


def content_snapshot(site: Site) -> Snapshot | None:
    """Return a snapshot of the site's content; None if it cannot be read."""
    try:
        return Snapshot(os.path.realpath(site.content), skip=skipped(site))
    except OSError:
        return None


def trusted_signatures(site: Site, *, now_ns: int) -> dict[str, str]:
    """Return the signatures of the content's files by which the cache knows them."""
    content = content_snapshot(site)
    return content.trusted(now_ns) if content else {}
