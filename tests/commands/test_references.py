"""Bodies follow what they refer to: addresses of other articles, includes, the generator's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk import Desk
from feedwright.commands.references import LARGEST_INCLUDE, References
from feedwright.generators.template_syntax import Answer
from feedwright.model import ArticleSummary
from sites import NOW, Folder, codes, text

if TYPE_CHECKING:
    from pathlib import Path


def _content(folder: Folder, title: str) -> str:
    return str(next(e.content[0].value for e in folder.entries() if e.title == title))


def test_a_link_follows_the_article_it_leads_to(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    config = 'dialect = "zola"\npermalink = "zola"'
    folder.write("a.md", text("A", "2026-01-01", "[b](@/b.md#x)"))
    folder.write("b.md", text("B", "2026-01-02"))
    assert codes(folder.build(config)) == []
    assert 'href="https://example.org/b/#x"' in _content(folder, "A")
    folder.write("b.md", text("B", "2026-01-02", slug="other"))
    again = folder.build(config)
    assert 'href="https://example.org/other/#x"' in _content(folder, "A")
    assert again.written
    (folder.content / "b.md").unlink()
    assert codes(folder.build(config, accept=frozenset({"shrink"}))) == ["LNK005"]
    assert "href" not in _content(folder, "A")
    folder.write("b.md", text("B", "2026-01-02"))
    assert codes(folder.build(config)) == []
    assert 'href="https://example.org/b/#x"' in _content(folder, "A")
    assert folder.build(config).written == ()


def test_no_article_is_suggested_that_is_gone(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A", "2026-01-01", "[b](post-3.md)"))
    for name in ("post-3.html", "post-38.html"):
        folder.write(name, text(name, "2026-01-02"))
    (told,) = folder.build().problems
    assert (told.code, "post-3.html" in told.hint) == ("LNK005", True)
    (folder.content / "post-3.html").unlink()
    (told,) = folder.build(accept=frozenset({"shrink"})).problems
    assert (told.code, "post-38.html" in told.hint) == ("LNK005", True)


def test_many_articles_link_to_each_other_whatever_the_number_of_processes(tmp_path: Path) -> None:
    published = []
    for jobs in (1, 3):
        folder = Folder(tmp_path / str(jobs))
        for n in range(40):
            body = f"[x]({n + 1}.md) {{% post_link {n - 1} %}} " + "*long* " * (9000 if n == 7 else 1)
            folder.write(f"{n}.md", text(f"T{n}", "2026-01-01", body))
        outcome = folder.build('dialect = "hexo"\nlimit = "all"', jobs=jobs)
        assert sorted(codes(outcome)) == ["LNK005", "LNK005"]
        published.append(folder.published())
        assert 'href="https://example.org/2026/01/01/8/"' in _content(folder, "T7")
        assert ">T6</a>" in _content(folder, "T7")
    assert published[0] == published[1]


@pytest.mark.parametrize(
    ("key", "is_linked"),
    [("draft: true", False), ("password: x", False), ("date: 2027-01-01", False), ("hidden: true", True)],
)
def test_nothing_tells_of_what_is_not_public(tmp_path: Path, key: str, is_linked: bool) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A", "2026-01-01", "x {% post_link b %}"))
    date = "" if key.startswith("date") else "date: 2026-01-02\n"
    folder.write("b.md", f"---\ntitle: Secret\n{date}{key}\n---\nText\n")
    folder.build('dialect = "hexo"')
    assert ("Secret" in _content(folder, "A")) is is_linked


def test_an_include_is_read_again_when_it_changes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure('dialect = "jekyll"')
    desk.write("a.md", text("A", "2026-01-01", "Text {% include note.html text='x' %}"))
    assert desk.run("build").codes == ["TPL005"]
    includes = tmp_path / "_includes"
    includes.mkdir()
    note = includes / "note.html"
    for words in ("one {{ include.text }}", "two {{ include.text }}"):
        note.write_text(words, "utf-8")
        assert desk.run("build").codes == []
        assert _content(desk, "A") == f"<p>Text {words[:3]} x</p>"
    before = desk.published()
    assert "nothing changed" in desk.run("build").err or desk.published() == before


def test_only_files_of_the_folder_are_included(tmp_path: Path) -> None:
    folder = tmp_path / "_includes"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "b.html").write_text("in", "utf-8")
    (folder / "empty.html").write_text("", "utf-8")
    (folder / "bytes.html").write_bytes(b"\xff")
    (folder / "large.html").write_text("x" * (LARGEST_INCLUDE + 1), "utf-8")
    (tmp_path / "secret.html").write_text("secret", "utf-8")
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    (folder / "up").symlink_to(tmp_path)
    references = References((), folders=(tmp_path, tmp_path), values={})

    def included(name: str) -> str:
        return references.answer(f"include\n{name}").value

    assert included("a/b.html") == "in"
    assert included("empty.html") == "\n"
    for name in ("link.html", "up/secret.html", "../secret.html", "/etc/passwd", "bytes.html", "large.html"):
        assert included(name) == "", name
        assert references.answer(f"include\n{name}").title
    assert not any("secret" in file and "up" not in file for file in references.examined)


def _summary(path: str) -> ArticleSummary:
    return ArticleSummary(path, f"Title of {path}", f"https://example.org/{path}", NOW, NOW, NOW)


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (("posts/a.md",), "posts/a.md"),
        (("none.md", "posts/a.md"), "posts/a.md"),
        (("a",), "posts/a.md"),
        (("posts/a",), "posts/a.md"),
        (("osts/a",), ""),
        (("2026-01-02-b",), "_posts/2026-01-02-b.md"),
        (("b",), "_posts/2026-01-02-b.md"),
        (("bundle",), "news/bundle/index.md"),
        (("news/bundle",), "news/bundle/index.md"),
        (("e\u0301.md",), "\u00e9.md"),
        (("none",), ""),
        (("posts",), ""),
    ],
)
def test_an_article_is_found_by_its_names(names: tuple[str, ...], path: str) -> None:
    paths = ("_posts/2026-01-02-b.md", "news/bundle/index.md", "posts/a.md", "\u00e9.md")
    references = References([*map(_summary, paths)], folders=(), values={})
    answer = references.answer("\n".join(("article", *names)))
    assert answer.value == (f"https://example.org/{path}" if path else "")
    assert references.answer("\n".join(("article", *names))) is answer


def test_a_missing_article_has_a_suggestion_a_few_times() -> None:
    references = References([_summary("posts/hello-world.md")], folders=(), values={})
    near = [references.answer(f"article\nposts/hello-wrld{'x' * (n % 2)}{n}.md").near for n in range(60)]
    assert near[0] == "posts/hello-world.md"
    assert near[-1] == ""
    assert references.answer("site\nnone") == Answer()


def test_one_unknown_tag_of_many_articles_is_told_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure('dialect = "hexo"')
    for n in range(3):
        desk.write(f"{n}.md", text(f"T{n}", "2026-01-01", f"Text {{% aplayer {n} %}}."))
    told = desk.run("build")
    assert told.codes == ["TPL002"]
    assert "the tag {% aplayer %} is not known and was left out, and in 2 more articles" in told.err
    assert '[tags] aplayer = "drop", "keep" or "<p>{0}</p>"' in told.err
    desk.configure('dialect = "hexo"', "[tags]", 'aplayer = "<p>Song {0}</p>"')
    assert desk.run("build").codes == []
    assert _content(desk, "T2") == "<p>Text</p>\n<p>Song 2</p>\n<p>.</p>"


def test_values_come_from_the_generators_configuration(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    config = tmp_path / "_config.yml"
    config.write_text("url: https://example.org\nbaseurl: /b\ncdn: https://a.org\nx:\n  y: Z\n", "utf-8")
    file = tmp_path / "_posts" / "2026-01-01-a.md"
    file.parent.mkdir()
    file.write_text("---\ntitle: A\n---\n![x]({{ site.cdn }}/i.png) {{ site.x.y }}\n", "utf-8")
    assert "TPL003" not in desk.run("build").codes
    assert _content(desk, "A") == '<p><img alt="x" src="https://a.org/i.png" /> Z</p>'
    config.write_text(config.read_text("utf-8").replace("a.org", "b.org"), "utf-8")
    desk.run("build")
    assert "https://b.org/i.png" in _content(desk, "A")


@pytest.mark.parametrize(
    ("dialect", "settings", "page", "matter", "link", "address"),
    [
        ("zola", 'permalink = "zola"', "about/us.md", "", "@/about/us.md", "about/us/"),
        ("zola", 'permalink = "zola"', "about.md", "path: me", "@/about.md#x", "me/#x"),
        ("pelican", 'permalink = "pelican"', "pages/a.md", "", "{filename}pages/a.md", "pages/about-us.html"),
        ("hexo", "", "about/index.md", "layout: page", "about/index.md", "about/"),
        ("jekyll", 'permalink = "jekyll"', "about.md", "layout: page", "about.md", "about.html"),
        ("jekyll", 'permalink = "jekyll pretty"', "about.md", "layout: page", "about.md", "about/"),
        ("jekyll", 'permalink = "jekyll"', "about.md", "layout: page\npermalink: /me/", "about.md", "me/"),
    ],
)  # fmt: skip
def test_pages_of_the_site_may_be_linked_too(
    tmp_path: Path, dialect: str, settings: str, page: str, matter: str, link: str, address: str
) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", text("A", "2026-01-01", f"[x]({link})", layout="post"))
    folder.write(page, f"---\ntitle: About us\n{matter}\n---\nText\n")
    outcome = folder.build(f'dialect = "{dialect}"\n{settings}')
    assert codes(outcome) == []
    assert f'href="https://example.org/{address}"' in _content(folder, "A")
