"""Corrections asked of a territory, and given back."""
