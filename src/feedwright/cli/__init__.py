"""The command line: arguments in, reports and exit codes out; imported by `__main__` only.

`app` has the commands, `options` what they accept, `questions` what a person is asked, `call` how one is
run; `report`, `problem_list`, `table`, `diff_table` the text and JSON that come out, `reports` the forms of
other programs, `manual_text` the manual, `signs` what shows that a command is alive, `output` the streams.
Rule: nothing is decided here; `commands` does the work.
"""
