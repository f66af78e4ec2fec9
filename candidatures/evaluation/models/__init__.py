"""Who evaluates a file, what they say of it, and from when the others read it."""
