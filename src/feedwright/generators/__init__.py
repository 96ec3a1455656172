"""One module per site generator: its front-matter keys, permalinks, folders, configuration, what it hides.

Imported by `articles` and `settings`; imports the ground only. Rule: data and small pure functions. A module
with a `GENERATOR` is a site generator. Outside, only the default is named, and the notation of Pelican.
"""
