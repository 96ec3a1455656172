"""The configuration file: which one counts, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from configured import FILE, URL, load, refused


def test_the_nearest_folder_counts(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / FILE).write_text(URL + 'title = "top"')
    assert (load(deep).title, load(deep).root) == ("top", tmp_path)
    (tmp_path / "a" / "pyproject.toml").write_text(f'[tool.feedwright]\n{URL}title = "mid"')
    assert load(deep).title == "mid"
    (deep / "pyproject.toml").write_text('[project]\nname = "other"\ndependencies = ["feedwright"]')
    assert load(deep).title == "mid"
    (deep / FILE).write_text(URL + 'title = "near"')
    assert load(deep).title == "near"
    assert load(deep, config=Path("../pyproject.toml")).title == "mid"
    assert load(deep, config=tmp_path / FILE).title == "top"


def test_places_in_pyproject(tmp_path: Path) -> None:
    text = f"[project]\nlimit = 0\n[tool.feedwright]\n{URL}  limit = 0\n"
    (tmp_path / "pyproject.toml").write_text(text + '[tool.feedwright.categories."分类"]\nslug = "a b"\n')
    error = refused(tmp_path)
    assert [(e.file, e.line, e.column, e.message.split()[0]) for e in (error, *error.also)] == [
        ("pyproject.toml", 5, 3, "`limit`"),
        ("pyproject.toml", 7, 1, "`categories.分类.slug`"),
    ]


def test_a_file_above_is_named_in_full(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / FILE).write_text("limit = 0")
    assert refused(tmp_path / "a").file == str(tmp_path / FILE)


def test_two_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.feedwright]\n" + URL)
    error = refused(tmp_path, URL)
    assert (error.code, error.file, error.line, error.column) == ("CFG003", "pyproject.toml", 1, 2)
    assert FILE in error.message
    assert load(tmp_path, config=Path(FILE)).url == "https://example.org/"


@pytest.mark.parametrize("text", ["this is not TOML", "[tool.other]\nx = 1", "tool = 5", "[tool]"])
def test_foreign_pyproject_files_are_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert load(tmp_path, url="https://example.org/").limit == 20
    assert refused(tmp_path).code == "CFG001"


@pytest.mark.parametrize(
    ("text", "code"), [("[tool.feedwright\n", "CFG005"), ("[tool]\nfeedwright = 5", "CFG007")]
)
def test_pyproject_of_ours_is_read_strictly(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert refused(tmp_path, url="https://example.org/").code == code


@pytest.mark.parametrize("name", ["missing.toml", "pyproject.toml", "folder"])
def test_a_named_configuration_must_be_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    error = refused(tmp_path, config=Path(name), url="https://example.org/")
    assert (error.code, error.file) == ("CFG002", name)


def test_a_named_pyproject_needs_the_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]")
    error = refused(tmp_path, config=Path("pyproject.toml"), url="https://example.org/")
    assert (error.code, "[tool.feedwright]" in error.hint) == ("CFG002", True)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = \n", 1, 5),
        ('title = "x\n', 1, 9),
        (URL + "title = x\n", 2, 9),
        (URL + "[categories\n", 2, 12),
        (URL + URL, 2, 1),
        ("a = [", 1, 6),
        ("a = " + "[" * 5000, 0, 0),
        ("a = " + "9" * 5000, 0, 0),
    ],
)
def test_broken_toml(tmp_path: Path, text: str, line: int, column: int) -> None:
    error = refused(tmp_path, text)
    assert (error.file, error.line, error.column, error.code) == (FILE, line, column, "CFG005")
    assert "(at " not in error.message


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("url = “https://example.org/”", (1, 7), "typographic quotes", 'url = "https://example.org/"'),
        ("a = 1\nformats = [“rss”]", (2, 11), "typographic quotes", 'formats = ["rss"]'),
        ("title = My blog", (1, 9), "a text needs quotes", 'title = "My blog"'),
        ("title: My blog", (1, 6), "`title` needs `=`, not `:`", 'title = "My blog"'),
        ('title = "My blog\na = 1', (1, 9), "the quote that begins here", 'title = "My blog"'),
        ('formats = ["rss",\n  "atom"\nlimit = 3', (1, 11), "the list that `[` begins", 'formats = ["rss"]'),
        ('title = "A"\na = 1\ntitle = "B"', (3, 1), "`title` stands twice, first in line 1", "keep one"),
        ("[tags]\n[authors]\n[tags]", (3, 1), "`[tags]` stands twice, first in line 1", "keep one"),
        ("a = 1\n<<<<<<< HEAD\nb = 1\n=======", (2, 1), "marks of a merge conflict", "keep one of the two"),
    ],
)
def test_a_slip_in_toml_is_named(
    tmp_path: Path, text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    error = refused(tmp_path, text)
    assert (error.line, error.column, error.code) == (*place, "CFG005")
    assert message in error.message
    assert error.hint.startswith(hint)


@pytest.mark.parametrize(
    "text",
    ["a = =", "= 1", "a = {b", f"a = {'x ' * 300}", "[a", "a = [\n" + "\n" * 99, "a.b = 1\n[a]\nb = 2"],
)
def test_what_is_no_known_slip_is_told_in_the_parser_s_words(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text).hint.startswith('name = "text"')


def test_a_configuration_that_is_missing_has_a_neighbour(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(URL)
    (tmp_path / "feedwrite.md").write_text("")
    assert refused(tmp_path, config=Path("fedwright.toml")).hint == 'did you mean "feedwright.toml"?'
    assert refused(tmp_path, config=Path("nowhere/x.toml")).hint == "give the file with -c FILE"
    assert refused(tmp_path, config=Path("zzz.toml")).hint == "give the file with -c FILE"


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(URL.encode() + 'title = "分类"'.encode("gb18030"))
    error = refused(tmp_path)
    assert (error.code, error.line, error.column) == ("CFG002", 2, 10)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    url = URL.encode().replace(b"\n", b"\r\n")
    (tmp_path / FILE).write_bytes(b"\xef\xbb\xbf" + url + b"limit = 3\r\n")
    assert load(tmp_path).limit == 3
    (tmp_path / FILE).write_bytes(url + b"\r\n\tlimit = 0\r\n")
    error = refused(tmp_path)
    assert (error.line, error.column) == (3, 2)
