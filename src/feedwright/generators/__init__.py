"""One module per site generator: its front-matter keys, permalinks, folders, and what it does not show.

Imported by `articles` and `settings`; imports the ground only. Rule: data and small pure functions. A module
with a `GENERATOR` is a site generator: nothing else names it.
"""
