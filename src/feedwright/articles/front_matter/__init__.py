"""The text of a file becomes fields, each with its place: one reader per notation."""
