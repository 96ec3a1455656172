"""Zola's former shortcodes and those of its usual themes (getzola.org/documentation/content/shortcodes)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedwright.generators.tags.expressions import absolute_url
from feedwright.generators.tags.tag_html import EMBEDS, NOTES, code, enclosed, figure, note, nothing
from feedwright.generators.template_syntax import BODY, Call, Part, Rule, Source
from feedwright.model import replace


def _picture(call: Call) -> Sequence[Part] | None:
    """Return a figure; a path counts from the article, or from the root if it begins with its section."""
    src = call.get("src", "url", "path", "url_min", "file", "image", "light_src", "default_src", at=0)
    section, slash, _ = call.page.path.partition("/")
    if src.startswith("@/") or (slash and src.startswith(f"{section}/")):
        src = absolute_url(src.removeprefix("@/"), (), call.page.site_url)
    return figure(replace(call, named={**call.named, "src": src}))


def _code(call: Call) -> Sequence[Part] | None:
    return None if not call.is_pair else code(call.inside(), call.get("lang", "language"))


def _text(call: Call) -> Sequence[Part] | None:
    text = call.get("text", "content")
    return [BODY] if call.is_pair else [Source(text)] if text else None


TAGS: Mapping[str, Rule] = {
    **EMBEDS,
    **NOTES,
    **dict.fromkeys(
        """
        figure image img resize_image picture responsive_image lazy_image full_img dual_theme_image
        invertible_image dimmable_image full_width_image image_hover image_toggler
        """.split(),  # noqa: SIM905
        _picture,
    ),
    **dict.fromkeys(("code", "codeblock", "highlight"), _code),
    **dict.fromkeys(
        ("tabs", "wide", "wide_container", "crt", "force_text_direction", "references"), enclosed
    ),
    "aside": note,
    "spoiler": _text,
    **dict.fromkeys(("toc", "icon", "iine"), nothing),
}
"""Name → rule."""
