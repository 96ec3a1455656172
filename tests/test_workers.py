"""A function over many items, in this process or in several: the same results in the same order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, overload

import pytest

from feedwright import process_pool, workers
from feedwright.problems import MachineError
from paths import TESTS
from sites import environment

if TYPE_CHECKING:
    from pathlib import Path


def _square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def _fail(number: int) -> int:
    if number == 3:
        raise ValueError(number)
    return number


@pytest.fixture(
    params=[
        "server",
        pytest.param("fork", marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")),
    ]
)
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Fork processes, or let a server start them, whatever threads an earlier test left."""
    monkeypatch.setattr(process_pool, "_has_one_thread", lambda: request.param == "fork")
    return str(request.param)


def _squares(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return [_square(number) for number in numbers]


@pytest.mark.parametrize("together", [None, _squares])
@pytest.mark.parametrize("items", [[], [7], list(range(1000))])
def test_processes_keep_the_order(
    items: list[int],
    together: Callable[[Sequence[int]], list[tuple[int, int]]] | None,
    method: str,
) -> None:
    with workers.processes(2) as spread:
        found = list(spread(_square, items, together=together))
    alone = workers.serial(_square, items, together=together)
    assert [square for square, _ in found] == [square for square, _ in alone]
    others = [pid != os.getpid() for _, pid in found]
    # this process takes the first ones while a server and the others start
    first = len(items) // 3 if method == "server" else 0
    assert not any(others[:first])
    assert all(others[first:])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_processes_are_forked_only_where_there_is_one_thread() -> None:
    said = "from feedwright import process_pool as p; print(type(p.start_pool(1)).__name__)"
    thread = "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start(); "
    for code, expected in ((said, "_ForkedPool"), (thread + said, "_Pool")):
        words = [sys.executable, "-c", code]
        assert subprocess.check_output(words, env=environment(), text=True).strip() == expected


def test_one_job_is_this_process() -> None:
    with workers.processes(1) as spread:
        assert list(spread(_square, [2])) == [(4, os.getpid())]


@pytest.mark.parametrize(
    ("items", "alone"), [(workers.PARALLEL_FROM - 1, True), (workers.PARALLEL_FROM, False)]
)
def test_many_items_take_processes_by_themselves(
    items: int, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "default_jobs", lambda: 2)
    with workers.processes(None) as spread:
        list(spread(_square, range(items)))  # while the others start
        assert ({pid for _, pid in spread(_square, range(items))} == {os.getpid()}) is alone


def _die(parent: int) -> int:
    if os.getpid() != parent:
        os._exit(3)
    return parent


@pytest.mark.usefixtures("method")
def test_a_worker_that_dies_ends_the_build_with_a_hint() -> None:
    with pytest.raises(MachineError) as caught, workers.processes(2) as spread:
        list(spread(_die, [os.getpid()] * 3))
    assert (caught.value.code, caught.value.exit_code) == ("LIM002", 3)
    assert "--jobs 1" in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.usefixtures("method")
def test_a_worker_that_dies_between_two_tasks_is_reported_and_replaced() -> None:
    with workers.processes(2) as spread:
        pid = [other for _, other in spread(_square, range(9))][-1]
        os.kill(pid, signal.SIGKILL)
        time.sleep(1)  # the death must be noticed before the next task, not during it
        with pytest.raises(MachineError) as caught:
            list(spread(_square, range(9)))
        assert caught.value.code == "LIM002"
        assert len(list(spread(_square, range(9)))) == 9


def _large(number: int) -> bytes:
    return bytes(20_000_000 + number)


@pytest.mark.usefixtures("method")
@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_leaving_early_does_not_wait_for_half_a_result(error: type[BaseException]) -> None:
    def ask() -> None:
        with workers.processes(2) as spread:
            found = iter(spread(_large, range(60)))
            assert [len(next(found)) for _ in range(23)][-1] == 20_000_022
            raise error

    with pytest.raises(error):
        ask()  # waiting for a process whose output nobody reads would never end


_SLEEPERS = """
import os, time
from feedwright import workers
from test_workers import _sleep
if __name__ == "__main__":
    with workers.processes(2) as spread:
        list(spread(_sleep, [""] * 6 + ["long"] * 9))
"""


def _sleep(how: str) -> None:
    if how:
        os.write(1, b"asleep\n")
        time.sleep(300)
        os.write(1, b"outlived\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_no_worker_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "sleepers.py").write_text(_SLEEPERS, "utf-8")
    env = environment({"PYTHONPATH": str(TESTS)})
    words = [sys.executable, str(tmp_path / "sleepers.py")]
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert [parent.stdout.readline() for _ in range(2)] == ["asleep\n"] * 2
        parent.kill()
        assert "outlived" not in parent.stdout.read()  # ends when no process is left that could write
    assert parent.returncode == -signal.SIGKILL


@pytest.mark.usefixtures("method")
def test_what_a_worker_raises_is_raised_here() -> None:
    with workers.processes(2) as spread, pytest.raises(ValueError, match="3"):
        list(spread(_fail, range(10)))


@pytest.mark.skipif(sys.platform == "win32", reason="no affinity")
def test_the_default_is_the_cores_of_this_process() -> None:
    assert 1 <= workers.default_jobs() <= (os.cpu_count() or 1)


def test_the_default_on_a_system_that_cannot_count_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert workers.default_jobs() == 1


class _Counted(Sequence[int]):
    """Numbers, with a count of those that were read."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.asked = 0

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, at: int) -> int: ...

    @overload
    def __getitem__(self, at: slice) -> list[int]: ...

    def __getitem__(self, at: int | slice) -> int | list[int]:
        found = range(self.size)[at]
        self.asked += 1 if isinstance(found, int) else len(found)
        return found if isinstance(found, int) else list(found)


def _after(folder: Path, number: int) -> int:
    """Return the first number at once, and the others when there is a file `go`."""
    deadline = time.monotonic() + 300
    while number and not (folder / "go").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return number


def test_items_are_consumed_shortly_before_their_turn(tmp_path: Path) -> None:
    items = _Counted(100)
    with workers.processes(2) as spread:
        list(spread(_square, [1, 2, 3]))  # so that the processes have started
        found = iter(spread(partial(_after, tmp_path), items))
        assert next(found) == 0
        assert items.asked <= 13
        (tmp_path / "go").touch()
        assert list(found) == list(range(1, 100))
    assert items.asked == 100


def _wait_for(name: str) -> bool:
    """Finish the item "slow" when the last one is done; every other item leaves a file."""
    folder, _, number = name.rpartition("/")
    if number == "slow":
        deadline = time.monotonic() + 300
        while not os.path.exists(f"{folder}/49") and time.monotonic() < deadline:
            time.sleep(0.01)
        return os.path.exists(f"{folder}/49")
    with open(name, "w", encoding="utf-8"):
        return True


def test_a_slow_item_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    items = [f"{tmp_path}/slow", *(f"{tmp_path}/{number}" for number in range(50))]
    with workers.processes(2) as spread:
        list(spread(_square, [1, 2, 3]))
        assert all(spread(_wait_for, items))


def _take(megabytes: int) -> int:
    return len(bytearray(megabytes * 2**20))


def _work(number: int) -> None:
    while True:
        number += 1


def _raise(kind: type[Exception]) -> None:
    raise kind


def test_a_watched_call_has_its_time_and_memory() -> None:
    assert workers.watched(_take, 8, seconds=60, memory=2**28) == 8 * 2**20
    assert workers.watched(_take, 512, seconds=60, memory=2**28) == workers.Lost(by="memory")
    assert workers.watched(time.sleep, 60, seconds=0.5, memory=2**28) == workers.Lost(by="time")
    assert workers.watched(_work, 0, seconds=0.5, memory=2**28) == workers.Lost(by="time")
    with pytest.raises(KeyError):
        workers.watched(_raise, KeyError, seconds=60, memory=2**28)


_CORES = """
import resource
from feedwright import workers
from test_workers import _core
if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    print(workers.watched(_core, 0, seconds=60, memory=2**28))
"""


def _core(_: int) -> int:
    import resource

    return resource.getrlimit(resource.RLIMIT_CORE)[0]


@pytest.mark.skipif(os.name == "nt", reason="POSIX only")
def test_a_call_that_the_system_ends_leaves_no_image_of_its_memory(tmp_path: Path) -> None:
    script = tmp_path / "cores.py"
    script.write_text(_CORES)
    done = subprocess.run(
        [sys.executable, script], capture_output=True, check=True, env=environment({"PYTHONPATH": str(TESTS)})
    )
    assert done.stdout == b"0\n"
