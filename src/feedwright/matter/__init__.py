"""From a file's text to its fields: the dialects of front matter, with the place of every key."""
