"""The process of the command: its locale, its signals, and what is said and returned when it ends early.

What takes long to load is loaded where an interrupt is told already.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

MACHINE, BUG, INTERRUPTED, TERMINATED = 3, 70, 130, 143


class _Terminated(BaseException):
    """The process was asked to end (SIGTERM)."""


def main() -> NoReturn:
    """Run the command; never shows a traceback."""
    _speak_utf8()
    gc.set_threshold(10_000)  # of the young; at 700 a build of ten thousand articles spends a sixth in it
    try:
        _stop_on_termination()
        from feedwright.cli import app

        code = app.run()
    except KeyboardInterrupt:
        _stop_workers()
        code = _ended(INTERRUPTED, "interrupted; the published files are whole")
    except _Terminated:
        code = _ended(TERMINATED, "terminated; the published files are whole")
    except MemoryError:
        hint = "give it more memory, or build fewer articles"
        code = _failed("there is not enough memory; the published files are whole", hint)
    except OSError as error:
        told = error.strerror or str(error)
        where = f"{_visible(error.filename)}: " if isinstance(error.filename, str) else ""
        hint = "put right what it names, then build again"
        code = _failed(f"{where}{_visible(told)}; the published files are whole", hint)
    except ImportError as error:
        code = _failed(f"a library cannot be loaded: {_visible(str(error))}", "install feedwright again")
    except Exception as error:
        code = _told_bug(error)
    sys.exit(code)


def _failed(message: str, hint: str) -> int:
    return _ended(MACHINE, f"error: {message}\n   = help: {hint}")


def _ended(code: int, text: str) -> int:
    """Say a last word; where nobody can hear it, the code alone tells."""
    if sys.stderr is None:  # closed by the caller
        return code
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return code


def _visible(text: str) -> str:
    from feedwright.text import visible

    return visible(text)


def _speak_utf8() -> None:
    """Start over in Python's UTF-8 mode (PEP 540) where the locale would name files in another encoding."""
    if os.name == "posix" and sys.getfilesystemencoding() != "utf-8":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-P", "-X", "utf8", "-m", "feedwright", *sys.argv[1:]])  # noqa: S606


def _stop_on_termination() -> None:
    import signal

    def stop(*_: object) -> NoReturn:
        raise _Terminated  # said by `main`: a handler may have interrupted what says something

    signal.signal(signal.SIGTERM, stop)


def _stop_workers() -> None:
    """End what still runs, and hear no further interrupt while doing so."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if "multiprocessing" in sys.modules:
        from feedwright import processes

        processes.kill_all()


def _told_bug(error: Exception) -> int:
    """Write the traceback to a file and say where it is."""
    import tempfile
    import traceback

    from feedwright._version import __version__

    with tempfile.NamedTemporaryFile(
        "w", prefix="feedwright-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write(f"feedwright {__version__}, Python {sys.version}\n")
        file.write("".join(traceback.format_exception(error)))
    what = type(error).__name__
    return _ended(BUG, f"this is a bug of feedwright's ({what}); please report it with {file.name}")


if __name__ == "__main__":
    main()
