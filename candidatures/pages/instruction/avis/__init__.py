"""Avis: asked on one side, given on the other."""
