"""The door of a mission's team and of those who follow it."""
