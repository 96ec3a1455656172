"""Feeds become documents, and documents are judged and read back.

Imported by `commands`, `publication` (to read back) and `settings` (names and files). A format knows the
model, and of others only what it links to: pages list the OPML file, RSS and Atom name the stylesheet. The
judge of pages asks the sanitizing policy of `bodies` which contents a page may hold.

A format is one module here; `table` finds it. It has
- `NAME`, as the setting `formats` lists it; `FILE`, its name in the folder of each feed; `MEDIA_TYPE`;
- `MARK`, bytes that every such document of feedwright's has;
- `ORDER`, its position among the others in the setting, in reports and on pages;
- `render(feed, index)`, which returns the bytes of the document;
- `read(data)`, the only judge: it returns the `PublishedFeed` in a document, or None where the format does
  not hold one, and raises ValueError with a one-line reason for anything else.

Optional are `ONCE = True` for a format that stands in the output folder alone; `COMES_WITH`, the format it
accompanies, for one that the setting does not list; `NEEDS`, modules that workers import beforehand;
`SHOWS_CONTENT = True` for one that needs the content of entries; `PARTS`, where entries stand in a document,
for one that writes an entry the same in all feeds of a language: each is written and judged once then, and
documents are joined. Formats that hold what feed readers show have a `LABEL` for pages, `FIDELITY`: the more
of a feed comes back, the higher, and an `OPML_VERSION` if OPML 2.0 has a name for them. Which formats are
written by default, the setting says.
"""
