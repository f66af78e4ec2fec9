"""A mission: its team, its phases, the companies that it meets."""
