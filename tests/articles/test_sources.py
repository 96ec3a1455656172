"""Articles that are kept from the reading of their front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedwright.articles import files, reader
from feedwright.articles.sources import Sources
from sites import Folder, reading, text

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_newest_are_kept_and_taken_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for day in (3, 1, 2, 4):
        folder.write(f"{day}.md", text(f"{day}", date=f"2026-01-0{day}", body="x" * 10))
    sources = Sources(room=35)
    for day in (3, 1, 2, 4):
        reader.read_head(f"{day}.md", content=folder.content, options=reading(), keep=sources.keep)
    kept = {day: sources.take(f"{day}.md") for day in (1, 2, 3, 4)}
    assert {day for day, source in kept.items() if source} == {2, 3, 4}
    assert kept[3] == reader.read_article("3.md", content=folder.content, options=reading(), limit=1000)
    assert sources.take("3.md") is None
    assert sources.room == 35


def test_what_was_not_read_whole_is_not_kept(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text(body="x" * files.HEAD_SIZE))
    folder.write("b.md", "no front matter")
    sources = Sources()
    for path in ("a.md", "b.md"):
        reader.read_head(path, content=folder.content, options=reading(), keep=sources.keep)
    assert (sources.take("a.md"), sources.take("b.md")) == (None, None)


def test_a_build_in_one_process_reads_each_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    for day in range(1, 10):
        folder.write(f"{day}.md", text(f"{day}", date=f"2026-01-0{day}"))
    folder.write("long.md", text("long", date="2026-01-10", body="x" * files.HEAD_SIZE))
    opened: list[str] = []
    real = files.read

    def counting(content: Path, path: str, **options: Any) -> tuple[bytes, bool]:
        opened.append(path)
        return real(content, path, **options)

    monkeypatch.setattr(files, "read", counting)
    assert folder.build().published == 10
    assert sorted(opened) == [*(f"{day}.md" for day in range(1, 10)), "long.md", "long.md"]
