"""Articles become feeds: taxonomies, slugs, ids, order, limits.

Imported by `commands`, `publication` (ids) and `settings` (slugs). Rule: no file and no clock.
"""
