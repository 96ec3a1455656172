"""Flags, environment, feedwright.toml and the configuration of the site's own generator become a `Site`.

It may ask `articles`, `feeds`, `formats`, `generators` and `cache` for the names they know. Rule: every value
is checked, also one that a stronger one replaces, and every fault is found in one run.
"""
