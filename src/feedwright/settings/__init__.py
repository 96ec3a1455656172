"""Flags, environment and feedwright.toml become a `Site`.

It may ask `articles`, `feeds`, `formats` and `generators` for the names they know. Rule: every value given is
checked, and every fault is found in one run.
"""
