"""Files become articles: walk, decode, front matter, fields, dates, permalinks, selection.

Imported by `commands`, by `settings` for the names it knows, and by `cli` to quote lines of files. Rule: a
body is kept as it is written; what it means is not known here.
"""
