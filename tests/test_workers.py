"""One function over many inputs, in this process or in many: the same results in the same order."""

from __future__ import annotations

import os
import sys

import pytest

from feedwright import workers


def _square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def _fail(number: int) -> int:
    if number == 3:
        raise ValueError(number)
    return number


@pytest.mark.parametrize("items", [[], [7], list(range(1000))])
def test_processes_keep_the_order(items: list[int]) -> None:
    with workers.processes(2) as spread:
        found = list(spread(_square, items))
    assert [square for square, _ in found] == [square for square, _ in workers.serial(_square, items)]
    assert os.getpid() not in {pid for _, pid in found}


@pytest.mark.parametrize("jobs", [0, 1])
def test_one_job_is_this_process(jobs: int) -> None:
    with workers.processes(jobs) as spread:
        assert list(spread(_square, [2])) == [(4, os.getpid())]


def test_what_a_worker_raises_is_raised_here() -> None:
    with workers.processes(2) as spread, pytest.raises(ValueError, match="3"):
        list(spread(_fail, range(10)))


@pytest.mark.skipif(sys.platform == "win32", reason="no affinity")
def test_the_default_is_what_this_process_may_use() -> None:
    assert 1 <= workers.default_jobs() <= (os.cpu_count() or 1)


def test_the_default_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert workers.default_jobs() == 1
