"""reStructuredText to HTML, where docutils is installed; the one door to it.

No file is read or fetched for an article, and no raw HTML passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from feedwright.problems import Problem

_WARNING = 2
"""The least severe messages of docutils that are told."""
_SETTINGS: dict[str, Any] = {
    "_disable_config": True,
    "doctitle_xform": False,  # the title is in the front matter
    "file_insertion_enabled": False,
    "halt_level": 5,
    "initial_header_level": 2,
    "input_encoding": "unicode",
    "math_output": "LaTeX",
    "raw_enabled": False,
    "report_level": 5,
    "syntax_highlight": "none",
    "warning_stream": False,
}


def is_installed() -> bool:
    """Tell whether docutils can be imported."""
    return find_spec("docutils") is not None


def render(body: str, *, file: str, line: int) -> tuple[str, tuple[Problem, ...]]:
    """Return the HTML of a body that begins on `line` of `file`, and what docutils could not read.

    Raises RecursionError for what is nested too deep.
    """
    from docutils import nodes
    from docutils.core import publish_doctree, publish_parts
    from docutils.io import DocTreeInput
    from docutils.readers.doctree import Reader

    settings = {**_SETTINGS, "report_level": _WARNING}
    document: Any = publish_doctree(body, settings_overrides=settings)
    problems = tuple(_problems(document, file, line))
    for literal in document.findall(nodes.literal):
        literal["classes"].append("code")  # for the writer it is code then
    document.settings = None
    parts = publish_parts(
        document, reader=Reader(), source_class=DocTreeInput, writer="html5", settings_overrides=_SETTINGS
    )
    return parts["body"], problems


def _problems(document: Any, file: str, line: int) -> Iterator[Problem]:
    """Take the messages of docutils out of the document, and return them as problems."""
    from docutils import nodes

    for message in list(document.findall(nodes.system_message)):
        if message["level"] >= _WARNING:
            text = message.next_node(nodes.paragraph)
            says = text.astext().rstrip(".") if text is not None else "an error"
            place = (line + message.get("line", 1) - 1, 1)
            hint = "correct the markup; what it means is left out"
            yield Problem.warning("RST001", f"reStructuredText: {says}", file, *place, hint=hint)
        message.parent.remove(message)
