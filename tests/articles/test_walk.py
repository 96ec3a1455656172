"""The content folder as file systems really are: links, pipes, odd names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedwright.articles import reader
from feedwright.articles.files import FileError, read
from feedwright.articles.walk import DEPTH, walk
from feedwright.problems import UsageError
from sites import Folder, codes, reading, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedwright.problems import Problem

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
READLINK = os.readlink
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
    _touch(
        content,
        "b.md",
        "a/z.HTML",
        "a/y/x.markdown",
        "é.htm",
        "d.txt",
        "c.rst",
        "k.mkdn",
        "e.md.bak",
        "f.xml",
    )
    assert walk(content) == (["a/y/x.markdown", "a/z.HTML", "b.md", "d.txt", "k.mkdn", "é.htm"], [])


def test_folders_that_are_nested_too_deep_are_not_entered(content: Path) -> None:
    deepest = "/".join(["d"] * DEPTH)
    _touch(content, f"{deepest}/a.md", f"{deepest}/d/b.md", "c.md")
    paths, problems = walk(content)
    assert paths == ["c.md", f"{deepest}/a.md"]
    assert _told(problems) == [("error", "FS009", f"{deepest}/d")]


def test_a_whole_disk_is_no_content_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedwright.articles.walk.MOST", 20)
    monkeypatch.setattr("feedwright.cache.snapshot.MOST", 20)
    folder = Folder(tmp_path)
    for n in range(18):
        folder.write(f"{n % 3}/{n}.md", text(f"T{n}"))
    with pytest.raises(UsageError) as stopped:
        folder.build()
    assert stopped.value.code == "FS017"
    folder.build(flags={"ignore": ("0",)})
    assert len(folder.titles()) == 12


@POSIX
def test_no_nesting_of_folders_ends_a_build(tmp_path: Path) -> None:
    """No deeper than pytest can clean up; two calls a folder would be more than Python's stack holds."""
    folder = Folder(tmp_path)
    folder.write("good.md", text("Good"))
    folder.write("/".join(["d"] * 700) + "/a.md", text("A"))
    for _ in range(2):
        done = folder.build()
        assert (done.exit_code, codes(done), folder.titles()) == (1, ["FS009"], ["Good"])


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
    assert caught.value.problems[0].code == "FS004"


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
    for number, name in enumerate(names):
        folder.write(name, text(f"T{number}"))
    done = folder.build()
    assert (done.exit_code, done.published, codes(done)) == (0, len(names), [])
    assert len({e.id for e in folder.entries()}) == len(names)
    assert len({e.link for e in folder.entries()}) == len(names)


@POSIX
@pytest.mark.parametrize("name", ["deep/er/a.md", "deep/er", "deep"])
@pytest.mark.parametrize("proc", [True, False])
def test_a_link_that_appears_after_the_walk_is_not_followed(
    tmp_path: Path, name: str, proc: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the help of /proc or without it."""
    folder = Folder(tmp_path)
    outside, allowed = tmp_path / "outside", tmp_path / "allowed"
    secret = text("Secret", body="password")
    _touch(outside, "a.md", "er/a.md", "deep/er/a.md")
    for file in outside.rglob("*.md"):
        file.write_text(secret)
    folder.write("deep/er/a.md", text("A"))
    (allowed / "below").mkdir(parents=True)
    (allowed / "below" / "b.md").write_text(text("B"))
    (folder.content / "linked").symlink_to(allowed / "below")
    (folder.content / "c.md").symlink_to(folder.content / "deep" / "er" / "a.md")
    paths, _ = walk(folder.content, follow=(allowed,))
    assert paths == ["c.md", "deep/er/a.md", "linked/b.md"]
    if not proc:
        monkeypatch.setattr(os, "readlink", _no_proc)
    options = reading(follow_symlinks=(allowed,))
    titles = [reader.read_head(path, content=folder.content, options=options).article for path in paths]
    assert [article and article.title for article in titles] == ["A", "A", "B"]
    shutil.rmtree(folder.content / name) if name != "deep/er/a.md" else (folder.content / name).unlink()
    (folder.content / name).symlink_to(outside / name.removeprefix("deep/").removeprefix("er/"))
    head = reader.read_head("deep/er/a.md", content=folder.content, options=options)
    assert (head.article, [problem.code for problem in head.problems]) == (None, ["FS005"])
    with pytest.raises(FileError, match="FS005"):
        reader.read_article("deep/er/a.md", content=folder.content, options=options, limit=1000)


def _no_proc(path: str, **_: object) -> str:
    """`os.readlink` where there is no /proc."""
    if path.startswith("/proc/"):
        raise FileNotFoundError(path)
    return READLINK(path)


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
