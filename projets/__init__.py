"""Missions in laureate territories, their figures and what is published of them."""
