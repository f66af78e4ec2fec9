"""The door of the administrateurs."""
