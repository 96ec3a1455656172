"""What is kept of an article from the reading of its front matter."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from feedwright.articles import files, reader
from feedwright.articles.front_matter import parse
from feedwright.articles.known_heads import KnownHeads
from sites import Folder, reading, text

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright.articles.steps import Steps


def test_the_newest_are_kept_and_taken_once() -> None:
    heads = KnownHeads(room=35)
    for day in (3, 1, 2, 4):
        heads.keep(f"{day}.md", datetime(2026, 1, day, tzinfo=UTC), b"x" * 10)
    kept = {day: heads.take(f"{day}.md") for day in (1, 2, 3, 4)}
    assert {day for day, head in kept.items() if head} == {3, 4}
    assert heads.take("3.md") == b""
    assert heads.room == 35


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_an_article_is_the_same_with_its_head_and_without(folder: Folder) -> None:
    folder.write("a.md", "\ufeff" + text("A", body="<p>\u00e9</p>"))
    (head,) = reader.read_heads(["a.md"], content=folder.content, options=reading())
    assert head.article
    read = partial(reader.read_article, "a.md", content=folder.content, options=reading(), limit=2**20)
    assert read(head=head.article) == read()


def test_a_head_of_a_file_that_changed_is_read_again(folder: Folder) -> None:
    folder.write("a.md", text("Before"))
    (head,) = reader.read_heads(["a.md"], content=folder.content, options=reading())
    folder.write("a.md", text("After"))
    read = partial(reader.read_article, "a.md", content=folder.content, options=reading(), limit=2**20)
    assert read(head=head.article).article.title == "After"


@pytest.mark.parametrize("data", ["no front matter", text(body="x" * files.HEAD_SIZE), text(date=None)])
def test_nothing_is_known_of_what_is_no_article_or_was_not_read_whole(folder: Folder, data: str) -> None:
    folder.write("a.md", data)
    assert reader.read_heads(["a.md"], content=folder.content, options=reading())[0].article is None


def test_files_are_read_together_as_each_is_alone(folder: Folder) -> None:
    texts = (
        text("A"),
        "",
        "no front matter",
        "---\n",
        text("B", draft="true"),
        "---\ndate: 2026-01-03\n---\n",
    )
    for number, data in enumerate(texts):
        folder.write(f"{number}.md", data)
    folder.write("gbk.md", text("\u65b0").encode("gb18030"))
    paths = [*(f"{number}.md" for number in range(len(texts))), "gbk.md", "gone.md"]
    heads = reader.read_heads(paths, content=folder.content, options=reading())
    assert heads == [
        reader.read_heads([path], content=folder.content, options=reading())[0] for path in paths
    ]


def test_a_build_parses_each_front_matter_once(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 10):
        folder.write(f"{day}.md", text(f"{day}", date=f"2026-01-0{day}"))
    folder.write("long.md", text("long", date="2026-01-10", body="x" * files.HEAD_SIZE))
    parsed: list[str] = []
    real = parse.read_in_steps

    def counting(source: str, *, file: str, **options: Any) -> Steps[parse.ParsedFields | None]:
        parsed.append(file)
        return real(source, file=file, **options)

    monkeypatch.setattr(parse, "read_in_steps", counting)
    assert folder.build().published == 10
    assert sorted(parsed) == [*(f"{day}.md" for day in range(1, 10)), "long.md", "long.md"]
