"""Files that are gone or change while they are read, and how much of them is read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from feedwright.articles.files import FileError, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def test_a_file_that_is_gone_is_held(content: Path) -> None:
    with pytest.raises(FileError) as caught:
        read(content, "gone.md")
    assert (caught.value.problems[0].code, caught.value.problems[0].file) == ("FS005", "gone.md")


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
    assert caught.value.problems[0].code == "FS006"


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
