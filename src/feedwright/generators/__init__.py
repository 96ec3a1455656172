"""One module per site generator: its front-matter keys, permalinks, folders, configuration, what it hides.

Imported by `articles` and `settings`; imports the ground only. Rule: data and small pure functions. A module
with a `GENERATOR` is a site generator; beside it, in `<name>_tags`, are its template tags, each a function
from what the tag says to what it gives. Outside, only the default is named, and the notation of Pelican.
"""
