"""Zola's former shortcodes and those of its usual themes (getzola.org/documentation/content/shortcodes)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from feedwright.generators.expressions import absolute_url
from feedwright.generators.tag_html import EMBEDS, NOTES, code, enclosed, figure, nothing
from feedwright.generators.template_syntax import Call, Part, Rule


def _picture(call: Call) -> Sequence[Part] | None:
    src = call.get("src", "url", "path", "url_min", "file", "image", at=0)
    if src.startswith("@/"):
        src = absolute_url(src[2:], (), call.page.site_url)
    return figure(replace(call, named={**call.named, "src": src}))


def _code(call: Call) -> Sequence[Part] | None:
    return None if not call.is_pair else code(call.inside(), call.get("lang", "language"))


TAGS: Mapping[str, Rule] = {
    **EMBEDS,
    **NOTES,
    **dict.fromkeys(
        ("figure", "image", "img", "resize_image", "picture", "responsive_image", "lazy_image", "full_img"),
        _picture,
    ),
    **dict.fromkeys(("code", "codeblock", "highlight"), _code),
    **dict.fromkeys(("tabs", "gallery_of", "wide", "aside", "crt"), enclosed),
    **dict.fromkeys(("toc", "icon"), nothing),
}
"""Name → rule."""
