"""The projects that a mission gathers."""
