"""What anyone may open."""
