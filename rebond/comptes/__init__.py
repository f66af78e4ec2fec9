"""Accounts, roles and organismes."""
