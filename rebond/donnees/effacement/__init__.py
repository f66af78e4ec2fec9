"""Erasing a document that holds what it must not: a health record, bank details (RGPD, articles 5 and 17)."""
