"""What search finds of the files that agents read: the text of each, kept searchable by Postgres itself."""
