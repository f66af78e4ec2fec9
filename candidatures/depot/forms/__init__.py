"""What people type around a deposit."""
