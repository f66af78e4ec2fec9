"""Attachments of a file, and how their bytes arrive."""
