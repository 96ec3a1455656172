"""Documents wait on the disk and come back as they were; where there is no room, they stay in memory."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedwright.cache.spool import Spool
from feedwright.model import Document

if TYPE_CHECKING:
    from pathlib import Path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=300)), st.randoms(use_true_random=False))
def test_what_is_put_comes_back_in_any_order(tmp_path: Path, data: list[bytes], random: object) -> None:
    spool = Spool(str(tmp_path))
    waiting = [spool.put(Document(path=f"{n}.xml", data=one)) for n, one in enumerate(data)]
    order = sorted(range(len(data)), key=lambda n: hash((n, str(random))))
    for n in [*order, *order]:
        assert (waiting[n].path, waiting[n].data) == (f"{n}.xml", data[n])


def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    document = Spool(str(tmp_path)).put(Document(path="rss.xml", data=b"<rss/>"))
    assert document.data == b"<rss/>"
    assert list(tmp_path.iterdir()) == []


def test_a_document_outlives_the_spool_and_the_file_does_not_outlive_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    write = os.write

    def watched(number: int, data: bytes) -> int:
        written.append(number)
        return write(number, data)

    monkeypatch.setattr(os, "write", watched)
    document = Spool(str(tmp_path)).put(Document(path="rss.xml", data=b"<rss/>"))
    monkeypatch.undo()
    assert document.data == b"<rss/>"
    del document
    assert len(written) == 1
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)):
        os.fstat(written[0])


def test_without_a_folder_documents_stay_in_memory(tmp_path: Path) -> None:
    spool, document = Spool(str(tmp_path / "none")), Document(path="rss.xml", data=b"<rss/>")
    assert spool.put(document) is document


@pytest.mark.parametrize("room", [0, 3])
def test_where_the_disk_is_full_documents_stay_in_memory(
    tmp_path: Path, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def full(number: int, data: bytes) -> int:
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(number, data[:room])

    spool = Spool(str(tmp_path))
    first = spool.put(Document(path="a.xml", data=b"<a/>"))
    monkeypatch.setattr(os, "write", full)
    second = Document(path="b.xml", data=b"<b/>")
    assert spool.put(second) is second
    monkeypatch.setattr(os, "write", write)
    third = spool.put(Document(path="c.xml", data=b"<c/>"))
    assert (first.data, second.data, third.data) == (b"<a/>", b"<b/>", b"<c/>")


def test_bytes_are_kept_as_documents_are(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        spool = Spool(str(folder))
        reads = [spool.keep(data) for data in (b"one", b"", b"three")]
        assert [read() for read in reversed(reads)] == [b"three", b"", b"one"]
