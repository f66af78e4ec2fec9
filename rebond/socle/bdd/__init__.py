"""What is asked of PostgreSQL beyond Django."""
