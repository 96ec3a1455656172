"""Hugo's shortcodes and those of its usual themes (gohugo.io/content-management/shortcodes)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedwright.generators.tags.expressions import host_of
from feedwright.generators.tags.tag_html import (
    EMBEDS,
    NOTES,
    as_html,
    code,
    details,
    enclosed,
    figure,
    last_words,
    link,
    note,
    nothing,
    titled,
    value,
)
from feedwright.generators.template_syntax import Call, Part, Rule, Text
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

_SUFFIX = lazy_pattern(r"\.(?:md|markdown|html|adoc|org)$")


def names_of(reference: str, path: str) -> tuple[str, ...]:
    """Return what a reference of `ref` may name, in the article at `path`: `GetPage`'s order, roughly."""
    name = reference.strip("/")
    folder = "" if reference.startswith("/") else path.rpartition("/")[0]
    bare = _SUFFIX.sub("", name)
    below = f"{folder}/{name}" if folder else name
    tails = (f"{below}.md", f"{below}/index.md") if bare == name else (below,)
    return (*tails, *((bare,) if "." not in bare.split("/") else ()))


def _ref(call: Call) -> Sequence[Part] | None:
    """Return the address of a page; that of `relref` begins at the host's root."""
    reference, sharp, fragment = call.get("path", at=0).partition("#")
    target = call.page.article(*names_of(reference, call.page.path), written=reference) if reference else None
    if reference and target is None:
        return None
    address = target.value if target else ""
    if call.name == "relref":
        address = address.removeprefix(host_of(call.page.site_url))
    return value(address + sharp + fragment)


def _highlight(call: Call) -> Sequence[Part] | None:
    language = call.get("lang", "language", "type", at=0)
    return None if not call.is_pair else code(call.inside(), language, call.get("title", "caption"))


def _parameter(call: Call) -> Sequence[Part] | None:
    name = call.get(at=0)
    found = call.page.fields.get(name.lower()) or call.page.site_value(f"params.{name}")
    return None if found is None else [Text(found)]


def _link(call: Call) -> Sequence[Part] | None:
    address = call.get("href", "url", "src", "link", "relref", at=0)
    label = call.inside().strip() or call.get("text", "title", "label", "content")
    return link(address, label or call.get(at=1)) if address else None


def _admonition(call: Call) -> Sequence[Part] | None:
    """Return a block with the title that follows its kind."""
    title = call.get("title", at=1)
    return note(replace(call, named={**call.named, "title": title}))


def _details(call: Call) -> Sequence[Part] | None:
    return details(replace(call, words=call.words[:1]))


def _tab(call: Call) -> Sequence[Part] | None:
    title = call.get("name", "title", "header", "tabName", "label", at=0)
    return titled(replace(call, named={"title": title}))


TAGS: Mapping[str, Rule] = {
    **EMBEDS,
    **NOTES,
    **dict.fromkeys(("ref", "relref"), _ref),
    **dict.fromkeys(
        ("figure", "img", "image", "picture", "imgproc", "figproc", "lazyimage", "photo"), figure
    ),
    **dict.fromkeys(("highlight", "code", "codeblock"), _highlight),
    **dict.fromkeys(("param", "params"), _parameter),
    **dict.fromkeys(("admonition", "alert", "callout", "notice"), _admonition),
    **dict.fromkeys(("details", "expand", "collapse", "spoiler", "accordion", "fold"), _details),
    **dict.fromkeys(("link", "button", "btn", "linkcard", "card-link"), _link),
    **dict.fromkeys(("tab", "tabitem", "accordionItem"), _tab),
    **dict.fromkeys(
        """
        tabs tabgroup tabpane codetabs gallery carousel cards grid row div section mark keyword
        rawmd markdown md timeline timelineItem typeit style paragraph align quote-block
        """.split(),  # noqa: SIM905
        enclosed,
    ),
    **dict.fromkeys(("rawhtml", "raw", "html", "unsafe"), as_html),
    **dict.fromkeys(("icon", "fa", "toc", "br", "clear", "pagebreak", "qr", "script", "comment"), nothing),
    **dict.fromkeys(("badge", "kbd", "chip"), last_words),
}
"""Name → rule."""
