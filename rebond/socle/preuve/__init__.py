"""What proves that something was there, and has not changed."""
