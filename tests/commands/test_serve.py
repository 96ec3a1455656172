"""The command `serve`, over HTTP: what it answers, to whom, and how it begins and ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event
from typing import TYPE_CHECKING

import feedparser
import pytest

import loopback
from browser import in_browser
from desk import Desk, desk_with_tea
from feedwright.commands.preview import pages
from feedwright.commands.preview.server import Server, listen
from feedwright.problems import UsageError
from previews import PICTURE_BYTES, Serving, serving
from sites import files_of, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALL = 'formats = ["rss", "atom", "json", "opml", "page"]'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A site with every format, a picture, a broken article and what must not be served."""
    desk = desk_with_tea(tmp_path_factory.mktemp("serve"))
    desk.configure(ALL)
    desk.write("img/p.png", PICTURE_BYTES)
    desk.write("b.md", text("B", "2026-01-03", '<p><img src="/img/p.png">A picture</p>'))
    desk.write("broken.md", text('"<i onload=alert(1)>"', "2026-99-99"))
    desk.write(".git/config", b"secret")
    return desk


@pytest.fixture(scope="module")
def server(place: Desk) -> Iterator[Serving]:
    """The command, serving that site; nothing of it changes."""
    with serving(place.root) as running:
        yield running


def test_the_address_is_told_once_after_the_problems(server: Serving) -> None:
    assert [row.startswith("→ ") for row in server.said].count(True) == 1
    assert any(row.startswith("error[DATE001]") for row in server.said)
    assert f"→ {server.url}" in server.said[-1]


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/feeds/rss.xml", "application/rss+xml"),
        ("/feeds/atom.xml", "application/atom+xml"),
        ("/feeds/feed.json", "application/feed+json"),
        ("/feeds/feeds.opml", "text/x-opml"),
        ("/feeds/feed.css", "text/css"),
        ("/feeds/", "text/html"),
        ("/feeds/tea/index.html", "text/html"),
        ("/img/p.png", "image/png"),
        ("/-/", "text/html"),
        ("/-/read/tea/", "text/html"),
    ],
)
def test_everything_has_its_media_type_and_is_not_sent_twice(
    server: Serving, path: str, media_type: str
) -> None:
    reply = server.ask(path)
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert reply.headers["x-content-type-options"] == "nosniff"
    head = server.ask(path, "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(reply.body)))
    again = server.ask(path, If_None_Match=reply.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert server.ask(path, If_None_Match='"other"').status == 200


@pytest.mark.parametrize("path", ["/feeds/rss.xml", "/img/p.png"])
def test_what_is_not_newer_is_not_sent_again(server: Serving, path: str) -> None:
    modified = server.ask(path).headers["last-modified"]
    assert server.ask(path, If_Modified_Since=modified).status == 304
    assert server.ask(path, If_Modified_Since="Thu, 01 Jan 1970 00:00:00 GMT").status == 200


def test_a_part_of_a_medium_is_sent(server: Serving) -> None:
    reply = server.ask("/img/p.png", Range="bytes=1-3")
    assert (reply.status, reply.body) == (206, PICTURE_BYTES[1:4])
    assert server.ask("/img/p.png", Range="bytes=9999-").status == 416


def test_feeds_lead_to_the_server_and_keep_their_ids_and_links(server: Serving) -> None:
    feed = feedparser.parse(server.ask("/feeds/atom.xml").body)
    assert not feed.bozo
    (own,) = [link.href for link in feed.feed.links if link.rel == "self"]
    assert own == f"{server.url}feeds/atom.xml"
    entry = next(entry for entry in feed.entries if entry.title == "B")
    assert entry.id.startswith("tag:example.org,2026-01-03:")
    assert entry.link.startswith("https://example.org/")
    assert f'src="{server.url}img/p.png"' in entry.content[0].value
    assert json.loads(server.ask("/feeds/feed.json").body)["feed_url"] == f"{server.url}feeds/feed.json"


def test_the_beginning_and_folders_lead_on(server: Serving) -> None:
    for path, there in (("/", "/-/"), ("/feeds", "/feeds/"), ("/feeds/tea", "/feeds/tea/")):
        reply = server.ask(path)
        assert (reply.status, reply.headers["location"]) == (302, there)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/-/nothing",
        "/-/read/nothing/",
        "/a.md",
        "/feedwright.toml",
        "/content/a.md",
        "/.git/config",
        "/../feedwright.toml",
        "/img/%2e%2e/%2e%2e/feedwright.toml",
        "/img/..%2fa.md",
        "//etc/passwd",
        "/%00.png",
        "/feeds/feedwright.lock.json",
        "/.feedwright_cache/cache.sqlite",
    ],
)
def test_nothing_else_is_served(server: Serving, path: str) -> None:
    reply = server.ask(path)
    assert (reply.status, reply.body.count(b"secret"), reply.body.count(b"url =")) == (404, 0, 0)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:80", 302),
        ("feeds.localhost", 302),
        ("127.0.0.1", 302),
        ("[::1]:8400", 302),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example:80", 403),
        ("", 403),
    ],
)
def test_it_answers_to_names_of_this_machine_alone(server: Serving, host: str, status: int) -> None:
    """DNS rebinding: a page elsewhere has a name that leads here."""
    assert server.ask("/", Host=host).status == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_it_can_only_be_read(server: Serving, method: str) -> None:
    reply = server.ask("/feeds/rss.xml", method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


def test_published_pages_get_a_script_here_and_not_in_the_output_folder(server: Serving, place: Desk) -> None:
    here = server.ask("/feeds/").body.decode()
    assert here.count("<script data-build=") == 1
    assert "script-src &#39;sha256-" in here
    place.run("build", "-o", "elsewhere")
    published = (place.root / "elsewhere" / "index.html").read_text("utf-8")
    assert "<script" not in published
    assert "script-src" not in published


def test_the_page_shows_entries_and_problems_with_their_places_escaped(server: Serving) -> None:
    reply = server.ask("/-/")
    page = reply.body.decode()
    assert "content/broken.md:3:7" in page
    assert "&lt;i onload" not in page.partition("DATE001")[0]
    assert "<i onload" not in page
    assert "differ from what is published" in page
    assert reply.headers["content-security-policy"] == pages.policy()
    entries = server.ask("/-/read/")
    assert entries.headers["content-security-policy"].startswith("sandbox allow-popups")
    assert "A picture" in entries.body.decode()
    assert f'src="{server.url}img/p.png"' in entries.body.decode()


# What changes


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site of two articles, one of them on tea."""
    return desk_with_tea(tmp_path)


def test_a_save_is_told_and_served_and_nothing_is_written(desk: Desk) -> None:
    desk.run("build")
    before = files_of(desk.output)
    with serving(desk.root) as server:
        old = server.ask("/feeds/rss.xml")
        desk.write("a.md", text("A", "2026-01-01", "<p>Saved</p>"))
        server.wait_for("Saved")
        assert server.ask("/feeds/rss.xml", If_None_Match=old.headers["etag"]).status == 200
        assert "2 documents differ" in server.ask("/-/").body.decode()
        desk.write("new/c.md", text("C", "2026-01-04", categories="Water"))  # a folder that was not there
        server.wait_for("<title>C</title>", "/feeds/water/rss.xml")
    assert files_of(desk.output) == before


def test_a_publication_is_noticed(desk: Desk) -> None:
    with serving(desk.root) as server:
        assert "4 documents differ" in server.ask("/-/").body.decode()
        desk.run("build")
        server.wait_for("every document is up to date", "/-/")


def test_it_outlives_what_is_broken(desk: Desk) -> None:
    with serving(desk.root) as server:
        desk.write("a.md", text("A", "2026-99-99"))
        server.wait_for("content/a.md:3:7", "/-/")
        server.wait_for("Not published", "/-/")
        (desk.root / "feedwright.toml").write_text("url = ", "utf-8")
        server.wait_for("The last build was stopped", "/-/")
        server.wait_for("CFG005", "/-/")
        assert server.ask("/feeds/rss.xml").status == 200
        desk.write("a.md", text("A", "2026-01-01"))
        desk.configure("limit = 1")
        server.wait_for("no problems", "/-/")
        assert server.ask("/feeds/rss.xml").body.count(b"<item>") == 1
    said = "\n".join(server.said)
    assert (said.count("[DATE001]"), "[CFG005]" in said) == (1, True)


def test_a_file_that_replaces_another_is_seen(desk: Desk) -> None:
    """As editors save: a new file takes the name of the old."""
    with serving(desk.root) as server:
        for word in ("First", "Second"):
            draft = desk.root / "content" / "a.md~"
            draft.write_text(text("A", "2026-01-01", f"<p>{word}</p>"), "utf-8")
            draft.replace(desk.content / "a.md")
            server.wait_for(word)


def test_a_content_folder_that_is_replaced_is_watched_again(desk: Desk) -> None:
    with serving(desk.root) as server:
        desk.content.rename(desk.root / "away")
        server.wait_for("USE001", "/-/")
        (desk.root / "away").rename(desk.content)
        server.wait_for("no problems", "/-/")
        desk.write("a.md", text("A", "2026-01-01", "<p>Again</p>"))
        server.wait_for("Again")


# How it begins and ends


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_ends_at_a_signal_though_a_browser_waits(desk: Desk, number: int, code: int) -> None:
    with serving(desk.root) as server, ThreadPoolExecutor(1) as pool:
        asked = Event()

        def note() -> bool:
            asked.set()
            return False

        waiting = pool.submit(server.wait, note)
        assert asked.wait(60)
        assert server.end(number) == code
        waiting.exception()
    assert not any("Traceback" in row for row in server.said)


@pytest.mark.parametrize(("host", "address"), [("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")])
def test_the_address_is_one_to_open(host: str, address: str) -> None:
    try:
        listener = listen(host, 0)
    except UsageError:
        pytest.skip(f"this machine has no {host}")
    with listener, closing(Server(listener, host=host, start="", run=0)) as server:
        assert server.url == f"http://{address}:{server.port}/"


def test_without_a_port_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr("feedwright.commands.preview.server.PORT", taken.getsockname()[1])
        with listen("127.0.0.1", None) as listener:
            assert listener.getsockname()[1] > taken.getsockname()[1]


def test_a_taken_port_is_told(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        output = desk.run("serve", "--port", str(taken.getsockname()[1]))
    assert (output.code, output.codes) == (2, ["USE010"])


def test_an_address_of_another_machine_is_told(desk: Desk) -> None:
    output = desk.run("serve", "--host", "192.0.2.1")
    assert (output.code, output.codes) == (2, ["USE011"])


def test_the_browser_is_opened_on_request(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_and_end(address: str) -> None:
        opened.append(address)
        raise KeyboardInterrupt

    monkeypatch.setattr("webbrowser.open", open_and_end)
    output = desk.run("serve", "--open")
    assert output.code == 0
    assert f"→ {opened[0]}" in output.err


def test_settings_that_are_broken_at_the_beginning_end_it(desk: Desk) -> None:
    (desk.root / "feedwright.toml").write_text("url = ", "utf-8")
    output = desk.run("serve")
    assert (output.code, output.codes) == (2, ["CFG005"])


def test_a_folder_that_cannot_be_watched_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: str, **options: object) -> Iterator[set[tuple[int, str]]]:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuse)
    output = desk.run("serve", "--port", "0")
    assert (output.code, output.codes) == (3, ["SRV002"])


# In a browser

_HOSTILE = """<p>Before <img src=x onerror="parent.postMessage('img', '*')">
<script>parent.postMessage('script', '*')</script>
<a href="javascript:alert(1)" autofocus onfocus="parent.postMessage('focus', '*')">a</a></p><p>After</p>"""


@in_browser
def test_nothing_in_an_article_runs_in_the_preview(desk: Desk) -> None:
    """Even where the sanitizer let everything through, the sandbox and the policy would not."""
    desk.write("evil.md", text('"<script>alert(1)</script>"', "2026-01-05", _HOSTILE, categories="Tea"))
    with serving(desk.root) as server:
        page = _dumped(desk.root, f"{server.url}-/read/")
        assert "After" in page
        assert "onerror" not in page
        assert "parent.postMessage" not in page


@in_browser
def test_what_a_sanitizer_missed_would_not_run_either(tmp_path: Path) -> None:
    with loopback.running() as server:
        headers = {"Content_Type": "text/html", "Content_Security_Policy": pages.reader_policy()}
        body = f"<!DOCTYPE html><title>before</title>{_HOSTILE}<script>document.title='ran'</script>"
        server.answers["/"] = loopback.says(200, body.encode(), **headers)
        assert "<title>before</title>" in _dumped(tmp_path, f"{server.url}/")


@in_browser
@pytest.mark.parametrize("path", ["-/", "feeds/"])
def test_a_browser_shows_a_save_by_itself(desk: Desk, path: str) -> None:
    """Both the page of the preview and a published page; each loads the picture that an article names."""
    desk.configure(ALL)
    asked = {f"/{number}.png": Event() for number in (1, 2)}

    def save(picture: str) -> None:
        desk.write("a.md", text("A", "2026-01-01", thumbnail=f"{elsewhere.url}{picture}"))

    def answer(handler: loopback.Handler) -> None:
        handler.answer(200, PICTURE_BYTES, Content_Type="image/png")
        asked[handler.path].set()

    with loopback.running() as elsewhere:
        elsewhere.answers |= dict.fromkeys(asked, answer)
        save("/1.png")
        with serving(desk.root) as server, _open(desk.root, server.url + path):
            assert asked["/1.png"].wait(60)
            save("/2.png")
            assert asked["/2.png"].wait(60)


_CHROMIUM = ("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def _open(folder: Path, url: str) -> Iterator[None]:
    """Show a page in Chromium until the end of the block."""
    profile = f"--user-data-dir={folder / 'profile'}"
    words = [*_CHROMIUM, profile, "--remote-debugging-port=0", url]
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def _dumped(folder: Path, url: str) -> str:
    """The document of a page in Chromium once it is loaded, as HTML."""
    words = [*_CHROMIUM, f"--user-data-dir={folder / 'profile'}", "--timeout=5000", "--dump-dom", url]
    done = subprocess.run(words, capture_output=True, check=True, timeout=150)
    return done.stdout.decode()
