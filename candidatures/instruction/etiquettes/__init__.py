"""Short words that those who instruct put on files, to find them again together."""
