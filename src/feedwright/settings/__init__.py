"""Flags, environment and feedwright.toml become a `Site`.

It may ask `articles`, `feeds`, `formats`, `generators` and `cache` for the names they know. Rule: every value
is checked, also one that a stronger one replaces, and every fault is found in one run.
"""
