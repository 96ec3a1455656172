"""The published state and its next version: record, renames, changes, guards, atomic writes, news for a hub.

`git` runs git: `version_control` asks it about renames, `conflicts` about merges. `lost_record` misses a
record that is not where it was.

It may ask `formats` to read documents back, `feeds` for ids, slugs, archives and the site's author, and
`bodies` to clean what is read back. Rule: what subscribers have is believed only after it was checked, and
replaced only as a whole.
"""
