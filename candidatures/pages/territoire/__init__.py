"""The door of the territories."""
