"""The command `ping`: the hub is told of what changed, once, and asked again where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from desk import Desk
from feedwright.problems import MachineError
from feedwright.publication import websub
from feedwright.publication.exchange import Response
from loopback import Server, running, says
from sites import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEEDS = "https://example.org/feeds/"
HUB = "https://hub.example.org"
SITE = [f"{FEEDS}atom.xml", f"{FEEDS}rss.xml"]
TEA = [f"{FEEDS}tea/atom.xml", f"{FEEDS}tea/rss.xml"]


@pytest.fixture
def hub() -> Iterator[Server]:
    """A hub that takes everything."""
    with running() as server:
        server.answers["/hub"] = says(204)
        yield server


@pytest.fixture
def desk(tmp_path: Path, hub: Server, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A published site with that hub; nobody waits."""
    post = websub.post
    monkeypatch.setattr(websub, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(websub, "post", lambda url, form: post(url.replace(HUB, hub.url), form))
    desk = Desk(tmp_path)
    desk.configure(f'hub = "{HUB}/hub"')
    desk.write("a.md", text("A", "2026-01-01"))
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Tea"))
    assert desk.run("build").code == 0
    return desk


def _topics(hub: Server) -> list[str]:
    """The topics that the hub was told of since it was last looked at."""
    forms = [parse_qs(body.decode()) for body in hub.bodies]
    hub.bodies.clear()
    assert all(form["hub.mode"] == ["publish"] for form in forms)
    assert all(form["hub.url"] == form["hub.topic"] for form in forms)
    return [form["hub.url"][0] for form in forms]


def test_the_hub_is_told_what_changed_since_the_last_ping(desk: Desk, hub: Server) -> None:
    told = desk.run("ping")
    assert (told.code, told.err) == (0, "4 topics pinged\n")
    assert told.out.splitlines()[0] == f"pinged  {FEEDS}atom.xml  204 No Content"
    assert _topics(hub) == [*SITE, *TEA]
    assert dict(hub.asked[0][1])["Content-Type"] == "application/x-www-form-urlencoded"
    assert desk.run("ping").err == "no feed has changed\n"
    desk.write("b.md", text("B", "2026-01-03"))
    desk.run("build")
    assert desk.run("ping", "--report", "json").json["pinged"] == [
        {"topic": topic, "answer": "204 No Content"} for topic in SITE
    ]
    assert _topics(hub) == SITE


def test_a_hub_that_is_new_or_a_cache_that_is_gone_is_told_of_everything(desk: Desk, hub: Server) -> None:
    desk.run("ping")
    hub.answers["/other"] = says(202)
    desk.configure(f'hub = "{HUB}/other"')
    desk.run("build")
    _topics(hub)
    assert desk.run("ping").code == 0
    assert _topics(hub) == [*SITE, *TEA]
    for broken in (b"[]", b"{", b'{"hub": "x"}', b""):
        (desk.root / ".feedwright_cache" / "pinged.json").write_bytes(broken)
        assert desk.run("ping").code == 0
        assert len(_topics(hub)) == 4


def test_the_report_of_a_build_says_what_changed(desk: Desk, hub: Server) -> None:
    """As in CI, where no cache may be left of the last time."""
    desk.write("b.md", text("B", "2026-01-03"))
    (desk.root / "report.json").write_text(desk.run("build", "--report", "json").out, "utf-8")
    assert desk.run("ping", "--built", "report.json").code == 0
    assert _topics(hub) == SITE
    for text_ in ("", "{}", '{"documents": {"written": 1}}'):
        (desk.root / "report.json").write_text(text_, "utf-8")
        told = desk.run("ping", "--built", "report.json")
        assert (told.code, told.codes) == (2, ["HUB003"])
    assert desk.run("ping", "--built", "no.json").codes == ["HUB003"]


def test_topics_are_the_addresses_that_feeds_give_as_their_own(desk: Desk, hub: Server) -> None:
    desk.configure(
        f'hub = "{HUB}/hub"',
        'formats = ["rss", "atom", "page", "opml"]',
        "limit = 1",
        "archives = 1",
        'aliases = { "old.xml" = "rss" }',
        '[categories."Tea"]',
        'was = ["cha"]',
    )
    desk.run("build")
    assert any(path.startswith("all/") for path in desk.published())
    assert all(b'rel="hub"' not in data for path, data in desk.published().items() if path.startswith("all/"))
    desk.run("ping")
    assert sorted(_topics(hub)) == sorted([*SITE, *TEA])


def test_what_is_not_there_is_not_told(desk: Desk, hub: Server) -> None:
    (desk.output / "tea" / "rss.xml").unlink()
    assert desk.run("ping").code == 0
    assert _topics(hub) == [*SITE, TEA[0]]


@pytest.mark.parametrize("status", [400, 404, 308])
def test_a_hub_that_refuses_is_not_asked_again(desk: Desk, hub: Server, status: int) -> None:
    hub.answers["/hub"] = says(status, Location="/elsewhere")
    told = desk.run("ping", "--report", "concise")
    assert (told.code, told.codes) == (3, ["HUB001"])
    assert f"did not take 4 topics of 4: {status} " in told.err
    assert len(_topics(hub)) == 4
    hub.answers["/hub"] = says(204)
    assert desk.run("ping").code == 0
    assert len(_topics(hub)) == 4


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_hub_is_asked_three_times(desk: Desk, hub: Server, status: int) -> None:
    answers = iter([status, 204, status, status, 204, status, status, status, 202])
    hub.answers["/hub"] = lambda handler: handler.answer(next(answers))
    told = desk.run("ping", "--report", "json")
    assert told.code == 3
    assert [ping["topic"] for ping in told.json["failed"]] == [TEA[0]]
    assert told.json["error"]["code"] == "HUB001"
    assert len(_topics(hub)) == 9
    hub.answers["/hub"] = says(204)
    desk.run("ping")
    assert _topics(hub) == [TEA[0]]


def test_a_hub_that_is_away_is_left_alone(desk: Desk, hub: Server) -> None:
    hub.server_close()
    hub.shutdown()
    told = desk.run("ping")
    assert (told.code, told.codes) == (3, ["HUB001"])
    assert "cannot be reached" in told.err
    assert told.out.count("failed  ") == 4


def test_it_waits_as_long_as_the_hub_asks_within_reason() -> None:
    waited: list[float] = []
    answers = iter(["7", "86400", ""])

    def send(hub: str, form: bytes) -> Response:
        return Response(status=503, headers={"retry-after": next(answers)})

    (ping,) = websub.announce(
        "https://hub.example/", ["https://example.org/a"], send=send, sleep=waited.append
    )
    assert (ping.status, ping.reason, ping.is_taken) == (503, "503 Service Unavailable", False)
    assert waited == [7.0, 60.0]


def test_only_a_hub_that_might_answer_later_is_asked_again() -> None:
    asked: list[object] = []

    def send(hub: str, form: bytes) -> Response:
        asked.append(hub)
        raise MachineError("no such address", code="NET001")

    pings = [*websub.announce("x", ["a", "b"], send=send, sleep=asked.append)]
    assert asked == ["x"]
    assert [ping.reason for ping in pings] == ["no such address"] * 2


def test_without_a_hub_or_a_publication(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure()
    assert (desk.run("ping").code, desk.run("ping").codes) == (2, ["HUB002"])
    desk.configure('hub = "https://hub.example.org/"')
    assert (desk.run("ping").code, desk.run("ping").codes) == (2, ["HUB003"])


def test_a_cache_that_cannot_be_written_loses_nothing(desk: Desk, hub: Server) -> None:
    folder = desk.root / ".feedwright_cache"
    (folder / "pinged.json").mkdir(parents=True)
    assert desk.run("ping").code == 0
    assert desk.run("ping").code == 0
    assert len(_topics(hub)) == 8
