"""Articles become feeds: taxonomies, slugs, ids, order, limits, archives.

Imported by `commands`, `publication` (ids, slugs, archives, the site's author) and `settings` (slugs). Rule:
no file and no clock.
"""
