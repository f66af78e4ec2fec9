"""For which authorities one works, and which files speak in their names."""
