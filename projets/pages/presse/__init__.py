"""The door of the press office."""
