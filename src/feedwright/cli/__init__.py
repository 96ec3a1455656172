"""The command line: arguments in, reports and exit codes out; imported by `__main__` only.

Rule: nothing is decided here. What a command does is in `commands`; here is how people and programs are told.
"""
