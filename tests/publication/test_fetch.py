"""The network, as it is: servers that answer, redirect, lie, trickle and hang up."""

from __future__ import annotations

import base64
import gzip
import socket
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from feedwright._version import __version__
from feedwright.problems import MachineError
from feedwright.publication.exchange import Response
from feedwright.publication.fetch import Download, fetch, find
from loopback import says

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loopback import Answer, Handler, Server

BODY = "<rss>汉</rss>".encode()


def _to(location: str, status: int = 302) -> Answer:
    return says(status, b"moved", Location=location)


@contextmanager
def _fails(code: str) -> Iterator[pytest.ExceptionInfo[MachineError]]:
    with pytest.raises(MachineError) as caught:
        yield caught
    assert caught.value.code == code
    assert caught.value.hint
    assert caught.value.message.isprintable()


def test_what_is_there_is_returned(server: Server) -> None:
    server.answers = {"/feeds/rss.xml?a=1": says(200, BODY)}
    assert fetch(f"{server.url}/feeds/rss.xml?a=1#there") == BODY
    assert server.asked[0][1]["User-Agent"] == f"feedwright/{__version__}"
    assert server.asked[0][1]["Host"] == server.url.removeprefix("http://")


def test_addresses_are_encoded_as_browsers_do(server: Server) -> None:
    server.answers = {"/%E7%94%9F%E6%B4%BB/a%20b.xml": says(200, BODY)}
    assert fetch(f"{server.url}/生活/a b.xml") == BODY
    assert fetch(f"{server.url}/%E7%94%9F%E6%B4%BB/a%20b.xml") == BODY


def test_nothing_may_be_there(server: Server) -> None:
    server.answers = {"/": says(200)}
    assert fetch(server.url) == b""


def test_an_answer_may_come_in_chunks_or_end_with_the_connection(server: Server) -> None:
    chunks = b"5\r\n" + BODY[:5] + b"\r\n%x\r\n" % len(BODY[5:]) + BODY[5:] + b"\r\n0\r\n\r\n"
    server.answers = {
        "/chunks": says(200, chunks, Content_Length="", Transfer_Encoding="chunked"),
        "/end": says(200, BODY, Content_Length=""),
        "/more": says(200, BODY + b"more than was said", Content_Length=str(len(BODY))),
    }
    assert [fetch(server.url + path) for path in server.answers] == [BODY] * 3


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
def test_gzip_is_asked_for_and_unpacked(server: Server, coding: str) -> None:
    server.answers = {"/": says(200, gzip.compress(BODY, mtime=0), Content_Encoding=coding)}
    assert fetch(server.url) == BODY
    assert server.asked[0][1]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server: Server, status: int) -> None:
    server.answers = {
        "/a": _to("/b", status),
        "/b": _to(f"{server.url}/生/c".encode().decode("latin-1"), status),
        "/%E7%94%9F/c": says(200, BODY),
    }
    assert fetch(f"{server.url}/a") == BODY
    assert [path for path, _ in server.asked] == ["/a", "/b", "/%E7%94%9F/c"]


def test_a_redirect_is_not_read_to_its_end(server: Server) -> None:
    def endless(handler: Handler) -> None:
        handler.answer(302, b"x", Content_Length="", Location="/b")
        server.over.wait(10)

    server.answers = {"/a": endless, "/b": says(200, BODY)}
    assert fetch(f"{server.url}/a", timeout=5) == BODY


@pytest.mark.parametrize(
    "scheme",
    ["file://{}", "FILE://{}", "ftp://127.0.0.1/x", "data:,x", "javascript:1", "http://u:p@127.0.0.1/"],
)
def test_redirects_lead_to_the_web_only(server: Server, tmp_path: Path, scheme: str) -> None:
    (tmp_path / "secret").write_text("secret")
    server.answers = {"/": _to(scheme.format(tmp_path / "secret"))}
    with _fails("NET006"):
        fetch(server.url)


def test_redirects_end(server: Server) -> None:
    server.answers = {"/": _to("/")}
    with _fails("NET006"):
        fetch(server.url)
    assert len(server.asked) == 11


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/feeds",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://",
        "http://a b/",
        "https://me:secret@example.org/",
        "data:,x",
        "https://example.org:99999/",
        "http://\x1b[31m/",
    ],
)
def test_only_the_web_is_opened(url: str) -> None:
    with _fails("NET001"):
        fetch(url)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, "NET004"),
        (410, "NET004"),
        (401, "NET005"),
        (403, "NET005"),
        (429, "NET005"),
        (500, "NET005"),
        (204, "NET005"),
        (304, "NET005"),
        (302, "NET005"),
        (799, "NET005"),
    ],
)
def test_a_status_that_is_not_200_is_told(server: Server, status: int, code: str) -> None:
    server.answers = {"/": says(status)}
    with _fails(code):
        fetch(server.url)
    if code == "NET004":
        assert find(server.url) is None
    else:
        with _fails(code):
            find(server.url)


def test_a_body_has_its_limit(server: Server) -> None:
    def endless(handler: Handler) -> None:
        handler.answer(200, Content_Length="")
        while True:
            handler.wfile.write(b"x" * 65536)

    server.answers = {
        "/told": says(200, b"x" * 1001),
        "/untold": says(200, b"x" * 1001, Content_Length=""),
        "/lie": says(200, Content_Length="99999999999"),
        "/endless": endless,
    }
    for path in server.answers:
        with _fails("NET007"):
            fetch(server.url + path, limit=1000)
    server.answers["/fits"] = says(200, b"x" * 1000)
    assert len(fetch(f"{server.url}/fits", limit=1000)) == 1000


def test_a_gzip_bomb_does_not_go_off(server: Server) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    server.answers = {"/": says(200, bomb, Content_Encoding="gzip")}
    tracemalloc.start()
    try:
        with _fails("NET007"):
            fetch(server.url, limit=2_000_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY, {"Content_Length": "1000"}),
        (b"fff\r\n" + BODY, {"Content_Length": "", "Transfer_Encoding": "chunked"}),
        (b"xyz\r\n" + BODY, {"Content_Length": "", "Transfer_Encoding": "chunked"}),
        (gzip.compress(BODY, mtime=0)[:-9], {"Content_Encoding": "gzip"}),
        (BODY, {"Content_Encoding": "gzip"}),
        (b"", {"Content_Encoding": "gzip"}),
        (BODY, {"Content_Encoding": "br"}),
    ],
)
def test_what_is_cut_off_or_damaged_is_refused(server: Server, body: bytes, headers: dict[str, str]) -> None:
    server.answers = {"/": says(200, body, **headers)}
    with _fails("NET008"):
        fetch(server.url)


@pytest.mark.parametrize("raw", [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n"])
def test_what_is_no_http_is_refused(server: Server, raw: bytes) -> None:
    server.answers = {"/": lambda handler: None if not raw else _write(handler, raw)}
    with _fails("NET008"):
        fetch(server.url)


def _write(handler: Handler, raw: bytes) -> None:
    handler.wfile.write(raw)


def test_silence_has_its_end(server: Server) -> None:
    def silent(handler: Handler) -> None:
        server.over.wait(10)

    def stops(handler: Handler) -> None:
        handler.answer(200, BODY, Content_Length="1000")
        server.over.wait(10)

    server.answers = {"/silent": silent, "/stops": stops}
    for path in server.answers:  # both end some day, but then the answer is cut off
        with _fails("NET003"):
            fetch(server.url + path, timeout=0.2)


def test_a_trickle_has_its_end(server: Server) -> None:
    def trickle(handler: Handler) -> None:
        handler.answer(200, Content_Length="100000")
        for _ in range(500):  # then the answer is cut off
            if server.over.wait(0.02):
                return
            handler.wfile.write(b"x")

    server.answers = {"/": trickle}
    with _fails("NET003"):
        fetch(server.url, timeout=0.3)


def test_the_time_is_that_of_all_redirects(server: Server) -> None:
    def late(handler: Handler) -> None:
        server.over.wait(0.1)
        handler.answer(302, Location="/")

    server.answers = {"/": late}
    with _fails("NET003"):
        fetch(server.url, timeout=0.25)


def test_a_server_that_is_not_there_is_told(server: Server) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # taken, but nobody listens
        with _fails("NET002"):
            fetch(f"http://127.0.0.1:{taken.getsockname()[1]}/")
        with _fails("NET002"):
            fetch(server.url.replace("http://", "https://"))  # speaks no TLS


def test_a_name_that_is_none_is_told(server: Server) -> None:
    with _fails("NET002"):
        fetch("http://nothing.invalid/")


def test_proxies_are_those_of_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers = {"http://nothing.invalid/rss.xml": says(200, BODY)}
    monkeypatch.setenv("http_proxy", server.url)
    assert fetch("http://nothing.invalid/rss.xml#part") == BODY
    assert "proxy-authorization" not in map(str.lower, server.asked[0][1])


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_proxy_may_want_a_name(server: Server, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    server.answers = {"http://nothing.invalid/": says(200, BODY)}
    monkeypatch.setenv("http_proxy", server.url.replace("http://", f"{scheme}me:a%40b@"))
    assert fetch("http://nothing.invalid/") == BODY
    given = {name.lower(): value for name, value in server.asked[0][1].items()}
    assert given["proxy-authorization"] == f"Basic {base64.b64encode(b'me:a@b').decode()}"


def test_a_proxy_may_refuse_a_tunnel(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers = {"nothing.invalid:443": says(403)}
    monkeypatch.setenv("https_proxy", server.url)
    with _fails("NET002") as caught:
        fetch("https://nothing.invalid/rss.xml")
    assert "403" in caught.value.message


def test_a_proxy_may_be_left_out(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers = {"/": says(200, BODY)}
    monkeypatch.setenv("http_proxy", "http://nothing.invalid:1")
    with _fails("NET002"):
        fetch(server.url)
    monkeypatch.setenv("no_proxy", server.url.removeprefix("http://"))
    assert fetch(server.url) == BODY


def test_fetches_of_one_download_share_time_and_bytes(server: Server) -> None:
    def late(handler: Handler) -> None:
        server.over.wait(10)

    server.answers = {"/a": says(200, b"x" * 600), "/none": says(404), "/late": late}
    download = Download(limit=1000, timeout=60)
    assert download.find(f"{server.url}/none") is None
    assert download.find(f"{server.url}/a") == b"x" * 600
    with _fails("NET007") as caught:
        download.find(f"{server.url}/a")
    assert "All documents may have 1000 together" in caught.value.message
    with _fails("NET007") as caught:
        Download().find(f"{server.url}/a", 500)
    assert "together" not in caught.value.message
    download = Download(limit=1000, timeout=60)
    with _fails("NET007"):
        download.find(f"{server.url}/a", 500)
    with _fails("NET007") as caught:
        download.find(f"{server.url}/a")
    assert "together" in caught.value.message
    for seconds in (0.2, 0):
        with _fails("NET003"):
            Download(timeout=seconds).find(f"{server.url}/late")


def test_no_redirect_leads_from_https_to_http(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(url: str, **limits: object) -> Response:
        asked.append(url)
        target = {"http://a.org/": "https://a.org/", "https://a.org/": "http://a.org/feed"}[url]
        return Response(status=301, headers={"location": target})

    asked: list[str] = []
    monkeypatch.setattr("feedwright.publication.fetch.exchange", answer)
    with _fails("NET006") as caught:
        fetch("HTTP://a.org")
    assert asked == ["http://a.org/", "https://a.org/"]
    assert "http://a.org/feed, which anybody on the way could change" in caught.value.message
