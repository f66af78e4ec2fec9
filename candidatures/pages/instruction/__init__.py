"""The door of those who instruct, advise and decide."""
