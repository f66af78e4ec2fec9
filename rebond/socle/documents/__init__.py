"""Files: received, opened, kept, printed, served."""
