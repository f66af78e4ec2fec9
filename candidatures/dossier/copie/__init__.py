"""A file begun again in a later wave."""
