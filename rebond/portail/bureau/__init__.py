"""What awaits a person, by role: what their dashboard says."""
