"""What the tags of a site's generator mean in one article, and where addresses of the site's own files lead.

`templates` is the entry, `scanner` finds tags, `expansion` replaces them, `references` asks for what lies
outside of the article's file.
"""
