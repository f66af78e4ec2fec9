"""Reference data, groupings and the map."""
