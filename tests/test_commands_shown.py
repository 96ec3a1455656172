"""Every command that users are shown is run, in a site for which it is meant, and ends as its text says."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from commands_shown import Shown, in_prose, of_documents, words
from desk import Desk, desk_with_tea, served
from documents import EVERY
from feedwright.publication import fetch, websub
from feedwright.publication.exchange import exchange
from loopback import running, says
from previews import serving
from repository import commit, git
from sites import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from desk import Output
    from feedwright.publication.exchange import Response

LATER = ("--now", "2100-01-01")
"""Later than the article that `init` writes."""

ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title><id>x</id><entry><title>Rain</title>'
    '<id>urn:old:1</id><link href="{0}"/><published>2026-01-03T00:00:00Z</published></entry></feed>'
)
RSS = (
    '<rss version="2.0"><channel><title>Old</title><item><title>Rain</title><guid>urn:old:1</guid>'
    "<link>{0}</link><pubDate>Sat, 03 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>"
)

# The sites


def _empty(root: Path) -> Desk:
    return Desk(root)


def _published(root: Path) -> Desk:
    desk = desk_with_tea(root)
    assert desk.run("build").code == 0
    return desk


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, "utf-8")


def _of_generator(article: str, feed: str, **configuration: str) -> Callable[[Path], Desk]:
    """The maker of a built site of one article, with the feed that its generator has made."""

    def make(root: Path) -> Desk:
        desk = Desk(root)
        for name, settings in configuration.items():
            _write(root / name, settings)
        _write(root / article, text("Rain"))
        (listed,) = desk.run("list", "--report", "json").json["articles"]
        page = listed["address"].removeprefix("https://example.org/")
        _write(root / feed.partition("/")[0] / page / "index.html", "<p>Text</p>")
        _write(root / feed, (ATOM if "atom" in feed else RSS).format(listed["address"]))
        return desk

    return make


_YAML = {"_config.yml": "url: https://example.org\npublic_dir: public\n"}
_hexo = _of_generator("source/_posts/rain.md", "public/atom.xml", **_YAML)
_jekyll = _of_generator("_posts/2026-01-03-rain.md", "_site/feed.xml", **_YAML)
_hugo = _of_generator(
    "content/posts/rain.md", "public/index.xml", **{"hugo.toml": 'baseURL = "https://example.org/"\n'}
)
_zola = _of_generator(
    "content/rain.md", "public/atom.xml", **{"config.toml": 'base_url = "https://example.org/"\n'}
)
_pelican = _of_generator(
    "content/rain.md",
    "output/feeds/all.atom.xml",
    **{"pelicanconf.py": 'SITEURL = "https://example.org"\nPATH = "content"\n'},
)
_eleventy = _of_generator(
    "posts/rain.md",
    "_site/feed.xml",
    **{"eleventy.config.js": "export default 1\n", "_data/site.json": '{"url": "https://example.org/"}'},
)


def _merging(root: Path) -> Desk:
    """A repository in the middle of a merge of two branches that have both published."""
    if not shutil.which("git"):
        pytest.skip("needs git")
    desk = _published(root)
    git(root, "init", "-q", "-b", "main")
    commit(desk)
    for branch, day in (("other", "2026-01-04"), ("main", "2026-01-05")):
        git(root, "switch", "-q", *(["main"] if branch == "main" else ["-c", branch]))
        desk.write(f"{branch}.md", text(branch, day))
        commit(desk)
    assert git(root, "merge", "other").returncode == 1
    return desk


def _moving(root: Path) -> Desk:
    """A site that another program publishes, in `there`: a page, and the feed that it names."""
    desk = Desk(root)
    desk.configure()
    desk.write("rain.md", text("Rain"))
    (article,) = desk.run("list", "--report", "json").json["articles"]
    link = '<link rel="alternate" type="application/atom+xml" href="/atom.xml">'
    _write(root / "there" / "index.html", f"<!doctype html><head>{link}</head>")
    _write(root / "there" / "atom.xml", ATOM.format(article["address"]))
    return desk


def _reported(root: Path) -> Desk:
    """A site whose build has left a report."""
    desk = desk_with_tea(root)
    (root / "report.json").write_text(desk.run("build", "--report", "json").out, "utf-8")
    return desk


# What is run beside feedwright


def _sites_command(folder: str, *, is_wiped: bool = True) -> Callable[[Desk], None]:
    """What a generator's own command does to the folder of the site: it makes pages, and no feed any more."""

    def run(desk: Desk) -> None:
        if is_wiped:
            shutil.rmtree(desk.root / folder, ignore_errors=True)
        _write(desk.root / folder / "index.html", "<p>")

    return run


OTHERS: Mapping[str, Callable[[Desk], None]] = {
    "git commit": lambda desk: git(desk.root, "commit").check_returncode(),
    "npm uninstall hexo-generator-feed": lambda desk: None,
    "hexo clean": lambda desk: shutil.rmtree(desk.root / "public"),
    "hexo generate": _sites_command("public"),
    "jekyll build": _sites_command("_site"),
    "hugo": _sites_command("public", is_wiped=False),
}
"""Programs of others, with what they do to a site."""

PLACEHOLDERS = {
    "feedwright COMMAND --help": "feedwright build --help",
    "feedwright help TOPIC": "feedwright help settings",
    "feedwright help {}": "feedwright help hexo",
    "feedwright explain 代码": "feedwright explain FM011",
    "feedwright build CONTENT": "feedwright build content",
    "feedwright adopt {}": "feedwright adopt feeds/atom.xml",
    "feedwright build{}": "feedwright build --accept foreign",
    "feedwright build --help lists the settings": "feedwright build --help",
    "feedwright resolve joins their records, and builds.": "feedwright resolve",
}
"""What a line with a word for something else, or in a sentence, is run as."""

NAMES = {"feedwright adopt", "feedwright completion"}
"""Commands that a sentence names without what they need: their help is run."""

ELSEWHERE = {
    "uv tool install ./feedwright": "it needs an index; CI uses the wheel where nothing else is",
    "python3 -m venv": "CI is made of these two: see test_readme",
}
"""Blocks that are not run here, by how they begin, and why."""

BLOCKS: Mapping[str, tuple[Callable[[Path], Desk], Mapping[str, int]]] = {
    "the manual, The first feed": (_empty, {}),
    "the manual, New articles": (_published, {}),
    "the manual, Before anything is published": (_published, {}),
    "the manual, A preview that follows every save": (_published, {}),
    "the manual, From another generator": (_moving, {}),
    "the manual, With git": (_merging, {}),
    "README.md, A first feed": (_empty, {}),
    "README.md, The site that you have": (_hexo, {"diff": 5}),
    "README.md, Hexo": (_hexo, {}),
    "README.md, Jekyll": (_jekyll, {}),
    "README.md, Hugo": (_hugo, {}),
    "README.md, 中文": (_hexo, {}),
}
"""The site that the lines of a section are for, and the exit codes of its commands other than 0."""

FEEDS_OF = {"Zola": _zola, "Pelican": _pelican, "Eleventy": _eleventy}
"""The sites of the lines with a generator's name behind them."""

LINES: Mapping[str, Callable[[Path], Desk]] = {
    "feedwright init": _empty,
    "feedwright init blog": _empty,
    "feedwright init --ci github": _empty,
    "feedwright resolve": _merging,
    "feedwright resolve joins their records, and builds.": _merging,
    "feedwright ping --built report.json": _reported,
}
"""The sites of commands in sentences; the others are run where feeds are published. All end with 0."""

# Running them


def _run(desk: Desk, command: Sequence[str]) -> Output | None:
    """Run a command in a site; None for one that prints no result."""
    program, *arguments = command
    if program != "feedwright":
        OTHERS[shlex.join(command)](desk)
        return None
    name, *rest = arguments
    if name == "serve":
        with serving(desk.root, *rest) as server:
            assert server.ask("/feeds/atom.xml").status == 200
            assert server.end(signal.SIGINT) == 0
        return None
    _, _, file = " ".join(arguments).partition(" > ")
    rest = rest[: rest.index(">")] if file else rest
    later = LATER if name in ("build", "diff", "check") else ()
    with _network(desk) if name in NETWORK else nullcontext():
        output = desk.run(name, *rest, *later, **NETWORK.get(name, {}))
    if file:
        (desk.root / file).write_text(output.out, "utf-8")
    return output


NETWORK: Mapping[str, Mapping[str, str]] = {
    "adopt": {},
    "diff": {},
    "restore": {},
    "ping": {"FEEDWRIGHT_HUB": "https://hub.example.org/"},
}
"""The commands that may use the network, with settings that they need for it."""


@contextmanager
def _network(desk: Desk) -> Iterator[None]:
    """Servers on this machine in place of the site, of its feeds, and of a hub."""
    with running() as hub, served(desk.output) as feeds, served(desk.root / "there") as site:
        hub.answers["/"] = says(204)
        servers = {
            "https://hub.example.org/": f"{hub.url}/",
            "https://example.org/feeds/": feeds,
            "https://example.org/": site,
        }

        def reach(url: str, **more: Any) -> Response:
            prefix = next(prefix for prefix in servers if url.startswith(prefix))
            return exchange(url.replace(prefix, servers[prefix], 1), **more)

        with mock.patch.object(fetch, "exchange", reach), mock.patch.object(websub, "exchange", reach):
            yield


SH = [*of_documents("sh")]
PROSE = {shown.lines[0]: shown for shown in in_prose()}


@pytest.mark.parametrize("shown", [s for s in SH if not s.lines[0].startswith(tuple(ELSEWHERE))], ids=str)
def test_the_lines_of_a_block_are_run_one_after_the_other(shown: Shown, tmp_path: Path) -> None:
    if shown.where == "README.md, Zola, Pelican, Eleventy":
        for line in shown.lines:
            make = FEEDS_OF[line.partition("# ")[2]]
            output = _run(make(tmp_path / line.partition("# ")[2]), *words(line))
            assert output
            assert output.code == 0, output.err
        return
    make, codes = BLOCKS[shown.where]
    desk = make(tmp_path)
    document, title = shown.where.split(", ", 1)
    if document == "README.md":
        for settings in EVERY[document].snippets("toml", title):
            (tmp_path / "feedwright.toml").write_text(settings, "utf-8")
    for command in [command for line in shown.lines for command in words(line)]:
        if output := _run(desk, command):
            assert output.code == codes.get(command[1], 0), (command, output)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site, to be copied."""
    return _published(tmp_path_factory.mktemp("published")).root


@pytest.mark.parametrize("line", PROSE)
def test_a_command_in_a_sentence_is_run(line: str, published: Path, tmp_path: Path) -> None:
    make = LINES.get(line)
    desk = make(tmp_path) if make else Desk(shutil.copytree(published, tmp_path / "site"))
    line = PLACEHOLDERS.get(line, f"{line} --help" if line in NAMES else line)
    command, *others = words(line)
    assert others in ([], [["source"]])
    if output := _run(desk, command):
        assert output.code == 0, output


# Nothing is left out without need


def test_every_exception_is_needed(tmp_path: Path) -> None:
    assert PLACEHOLDERS.keys() | NAMES | LINES.keys() <= PROSE.keys()
    assert {shown.where for shown in SH} >= BLOCKS.keys()
    for beginning in ELSEWHERE:
        assert any(shown.lines[0].startswith(beginning) for shown in SH)
    used = {shlex.join(command) for shown in SH for line in shown.lines for command in words(line)}
    assert used >= OTHERS.keys()
    for name in NAMES:
        assert Desk(tmp_path).run(name.split()[1]).code == 2
    assert all(re.search(r"[A-Z]{2}|[{.\u4e00-\u9fff]|--help ", line) for line in PLACEHOLDERS)
