"""Step: formulas become text: their TeX as it was written, else their words on one line.

MathML itself is not published: neither pass keeps it apart from HTML, and few readers show it.
"""

from __future__ import annotations

from feedwright import text
from feedwright.bodies.html_tree import Node, Tree

_VISUAL = frozenset({"katex-html", "MathJax", "MathJax_Preview", "MathJax_SVG", "MathJax_CHTML"})
"""Classes of what KaTeX and MathJax 2 show beside the formula itself."""

_DEEPEST = 64
_PATTERNS = {
    "msup": "{}^{}",
    "mover": "{}^{}",
    "msub": "{}_{}",
    "munder": "{}_{}",
    "msubsup": "{}_{}^{}",
    "munderover": "{}_{}^{}",
    "mfrac": "{}/{}",
    "mroot": "{1}√{0}",
}
"""How the parts of an element are written, by its name (MathML Core §3.3 and §3.4)."""

_SEPARATORS = {"mtable": "; ", "mtr": ", "}
_NOT_SHOWN = frozenset({"mphantom", "mprescripts"})


def write(tree: Tree) -> None:
    """Put the text of every formula in its place, once where a page has it twice."""
    for script, _ in tree.select({"script"}):
        kind = (script.attributes.get("type") or "").lower()
        if kind.startswith("math/tex"):
            script.replace_with(_tex(script.text() or "", display="display" in kind))
            tree.changed()
    for formula, _ in reversed(tree.select({"math"})):
        _remove_visual(tree, formula)
        formula.replace_with(_written(formula))
        tree.changed()


def _remove_visual(tree: Tree, formula: Node) -> None:
    """Remove what shows the same formula for the eye: a neighbour of what holds the MathML."""
    holder = formula.parent
    while holder is not None and holder.tag == "span":
        for sibling in holder.iter():
            classes = (sibling.attributes.get("class") or "").split()
            if not _VISUAL.isdisjoint(classes) and sibling.css_first("math") is None:
                tree.remove(sibling)
        holder = holder.parent


def _written(formula: Node) -> str:
    """The TeX of a formula, else its alternative text, else its words."""
    display = formula.attributes.get("display") == "block"
    for annotation in formula.css("annotation"):
        if "tex" in (annotation.attributes.get("encoding") or ""):
            return _tex(annotation.text() or "", display=display)
    if alternative := text.fold_space(formula.attributes.get("alttext") or ""):
        return _tex(alternative, display=display) if "\\" in alternative else alternative
    first = formula.css_first("semantics > *")
    return text.fold_space(_linear(formula if first is None else first))


def _tex(source: str, *, display: bool) -> str:
    source = source.strip()
    return f"\\[{source}\\]" if display else f"\\({source}\\)"


def _linear(node: Node, depth: int = 0) -> str:
    """The words of a formula on one line: `x^2`, `(a+b)/2`."""
    tag = node.tag or ""
    parts = [part for part in node.iter() if (part.tag or "").startswith("m") and part.tag not in _NOT_SHOWN]
    if not parts or depth > _DEEPEST:
        return (node.text(deep=False) or "").strip()
    words = [_linear(part, depth + 1) for part in parts]
    if (pattern := _PATTERNS.get(tag)) and len(words) == pattern.count("{"):
        return pattern.format(*map(_grouped, words))
    if tag == "msqrt":
        return f"√{_grouped(''.join(words))}"
    return _SEPARATORS.get(tag, "").join(words)


def _grouped(words: str) -> str:
    return words if len(words) < 2 or words.isalnum() else f"({words})"
