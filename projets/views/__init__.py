"""Pages of missions, of their reports, and of the press office."""
