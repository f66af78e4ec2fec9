"""What is done in a file: opening, writing, people."""
