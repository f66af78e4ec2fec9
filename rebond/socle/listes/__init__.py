"""Lists and their exports."""
