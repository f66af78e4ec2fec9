"""The page of one file, on the side of the State."""
