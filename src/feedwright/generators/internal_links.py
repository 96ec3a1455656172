"""Links to other articles, as all generators have them: by the path of the file."""

from __future__ import annotations

from posixpath import normpath

from feedwright.generators.template_syntax import Page
from feedwright.patterns import lazy_pattern

_SCHEME = lazy_pattern("[a-zA-Z][a-zA-Z0-9+.-]*:|//")
_MARKDOWN = (".md", ".markdown", ".mkd", ".mkdn", ".mdown")


def split_address(address: str) -> tuple[str, str]:
    """Return the path of an address, and its query and fragment with their marks."""
    end = next((at for at, character in enumerate(address) if character in "?#"), len(address))
    return address[:end], address[end:]


def beside(name: str, path: str) -> str:
    """Return the path below the content folder of a file that is named from there, or from the article's."""
    folder = "" if name.startswith("/") else path.rpartition("/")[0]
    return normpath(f"{folder}/{name}".lstrip("/"))


def markdown_link(address: str, page: Page) -> str | None:
    """Return the address of the article whose Markdown file an address names; None where it names none."""
    path, rest = split_address(address)
    if not path.lower().endswith(_MARKDOWN) or _SCHEME.match(address):
        return None
    target = page.article(beside(path, page.path), written=path)
    return target.value + rest if target else None
