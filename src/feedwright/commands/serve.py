"""The command `serve`: show the feeds as they would be, and again at every change, until it is ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime

from feedwright.commands.context import Context
from feedwright.commands.preview.build import Build, Preview
from feedwright.commands.preview.server import Server, listen
from feedwright.commands.preview.watch import Watch
from feedwright.commands.result import Result

_LONGEST = 60.0
"""Seconds after which the clock is looked at again: a machine may have slept meanwhile."""


def serve(
    context: Context,
    *,
    host: str,
    port: int | None,
    describe: Callable[[Build, Build | None, float], str],
    open_page: Callable[[str], object] | None = None,
) -> Result:
    """Serve a preview until an interrupt. `open_page` is called with its address.

    `describe` says what a build did, after the one before it, in so many seconds. Raises what `build` raises
    where the first build cannot be done, and `listen` and `Watch.wait` do.
    """
    began = time.perf_counter()
    preview = Preview(context)
    with closing(listen(host, port)) as listener, ExitStack() as stack:
        server = Server(listener, host=host, start=context.start, run=context.began)
        stack.callback(server.close)
        watch = _watching(preview)
        stack.callback(lambda: watch.close())  # the one that there is then
        try:
            build = preview.begin()
            server.show(build)
            server.start()
            context.notify(describe(build, None, time.perf_counter() - began))
            context.notify(f"→ {server.url}  (Ctrl-C ends it)")
            if open_page:
                open_page(server.url)
            missed: set[str] = set()
            while True:
                changed = missed or watch.wait(_seconds(preview))
                began = time.perf_counter()
                if not changed and not _is_due(preview):
                    continue
                before, build = build, preview.update(changed)
                server.show(build)
                context.notify(describe(build, before, time.perf_counter() - began))
                missed = set()
                if not watch.is_of(*preview.folders()):
                    watch.close()
                    watch = _watching(preview)
                    missed = {context.start}  # what changed meanwhile, nobody has told
        except KeyboardInterrupt:
            return Result()


def _watching(preview: Preview) -> Watch:
    return Watch(*preview.folders(), preview.concerns)


def _is_due(preview: Preview) -> bool:
    return preview.until is not None and preview.until <= datetime.now(UTC)


def _seconds(preview: Preview) -> float:
    """How long nothing happens unless a file changes, as far as that is known."""
    if preview.until is None:
        return _LONGEST
    return min(_LONGEST, max(0.0, (preview.until - datetime.now(UTC)).total_seconds()))
