"""What people type of extensions and incidents."""
