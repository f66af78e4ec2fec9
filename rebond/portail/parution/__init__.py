"""Public pages, made once for everyone each time that what they say changes."""
