"""The command `init`: settings for a site of each generator, or for none; nothing is overwritten."""

from __future__ import annotations

import json
import os
import tomllib
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
import yaml

from configured import SCHEMA
from desk import MOMENT, Desk, Output
from feedwright.cli import questions
from feedwright.commands.start import starter
from feedwright.commands.start.likely_folders import likely_folders
from feedwright.commands.start.recipe import CI_FILES, ci_recipe
from feedwright.generators.table import GENERATORS
from sites import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

URL = "https://example.org/"
ATOM = (
    '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title><id>x</id>'
    "<updated>2026-01-03T00:00:00Z</updated><entry><title>Rain</title><id>{0}</id>"
    '<link href="{0}"/><published>2026-01-03T00:00:00Z</published>'
    "<updated>2026-01-03T00:00:00Z</updated></entry></feed>"
)
RSS = (
    '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Old</title><link>https://example.org/</link>'
    "<description>x</description><item><title>Rain</title><guid>{0}</guid><link>{0}</link>"
    "<pubDate>Sat, 03 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>"
)
SITES = {
    "hexo": ("_config.yml", "url: https://example.org\npublic_dir: public\n", "source/_posts/rain.md"),
    "jekyll": ("_config.yml", "url: https://example.org\n", "_posts/2026-01-03-rain.md"),
    "hugo": ("hugo.toml", 'baseURL = "https://example.org/"\n', "content/posts/rain.md"),
    "zola": ("config.toml", 'base_url = "https://example.org/"\n', "content/rain.md"),
    "pelican": ("pelicanconf.py", 'SITEURL = "https://example.org"\nPATH = "content"\n', "content/rain.md"),
    "eleventy": ("eleventy.config.js", "export default 1\n", "posts/rain.md"),
}


def _site(root: Path, generator: str) -> Desk:
    """A site of one article."""
    file, settings, path = SITES[generator]
    (root / file).write_text(settings, "utf-8")
    if generator == "eleventy":
        (root / "_data").mkdir()
        (root / "_data" / "site.json").write_text(json.dumps({"url": URL}), "utf-8")
    _write(root / path, text("Rain"))
    return Desk(root)


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, "utf-8")


def _settings(desk: Desk) -> dict[str, Any]:
    return tomllib.loads((desk.root / "feedwright.toml").read_text("utf-8"))


def _link(output: Output) -> str:
    return next(line.split()[0] for line in output.out.splitlines() if line.startswith("  https://"))


# An empty folder


def test_two_commands_lead_from_nothing_to_a_valid_feed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.run("init")
    assert (first.code, first.err) == (0, "")
    assert first.out.rstrip().endswith("feedwright build")
    built = desk.run("build", "--now", "2126-01-01")
    assert (built.code, built.codes) == (0, [])
    assert desk.titles() == ["Hello"]
    assert desk.run("check", "--now", "2126-01-01").code == 0
    assert not [*SCHEMA.iter_errors(_settings(desk))]


def test_a_folder_is_made_and_named_in_the_next_commands(tmp_path: Path) -> None:
    output = Desk(tmp_path).run("init", "my blog", "--url", "example.org/x")
    assert (output.code, output.codes) == (2, ["CFG009"])
    assert not (tmp_path / "my blog").exists()
    output = Desk(tmp_path).run("init", "my blog", "--url", "https://example.net", "--title", 'The "blog"')
    assert output.out.splitlines()[-2:] == ["  cd 'my blog'", "  feedwright build"]
    settings = _settings(Desk(tmp_path / "my blog"))
    assert (settings["url"], settings["title"]) == ("https://example.net/", 'The "blog"')


def test_articles_beside_the_settings_are_found_and_need_a_folder(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        _write(tmp_path / name, text("Rain"))
    _write(tmp_path / "README.md", "# The site\n")
    output = Desk(tmp_path).run("init")
    assert output.out.startswith("found    2 articles here: the feeds need them in a folder of their own\n")
    assert "  move the articles, and the pictures that they show, into content/\n" in output.out
    assert not (tmp_path / "content").exists()
    assert "hello.md" not in Desk(tmp_path).run("init").out


def test_jekyll_is_kept_from_publishing_the_settings(tmp_path: Path) -> None:
    output = _site(tmp_path, "jekyll").run("init")
    files = "feedwright.toml, .feedwright.schema.json, feedwright.lock.json"
    assert f"  add to `exclude` in the configuration: {files}\n" in output.out
    (tmp_path / "_config.yml").unlink()
    assert "exclude" not in _site(tmp_path, "hugo").run("init").out


@pytest.mark.parametrize("title", ["", " ", "a\x1bb"])
def test_a_name_that_no_feed_can_carry_is_refused(tmp_path: Path, title: str) -> None:
    output = Desk(tmp_path).run("init", "--title", title)
    assert (output.code, output.codes) == (2, ["CFG008"])
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(os.name == "nt", reason="no such name there")
def test_a_folder_whose_name_no_feed_can_carry(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a\x1bb")
    desk.root.mkdir()
    assert desk.run("init").code == 0
    assert _settings(desk)["title"] == "Feeds"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "blog").write_bytes(b"")
    assert Desk(tmp_path).run("init", "blog").codes == ["USE005"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs rights that can be withdrawn")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert Desk(tmp_path).run("init").code == 3
    tmp_path.chmod(0o700)


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "content").write_bytes(b"")
    output = Desk(tmp_path).run("init")
    assert output.code in (2, 3)
    assert (tmp_path / "content").read_bytes() == b""


def test_articles_that_lie_elsewhere_are_found(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    _write(tmp_path / "writing" / "2026" / "a.md", text("A"))
    _write(tmp_path / "writing" / "b.md", text("B"))
    _write(tmp_path / "notes" / "c.md", text("C"))
    _write(tmp_path / "docs" / "d.md", "no front matter")
    _write(tmp_path / "README.md", "# Read me")
    assert [tuple(row) for row in likely_folders(tmp_path)] == [("writing", 2), ("notes", 1)]
    output = desk.run("init")
    assert _settings(desk)["content"] == "writing"
    assert output.out.startswith("found    writing/ with 2 articles\n")
    assert not desk.content.exists()
    assert "hello.md" not in output.out
    assert desk.run("build").code == 0


# Sites of generators


@pytest.mark.parametrize("generator", SITES)
def test_a_site_is_recognized_and_its_old_feed_goes_on(tmp_path: Path, generator: str) -> None:
    desk = _site(tmp_path, generator)
    link = _link(desk.run("init"))
    (tmp_path / "feedwright.toml").unlink()
    root = tmp_path / tomllib.loads(_text(tmp_path, generator))["site_root"]
    old = root / GENERATORS[generator].feed
    _write(old, (RSS if old.name == "index.xml" else ATOM).format(link))
    page = root / link.removeprefix(URL)
    _write(page / "index.html" if link.endswith("/") else page, "<p>")

    output = desk.run("init")
    assert f"  {link}  (has its page)" in output.out
    settings = _settings(desk)
    assert settings.keys() <= {"output", "site_root", "record", "aliases", "title"}
    assert len(settings["aliases"]) == 1
    adopt, switch, *_, command, build = (
        line.partition("  #")[0].strip() for line in output.out.partition("Next:\n")[2].splitlines()
    )
    assert switch.endswith(GENERATORS[generator].without_feed)
    assert command == GENERATORS[generator].command
    assert desk.run(*adopt.split()[1:]).code == 0
    assert desk.run(*build.split()[1:], "--now", MOMENT).code == 0
    assert link.encode() in old.read_bytes()
    assert b"feedwright" in old.read_bytes()
    record = json.loads((tmp_path / "feedwright.lock.json").read_bytes())
    assert link in json.dumps(record)
    assert desk.run("check", "--now", MOMENT).code == 0


def _text(root: Path, generator: str) -> str:
    """What `init` writes for a site that is not built yet."""
    Desk(root).run("init")
    written = (root / "feedwright.toml").read_text("utf-8")
    (root / "feedwright.toml").unlink()
    assert "# aliases = " in written, generator
    return written


def test_every_generator_is_tried() -> None:
    assert SITES.keys() == GENERATORS.keys()


def test_what_the_generator_makes_may_be_wiped(tmp_path: Path) -> None:
    desk = _site(tmp_path, "jekyll")
    desk.run("init")
    assert desk.run("build", "--accept", "foreign").code == 0
    feed = tmp_path / "_site" / "feeds" / "atom.xml"
    before = feed.read_bytes()
    for file in feed.parent.iterdir():
        file.unlink()
    assert desk.run("build").code == 0
    assert feed.read_bytes() == before


def test_only_a_site_s_own_feeds_go_on_as_the_site_s(tmp_path: Path) -> None:
    desk = _site(tmp_path, "pelican")
    for name in ("feeds/all.atom.xml", "feeds/tea.atom.xml", "atom.xml", "sitemap.xml", "feed/index.xml"):
        _write(tmp_path / "output" / name, ATOM if "atom" in name else RSS if "feed" in name else "<urlset/>")
    _write(tmp_path / "output" / "rss.xml", "<rss><generator>feedwright</generator>")
    (tmp_path / "output" / "index.xml").mkdir()
    _write(tmp_path / "output" / "feed.json", '{"version": "https://jsonfeed.org/version/1.1"}')
    output = desk.run("init")
    assert _settings(desk)["aliases"] == {
        "/atom.xml": "atom",
        "/feed.json": "json",
        "/feed/index.xml": "rss",
        "all.atom.xml": "atom",
    }
    assert "found    feeds/tea.atom.xml: to go on with these" in output.out
    assert "adopt output/atom.xml output/feed/index.xml output/feeds/all.atom.xml  #" in output.out


@pytest.mark.parametrize(
    ("generator", "feed", "adopt", "alias"),
    [
        ("pelican", "feeds/tea-time.atom.xml", "output/feeds/tea-time.atom.xml", "tea-time.atom.xml"),
        ("hugo", "categories/tea-time/index.xml", "'public/categories/*/index.xml'", None),
        ("zola", "categories/tea-time/atom.xml", "'public/categories/*/atom.xml'", None),
    ],
)
def test_old_feeds_of_categories_go_on_too(
    tmp_path: Path, generator: str, feed: str, adopt: str, alias: str | None
) -> None:
    desk = _site(tmp_path, generator)
    article = tmp_path / SITES[generator][2]
    _write(article.with_name("tea.md"), text("Tea", "2026-01-02", category="Tea time"))
    root = tmp_path / tomllib.loads(_text(tmp_path, generator))["site_root"]
    main = root / GENERATORS[generator].feed
    for file in (main, root / feed, root / "categories" / "nothing" / "index.xml"):
        old = RSS if file.name == "index.xml" else ATOM
        _write(file, old.format("https://example.org/old"))
    output = desk.run("init")
    assert f"found    1 feed of categories: {feed}\n" in output.out
    assert "found    categories/nothing/index.xml: to go on with" in output.out
    name = "rss" if feed.endswith("index.xml") else "atom"
    assert _settings(desk)["categories"] == {"Tea time": {"aliases": {alias or f"/{feed}": name}}}
    assert f" {adopt}  #" in output.out
    assert desk.run("build", "--accept", "foreign", "--now", MOMENT).code == 0
    assert b">Tea<" in (root / feed).read_bytes()
    assert b">Rain<" not in (root / feed).read_bytes()
    assert b">Rain<" in main.read_bytes()
    (tmp_path / "feedwright.toml").write_text("", "utf-8")
    for file in (main, root / feed):
        _write(file, ATOM)
    shown = desk.run("init").out
    assert "without  categories = { … }\n" in shown
    assert 'without  aliases = { "' in shown


def test_the_feed_of_a_category_is_found_by_the_generator_s_name_for_it(tmp_path: Path) -> None:
    desk = _site(tmp_path, "pelican")
    article = tmp_path / SITES["pelican"][2]
    _write(article.with_name("path.md"), text("A path", "2026-01-02", category="山路"))
    for name in ("all", "shan-lu"):
        _write(tmp_path / "output" / "feeds" / f"{name}.atom.xml", ATOM)
    output = desk.run("init").out
    assert "found    1 feed of categories: feeds/shan-lu.atom.xml\n" in output
    assert _settings(desk)["categories"] == {"山路": {"aliases": {"shan-lu.atom.xml": "atom"}}}
    assert "switch off the feed of Pelican: FEED_ALL_ATOM = None and CATEGORY_FEED_ATOM = None in" in output


@pytest.mark.parametrize("folder", ["../up", "/srv/www", ".", "./"])
def test_a_built_site_elsewhere_is_left_alone(tmp_path: Path, folder: str) -> None:
    (tmp_path / "in").mkdir()
    desk = _site(tmp_path / "in", "jekyll")
    (desk.root / "_config.yml").write_text(f"url: https://example.org\ndestination: {folder}\n", "utf-8")
    assert desk.run("init").code == 0
    assert _settings(desk).keys() == {"title"}


def test_addresses_without_a_page_are_told(tmp_path: Path) -> None:
    desk = _site(tmp_path, "hexo")
    output = desk.run("init")
    assert "public/ is not built yet" in output.out
    _write(tmp_path / "public" / "posts" / "rain" / "index.html", "<p>")
    output = desk.run("init")
    assert "2026/01/03/rain/  (no page; the nearest is /posts/rain/)" in output.out


def test_a_configuration_that_cannot_be_read_stops_it(tmp_path: Path) -> None:
    desk = _site(tmp_path, "hexo")
    (tmp_path / "_config.yml").write_text("url: [\nsource_dir: source\n", "utf-8")
    output = desk.run("init")
    assert (output.code, output.codes) == (2, ["CFG022"])
    assert not (tmp_path / "feedwright.toml").exists()


# What is there already


def test_settings_that_are_there_stay_and_what_they_lack_is_told(tmp_path: Path) -> None:
    desk = _site(tmp_path, "hexo")
    (tmp_path / "feedwright.toml").write_text('record = "r.json"\n', "utf-8")
    before = desk.everything()
    output = desk.run("init", "--report", "json")
    assert output.json["existing"] == ["feedwright.toml"]
    after = desk.everything()
    assert before.items() <= {name: after[name] for name in before}.items()
    shown = desk.run("init").out
    assert '         without  output = "public/feeds"\n' in shown
    assert "without  record" not in shown
    assert "exists   feedwright.toml: it stays as it is" in shown
    assert "exists   .gitattributes: up to date" in shown
    assert "exists   .feedwright.schema.json: up to date" in shown
    (tmp_path / ".feedwright.schema.json").write_text("{}", "utf-8")
    assert "`feedwright schema settings > .feedwright.schema.json` renews it" in desk.run("init").out


def test_settings_in_pyproject_count(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "pyproject.toml").write_text(f'[tool.feedwright]\nurl = "{URL}"\n', "utf-8")
    output = desk.run("init")
    assert "exists   pyproject.toml" in output.out
    assert "put the address" not in output.out
    assert not (tmp_path / "feedwright.toml").exists()
    assert desk.run("build", "--now", "2126-01-01").code == 0


def test_settings_of_a_folder_above_are_another_site_s(tmp_path: Path) -> None:
    (tmp_path / "feedwright.toml").write_text('url = "https://example.net/"\n', "utf-8")
    Desk(tmp_path).run("init", "inner")
    assert _settings(Desk(tmp_path / "inner"))["url"] == URL


@pytest.mark.parametrize(
    ("existing", "appended"),
    [
        ("", "feeds/** -text -merge linguist-generated\nfeeds/feedwright.lock.json merge\n"),
        ("*.md text\n", "feeds/** -text -merge linguist-generated\nfeeds/feedwright.lock.json merge\n"),
        ("a b", "\nfeeds/** -text -merge linguist-generated\nfeeds/feedwright.lock.json merge\n"),
        ("feeds/**  -text\n", "feeds/feedwright.lock.json merge\n"),
        ("feeds/** x\nfeeds/feedwright.lock.json y\n", ""),
    ],
)
def test_attributes_of_git_are_added_once(tmp_path: Path, existing: str, appended: str) -> None:
    desk = Desk(tmp_path)
    (tmp_path / ".gitattributes").write_text(existing, "utf-8")
    for _ in range(2):
        desk.run("init")
        assert (tmp_path / ".gitattributes").read_text("utf-8") == existing + appended


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "blog")
    desk.root.mkdir()
    (tmp_path / "elsewhere").write_text("mine", "utf-8")
    (desk.root / ".gitattributes").symlink_to(tmp_path / "elsewhere")
    (desk.root / "feedwright.toml").symlink_to(tmp_path / "nowhere")
    desk.run("init")
    assert (tmp_path / "elsewhere").read_text("utf-8") == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_recipe_that_is_there_stays(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / ".gitlab-ci.yml").write_text("mine", "utf-8")
    output = desk.run("init", "--ci", "gitlab")
    assert "exists   .gitlab-ci.yml: it stays as it is; `feedwright help ci` shows ours" in output.out
    assert (tmp_path / ".gitlab-ci.yml").read_text("utf-8") == "mine"


# CI


@pytest.mark.parametrize("name", CI_FILES)
def test_a_recipe_is_that_of_the_manual(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path)
    desk.run("init", "--ci", name)
    written = (tmp_path / CI_FILES[name]).read_text("utf-8")
    assert written == ci_recipe(name)
    shown = [line.strip() for line in desk.run("help", "ci").out.splitlines()]
    assert all(line.strip() in shown for line in written.splitlines())


@pytest.mark.parametrize("name", CI_FILES)
@pytest.mark.parametrize("generator", ["", "zola"])
def test_a_recipe_is_yaml_and_builds_the_site_before_the_feeds(
    tmp_path: Path, name: str, generator: str
) -> None:
    desk = _site(tmp_path, generator) if generator else Desk(tmp_path)
    desk.run("init", "--ci", name)
    job = yaml.safe_load((tmp_path / CI_FILES[name]).read_text("utf-8"))
    steps = (
        [step.get("run", "") for step in job["jobs"]["feeds"]["steps"]]
        if "jobs" in job
        else job["feeds"]["script"]
    )
    lines = [line for step in steps for line in step.splitlines()]
    build = next(n for n, line in enumerate(lines) if line.startswith("feedwright build"))
    assert ("zola build" in lines[:build]) is bool(generator)
    assert ("git add feedwright.lock.json" if generator else "git add feeds") in lines[build:]


# Questions


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The questions that are asked, with their defaults, on a terminal where all are answered."""
    seen: dict[str, str] = {}
    answers = {"Address of the site": "https://example.net", "Name of the site": "Tea"}

    def answer(question: str, default: str, check: Callable[[str], str]) -> str:
        seen[question] = default
        return check(answers.get(question, default))

    monkeypatch.setattr(questions, "is_possible", lambda: True)
    monkeypatch.setattr(questions, "answer", answer)
    return seen


def test_only_what_nothing_tells_is_asked(tmp_path: Path, asked: dict[str, str]) -> None:
    desk = Desk(tmp_path / "blog")
    desk.root.mkdir()
    (desk.root / ".github").mkdir()
    desk.run("init")
    assert asked == {
        "Address of the site": URL,
        "Name of the site": "blog",
        "CI recipe (github, gitlab, none)": "github",
    }
    assert _settings(desk)["url"] == "https://example.net/"
    assert (desk.root / CI_FILES["github"]).exists()


def test_what_the_generator_or_an_option_tells_is_not_asked(tmp_path: Path, asked: dict[str, str]) -> None:
    _site(tmp_path, "hexo").run("init", "--title", "T", "--ci", "none")
    assert asked == {}


def test_yes_asks_nothing(tmp_path: Path, asked: dict[str, str]) -> None:
    Desk(tmp_path).run("init", "--yes")
    assert asked == {}


def test_a_refused_answer_is_asked_again(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    answers = iter(["no", "yes"])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(answers))

    def check(text: str) -> str:
        if text == "no":
            raise ValueError("is refused")
        return text.upper()

    assert questions.answer("Sure", "no", check) == "YES"
    assert "no is refused" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("stdin", "stderr", "possible"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_a_question_needs_a_terminal(
    monkeypatch: pytest.MonkeyPatch, stdin: bool, stderr: bool, possible: bool
) -> None:
    monkeypatch.setattr("sys.stdin", mock.Mock(isatty=lambda: stdin))
    monkeypatch.setattr("sys.stderr", mock.Mock(isatty=lambda: stderr))
    assert questions.is_possible() is possible


def test_lines_are_appended_after_a_line_end() -> None:
    assert starter.without_known("a", ["b c"]) == "\nb c\n"
    assert starter.without_known("b\n", ["b c"]) == ""
