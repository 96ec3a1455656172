"""Articles become feeds: taxonomies, slugs, ids, order, limits.

Imported by `commands`, `publication` (ids, slugs, the site's author) and `settings` (slugs). Rule: no file
and no clock.
"""
