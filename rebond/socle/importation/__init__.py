"""Files of data brought in by commands."""
