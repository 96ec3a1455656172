"""Problems in the forms of other programs, one writer a module: `github`, `gitlab` and `sarif`.

A writer is a pure function from problems to text; imported by `cli` only, and only when it is asked for.
"""
