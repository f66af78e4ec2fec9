"""Waves and the end of their series."""
