"""What vintages of the reference say of those that are gone: what became of them, in words and in keys."""
