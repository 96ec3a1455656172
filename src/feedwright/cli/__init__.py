"""The command line: arguments in, reports and exit codes out; imported by `__main__` only.

`app` has the commands, `options` what they accept, `report` and `diff_table` the text and JSON that come out,
`output` the streams. Rule: nothing is decided here; `commands` does the work.
"""
