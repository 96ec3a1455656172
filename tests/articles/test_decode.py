"""The bytes of files: encodings, marks, and what XML forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feedwright.articles.decode import decode
from feedwright.articles.files import FileError

if TYPE_CHECKING:
    from feedwright.problems import Problem


@pytest.mark.parametrize(
    ("data", "encoding", "expected"),
    [
        ("\ufeffé".encode(), "utf-8", "é"),
        ("\ufeffé".encode(), "gb18030", "é"),
        (b"a\r\nb\rc\n\r", "utf-8", "a\nb\nc\n\n"),
        ("新媒体".encode("gb18030"), "gb18030", "新媒体"),
        ("\ufeff新".encode("gb18030"), "gb18030", "新"),
        ("新\r\n".encode("utf-16"), "utf-16", "新\n"),
        ("新".encode("utf-16-le"), "utf-16-le", "新"),
        (b"\xef\xbb\xbf", "utf-8", ""),
        (b"", "utf-8", ""),
        ("\ufffd €😀\x85\xa0\x7f\t".encode(), "UTF8", "\ufffd €😀\x85\xa0\x7f\t"),
        (b"\xe9", "latin-1", "é"),
    ],
)
def test_decoded(data: bytes, encoding: str, expected: str) -> None:
    assert decode(data, path="a.md", encoding=encoding) == (expected, [])


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "big5"])
def test_a_head_may_end_within_a_character(cut: int, encoding: str) -> None:
    whole = "標題標題標題"
    data = whole.encode(encoding)[:-cut]
    found, problems = decode(data, path="a.md", encoding=encoding, whole=False)
    assert whole.startswith(found)
    assert len(found) >= 3
    assert not problems


def _refused(data: bytes, encoding: str = "utf-8", *, whole: bool = True) -> Problem:
    with pytest.raises(FileError) as caught:
        decode(data, path="a.md", encoding=encoding, whole=whole)
    return caught.value.problems[0]


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_not_utf8_is_held_with_its_place_and_a_guess(whole: bool) -> None:
    found = _refused("---\ntitle: 新媒体的文章\n---\n".encode("gb18030"), whole=whole)
    assert (found.severity, found.code, found.line, found.column) == ("error", "ENC001", 2, 1)
    assert found.message == "byte 11 (0xd0) is not UTF-8"
    assert "GB18030" in found.hint
    assert 'encoding = "gb18030"' in found.hint


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"caf\xe9 au lait", 3),
        (b"\xff\xff", 0),
        (b"ab\n\x80", 3),
        ("é".encode()[:1], 0),
        (b"\xef\xbb\xbfab\xff", 5),
    ],
)
def test_the_offset_counts_from_the_first_byte_and_nothing_is_guessed_without_reason(
    data: bytes, offset: int
) -> None:
    found = _refused(data)
    assert found.message.startswith(f"byte {offset} (0x")
    assert found.hint == "convert the file to UTF-8"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b"PK\x03\x04\x14\0\xff", "a ZIP archive or an office document"),
        (b"\x7fELF\x02\0\0\xff", "a binary file"),
    ],
)
def test_what_is_no_text_is_told_as_what_it_is(data: bytes, what: str) -> None:
    found = _refused(data)
    assert (found.code, found.message) == ("ENC001", f"the file is {what}, not a text")
    assert "ending" in found.hint


def test_surrogates_written_as_utf8_are_not_utf8() -> None:
    assert _refused("a\ud800".encode("utf-8", "surrogatepass")).code == "ENC001"


def test_a_wrong_encoding_in_the_settings() -> None:
    found = _refused("é".encode(), "ascii")
    assert (found.code, found.message) == ("ENC001", "byte 0 (0xc3) is not ASCII")
    assert "correct `encoding`" in found.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_named(encoding: str) -> None:
    name = encoding[:6].upper()
    data = ("" if encoding in ("utf-16", "utf-32") else "\ufeff").encode(encoding) + "ab".encode(encoding)
    found = _refused(data)
    assert (found.code, found.message) == ("ENC002", f"the file is {name}, not UTF-8")
    assert f'encoding = "{name.lower()}"' in found.hint


@pytest.mark.parametrize("character", [chr(c) for c in (0, 1, 8, 11, 12, 14, 31, 0xFFFE, 0xFFFF)])
def test_what_xml_forbids_is_removed_and_told(character: str) -> None:
    found, problems = decode(f"ab\nc{character}d{character}\n".encode(), path="a.md")
    assert found == "ab\ncd\n"
    assert [(p.severity, p.code, p.line, p.column) for p in problems] == [("warning", "XML001", 2, 2)]
    assert problems[0].message.startswith("2 characters")
    assert f"U+{ord(character):04X}" in problems[0].message


def test_forbidden_characters_in_another_encoding_are_found_too() -> None:
    assert decode("a\x0bb".encode("utf-16"), path="a.md", encoding="utf-16")[0] == "ab"
