"""Depositing, at once or at the deadline; receipts, reminders, withdrawal."""
