"""One module per site generator: its front-matter keys, permalinks, folders, and what it does not show.

Imported by `articles` and `settings`; imports the ground only. Rule: data and small pure functions. A module
with a `GENERATOR` is a site generator. Outside, only the default is named, and the notation of Pelican.
"""
