"""An article's body becomes safe HTML, plain text, a summary and a thumbnail.

`sanitize` is the order: the steps on the parsed tree (`html_tree`; each is a function in a module of its own,
and a line in `sanitize.STEPS`), two passes, a look. `policy` says what may be published, `limits` what is too
much to be read at all.

Before that, `templates` gives what the tags of the site's generator mean and where addresses of the site's
own files lead, and `markdown` makes HTML; or `built_page` finds the article in a page of the site.

Imported by `commands`, by `publication` to clean what is read back and to read a page, and by `formats`,
whose judge of pages asks the policy. Rule: whatever is published passed `sanitize`; only that module may make
`SafeHtml`.
"""
