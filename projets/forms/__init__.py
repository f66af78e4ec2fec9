"""Forms of missions, of their reports and of press releases."""
