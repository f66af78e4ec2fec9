"""Filling in the file without the portal: the form on paper, and its return."""
