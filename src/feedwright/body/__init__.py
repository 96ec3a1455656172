"""From an article's body to safe HTML: repaired in one tree, cleaned between two walls, read for its text."""
