"""Attaching, replacing and sending bytes."""
