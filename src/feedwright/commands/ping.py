"""The command `ping`: tell the WebSub hub which feeds have changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from feedwright import disk
from feedwright.commands.context import Context
from feedwright.commands.result import Result
from feedwright.feeds.archives import feed_folder
from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.problems import MachineError, UsageError
from feedwright.publication import record, websub
from feedwright.site import Site
from feedwright.text import count, visible


def ping(context: Context, *, built: str | None) -> Result:
    """Tell the hub about the feeds that changed since it was last told, or that the report `built` lists.

    What it was told is kept in the cache, since nothing is lost with it: a hub that is told again looks again
    and finds nothing new. The exit code is 3 if the hub did not take everything. Raises `UsageError` HUB002
    (no hub), HUB003 (nothing published, no report), and what reading settings and record raises.
    """
    site = context.load_site()
    if site.hub is None:
        hint = 'hub = "https://pubsubhubbub.appspot.com/" in the settings, then build and deploy'
        raise UsageError("no hub is set", code="HUB002", hint=hint)
    published = record.load(site.record)
    if published is None:
        hint = "build first, or get the record with `feedwright restore`"
        raise UsageError(f"nothing was published in {site.output}", code="HUB003", hint=hint)
    told = websub.load(site.cache, site.hub)
    wanted = _written(Path(context.start) / built) if built else None
    changed = {
        path: digest
        for path, digest in published.documents.items()
        if _is_feed(path, site) and (path in wanted if wanted is not None else told.get(path) != digest)
    }
    topics = {path: topic for path in sorted(changed) if (topic := _topic(path, site))}
    asked = websub.announce(site.hub, dict.fromkeys(topics.values()), send=websub.post)
    pings = {answer.topic: answer for answer in asked}
    taken = {path for path, topic in topics.items() if pings[topic].is_taken}
    kept = {path: digest for path, digest in told.items() if path in published.documents}
    websub.save(site.cache, site.hub, {**kept, **{path: changed[path] for path in taken}})
    return _result(site.hub, pings)


def _is_feed(path: str, site: Site) -> bool:
    """Whether people subscribe to a document: it is a feed's, in a format that is offered, and no archive."""
    folder, _, file = path.rpartition("/")
    return file in {FORMATS[name].file for name in site.formats if name in READ_BACK} and (
        feed_folder(folder) == folder
    )


def _topic(path: str, site: Site) -> str | None:
    """The address that a document gives as its own, which is another at a former one; None if it is gone."""
    file = path.rpartition("/")[2]
    (name,) = (name for name in READ_BACK if FORMATS[name].file == file)
    try:
        return READ_BACK[name](disk.read_bytes(site.output / path, follow=False)).url + file
    except (OSError, ValueError):
        return None


def _written(file: Path) -> Collection[str]:
    """The documents that a build has written, by its JSON report."""
    try:
        documents = json.loads(disk.read_bytes(file))["documents"]["written"]
        return frozenset(map(str, documents))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{file} is not the report of a build"
        hint = "feedwright build --report json > report.json; then: feedwright ping --built report.json"
        raise UsageError(message, code="HUB003", hint=hint) from error


def _result(hub: str, pings: Mapping[str, websub.Ping]) -> Result:
    failed = [ping for ping in pings.values() if not ping.is_taken]
    error = None
    if failed:
        refused = f"{count(len(failed), 'topic')} of {len(pings)}"
        message = f"{hub} did not take {refused}: {visible(failed[0].reason)}"
        hint = "ping again later: what it has taken is not sent again"
        error = MachineError(message, code="HUB001", hint=hint)
    return Result(
        exit_code=3 if failed else 0,
        lines=tuple(
            f"{'pinged' if ping.is_taken else 'failed'}  {ping.topic}  {visible(ping.reason)}"
            for ping in pings.values()
        ),
        facts={
            name: [{"topic": p.topic, "answer": p.reason} for p in pings.values() if p.is_taken is is_taken]
            for name, is_taken in (("pinged", True), ("failed", False))
        },
        summary=f"{count(len(pings) - len(failed), 'topic')} pinged" if pings else "no feed has changed",
        error=error,
    )
