"""Who works for which local authority, and how it is known."""
