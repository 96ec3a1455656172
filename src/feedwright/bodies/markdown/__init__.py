"""Markdown becomes HTML, in the dialect of the site's generator.

`rendering` is the entry; `kramdown` and `python_markdown` are dialects of their own, the other modules rules
that dialects share. `bounds` refuses what would take a parser too long.
"""
