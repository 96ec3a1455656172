"""The tags of Jekyll, Eleventy and their plug-ins (jekyllrb.com/docs/liquid, 11ty.dev/docs/shortcodes)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from feedwright.generators.tags.expressions import FILTERS, base_of, evaluate, host_of
from feedwright.generators.tags.tag_html import EMBEDS, NOTES, code, enclosed, figure, nothing, picture, value
from feedwright.generators.template_syntax import Call, Page, Part, Rule, Text
from feedwright.patterns import lazy_pattern

_RAW = lazy_pattern(r"\{%-?\s*(?:end)?raw\s*-?%\}")
_OUTPUT = lazy_pattern(r"\{\{((?:[^{}]|\}(?!\})|\{(?!\{))*+)\}\}")
_LONGEST = 100_000
"""The most characters that an include may have beside its own text."""


def _highlight(call: Call) -> Sequence[Part] | None:
    language = call.words[0] if call.words else ""
    return None if not call.is_pair else code(_RAW.sub("", call.inside()), language)


def _post_url(call: Call) -> Sequence[Part] | None:
    name = call.arguments.strip().strip("/\"'")
    target = call.page.article(name, written=name) if name else None
    return value(target.value) if target else None


def _link(call: Call) -> Sequence[Part] | None:
    """Return the address of `path`, below the site's folder; a file that is no article keeps its path."""
    name = call.arguments.strip().strip("\"'").lstrip("/")
    if not name or "{" in name:
        return None
    if not name.lower().endswith((".md", ".markdown", ".mkd", ".html", ".htm", ".mkdn", ".mdown")):
        return value(call.page.site_url + name)
    target = call.page.article(name, written=name)
    return value(target.value) if target else None


def include(call: Call) -> Sequence[Part] | None:
    """Return the text of a file of the site's own with no more in it than its parameters."""
    name = call.words[0] if call.words else ""
    text = call.page.include(name) if name else None
    if text is None:
        return None
    page = call.page

    def parameter(name: str) -> str | None:
        head, _, rest = name.partition(".")
        return call.named.get(rest, "") if head == "include" else values(name, page)

    pieces = _OUTPUT.split(text)
    made = [pieces[0]]
    room = _LONGEST
    for inside, after in zip(pieces[1::2], pieces[2::2], strict=True):
        found = evaluate(inside.strip("-"), values=parameter, filters=FILTERS, site_url=page.site_url)
        room -= len(found or "")
        if found is None or room < 0:
            return None
        made += [found, after]
    whole = "".join(made)
    return None if "{%" in whole else [Text(whole)]


def _picture(call: Call) -> Sequence[Part] | None:
    """Return the picture of `[preset] path`, or of named facts."""
    if call.named.get("path") or call.named.get("src"):
        return figure(call)
    path = next((word for word in call.words if re.search(r"\.\w{3,4}$", word)), "")
    if not path:
        return None
    return picture(path, alt=call.get("alt", "title"), caption=call.get("caption"))


def values(name: str, page: Page) -> str | None:
    """Return what a name in an expression stands for."""
    head, _, key = name.partition(".")
    if head == "site":
        known = {
            "url": host_of(page.site_url),
            "baseurl": base_of(page.site_url),
            "title": page.site_title,
            "name": page.site_title,
        }
        return known[key] if key in known else page.site_value(key)
    if name in ("page.url", "page.id"):
        return page.link.removeprefix(host_of(page.site_url))
    if name in ("page.title", "title"):
        return page.title
    return page.fields.get((key if head == "page" else name).lower())


TAGS: Mapping[str, Rule] = {
    **EMBEDS,
    **NOTES,
    "highlight": _highlight,
    "post_url": _post_url,
    "link": _link,
    **dict.fromkeys(("include", "include_relative", "include_cached", "render", "renderFile"), include),
    **dict.fromkeys(("picture", "responsive_image", "img", "image", "figure", "asset"), _picture),
    **dict.fromkeys(("assign", "set", "increment", "decrement", "cycle", "break", "continue"), nothing),
    **dict.fromkeys(("else", "elsif", "when", "elseif", "elif"), nothing),
    **dict.fromkeys(("capture", "css", "js", "seo", "feed_meta"), nothing),
    **dict.fromkeys(("tabs", "gallery", "block", "markdown", "spaceless"), enclosed),
}
"""Name → rule. What decides or repeats is not worked out, and so is not among them."""
