"""From the calendar of the waves to the labels: a room for each subject, a door for each audience."""
