"""What those who instruct a file write to each other, in its margins or in its internal thread, and have read."""
