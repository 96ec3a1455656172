"""What the template tags of each generator mean: a table of rules for each, made of `tag_html`."""
