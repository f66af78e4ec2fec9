"""The journal of acts, which only grows."""
