"""Step: only attributes that the policy permits stay, with absolute URLs; every link gets its `rel`."""

from __future__ import annotations

from feedwright import urls
from feedwright.bodies.decorations import is_decoration
from feedwright.bodies.html_tree import Tree, unwrap
from feedwright.bodies.limits import ATTRIBUTES, RefusedError
from feedwright.bodies.policy import COPY_BUTTONS, LOADED, REL, SCHEMES, permits

_REWRITTEN = LOADED | {"href", "srcset", "class"}


def clean(tree: Tree) -> None:
    """Clean the attributes of all elements; remove copy buttons, and spans that are left without attributes.

    Raises `RefusedError` HTML003 for an element with too many.
    """
    for node, tag in tree.nodes:
        before = node.attributes
        if not before and tag not in {"a", "span"}:
            continue
        if len(before) > ATTRIBUTES:
            raise RefusedError("HTML003", f"a tag has {len(before)} attributes; the limit is {ATTRIBUTES}")
        if "class" in before and not COPY_BUTTONS.isdisjoint((before["class"] or "").split()):
            node.decompose()
            continue
        after = _cleaned(tree, tag, before)
        if tag == "img" and "src" in after and is_decoration(after["src"], before):
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


def _cleaned(tree: Tree, tag: str, attributes: dict[str, str | None]) -> dict[str, str]:
    cleaned = {}
    for name, written in attributes.items():
        value: str | None = written or ""
        if value and (not value.isprintable() or "\ufffd" in value):
            value = tree.scrub(value)
        if name in _REWRITTEN:
            value = _rewritten(tree, tag, name, value or "")
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
        url = urls.absolute(value, tree.base, SCHEMES)
    else:
        url = urls.web(value, tree.base) if value.strip() else None
    if url is None and value.strip() and permits(tag, name, "https://example.org/"):
        tree.refused.append(value)
    return url
