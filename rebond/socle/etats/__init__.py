"""State machines: their tables, and the one door that applies them."""
