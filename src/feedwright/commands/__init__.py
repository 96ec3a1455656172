"""One file per command, and the road they share: the only room that knows all others.

`plan` is the order of a build, `stages` its steps that take time, `inspection` a plan that is only looked at.
Rule: a command is a function from a context and its own arguments to a result.
"""
