"""The authorities that carry a file together."""
