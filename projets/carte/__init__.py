"""Laureates on the map."""
