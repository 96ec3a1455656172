"""The HTML that may be published, written a second time by hand, so that a slip in the policy shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import html as other_parser

if TYPE_CHECKING:
    from collections.abc import Iterator

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PLAIN = """
    abbr address article aside b bdi bdo big br caption cite dd details dfn div dl dt em figcaption figure
    footer h1 h2 h3 h4 h5 h6 header hr i kbd main mark nav p picture rp rt ruby s samp section small span
    strike strong sub summary sup table tbody tfoot thead tr tt u ul var wbr
"""
ALLOWED = {
    **dict.fromkeys(PLAIN.split(), ""),
    "a": "href rel",
    "audio": "controls src",
    "blockquote": "cite",
    "code": "class",
    "col": "span",
    "colgroup": "span",
    "del": "cite datetime",
    "details": "open",
    "img": "alt height longdesc referrerpolicy sizes src srcset width",
    "ins": "cite datetime",
    "li": "value",
    "ol": "reversed start type",
    "pre": "class",
    "q": "cite",
    "source": "height media sizes src srcset type width",
    "td": "align colspan rowspan",
    "th": "abbr align colspan rowspan scope",
    "time": "datetime",
    "video": "controls height poster src width",
}
EVERYWHERE = {"dir", "id", "lang", "title"}
LOADED = {"src", "poster", "cite", "longdesc"}


def faults(content: str) -> Iterator[str]:
    """Yield everything that libxml2 finds in a content and that is not allowed."""
    if FORBIDDEN.search(content):
        yield "a character that XML forbids"
    for element in other_parser.fragment_fromstring(content, create_parent="div").iter():
        tag = str(element.tag)
        if tag not in ALLOWED:
            yield tag
            continue
        for name, value in element.attrib.items():
            if name not in EVERYWHERE | set(ALLOWED[tag].split()):
                yield f"{tag} {name}"
            elif not _is_fine(tag, name, value):
                yield f"{tag} {name}={value!r}"


def _is_fine(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return re.fullmatch(r"(https?://|mailto:|tel:).*|#fn-[0-9a-f]{8}-\d+", value, re.DOTALL) is not None
    if name == "id":
        return re.fullmatch(r"fn-[0-9a-f]{8}-\d+", value) is not None
    if name in LOADED:
        return value.startswith(("http://", "https://"))
    if name == "srcset":
        return all(part.startswith(("http://", "https://")) for part in value.split(", "))
    if name == "class":
        return all(part.startswith("language-") for part in value.split())
    if name == "referrerpolicy":
        return value == "no-referrer"
    return name != "rel" or value == "noopener noreferrer"
