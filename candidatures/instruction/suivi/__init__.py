"""What lists of agents are filtered and sorted by: one narrow row a file in instruction, kept by Postgres itself."""
