"""What was published, once and for all."""
