"""What an administrateur types of the specifications, and the field of each type of question."""
