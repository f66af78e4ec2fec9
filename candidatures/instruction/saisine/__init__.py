"""What is asked of an organisme on a file, and what it answered."""
