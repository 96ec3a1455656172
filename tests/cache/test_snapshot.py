"""A snapshot says what a folder holds, however many files that are."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from feedwright.cache import snapshot

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("at_once", [1, 2, 10_000])
def test_a_digest_is_that_of_all_rows_in_order(
    at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_AT_ONCE", at_once)
    (tmp_path / "a").mkdir()
    for name in ("b.md", "a.md", "a/b.md", "a-b.md", "路.md"):
        (tmp_path / name).write_text(name, "utf-8")
    taken = snapshot.Snapshot(str(tmp_path))
    rows = [f"{path}\0{signature}" for path, signature in taken.signatures.items()]
    assert len(rows) == 5
    assert taken.digest == sha256("\n".join(sorted(rows)).encode()).hexdigest()
    files = sorted(f"{path}\0{sha256(path.encode()).hexdigest()}" for path in taken.signatures)
    assert (
        snapshot.content_digest(taken.root, taken.signatures) == sha256("\n".join(files).encode()).hexdigest()
    )
