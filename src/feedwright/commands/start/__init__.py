"""What `init` and `new` find out about a folder, and what they write into it."""
