"""Steps on the parsed tree of an article's body, the same for every engine; door to selectolax (lexbor).

Every tree is that of a standards-mode document whose body begins where the article does, so that nothing
lands in a head and a paragraph ends where a table begins, as in every HTML5 parser that comes after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feedwright import text, urls
from feedwright.bodies import lazy_images, limits, videos
from feedwright.bodies.elements import BLOCKS, BREAKING, COPY_BUTTONS, DROPPED, MEDIA, PLAYERS

if TYPE_CHECKING:
    from feedwright.model import Picture

Permits = Callable[[str, str, str], bool]
"""Whether an element may carry an attribute with a value: names in lower case, the value decoded."""

_START = "<!doctype html><body>"
_LOADED = frozenset({"src", "poster", "cite", "longdesc"})
_MARKS = frozenset({"more", "excerpt", "pelican_end_summary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A body after the tree steps and what they did; `depth` is 0 where it cannot be more than 512."""

    html: str
    promoted: int
    removed: int
    references: int
    refused: tuple[str, ...]
    depth: int
    attributes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What this parser finds in clean HTML; `strange` names the first thing not permitted, else ""."""

    html: str
    text: str
    pictures: tuple[Picture, ...]
    strange: str


@dataclass(slots=True, kw_only=True)
class _Work:
    """One body being repaired."""

    tree: LexborHTMLParser
    body: LexborNode
    base: str
    elements: frozenset[str]
    permits: Permits
    rel: str
    ghosts: bool
    promoted: int = 0
    removed: int = 0
    references: int = 0
    attributes: int = 0
    refused: list[str] = field(default_factory=list)


def repair(html: str, *, base: str, elements: frozenset[str], permits: Permits, rel: str) -> Repaired:
    """Bring a body into the form that the walls leave alone: known elements, absolute URLs, real pictures.

    `html` has no character that XML forbids. Elements outside `elements` are dropped with their content or
    unwrapped, by kind; attributes for which `permits` is false are dropped; every link gets `rel`. Raises
    `budget.SwollenError`.
    """
    tree, body = _parse(html)
    limits.check_growth(len(html), len(body.inner_html or ""))
    work = _Work(
        tree=tree,
        body=body,
        base=base,
        elements=elements,
        permits=permits,
        rel=rel,
        ghosts="\ufffd" not in html,
    )
    depth = _depth(body) if html.count("<") > limits.DEPTH else 0
    nodes = _elements(body)
    present = {tag for _, tag in nodes}
    _bring_pictures(work, nodes)
    if not present <= elements:
        _remove_unknown(work, nodes)
        nodes = [(node, tag) for node, tag in nodes if tag in elements and node.parent is not None]
    _filter_attributes(work, nodes)
    if "pre" in present:
        _trim_code([node for node, tag in nodes if tag == "pre"])
    if not present.isdisjoint(MEDIA):
        _settle_media([(node, tag) for node, tag in nodes if tag in MEDIA])
    return Repaired(
        html=_serialize(work, may_refer="&#" in html),
        promoted=work.promoted,
        removed=work.removed,
        references=work.references,
        refused=tuple(work.refused),
        depth=depth,
        attributes=work.attributes,
    )


def survey(html: str, *, elements: frozenset[str], permits: Permits) -> Survey:
    """Read clean HTML once more: serialization, visible text, pictures, and what is not permitted."""
    _, body = _parse(html)
    nodes = _elements(body)
    serialized = body.inner_html or ""
    strange = ""
    shown = []
    for node, tag in nodes:
        found = node.attributes
        if (found or tag not in elements) and not strange:
            strange = _strange(tag, found, elements, permits)
        if tag == "img":
            shown.append(lazy_images.picture(found))
    return Survey(
        html=serialized,
        text=_visible(body, nodes),
        pictures=tuple(picture for picture in shown if picture is not None),
        strange=strange,
    )


def text_before_mark(html: str) -> str | None:
    """The visible text before `<!-- more -->` or its like; None without a mark or a text before it."""
    folded = html.casefold() if "<!--" in html else ""
    if not any(mark in folded for mark in _MARKS):
        return None
    _, body = _parse(html)
    mark = next((node for node, _ in _elements(body) if _is_mark(node)), None)
    if mark is None:
        return None
    place: LexborNode | None = mark
    while place is not None and place.mem_id != body.mem_id:
        while (follower := place.next) is not None:
            follower.decompose()
        place = place.parent
    for node, tag in _elements(body):
        if tag in DROPPED:
            node.decompose()
    return _visible(body, _elements(body)) or None


def is_one_element(html: str) -> bool:
    """Whether a body is one closed root element with nothing but space and comments outside it."""
    if not html.lstrip().startswith("<"):
        return False
    _, body = _parse(html + "<feedwright-end></feedwright-end>")
    roots = [node for node in body.iter(include_text=True, skip_empty=True) if not node.is_comment_node]
    if len(roots) != 2 or roots[1].tag != "feedwright-end":
        return False
    name = roots[0].tag or ""
    return roots[0].is_element_node and name.replace("-", "").isalnum()


def _parse(html: str) -> tuple[LexborHTMLParser, LexborNode]:
    tree = LexborHTMLParser(_START + html)
    body = tree.body
    if body is None:
        raise ValueError("the parser made no body")
    return tree, body


def _elements(body: LexborNode) -> list[tuple[LexborNode, str]]:
    """The elements and comments below the body in document order, each with its name.

    Not by a selector: making the first one of a tree costs more than the walk.
    """
    return [(node, node.tag or "") for node in body.traverse()][1:]


def _depth(body: LexborNode) -> int:
    levels = {body.mem_id: 0}
    for node, _ in _elements(body):
        parent = node.parent
        levels[node.mem_id] = levels.get(parent.mem_id, 0) + 1 if parent is not None else 0
    return max(levels.values())


def _bring_pictures(work: _Work, nodes: list[tuple[LexborNode, str]]) -> None:
    """Give lazy pictures their source, from their own attributes or from a `noscript`; make videos links."""
    for node, tag in nodes:
        if tag in {"img", "source", "video", "audio"}:
            work.promoted += _promote(node, tag, work.base)
    for node, tag in nodes:
        if tag == "noscript":
            work.promoted += _use_fallback(node, work.base)
        elif tag == "iframe":
            _link_video(work, node)


def _promote(node: LexborNode, tag: str, base: str) -> bool:
    found = node.attributes
    if lazy_images.LAZY.isdisjoint(found):
        return False
    named = lazy_images.lazy(tag, found, base)
    for name, value in named.items():
        node.attrs[name] = value
    return bool(named)


def _use_fallback(noscript: LexborNode, base: str) -> bool:
    """Use the picture that a `noscript` holds for readers without scripts, unless it is there already."""
    fallback = noscript.css_first("img")
    if fallback is None:
        return False
    source = urls.web(fallback.attributes.get("src") or "", base) if fallback.attributes.get("src") else None
    if source is None or lazy_images.is_tracker(fallback.attributes):
        return False
    shown = _neighbour(noscript)
    if shown is None:
        noscript.insert_before(fallback, move=True)
        return True
    if not lazy_images.is_missing(shown.attributes.get("src")):
        return False
    shown.attrs["src"] = source
    return True


def _neighbour(noscript: LexborNode) -> LexborNode | None:
    """The picture just before or just after a `noscript`, perhaps inside one other element."""
    for start, forward in ((noscript.prev, False), (noscript.next, True)):
        node = start
        while node is not None and node.is_empty_text_node:
            node = node.next if forward else node.prev
        if node is not None and node.is_element_node and node.tag != "noscript":
            picture = node if node.tag == "img" else node.css_first("img")
            if picture is not None:
                return picture
    return None


def _link_video(work: _Work, frame: LexborNode) -> None:
    """Put a link to the watch page before the frame of a known video host; the frame goes later."""
    found = frame.attributes
    source = urls.web(found.get("src") or found.get("data-src") or "", work.base)
    page = videos.watch_page(source) if source is not None else None
    if page is None:
        return
    around = set()
    parent = frame.parent
    while parent is not None:
        around.add(parent.tag)
        parent = parent.parent
    label = text.fold_space(found.get("title") or "") or page
    if "a" in around:
        frame.insert_before(label)
        return
    link = work.tree.create_node("a")
    link.attrs["href"] = page
    link.attrs["rel"] = work.rel
    link.insert_child(label)
    if frame.parent is not None and frame.parent.tag in {
        "body",
        "div",
        "section",
        "article",
        "figure",
        "main",
    }:
        paragraph = work.tree.create_node("p")
        paragraph.insert_child(link, move=True)
        link = paragraph
    frame.insert_before(link, move=True)


def _trim_code(blocks: list[LexborNode]) -> None:
    """Drop newlines that begin a `pre`, of which every parser drops one (HTML §13.2.6.4.7)."""
    for node in blocks:
        first = node.first_child
        content = first.text_content if first is not None and first.is_text_node else None
        if first is not None and content and content.startswith(("\n", "\r")):
            first.replace_with(content.lstrip("\r\n"))


def _remove_unknown(work: _Work, nodes: list[tuple[LexborNode, str]]) -> None:
    for node, tag in nodes:
        if tag in work.elements or node.parent is None:
            continue
        if tag == "-comment":
            _drop_comment(node)
            continue
        if tag in DROPPED:
            node.decompose()
            work.removed += 1
            continue
        if tag in BREAKING:
            node.insert_before("\n")
            node.insert_after("\n")
        _unwrap(node)


def _drop_comment(comment: LexborNode) -> None:
    """Drop a comment; where a CDATA section began it, with its siblings up to the end of the section."""
    content = comment.comment_content or ""
    inside = [comment]
    node = comment.next if content.startswith("[CDATA[") and not content.endswith("]]") else None
    while node is not None:
        _, end, after = (node.text_content or "").partition("]]>")
        if end:
            node.replace_with(after)
            break
        inside.append(node)
        node = node.next
    for gone in inside if node is not None else [comment]:
        gone.decompose()


def _filter_attributes(work: _Work, nodes: list[tuple[LexborNode, str]]) -> None:
    for node, tag in nodes:
        found = node.attributes
        if not found and tag not in {"a", "span"}:
            continue
        work.attributes = max(work.attributes, len(found))
        if "class" in found and not COPY_BUTTONS.isdisjoint((found["class"] or "").split()):
            node.decompose()
            continue
        kept = {}
        for name, value in found.items():
            settled = _settle(work, tag, name, value or "")
            if settled is not None and work.permits(tag, name, settled):
                kept[name] = settled
        if tag == "a":
            kept.pop("rel", None)
            kept["rel"] = work.rel
        _write(node, found, kept)
        if tag == "span" and not kept:
            _unwrap(node)


def _write(node: LexborNode, found: dict[str, str | None], kept: dict[str, str]) -> None:
    if list(found.items()) == list(kept.items()):
        return
    attrs = node.attrs
    for name in found:
        if name not in kept or name == "rel":
            del attrs[name]
    for name, value in kept.items():
        if name == "rel" or found[name] != value:
            attrs[name] = value


def _unwrap(node: LexborNode) -> None:
    if node.first_child is None:
        node.decompose()
    else:
        node.unwrap()


def _settle(work: _Work, tag: str, name: str, value: str) -> str | None:
    """The value that an attribute is to have, None where it is to have none."""
    if not value.isprintable() or "\ufffd" in value:
        value = _without_references(work, value)
    if name == "href":
        url = urls.absolute(value, work.base)
    elif name in _LOADED:
        url = urls.web(value, work.base) if value.strip() else None
    elif name == "srcset":
        return urls.candidates(value, work.base)
    elif name == "class":
        return " ".join(part for part in value.split() if part.startswith("language-"))
    else:
        return value
    if url is None and value.strip() and work.permits(tag, name, "https://example.org/"):
        work.refused.append(value)
    return url


def _without_references(work: _Work, value: str) -> str:
    """Without forbidden characters that references made; U+FFFD is one where the source has none."""
    clean = text.scrub(value)
    if work.ghosts:
        clean = clean.replace("\ufffd", "")
    work.references += len(value) - len(clean)
    return clean


def _settle_media(nodes: list[tuple[LexborNode, str]]) -> None:
    """Drop sources that name nothing; a picture without one becomes its text, a player its fallback."""
    for node, tag in reversed(nodes):
        found = node.attributes
        if tag == "img":
            _settle_picture(node, found)
        elif tag == "source":
            holder = node.parent.tag if node.parent is not None else ""
            needed = {"picture": "srcset", "video": "src", "audio": "src"}.get(holder or "")
            if needed is None or needed not in found:
                node.decompose()
        elif tag == "picture":
            if node.css_first("img") is None:
                node.strip_tags(["source"])
                _unwrap(node)
        elif "src" not in found and node.css_first("source") is None:
            _unwrap(node)
        elif "controls" not in found:
            node.attrs["controls"] = ""


def _settle_picture(node: LexborNode, found: dict[str, str | None]) -> None:
    if "src" in found:
        return
    if candidates := found.get("srcset"):
        node.attrs["src"] = candidates.split()[0].rstrip(",")
    elif alt := (found.get("alt") or "").strip():
        node.replace_with(alt)
    else:
        node.decompose()


def _serialize(work: _Work, *, may_refer: bool) -> str:
    html = work.body.inner_html or ""
    if may_refer and (text.FORBIDDEN.search(html) or (work.ghosts and "\ufffd" in html)):
        html = _without_references(work, html)
    return html


def _is_mark(node: LexborNode) -> bool:
    return node.is_comment_node and (node.comment_content or "").strip().casefold() in _MARKS


def _strange(tag: str, found: dict[str, str | None], elements: frozenset[str], permits: Permits) -> str:
    if tag not in elements:
        return f"<{tag}>"
    for name, value in found.items():
        if not permits(tag, name, value or ""):
            return f"<{tag} {name}>"
    return ""


def _visible(body: LexborNode, nodes: list[tuple[LexborNode, str]]) -> str:
    """The text of a tree on one line, with a space between blocks; leaves only blocks of the tree."""
    for node, tag in nodes:
        if tag in BLOCKS or node.parent is None:
            continue
        if tag in PLAYERS:
            node.decompose()
        else:
            _unwrap(node)
    body.merge_text_nodes()
    return text.fold_space(body.text(separator=" "))
