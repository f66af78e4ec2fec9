"""What time it is, and by whose clock."""
