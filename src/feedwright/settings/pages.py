"""Checks of what the owner says about the look of pages, and the text of their stylesheet."""

from __future__ import annotations

import os
import re
from pathlib import Path

from feedwright import disk
from feedwright.formats.web_readers import READERS, URL
from feedwright.patterns import lazy_pattern
from feedwright.settings import urls
from feedwright.settings.checks import SettingError, nearest, quoted, suggestion, text, unfit
from feedwright.text import FORBIDDEN

LARGEST = 128 * 1024
"""The bytes that a stylesheet may have: every page has it."""

_COLOUR = lazy_pattern(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_ADDRESS = lazy_pattern(r"https?:", re.IGNORECASE)


def accent(value: object) -> str:
    """Return a colour as #rrggbb; nothing but hexadecimal digits gets into a stylesheet."""
    written = text(value)
    colour = written.lower()
    if not _COLOUR.fullmatch(colour):
        bare = "#" + colour.removeprefix("#")
        hint = suggestion(bare if _COLOUR.fullmatch(bare) else None, '{name} = "#0b5394"')
        raise unfit("CFG043", "a colour as #rgb or #rrggbb", written, hint)
    digits = colour[1:]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def stylesheet(value: object) -> str:
    """Return the address of a stylesheet, or the path of a file as it is written."""
    written = text(value)
    if not _ADDRESS.match(written):
        if "\0" in written or not written.lower().endswith(".css"):
            hint = 'a file that ends in .css, or an address: {name} = "pages.css"'
            raise unfit("CFG044", "a stylesheet", written, hint)
        return written
    address = urls.page(written)
    if found := re.search("[?#;,']", address):
        message = f"has a {quoted(found[0])}, which a Content-Security-Policy cannot name: {quoted(address)}"
        raise SettingError("CFG044", message, 'a plain address, or a file: {name} = "pages.css"')
    return address


def reader(value: object) -> str:
    """Return the key of a known reader, or a name and the template of an address."""
    written = text(value)
    known = written.lower().replace(" ", "")
    if known in READERS:
        return known
    name, _, template = written.rpartition(" ")
    if not name:
        names = ", ".join(READERS)
        hint = suggestion(nearest(known, READERS), f'choose from {names}; or "Name https://…?feed={URL}"')
        raise unfit("CFG042", "a reader on the web", written, hint)
    if template.count(URL) != 1:
        message = f"does not say once where the feed's address belongs: {quoted(template)}"
        raise SettingError("CFG042", message, f'"{name} https://reader.example.org/add?feed={URL}"')
    address = urls.page(template.replace(URL, "FEED"))
    if "FEED" not in address.partition("://")[2].partition("/")[2]:
        message = f"has the feed's address in place of a host: {quoted(template)}"
        raise SettingError("CFG042", message, f'"{name} https://reader.example.org/add?feed={URL}"')
    return f"{name} {address.replace('FEED', URL)}"


def read_stylesheet(value: str | None, base: Path) -> tuple[str, tuple[str, str] | None]:
    """Return the text of a stylesheet, and its file with its state; an address has neither.

    Line ends are those that browsers see, so that its hash is theirs. Raises `SettingError` where there is no
    such file.
    """
    if not value or _ADDRESS.match(value):
        return "", None
    path = os.path.abspath(base / value)
    try:
        data = disk.read_bytes(path, largest=LARGEST)
        styles = data.decode("utf-8-sig")
    except OSError as error:
        raise SettingError("CFG044", f"cannot be read: {quoted(value)}: {error.strerror}", _hint()) from None
    except UnicodeDecodeError:
        raise SettingError("CFG044", f"is not in UTF-8: {quoted(value)}", "save it as UTF-8") from None
    styles = FORBIDDEN.sub("\ufffd", styles.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    return styles, (path, disk.sha256(data))


def _hint() -> str:
    return f"a file of at most {LARGEST // 1024} KiB, seen from the folder of feedwright.toml"
