"""Decisions, letters, announcement, label."""
