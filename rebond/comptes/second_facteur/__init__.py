"""The second factor: an application that makes codes, a passkey, and codes kept for the day when both are lost."""
