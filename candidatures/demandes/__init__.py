"""Whoever does not find their intercommunalité asks; a person answers, and what the clock said is kept."""
