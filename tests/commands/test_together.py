"""Articles that are read and made together come out as each does alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from feedwright.articles import reader
from feedwright.bodies import content, deadline
from feedwright.bodies.options import BodyOptions
from feedwright.commands import rows
from sites import URL, Folder, reading, text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from feedwright.model import ArticleSource

TEXTS: dict[str, str | bytes] = {
    "a.md": text("A", body="*a*"),
    "b.html": text("B", body="<p>b</p><script>x</script>"),
    "deep.html": text("Deep", body="<div>" * 600),
    "dateless.md": text("Dateless", date=None),
    "empty.md": "",
    "gbk.md": text("\u65b0").encode("gb18030"),
}
PATHS = [*TEXTS, "gone.md"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    for path, data in TEXTS.items():
        folder.write(path, data)
    return folder


def _heads(folder: Folder) -> tuple[list[Any], list[Any]]:
    options: dict[str, Any] = {"content": folder.content, "options": reading()}
    alone = [rows.read_row(path, **options) for path in PATHS]
    return alone, rows.read_rows(PATHS, **options)


def _contents(folder: Folder) -> tuple[list[Any], list[Any]]:
    options = BodyOptions(content=folder.content, site_url=URL)
    how: dict[str, Any] = {"read_options": reading(), "options": options, "seconds": 1}
    known = [row[2] for row in rows.read_rows(PATHS, content=folder.content, options=reading())]
    orders = [rows.Order(path, head) for path, head in zip(PATHS, known, strict=True)]
    return [rows.make_row(order, **how) for order in orders], rows.make_rows(orders, **how)


def test_together_as_alone(folder: Folder) -> None:
    for alone, together in (_heads(folder), _contents(folder)):
        assert together == alone


@pytest.mark.parametrize("error", [ZeroDivisionError, RecursionError, deadline.DeadlineError])
def test_what_spoils_one_spoils_no_other(
    folder: Folder, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    heads, bodies = _heads(folder)[0], _contents(folder)[0]
    read, make = reader.read_heads, content.make

    def read_or_fail(paths: Sequence[str], **options: Any) -> Any:
        if "a.md" in paths:
            raise error
        return read(paths, **options)

    def make_or_fail(source: ArticleSource, *more: Any, **further: Any) -> Any:
        if source.article.path == "a.md":
            raise error
        return make(source, *more, **further)

    monkeypatch.setattr(content, "make", make_or_fail)
    alone, together = _contents(folder)
    assert together == alone
    assert alone[0] != bodies[0]
    assert alone[1:] == bodies[1:]
    monkeypatch.setattr(reader, "read_heads", read_or_fail)
    alone, together = _heads(folder)
    assert together == alone
    assert alone[0] != heads[0]
    assert alone[1:] == heads[1:]
