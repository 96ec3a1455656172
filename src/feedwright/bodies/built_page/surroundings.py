"""What a theme puts around an article and between its parts goes: it is for visitors of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from functools import lru_cache

from feedwright.bodies.built_page.likeness import ADDRESS, Likeness, are_same
from feedwright.bodies.html_tree import Node
from feedwright.bodies.policy import names

_NAMED = re.compile(
    r"(?<![a-z])(?:"
    r"shar(?:e|es|ing)|addtoany|sharethis|social|socials|follow-me"
    r"|toc|table-?of-?contents|related|recommend(?:ed|ations)?|see-also-posts"
    r"|breadcrumbs?|pagination|paginator|pager|(?:post|page|entry|article)-?nav(?:igation)?|prev-?next|nextprev"
    r"|comments?|disqus\w*|giscus|utterances|gitalk|valine|waline|twikoo|isso|cusdis|remark42"
    r"|(?:post|entry|article|page)-?(?:meta|metadata|info|date|author|header|footer|title|tags?|categories"
    r"|copyright|bottom|end|license)"
    r"|byline|dateline|author-(?:box|bio|card)|about-author|last-?(?:modified|updated)"
    r"|read(?:ing)?-?time|word-?count|tag-?list|dt-published"
    r"|licen[sc]e|copyright|creative-commons|cc-by\w*"
    r"|reward|donat(?:e|ion)|sponsors?|buy-?me-?a-?coffee|tip-?jar|qr-?code"
    r"|subscribe|newsletter|mailing-list|edit-(?:link|page|this\w*)|improve-this-page"
    r"|back-?to-?top|scroll-?top|skip-link|advert(?:isement)?s?|ads|adsbygoogle"
    r"|sr-only|visually-?hidden|screen-?reader-?text|code-?lang|lang-label|code-?header|language-name"
    r"|copy(?:-?(?:code|button|btn))?|clipboard"
    r")(?![a-z])",
    re.IGNORECASE,
)
"""What classes and ids of such elements are called."""

_CALLED = re.compile(r"""\s(?:class|id)="([^"]{1,500})\"""")
_IN_CODE = re.compile(
    r"(?i)cop(?:y|ied)|clipboard|code-?(?:lang|header)|lang(?:uage)?-(?:label|name)|hidden|sr-only"
)
"""What they are called within code, where a highlighter calls a comment `comment` and a title `title`."""

_HEADING = re.compile(r"^ {0,3}(?:#{1,6}[ \t]|<h[1-6][^<>\n]*>)(.*)$", re.MULTILINE)
"""A heading of Markdown (CommonMark §4.2), or one of HTML that ends on its line."""

_HEADINGS = names("h1 h2 h3 h4 h5 h6")
_CALLED_BY_THE_AUTHOR = _HEADINGS | names("dt li sup")
"""Elements whose ids generators make of what the author wrote: of headings, and of the names of notes."""

_NUMBER = "0123456789. \t\n"
"""What a theme may put before the text of a heading."""

_UNREAD = names("sr-only visually-hidden visuallyhidden screen-reader-text")
_AROUND = names("nav form dialog menu search")
_MAY_BE_NAMED = ",".join(["[class]", "[id]", *sorted(_AROUND)])
_MEDIA = "img, video, audio, iframe, object, embed, svg, canvas"
_MADE_OF_IT = "_hu"
"""What begins Hugo's names for what it made of a picture, after the picture's own."""
_CODE = names("pre code")
CONTAINERS = names("article body center div form main section td")
_LEVELS = 8
_MEASURED = 8
"""How many times its own length an article's text is read at most."""


def remove(node: Node, likeness: Likeness, *, title: str, source: str, is_marked: bool) -> Node:
    """Remove from an article's element what is not the article's; return the element that holds the rest.

    `source` is the body as it is written. Where the element is not `is_marked` as the article, what has
    nothing of its text goes from its beginning and its end too.
    """
    html = node.html or ""
    called = set(filter(_is_named, set(_CALLED.findall(html))))
    if called or any(f"<{tag}" in html for tag in _AROUND):
        _remove_named(node, called, likeness)
    if "<h1" in html or "<h2" in html:
        _remove_title(node, title, source)
    return node if is_marked else _trimmed(node, likeness, source)


@lru_cache(maxsize=1024)
def _is_named(value: str) -> bool:
    """Whether a value of a class or an id, which a theme gives to all pages, names what goes."""
    return _NAMED.search(value) is not None


def _remove_named(root: Node, called: Set[str], likeness: Likeness) -> None:
    """Remove what is called so, unless it holds text of the article that is no list of its headings."""
    room = _MEASURED * len(root.text() or "") + 10_000
    for node in root.css(_MAY_BE_NAMED):
        if node.parent is None or node.mem_id == root.mem_id:
            continue
        attributes = node.attributes
        classes = attributes.get("class") or ""
        own = (attributes.get("id") or "") if node.tag not in _CALLED_BY_THE_AUTHOR else ""
        if node.tag not in _AROUND and classes not in called and own not in called:
            continue
        if _is_in_code(node) and not _IN_CODE.search(f"{classes} {own}"):
            continue
        room -= len(node.text() or "")
        if room < 0:
            return
        if not _UNREAD.isdisjoint(classes.split()) or likeness.is_foreign(node) or _lists_headings(node):
            node.decompose()


def _is_in_code(node: Node) -> bool:
    """Whether an element stands in code, at most as deep as highlighters put their tokens."""
    above = node.parent
    for _ in range(_LEVELS):
        if above is None or above.tag in _CODE:
            break
        above = above.parent
    return above is not None and above.tag in _CODE


def _lists_headings(node: Node) -> bool:
    """Whether most of an element's text are links within the page."""
    linked = sum(_length(link) for link in node.css('a[href*="#"]'))
    return linked > 0 and linked * 2 > _length(node)


def _length(node: Node) -> int:
    return len("".join((node.text() or "").split()))


def _remove_title(root: Node, title: str, source: str) -> None:
    """Remove the first heading that says the title, if there are more of them than in the source."""
    headings = [heading for heading in root.css("h1, h2") if are_same(heading.text() or "", title)]
    own = [heading for heading in _headings(source) if are_same(heading, title)]
    if len(headings) > len(own):
        headings[0].decompose()


def _headings(source: str) -> Iterator[str]:
    """The texts of the source's headings."""
    return (re.split(r"<| \{", heading)[0] for heading in _HEADING.findall(source))


def _trimmed(root: Node, likeness: Likeness, source: str) -> Node:
    """Remove what comes before the first and after the last element with text of the article.

    A tag at the beginning or the end of the source may have made it. Where one element is left, the same goes
    for what is in it.
    """
    text = source.strip()
    for _ in range(_LEVELS):
        children = list(root.iter(include_text=True, skip_empty=True))
        if all(likeness.is_foreign(child) for child in children):
            break
        for is_tag, nodes in ((text.startswith("{"), children), (text.endswith("}"), children[::-1])):
            for child in [] if is_tag else _foreign(nodes, likeness, source):
                child.decompose()
        children = list(root.iter(include_text=True, skip_empty=True))
        if len(children) > 1 or children[0].tag not in CONTAINERS:
            break
        root = children[0]
    return root


def _foreign(nodes: list[Node], likeness: Likeness, source: str) -> Iterator[Node]:
    """The first elements, up to one with text of the article, or with a picture or a link that it names."""
    for node in nodes:
        is_own = not likeness.is_foreign(node) or likeness.has_pairs(node) or _is_heading_of(node, source)
        if (is_own and (node.text() or "").strip()) or (node.is_element_node and _shows_own(node, source)):
            return
        yield node


def _is_heading_of(node: Node, source: str) -> bool:
    """Whether an element is a heading of the source, be it with a number."""
    words = (node.text() or "").lstrip(_NUMBER) if node.tag in _HEADINGS else ""
    return words != "" and any(are_same(words, heading) for heading in _headings(source))


def _shows_own(node: Node, source: str) -> bool:
    """Whether an element shows a file that the source names, or an address in it, or links to one."""
    shown = [*node.css(_MEDIA), *([node] if node.tag in _MEDIA.split(", ") else [])]
    if any((name := _file_name(medium.attributes)) and name in source for medium in shown):
        return True
    addresses = [link.attributes.get("href") or "" for link in node.css('a[href^="http"]')]
    addresses += ADDRESS.findall(node.text() or "")
    return any(address in source for address in addresses)


def _file_name(attributes: Mapping[str, str | None]) -> str:
    """The name of the file that a medium shows, without what generators add to it."""
    address = attributes.get("src") or attributes.get("data-src") or ""
    name = address.partition("?")[0].partition("#")[0].rpartition("/")[2]
    return name.partition(".")[0].partition(_MADE_OF_IT)[0]
