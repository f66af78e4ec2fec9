"""Pages of those who write files, and of those who instruct them."""
