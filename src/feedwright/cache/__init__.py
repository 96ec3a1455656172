"""Results of earlier builds; the cache may be deleted at any time and never changes a byte of output.

Imported by `commands` and, for its folder's name, by `settings`. Rule: keys and values only, no article and
no process.
"""
