"""The content folder as file systems really are: links, pipes, odd names, files that change, encodings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedwright.articles.decode import decode
from feedwright.articles.files import FileError, read
from feedwright.articles.walk import walk
from sites import Folder, codes, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedwright.problems import Problem

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def _touch(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x", "utf-8")


def _told(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(p.severity, p.code, p.file) for p in problems]


def test_articles_at_any_depth_sorted_by_path(content: Path) -> None:
    _touch(content, "b.md", "a/z.HTML", "a/y/x.markdown", "é.htm", "d.txt", "c.rst", "e.md.bak", "f.xml")
    assert walk(content) == (["a/y/x.markdown", "a/z.HTML", "b.md", "d.txt", "é.htm"], [])


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.md",
        "_index.md",
        "a.md~",
        "#a.md#",
        ".a.md.swp",
        "a.md.bak",
        ".git/a.md",
        "_site/a.md",
        "x~/a.md",
    ],
)
def test_hidden_backup_and_underscored_files_are_no_articles(content: Path, name: str) -> None:
    _touch(content, name, "good.md")
    assert walk(content) == (["good.md"], [])


def test_posts_and_drafts_are_read_at_any_depth(content: Path) -> None:
    _touch(content, "_posts/a.md", "blog/_posts/b.md", "_drafts/c.md", "_postsx/d.md")
    assert walk(content)[0] == ["_drafts/c.md", "_posts/a.md", "blog/_posts/b.md"]


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (("a.md",), ["b/c.md", "b/d/e.md"]),
        (("b",), ["a.md"]),
        (("b/",), ["a.md"]),
        (("b/d/*",), ["a.md", "b/a.md", "b/c.md"]),
        (("*.md",), []),
        (("[ab].md", "e.*"), ["b/c.md"]),
        (("A.MD",), ["a.md", "b/a.md", "b/c.md", "b/d/e.md"]),
        (("b/*.md",), ["a.md"]),
    ],
)
def test_ignore_patterns(content: Path, patterns: tuple[str, ...], left: list[str]) -> None:
    _touch(content, "a.md", "b/a.md", "b/c.md", "b/d/e.md")
    assert walk(content, ignore=patterns) == (left, [])


def test_a_folder_named_like_an_article_is_entered(content: Path) -> None:
    _touch(content, "x.md/y.md")
    assert walk(content) == (["x.md/y.md"], [])


def test_the_output_folder_inside_the_content_is_not_read(content: Path) -> None:
    _touch(content, "a.md", "out/b.html")
    paths, problems = walk(content, output=content / "out")
    assert paths == ["a.md"]
    assert _told(problems) == [("warning", "FS008", "out")]


@POSIX
def test_a_link_to_the_output_folder_is_not_read_either(content: Path) -> None:
    _touch(content, "a.md", "_out/b.html")
    (content / "z").symlink_to("_out")
    paths, problems = walk(content, output=content / "_out")
    assert paths == ["a.md"]
    assert _told(problems) == [("warning", "FS008", "z")]


@POSIX
@pytest.mark.parametrize(("link", "target"), [("loop", "."), ("a/loop", ".."), ("a/b/loop", "../..")])
def test_a_link_that_makes_a_loop_is_not_followed(content: Path, link: str, target: str) -> None:
    _touch(content, "a/b/c.md", "d.md")
    (content / link).symlink_to(target)
    paths, problems = walk(content)
    assert paths == ["a/b/c.md", "d.md"]
    assert _told(problems) == [("warning", "FS001", link)]


@POSIX
def test_a_file_has_its_own_path_also_where_a_link_comes_first(content: Path) -> None:
    _touch(content, "m/a.md", "z/b.md")
    (content / "0-first").symlink_to("z")
    (content / "m" / "also").symlink_to("../z")
    paths, problems = walk(content)
    assert paths == ["m/a.md", "z/b.md"]
    assert _told(problems) == [("warning", "FS001", "0-first"), ("warning", "FS001", "m/also")]


@POSIX
def test_links_inside_and_the_content_folder_itself_may_be_links(content: Path, tmp_path: Path) -> None:
    _touch(content, "_store/a.md")
    (content / "named.md").symlink_to("_store/a.md")
    (content / "folder").symlink_to("_store")
    (tmp_path / "linked").symlink_to("content")
    assert walk(tmp_path / "linked") == (["folder/a.md", "named.md"], [])


@POSIX
def test_links_out_are_held_unless_their_folder_is_allowed(content: Path, tmp_path: Path) -> None:
    _touch(tmp_path, "outside/a.md", "outside-too/b.md", "outside/secret")
    (content / "file.md").symlink_to("../outside/a.md")
    (content / "folder").symlink_to("../outside")
    (content / "too.md").symlink_to("../outside-too/b.md")
    (content / "no-article").symlink_to("../outside/secret")
    paths, problems = walk(content)
    assert paths == []
    assert _told(problems) == [("error", "FS002", p) for p in ("file.md", "folder", "too.md")]
    assert f'follow_symlinks = ["{tmp_path / "outside"}"]' in problems[0].hint
    paths, problems = walk(content, follow=(tmp_path / "outside",))
    assert paths == ["file.md", "folder/a.md"]
    assert _told(problems) == [("error", "FS002", "too.md")]


@POSIX
def test_a_chain_of_links_that_ends_outside_is_found_out(content: Path, tmp_path: Path) -> None:
    _touch(tmp_path, "secret.md")
    (content / "_hop").symlink_to("../secret.md")
    (content / "a.md").symlink_to("_hop")
    assert _told(walk(content)[1]) == [("error", "FS002", "a.md")]


@POSIX
def test_links_that_lead_nowhere_are_skipped(content: Path) -> None:
    (content / "gone.md").symlink_to("missing.md")
    (content / "self.md").symlink_to("self.md")
    (content / "gone").symlink_to("missing")
    paths, problems = walk(content)
    assert paths == []
    assert _told(problems) == [("warning", "FS003", "gone.md"), ("warning", "FS003", "self.md")]


@POSIX
def test_only_regular_files_are_opened(content: Path) -> None:
    os.mkfifo(content / "pipe.md")
    (content / "zero.md").symlink_to("/dev/zero")
    (content / "pipe-too.md").symlink_to("pipe.md")
    paths, problems = walk(content, follow=(Path("/dev"),))
    assert paths == []
    assert _told(problems) == [("warning", "FS004", p) for p in ("pipe-too.md", "pipe.md", "zero.md")]
    with pytest.raises(FileError) as caught:  # and one that takes a file's place later does not block
        read(content, "pipe.md")
    assert caught.value.problem.code == "FS004"


@LINUX
def test_names_that_are_not_utf8_are_held(content: Path) -> None:
    for name in (b"a\xff.md", b"notes\xff.rst"):
        with open(os.path.join(os.fsencode(content), name), "wb"):
            pass
    os.mkdir(os.path.join(os.fsencode(content), b"folder\xfe"))
    os.symlink(b".", os.path.join(os.fsencode(content), b"link\xfe"))
    paths, problems = walk(content)
    assert paths == []
    assert _told(problems) == [
        ("error", "FS007", "a\udcff.md"),
        ("error", "FS007", "folder\udcfe"),
        ("error", "FS007", "link\udcfe"),
    ]


def test_odd_but_legal_names_are_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    names = [("x" * 247) + ".md", "é€😀.md"]
    names += ["a\nb.md", "quote'\".md", "<b>&.md", "-rf.md", " .md"] if os.name != "nt" else []
    for name in names:
        folder.write(name, text("T" + str(len(name))))
    done = folder.build()
    assert (done.exit_code, done.published, codes(done)) == (0, len(names), [])
    assert len({e.id for e in folder.entries()}) == len(names)
    assert len({e.link for e in folder.entries()}) == len(names)


def test_a_content_folder_that_is_missing_raises(content: Path) -> None:
    with pytest.raises(FileNotFoundError):
        walk(content / "missing")


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A temporary folder that other users may enter, unlike `tmp_path`."""
    folder = Path(tempfile.mkdtemp(prefix="feedwright-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@POSIX
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_cannot_be_read_is_held_and_the_rest_published(open_path: Path, what: str) -> None:
    """In a process that is not root, since root may read everything."""
    folder = Folder(open_path)
    folder.write("good.md", text("Good"))
    bad = folder.write("locked/bad.md", text("Bad"))
    locked = bad if what == "file" else bad.parent
    script = (
        "import datetime, os, sys; from functools import partial; from pathlib import Path\n"
        "from feedwright.articles import reader, walk\n"
        "from feedwright.articles.field_reader import ReadOptions\n"
        "reading = ReadOptions(url='https://e.org/', permalink='hexo', zone=datetime.UTC)\n"
        "read = partial(reader.read_head, content=Path(sys.argv[1]), options=reading)\n"
        "read('good.md')  # imports the rest while everything may be read\n"
        "os.getuid() or os.seteuid(65534)\n"
        "paths, problems = walk.walk(Path(sys.argv[1]))\n"
        "heads = [read(path) for path in paths]\n"
        "os.seteuid(os.getuid())\n"
        "problems += [p for head in heads for p in head.problems]\n"
        "print([h.path for h in heads if h.article], [(p.severity, p.code, p.file) for p in problems])\n"
    )
    locked.chmod(0)
    try:
        done = subprocess.run(
            [sys.executable, "-c", script, str(folder.content)], capture_output=True, text=True, check=False
        )
    finally:
        locked.chmod(0o755)
    place = "locked/bad.md" if what == "file" else "locked"
    assert done.stdout.strip() == str(["good.md"]) + " " + str([("error", "FS005", place)]), done.stderr


def test_a_file_that_is_gone_is_held(content: Path) -> None:
    with pytest.raises(FileError) as caught:
        read(content, "gone.md")
    assert (caught.value.problem.code, caught.value.problem.file) == ("FS005", "gone.md")


def _changing(monkeypatch: pytest.MonkeyPatch, change: Callable[[int], object]) -> None:
    """Let something happen to the file between the first and the last look at it."""
    turns: list[int] = []
    real = os.read

    def slow_read(handle: int, size: int) -> bytes:
        turns.append(1)
        data = real(handle, size)
        change(len(turns))
        return data

    monkeypatch.setattr(os, "read", slow_read)


def test_a_file_that_changes_once_is_read_again(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = content / "a.md"
    file.write_text("old", "utf-8")
    _changing(monkeypatch, lambda turn: turn > 1 or file.write_text("newer", "utf-8"))
    assert read(content, "a.md") == (b"newer", True)


def test_a_file_that_changes_all_the_time_is_held(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = content / "a.md"
    file.write_text("old", "utf-8")
    _changing(monkeypatch, lambda turn: file.write_text("x" * turn * 7, "utf-8"))
    with pytest.raises(FileError) as caught:
        read(content, "a.md")
    assert caught.value.problem.code == "FS006"


def test_a_file_that_shrinks_is_never_read_half(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = content / "a.md"
    file.write_text("a long text", "utf-8")
    _changing(monkeypatch, lambda turn: os.truncate(file, 3) if turn == 1 else None)
    assert read(content, "a.md") == (b"a l", True)


@pytest.mark.parametrize(
    ("limit", "expected"), [(-1, (b"12345", True)), (5, (b"12345", True)), (9, (b"12345", True))]
)
def test_a_whole_file(content: Path, limit: int, expected: tuple[bytes, bool]) -> None:
    (content / "a.md").write_bytes(b"12345")
    assert read(content, "a.md", limit=limit) == expected


def test_no_more_than_asked_for_is_read(content: Path) -> None:
    (content / "a.md").write_bytes(b"12345")
    assert read(content, "a.md", limit=4) == (b"1234", False)


# What the bytes say


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
    return caught.value.problem


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
