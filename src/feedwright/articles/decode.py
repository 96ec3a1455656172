"""The bytes of an article's file become text."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from feedwright import text
from feedwright.articles.files import FileError
from feedwright.articles.front_matter.fields import position_of
from feedwright.problems import Problem

_COMMON_IN_CHINESE = "[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]"

_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_BINARY = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
_BEGINNING = 1024
"""Bytes in which a file that is no text nearly always has a NUL."""


def decode(
    data: bytes, *, path: str, encoding: str = "utf-8", whole: bool = True
) -> tuple[str, list[Problem]]:
    """Return a file's text with `\\n` line ends and without what XML forbids, and what was removed.

    A UTF-8 byte order mark is dropped. `whole` is false when the bytes end somewhere in the file.
    Raises `FileError` with ENC001 (not in that encoding) or ENC002 (UTF-16 or UTF-32 that was not declared).
    """
    utf8 = data.startswith(codecs.BOM_UTF8) or encoding.replace("_", "-").lower() in ("utf-8", "utf8")
    if utf8 and (name := next((name for mark, name in _BOMS if data.startswith(mark)), "")):
        hint = f'convert it to UTF-8, or set encoding = "{name.lower()}"'
        raise FileError("ENC002", f"the file is {name}, not UTF-8", path, hint=hint)
    decoded = _decode(data, "utf-8" if utf8 else encoding, whole=whole, path=path).removeprefix("\ufeff")
    if "\r" in decoded:
        decoded = decoded.replace("\r\n", "\n").replace("\r", "\n")
    # what `text.FORBIDDEN` finds, many times faster; UTF-8 holds no surrogates
    is_clean = utf8 and not data.translate(None, text.PERMITTED)
    if is_clean and "\ufffe" not in decoded and "\uffff" not in decoded:
        return decoded, []
    if not (first := text.FORBIDDEN.search(decoded)):
        return decoded, []
    clean, count = text.FORBIDDEN.subn("", decoded)
    message = f"{text.count(count, 'character')} that XML forbids removed, first U+{ord(first[0]):04X}"
    return clean, [Problem.warning("XML001", message, path, *position_of(decoded, first.start()))]


def _decode(data: bytes, encoding: str, *, whole: bool, path: str) -> str:
    try:
        return data.decode(encoding) if whole else codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError as error:
        if binary := _not_a_text(data):
            hint = "move it out of the folder of the articles, or give its name the right ending"
            raise FileError("ENC001", f"the file is {binary}, not a text", path, hint=hint) from None
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not {encoding.upper()}"
        hint = _encoding_hint(data) if encoding == "utf-8" else "convert the file, or correct `encoding`"
        raise FileError("ENC001", message, path, line, 1, hint=hint) from None


def _not_a_text(data: bytes) -> str:
    """What the file is instead of a text, "" if it may be one in some encoding."""
    known = next((name for signature, name in _BINARY if data.startswith(signature)), "")
    return known or ("a binary file" if b"\0" in data[:_BEGINNING] else "")


def _encoding_hint(data: bytes) -> str:
    """Return what to do, with a guess where most of what is not ASCII would be Chinese."""
    guess = ""
    if not data.startswith(codecs.BOM_UTF8):
        with suppress(UnicodeDecodeError):
            guess = codecs.getincrementaldecoder("gb18030")().decode(data)
    if 0 < sum(not c.isascii() for c in guess) <= 2 * len(re.findall(_COMMON_IN_CHINESE, guess)):
        return 'it looks like GB18030: convert it to UTF-8, or set encoding = "gb18030"'
    return "convert the file to UTF-8"
