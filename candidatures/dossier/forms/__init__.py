"""What people type in a file."""
