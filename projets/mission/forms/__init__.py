"""What people type of a mission, of its team and of companies."""
