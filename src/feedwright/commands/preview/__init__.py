"""A publication that only this machine sees: built in memory, again at every change, and served to browsers.

`build` makes it, through `memory`, and knows its problems and what publishing it would change; `watch` tells
what changes on disk; `addresses` says where documents and pictures are on the server, `files` which of the
site's files it shows; `pages` are those for the author; `server` answers. Imported by the command `serve`
alone. Rule: nothing is written to the output folder or to the record, and nothing in an article is trusted.
"""
