"""The roadmap of a mission."""
