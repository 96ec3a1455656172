"""One exchange ends in time and takes no more than it may, whatever the server sends."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedwright.problems import MachineError
from feedwright.publication.exchange import exchange
from loopback import repeats, running, says, sends

if TYPE_CHECKING:
    from loopback import Answer, Server

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
SLOWLY: dict[str, Answer] = {
    "silence": repeats(b"", b"", 0.05),
    "half a status": repeats(b"HTTP/1.1 2", b"0", 0.05),
    "a header": repeats(OK + b"X-A: ", b"a", 0.05),
    "headers": repeats(OK, b"X-A: a\r\n", 0.05),
    "interim responses": repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
    "a body": repeats(OK + b"Content-Length: 1000000\r\n\r\n", b"a", 0.05),
    "a body without length": repeats(OK + b"\r\n", b"a", 0.05),
    "a packed body": repeats(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"a")[:9], b"a", 0.05),
    "chunks": repeats(CHUNKED, b"1\r\na\r\n", 0.05),
    "a chunk's extension": repeats(CHUNKED + b"2;", b"a", 0.05),
    "trailers": repeats(CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: y\r\n", 0.05),
}
FAST: dict[str, tuple[Answer, str]] = {
    "a status": (repeats(b"HTTP/1.1 2", b"0" * 4096), "NET008"),
    "headers": (repeats(OK, b"X-A: a\r\n" * 100), "NET008"),
    "interim responses": (repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "NET008"),
    "interim headers": (repeats(b"HTTP/1.1 102 Processing\r\n", b"X: y\r\n" * 1000), "NET008"),
    "a chunk's extension": (repeats(CHUNKED + b"2;", b"a" * 4096), "NET008"),
    "trailers": (repeats(CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: y\r\n" * 1000), "NET008"),
    "tiny chunks": (repeats(CHUNKED, b"1\r\na\r\n" * 1000), "NET007"),
    "a body": (repeats(OK + b"\r\n", b"a" * 65536), "NET007"),
}


def _code(url: str, *, limit: int = 1_000_000, timeout: float = 60) -> str:
    with pytest.raises(MachineError) as caught:
        exchange(url, limit=limit, timeout=timeout)
    assert caught.value.hint
    assert caught.value.message.isprintable()
    return caught.value.code


@pytest.mark.parametrize("what", SLOWLY)
def test_what_never_ends_is_given_up(server: Server, what: str) -> None:
    server.answers = {"/": SLOWLY[what]}
    assert _code(server.url, timeout=0.3) == "NET003"


@pytest.mark.parametrize("what", FAST)
def test_what_never_ends_is_not_read_till_then(server: Server, what: str) -> None:
    answer, code = FAST[what]
    server.answers = {"/": answer}
    assert _code(server.url) == code


def test_a_redirects_body_is_not_read(server: Server) -> None:
    server.answers = {"/": repeats(b"HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n", b"a" * 65536)}
    response = exchange(server.url)
    assert (response.status, response.headers["location"], response.body) == (302, "/a", b"")


def test_a_request_may_have_method_headers_and_body(server: Server) -> None:
    server.answers = {"/hub": says(202, b"thanks", X_Hub="a")}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = exchange(f"{server.url}/hub", method="POST", headers=headers, body=b"hub.mode=publish")
    assert (response.status, response.body, response.headers["x-hub"]) == (202, b"thanks", "a")
    assert server.bodies == [b"hub.mode=publish"]
    assert server.asked[0][1]["Content-Type"] == headers["Content-Type"]


@pytest.mark.parametrize("size", [1_000_000, 20_000_000])
def test_what_unpacks_to_a_hundred_times_its_size_is_not_unpacked(server: Server, size: int) -> None:
    server.answers = {"/": says(200, gzip.compress(bytes(size)), Content_Encoding="gzip")}
    assert _code(server.url, limit=64 * 2**20) == "NET007"


def test_what_shrinks_as_much_as_text_does_is_unpacked(server: Server) -> None:
    body = b"".join(b"<item><title>Entry %d</title></item>" % n for n in range(50_000))
    packed = gzip.compress(body)
    assert len(body) > 5 * len(packed)
    server.answers = {"/": says(200, packed, Content_Encoding="gzip")}
    assert exchange(server.url).body == body
    server.answers = {"/": says(200, gzip.compress(bytes(60_000)), Content_Encoding="gzip")}
    assert exchange(server.url).body == bytes(60_000)


_LINES = (
    *(OK, b"HTTP/1.0 200\r\n", b"HTTP/1.1 100 C\r\n\r\n", b"HTTP/1.1 302 F\r\n", b"HTTP/2 200\r\n"),
    *(b"HTTP/1.1 999999 x\r\n", b"HTTP/1.1 101 S\r\n", b"HTTP/1.1 304 N\r\n", b"Location: //\xff[/\r\n"),
    *(b"Content-Length: 5\r\n", b"Content-Length: 5, 6\r\n", b"Content-Length: -1\r\n"),
    *(
        b"Content-Length: " + b"9" * 5000 + b"\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
    ),
    *(
        b"Content-Type: multipart/mixed; boundary=x\r\n",
        b"--x\r\n",
        b": x\r\n",
        b" folded\r\n",
        b"X-\x80: \x85\r\n",
    ),
    *(
        b"\r\n",
        b"5\r\nabcde\r\n",
        b"0\r\n",
        b"-5\r\n",
        b"\xff\xfe",
        b"\0",
        b"\r",
        b"abcde",
        gzip.compress(b"abcde"),
    ),
)


def test_any_bytes_are_a_response_or_an_error(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    outcomes: set[int | str] = set()

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(st.sampled_from(_LINES) | st.binary(max_size=5), max_size=9))
    def run(lines: list[bytes]) -> None:
        server.answers = {"/": sends(b"".join(lines))}
        try:
            outcomes.add(exchange(server.url).status)
        except MachineError as error:
            outcomes.add(error.code)

    with running() as server:
        run()
    assert {code for code in outcomes if isinstance(code, str)} <= {"NET002", "NET008"}
    assert capfd.readouterr() == ("", "")
