"""What is known of a file at a glance: who, how many people, what is threatened, what deserves a second look."""
