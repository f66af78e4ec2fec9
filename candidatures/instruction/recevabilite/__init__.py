"""Checking the conditions of a file: what the portal knows of each, what is found, who signs an inadmissibility."""
