"""Who evaluates a file, their notes, how far apart they are."""
