"""The yardstick: Hugo, told to write an RSS and an Atom feed for every category and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import corpus
from measure import Run, run

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = """\
baseURL = "https://example.org/"
title = "benchmark"
disableKinds = ["home", "section", "sitemap", "robotsTXT", "404"]
disableHugoGeneratorInject = true

[security]
allowContent = [".*"]

[taxonomies]
TAXONOMIES

[mediaTypes."application/atom+xml"]
suffixes = ["xml"]

[outputFormats.rss]
mediaType = "application/rss+xml"
baseName = "rss"

[outputFormats.atom]
mediaType = "application/atom+xml"
baseName = "atom"

[outputs]
term = ["rss", "atom"]
taxonomy = []
page = []
"""

_DECLARATION = '{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}\n'
_NAMESPACES = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
_RSS = f"""\
{_DECLARATION}<rss version="2.0" {_NAMESPACES}>
<channel>
<title>{{{{ .Title }}}}</title>
<link>{{{{ .Permalink }}}}</link>
<description>{{{{ .Title }}}}</description>
{{{{ range first 20 .Pages.ByDate.Reverse }}}}<item>
<title>{{{{ .Title }}}}</title>
<link>{{{{ site.BaseURL }}}}{{{{ .File.ContentBaseName }}}}.html</link>
<guid isPermaLink="true">{{{{ site.BaseURL }}}}{{{{ .File.ContentBaseName }}}}.html</guid>
<pubDate>{{{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}}}</pubDate>
<dc:creator>{{{{ .Params.author }}}}</dc:creator>
{{{{ range .Params.categories }}}}<category>{{{{ . }}}}</category>
{{{{ end }}}}<media:thumbnail url="{{{{ .Params.thumbnail }}}}"/>
<description>{{{{ .Content | transform.XMLEscape | safeHTML }}}}</description>
</item>
{{{{ end }}}}</channel>
</rss>
"""
_ATOM = f"""\
{_DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<id>{{{{ .Permalink }}}}</id>
<title>{{{{ .Title }}}}</title>
<link href="{{{{ .Permalink }}}}"/>
<updated>{{{{ (index .Pages.ByDate.Reverse 0).Date.Format "2006-01-02T15:04:05Z07:00" }}}}</updated>
{{{{ range first 20 .Pages.ByDate.Reverse }}}}<entry>
<id>{{{{ site.BaseURL }}}}{{{{ .File.ContentBaseName }}}}.html</id>
<title>{{{{ .Title }}}}</title>
<link href="{{{{ site.BaseURL }}}}{{{{ .File.ContentBaseName }}}}.html"/>
<published>{{{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}}}</published>
<updated>{{{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}}}</updated>
<author><name>{{{{ .Params.author }}}}</name></author>
{{{{ range .Params.categories }}}}<category term="{{{{ . }}}}"/>
{{{{ end }}}}<media:thumbnail url="{{{{ .Params.thumbnail }}}}"/>
<content type="html">{{{{ .Content | transform.XMLEscape | safeHTML }}}}</content>
</entry>
{{{{ end }}}}</feed>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HugoSite:
    """A site in `folder` that `program` builds, of so many terms."""

    folder: Path
    terms: int
    program: str

    def clean(self) -> Run:
        """Build with nothing there from before."""
        for name in ("public", "resources"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        done = run([self.program, "--quiet", "--noBuildLock"], self.folder)
        feeds = len(list(self.folder.glob("public/**/*.xml")))
        if feeds != 2 * self.terms:
            raise RuntimeError(f"Hugo wrote {feeds} feeds")
        return done


def site(folder: Path, count: int, program: str, *, tags: int = 0) -> HugoSite:
    """Make a site of `count` articles; if they have so many tags, tags and authors have feeds too."""
    terms = corpus.write(folder / "content", count, "hugo", tags=tags)
    (folder / "layouts").mkdir()
    taxonomies = ['category = "categories"', *(['tag = "tags"', 'author = "authors"'] if tags else [])]
    (folder / "hugo.toml").write_text(_SETTINGS.replace("TAXONOMIES", "\n".join(taxonomies)), "utf-8")
    (folder / "layouts" / "term.rss.xml").write_text(_RSS, "utf-8")
    (folder / "layouts" / "term.atom.xml").write_text(_ATOM, "utf-8")
    return HugoSite(folder=folder, terms=terms, program=program)
