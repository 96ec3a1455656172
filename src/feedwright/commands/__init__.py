"""One file per command, and the road they share: the only room that knows all others.

`build_order` is the order of a build, which makes a plan; `assembly` is its second half, from the articles to
the documents; `stages` are the steps that take time; `inspection` is a plan that is only looked at; `topics`
holds the texts of the manual, the table of all problems, and the recipes for CI. Rule: a command is a
function from a context and its own arguments to a result.
"""
