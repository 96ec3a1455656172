"""Step: only attributes that the policy permits stay, with absolute URLs; every link gets its `rel`."""

from __future__ import annotations

import re

from feedwright import urls
from feedwright.bodies.decorations import is_decoration
from feedwright.bodies.html_tree import Tree, unwrap
from feedwright.bodies.limits import ATTRIBUTES, RefusedError, add_address
from feedwright.bodies.policy import (
    COPY_BUTTONS,
    HIDING_STYLE,
    LOADED,
    LOADED_LATER,
    REL,
    SCHEMES,
    SHOWN_LATER,
    permits,
)
from feedwright.patterns import lazy_pattern

_CELLS = frozenset({"td", "th"})
_ALIGNMENT = lazy_pattern(r"text-align\s*:\s*(left|right|center|justify)", re.IGNORECASE)
_REWRITTEN = LOADED | {"href", "srcset", "class"}


def clean(tree: Tree) -> None:
    """Clean the attributes of all elements; remove what a page hides, copy buttons, and spans without any.

    Raises `RefusedError` HTML003 for an element with too many.
    """
    for node, tag in tree.nodes:
        before = node.attributes
        if not before and tag not in {"a", "span"}:
            continue
        if len(before) > ATTRIBUTES:
            raise RefusedError("HTML003", f"a tag has {len(before)} attributes; the limit is {ATTRIBUTES}")
        if tag not in LOADED_LATER and is_hidden(before):
            tree.remove(node)
            continue
        if "class" in before and not COPY_BUTTONS.isdisjoint((before["class"] or "").split()):
            node.decompose()
            continue
        after = _cleaned(tree, tag, before)
        if tag == "img":
            if "src" not in after and (candidates := after.get("srcset")):
                after["src"] = candidates.split()[0].rstrip(",")
            if "src" in after and is_decoration(after["src"], before):
                tree.decorations.add(after["src"])
        if tag == "a":
            if "rel" in before:
                del node.attrs["rel"], before["rel"]
            after.pop("rel", None)
            after["rel"] = REL  # the last attribute, as nh3 writes it
        if after != before:
            attrs = node.attrs
            for name in before.keys() - after.keys():
                del attrs[name]
            for name, value in after.items():
                if before.get(name) != value:
                    attrs[name] = value
        if tag == "span" and not after:
            unwrap(node)


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """Tell whether an element is never shown: by `hidden` (HTML §6.1) or by its style."""
    if ("hidden" not in attributes and "style" not in attributes) or attributes.get("role") in SHOWN_LATER:
        return False
    is_off = "hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found"
    return is_off or HIDING_STYLE.search(attributes.get("style") or "") is not None


def _cleaned(tree: Tree, tag: str, attributes: dict[str, str | None]) -> dict[str, str]:
    cleaned = {}
    if (
        tag in _CELLS
        and "style" in attributes
        and (alignment := _ALIGNMENT.search(attributes["style"] or ""))
    ):
        attributes = {"align": alignment[1].lower(), **attributes}
    for name, written in attributes.items():
        value: str | None = written or ""
        if value and (not value.isprintable() or "\ufffd" in value):
            value = tree.scrub(value)
        if name in _REWRITTEN:
            value = _rewritten(tree, tag, name, value or "")
            add_address(tree, value)
        if value is not None and permits(tag, name, value):
            cleaned[name] = value
    return cleaned


def _rewritten(tree: Tree, tag: str, name: str, value: str) -> str | None:
    """The value of an attribute that does not stay as it is; None where it is to have none."""
    if name == "srcset":
        return urls.candidates(value, tree.base)
    if name == "class":
        return " ".join(part for part in value.split() if part.startswith("language-"))
    if name == "href":
        if value.startswith("#") and permits(tag, name, value):
            return value
        url = urls.absolute(value, tree.base, SCHEMES)
    else:
        url = urls.web(value, tree.base) if value.strip() else None
    if url is None and value.strip() and permits(tag, name, "https://example.org/"):
        tree.refused.append(value)
    return url
