"""Forms of files, waves and their instruction."""
