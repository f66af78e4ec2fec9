"""Accounts that are closed by their holder, or disabled by an administrateur, and second factors that are lost."""
