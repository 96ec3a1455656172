"""An article's body becomes safe HTML, plain text, a summary and a thumbnail.

Imported by `commands` and, to clean what is read back, by `publication`. Rule: whatever is published passed
`sanitize`; only that module may make `SafeHtml`.
"""
