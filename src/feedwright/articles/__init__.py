"""Files become articles: walk, decode, front matter, fields, dates, permalinks, selection.

Imported by `commands` and, for the names it knows, by `settings`. Rule: bodies are not read here.
"""
