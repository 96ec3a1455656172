"""Feeds become documents and back. A format is one module: its name, file, media type, `render` and `read`.

Imported by `commands`, `publication` (to read back) and `settings` (names). Rule: a format knows the model,
never another format's insides.
"""
