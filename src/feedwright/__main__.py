"""The process of the command: locale, signals, and the message and exit code of an early end.

Slow imports happen where interrupts are already handled.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

MACHINE, BUG, INTERRUPTED, TERMINATED = 3, 70, 130, 143


class _Terminated(BaseException):
    """The process received SIGTERM."""


def main() -> NoReturn:
    """Run the command and exit; never show a traceback."""
    _ensure_utf8()
    # in objects; a build makes next to none in cycles, and looks for them in vain
    gc.set_threshold(200_000)
    try:
        import signal

        signal.signal(signal.SIGTERM, _terminate)
        from feedwright.cli import app

        code = app.run()
    except KeyboardInterrupt:
        _stop_workers()
        code = _stopped(INTERRUPTED, "interrupted; the published files are intact")
    except _Terminated:
        code = _stopped(TERMINATED, "terminated; the published files are intact")
    except MemoryError:
        hint = "give it more memory, or build fewer articles"
        code = _failed("not enough memory; the published files are intact", hint)
    except OSError as error:
        file = f"{error.filename}: " if isinstance(error.filename, str) else ""
        message = f"{file}{error.strerror or error}; the published files are intact"
        code = _failed(message, "fix the cause, then build again")
    except ImportError as error:
        code = _failed(f"a library cannot be loaded: {error}", "install feedwright again")
    except Exception as error:
        code = _crashed(error)
    gc.freeze()  # what is left ends with the process; Python would look for cycles in all of it
    sys.exit(code)


def _failed(message: str, hint: str) -> int:
    from feedwright.text import visible

    return _stopped(MACHINE, f"error: {visible(message)}\n   = help: {hint}")


def _stopped(code: int, text: str) -> int:
    """Print a last message, if anybody can read it, and return the exit code."""
    try:
        if sys.stderr is not None:  # closed by the caller
            print(text, file=sys.stderr, flush=True)
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return code


def _ensure_utf8() -> None:
    """Restart in Python's UTF-8 mode (PEP 540) if the locale has another encoding for file names."""
    if os.name == "posix" and sys.getfilesystemencoding() != "utf-8":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-P", "-X", "utf8", "-m", "feedwright", *sys.argv[1:]])  # noqa: S606


def _terminate(*_: object) -> NoReturn:
    raise _Terminated  # `main` prints the message: the handler may have interrupted a print


def _stop_workers() -> None:
    """Kill the worker processes, ignoring further interrupts."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # loaded before there is a process; loading it again, where the interrupt came amid that, might fail
    if pool := sys.modules.get("feedwright.process_pool"):
        pool.kill_all()


def _crashed(error: Exception) -> int:
    """Write the traceback to a file, and print the file's path."""
    import tempfile
    import traceback

    from feedwright._version import __version__

    with tempfile.NamedTemporaryFile(
        "w", prefix="feedwright-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        print(f"feedwright {__version__}, Python {sys.version}", file=file)
        traceback.print_exception(error, file=file)
    name = type(error).__name__
    return _stopped(BUG, f"this is a bug in feedwright ({name}); please report it with {file.name}")


if __name__ == "__main__":
    main()
