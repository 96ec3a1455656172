"""One file per command, and the road they share: the only room that knows all others.

`plan` is the order of a build; `recall` reads heads and makes bodies and documents where the cache has none.
Rule: a command is a function from a site and its options to a result.
"""
